"""Intervals that several rooms give: of a share, of a rank correlation."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from verbatim.nps import Z95

FEWEST_PAIRS = 10


class Correlation(NamedTuple):
    """A rank correlation (-1..1), its 95 % interval and the number of pairs; NaN where there are too few."""

    value: float
    low: float
    high: float
    n: int


def wilson(share: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """95 % interval of shares (0-1) of ``n`` (effective) observations; where n is 0, the share itself.

    Source
    ------
    Wilson (1927), Journal of the American Statistical Association 22(158).

    Examples
    --------
    >>> [bound.round(3).tolist() for bound in wilson([0.0, 0.5], 10)]
    [[0.0, 0.237], [0.278, 0.763]]
    """
    found, size = np.broadcast_arrays(np.asarray(share, dtype=float), np.asarray(n, dtype=float))
    room = np.divide(Z95**2, size, out=np.zeros(found.shape), where=size > 0)
    centre = (found + room / 2) / (1 + room)
    half = np.sqrt(room * found * (1 - found) + room**2 / 4) / (1 + room)
    return np.clip(centre - half, 0.0, found), np.clip(centre + half, found, 1.0)


def rank_correlation(first: ArrayLike, second: ArrayLike) -> Correlation:
    """Spearman's correlation of two columns without nulls, with its 95 % interval.

    Null below 10 pairs, or where a column does not vary.

    Source
    ------
    Interval: Bonett and Wright (2000), Psychometrika 65(1): Fisher's z with variance (1 + r^2 / 2) / (n - 3).

    Examples
    --------
    >>> found = rank_correlation([1, 2, 3, 4, 5] * 4, [1, 2, 3, 5, 4] * 4)
    >>> [round(float(part), 2) for part in found]
    [0.9, 0.72, 0.97, 20.0]
    """
    from scipy.stats import rankdata

    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    n = len(one)
    if n < FEWEST_PAIRS or np.ptp(one) == 0 or np.ptp(two) == 0:
        return Correlation(np.nan, np.nan, np.nan, n)
    value = float(np.corrcoef(rankdata(one), rankdata(two))[0, 1])
    if abs(value) > 1 - 1e-12:
        return Correlation(value, value, value, n)
    half = Z95 * np.sqrt((1 + value**2 / 2) / (n - 3))
    return Correlation(value, float(np.tanh(np.arctanh(value) - half)), float(np.tanh(np.arctanh(value) + half)), n)
