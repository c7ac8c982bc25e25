"""Rank themes by their effect on NPS: plain tables in, `Drivers` out."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from verbatim.drivers import effects
from verbatim.drivers.commenters import Commenters, weigh_commenters
from verbatim.drivers.level import rank_level, typed
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.regressors import gather
from verbatim.drivers.segments import SegmentDrivers, rank_segments
from verbatim.drivers.tables import COIN, Coded, read_tables
from verbatim.errors import SurveyError
from verbatim.nps import Nps, net_promoter_score
from verbatim.records import Drivers

__all__ = ["DriverOptions", "explain_leave_out", "rank_drivers"]

COIN_TOSSES = 2


def rank_drivers(
    mentions: pd.DataFrame,
    score: ArrayLike | pd.Series,
    segments: pd.DataFrame | None = None,
    *,
    weight: ArrayLike | pd.Series | None = None,
    commented: ArrayLike | pd.Series | None = None,
    respondent: ArrayLike | pd.Series | None = None,
    themes: pd.DataFrame | None = None,
    sentiment: pd.DataFrame | None = None,
    options: DriverOptions | None = None,
) -> Drivers:
    """Rank themes by the NPS points they add or cost, adjusted for each other and for the segments.

    Row order and index labels do not matter; Series and DataFrames must share one index.

    Parameters
    ----------
    mentions : DataFrame of 0 and 1, shape (n_responses, n_themes)
        One row a response, one column a theme: whether the response speaks of it.
    score : array-like, shape (n_responses,)
        0-10; responses with a null score are left out.
    segments : DataFrame, n_responses rows, optional
        Groups of customers known before the survey; they are adjusted for, and ranked within.
    weight : array-like, shape (n_responses,), optional
        Survey weights, not negative; 0 leaves a response out.
    commented : array-like of bool, shape (n_responses,), optional
        Whether the response left a comment; by default all did. The silent count in the NPS, and commenters are
        weighted to stand for them.
    respondent : array-like, shape (n_responses,), optional
        Who answered, for people who answered more than once; nulls are people of their own.
    themes : DataFrame, optional
        Index ``theme_id`` (the columns of ``mentions``); columns ``name``, ``level``, ``parent_id``, ``kind``, each
        optional. Themes of kind "general" are never drivers. Every level is a regression of its own; a parent without
        a column in ``mentions`` is mentioned where a child is.
    sentiment : DataFrame, shape of ``mentions``, optional
        -1..1 where the theme is mentioned, NaN elsewhere; without it the four columns by tone are null.
    options : DriverOptions, optional

    Returns
    -------
    Drivers
        ``table`` is ranked within each level, most harmful first, found themes before the broader ones. After the
        ranked themes of a level come, with a null rank, "Other themes" (``theme_id`` "other": themes under
        ``min_mentions`` commenters, pooled) and themes without an
        estimable effect. Beyond those, nulls stand only for the NPS of nobody: ``leave_out`` of a theme that
        everybody mentions.

    Raises
    ------
    SurveyError
        The tables do not fit each other or hold values that cannot be.
    TooFewResponses
        No response has both a score and a positive weight.

    Source
    ------
    docs/methods; each function under `verbatim.drivers` cites its own.

    Examples
    --------
    Forty customers; half of them waited, and scored 0 where the others scored 10 (one in ten the other way round):

    >>> waited = [1] * 20 + [0] * 20
    >>> scores = [0] * 18 + [10] * 2 + [10] * 18 + [0] * 2
    >>> drivers = rank_drivers(pd.DataFrame({"waiting": waited}), scores)
    >>> print(drivers.table[["rank", "name", "effect", "effect_per_mention"]].to_string(index=False))
     rank    name  effect  effect_per_mention
        1 waiting   -80.0              -160.0
    """
    options = options or DriverOptions()
    coded = read_tables(mentions, score, segments, weight, commented, respondent, themes, sentiment)
    nps = net_promoter_score(coded.score, coded.weight)
    levels = tuple(sorted({int(level) for level in coded.themes["level"]}))
    by_segment = rank_segments(coded, levels, options)
    if not coded.commented.any():
        return _unspoken(coded, nps, by_segment)
    people = weigh_commenters(coded, options)
    ranked = {level: rank_level(people, level, options) for level in levels}
    leaves = _leaf_level(coded)
    notes = [*coded.notes, *people.notes, *(note for level in ranked.values() for note in level.notes)]
    return Drivers(
        nps=nps,
        table=_stacked([ranked[level].table for level in sorted(levels, key=lambda level: (level != leaves, level))]),
        segments=by_segment.table,
        segment_nps=by_segment.nps,
        coin_toss=_toss_coins(people, leaves, ranked[leaves].table, options) if levels else typed({}),
        base=ranked[leaves].base if levels else people.nps,
        nps_commenters=people.nps,
        n_scored=nps.n,
        n_commenters=len(people.points),
        kish_n=people.silence.kish_n,
        notes=tuple(dict.fromkeys([*notes, *by_segment.notes])),
    )


def _unspoken(coded: Coded, nps: Nps, by_segment: SegmentDrivers) -> Drivers:
    """Drivers of a survey without comments: the NPS alone."""
    return Drivers(
        nps=nps,
        table=typed({}),
        segments=by_segment.table,
        segment_nps=by_segment.nps,
        coin_toss=typed({}),
        base=nps.score,
        nps_commenters=nps.score,
        n_scored=nps.n,
        n_commenters=0,
        kish_n=0.0,
        notes=(*coded.notes, "No scored response has a comment, so no theme has an effect."),
    )


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else typed({})


def _leaf_level(coded: Coded) -> int:
    """Return the level with the most themes that are nobody's parent; its effects and `Drivers.base` make the NPS."""
    leaves = coded.themes[~coded.themes.index.isin(coded.themes["parent_id"].dropna())]
    counts = leaves["level"].value_counts().sort_index()
    return int(counts.index.to_numpy()[counts.to_numpy().argmax()]) if len(counts) else 0


def _toss_coins(people: Commenters, level: int, table: pd.DataFrame, options: DriverOptions) -> pd.DataFrame:
    """Rank two themes that cannot matter, one at a time: as common as the median theme, mentioned at random."""
    ranked = table[table["rank"].notna()]
    if ranked.empty:
        return typed({})
    chance = float(ranked["n_responses"].median()) / len(people.points)
    tosses = []
    for coin in range(COIN_TOSSES):
        toss = np.random.default_rng([options.seed, coin]).random(len(people.points)) < chance
        tossed = rank_level(people, level, options, toss).table
        tosses.append(
            tossed[tossed["theme_id"] == COIN].assign(theme_id=f"coin_{coin + 1}", name=f"Coin toss {coin + 1}")
        )
    rows = pd.concat(tosses, ignore_index=True)
    toned = ("n_negative", "n_positive", "effect_negative", "effect_positive")
    return typed({str(name): rows[name].to_numpy() for name in rows if name not in toned})


def explain_leave_out(
    theme: str,
    mentions: pd.DataFrame,
    score: ArrayLike | pd.Series,
    segments: pd.DataFrame | None = None,
    *,
    weight: ArrayLike | pd.Series | None = None,
    commented: ArrayLike | pd.Series | None = None,
    themes: pd.DataFrame | None = None,
    options: DriverOptions | None = None,
) -> pd.DataFrame:
    """Say what of a theme's leave-out impact is its own effect and what belongs to other themes and to segments.

    Parameters
    ----------
    theme : str
        ``theme_id`` of a ranked theme.
    mentions, score, segments, weight, commented, themes, options
        As for `rank_drivers`.

    Returns
    -------
    DataFrame
        ``source`` (theme id or segment name), ``kind`` ("own", "theme", "segment"), ``points``: the theme's own effect
        first, then the largest lines. The points sum to ``leave_out``.

    Raises
    ------
    SurveyError
        The theme has no effect in these tables, or the tables are wrong.

    Examples
    --------
    B is harmless but comes up where A does, so leave-out blames it for A:

    >>> frame = pd.DataFrame({"A": [1] * 30 + [0] * 30, "B": [1] * 20 + [0] * 30 + [1] * 10})
    >>> scores = [0] * 30 + [10] * 30
    >>> explain_leave_out("B", frame, scores)["points"].round(6).tolist()
    [-0.0, -33.333333]
    """
    options = options or DriverOptions()
    coded = read_tables(mentions, score, segments, weight, commented, None, themes, None)
    if theme not in coded.themes.index:
        raise SurveyError(f"There is no theme {theme!r} to explain; the themes are {', '.join(coded.themes.index)}.")
    level = int(coded.themes["level"].to_dict()[theme])
    people = weigh_commenters(coded, options)
    entered = gather(people, level, options, None)
    fit = effects.fit_effects(people.points, entered.mentions[:, entered.enters], people.covariates, people.weight)
    ids = [name for name, enters in zip(entered.ids, entered.enters, strict=True) if enters]
    if theme not in ids or not fit.estimable[ids.index(theme)]:
        raise SurveyError(f"Theme {theme!r} has no effect of its own here: it is too rare, or everybody mentions it.")
    own = ids.index(theme)
    to_themes, to_covariates = effects.bridge(fit, own)
    lines = [(other, "theme", points) for other, points in zip(ids, to_themes, strict=True) if other != theme]
    for name in dict.fromkeys(people.owner):
        lines.append((name, "segment", to_covariates[np.array(people.owner) == name].sum()))
    lines.sort(key=lambda line: (-abs(line[2]), line[0]))
    return pd.DataFrame([(theme, "own", fit.effect[own]), *lines], columns=["source", "kind", "points"])
