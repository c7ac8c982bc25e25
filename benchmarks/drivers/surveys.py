"""Rank many simulated surveys and stack what was found, theme by theme."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import verbatim as vb
from verbatim.drivers.rank import DriverOptions
from verbatim.records import Drivers
from verbatim.simulate import CodedSurvey, Population

Array = NDArray[np.float64]
COLUMNS = ("effect", "effect_low", "effect_high", "leave_out", "rank_low", "rank_high", "above_noise")
FEW_DRAWS = 200


@dataclass(frozen=True)
class Found:
    """What was found in many surveys; every array is (surveys, themes), NaN where a theme was too rare to be ranked."""

    effect: Array
    effect_low: Array
    effect_high: Array
    leave_out: Array
    rank_low: Array
    rank_high: Array
    above_noise: Array

    def holds(self, truth: Array) -> Array:
        """1 where the interval of the effect holds the truth, 0 where not."""
        held = (self.effect_low <= truth) & (truth <= self.effect_high)
        return np.where(np.isfinite(self.effect), held, np.nan)

    def bias(self, truth: Array) -> Array:
        """How far off each theme's effect is on average, in points, absolute."""
        return np.abs(np.nanmean(self.effect, axis=0) - truth)

    def market_bias(self, truth: Array) -> Array:
        """The same of leave-out."""
        return np.abs(np.nanmean(self.leave_out, axis=0) - truth)


def rank(survey: CodedSurvey, *, draws: int = FEW_DRAWS, silence: str = "ours", tone: bool = False) -> Drivers:
    """Rank one survey; the silent weighted for ("ours"), left out ("unweighted") or taken as no mention ("none")."""
    rows = survey.commented if silence == "unweighted" else np.ones(len(survey.score), dtype=bool)
    return vb.rank_drivers(
        survey.mention_table.loc[rows],
        pd.Series(survey.score).loc[rows],
        survey.segments.loc[rows],
        commented=pd.Series(survey.commented).loc[rows] if silence == "ours" else None,
        sentiment=survey.sentiment_table.loc[rows] if tone else None,
        options=DriverOptions(draws=draws, min_segment=10**9, checks=False),
    )


def by_theme(drivers: Drivers, column: str, population: Population) -> Array:
    """A column of the driver table in the population's order; NaN where a theme was too rare to be ranked."""
    values = drivers.table.set_index("theme_id")[column].astype(float)
    return values.reindex(list(population.keys)).to_numpy()


def rank_many(population: Population, n: int, count: int, *, draws: int = FEW_DRAWS, silence: str = "ours") -> Found:
    """Draw and rank ``count`` surveys of ``n`` responses, seeds 0, 1, ..."""
    found = [
        [by_theme(drivers, column, population) for column in COLUMNS]
        for drivers in (rank(survey, draws=draws, silence=silence) for survey in drawn(population, n, count))
    ]
    return Found(*(np.array(column) for column in zip(*found, strict=True)))


def drawn(population: Population, n: int, count: int) -> Iterator[CodedSurvey]:
    """Draw ``count`` surveys of ``n`` responses."""
    return (population.draw(n, seed) for seed in range(count))
