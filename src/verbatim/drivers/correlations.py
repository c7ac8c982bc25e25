"""Weighted correlations of themes, segments and points: what importance and robustness are computed from.

In: the arrays of `verbatim.drivers.commenters.Commenters`. Out: `Correlations`, a few dozen rows whatever the number of
commenters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verbatim.drivers.moments import Array, Mentioned, gram_matrix

CONSTANT = 1e-12
"""A column whose variance is a smaller part of its mean square than this does not vary."""
COLLINEAR = 1e-9
"""A direction whose variance is this much smaller than the largest counts as not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Correlations:
    """Weighted correlations of the predictors with each other and with the points.

    A segment of several columns is turned into uncorrelated columns of unit variance that span the same space, so that
    nothing depends on how its values are coded. Columns that do not vary are not here.

    Attributes
    ----------
    among : float array, shape (p, p)
    with_points : float array, shape (p,)
        0 where the points do not vary.
    source : int array, shape (p,)
        Where each column comes from: 0 to s - 1 the segments in the order of ``segments``, s and on the themes.
    segments : tuple of str
    """

    among: Array
    with_points: Array
    source: NDArray[np.int64]
    segments: tuple[str, ...]


def correlate(
    points: Array, mentions: Mentioned, covariates: Array, weight: Array, owner: tuple[str, ...]
) -> Correlations:
    """Correlate themes and segments with each other and with the points, weighted.

    Parameters
    ----------
    points : float array, shape (n,)
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Without an intercept.
    weight : float array, shape (n,)
        Positive.
    owner : tuple of str, length c
        The segment of each covariate.
    """
    c = covariates.shape[1]
    sums = gram_matrix(np.column_stack([points, covariates]), mentions, weight)
    square = np.diag(sums)[1:] / sums[0, 0]
    mean = sums[0, 1:] / sums[0, 0]
    covariance = sums[1:, 1:] / sums[0, 0] - np.outer(mean, mean)
    segments = tuple(dict.fromkeys(owner))
    members = [1 + np.flatnonzero(np.array(owner) == name) for name in segments]
    members += [np.array([at]) for at in range(1 + c, len(square))]
    parts = [_whiten(covariance[np.ix_(at, at)], float(square[at].max())) for at in members]
    source = np.repeat(np.arange(len(members)), [part.shape[1] for part in parts])
    turn = np.zeros((len(square), len(source)))
    for place, (at, part) in enumerate(zip(members, parts, strict=True)):
        turn[np.ix_(at, source == place)] = part
    varies = covariance[0, 0] > CONSTANT * square[0]
    spread = np.sqrt(covariance[0, 0]) if varies else np.inf
    return Correlations(turn.T @ covariance @ turn, turn.T @ covariance[0] / spread, source, segments)


def _whiten(covariance: Array, square: float) -> Array:
    """Map columns to uncorrelated ones of unit variance; directions that do not vary are left out."""
    size, axes = np.linalg.eigh(covariance)
    kept = size > max(COLLINEAR * size[-1], CONSTANT * square)
    whitened: Array = axes[:, kept] / np.sqrt(size[kept])
    return whitened
