"""The estimator on surveys whose truth was planted: few surveys, tolerances from their binomial and sampling errors.

Every tolerance is four standard errors, so that chance breaks one run in ten thousand, and the seeds are fixed: only a
change of the estimator can. The last test breaks the estimates on purpose. ``python -m benchmarks.drivers`` is the full
version.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

import verbatim as vb
from verbatim.drivers.rank import DriverOptions
from verbatim.nps import Z95
from verbatim.simulate import Companion, PlantedTheme, Population, many_themes, world

SURVEYS, N, CHANCE = 30, 800, 1e-4
COLUMNS = ["effect", "effect_low", "effect_high", "leave_out", "above_noise"]


@dataclass(frozen=True)
class Found:
    effect: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    leave_out: NDArray[np.float64]
    above_noise: NDArray[np.float64]


def rank_all(population: Population, *, weighted: bool = True) -> Found:
    tables = []
    for seed in range(SURVEYS):
        survey = population.draw(N, seed)
        rows = np.ones(N, dtype=bool) if weighted else survey.commented
        drivers = vb.rank_drivers(
            survey.mention_table.loc[rows],
            pd.Series(survey.score).loc[rows],
            survey.segments.loc[rows],
            commented=pd.Series(survey.commented).loc[rows],
            options=DriverOptions(draws=200, min_segment=10**9, checks=False),
        )
        tables.append(drivers.table.set_index("theme_id")[COLUMNS].astype(float).reindex(list(population.keys)))
    return Found(*np.array(tables).transpose(2, 0, 1))


def assert_true(found: Found, truth: NDArray[np.float64], model_error: float = 0.3) -> None:
    """Intervals hold the truth as often and are as wide as they should, and effects are off by no more than curvature.

    The standard deviation of m estimates has a standard error of 1 / sqrt(2 m) of itself.
    """
    held, of = int(((found.low <= truth) & (truth <= found.high)).sum()), found.effect.size
    assert held >= binom.ppf(CHANCE, of, 0.93), held / of
    width = ((found.high - found.low) / 2 / Z95 / found.effect.std(axis=0, ddof=1)).mean()
    assert width == pytest.approx(1, abs=4 / np.sqrt(2 * of)), width
    error = found.effect.std(axis=0) / np.sqrt(SURVEYS)
    off = np.abs(found.effect.mean(axis=0) - truth)
    assert (off <= 4 * error + model_error).all(), off


@pytest.fixture(scope="module")
def population() -> Population:
    themes = [(0.20, -1.5), (0.15, -0.9), (0.10, 0.6), (0.10, 0.0), (0.08, -1.2), (0.06, 0.0)]
    return replace(
        many_themes(1),
        themes=tuple(
            PlantedTheme(f"T{place}", share, beta, (0.15**0.5,), {"B": 0.25})
            for place, (share, beta) in enumerate(themes)
        ),
    )


@pytest.fixture(scope="module")
def truth(population: Population) -> NDArray[np.float64]:
    return population.true_effects(400_000)


@pytest.fixture(scope="module")
def found(population: Population) -> Found:
    return rank_all(population)


def test_effects_are_unbiased_and_their_intervals_hold_the_truth(found: Found, truth: NDArray[np.float64]) -> None:
    assert_true(found, truth)
    bias = [np.abs(each.mean(axis=0) - truth).mean() for each in (found.effect, found.leave_out)]
    assert bias[0] < bias[1]


def test_strong_drivers_are_marked_and_nothing_in_a_null_world(population: Population, found: Found) -> None:
    assert found.above_noise[:, 0].mean() == 1.0
    null = rank_all(world(population, "null"))
    assert null.above_noise.any(axis=1).sum() <= binom.ppf(1 - CHANCE, SURVEYS, 0.05)
    assert_true(null, np.zeros(len(population.themes)), model_error=0.0)


def test_an_innocent_companion_is_not_blamed(population: Population) -> None:
    told = rank_all(replace(population, companions=(Companion("T0", "T3", 0.5),)))
    error = told.effect[:, 3].std() / np.sqrt(SURVEYS)
    assert abs(told.effect[:, 3].mean()) <= 4 * error
    assert told.leave_out[:, 3].mean() < -2


def test_commenters_stand_for_the_silent(population: Population, truth: NDArray[np.float64]) -> None:
    quiet = replace(population, comment_rates=(0.75, 0.3, 0.45))
    weighted, unweighted = rank_all(quiet), rank_all(quiet, weighted=False)
    assert_true(weighted, truth)
    bias = [np.abs(each.effect.mean(axis=0) - truth).mean() for each in (weighted, unweighted)]
    assert bias[0] < bias[1]


@pytest.mark.parametrize("broken", ["effects halved", "intervals halved", "intervals doubled", "shifted"])
def test_a_broken_estimator_would_be_caught(broken: str, found: Found, truth: NDArray[np.float64]) -> None:
    half = (found.high - found.low) / 2
    effect, stretch = found.effect, 1.0
    if broken == "effects halved":
        effect = effect / 2
    elif broken == "shifted":
        effect = effect - 1.5
    else:
        stretch = 0.5 if broken == "intervals halved" else 2.0
    with pytest.raises(AssertionError):
        assert_true(replace(found, effect=effect, low=effect - stretch * half, high=effect + stretch * half), truth)
