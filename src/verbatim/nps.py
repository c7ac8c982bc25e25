"""Score arithmetic: categories, the Net Promoter Score and its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from verbatim.errors import TooFewResponses

if TYPE_CHECKING:
    import pandas as pd

PROMOTER_FROM, PASSIVE_FROM, HIGHEST = 9, 7, 10
CATEGORIES = ("promoter", "passive", "detractor")
Z95 = 1.959963984540054


class Nps(NamedTuple):
    """A Net Promoter Score in points (-100..100), its 95 % interval and the number of responses."""

    score: float
    low: float
    high: float
    n: int


def points(scores: ArrayLike) -> NDArray[np.float64]:
    """Points each score adds to the NPS: 100 for a promoter (9-10), 0 for a passive (7-8), -100 for a detractor (0-6).

    Examples
    --------
    >>> points([10, 9, 8, 7, 6, 0]).tolist()
    [100.0, 100.0, 0.0, 0.0, -100.0, -100.0]
    """
    values = np.asarray(scores, dtype=float)
    return np.where(values >= PROMOTER_FROM, 100.0, np.where(values >= PASSIVE_FROM, 0.0, -100.0))


def category(scores: pd.Series) -> pd.Series:
    """Name the category of each score; null stays null.

    Examples
    --------
    >>> import pandas as pd
    >>> category(pd.Series([10, 8, 0, None], dtype="Int8")).tolist()
    ['promoter', 'passive', 'detractor', nan]
    """
    import pandas as pd

    named = np.select(
        [scores.ge(PROMOTER_FROM).fillna(False), scores.ge(PASSIVE_FROM).fillna(False)], CATEGORIES[:2], CATEGORIES[2]
    )
    return pd.Series(named, index=scores.index, dtype="str").where(scores.notna())


def net_promoter_score(scores: ArrayLike, weights: ArrayLike | None = None) -> Nps:
    """Percentage of promoters (9-10) minus percentage of detractors (0-6), with a 95 % interval.

    Parameters
    ----------
    scores : array-like of numbers, shape (n_responses,)
        Answers to "how likely are you to recommend us?", 0-10, none missing.
    weights : array-like, shape (n_responses,), optional
        Survey weights, not negative; the interval uses Kish's effective number of responses.

    Returns
    -------
    Nps
        The score lies inside the interval; both are kept within -100..100.

    Raises
    ------
    TooFewResponses
        There is no response, or the weights are all zero.

    Source
    ------
    Interval: adjusted Wald, Rocks (2016), "Interval estimation for the Net Promoter Score", section 3: three
    notional responses are added, 3/4 of one to promoters, 3/4 to detractors and 3/2 to passives.

    Examples
    --------
    >>> net_promoter_score([10, 9, 8, 0]).score
    25.0
    """
    gained = points(scores)
    w = np.ones_like(gained) if weights is None else np.asarray(weights, dtype=float)
    if gained.size == 0 or w.sum() <= 0:
        raise TooFewResponses("There is no scored response, so there is no NPS. Check the score column.")
    score = float(np.sum(w * gained) / np.sum(w))
    n = float(np.sum(w) ** 2 / np.sum(w**2))
    promoters = np.sum(w * (gained > 0)) / np.sum(w) * n + 0.75
    detractors = np.sum(w * (gained < 0)) / np.sum(w) * n + 0.75
    p, d = promoters / (n + 3), detractors / (n + 3)
    half = 100 * Z95 * np.sqrt((p + d - (p - d) ** 2) / (n + 3))
    centre = 100 * (p - d)
    low, high = max(-100.0, min(score, float(centre - half))), min(100.0, max(score, float(centre + half)))
    return Nps(score, low, high, int(gained.size))
