"""Small surveys: whether the intervals hold, and are of any use.

A theme is ranked from a tenth of the commenters on (`verbatim.drivers.refusals.least_mentions`). Under
`verbatim.drivers.refusals.MIN_COMMENTERS` no effects are given.
"""

import numpy as np
import pandas as pd

import verbatim as vb
from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import FEW_DRAWS, by_theme
from verbatim.drivers.rank import DriverOptions
from verbatim.simulate import CodedSurvey, Population, SimulationOptions
from verbatim.simulate.supermarket import supermarket

SIZES = (70, 80, 100, 150)
COMMENT_RATE = 0.5
COVERS = 0.93


def lines(count: int) -> list[Line]:
    """Coverage and width at 70 to 150 commenters."""
    population = supermarket(SimulationOptions())
    truth = population.true_effects()
    return [_line(population, truth, size, count) for size in SIZES]


def _line(population: Population, truth: np.ndarray, size: int, count: int) -> Line:
    surveys = (population.draw(round(size / COMMENT_RATE), seed) for seed in range(count))
    intervals = np.array([_intervals(survey, population) for survey in surveys])
    low, high = intervals[:, 0], intervals[:, 1]
    ranked = np.isfinite(low)
    holds = float(((low <= truth) & (truth <= high))[ranked].mean())
    half = float(np.median((high - low)[ranked]) / 2)
    return Line(
        f"about {size} commenters: interval holds the truth; half its width; themes ranked",
        "no interval",
        f"{holds:.3f}; {half:.1f}; {ranked.sum() / count:.1f} of {ranked.shape[1]}",
        f">= {COVERS}",
        bool(holds >= COVERS),
    )


def _intervals(survey: CodedSurvey, population: Population) -> np.ndarray:
    drivers = vb.rank_drivers(
        survey.mention_table,
        pd.Series(survey.score),
        survey.segments[["plan"]],
        commented=pd.Series(survey.commented),
        options=DriverOptions(draws=FEW_DRAWS, min_segment=10**9),
    )
    return np.array([by_theme(drivers, column, population) for column in ("effect_low", "effect_high")])
