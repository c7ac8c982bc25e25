"""Robust empirical Bayes: published critical values, the worst case by linear programming, coverage on average."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.stats import ncx2, norm

from verbatim.drivers.segments.pooling import cva, half_width, pool

pytestmark = pytest.mark.filterwarnings("error")
Array = NDArray[np.float64]


@pytest.mark.parametrize(
    ("root_m2", "kurtosis", "alpha", "published"),
    [
        (0, 3, 0.05, norm.ppf(0.975)),
        (0, np.inf, 0.2, norm.ppf(0.9)),
        (5, 3, 0.05, 11.88358367),
        (1, 3, 0.2, 1.8494683),
        (10, 3, 0.05, 24.86172217),
        (2.8, 8, 0.1, 7.0779747158),
    ],
)
def test_published_critical_values(root_m2: float, kurtosis: float, alpha: float, published: float) -> None:
    """Values of tests/testthat/test-cv.R of the authors' package ebci."""
    assert cva(root_m2**2, kurtosis, alpha).item() == pytest.approx(published, abs=1e-6)


@pytest.mark.parametrize("bias", [0.01, 1.0, 3.0])
def test_bias_of_one_size(bias: float) -> None:
    """Kurtosis 1: |N(bias, 1)| has a noncentral chi distribution."""
    assert cva(bias**2, 1.0).item() == pytest.approx(np.sqrt(ncx2.ppf(0.95, 1, bias**2)), abs=1e-6)


def test_kurtosis_beyond_the_worst_case_does_not_matter() -> None:
    assert cva(4.0, 20.0).item() == pytest.approx(cva(4.0).item(), abs=1e-9)
    assert cva(0.25, 15.0).item() < cva(0.25).item()


@pytest.mark.parametrize(
    ("m2", "kurtosis"), [(0.05, 4.0), (0.8, 1.5), (3.0, 6.0), (40.0, 3.0), (2.0, 1e9), (900.0, 9.0)]
)
def test_worst_case_over_all_distributions(m2: float, kurtosis: float) -> None:
    """No distribution of the bias on a fine grid exceeds the critical value oftener than 5 %."""
    value = cva(m2, kurtosis).item()
    bias = np.unique(np.r_[np.linspace(0, 3 * value + 5, 4000), np.sqrt(m2)])
    rate = norm.cdf(bias - value) + norm.cdf(-bias - value)
    square = bias**2 / m2
    solved = linprog(
        -rate, A_ub=[square**2], b_ub=[kurtosis], A_eq=[np.ones_like(bias), square], b_eq=[1, 1], method="highs"
    )
    assert -solved.fun == pytest.approx(0.05, abs=2e-5)


def test_huge_biases_follow_the_fourth_moment() -> None:
    """Without noise to speak of, the worst case has |b| at 0 and one other place: chance 5 %, fourth moment 3 m2^2."""
    values = cva(np.array([1e4, 1e6]), 3.0) / np.array([1e2, 1e3])
    assert values[1] == pytest.approx(values[0], rel=0.15)


DRAWS: dict[str, Callable[[np.random.Generator, tuple[int, int]], Array]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "t with 5 degrees of freedom": lambda rng, shape: rng.standard_t(5, shape) * np.sqrt(3 / 5),
    "two points": lambda rng, shape: rng.choice([-1.0, 1.0], shape),
    "a tenth differ": lambda rng, shape: (rng.random(shape) < 0.1) * rng.choice([-1.0, 1.0], shape) * np.sqrt(10),
    "a fifth of the themes differ": lambda rng, shape: (
        (rng.random(shape[1]) < 0.2) * rng.standard_normal(shape) * 5**0.5
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("spread", [0.0, 20.0, 60.0])
@pytest.mark.parametrize("kind", DRAWS)
def test_average_coverage_and_error(kind: str, spread: float) -> None:
    """5 values x 20 themes: 95 % within three simulation errors, never a larger error than raw beyond noise."""
    rng = np.random.default_rng(7)
    held, pooled_error, raw_error = [], [], []
    for _ in range(15):
        se = np.exp(rng.normal(3, 0.4, (5, 20)))
        truth = 50 * rng.standard_normal(20) + spread * DRAWS[kind](rng, (5, 20))
        estimates = truth + se * rng.standard_normal((5, 20))
        pooled = pool(estimates, se)
        half = half_width(pooled.noise, pooled.bias, pooled.kurtosis)
        held.append((np.abs(pooled.estimate - truth) <= half).mean())
        pooled_error.append(((pooled.estimate - truth) ** 2).mean())
        raw_error.append(((estimates - truth) ** 2).mean())
    assert np.mean(held) >= 0.95 - 3 * np.std(held) / np.sqrt(len(held))
    assert np.mean(pooled_error) <= 1.02 * np.mean(raw_error)


def test_alone_absent_and_noiseless_estimates() -> None:
    estimates = np.array([[-10.0, 5.0, -20.0], [-30.0, np.nan, -40.0], [-20.0, np.nan, 0.0]])
    se = np.array([[8.0, 9.0, 8.0], [8.0, np.nan, 8.0], [8.0, np.nan, 0.0]])
    pooled = pool(estimates, se)
    half = half_width(pooled.noise, pooled.bias, pooled.kurtosis)
    assert pooled.estimate[0, 1] == 5.0
    assert half[0, 1] == pytest.approx(1.959964 * 9, abs=1e-4)
    assert np.isnan(pooled.estimate[1:, 1]).all()
    assert np.isnan(half[1:, 1]).all()
    assert (pooled.estimate[2, 2], pooled.weight[2, 2], half[2, 2]) == (0.0, 1.0, 0.0)
    assert -40 < pooled.estimate[1, 2] < pooled.estimate[0, 2] < -20


def test_nothing_to_pool() -> None:
    pooled = pool(np.array([[-10.0, 3.0]]), np.array([[2.0, 0.0]]))
    assert pooled.estimate.tolist() == [[-10.0, 3.0]]
    assert half_width(pooled.noise, pooled.bias, pooled.kurtosis).round(2).tolist() == [[3.92, 0.0]]


def test_order_of_values_and_themes_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    estimates, se = 30 * rng.standard_normal((4, 6)), np.exp(rng.normal(2, 0.3, (4, 6)))
    rows, columns = rng.permutation(4), rng.permutation(6)
    there, here = pool(estimates[rows][:, columns], se[rows][:, columns]), pool(estimates, se)
    assert there.estimate == pytest.approx(here.estimate[rows][:, columns], abs=1e-9)


def test_precise_estimates_are_left_alone() -> None:
    estimates = np.array([[-60.0, 20.0], [0.0, -40.0], [40.0, 90.0]])
    pooled = pool(estimates, np.full((3, 2), 0.1))
    assert pooled.estimate == pytest.approx(estimates, abs=0.01)
