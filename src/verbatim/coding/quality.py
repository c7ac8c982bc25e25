"""How well the machine tags a theme, from comments that people coded: precision, recall and F1 with intervals."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim import intervals

Flags = NDArray[np.bool_]


class Proportion(NamedTuple):
    """A share (0..1) with its 95 % interval; all NaN where nothing was counted."""

    value: float
    low: float
    high: float


def wilson(hits: float, n: float) -> Proportion:
    """Wilson's score interval of ``hits`` in ``n``, which need not be whole numbers.

    Examples
    --------
    >>> [round(part, 3) for part in wilson(18, 20)]
    [0.9, 0.699, 0.972]
    """
    if n <= 0:
        return Proportion(math.nan, math.nan, math.nan)
    low, high = intervals.wilson(hits / n, n)
    return Proportion(hits / n, float(low), float(high))


def weighted_share(hit: Flags, weight: NDArray[np.float64]) -> Proportion:
    """Share of ``hit`` with weights, by Wilson's interval for Kish's effective number.

    Source
    ------
    Franco, Little, Louis and Slud (2019), "Comparative study of confidence intervals for proportions in complex sample
    surveys", Journal of Survey Statistics and Methodology 7(3).
    """
    if not len(weight):
        return wilson(0, 0)
    n = float(weight.sum() ** 2 / np.square(weight).sum())
    return wilson(float(weight[hit].sum() / weight.sum()) * n, n)


def tagging_quality(
    machine: pd.DataFrame, people: pd.DataFrame, probability: NDArray[np.float64], names: list[str]
) -> pd.DataFrame:
    """Compare the machine's mentions with people's, theme by theme, over all the comments the sample stands for.

    Parameters
    ----------
    machine, people : DataFrame of 0 and 1
        The coded comments, row for row, one column a theme.
    probability : float array
        Chance each comment had of being coded.
    names : list of str
        Names of the themes.

    Returns
    -------
    DataFrame
        ``theme_id, name, n_machine, n_people, n_both``: coded comments in which each found the theme;
        ``precision, recall, f1`` (0..1), each with ``..._low`` and ``..._high``, null where nothing was counted. F1 is
        2j / (1 + j), j the share of comments tagged by both among those tagged by either, and so is its interval.
    """
    weight = 1 / probability
    rows: list[dict[str, object]] = []
    for theme, name in zip(machine.columns, names, strict=True):
        tagged, told = machine[theme].to_numpy(dtype=bool), people[theme].to_numpy(dtype=bool)
        both, either = tagged & told, tagged | told
        shares = {
            "precision": weighted_share(told[tagged], weight[tagged]),
            "recall": weighted_share(tagged[told], weight[told]),
            "f1": Proportion(*(2 * j / (1 + j) for j in weighted_share(both[either], weight[either]))),
        }
        row: dict[str, object] = {
            "theme_id": str(theme), "name": name, "n_machine": int(tagged.sum()), "n_people": int(told.sum()),
            "n_both": int(both.sum()),
        }  # fmt: skip
        for what, share in shares.items():
            row |= {what: share.value, f"{what}_low": share.low, f"{what}_high": share.high}
        rows.append(row)
    return pd.DataFrame(rows)
