"""How much of the differences between scores each theme accounts for: Johnson's relative weights.

In: points, mentions and segments of the commenters. Out: `Importance`, shares of R². Importance says what goes with the
scores here; the effect (`verbatim.drivers.effects`) says what the NPS would read without a theme. A rare severe theme
has a small importance and can have a large effect per mention.
"""

from dataclasses import dataclass

import numpy as np

from verbatim.drivers.correlations import COLLINEAR, correlate
from verbatim.drivers.moments import Array, Mentioned


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """R² of the points on themes and segments, shared out.

    Attributes
    ----------
    themes : float array, shape (k,)
        Share of the variance of the points that each theme accounts for, 0..1; 0 for a theme that does not vary.
    segments : float array, shape (s,)
        The same for each segment, all its values together.
    names : tuple of str, length s
        The segments, in the order of their first column.
    r_squared : float
        0..1; the sum of ``themes`` and ``segments``.
    """

    themes: Array
    segments: Array
    names: tuple[str, ...]
    r_squared: float


def relative_weights(
    points: Array, mentions: Mentioned, covariates: Array, weight: Array, owner: tuple[str, ...]
) -> Importance:
    """Share R² out among correlated themes and segments.

    The predictors are replaced by the uncorrelated variables nearest to them (least squares); R² splits exactly over
    those, and each part goes back to the predictors by their squared correlations. With R the correlations of the
    predictors, r those with the points, L = R^(1/2) and b = L^(-1) r, the weight of a theme j is the sum over k of
    L_jk² b_k². Collinear predictors share (Moore-Penrose inverse). A segment of several columns counts as one block:
    its weight is the sum over blocks h of ||L_gh b_h||², which is Johnson's for single columns and does not depend on
    the coding of the values (the extension to blocks is ours).

    Parameters
    ----------
    points : float array, shape (n,)
        100, 0 or -100.
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Segment columns without an intercept.
    weight : float array, shape (n,)
        Positive.
    owner : tuple of str, length c
        The segment of each covariate.

    Returns
    -------
    Importance
        Sums to R² of the weighted regression to 1e-9. Shares are descriptive: no test, and not adjusted for the number
        of predictors.

    Source
    ------
    Johnson (2000), "A heuristic method for estimating the relative weight of predictor variables in multiple
    regression", Multivariate Behavioral Research 35(1), equations 4 to 10.

    Examples
    --------
    Two uncorrelated themes, one of which decides the score:

    >>> mentions = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], dtype=bool)
    >>> found = relative_weights(np.array([-100.0, -100, 100, 100]), mentions, np.zeros((4, 0)), np.ones(4), ())
    >>> found.themes.round(9).tolist(), round(found.r_squared, 9)
    ([1.0, 0.0], 1.0)
    """
    known = correlate(points, mentions, covariates, weight, owner)
    size, axes = np.linalg.eigh(known.among)
    kept = size > COLLINEAR  # of correlations, so the largest is 1 or more
    root, axes = np.sqrt(size[kept]), axes[:, kept]
    link = (axes * root) @ axes.T
    part = axes @ (axes.T @ known.with_points / root)
    n_segments, k = len(known.segments), mentions.shape[1]
    within = np.eye(n_segments + k)[known.source]
    squared = ((link * part) @ within) ** 2
    shares = within.T @ squared.sum(axis=1)
    return Importance(shares[n_segments:], shares[:n_segments], known.segments, float(part @ part))
