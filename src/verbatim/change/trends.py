"""NPS, theme shares and effects over time, each with an interval and a smoothed line."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.change.options import ChangeOptions
from verbatim.change.periods import Track, within
from verbatim.change.smoothing import smooth
from verbatim.change.standing import standing
from verbatim.change.wave import Wave
from verbatim.drivers.moments import Array
from verbatim.drivers.tables import OTHER
from verbatim.intervals import wilson
from verbatim.nps import Z95

TREND_COLUMNS = (
    "period", "series", "theme_id", "name", "n", "value", "low", "high", "smoothed", "smoothed_low", "smoothed_high"
)  # fmt: skip


def trend_table(track: Track) -> pd.DataFrame:
    """Return `TREND_COLUMNS`: one row a period of the NPS (series "nps") and of each theme's share ("share").

    Shares have Wilson intervals with effective numbers of commenters; the smoothed line is
    `verbatim.change.smoothing.smooth`. Periods with too few responses have no value of their own.
    """
    parts = [_rows(track.labels, "nps", None, "NPS", track.n, track.nps, track.nps_se)]
    for at, (theme, name) in enumerate(zip(track.theme_ids, track.names, strict=True)):
        share = track.share[:, at]
        low, high = wilson(share, track.n_commenters)
        se = _pooled_se(share, track.n_commenters)
        rows = _rows(track.labels, "share", theme, name, track.n_commenters, share, se)
        parts.append(rows.assign(low=low, high=high, smoothed_low=rows["smoothed_low"].clip(lower=0.0)))
    return _typed(pd.concat(parts, ignore_index=True))


def effect_rows(wave: Wave, code: NDArray[np.int64], labels: tuple[str, ...], options: ChangeOptions) -> pd.DataFrame:
    """Effects of the themes within each period that has enough commenters, with the columns of `trend_table`."""
    found = {}
    for at in range(len(labels)):
        here = code == at
        if int((here & wave.coded.commented).sum()) >= options.min_period_effect:
            table = standing(within(wave, here), options).set_index("theme_id")
            found[at] = table[(table.index != OTHER) & table["effect"].notna()]
    parts = []
    for theme, name in zip(wave.coded.themes.index, wave.coded.themes["name"], strict=True):
        value, se, n = (np.full(len(labels), np.nan) for _ in range(3))
        for at, table in found.items():
            if theme in table.index:
                row = table.loc[[theme]].to_dict("records")[0]
                value[at], n[at] = row["effect"], row["n"]
                se[at] = (row["effect_high"] - row["effect_low"]) / (2 * Z95)
        if np.isfinite(value).any():
            parts.append(_rows(labels, "effect", theme, name, n, value, se))
    return _typed(pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TREND_COLUMNS)))


def _pooled_se(share: Array, n: Array) -> Array:
    """Standard errors from the share of all periods together, so that a period without a mention has one too."""
    known = np.isfinite(share)
    if not known.any():
        return np.full(len(share), np.nan)
    pooled = float(np.sum(share[known] * n[known]) / np.sum(n[known]))
    return np.sqrt(max(pooled * (1 - pooled), 1e-12) / n)


def _rows(
    labels: tuple[str, ...], series: str, theme: str | None, name: str, n: Array, value: Array, se: Array
) -> pd.DataFrame:
    line, spread = smooth(value, se)
    return pd.DataFrame(
        {
            "period": labels, "series": series, "theme_id": theme, "name": name, "n": n, "value": value,
            "low": value - Z95 * se, "high": value + Z95 * se, "smoothed": line, "smoothed_low": line - Z95 * spread,
            "smoothed_high": line + Z95 * spread,
        }
    )  # fmt: skip


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    texts = ("period", "series", "theme_id", "name")
    kinds = {name: "str" if name in texts else "float64" for name in TREND_COLUMNS}
    return table[list(TREND_COLUMNS)].astype(kinds)
