"""What each theme adds to the NPS: weighted least squares, and its exact arithmetic.

In: points (100, 0, -100), mentions, covariates and weights of the commenters. Out: a `Fit`. Everything here is
algebra that sums exactly: base + effects = NPS, promoters lost + detractors made = effect, tone parts = effect,
leave-out = effect + bridge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RANK_TOLERANCE = 1e-8
"""A direction this much shorter than the themes themselves counts as not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Weighted least squares of the points on [1, covariates, mentions], over n commenters and k themes.

    Attributes
    ----------
    points : float array, shape (n,)
        What each commenter adds to the NPS.
    mentions : float array, shape (n, k)
    covariates : float array, shape (n, c)
        Segment columns, coded to sum to zero.
    weight : float array, shape (n,)
        Positive.
    share : float array, shape (k,)
        Weighted share of the commenters who mention the theme.
    per_mention : float array, shape (k,)
        The coefficient b_k: points on a mentioner's answer; 0 where nothing can be estimated.
    residual : float array, shape (n,)
    leverage : float array, shape (n,)
        Diagonal of the weighted hat matrix.
    pull : float array, shape (n, k)
        What one point more from a commenter adds to each coefficient.
    estimable : bool array, shape (k,)
        False where a theme is fixed by intercept and segments, such as one that everybody mentions.
    tangled : bool array, shape (k,)
        True where themes are linear combinations of each other; the joint effect is shared out evenly
        (minimum norm).
    """

    points: Array
    mentions: Array
    covariates: Array
    weight: Array
    share: Array
    per_mention: Array
    residual: Array
    leverage: Array
    pull: Array
    estimable: NDArray[np.bool_]
    tangled: NDArray[np.bool_]

    @property
    def effect(self) -> Array:
        """NPS points each theme adds to or takes from the whole population: share x coefficient."""
        return self.share * self.per_mention

    @property
    def nps(self) -> float:
        """Weighted NPS of the commenters."""
        return _mean(self.points, self.weight)

    @property
    def base(self) -> float:
        """Intercept and segment part: the NPS less all effects, -100..100 and beyond."""
        return _mean(self.points - self.residual - self.mentions @ self.per_mention, self.weight)


def fit_effects(points: Array, mentions: Array, covariates: Array, weight: Array) -> Fit:
    """Regress the points on the mentions, beside intercept and covariates, without a penalty.

    Parameters
    ----------
    points : float array, shape (n,)
        100 for a promoter, 0 for a passive, -100 for a detractor.
    mentions : float array, shape (n, k)
        0 or 1.
    covariates : float array, shape (n, c)
        Without an intercept.
    weight : float array, shape (n,)
        Positive.

    Source
    ------
    Theme coefficients after partialling out the rest: Frisch and Waugh (1933), Econometrica 1(4), section 3.

    Examples
    --------
    Two who waited score 0, one who did not 10 and one 8; waiting costs 150 points a mention, 75 on the NPS of -25:

    >>> fit = fit_effects(
    ...     np.array([-100.0, -100, 100, 0]), np.array([[1.0], [1], [0], [0]]), np.zeros((4, 0)), np.ones(4)
    ... )
    >>> round(fit.per_mention[0], 9), round(fit.effect[0], 9), round(fit.base, 9)
    (np.float64(-150.0), np.float64(-75.0), 50.0)
    """
    root = np.sqrt(weight / weight.mean())[:, None]
    background = _basis(root * np.column_stack([np.ones(len(points)), covariates]))
    rotated = root * mentions
    size = np.linalg.norm(rotated, axis=0)
    rotated = rotated - background @ (background.T @ rotated)
    left = np.linalg.norm(rotated, axis=0)
    estimable = left > RANK_TOLERANCE * np.maximum(size, 1e-300)
    scale = np.where(estimable, left, np.inf)
    directions, inverse, null = _decompose(rotated / scale)
    pull = (directions @ inverse) / scale * root
    per_mention = pull.T @ points
    partial = points - mentions @ per_mention
    residual = partial - (background @ (background.T @ (root[:, 0] * partial))) / root[:, 0]
    return Fit(
        points=points,
        mentions=mentions,
        covariates=covariates,
        weight=weight,
        share=mentions.T @ weight / weight.sum(),
        per_mention=per_mention,
        residual=residual,
        leverage=np.sum(background**2, axis=1) + np.sum(directions**2, axis=1),
        pull=pull,
        estimable=estimable,
        tangled=estimable & (null > 1e-6),
    )


def _mean(values: Array, weight: Array) -> float:
    return float(weight @ values / weight.sum())


def _basis(columns: Array) -> Array:
    """Orthonormal basis of the space the columns span."""
    q, r = np.linalg.qr(columns)
    left, size, _ = np.linalg.svd(r)
    basis: Array = q @ left[:, : int(np.sum(size > RANK_TOLERANCE * size[0]))]
    return basis


def _decompose(columns: Array) -> tuple[Array, Array, Array]:
    """Orthonormal directions of the columns, the map from directions to coefficients, and what has no direction."""
    k = columns.shape[1]
    if k == 0 or not np.any(columns):
        return np.zeros((len(columns), 0)), np.zeros((0, k)), np.zeros(k)
    q, r = np.linalg.qr(columns)
    left, size, right = np.linalg.svd(r, full_matrices=False)
    keep = size > RANK_TOLERANCE * size[0]
    inverse: Array = right[keep] / size[keep, None]
    return q @ left[:, keep], inverse, 1 - np.sum(right[keep] ** 2, axis=0)


def outcome_split(fit: Fit) -> tuple[Array, Array]:
    """Split every effect exactly into promoters lost and detractors made, by the same regression on each.

    Returns
    -------
    promoters_lost, detractors_made : float arrays, shape (k,)
        NPS points, negative where the theme costs promoters or makes detractors; their sum is ``fit.effect``.

    Examples
    --------
    >>> fit = fit_effects(
    ...     np.array([-100.0, -100, 100, 0]), np.array([[1.0], [1], [0], [0]]), np.zeros((4, 0)), np.ones(4)
    ... )
    >>> [round(part[0], 6).item() for part in outcome_split(fit)]
    [-25.0, -50.0]
    """
    promoters = fit.pull.T @ np.maximum(fit.points, 0.0)
    detractors = fit.pull.T @ np.minimum(fit.points, 0.0)
    return fit.share * promoters, fit.share * detractors


def tone_parts(fit: Fit, sentiment: Array, neutral_band: float) -> tuple[Array, Array, Array]:
    """Split every effect exactly by the tone of the mentions that carry it.

    Parameters
    ----------
    fit : Fit
    sentiment : float array, shape (n, k)
        -1..1; NaN counts as neutral.
    neutral_band : float
        Mentions are negative below minus this, positive above it.

    Returns
    -------
    negative, neutral, positive : float arrays, shape (k,)
        NPS points; their sum is ``fit.effect``, because least squares makes the weighted residuals of the mentioners
        of a theme sum to zero.
    """
    signs = (sentiment < -neutral_band, sentiment > neutral_band)
    negative, positive = (_carried(fit, sign) for sign in signs)
    return negative, fit.effect - negative - positive, positive


def _carried(fit: Fit, rows: NDArray[np.bool_]) -> Array:
    speaking = fit.mentions * rows
    carried = (fit.weight @ speaking) * fit.per_mention + (fit.weight * fit.residual) @ speaking
    points: Array = carried / fit.weight.sum()
    return points


def mentioners_nps(points: Array, mentions: Array, weight: Array) -> Array:
    """Weighted NPS of the commenters who mention each theme, -100..100; NaN where nobody does.

    Examples
    --------
    >>> mentioners_nps(np.array([100.0, 100, 0, -100]), np.array([[0.0], [0], [1], [1]]), np.ones(4)).tolist()
    [-50.0]
    """
    total = weight @ mentions
    gained = (weight * points) @ mentions
    nobody = np.full(len(total), np.nan)
    means: Array = np.divide(gained, total, out=nobody, where=(mentions > 0).any(axis=0))
    return means


def leave_out(points: Array, mentions: Array, weight: Array) -> Array:
    """NPS of all commenters less the NPS of those who do not mention the theme; NaN where everybody does.

    The number other tools rank by, over the same weighted responses as the effect, so that `bridge` is exact.

    Examples
    --------
    All four read 25, the two who do not mention the theme 100:

    >>> leave_out(np.array([100.0, 100, 0, -100]), np.array([[0.0], [0], [1], [1]]), np.ones(4)).tolist()
    [-75.0]
    """
    difference: Array = _mean(points, weight) - mentioners_nps(points, 1 - mentions, weight)
    return difference


def bridge(fit: Fit, theme: int) -> tuple[Array, Array]:
    """Why leave-out differs from the effect: what of it belongs to the other themes and to the segments.

    leave_out = effect + sum of the bridge, where another column's line is
    share x its coefficient x (its mean among mentioners - its mean among the others).

    Parameters
    ----------
    fit : Fit
    theme : int
        Column of ``fit.mentions``; somebody mentions it and somebody does not.

    Returns
    -------
    themes : float array, shape (k,)
        NPS points that belong to each other theme; 0 for the theme itself.
    covariates : float array, shape (c,)
        NPS points that belong to each segment column.
    """
    speaks = fit.mentions[:, theme]
    mentioners, others = fit.weight * speaks, fit.weight * (1 - speaks)
    columns = np.column_stack([fit.mentions, fit.covariates])
    gap = mentioners @ columns / mentioners.sum() - others @ columns / others.sum()
    lines: Array = fit.share[theme] * gap * np.concatenate([fit.per_mention, _covariate_coefficients(fit)])
    lines[theme] = 0.0
    k = fit.mentions.shape[1]
    return lines[:k], lines[k:]


def _covariate_coefficients(fit: Fit) -> Array:
    root = np.sqrt(fit.weight)[:, None]
    design = np.column_stack([np.ones(len(fit.points)), fit.covariates])
    fitted = fit.points - fit.residual - fit.mentions @ fit.per_mention
    coefficients: Array = np.linalg.lstsq(root * design, root[:, 0] * fitted, rcond=None)[0]
    return coefficients[1:]
