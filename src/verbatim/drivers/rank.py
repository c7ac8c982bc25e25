"""Rank themes by their effect on NPS: plain tables in, `Drivers` out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from verbatim.drivers.bridges import no_bridges
from verbatim.drivers.category_shares import shares_within_category
from verbatim.drivers.checks.columns import check_level, no_checks
from verbatim.drivers.checks.halo import halo_index
from verbatim.drivers.commenters import Commenters, weigh_commenters
from verbatim.drivers.level import Level, describe_level, rank_level, typed
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.refusals import tied_for_first, too_few
from verbatim.drivers.segments.by_value import rank_segments
from verbatim.drivers.tables import COINS, Coded, read_tables
from verbatim.drivers.tones import Tones
from verbatim.nps import net_promoter_score
from verbatim.records import Drivers, Halo

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
    refusals: Sequence[str] = (),
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
    refusals : sequence of str
        Reasons known beforehand why no effects may be given, such as
        `verbatim.drivers.refusals.routed_questions` finds. Under 60 commenters there is one more. With any, themes are
        counted, and only shares within score categories are given.
    options : DriverOptions, optional

    Returns
    -------
    Drivers
        ``table`` is ranked within each level, most harmful first, found themes before the broader ones. After the
        ranked themes of a level come, with a null rank, "Other themes" (``theme_id`` "other": themes under
        ``min_mentions`` commenters, pooled) and themes without an estimable effect. Beyond those, nulls of
        `RANKING_COLUMNS` stand only for the NPS of nobody: ``leave_out`` of a theme that everybody mentions.
        Under refusals every figure but counts and shares is null.

    Raises
    ------
    SurveyError
        The tables do not fit each other or hold values that cannot be.
    TooFewResponses
        No response has both a score and a positive weight.

    Source
    ------
    docs/drivers.md; each function under `verbatim.drivers` cites its own.

    Examples
    --------
    Eighty customers; half of them waited, and scored 0 where the others scored 10 (one in ten the other way round):

    >>> waited = [1] * 40 + [0] * 40
    >>> scores = [0] * 36 + [10] * 4 + [10] * 36 + [0] * 4
    >>> drivers = rank_drivers(pd.DataFrame({"waiting": waited}), scores)
    >>> print(drivers.table[["rank", "name", "effect", "effect_per_mention"]].to_string(index=False))
     rank    name  effect  effect_per_mention
        1 waiting   -80.0              -160.0
    """
    options = options or DriverOptions()
    coded = read_tables(mentions, score, segments, weight, commented, respondent, themes, sentiment)
    nps, leaves = net_promoter_score(coded.score, coded.weight), _leaf_level(coded)
    levels = sorted({int(level) for level in coded.themes["level"]}, key=lambda level: (level != leaves, level))
    people = weigh_commenters(coded, options)
    scarce = too_few(len(people.points))
    refused = (*refusals, *((scarce,) if scarce else ()))
    ranked = _unranked(people, levels) if refused else _ranked(people, levels, options)
    by_segment = rank_segments(coded, () if refused else tuple(levels), options)
    notes = [*coded.notes, *people.notes, *ranked.notes, *by_segment.notes]
    return Drivers(
        nps=nps,
        table=ranked.table,
        segments=by_segment.table,
        contrasts=by_segment.contrasts,
        category_shares=_shares(people),
        segment_nps=by_segment.nps,
        coin_toss=ranked.coin_toss,
        bridges=ranked.bridges,
        covariance=ranked.covariance,
        leaf_level=leaves,
        base=ranked.base,
        nps_commenters=people.nps,
        n_scored=nps.n,
        n_commenters=len(people.points),
        kish_n=people.silence.kish_n,
        halo=_halo(people, leaves),
        r_squared=ranked.r_squared,
        refusals=refused,
        notes=tuple(dict.fromkeys(notes)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rankings:
    """The rankings of all levels; ``base`` and ``r_squared`` belong to the first of them."""

    table: pd.DataFrame
    coin_toss: pd.DataFrame
    bridges: pd.DataFrame
    covariance: pd.DataFrame
    base: float
    r_squared: float
    notes: tuple[str, ...]


def _ranked(people: Commenters, levels: list[int], options: DriverOptions) -> _Rankings:
    """Rank the themes of every level, the leaves first."""
    ranked = [rank_level(people, level, options) for level in levels]
    checked = [check_level(people, level.regressors) if options.checks else no_checks() for level in ranked]
    tables = [level.table.join(check.table, on="theme_id") for level, check in zip(ranked, checked, strict=True)]
    open_first = tied_for_first(tables[0]).sentence if tables else None
    return _Rankings(
        table=_stacked(tables, _no_drivers()),
        coin_toss=_toss_coins(people, levels[0], tables[0], options) if levels else typed({}),
        bridges=_stacked([level.bridges for level in ranked], no_bridges()),
        covariance=_covariance(ranked),
        base=ranked[0].base if ranked else people.nps,
        r_squared=checked[0].r_squared if checked else float("nan"),
        notes=(
            *(note for level in ranked for note in level.notes),
            *(note for check in checked for note in check.notes),
            *([open_first] if open_first else []),
        ),
    )


def _unranked(people: Commenters, levels: list[int]) -> _Rankings:
    """Count the themes where no effects can be given."""
    tables = [describe_level(people, level) for level in levels]
    return _Rankings(
        table=_stacked([table.join(no_checks().table, on="theme_id") for table in tables], _no_drivers()),
        coin_toss=typed({}),
        bridges=no_bridges(),
        covariance=_covariance([]),
        base=people.nps,
        r_squared=float("nan"),
        notes=(),
    )


def _no_drivers() -> pd.DataFrame:
    return typed({}).join(no_checks().table, on="theme_id")


def _shares(people: Commenters) -> pd.DataFrame:
    themes = people.coded.themes
    ids, names = tuple(themes.index), tuple(themes["name"])
    return shares_within_category(people.points, people.mentions, people.weight, ids, names)


def _halo(people: Commenters, level: int) -> Halo:
    """Correlation of the tones within comments, over the themes of a level."""
    if people.sentiment is None:
        return halo_index(Tones.of(np.zeros((0, 0))))
    return halo_index(people.sentiment.of_themes(people.coded.themes["level"].to_numpy() == level))


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
    toned = ("n_negative", "n_positive", "effect_negative", "effect_positive", "effect_negative_if_mood",
             "effect_positive_if_mood")  # fmt: skip
    return typed({str(name): rows[name].to_numpy() for name in rows if name not in toned})
