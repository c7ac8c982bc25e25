"""Trends and alerts of one run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from verbatim.change.alerts import find_alerts
from verbatim.change.options import ChangeOptions
from verbatim.change.periods import cut_dates, track_periods
from verbatim.change.trends import effect_rows, trend_table
from verbatim.records import Analysis, OverTime
from verbatim.waves.compare import wave_of


def trends_of(analysis: Analysis, options: ChangeOptions | None = None) -> OverTime | None:
    """Trends and alerts of a run by week, month or quarter; None where its dates make fewer than two periods."""
    options = options or ChangeOptions()
    wave = wave_of(analysis, analysis.mentions, analysis.themes.themes, "")
    dates = analysis.survey.responses["date"].iloc[wave.coded.row]
    code, labels = cut_dates(dates.reset_index(drop=True), options)
    if not labels:
        return None
    track = track_periods(wave, code, labels, options)
    if not np.isfinite(track.nps).any():
        return None
    effects = pd.DataFrame() if analysis.drivers.refusals else effect_rows(wave, code, labels, options)
    trends = trend_table(track)
    table = pd.concat([trends, effects], ignore_index=True) if len(effects) else trends
    return OverTime(table, find_alerts(track, options))
