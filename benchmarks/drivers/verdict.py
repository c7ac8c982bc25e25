"""Whether a simulated rate reaches its goal, or misses it by no more than simulation explains.

METHODS: coverage is judged over 2,000 surveys, or by a binomial test; family-wise error by its lower 95 % bound.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, norm

Array = NDArray[np.float64]
LOWEST, HIGHEST, WORST = 0.93, 0.97, 0.90
UNSURE = " (off by less than simulation error)"


class Verdict(NamedTuple):
    """The figures as printed, and whether the goal is reached: a figure off by chance alone reaches it, and says so."""

    figures: str
    reached: bool


def coverage(held: Array) -> Verdict:
    """Mean 93-97 % and worst theme >= 90 %; ``held`` is (surveys, themes) of 0 and 1, NaN where there is no interval.

    Off by chance: the mean by less than 1.96 standard errors (themes of one survey belong together), the worst theme
    by a one-sided binomial test at 5 % shared out over the themes.
    """
    by_theme = np.nanmean(held, axis=0)
    mean, worst = float(np.nanmean(by_theme)), float(np.nanmin(by_theme))
    figures = f"{mean:.3f}, {worst:.3f}" if held.shape[1] > 1 else f"{mean:.3f}"
    if LOWEST <= mean <= HIGHEST and worst >= WORST:
        return Verdict(figures, True)
    by_survey, n = np.nanmean(held, axis=1), len(held)
    error = max(float(np.std(by_survey)) / np.sqrt(n), np.sqrt(0.95 * 0.05 / held.size))
    mean_fits = LOWEST - 1.96 * error <= mean <= HIGHEST + 1.96 * error
    return _unsure(figures, mean_fits and not surely_under(held, WORST))


def at_least(held: Array, goal: float) -> Verdict:
    """Every theme's rate reaches ``goal``; ``held`` as for `coverage`."""
    by_theme = np.nanmean(held, axis=0)
    figures = f"{np.nanmean(by_theme):.3f}, {np.nanmin(by_theme):.3f}"
    if np.nanmin(by_theme) >= goal:
        return Verdict(figures, True)
    return _unsure(figures, not surely_under(held, goal))


def at_most(hits: NDArray[np.bool_], goal: float) -> Verdict:
    """The rate is ``goal`` at most, or a one-sided binomial test at 5 % does not deny it."""
    rate = float(np.mean(hits))
    if rate <= goal:
        return Verdict(f"{rate:.3f}", True)
    return _unsure(f"{rate:.3f}", binomtest(int(hits.sum()), len(hits), goal, "greater").pvalue > 0.05)


def lower_bound(hits: NDArray[np.bool_], goal: float) -> Verdict:
    """The lower 95 % bound of the rate (Clopper and Pearson 1934) is ``goal`` at most."""
    low = binomtest(int(hits.sum()), len(hits)).proportion_ci(0.95, "exact").low
    return Verdict(f"{np.mean(hits):.3f} (lower bound {low:.3f})", bool(low <= goal))


def surely_under(held: Array, goal: float) -> bool:
    """Whether some theme's rate is under ``goal`` by a one-sided binomial test at 5 % over all themes together."""
    n, hits = np.isfinite(held).sum(axis=0), np.nansum(held, axis=0)
    tests = [binomtest(int(x), int(of), goal, "less").pvalue for x, of in zip(hits, n, strict=True) if of]
    return min(tests) < 0.05 / len(tests)


def within(gaps: Array, errors: Array, goal: float) -> bool:
    """Whether no gap is beyond ``goal`` by more than its simulation error, at 5 % over all gaps together."""
    beyond = (np.abs(gaps) - goal) / np.maximum(errors, 1e-12)
    return bool(beyond.max() <= norm.ppf(1 - 0.05 / len(gaps)))


def _unsure(figures: str, reached: bool) -> Verdict:
    return Verdict(figures + UNSURE if reached else figures, reached)
