"""The machine's mentions as a surrogate for people's: shares and coefficients from a few true codings and many false.

In: the commenters, the machine's mentions of all of them, people's mentions of a sample. Out: `Corrected`. Each figure
is that of the coded comments, plus what the machine's version of it differs between all comments and the coded ones:

    corrected = people(sample) + lambda * (machine(all) - machine(sample)),

everything in the sample weighted by 1 / probability. The bracket has mean zero whatever errors the machine makes, so
no lambda can bias the figure; the best one follows from how far the machine's influence function predicts people's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verbatim.drivers.commenters import Commenters
from verbatim.drivers.effects import fit_effects
from verbatim.drivers.moments import Array
from verbatim.drivers.uncertainty import covariance, share_parts, slope_parts, through_cells


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One figure of each of k themes and its standard error."""

    value: Array
    se: Array


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """What k themes are worth as people would have coded them.

    Attributes
    ----------
    share, per_mention, effect : Figure
        0..1; NPS points on a mentioner's answer; NPS points on the whole population. effect = share x per_mention.
    tagged : Figure
        The effect as the machine coded.
    tagged_share, tagged_per_mention : float arrays, shape (k,)
    gap_variance : float array, shape (k,)
        Variance of effect less tagged effect.
    estimable : bool array, shape (k,)
        Whether people's coding holds anything of the theme beyond intercept and segments.
    """

    share: Figure
    per_mention: Figure
    effect: Figure
    tagged: Figure
    tagged_share: Array
    tagged_per_mention: Array
    gap_variance: Array
    estimable: NDArray[np.bool_]


def correct(
    people: Commenters,
    machine: NDArray[np.bool_],
    row: NDArray[np.int64],
    human: NDArray[np.bool_],
    probability: Array,
) -> Corrected:
    """Correct shares, coefficients and effects of k themes for the machine's errors.

    Parameters
    ----------
    people : Commenters
        n commenters, weighted for silence.
    machine : bool array, shape (n, k)
        The machine's mentions.
    row : int array, shape (m,)
        The coded comments.
    human : bool array, shape (m, k)
        People's mentions in them.
    probability : float array, shape (m,)
        Chance of being coded.

    Source
    ------
    Known probabilities instead of a model of the errors: Egami, Hinck, Stewart and Wei (2023), "Using imperfect
    surrogates for downstream inference", NeurIPS 36. The form of the estimator: Chen and Chen (2000), Journal of the
    Royal Statistical Society B 62(3). Power tuning of lambda: Angelopoulos, Duchi and Zrnic (2023), "PPI++",
    arXiv:2311.01453; here all comments hold the coded ones, so that lambda is a plain regression, weighted by what
    each comment counts in the sampling variance (Sarndal, Swensson and Wretman, 1992, section 6.3).
    """
    weight = people.weight[row] / probability
    points, covariates = people.points[row], people.covariates[row]
    fits = (
        fit_effects(people.points, machine, people.covariates, people.weight),
        fit_effects(points, human, covariates, weight),
        fit_effects(points, machine[row], covariates, weight),
    )
    drawn = _Drawn(row, probability, weight**2 * (1 - probability))
    shares = [share_parts(fit, slice(None)) for fit in fits]
    slopes = [slope_parts(fit, slice(None)) for fit in fits]
    share, of_share = _difference([fit.share for fit in fits], shares, drawn)
    slope, of_slope = _difference([fit.per_mention for fit in fits], slopes, drawn)
    everywhere, told, _ = fits
    of_effect = of_share * slope + of_slope * share
    of_tagged = shares[0] * everywhere.per_mention + slopes[0] * everywhere.share
    return Corrected(
        share=Figure(share, np.sqrt(_variance(of_share, people))),
        per_mention=Figure(slope, np.sqrt(_variance(of_slope, people))),
        effect=Figure(share * slope, np.sqrt(_variance(of_effect, people))),
        tagged=Figure(everywhere.effect, np.sqrt(_variance(of_tagged, people))),
        tagged_share=everywhere.share,
        tagged_per_mention=everywhere.per_mention,
        gap_variance=_variance(of_effect - of_tagged, people),
        estimable=told.estimable & everywhere.estimable,
    )


class _Drawn(NamedTuple):
    """The m coded comments: their rows, their probabilities, and what the square of each counts in chance error."""

    row: NDArray[np.int64]
    probability: Array
    matters: Array


def _difference(values: Sequence[Array], parts: Sequence[Array], drawn: _Drawn) -> tuple[Array, Array]:
    """Correct one figure, given as of all by machine, of the sample by people, of the sample by machine.

    ``parts`` are what each comment adds to the figure per unit of weight; so is the second array returned, (n, k).
    """
    everywhere, told, guessed = values
    trust = tune(parts[1], parts[2], drawn.matters)
    spread = parts[0] * trust
    spread[drawn.row] += (parts[1] - parts[2] * trust) / drawn.probability[:, None]
    return told + trust * (everywhere - guessed), spread


def tune(told: Array, guessed: Array, matters: Array) -> Array:
    """How far to trust the machine, 0..1 a theme: the regression of people's parts on the machine's.

    Parameters
    ----------
    told, guessed : float arrays, shape (m, k)
        What each coded comment adds to a figure, by people's and by the machine's coding.
    matters : float array, shape (m,)
        Weight of a comment's square in the sampling variance.

    Examples
    --------
    >>> told = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    >>> tune(told, told, np.ones(4)).tolist(), tune(told, told[[0, 0, 1, 1]], np.ones(4)).tolist()
    ([1.0], [0.0])
    """
    square = matters @ guessed**2
    ratio = np.divide(matters @ (told * guessed), square, out=np.zeros_like(square), where=square > 0)
    trust: Array = np.clip(ratio, 0.0, 1.0)
    return trust


def _variance(parts: Array, people: Commenters) -> Array:
    """Variance (k,) of figures to which each commenter adds ``parts`` (n, k) per unit of weight."""
    coded, k = people.coded, parts.shape[1]
    spread = through_cells(
        lambda rows: parts[rows], k, people.weight, coded.commented, coded.weight, people.silence.cell
    )
    variance: Array = np.diag(covariance(spread, coded.respondent, k))
    return variance
