"""What each theme adds to the NPS: weighted least squares, and its exact arithmetic.

In: points (100, 0, -100), mentions, covariates and weights of the commenters. Out: a `Fit`. Everything here is
algebra that sums exactly: base + effects = NPS, promoters lost + detractors made = effect, tone parts = effect,
leave-out = effect + bridge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verbatim.drivers.moments import (
    SMALLEST_DIRECTION,
    Array,
    Mentioned,
    blocks,
    design,
    gram_matrix,
    pseudo_inverse,
    sums_over_mentioners,
)
from verbatim.drivers.tones import Tones


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Weighted least squares of the points on [1, covariates, mentions], over n commenters, k themes, p columns.

    Attributes
    ----------
    points : float array, shape (n,)
        What each commenter adds to the NPS.
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Segment columns, coded to sum to zero.
    weight : float array, shape (n,)
        Positive.
    gram : float array, shape (p, p)
        Weighted sums of products of the columns.
    inverse : float array, shape (p, p)
        Its inverse, over the directions it has.
    coefficients : float array, shape (p, 2)
        Of the points of promoters and of those of detractors; their sum explains the points.
    residual : float array, shape (n,)
    estimable : bool array, shape (k,)
        False where a theme is fixed by intercept and segments, such as one that everybody mentions.
    tangled : bool array, shape (k,)
        True where themes are linear combinations of each other; the joint effect is shared out evenly
        (minimum norm).
    """

    points: Array
    mentions: Mentioned
    covariates: Array
    weight: Array
    gram: Array
    inverse: Array
    coefficients: Array
    residual: Array
    estimable: NDArray[np.bool_]
    tangled: NDArray[np.bool_]

    @property
    def first_theme(self) -> int:
        """Column of the first theme: 1 + c."""
        return 1 + int(self.covariates.shape[1])

    @property
    def share(self) -> Array:
        """Weighted share (k,) of the commenters who mention each theme."""
        share: Array = self.gram[0, self.first_theme :] / self.gram[0, 0]
        return share

    @property
    def per_mention(self) -> Array:
        """Coefficient b (k,): points on a mentioner's answer; 0 where nothing can be estimated."""
        coefficient: Array = self.coefficients[self.first_theme :].sum(axis=1)
        return coefficient

    @property
    def effect(self) -> Array:
        """NPS points (k,) each theme adds to or takes from the whole population: share x coefficient."""
        return self.share * self.per_mention

    @property
    def nps(self) -> float:
        """Weighted NPS of the commenters."""
        return _mean(self.points, self.weight)

    @property
    def base(self) -> float:
        """Intercept and segment part: the NPS less all effects, -100..100 and beyond."""
        background = self.coefficients[: self.first_theme].sum(axis=1)
        return float(self.gram[0, : self.first_theme] @ background / self.gram[0, 0])


def fit_effects(points: Array, mentions: Mentioned, covariates: Array, weight: Array) -> Fit:
    """Regress the points on the mentions, beside intercept and covariates, without a penalty.

    Parameters
    ----------
    points : float array, shape (n,)
        100 for a promoter, 0 for a passive, -100 for a detractor.
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Without an intercept.
    weight : float array, shape (n,)
        Positive.

    Source
    ------
    Theme coefficients after partialling out the rest: Frisch and Waugh (1933), Econometrica 1(4), section 3. One step
    of refinement on the residuals: Bjorck (1996), "Numerical Methods for Least Squares Problems", section 6.6.

    Examples
    --------
    Two who waited score 0, one who did not 10 and one 8; waiting costs 150 points a mention, 75 on the NPS of -25:

    >>> waited = np.array([[True], [True], [False], [False]])
    >>> fit = fit_effects(np.array([-100.0, -100, 100, 0]), waited, np.zeros((4, 0)), np.ones(4))
    >>> round(fit.per_mention[0], 9), round(fit.effect[0], 9), round(fit.base, 9)
    (np.float64(-150.0), np.float64(-75.0), 50.0)
    """
    gram = gram_matrix(covariates, mentions, weight)
    inverse, estimable, missing = _solve(gram, 1 + covariates.shape[1])
    outcomes = np.column_stack([np.maximum(points, 0.0), np.minimum(points, 0.0)])
    coefficients = np.zeros((len(gram), 2))
    for _ in range(2):  # the second round takes away what rounding left in the first
        left = np.zeros_like(coefficients)
        for rows in blocks(len(points)):
            part = design(covariates, mentions, rows)
            left += part.T @ (weight[rows, None] * (outcomes[rows] - part @ coefficients))
        coefficients += inverse @ left
    return Fit(
        points=points,
        mentions=mentions,
        covariates=covariates,
        weight=weight,
        gram=gram,
        inverse=inverse,
        coefficients=coefficients,
        residual=_residual(points, mentions, covariates, coefficients.sum(axis=1)),
        estimable=estimable,
        tangled=estimable & (missing > 1e-6),
    )


def _solve(gram: Array, first: int) -> tuple[Array, NDArray[np.bool_], Array]:
    """Inverse of the sums of products, intercept and segments before the themes; which themes they leave anything of.

    Themes are inverted after taking out what intercept and segments hold of them, so that those have precedence.
    """
    background, _ = pseudo_inverse(gram[:first, :first])
    carried = background @ gram[:first, first:]
    own = gram[first:, first:] - gram[first:, :first] @ carried
    estimable = np.diag(own) > SMALLEST_DIRECTION * np.maximum(np.diag(gram)[first:], 1e-300)
    both = np.outer(estimable, estimable)
    themes, missing = pseudo_inverse(np.where(both, own, 0.0))
    mixed = -carried @ themes
    inverse = np.block([[background - mixed @ carried.T, mixed], [mixed.T, themes]])
    return inverse, estimable, missing


def _residual(points: Array, mentions: Mentioned, covariates: Array, coefficients: Array) -> Array:
    residual = np.empty(len(points))
    for rows in blocks(len(points)):
        residual[rows] = points[rows] - design(covariates, mentions, rows) @ coefficients
    return residual


def _mean(values: Array, weight: Array) -> float:
    return float(weight @ values / weight.sum())


def outcome_split(fit: Fit) -> tuple[Array, Array]:
    """Split every effect exactly into promoters lost and detractors made, by the same regression on each.

    Returns
    -------
    promoters_lost, detractors_made : float arrays, shape (k,)
        NPS points, negative where the theme costs promoters or makes detractors; their sum is ``fit.effect``.

    Examples
    --------
    >>> waited = np.array([[True], [True], [False], [False]])
    >>> fit = fit_effects(np.array([-100.0, -100, 100, 0]), waited, np.zeros((4, 0)), np.ones(4))
    >>> [round(part[0], 6).item() for part in outcome_split(fit)]
    [-25.0, -50.0]
    """
    promoters, detractors = fit.coefficients[fit.first_theme :].T
    return fit.share * promoters, fit.share * detractors


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """The mentions of one tone, theme by theme: their weighted share and the points they carry, both (k,)."""

    share: Array
    carried: Array


def by_tone(fit: Fit, sentiment: Tones, neutral_band: float) -> tuple[Tone, Tone]:
    """Gather the negative and the positive mentions of every theme, and split its effect exactly between them.

    What the neutral mentions carry is ``fit.effect`` less both: least squares makes the weighted residuals of the
    mentioners of a theme sum to zero.

    Parameters
    ----------
    fit : Fit
    sentiment : Tones, shape (n, k)
    neutral_band : float
        Mentions are negative below minus this, positive above it.
    """
    weighted = np.column_stack([fit.weight, fit.weight * fit.residual])
    sums = np.zeros((2, fit.mentions.shape[1], 2))
    for rows in blocks(len(fit.weight)):
        tones = sentiment.block(rows)
        for total, sign in zip(sums, (-1.0, 1.0), strict=True):
            speaking = fit.mentions[rows] & (sign * tones > neutral_band)
            total += speaking.T.astype(np.float64) @ weighted[rows]
    whole = fit.gram[0, 0]
    return tuple(  # type: ignore[return-value]
        Tone(share / whole, (share * fit.per_mention + left) / whole) for share, left in (total.T for total in sums)
    )


def mentioners_nps(points: Array, mentions: Mentioned, weight: Array) -> Array:
    """Weighted NPS of the commenters who mention each theme, -100..100; NaN where nobody does.

    Examples
    --------
    >>> mentions = np.array([[False], [False], [True], [True]])
    >>> mentioners_nps(np.array([100.0, 100, 0, -100]), mentions, np.ones(4)).tolist()
    [-50.0]
    """
    return _mean_where(*sums_over_mentioners(mentions, np.column_stack([weight, weight * points])).T)


def leave_out(points: Array, mentions: Mentioned, weight: Array) -> Array:
    """NPS of all commenters less the NPS of those who do not mention the theme; NaN where everybody does.

    The number other tools rank by, over the same weighted responses as the effect, so that `bridge` is exact.

    Examples
    --------
    All four read 25, the two who do not mention the theme 100:

    >>> mentions = np.array([[False], [False], [True], [True]])
    >>> leave_out(np.array([100.0, 100, 0, -100]), mentions, np.ones(4)).tolist()
    [-75.0]
    """
    difference: Array = _mean(points, weight) - mentioners_nps(points, ~mentions, weight)
    return difference


def _mean_where(total: Array, gained: Array) -> Array:
    means: Array = gained / np.where(total > 0, total, np.nan)
    return means
