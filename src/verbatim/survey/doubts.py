"""What must be asked before scores can be trusted: a scale that changes half-way, zeros that mean "no answer"."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from verbatim.survey.desk import toml_lines

FEWEST = 30
"""Scores that each part must hold before its scale is doubted."""
CHANCE = 1e-6
"""How unlikely, under one scale, a part without any score above 5 must be; surveys with bad spells stay above."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was found, in a sentence, and the lines of verbatim.toml that settle it."""

    found: str
    lines: str


def scale_changes(score: pd.Series, date: pd.Series) -> Doubt | None:
    """Find a first or last part of the answers that runs 1-5 while the rest runs 0-10.

    The answers are taken in the order of their dates; without dates in the order of the file, unless that is sorted
    by score. A part is found when it holds 30 scores or more, all 1-5 with a 5 among them, and when a run as long as
    that, drawn from all answers, would hold nothing outside 1-5 less than once in a million files.

    Examples
    --------
    >>> first, then = [5, 4, 5, 3, 5, 1, 2, 5] * 10, [10, 9, 0, 8, 7, 3, 10, 5] * 10
    >>> scores, dates = pd.Series(first + then), pd.Series(pd.NaT, index=range(160), dtype="datetime64[us]")
    >>> print(scale_changes(scores, dates).found)
    the first 80 of 160 scores run 1-5, the others 0-10
    >>> scale_changes(pd.Series(then * 2), dates)
    """
    known = pd.DataFrame({"score": score, "date": date}).dropna(subset=["score"])
    dated = bool(known["date"].notna().mean() > 0.9) if len(known) else False
    if dated:
        known = known.dropna(subset=["date"]).sort_values(["date", "score"], kind="stable")
    values = known["score"].to_numpy(dtype=int)
    if not dated and bool((np.diff(values) >= 0).all() or (np.diff(values) <= 0).all()):
        return None
    for which, run in (("first", values), ("last", values[::-1])):
        n = _run_of_five(run)
        if n:
            when = ""
            if dated:
                days = known["date"].iloc[:n] if which == "first" else known["date"].iloc[-n:]
                when = f" ({days.min():%Y-%m-%d} to {days.max():%Y-%m-%d})"
            found = f"the {which} {n:,} of {len(values):,} scores{when} run 1-5, the others 0-10"
            return Doubt(found, toml_lines(['scale = "0-10"']))
    return None


def _run_of_five(values: np.ndarray) -> int:
    """Length of the run of 1-5 that the values begin with; 0 where it may be chance."""
    off = np.flatnonzero((values > 5) | (values < 1))
    n = int(off[0]) if len(off) else len(values)
    run, rest = values[:n], values[n:]
    if min(n, len(rest)) < FEWEST:
        return 0
    within = float(((values >= 1) & (values <= 5)).mean())
    alike_low = float(((rest >= 1) & (rest <= 5)).mean())
    sorted_away = alike_low < 0.02  # the file is sorted into low and high, not fielded on two scales
    chance = np.log(within) * n < np.log(CHANCE / len(values))
    return n if chance and not sorted_away and run.max() == 5 else 0


def zeros_are_blanks(score: pd.Series, spoke: pd.Series) -> Doubt | None:
    """Suspect that 0 stands for "not answered": many zeros, hardly a 1-3, and nearly no comment beside them.

    Zeros must be 20 or more, twice as many as 1, 2 and 3 together, and comment at most a fifth as often as the
    others do. Angry customers comment more than others, and some of them answer 1 to 3.

    Parameters
    ----------
    score : Series of Int8
    spoke : Series of bool
        Whether there is a comment.

    Examples
    --------
    >>> scores = pd.Series([0] * 40 + [9, 8, 10, 6, 2] * 20, dtype="Int8")
    >>> print(zeros_are_blanks(scores, scores.gt(0)).found)
    40 of 140 scores are 0, 20 are 1-3; 0 of the zeros have a comment, but 100 of the 100 others
    """
    values = score.dropna().to_numpy(dtype=int)
    talks = spoke[score.notna()].to_numpy(dtype=bool)
    zero, low = values == 0, (values >= 1) & (values <= 3)
    others = talks[~zero]
    if zero.sum() < 20 or zero.sum() < 2 * low.sum() or len(others) < FEWEST or others.mean() < 0.2:
        return None
    if talks[zero].mean() > others.mean() / 5:
        return None
    found = (
        f"{zero.sum():,} of {len(values):,} scores are 0, {low.sum():,} are 1-3; {talks[zero].sum():,} of the zeros "
        f"have a comment, but {others.sum():,} of the {len(others):,} others"
    )
    return Doubt(found, toml_lines(['missing_scores = ["0"]', "# missing_scores = []"]))
