"""The ranking seen by an ordinal logit: detractor, passive, promoter as ordered categories instead of points.

In: points, mentions and segments of the commenters. Out: `Ordinal`, effects in the same NPS points as those of
`verbatim.drivers.effects`. Where both rankings agree, the straight line of least squares is no worry.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers.moments import Array, Mentioned, blocks

MOST_ROWS = 50_000
"""The logit is fitted on every j-th commenter beyond this; the means are over all of them."""
RIDGE = 1e-4
"""Keeps coefficients finite where a theme decides the category; beside a few answers it weighs nothing."""
STEPS, HALVINGS, ENOUGH = 60, 40, 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Ordinal:
    """An ordinal logit of the score category on mentions and segments.

    Attributes
    ----------
    effect : float array, shape (k,)
        NPS points on the whole population (-200..200): weighted mean over the commenters of expected points given
        their answers less expected points with the theme switched off.
    coefficient : float array, shape (k,)
        Log odds of a higher category, for a mention.
    n_used : int
        Commenters the logit was fitted on.
    converged : bool
        False would mean that the likelihood could still rise.
    note : str or None
        What the reader should know, in a sentence.
    """

    effect: Array
    coefficient: Array
    n_used: int
    converged: bool
    note: str | None


def ordinal_effects(points: Array, mentions: Mentioned, covariates: Array, weight: Array) -> Ordinal:
    """Fit a weighted cumulative logit and express each theme's part in NPS points.

    P(category at most j) = 1 / (1 + exp(x b - cut_j)). The log likelihood is concave (Pratt 1981), so Newton's method
    with step halving finds its maximum; a ridge of 1e-4 keeps a theme whose mentioners are all detractors finite.
    Categories that nobody is in are left out; with a single one every effect is 0.

    Parameters
    ----------
    points : float array, shape (n,)
        100, 0 or -100, in content order: of more than 50,000 rows every j-th enters the fit.
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Segment columns without an intercept.
    weight : float array, shape (n,)
        Positive; brought to mean 1.

    Source
    ------
    Model: McCullagh (1980), "Regression models for ordinal data", Journal of the Royal Statistical Society B 42(2).
    Effect by standardisation (g-computation): Robins (1986), Mathematical Modelling 7; Hernan and Robins (2020),
    "Causal Inference: What If", section 13.2, here as arithmetic on associations.

    Examples
    --------
    One theme and all its categories: the logit repeats the shares, so both effects agree:

    >>> waited = np.array([True] * 4 + [False] * 4)[:, None]
    >>> points = np.array([-100.0, -100, -100, 100, -100, 100, 100, 100])
    >>> ordinal_effects(points, waited, np.zeros((8, 0)), np.ones(8)).effect.round(1).tolist()
    [-50.0]
    """
    n, k = mentions.shape
    levels, category = np.unique(points, return_inverse=True)
    nothing = np.zeros(k)
    if len(levels) < 2:
        alone = "All commenters are in one score category, so the ordinal logit has nothing to explain."
        return Ordinal(nothing, nothing, n, True, alone)
    step = -(-n // MOST_ROWS)
    x = np.column_stack([covariates[::step], mentions[::step]])
    cuts, slopes, converged = _fit(category[::step], x, weight[::step] / weight[::step].mean(), len(levels) - 1)
    effect = _switched_off(cuts, slopes, levels, mentions, covariates, weight)
    note = f"The ordinal logit was fitted on {len(x):,} of the {n:,} commenters." if step > 1 else None
    return Ordinal(effect, slopes[covariates.shape[1] :], len(x), converged, note)


def ranked(effect: Array) -> pd.Series:
    """Rank effects, 1 the most negative; effects alike but for rounding keep their order, and null has no rank.

    Examples
    --------
    >>> ranked(np.array([2.0, -1.0 + 1e-15, np.nan, -1.0])).tolist()
    [3.0, 1.0, nan, 2.0]
    """
    return pd.Series(effect).round(9).rank(method="first")


def _fit(category: NDArray[np.int64], x: Array, weight: Array, n_cuts: int) -> tuple[Array, Array, bool]:
    """Newton's method with step halving, from the shares of the categories."""
    size = np.bincount(category, weights=weight, minlength=n_cuts + 1)
    below = (np.cumsum(size)[:-1] + 0.5) / (size.sum() + 0.5 * (n_cuts + 1))
    values = np.concatenate([np.log(below / (1 - below)), np.zeros(x.shape[1])])
    height = _log_likelihood(values, category, x, weight, n_cuts)
    for _ in range(STEPS):
        gradient, information = _derivatives(values, category, x, weight, n_cuts)
        move = np.linalg.lstsq(information, gradient, rcond=1e-14)[0]
        if gradient @ move < ENOUGH:
            return values[:n_cuts], values[n_cuts:], True
        for _ in range(HALVINGS):
            higher = _log_likelihood(values + move, category, x, weight, n_cuts)
            if higher >= height:
                break
            move = move / 2
        else:
            break
        values, height = values + move, higher
    return values[:n_cuts], values[n_cuts:], False


def _bounds(values: Array, category: NDArray[np.int64], x: Array, n_cuts: int) -> tuple[Array, Array]:
    """Upper and lower limit of each commenter's category less the linear part; infinite at the ends."""
    limits = np.concatenate([[-np.inf], values[:n_cuts], [np.inf]])
    linear = x @ values[n_cuts:]
    return limits[category + 1] - linear, limits[category] - linear


def _log_likelihood(values: Array, category: NDArray[np.int64], x: Array, weight: Array, n_cuts: int) -> float:
    """Penalised; with u and l the limits, log P = log s(u) + log s(-l) + log(1 - exp(l - u)), which never cancels."""
    if np.any(np.diff(values[:n_cuts]) <= 0):
        return -np.inf
    upper, lower = _bounds(values, category, x, n_cuts)
    gap = np.concatenate([[0.0], np.log(-np.expm1(-np.diff(values[:n_cuts]))), [0.0]])
    each = gap[category] - np.logaddexp(0.0, -upper) - np.logaddexp(0.0, lower)
    return float(weight @ each) - RIDGE / 2 * float(values[n_cuts:] @ values[n_cuts:])


def _derivatives(
    values: Array, category: NDArray[np.int64], x: Array, weight: Array, n_cuts: int
) -> tuple[Array, Array]:
    """Gradient and observed information of the penalised log likelihood."""
    upper, lower = _bounds(values, category, x, n_cuts)
    to_upper, to_lower = weight * _logistic(-upper), weight * _logistic(lower)
    bend_upper, bend_lower = to_upper * _logistic(upper), to_lower * _logistic(-lower)
    slopes = values[n_cuts:]
    cuts, crossed = np.zeros((2, n_cuts)), np.zeros((n_cuts, x.shape[1]))
    for cut in range(n_cuts):
        above, under = category == cut, category == cut + 1
        cuts[0, cut] = to_upper[above].sum() - to_lower[under].sum()
        cuts[1, cut] = bend_upper[above].sum() + bend_lower[under].sum()
        crossed[cut] = -(bend_upper[above] @ x[above] + bend_lower[under] @ x[under])
    between = np.diag(cuts[1])
    inside = np.array([weight[category == between].sum() for between in range(1, n_cuts)])
    shrunk = np.exp(-np.diff(values[:n_cuts]))
    pull, bend = inside * shrunk / (1 - shrunk), inside * shrunk / (1 - shrunk) ** 2
    for at in range(n_cuts - 1):
        cuts[0, at : at + 2] += np.array([-pull[at], pull[at]])
        between[at : at + 2, at : at + 2] += bend[at] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    gradient = np.concatenate([cuts[0], x.T @ (to_lower - to_upper) - RIDGE * slopes])
    curved = x.T @ (x * (bend_upper + bend_lower)[:, None]) + RIDGE * np.eye(x.shape[1])
    return gradient, np.block([[between, crossed], [crossed.T, curved]])


def _logistic(value: Array) -> Array:
    from scipy.special import expit

    logistic: Array = expit(value)
    return logistic


def _switched_off(
    cuts: Array, slopes: Array, levels: Array, mentions: Mentioned, covariates: Array, weight: Array
) -> Array:
    """Weighted mean of expected points less expected points without the theme."""
    c, steps = covariates.shape[1], np.diff(levels)
    lost = np.zeros(mentions.shape[1])
    for rows in blocks(len(weight)):
        said, w = mentions[rows], weight[rows]
        linear = covariates[rows] @ slopes[:c] + said @ slopes[c:]
        with_it = _expected(linear, cuts, steps)
        for theme in range(len(lost)):
            on = np.flatnonzero(said[:, theme])
            lost[theme] += w[on] @ (with_it[on] - _expected(linear[on] - slopes[c + theme], cuts, steps))
    effect: Array = lost / weight.sum()
    return effect


def _expected(linear: Array, cuts: Array, steps: Array) -> Array:
    """Expected points above those of the lowest category: each cut passed adds its step."""
    total: Array = _logistic(linear[:, None] - cuts) @ steps
    return total
