"""A line through noisy points: as smooth as the points allow, flat where they show no more than noise."""

from __future__ import annotations

import numpy as np

from verbatim.drivers.moments import Array

GRID = np.concatenate([[0.0], np.geomspace(1e-3, 10, 25)])
"""Steps tried for the variance of the true figure from one period to the next, in parts of the mean noise variance."""


def smooth(values: Array, se: Array) -> tuple[Array, Array]:
    """Smooth a series whose noise is known; NaN stands for periods without a point.

    The true figure walks at random, each step of the variance that makes the points likeliest (restricted maximum
    likelihood); where that is 0 the line is flat, the mean weighted by precision.

    Returns
    -------
    line, se : float arrays, shape (n_periods,)
        Posterior mean and standard error, given that variance; NaN where no period has a point.

    Source
    ------
    Local level model: Durbin and Koopman (2012), "Time Series Analysis by State Space Methods", chapter 2.

    Examples
    --------
    >>> line, se = smooth(np.array([10.0, 12.0, np.nan, 11.0]), np.ones(4))
    >>> line.round(2).tolist(), se.round(2).tolist()
    ([11.0, 11.0, 11.0, 11.0], [0.58, 0.58, 0.58, 0.58])
    """
    seen = np.flatnonzero(np.isfinite(values) & np.isfinite(se) & (se > 0))
    if len(seen) == 0:
        return np.full(len(values), np.nan), np.full(len(values), np.nan)
    noise = se[seen] ** 2
    step = _likeliest_step(values[seen], noise, np.diff(seen))
    if step == 0:
        mean = float(np.sum(values[seen] / noise) / np.sum(1 / noise))
        return np.full(len(values), mean), np.full(len(values), float(np.sum(1 / noise) ** -0.5))
    differences = np.diff(np.eye(len(values)), axis=0)
    precision = differences.T @ differences / step
    precision[seen, seen] += 1 / noise
    cov = np.linalg.inv(precision)
    told = np.zeros(len(values))
    told[seen] = values[seen] / noise
    return cov @ told, np.sqrt(np.diag(cov))


def _likeliest_step(values: Array, noise: Array, gaps: Array) -> float:
    """Variance of one period's step under which the differences of neighbouring points are likeliest."""
    if len(values) < 3:
        return 0.0
    differences, moved = np.diff(np.eye(len(values)), axis=0), np.diff(values)
    known = differences @ (noise[:, None] * differences.T)
    best, best_step = -np.inf, 0.0
    for step in GRID * noise.mean():
        cov = known + np.diag(step * gaps)
        likelihood = -0.5 * (np.linalg.slogdet(cov)[1] + moved @ np.linalg.solve(cov, moved))
        if likelihood > best + 1e-9:
            best, best_step = float(likelihood), float(step)
    return best_step
