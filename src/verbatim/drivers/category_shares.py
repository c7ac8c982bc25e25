"""Shares of the themes within each score category: what can be given when effects cannot.

In: points, mentions and weights of the commenters. Out: a table with `SHARE_COLUMNS`. Nothing is compared across
categories here, so a follow-up question that depends on the score does no harm.
"""

import numpy as np
import pandas as pd

from verbatim.drivers.moments import Array, Mentioned, sums_over_mentioners
from verbatim.intervals import wilson
from verbatim.nps import CATEGORIES
from verbatim.records import SHARE_COLUMNS


def shares_within_category(
    points: Array, mentions: Mentioned, weight: Array, theme_ids: tuple[str, ...], names: tuple[str, ...]
) -> pd.DataFrame:
    """Share of the commenters of each score category who mention each theme: what stands when effects are refused.

    Parameters
    ----------
    points : float array, shape (n,)
        100, 0 or -100.
    mentions : bool array, shape (n, k)
    weight : float array, shape (n,)
        Positive.
    theme_ids, names : tuple of str, length k

    Returns
    -------
    DataFrame
        `SHARE_COLUMNS`, three rows a theme: ``n`` mentioners among ``commenters``, the weighted ``share`` (0..1) and
        its 95 % interval on Kish's effective number of the category's commenters; null where it has none.

    Source
    ------
    Interval: Wilson (1927), Journal of the American Statistical Association 22(158). Effective number: Kish (1965),
    "Survey Sampling", section 11.7.

    Examples
    --------
    >>> points = np.repeat([-100.0, 100.0], 10)
    >>> late = (np.arange(20) < 5)[:, None]
    >>> table = shares_within_category(points, late, np.ones(20), ("T1",), ("Late",))
    >>> print(table[["category", "n", "commenters", "share", "low", "high"]].round(3).to_string(index=False))
     category  n  commenters  share   low  high
     promoter  0          10    0.0 0.000 0.278
      passive  0           0    NaN   NaN   NaN
    detractor  5          10    0.5 0.237 0.763
    """
    blocks = []
    for place, (category, level) in enumerate(zip(CATEGORIES, (100.0, 0.0, -100.0), strict=True)):
        rows = points == level
        said, w = mentions[rows], weight[rows]
        whole = w.sum() if len(w) else np.nan
        share = sums_over_mentioners(said, w[:, None])[:, 0] / whole
        low, high = wilson(share, whole**2 / (w**2).sum())
        block = pd.DataFrame({"theme_id": theme_ids, "name": names, "category": category, "n": said.sum(axis=0)})
        blocks.append(block.assign(commenters=len(w), share=share, low=low, high=high, place=place))
    table = pd.concat(blocks).reset_index(names="theme").sort_values(["theme", "place"], ignore_index=True)
    return table[list(SHARE_COLUMNS)].astype({"theme_id": "str", "name": "str", "category": "str"})
