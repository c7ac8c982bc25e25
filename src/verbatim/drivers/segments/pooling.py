"""Estimates of the same thing in several groups of customers, each drawn towards the others as far as the data say.

In: estimates with standard errors, one row a segment value, one column a theme. Out: `Pooled`. Intervals are robust
empirical Bayes: they hold the truth 95 % of the time on average over values and themes, whatever the distribution of
the true values. A single one of them may hold less often, if its true value is unlike all the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

ALPHA = 0.05
GRID = 48
"""Two-point distributions tried before the search is refined between the best one's neighbours."""
REFINED, HALVED, ROUNDS = 18, 44, 60
"""Golden sections of a grid step, halvings of the critical value, and more rounds of both than a search needs."""
FIRST_GUESS = 0.8
"""Times Markov's bound: a start from which the search for a critical value needs few rounds."""
GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Estimates drawn towards the centre of their column; all arrays (n_values, n_themes), NaN where there is none.

    Attributes
    ----------
    estimate : float array
        weight x own estimate + (1 - weight) x centre of the column.
    weight : float array
        0..1, what the own estimate counts.
    noise : float array
        Standard deviation of ``estimate`` around its mean, the true values being fixed.
    bias : float array
        Root mean square of what that mean is off the true value.
    kurtosis : float
        Of the true values around their centre; 3 is normal.
    spread : float
        Standard deviation of the true values around their centre, all columns together.
    """

    estimate: Array
    weight: Array
    noise: Array
    bias: Array
    kurtosis: float
    spread: float


def pool(estimates: Array, se: Array) -> Pooled:
    """Draw each estimate towards the centre of its column, the more the noisier it is.

    The weight of an estimate is mu2 / (mu2 + se^2), where mu2 is the mean squared deviation of the true values from
    the centre of their column. A survey has two to eight values of a segment, too few to learn a spread from, so mu2
    and the kurtosis are learned from all columns (themes) together. They are method-of-moments estimates, corrected
    for the centres being estimated, and not below what so few deviations can tell from 0 (posterior mean truncation):
    two equally precise values in a single column keep a weight of 2/3 at least, three 1/2, forty columns of three 1/41.

    Parameters
    ----------
    estimates, se : float arrays, shape (n_values, n_themes)
        NaN where a value has no estimate of a theme. An estimate alone in its column, or with a standard error of 0,
        is returned as it is; the latter takes no part in the centre of the others either.

    Returns
    -------
    Pooled

    Source
    ------
    Armstrong, Kolesar and Plagborg-Moller (2022), Econometrica 90(6), section 3.2 and, for the truncation, appendix
    A.1. The moments there take the centre as known; subtracting what estimating it costs is DerSimonian and Laird
    (1986), Controlled Clinical Trials 7(3), for the second one.

    Examples
    --------
    Two values of one theme, alike but for noise, are drawn together by a third:

    >>> pooled = pool(np.array([[-60.0], [-40.0]]), np.array([[20.0], [20.0]]))
    >>> pooled.estimate.round(2).ravel().tolist(), pooled.weight.round(2).ravel().tolist()
    ([-56.67, -43.33], [0.67, 0.67])
    """
    joins = np.isfinite(estimates) & (se > 0)
    joins &= joins.sum(axis=0) > 1
    y, variance = np.where(joins, estimates, 0.0), np.where(joins, se**2, np.inf)
    if not joins.any():
        return Pooled(estimates, np.where(np.isfinite(estimates), 1.0, np.nan), se, 0 * se, 3.0, np.nan)
    mu2 = _second_moment(y, 1 / variance)
    own = 1 / (variance + mu2)
    own = own / np.where(joins.any(axis=0), own.sum(axis=0), 1.0)
    known = np.where(joins, variance, 0.0)
    centre, centre_noise = (own * y).sum(axis=0), (own**2 * known).sum(axis=0)
    room = 1 - 2 * own + (own**2).sum(axis=0)
    kurtosis = _kurtosis((y - centre)[joins], (mu2 * room)[joins], (known * (1 - 2 * own) + centre_noise)[joins])
    weight = np.where(joins, mu2 / (mu2 + known), 1.0)
    noise = weight * (weight + 2 * (1 - weight) * own) * known + (1 - weight) ** 2 * centre_noise
    absent = np.where(np.isfinite(estimates), 0.0, np.nan)
    return Pooled(
        estimate=np.where(joins, weight * y + (1 - weight) * centre, estimates),
        weight=weight + absent,
        noise=np.where(joins, np.sqrt(noise), se),
        bias=np.where(joins, (1 - weight) * np.sqrt(mu2 * room), 0.0) + absent,
        kurtosis=kurtosis,
        spread=float(np.sqrt(mu2)),
    )


def _second_moment(y: Array, precision: Array) -> float:
    """Mean squared deviation of the true values from the precision-weighted centre of their column."""
    total = precision.sum(axis=0)
    kept = total > 0
    y, precision, total = y[:, kept], precision[:, kept], total[kept]
    deviation = y - (precision * y).sum(axis=0) / total
    freedom = (precision > 0).sum() - kept.sum()
    information = float((total - (precision**2).sum(axis=0) / total).sum())
    moment = float(((precision * deviation**2).sum() - freedom) / information)
    return max(moment, 2 / information)


def _kurtosis(deviation: Array, signal: Array, noise: Array) -> float:
    """Kurtosis of the true deviations, of variance ``signal``, seen through normal noise of variance ``noise``."""
    total = signal + noise
    information = float(((signal / total) ** 2).sum())
    excess = float(((deviation**2 / total) ** 2 - 3).sum())
    return max(3 + excess / information, 1 + 32 / information)


def half_width(noise: Array, bias: Array, kurtosis: float) -> Array:
    """Half the 95 % interval around estimates whose bias has a known size on average.

    Parameters
    ----------
    noise : float array
        Standard deviation of each estimate.
    bias : float array, same shape
        Root mean square of its bias.
    kurtosis : float
        Of the bias.

    Source
    ------
    Armstrong, Kolesar and Plagborg-Moller (2022), Econometrica 90(6), section 4.2: any linear shrinkage.

    Examples
    --------
    >>> half_width(np.array([10.0]), np.array([0.0]), 3.0).round(2).tolist()
    [19.6]
    """
    width = np.where(np.isfinite(noise + bias), 0.0, np.nan)
    noisy = np.isfinite(width) & (noise > 0)
    width[noisy] = cva((bias[noisy] / noise[noisy]) ** 2, kurtosis) * noise[noisy]
    return width


def cva(m2: ArrayLike, kurtosis: float = np.inf, alpha: float = ALPHA) -> Array:
    """Critical value that keeps |estimate - truth| / noise within it 95 % of the time on average.

    (estimate - truth) / noise is N(b, 1), where over many estimates b has mean square ``m2`` and the given kurtosis,
    and is otherwise unknown. The worst case has b^2 at two points at most; they are found by search.

    Parameters
    ----------
    m2 : array-like
        Mean square of the bias, in units of the noise; 0 or more.
    kurtosis : float
        1 or more; infinite where nothing is known of it.
    alpha : float
        How often the truth may lie outside.

    Source
    ------
    Armstrong, Kolesar and Plagborg-Moller (2022), Econometrica 90(6), section 3.1 and appendix B. Agrees with the
    values in the tests of the authors' R package ebci.

    Examples
    --------
    The usual 1.96 where there is no bias:

    >>> cva([0.0, 4.0], 3.0).round(3).tolist(), cva(4.0).round(3).item()
    ([1.96, 4.62], 7.216)
    """
    sizes = np.asarray(m2, dtype=float)
    square = np.maximum(sizes.ravel(), 1e-12)
    limit = np.sqrt((1 + square) / alpha)
    room = np.minimum(kurtosis - 1, (1.5 * limit + 1) ** 2 / square)
    value = np.minimum(limit, ((3 + 6 * square + (room + 1) * square**2) / alpha) ** 0.25) * FIRST_GUESS
    worst = _least_favourable(square, room, value)
    for _ in range(ROUNDS):
        before, value = value, _reach_alpha(*worst, alpha)
        if np.max(np.abs(value - before), initial=0.0) < 1e-7:
            break
        worst = _least_favourable(square, room, value)
    shaped: Array = value.reshape(sizes.shape)
    return shaped


def _least_favourable(m2: Array, room: Array, value: Array) -> tuple[Array, Array, Array]:
    """Two biases and the chance of the larger, with mean square ``m2``, that exceed the critical value most often."""
    ends = np.linspace(0.0, 2.0, GRID + 1)
    tried = _exceed(*_two_points(ends, m2[:, None], room[:, None], value[:, None]), value[:, None])
    best = tried.argmax(axis=1)
    low, high = ends[np.maximum(best - 1, 0)], ends[np.minimum(best + 1, GRID)]
    for _ in range(REFINED):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        at_left, at_right = (_exceed(*_two_points(at, m2, room, value), value) for at in (left, right))
        low, high = np.where(at_left < at_right, left, low), np.where(at_left < at_right, high, right)
    return _two_points((low + high) / 2, m2, room, value)


def _two_points(at: Array, m2: Array, room: Array, value: Array) -> tuple[Array, Array, Array]:
    """One of the candidates: up to 1 the smaller bias is 0 and the larger grows; from 1 the kurtosis is used up."""
    first = np.sqrt(m2)
    last = np.maximum(np.minimum(np.sqrt(m2 * (1 + room)), 1.5 * value + 1), first)
    small = m2 * np.clip(at - 1, 0.0, 1 - 1e-9)
    grown = (first + (last - first) * np.minimum(at, 1.0)) ** 2
    large = np.where(at <= 1, grown, m2 + room * m2**2 / (m2 - small))
    return np.sqrt(small), np.sqrt(large), (m2 - small) / (large - small)


def _exceed(small: Array, large: Array, chance: Array, value: Array) -> Array:
    """How often |N(b, 1)| exceeds the critical value."""
    from scipy.special import ndtr

    rate: Array = (1 - chance) * (ndtr(small - value) + ndtr(-small - value))
    rate += chance * (ndtr(large - value) + ndtr(-large - value))
    return rate


def _reach_alpha(small: Array, large: Array, chance: Array, alpha: float) -> Array:
    """Critical value that these two biases exceed with probability ``alpha``, by bisection."""
    low, high = np.zeros_like(large), large + 10.0
    for _ in range(HALVED):
        middle = (low + high) / 2
        often = _exceed(small, large, chance, middle) > alpha
        low, high = np.where(often, middle, low), np.where(often, high, middle)
    return (low + high) / 2
