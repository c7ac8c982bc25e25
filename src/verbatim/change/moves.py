"""Which themes moved by more than the noise, all themes looked at together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.change.ledger import Ledger
from verbatim.drivers.moments import Array
from verbatim.drivers.uncertainty import above_noise, draw

DRAWS = 4000


def mark_moves(ledger: Ledger, seed: int) -> pd.DataFrame:
    """Add ``share_moved`` and ``effect_moved`` to the ledger's ``themes``.

    A step-down test over all themes, once for the shares and once for the effects: the chance of any false mark is at
    most 5 % each (Romano and Wolf 2005, algorithm 4.1).
    """
    themes = ledger.themes
    return themes.assign(
        share_moved=_moved(themes["share_change"].to_numpy(), ledger.share_covariance, seed),
        effect_moved=_moved(themes["effect_change"].to_numpy(), ledger.effect_covariance, seed),
    )


def _moved(change: Array, cov: Array, seed: int) -> NDArray[np.bool_]:
    se = np.sqrt(np.maximum(np.diag(cov), 0.0))
    return above_noise(change, se, draw(cov, DRAWS, np.random.default_rng(seed)))
