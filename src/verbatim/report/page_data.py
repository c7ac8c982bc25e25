"""What the page's script computes with: counts of responses alike, more quotes, rankings, the what-if model.

Responses are added up into cells of score category x segments x period, so that a page of a million responses stays
small and holds no single person's row; sums of weights and of their squares make the NPS of any choice of cells exact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.nps import CATEGORIES, Z95
from verbatim.records import Analysis, Drivers
from verbatim.report.contents import Contents, SegmentView, every_period, to_periods
from verbatim.report.formats import label, number_marks
from verbatim.report.quotes import SEGMENTS_SHOWN, Quote, choose_quotes
from verbatim.report.theme_words import noise_mark

# Beyond these the last segment is left out of the filter, or fewer quotes of each theme are kept: the page must stay
# under 4 MB, whatever the survey.
MOST_CELLS, MOST_COUNTS, MOST_LETTERS = 30_000, 120_000, 1_200_000
RANKED_SHOWN = 10  # themes told of one group
UNSCORED = len(CATEGORIES)


def page_data(contents: Contents, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the data of the page's script, ready for `inert_json`.

    Parameters
    ----------
    contents : Contents
        What the reports show.
    texts : mapping of str to str
        The catalogue's texts, by key.
    """
    return {
        "texts": {key: text for key, text in texts.items() if key.startswith("script.")},
        "marks": number_marks()._asdict(),
        "minimum": contents.options.minimum_group,
        "whatIf": what_if_model(contents.analysis.drivers),
        "themes": _themes(contents),
        **(_filters(contents) if contents.options.filters else {"segments": [], "periods": [], "cells": None}),
        "quotes": _quotes(contents),
    }


def inert_json(data: object) -> str:
    r"""Write JSON that cannot end the element it stands in.

    Examples
    --------
    >>> inert_json(["</script>", "a & b"])
    '["\\u003c/script\\u003e","a \\u0026 b"]'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def what_if_model(drivers: Drivers, level: int | None = None) -> dict[str, Any]:
    """Return what a page needs for the arithmetic of `verbatim.drivers.planning.what_if`: numbers, nothing rounded.

    points = sum of change x effect; low, high = points -+ z x sqrt(change' covariance change); the NPS reads
    ``nps`` + points.

    Parameters
    ----------
    drivers : Drivers
    level : int, optional
        Themes of one level; by default `Drivers.leaf_level`.

    Returns
    -------
    dict
        ``nps``, ``z``, ``themes`` (a list of ``theme_id, name, effect, share, above_noise, holds_zero`` in rank order)
        and ``covariance`` (a list of rows, in the order of ``themes``).
    """
    table = drivers.table
    rows = table[(table["level"] == (drivers.leaf_level if level is None else level)) & table["rank"].notna()]
    ids = rows["theme_id"].tolist()
    zero = rows["effect_low"].le(0) & rows["effect_high"].ge(0)
    told = rows.assign(holds_zero=zero.astype(bool), above_noise=rows["above_noise"].astype(bool))
    columns = ["theme_id", "name", "effect", "share", "above_noise", "holds_zero"]
    return {
        "nps": drivers.nps.score,
        "z": Z95,
        "themes": told[columns].to_dict("records"),
        "covariance": drivers.covariance.loc[ids, ids].to_numpy(dtype=float).tolist() if ids else [],
    }


def _themes(contents: Contents) -> list[dict[str, Any]]:
    """Themes that can be looked for: those that spans carry, in the order of the ranking."""
    order = [d.theme_id for d in (*contents.pains, *contents.unranked, *reversed(contents.gains))]
    place = {theme_id: i for i, theme_id in enumerate(order)}
    broader = {parent.theme_id for parent in contents.parent_of.values()}
    known = [theme for theme in contents.analysis.themes.themes if theme.theme_id not in broader]
    known.sort(key=lambda theme: (place.get(theme.theme_id, len(place)), theme.theme_id))
    return [{"id": theme.theme_id, "name": label(theme.name)} for theme in known]


def _filters(contents: Contents) -> dict[str, Any]:
    views = {view.name: view for view in contents.segments}
    names = [name for name in contents.analysis.survey.segments[:SEGMENTS_SHOWN] if views[name].groups]
    periods = every_period(contents.analysis.survey)
    while True:
        keys = _keys(contents.analysis, [views[name] for name in names], periods)
        cells = _cells(contents, keys)
        if not names or (len(cells["n"]) <= MOST_CELLS and sum(map(len, cells["mentions"])) <= 2 * MOST_COUNTS):
            break
        names = names[:-1]
    return {
        "segments": [_segment(views[name]) for name in names],
        "periods": [period.label for period in contents.periods],
        "cells": cells,
    }


def _keys(analysis: Analysis, views: Sequence[SegmentView], periods: pd.PeriodIndex) -> pd.DataFrame:
    """Cell of every response: category, whether it commented, period (-1: none) and segment values (-1: not shown)."""
    responses = analysis.survey.responses
    category = pd.Index(CATEGORIES, dtype="str").get_indexer(pd.Index(responses["category"]))
    keys = {
        "category": np.where(category < 0, UNSCORED, category),
        "commented": responses["comment"].notna().astype(int).to_numpy(),
        "period": periods.get_indexer(to_periods(responses["date"], periods)) if len(periods) else -1,
    }
    for i, view in enumerate(views):
        values = [group.value for group in view.groups]
        keys[f"segment{i}"] = pd.Index(values, dtype="str").get_indexer(pd.Index(responses[view.name]))
    return pd.DataFrame(keys, index=responses["response_id"]).astype("int64")


def _cells(contents: Contents, keys: pd.DataFrame) -> dict[str, Any]:
    columns = [str(name) for name in keys.columns]
    groups = keys.groupby(columns, sort=True)
    cell = pd.Series(groups.ngroup().to_numpy(), index=keys.index)
    weight = contents.analysis.survey.responses["weight"].to_numpy(dtype=float)
    n = len(cell.unique())
    found = {name: groups[name].first().tolist() if n else [] for name in columns}
    segments = [found.pop(name) for name in columns if name.startswith("segment")]
    sums = {"n": np.bincount(cell, minlength=n).tolist()}
    if (weight != 1.0).any():
        sums |= {"w": np.bincount(cell, weight, n).tolist(), "w2": np.bincount(cell, weight**2, n).tolist()}
    return {**found, **sums, "segments": segments, "mentions": _mentions(contents, cell)}


def _mentions(contents: Contents, cell: pd.Series) -> list[list[int]]:
    """For every theme its cells and the responses in them that speak of it: cell, n, cell, n, ..."""
    table = contents.analysis.mentions.table
    where = table.assign(cell=table["response_id"].map(cell)).dropna(subset="cell")
    counted = where.groupby(["theme_id", "cell"]).size().reset_index(name="n")
    pairs = {
        str(theme_id): rows[["cell", "n"]].to_numpy(dtype=int).ravel().tolist()
        for theme_id, rows in counted.groupby("theme_id")
    }
    return [pairs.get(theme["id"], []) for theme in _themes(contents)]


def _segment(view: SegmentView) -> dict[str, Any]:
    """Values of a segment to choose from, each with its own ranking, the most harmful first."""
    rankings = []
    for group in view.groups:
        ranked = sorted((d for d in group.effects.values() if d.rank is not None), key=lambda d: d.rank or 0)
        told = [d for d in ranked if d.effect < 0][:RANKED_SHOWN]
        rankings.append([[label(d.name), d.effect, d.low, d.high, d.n, noise_mark(d)] for d in told if d.low == d.low])
    return {"name": label(view.name), "values": [label(group.value) for group in view.groups], "rankings": rankings}


def _quotes(contents: Contents) -> list[list[Any]]:
    """Quotes to search: theme, text before, the span, text after, cut before and after, score, period, segment values.

    A quote carries a segment value or period only where enough responses share it, so that filtering singles no one
    out.
    """
    chosen = _chosen(contents)
    period, views = _quoted_periods(contents), {view.name: view for view in contents.segments}
    names = contents.analysis.survey.segments[:SEGMENTS_SHOWN]
    places = [{group.value: i for i, group in enumerate(views[name].groups)} for name in names]
    themes = _themes(contents)
    return [
        [at, *_parts(quote), int(quote.cut_before), int(quote.cut_after), quote.score,
         int(period.get(quote.response_id, -1)), _values(quote, names, places)]
        for at, theme in enumerate(themes)
        for quote in chosen.get(theme["id"], ())
    ]  # fmt: skip


def _chosen(contents: Contents) -> dict[str, tuple[Quote, ...]]:
    """Quotes of each theme, as many as asked for or as there is room for."""
    wanted, options = contents.options.quotes_searchable, contents.options
    if not wanted or not options.quotes_per_theme:
        return {}
    chosen = choose_quotes(contents.analysis, options.model_copy(update={"quotes_per_theme": wanted}))
    while wanted > 1 and sum(len(quote.text) for quotes in chosen.values() for quote in quotes) > MOST_LETTERS:
        wanted //= 2
        chosen = {theme_id: quotes[:wanted] for theme_id, quotes in chosen.items()}
    return chosen


def _parts(quote: Quote) -> tuple[str, str, str]:
    text, start, end = quote.text, quote.mark_start, quote.mark_end
    return text[:start], text[start:end], text[end:]


def _values(quote: Quote, names: Sequence[str], places: Sequence[Mapping[str, int]]) -> list[int]:
    own = dict(quote.segments)
    return [place.get(own[name], -1) if name in own else -1 for name, place in zip(names, places, strict=True)]


def _quoted_periods(contents: Contents) -> dict[str, int]:
    """Period of every response that enough others with its segment values share."""
    survey, periods = contents.analysis.survey, every_period(contents.analysis.survey)
    if not len(periods):
        return {}
    responses = survey.responses
    place: NDArray[np.intp] = periods.get_indexer(to_periods(responses["date"], periods))
    keys = [responses[name].fillna("").to_numpy() for name in survey.segments[:SEGMENTS_SHOWN]]
    size = responses.groupby([place, *keys])["response_id"].transform("size").to_numpy()
    enough = (size >= contents.options.minimum_group) & (place >= 0)
    return dict(zip(responses["response_id"][enough], place[enough].tolist(), strict=True))
