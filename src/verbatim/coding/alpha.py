"""Krippendorff's alpha: how far coders agree beyond chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
DRAWS = 1000
FEWEST = 5


def agreement_of_coders(codings: Sequence[pd.DataFrame], seed: int = 1) -> pd.DataFrame:
    """Alpha of every theme, from comments that all coders coded.

    alpha = 1 - (n - 1) o / (n_0 n_1) for yes and no: n the codings of all coders, n_1 of them yes, o the pairs of
    coders that disagree, by comment, over the number of coders less one.

    Parameters
    ----------
    codings : list of DataFrame of 0 and 1
        One a coder, with the same rows and columns.
    seed : int
        Of the bootstrap over comments that makes the intervals (1,000 draws).

    Returns
    -------
    DataFrame
        Indexed by theme: ``alpha, alpha_low, alpha_high``: 1 is perfect agreement, 0 chance. Null where nobody, or
        everybody, said yes; intervals are null where fewer than five codings say yes, or no.

    Source
    ------
    Krippendorff (2019), *Content Analysis*, 4th ed., section 12.3.

    Examples
    --------
    >>> one, two = pd.DataFrame({"T01": [0, 1, 0, 0]}), pd.DataFrame({"T01": [0, 1, 1, 0]})
    >>> agreement_of_coders([one, two]).round(3)["alpha"].tolist()
    [0.533]
    """
    stack = np.stack([coding.to_numpy(dtype=float) for coding in codings])
    coders, m = len(stack), stack.shape[1]
    yes = stack.sum(axis=0)
    apart = yes * (coders - yes) / (coders - 1)
    alpha = _alpha(yes.sum(axis=0), apart.sum(axis=0), coders * m)
    draws = np.random.default_rng(seed).multinomial(m, np.full(m, 1 / m), size=DRAWS).astype(float)
    again = _alpha(draws @ yes, draws @ apart, coders * m)
    again = np.where(np.isnan(again), 1.0, again)  # a draw without a yes holds no disagreement
    low, high = np.quantile(again, [0.025, 0.975], axis=0)
    scarce = np.minimum(yes.sum(axis=0), coders * m - yes.sum(axis=0)) < FEWEST
    found = {"alpha": alpha, "alpha_low": np.where(scarce, np.nan, low), "alpha_high": np.where(scarce, np.nan, high)}
    return pd.DataFrame(found, index=codings[0].columns)


def _alpha(yes: Array, apart: Array, n: int) -> Array:
    chance = yes * (n - yes)
    ratio: Array = np.divide((n - 1) * apart, chance, out=np.full(np.shape(chance), np.nan), where=chance > 0)
    return 1 - ratio
