"""Whether sentiment means what it says: shares of promoters along it, and how well it orders the known scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.text.voices import Layout

CALIBRATION_COLUMNS = ("low", "high", "n", "promoters", "passives", "detractors", "promoter_share")
_EDGES = (-1.0, -0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def calibrate(layout: Layout, sentiment: NDArray[np.float64]) -> tuple[pd.DataFrame, float | None]:
    """Set the sentiment of comments, which never saw their own scores, beside those scores.

    Returns
    -------
    table : DataFrame
        ``CALIBRATION_COLUMNS``, a row a fifth of a point of sentiment that holds a scored comment: low (within),
        high (not within, save 1), comments, their categories, and promoters per promoter and detractor (0-1).
    auc : float or None
        Chance that a promoter's comment reads better than a detractor's; None without either.
    """
    from sklearn.metrics import roc_auc_score

    known = layout.category >= 0
    place = np.clip(np.digitize(sentiment[known], _EDGES) - 1, 0, len(_EDGES) - 2)
    counts = np.zeros((len(_EDGES) - 1, 3), dtype=np.int64)
    np.add.at(counts, (place, layout.category[known]), 1)
    with np.errstate(invalid="ignore"):
        share = counts[:, 0] / (counts[:, 0] + counts[:, 2])
    columns = (_EDGES[:-1], _EDGES[1:], counts.sum(axis=1), *counts.T, share.round(4))
    table = pd.DataFrame(dict(zip(CALIBRATION_COLUMNS, columns, strict=True)))
    told = layout.sign != 0
    both = len(np.unique(layout.sign[told])) == 2
    auc = float(roc_auc_score(layout.sign[told] > 0, sentiment[told])) if both else None
    return table.loc[table["n"] > 0].reset_index(drop=True), auc
