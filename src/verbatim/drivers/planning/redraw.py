"""Estimates of many waves of any size, redrawn from what one survey says of its own precision.

In: `Drivers` of one survey, true effects, a size. Out: for each wave the estimated effects, their standard errors,
which themes are ranked, and whether the first theme is marked. Nothing is fitted again, so that thousands of waves take
a moment; `benchmarks.drivers.power` compares with waves that are fitted.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers.moments import Array
from verbatim.drivers.tables import OTHER
from verbatim.drivers.uncertainty import LEVEL, draw, studentize
from verbatim.records import Drivers

Bools = NDArray[np.bool_]
_CHANCE_DRAWS = 2000
_MOST_LEVERAGE = 0.9
_RARE_VALUE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """How precisely a survey of one commenter would estimate its k effects; waves of any size follow from it.

    Attributes
    ----------
    share : float array, shape (k,)
        Weighted share of the commenters who mention the theme.
    variance : float array, shape (k, k)
        Covariance of the effects with the shares given, in squared NPS points, times the effective number of
        commenters, as that number grows.
    without : float array, shape (k,)
        NPS of the mentioners less the coefficient: what they would read without the theme.
    commented : float
        Commenters a response.
    kish : float
        Effective commenters (Kish) a commenter.
    columns : int
        Columns of the regression beside the themes: intercept and segments.
    """

    share: Array
    variance: Array
    without: Array
    commented: float
    kish: float
    columns: int


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """What each of some waves estimates: ``effect`` and ``se`` in NPS points, and which themes are ``ranked``.

    All are (waves, k).
    """

    effect: Array
    se: Array
    ranked: Bools


def measure_precision(drivers: Drivers, themes: pd.DataFrame) -> Precision:
    """Free the covariance of a survey's effects of what the size of that survey adds to it (`redraw` puts it back).

    Parameters
    ----------
    drivers : Drivers
    themes : DataFrame
        Rows of ``drivers.table``: the k ranked themes of one level, in the order wanted.
    """
    ids = themes["theme_id"].tolist()
    share, effect = (themes[name].to_numpy(dtype=float) for name in ("share", "effect"))
    columns = 1 + _segment_columns(drivers)
    pooled = drivers.table.loc[drivers.table["theme_id"] == OTHER, "level"].eq(themes["level"].iloc[0]).any()
    commenters, p = drivers.n_commenters, columns + len(ids) + int(pooled)
    cov = drivers.covariance.loc[ids, ids].to_numpy(dtype=float)
    of_shares = effect**2 * _share_variance(share, drivers.kish_n)
    cov = cov - np.diag(np.minimum(of_shares, np.diag(cov) / 2))
    fit = np.sqrt(1 - _leverage(share, themes["n_responses"].to_numpy(dtype=float), p, commenters))
    return Precision(
        share=share,
        variance=cov * np.outer(fit, fit) * max(1 - p / commenters, 0.5) * drivers.kish_n,
        without=(themes["nps_mentioners"] - themes["effect_per_mention"]).to_numpy(dtype=float),
        commented=commenters / drivers.n_scored,
        kish=drivers.kish_n / commenters,
        columns=columns,
    )


def _segment_columns(drivers: Drivers) -> int:
    """Columns of the segments, nearly: the regression joins rare values and leaves out segments of very many."""
    values = drivers.segment_nps
    counts = values.loc[values["n"] >= _RARE_VALUE, "segment"].value_counts()
    return int((counts[counts <= drivers.n_commenters / 10] - 1).sum())


def redraw(precision: Precision, true: Array, n: int, least: int, rng: np.random.Generator) -> Waves:
    """Draw what waves of ``n`` scored responses would estimate.

    Of N commenters, m_k ~ Binomial(N, share_k) mention theme k; r_k = m_k / (N share_k). The estimate is
    r_k true_k + sqrt(r_k) noise_k, because effect = share x coefficient and the variance of a coefficient goes with
    1 / m_k. The noise is normal with covariance variance / (kish N) x N / (N - p), for p columns. The squared standard
    error is larger by 1 / (1 - leverage), as HC3 is, and has the part of the share, effect^2 (1 - share) / (share N).

    Parameters
    ----------
    precision : Precision
    true : float array, shape (waves, k)
        True effects, in NPS points.
    n : int
    least : int
        Commenters a theme needs to be ranked.

    Source
    ------
    Leverage in HC3: MacKinnon and White (1985), Journal of Econometrics 29, section 2. N / (N - p): the mean of an
    inverse sample covariance matrix, Anderson (2003), "An Introduction to Multivariate Statistical Analysis", lemma
    7.7.1.
    """
    commenters = max(round(n * precision.commented), 1)
    mentioners = rng.binomial(commenters, precision.share, true.shape)
    ranked = mentioners >= least
    p = precision.columns + ranked.sum(axis=1, keepdims=True) + (~ranked).any(axis=1, keepdims=True)
    ratio = mentioners / (commenters * precision.share)
    spare = ratio / np.maximum(1 - p / commenters, 0.5)
    effective = commenters * precision.kish
    effect = ratio * true + np.sqrt(spare) * draw(precision.variance / effective, len(true), rng)
    leverage = _leverage(precision.share, np.maximum(mentioners, 1), p, commenters)
    squared = spare * np.diag(precision.variance) / effective / (1 - leverage)
    squared = squared * _spread_change(precision, true, effect, ratio)
    squared = squared + effect**2 * _share_variance(precision.share, effective)
    return Waves(effect, np.sqrt(squared), ranked)


def _spread_change(precision: Precision, true: Array, effect: Array, ratio: Array) -> Array:
    """By what the mentioners' variance changes where a wave happens to show them happier or unhappier than they are.

    Points of 100, 0 and -100 with mean m have variance 100^2 (1 - passives) - m^2: it shrinks towards either end.
    """
    share, variance = precision.share, np.diag(precision.variance)
    mean = precision.without + true / share
    shown = precision.without + effect / (np.maximum(ratio, 1e-9) * share)
    spread = variance * (1 - share) / share
    change: Array = 1 + (1 - share) * (mean**2 - np.clip(shown, -100, 100) ** 2) / spread
    return np.clip(change, 0.25, 2.0)


def _leverage(share: Array, mentioners: Array, columns: Array | int, commenters: float) -> Array:
    """Leverage of the commenters who decide a coefficient: on the theme itself and, on average, on the rest."""
    own = (1 - share) ** 2 / mentioners + share**2 / ((1 - share) * commenters)
    leverage: Array = np.minimum(own + (columns - 1) / commenters, _MOST_LEVERAGE)
    return leverage


def _share_variance(share: Array, commenters: float) -> Array:
    """Variance of an estimated share, over its square."""
    relative: Array = (1 - share) / (share * commenters)
    return relative


def first_marked(waves: Waves, precision: Precision, rng: np.random.Generator) -> Bools:
    """Whether each wave marks its first theme, by the step-down of `verbatim.drivers.uncertainty.above_noise`.

    All waves take a step together; a wave is done when its first theme is marked or a step marks nothing new.
    """
    deviation = np.sqrt(np.diag(precision.variance))
    chance = np.abs(draw(precision.variance / np.outer(deviation, deviation), _CHANCE_DRAWS, rng))
    statistic = np.abs(studentize(waves.effect, waves.se))
    out, going = ~waves.ranked, waves.ranked[:, 0].copy()
    marked = np.zeros(len(out), dtype=bool)
    while going.any():
        newly = ~out[going] & (statistic[going] > _limits(out[going], chance)[:, None])
        rows = np.flatnonzero(going)
        out[rows] |= newly
        marked[rows[newly[:, 0]]] = True
        going[rows] = newly.any(axis=1) & ~newly[:, 0]
    return marked


def _limits(out: Bools, chance: Array) -> Array:
    """What chance alone rarely exceeds, for each wave, among the themes that are not out."""
    packed = np.packbits(out, axis=1)
    keys = packed.view([("", packed.dtype)] * packed.shape[1])[:, 0]
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    limits = [np.quantile(chance[:, ~out[row]].max(axis=1), LEVEL, method="higher") for row in first]
    return np.array(limits)[which]
