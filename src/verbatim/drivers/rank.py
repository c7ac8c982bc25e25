"""Rank themes by their effect on NPS: plain tables in, `Drivers` out."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from verbatim.drivers.bridges import no_bridges
from verbatim.drivers.commenters import Commenters, weigh_commenters
from verbatim.drivers.level import Level, rank_level, typed
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.segments import SegmentDrivers, rank_segments
from verbatim.drivers.tables import COINS, Coded, read_tables
from verbatim.nps import Nps, net_promoter_score
from verbatim.records import Drivers

__all__ = ["DriverOptions", "rank_drivers"]


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
    leaves_first = sorted(levels, key=lambda level: (level != leaves, level))
    notes = [*coded.notes, *people.notes, *(note for level in ranked.values() for note in level.notes)]
    return Drivers(
        nps=nps,
        table=_stacked([ranked[level].table for level in leaves_first], typed({})),
        segments=by_segment.table,
        segment_nps=by_segment.nps,
        coin_toss=_toss_coins(people, leaves, ranked[leaves].table, options) if levels else typed({}),
        bridges=_stacked([ranked[level].bridges for level in leaves_first], no_bridges()),
        covariance=_covariance([ranked[level] for level in leaves_first]),
        leaf_level=leaves,
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
        bridges=no_bridges(),
        covariance=_covariance([]),
        leaf_level=_leaf_level(coded),
        base=nps.score,
        nps_commenters=nps.score,
        n_scored=nps.n,
        n_commenters=0,
        kish_n=0.0,
        notes=(*coded.notes, "No scored response has a comment, so no theme has an effect."),
    )


def _covariance(levels: list[Level]) -> pd.DataFrame:
    """Covariances of all levels in one table, null between levels."""
    blocks = [level.table["theme_id"].iloc[: len(level.cov)].to_numpy(dtype=object) for level in levels]
    ids = np.concatenate([*blocks, np.array([], dtype=object)])
    values = np.full((len(ids), len(ids)), np.nan)
    place = 0
    for level in levels:
        inside = slice(place, place + len(level.cov))
        values[inside, inside] = level.cov
        place += len(level.cov)
    return pd.DataFrame(values, index=pd.Index(ids, dtype="str", name="theme_id"), columns=pd.Index(ids, dtype="str"))


def _stacked(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else empty


def _leaf_level(coded: Coded) -> int:
    """Return the level with the most themes that are nobody's parent; its effects and `Drivers.base` make the NPS."""
    leaves = coded.themes[~coded.themes.index.isin(coded.themes["parent_id"].dropna())]
    counts = leaves["level"].value_counts().sort_index()
    return int(counts.index.to_numpy()[counts.to_numpy().argmax()]) if len(counts) else 0


def _toss_coins(people: Commenters, level: int, table: pd.DataFrame, options: DriverOptions) -> pd.DataFrame:
    """Rank two themes that cannot matter among the others: as common as the median theme, mentioned at random."""
    ranked = table[table["rank"].notna()]
    if ranked.empty:
        return typed({})
    chance = float(ranked["n_responses"].median()) / len(people.points)
    rng = np.random.default_rng(options.seed)
    rows = rank_level(people, level, options, rng.random((len(people.points), len(COINS))) < chance).table
    rows = rows[rows["theme_id"].isin(COINS)].sort_values("theme_id")
    toned = ("n_negative", "n_positive", "effect_negative", "effect_positive")
    return typed({str(name): rows[name].to_numpy() for name in rows if name not in toned})
