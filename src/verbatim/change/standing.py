"""Where one wave stands: its NPS, the shares and effects of its themes, each with an interval."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from verbatim.change.estimate import Estimate, estimate
from verbatim.change.options import ChangeOptions
from verbatim.change.wave import Wave, frame_of
from verbatim.drivers.moments import Array
from verbatim.drivers.uncertainty import covariance
from verbatim.nps import Z95

STANDING_COLUMNS = (
    "theme_id", "name", "n", "share", "share_low", "share_high", "effect", "effect_low", "effect_high"
)  # fmt: skip


def standing(wave: Wave, options: ChangeOptions | None = None) -> pd.DataFrame:
    """Shares and effects of the themes of one wave, `STANDING_COLUMNS`; effects null where a theme is too rare.

    The same figures as `verbatim.rank_drivers` gives for found themes, by the same estimator, with intervals of the
    shares beside them.

    Examples
    --------
    >>> from verbatim.change.wave import read_wave
    >>> wave = read_wave(pd.DataFrame({"T01": [0] * 60 + [1] * 20}), [10] * 60 + [10, 8] * 10, label="1")
    >>> standing(wave)[["share", "effect"]].round(6).to_numpy().tolist()
    [[0.25, -12.5]]
    """
    options = options or ChangeOptions()
    frame = frame_of(wave, wave, options)
    one = estimate(wave, frame, 0, options)
    k, said, slope = one.layout.k, one.layout.part("mentions"), one.layout.part("severity")
    share, per_mention = one.value[said], one.value[slope]
    person = pd.factorize(wave.person)[0]
    se = np.sqrt(np.maximum(np.diag(covariance(_spread(one), person, 2 * k)), 0.0))
    effect = np.where(one.free_themes, share * per_mention, np.nan)
    return pd.DataFrame(
        {
            "theme_id": frame.themes.index, "name": frame.themes["name"].to_numpy(),
            "n": frame.mentions[0].sum(axis=0), "share": share,
            "share_low": np.maximum(share - Z95 * se[:k], 0.0), "share_high": np.minimum(share + Z95 * se[:k], 1.0),
            "effect": effect, "effect_low": effect - Z95 * se[k:], "effect_high": effect + Z95 * se[k:],
        }
    )[list(STANDING_COLUMNS)]  # fmt: skip


def _spread(one: Estimate) -> Iterator[tuple[slice, Array]]:
    """What each response adds to the shares and to the effects."""
    said, slope = one.layout.part("mentions"), one.layout.part("severity")
    share, per_mention = one.value[said], one.value[slope]
    for rows, part in one.influence():
        yield rows, np.column_stack([part[:, said], part[:, said] * per_mention + part[:, slope] * share])
