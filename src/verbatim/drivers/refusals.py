"""When effects cannot be given, and what to say then.

Out: sentences for the reader; what can be given instead is in `verbatim.drivers.category_shares`. A refusal names what
was found, so that it can be checked.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers.moments import Array, Mentioned, sums_over_mentioners
from verbatim.errors import ConfigError
from verbatim.nps import CATEGORIES
from verbatim.records import Drivers

MIN_COMMENTERS, COMMENTERS_PER_MENTION, FEWEST_MENTIONS = 60, 10, 5
"""Measured over 150 simulated surveys a size (12 themes, the worst costs 9 points, comment rates 45/35/65 %).

With themes from a tenth of the commenters on, intervals at 60 commenters are +-9 points wide, as much as the worst
driver costs, and hold the truth in 98 %; with 5 mentions at 50, 40 and 30 commenters they are +-11, +-14 and +-18:
next to nothing is said. Asking 15 mentions of so few fails: only themes that chance made frequent pass, and the
interval holds the truth in 59 % at 60 commenters, 85 % at 80, 92 % at 100, 97 % at 150.
Today's figures: `python -m benchmarks.drivers --only small`.
"""
WITHHELD_RATE, FIFTH, CHANCE = 0.01, 0.2, 0.01
DECIDED, DECIDED_MENTIONERS = 0.95, 20
NAMED = 5

Counts = NDArray[np.integer[Any]]


def routed_questions(answers: pd.DataFrame, responses: pd.DataFrame) -> tuple[str, ...]:
    """Find open questions that only some score categories were asked.

    A question counts as withheld from a category when at most 1 % of it answered, and so few that even a fifth of the
    answer rate of the category that answered most would give as few less than once in a hundred times (binomial).
    An optional second question that everyone may answer, however unevenly, is not withheld; nor is anything concluded
    from a handful of responses.

    Parameters
    ----------
    answers : DataFrame
        ``response_id, question``: one row an answer, as `verbatim.records.Survey.answers`.
    responses : DataFrame
        ``response_id, category``: category null for responses without a score, which are not looked at.

    Returns
    -------
    tuple of str
        Why no effects can be given; empty when all questions go to everyone.

    Examples
    --------
    >>> responses = pd.DataFrame({"response_id": range(100), "category": ["promoter"] * 50 + ["detractor"] * 50})
    >>> asked = ["What do you love?"] * 50 + ["What went wrong?"] * 50
    >>> print(routed_questions(pd.DataFrame({"response_id": range(100), "question": asked}), responses)[0])
    "What do you love?" was answered by 50 of 50 promoters, but 0 of 50 detractors.
    >>> routed_questions(pd.DataFrame({"response_id": range(100), "question": "Why?"}), responses)
    ()
    """
    scored = responses[responses["category"].notna()]
    size = scored["category"].value_counts().reindex(CATEGORIES, fill_value=0).to_numpy()
    asked = answers[["response_id", "question"]].drop_duplicates().merge(scored[["response_id", "category"]])
    table = pd.crosstab(asked["question"], asked["category"]).reindex(columns=CATEGORIES, fill_value=0).sort_index()
    found = []
    for question, row in zip(table.index, table.to_numpy(), strict=True):
        withheld = _withheld(row, size)
        if withheld.any():
            given = _counted(row, size, ~withheld & (row > 0))
            found.append(f'"{question}" was answered by {given}, but {_counted(row, size, withheld)}.')
    if not found:
        return ()
    return (
        *found,
        "The follow-up question depends on the score, so what a response speaks of follows from its score and not the "
        "other way round. No effects on the NPS can be given; shares are given within each score category instead.",
    )


def _withheld(answered: Counts, size: Counts) -> NDArray[np.bool_]:
    """Categories to which a question was surely not put."""
    from scipy.special import bdtr

    rate = answered / np.where(size > 0, size, np.inf)
    chance = bdtr(answered.astype(float), size, FIFTH * rate.max())
    withheld: NDArray[np.bool_] = (rate <= WITHHELD_RATE) & (chance < CHANCE)
    return withheld


def _counted(answered: Counts, size: Counts, which: NDArray[np.bool_]) -> str:
    parts = [f"{answered[at]:,} of {size[at]:,} {CATEGORIES[at]}s" for at in np.flatnonzero(which)]
    return " and ".join(parts)


def decided_by_score(points: Array, mentions: Mentioned, weight: Array) -> NDArray[np.bool_]:
    """Find themes that are a score category under another name.

    A theme is decided when it is mentioned by at least 20 commenters and its correlation (phi) with one of the three
    categories is 0.95 or more either way: with halves, at most one commenter in forty differs. A severe theme is far
    from that, because most detractors do not mention it even when all who do are detractors (5 % mentioning, 40 %
    detractors: phi 0.28); nine in ten right both ways gives 0.8. Under 20 mentioners such agreement is no proof.

    Parameters
    ----------
    points : float array, shape (n,)
        100, 0 or -100.
    mentions : bool array, shape (n, k)
    weight : float array, shape (n,)
        Positive.

    Returns
    -------
    bool array, shape (k,)

    Source
    ------
    Phi: Pearson correlation of two 0/1 variables, Yule (1912), Journal of the Royal Statistical Society 75(6).

    Examples
    --------
    >>> points = np.repeat([-100.0, 100.0], 50)
    >>> mentions = np.column_stack([points < 0, np.arange(100) % 2 == 0])
    >>> decided_by_score(points, mentions, np.ones(100)).tolist()
    [True, False]
    """
    indicators = np.column_stack([points == level for level in (-100.0, 0.0, 100.0)])
    weighted = weight[:, None] * np.column_stack([np.ones(len(points)), indicators])
    whole = weight.sum()
    joint = sums_over_mentioners(mentions, weighted) / whole
    share, part = joint[:, [0]], weighted[:, 1:].sum(axis=0) / whole
    spread = np.sqrt(np.maximum(part * (1 - part) * share * (1 - share), 0.0))
    phi = (joint[:, 1:] - part * share) / np.where(spread > 1e-9, spread, np.inf)
    enough = mentions.sum(axis=0) >= DECIDED_MENTIONERS
    decided: NDArray[np.bool_] = enough & (np.abs(phi) >= DECIDED).any(axis=1)
    return decided


def explain_decided(names: tuple[str, ...]) -> str | None:
    """Say that some themes are decided by the score; None when there are none.

    Examples
    --------
    >>> print(explain_decided(("Would not recommend",)))
    "Would not recommend" has no effect: almost everyone in one score category mentions it and almost nobody else, so \
the score decides it and it cannot explain the score.
    """
    if not names:
        return None
    have, them = ("has", "it") if len(names) == 1 else ("have", "them")
    decides = "it cannot" if len(names) == 1 else "they cannot"
    return (
        f"{_listed(names)} {have} no effect: almost everyone in one score category mentions {them} and almost nobody "
        f"else, so the score decides {them} and {decides} explain the score."
    )


def _listed(names: tuple[str, ...], last: str = "and") -> str:
    quoted = [f'"{name}"' for name in names[:NAMED]]
    if len(names) > NAMED:
        return f"{', '.join(quoted)} {last} {len(names) - NAMED} more"
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def too_few(n_commenters: int) -> str | None:
    """Say that there are too few scored comments for effects; None when there are enough.

    Examples
    --------
    >>> print(too_few(41))
    41 scored responses have a comment; effects need at least 60. With fewer the intervals are wider than any effect, \
so shares are given within each score category instead.
    >>> too_few(60)
    """
    if n_commenters >= MIN_COMMENTERS:
        return None
    return (
        f"{n_commenters} scored responses have a comment; effects need at least {MIN_COMMENTERS}. With fewer the "
        "intervals are wider than any effect, so shares are given within each score category instead."
    )


def refuse_other_score(drivers: Drivers, what: str) -> None:
    """Refuse what speaks of the NPS where the drivers are those of another score. Raises ConfigError."""
    if drivers.ranked_on is not None:
        raise ConfigError(
            f"{what} speaks of the NPS, but the drivers of this run are those of {drivers.ranked_on.outcome.name}. Run "
            "the survey without drivers.outcome into another folder and name that."
        )


def least_mentions(n_commenters: int, asked: int) -> int:
    """Commenters a theme needs to be ranked in a small survey: a tenth of all, at least 5, at most as asked.

    A fixed minimum picks, in a small survey, the themes that chance made frequent, and their effects are too large.

    Parameters
    ----------
    n_commenters : int
    asked : int
        ``DriverOptions.min_mentions``.

    Examples
    --------
    >>> [least_mentions(n, 15) for n in (60, 100, 150, 2000)]
    [6, 10, 15, 15]
    """
    return min(asked, max(FEWEST_MENTIONS, n_commenters // COMMENTERS_PER_MENTION))


class TiedForFirst(NamedTuple):
    """Themes that could be the most harmful, in rank order, and the sentence; None where the first place is settled."""

    theme_ids: tuple[str, ...]
    sentence: str | None


def tied_for_first(table: pd.DataFrame) -> TiedForFirst:
    """Say which themes could hold the first place, by their rank intervals.

    Parameters
    ----------
    table : DataFrame
        ``theme_id, name, rank, rank_low`` of one level of `verbatim.records.DRIVER_COLUMNS`; a null rank is unranked.

    Examples
    --------
    >>> table = pd.DataFrame({"theme_id": ["T1", "T2", "T3"], "name": ["Late", "Price", "App"]})
    >>> print(tied_for_first(table.assign(rank=[1, 2, 3], rank_low=[1, 1, 3])).sentence)
    The first place is open: "Late" or "Price" could be the most harmful.
    >>> tied_for_first(table.assign(rank=[1, 2, 3], rank_low=[1, 2, 2]))
    TiedForFirst(theme_ids=('T1',), sentence=None)
    """
    ranked = table[table["rank"].notna()].sort_values("rank")
    first = ranked[ranked["rank_low"] == 1]
    ids, names = tuple(first["theme_id"]), tuple(first["name"])
    if len(ids) < 2:
        return TiedForFirst(ids, None)
    if len(ids) == len(ranked):
        return TiedForFirst(ids, f"The order is open: any of the {len(ids)} themes could be the most harmful.")
    return TiedForFirst(ids, f"The first place is open: {_listed(names, 'or')} could be the most harmful.")
