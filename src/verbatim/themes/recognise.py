"""Which theme each unit speaks of, and the table of spans that follows: a span that speaks of two is there twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from verbatim.answers import span_ids
from verbatim.records import Spans, Theme
from verbatim.text.tone import COMPLAINT, PRAISE, SUBJECT
from verbatim.themes.recogniser import Recogniser
from verbatim.themes.units import Units

if TYPE_CHECKING:
    import pandas as pd

GENERAL_NAMES = {PRAISE: "General praise", COMPLAINT: "General dissatisfaction"}
TONES: dict[str, Literal["praise", "complaint"]] = {PRAISE: "praise", COMPLAINT: "complaint"}
_EXEMPLARS = 8


def assign(model: Recogniser, units: Units) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Row of each unit's theme in the model (-1: none) and its similarity to that theme.

    A unit that is not clearly of its theme counts only where nothing in its comment is clearer. The two general themes
    lie close to each other: what is near either goes to the one of its own tone.
    """
    rows, similarity = model.nearest(units.vectors)
    best = np.full(int(units.comment.max(initial=-1)) + 1, -1.0)
    np.maximum.at(best, units.comment, similarity)
    unclear = (similarity < model.clear_similarity) & (similarity < best[units.comment])
    rows[unclear & (units.kinds == SUBJECT)] = -1
    place = {theme.tone: row for row, theme in enumerate(model.themes) if theme.kind == "general"}
    general = np.isin(rows, list(place.values()))
    kinds = np.where(general & (units.kinds == SUBJECT), np.where(units.praises, PRAISE, COMPLAINT), units.kinds)
    for kind, tone in TONES.items():
        here = kinds == kind
        if tone in place or not model.guided:  # a codebook may have taken in what has no subject
            rows[here] = place.get(tone, -1)
        if tone in place:
            similarity[here] = model.similarity(units.vectors[here], rows[here])
            rows[here & (similarity < model.min_similarity)] = -1
    return rows, similarity


def spans_with_themes(
    spans: Spans, units: Units, rows: NDArray[np.intp], similarity: NDArray[np.float64], themes: Sequence[Theme]
) -> Spans:
    """Fill in themes and similarities; a span is repeated for each further theme it speaks of, the likest first.

    A span with a subject has no general theme beside it.
    """
    import pandas as pd

    span, row, near = themes_of_spans(len(spans.table), units, rows, similarity, themes)
    ids = np.array([*(theme.theme_id for theme in themes), None], dtype=object)
    table = spans.table.iloc[span].reset_index(drop=True)
    return Spans(
        table.assign(
            span_id=span_ids(table["response_id"]),
            theme_id=pd.Series(ids[row], dtype="str"),
            similarity=near,
        )
    )


def themes_of_spans(
    n_spans: int, units: Units, rows: NDArray[np.intp], similarity: NDArray[np.float64], themes: Sequence[Theme]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Pairs of a span and a theme's row (-1: none) with their similarity, by span, the likest first.

    Every span has a pair. A span with a subject has no general theme beside it.
    """
    span, row, near = units.span, rows[units.unit], similarity[units.unit]
    held = np.flatnonzero(row >= 0)
    general = np.array([theme.kind == "general" for theme in themes], dtype=bool)[row[held]]
    order = np.lexsort((row[held], -near[held], general, span[held]))
    span, row, near, general = span[held][order], row[held][order], near[held][order], general[order]
    _, first = np.unique(np.column_stack([span, row]), axis=0, return_index=True)
    first.sort()
    span, row, near, general = span[first], row[first], near[first], general[first]
    has_subject = np.zeros(n_spans, dtype=bool)
    has_subject[span[~general]] = True
    kept = np.flatnonzero(~(general & has_subject[span]))
    left = np.setdiff1d(np.arange(n_spans), span[kept])
    span = np.concatenate([span[kept], left])
    order = np.argsort(span, kind="stable")
    row, near = np.concatenate([row[kept], np.full(len(left), -1)]), np.append(near[kept], np.full(len(left), np.nan))
    return span[order], row[order], near[order]


def with_exemplars(themes: Sequence[Theme], table: pd.DataFrame) -> tuple[Theme, ...]:
    """Themes with their size and exemplars: the most similar spans, each text once, readable ones first.

    A broader theme has the spans of its parts and the first exemplars of each.
    """
    found = table.loc[table["theme_id"].notna()]
    places = zip(found["response_id"], found["start"], found["end"], strict=True)
    clause = dict(zip(found["span_id"], places, strict=True))
    readable = found["text"].str.len().between(12, 200)
    best = (
        found.assign(readable=readable)
        .sort_values(["readable", "similarity", "text", "span_id"], ascending=[False, False, True, True])
        .drop_duplicates(["theme_id", "text"])
        .groupby("theme_id")
        .head(_EXEMPLARS)
    )
    exemplars = best.groupby("theme_id")["span_id"].agg(tuple).to_dict()
    filled = []
    for theme in themes:
        parts = [part.theme_id for part in themes if part.parent_id == theme.theme_id]
        names = parts or [theme.theme_id]
        own = found.loc[found["theme_id"].isin(names), "span_id"]
        shown = [exemplars.get(name, ()) for name in names]
        in_turn = [span for rank in range(_EXEMPLARS) for spans in shown for span in spans[rank : rank + 1]]
        once = {clause[span]: span for span in reversed(in_turn)}  # a clause that speaks of two parts is shown once
        kept = [span for span in in_turn if once[clause[span]] == span][:_EXEMPLARS]
        filled.append(replace(theme, n_spans=len({clause[span] for span in own}), exemplars=tuple(kept)))
    return tuple(filled)
