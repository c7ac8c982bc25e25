"""How strong a cause that nobody measured would have to be to explain an effect away.

In: points, mentions and segments of the commenters. Out: `Robustness`, one value a theme. A value near 0 says that a
weak unmeasured cause would do; beside it stands the strongest cause that was measured, as a yardstick. No value proves
that there is no such cause.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from verbatim.drivers.correlations import Correlations, correlate
from verbatim.drivers.moments import Array, Mentioned, pseudo_inverse

TANGLED = 1e-6
NO_RESIDUAL = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """What it would take to explain each theme's coefficient away; all float arrays (k,), 0..1.

    NaN for themes without a coefficient of their own (they do not vary, or are combinations of others).

    Attributes
    ----------
    value : float array, shape (k,)
        Robustness value: an unmeasured cause that explains this part of what is left of both the mentions and the
        points brings the coefficient to 0; one that explains less of both cannot.
    partial_r2 : float array, shape (k,)
        Part of what the others leave of the points that the theme explains.
    benchmark : tuple of (str or None), length k
        The measured segment or theme that would shake the coefficient most, were there one more like it.
    benchmark_mentions, benchmark_score : float arrays, shape (k,)
        What such a cause would explain of what is left of the mentions and of the points.
    benchmark_strength : float array, shape (k,)
        Both in one figure on the scale of ``value``: the cause would do if this reached ``value``.
    """

    value: Array
    partial_r2: Array
    benchmark: tuple[str | None, ...]
    benchmark_mentions: Array
    benchmark_score: Array
    benchmark_strength: Array


def robustness_value(t: ArrayLike, df: float) -> Array:
    """Robustness value of coefficients from their t values.

    RV = (sqrt(f^4 + 4 f^2) - f^2) / 2 with f = |t| / sqrt(df).

    Parameters
    ----------
    t : array-like
    df : float
        Residual degrees of freedom, positive.

    Returns
    -------
    float array, 0..1

    Source
    ------
    Cinelli and Hazlett (2020), "Making sense of sensitivity: extending omitted variable bias", Journal of the Royal
    Statistical Society B 82(1), section 4.2.

    Examples
    --------
    Their example, violence and attitudes to peace in Darfur (section 2, table 1), 13.9 %:

    >>> robustness_value(4.18, 783).round(4).item()
    0.1386
    """
    return _equal_parts(np.abs(np.asarray(t)) / np.sqrt(df))


def robustness(
    points: Array,
    mentions: Mentioned,
    covariates: Array,
    weight: Array,
    owner: tuple[str, ...],
    names: tuple[str, ...],
) -> Robustness:
    """Robustness value of every theme's coefficient, with the strongest measured benchmark beside it.

    Parameters
    ----------
    points : float array, shape (n,)
        100, 0 or -100.
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Segment columns without an intercept; ``owner`` names the segment of each.
    weight : float array, shape (n,)
        Positive.
    owner : tuple of str, length c
    names : tuple of str, length k
        Names of the themes, for ``benchmark``.

    Source
    ------
    Cinelli and Hazlett (2020), sections 4.2 (robustness value) and 4.4 (a cause as strong as a measured one: bounds
    with k_D = k_Y = 1; a segment counts with all its values).

    Examples
    --------
    Waiting decides most of the scores; the app little beside it:

    >>> mentions = np.array([[1, 1], [1, 0], [1, 1], [0, 0], [0, 1], [0, 0]] * 10, dtype=bool)
    >>> points = np.array([-100.0, -100, 0, 100, 0, 100] * 10)
    >>> found = robustness(points, mentions, np.zeros((60, 0)), np.ones(60), (), ("late", "app"))
    >>> found.value.round(2).tolist(), found.benchmark
    ([0.7, 0.23], ('app', 'late'))
    """
    known = correlate(points, mentions, covariates, weight, owner)
    inverse, missing = pseudo_inverse(known.among)
    coefficient = inverse @ known.with_points
    left = max(1.0 - float(known.with_points @ coefficient), 0.0)
    left = left if left > NO_RESIDUAL else 0.0
    sound = missing < TANGLED
    members = [np.flatnonzero((known.source == at) & sound) for at in range(len(known.segments) + len(names))]
    of_score = np.array([_explained(coefficient[at], inverse[np.ix_(at, at)], left) for at in members])
    themes = members[len(known.segments) :]
    of_mentions = _with_mentions(inverse, members, len(known.segments))
    own = of_score[len(known.segments) :]
    own = np.where([len(theme) == 1 for theme in themes], own, np.nan)
    return Robustness(robustness_value(np.sqrt(_odds(own)), 1.0), own, *_strongest(known, names, of_score, of_mentions))


def as_strong_as(with_mentions: ArrayLike, with_score: ArrayLike) -> tuple[Array, Array]:
    """Bound what an unmeasured cause as strong as a measured one would explain.

    Parameters
    ----------
    with_mentions : array-like, 0..1
        Partial R² of the measured cause with the mentions, given the other causes.
    with_score : array-like, 0..1
        Its partial R² with the points, given the other causes and the mentions.

    Returns
    -------
    of_mentions, of_score : float arrays, 0..1
        The parts of what is left of the mentions and of the points, at most.

    Source
    ------
    Cinelli and Hazlett (2020), section 4.4, with k_D = k_Y = 1.

    Examples
    --------
    Their benchmark "female": 0.9 % of the treatment, 12.5 % of the outcome:

    >>> [part.round(4).item() for part in as_strong_as(0.00908, 0.10903)]
    [0.0092, 0.1246]
    """
    of_mentions = np.minimum(_odds(np.asarray(with_mentions)), 1.0)
    overlap = np.minimum(of_mentions**2, 1 - NO_RESIDUAL)
    scale = (1 + np.sqrt(overlap)) ** 2 / (1 - overlap)
    return of_mentions, np.minimum(scale * _odds(np.minimum(with_score, 1 - NO_RESIDUAL)), 1.0)


def _equal_parts(strength: Array) -> Array:
    """Solve part^2 / (1 - part) = strength^2: how much of both sides an equally strong cause explains."""
    square = strength**2
    with np.errstate(divide="ignore"):
        parts: Array = 2 / (1 + np.sqrt(1 + 4 / square))
    return parts


def _odds(part: Array) -> Array:
    with np.errstate(divide="ignore"):
        odds: Array = part / (1 - part)
    return odds


def _explained(coefficient: Array, inverse: Array, left: float) -> float:
    """Partial R² of some columns with the points, given all others."""
    if not len(coefficient):
        return 0.0
    gained = float(coefficient @ np.linalg.solve(inverse, coefficient))
    return gained / (gained + left) if gained > 0 else 0.0


def _with_mentions(inverse: Array, members: list[NDArray[np.int64]], n_segments: int) -> Array:
    """Partial R² (k, s + k) of segments and themes with each theme's mentions, given all the rest; 0 with itself."""
    of_mentions = np.zeros((len(members) - n_segments, len(members)))
    rows = n_segments + np.flatnonzero([len(columns) for columns in members[n_segments:]])
    if not len(rows):
        return of_mentions
    columns = np.concatenate([members[at] for at in rows])
    precision = inverse[np.ix_(columns, columns)]
    squared = precision**2 / np.outer(np.diag(precision), np.diag(precision))
    of_mentions[np.ix_(rows - n_segments, rows)] = squared - np.diag(np.diag(squared))
    for segment, values in enumerate(members[:n_segments]):
        for row in rows:
            of_mentions[row - n_segments, segment] = _shared(inverse, np.append(members[row], values))
    return of_mentions


def _shared(inverse: Array, together: NDArray[np.int64]) -> float:
    """Partial R² of the first of some columns with the others of them, given all the rest."""
    if len(together) < 2:
        return 0.0
    covariance = np.linalg.inv(inverse[np.ix_(together, together)])
    gained = covariance[0, 1:] @ np.linalg.solve(covariance[1:, 1:], covariance[1:, 0])
    return float(gained / covariance[0, 0])


def _strongest(
    known: Correlations, names: tuple[str, ...], of_score: Array, of_mentions: Array
) -> tuple[tuple[str | None, ...], Array, Array, Array]:
    """Bound a cause as strong as each measured one, and take the one that would shake each theme most."""
    labels = (*known.segments, *names)
    k = len(names)
    if k == 0:
        return (), np.zeros(0), np.zeros(0), np.zeros(0)
    mentions, score = as_strong_as(of_mentions.reshape(k, len(labels)), of_score)
    strength = _equal_parts(np.sqrt(score * _odds(np.minimum(mentions, 1 - NO_RESIDUAL))))
    places = np.arange(k)
    strength[places, len(known.segments) + places] = -1.0
    best = strength.argmax(axis=1)
    none = strength[places, best] < 0
    named = tuple(None if none[at] else labels[best[at]] for at in places)
    taken = [np.where(none, np.nan, each[places, best]) for each in (mentions, score, strength)]
    return named, taken[0], taken[1], taken[2]
