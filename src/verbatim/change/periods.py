"""Weeks, months, quarters or waves: what each of them shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.change.options import ChangeOptions
from verbatim.change.wave import Wave
from verbatim.drivers.moments import Array
from verbatim.drivers.silence import weigh_for_silence
from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM, Z95, net_promoter_score

WEEKLY_UP_TO, MONTHLY_UP_TO = 98, 1100  # days between first and last date, as in the report
STEPS = ("W", "M", "Q")


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """T periods (or waves) and K themes.

    Attributes
    ----------
    labels : tuple of str
        First days of the periods (2026-03-01), or names of the waves.
    n, n_commenters : float arrays, shape (T,)
        Scored responses and commenters, effective numbers under their weights (Kish).
    nps, nps_se : float arrays, shape (T,)
        NaN where a period has too few responses.
    share : float array, shape (T, K)
    theme_ids, names : tuples of str
    """

    labels: tuple[str, ...]
    n: Array
    n_commenters: Array
    nps: Array
    nps_se: Array
    share: Array
    theme_ids: tuple[str, ...]
    names: tuple[str, ...]


def cut_dates(dates: pd.Series, options: ChangeOptions) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Cut dates into weeks, months or quarters: the finest that suits their span and has enough responses.

    Returns
    -------
    code : int array, shape (n,)
        Period of each response; -1 without a date.
    labels : tuple of str
        First day of each period, empty ones included; empty where there are fewer than two periods.
    """
    known = pd.to_datetime(dates.dropna()).dt.tz_localize(None)
    code = np.full(len(dates), -1)
    if known.empty:
        return code, ()
    span = (known.max() - known.min()).days
    finest = 0 if span <= WEEKLY_UP_TO else 1 if span <= MONTHLY_UP_TO else 2
    for step in STEPS[finest:]:
        found = known.dt.to_period(step)
        every = pd.period_range(found.min(), found.max())
        code[dates.notna().to_numpy()] = every.get_indexer(pd.PeriodIndex(found))
        if found.value_counts().median() >= options.min_period:
            break
    if len(every) < 2:
        return code, ()
    return code, tuple(str(period.start_time.date()) for period in every)


def track_periods(
    wave: Wave, code: NDArray[np.int64], labels: tuple[str, ...], options: ChangeOptions | None = None
) -> Track:
    """Follow NPS and theme shares through the periods of a wave.

    Parameters
    ----------
    wave : Wave
    code : int array, shape (n_responses,)
        Period of each scored response, -1: none.
    labels : tuple of str
        Names of the periods.

    Commenters are weighted for silence over the whole wave, as in the ranking of drivers.
    """
    options = options or ChangeOptions()
    coded = wave.coded
    category = np.digitize(coded.score, [PASSIVE_FROM, PROMOTER_FROM])
    weight = weigh_for_silence(category, coded.segments, coded.commented, coded.weight, options.min_cell).weight
    n_periods, k = len(labels), coded.mentions.shape[1]
    n, said, nps, se = (np.full(n_periods, np.nan) for _ in range(4))
    share = np.full((n_periods, k), np.nan)
    for at in range(n_periods):
        here = code == at
        if here.sum() < options.min_period:
            continue
        found = net_promoter_score(coded.score[here], coded.weight[here])
        nps[at], se[at] = found.score, (found.high - found.low) / (2 * Z95)
        n[at] = kish(coded.weight[here])
        own = weight[here]
        if (own > 0).sum() >= options.min_period:
            said[at] = kish(own)
            share[at] = own @ coded.mentions[here] / own.sum()
    return Track(labels, n, said, nps, se, share, tuple(coded.themes.index), tuple(coded.themes["name"]))


def kish(weight: Array) -> float:
    """Return the effective number of equally weighted responses (Kish 1965, section 11.7)."""
    square = float(np.sum(weight**2))
    return float(np.sum(weight)) ** 2 / square if square else 0.0


def within(wave: Wave, rows: NDArray[np.bool_]) -> Wave:
    """Keep some of the scored responses of a wave."""
    return Wave(wave.coded.where(rows), wave.person[rows])
