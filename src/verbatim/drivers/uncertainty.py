"""How sure the effects are: influence functions, noise marks, rank intervals, the next wave.

In: a `Fit`, the weights for silence and the respondents. Out: one covariance matrix of the effects; everything else is
drawn from it. Summing influence times independent standard normal multipliers gives draws that are exactly normal with
that covariance, so a thousand draws cost the same for a thousand responses and for a million.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from verbatim.drivers.effects import Fit
from verbatim.drivers.moments import Array, blocks, design

LEVEL = 0.95
FULL_LEVERAGE = 1e-6
"""A response that alone decides its fitted value has no residual to learn from."""
PRIOR_STEPS = 40


def influence(
    fit: Fit, commented: NDArray[np.bool_], survey_weight: Array, cell: NDArray[np.int64]
) -> Iterator[tuple[slice, Array]]:
    """What each scored response, silent ones included, adds to each effect, a block of responses at a time.

    effect = share x coefficient depends on the sample in three ways: through the residuals (HC3: divided by
    1 - leverage), through the shares, and through the number of respondents and commenters of each weighting cell.
    For response i of cell g, with phi the first two parts per unit of weight and phi_g its mean in the cell:
    w_i (phi_i - phi_g) [i commented] + d_i phi_g, where w is the weight for silence and d the survey weight.

    Parameters
    ----------
    fit : Fit
        Over the commenters, in their order among the scored responses.
    commented : bool array, shape (n,)
        Which scored responses the fit is over.
    survey_weight : float array, shape (n,)
    cell : int array, shape (n,)
        Weighting cells of `verbatim.drivers.silence.Silence`.

    Returns
    -------
    Iterator of pairs
    rows : slice
        Of the n scored responses.
    influence : float array, shape (rows, k)
        NPS points; the covariance of the effects is the sum of outer products.

    Source
    ------
    HC3: MacKinnon and White (1985), Journal of Econometrics 29, section 2; Davidson and MacKinnon (1993), section 16.3.
    Shares: Jann (2008), Stata Journal 8(4), section 3.3. Cells: Lumley (2010), "Complex Surveys", section 7.2.
    """

    def own(rows: slice) -> Array:
        return share_parts(fit, rows) * fit.per_mention + slope_parts(fit, rows) * fit.share

    return through_cells(own, len(fit.share), fit.weight, commented, survey_weight, cell)


def through_cells(
    own: Callable[[slice], Array],
    k: int,
    weight: Array,
    commented: NDArray[np.bool_],
    survey_weight: Array,
    cell: NDArray[np.int64],
) -> Iterator[tuple[slice, Array]]:
    """Pass what commenters add to k figures, per unit of weight, through the cells they are weighted in.

    ``own(rows)`` gives it for a slice of the commenters, ``weight`` is theirs; the rest as for `influence`.
    """
    if commented.all():
        yield from ((rows, own(rows) * weight[rows, None]) for rows in blocks(len(weight)))
        return
    in_cell, own_weight = cell[commented], survey_weight[commented]
    n_cells = int(cell.max()) + 1
    total = np.zeros((n_cells, k))
    for rows in blocks(len(in_cell)):
        _add_by(total, in_cell[rows], own(rows) * own_weight[rows, None])
    size = np.bincount(in_cell, weights=own_weight, minlength=n_cells)[:, None]
    mean = total / np.where(size > 0, size, np.inf)
    place = np.concatenate([[0], np.cumsum(commented)])
    for rows in blocks(len(commented)):
        inside = slice(int(place[rows.start]), int(place[rows.stop]))
        spread = mean[cell[rows]] * survey_weight[rows, None]
        spread[commented[rows]] += (own(inside) - mean[in_cell[inside]]) * weight[inside, None]
        yield rows, spread


def share_parts(fit: Fit, rows: slice) -> Array:
    """What some commenters add to the shares, per unit of weight, (rows, k)."""
    parts: Array = (fit.mentions[rows] - fit.share) / fit.gram[0, 0]
    return parts


def slope_parts(fit: Fit, rows: slice) -> Array:
    """What some commenters add to the coefficients, per unit of weight (HC3), (rows, k)."""
    part = design(fit.covariates, fit.mentions, rows)
    reach = part @ fit.inverse
    room = 1 - fit.weight[rows] * np.einsum("ij,ij->i", reach, part)
    stretched = fit.residual[rows] / np.where(room > FULL_LEVERAGE, room, np.inf)
    parts: Array = reach[:, fit.first_theme :] * stretched[:, None]
    return parts


def _add_by(total: Array, codes: NDArray[np.int64], rows: Array) -> None:
    """Add rows to the rows of ``total`` that their codes name."""
    if len(rows):
        order = np.argsort(codes, kind="stable")
        present, first = np.unique(codes[order], return_index=True)
        total[present] += np.add.reduceat(rows[order], first, axis=0)


def covariance(spread: Iterable[tuple[slice, Array]], respondent: NDArray[np.int64], k: int) -> Array:
    """Covariance of the effects, (k, k), in squared NPS points: influence summed by respondent, then squared.

    Source
    ------
    Liang and Zeger (1986), Biometrika 73(1), section 2.
    """
    _, person, times = np.unique(respondent, return_inverse=True, return_counts=True)
    again = times > 1
    own_place = np.cumsum(again) - 1
    several, squared = np.zeros((int(again.sum()), k)), np.zeros((k, k))
    for rows, part in spread:
        repeats = again[person[rows]]
        if repeats.any():
            _add_by(several, own_place[person[rows][repeats]], part[repeats])
            part = part[~repeats]
        squared += part.T @ part
    squared += several.T @ several
    return squared


def draw(cov: Array, n: int, rng: np.random.Generator) -> Array:
    """Draw ``n`` deviations of the effects from the truth, (n, k).

    Source
    ------
    Gaussian multiplier bootstrap: Chernozhukov, Chetverikov and Kato (2013), Annals of Statistics 41(6), section 3.
    """
    size, axes = np.linalg.eigh(cov)
    root = (axes * np.sqrt(np.maximum(size, 0.0))) @ axes.T
    deviations: Array = rng.standard_normal((n, len(cov))) @ root
    return deviations


def studentize(values: Array, se: Array) -> Array:
    """Divide by the standard error; 0 where there is none, because nothing varies there."""
    steps: Array = values / np.where(se > 1e-9, se, np.inf)
    return steps


def step_down(statistics: Array, drawn: Array) -> NDArray[np.bool_]:
    """Reject the hypotheses whose statistic is too large for chance, whichever of them are true.

    Parameters
    ----------
    statistics : float array, shape (k,)
        Large against the hypothesis.
    drawn : float array, shape (n_draws, k)
        The same statistics when all hypotheses hold.

    Returns
    -------
    bool array, shape (k,)
        The chance of any false rejection is at most 5 %.

    Source
    ------
    Romano and Wolf (2005), Journal of the American Statistical Association 100, algorithm 4.1.

    Examples
    --------
    >>> drawn = np.random.default_rng(1).standard_normal((2000, 3))
    >>> step_down(np.array([4.0, 1.0, 1.7]), drawn).tolist()
    [True, False, False]
    """
    rejected = np.zeros(len(statistics), dtype=bool)
    while not rejected.all():
        worst = drawn[:, ~rejected].max(axis=1)
        limit = np.quantile(worst, LEVEL, method="higher")
        newly = ~rejected & (statistics > limit) & (statistics > 0)
        if not newly.any():
            break
        rejected |= newly
    return rejected


def above_noise(effect: Array, se: Array, drawn: Array) -> NDArray[np.bool_]:
    """Mark the themes whose effect chance alone would hardly give to any of them.

    One mark a theme on |effect| / se, never one line in points: rare severe themes would all fall below such a line.
    """
    return step_down(np.abs(studentize(effect, se)), np.abs(studentize(drawn, se)))


def rank_intervals(effect: Array, cov: Array, drawn: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """95 % confidence interval of each theme's rank; rank 1 is the most negative effect.

    A theme's best rank is one more than the number of themes that are surely worse; its worst rank is k less the
    number that are surely better, where "surely" is a step-down test of all its differences at once.

    Source
    ------
    Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91(1), section 3.

    Examples
    --------
    >>> cov = np.diag([1.0, 1.0, 1.0])
    >>> drawn = draw(cov, 2000, np.random.default_rng(1))
    >>> [bound.tolist() for bound in rank_intervals(np.array([-9.0, 0.0, 0.5]), cov, drawn)]
    [[1, 2, 2], [1, 3, 3]]
    """
    k = len(effect)
    low, high = np.ones(k, dtype=np.int64), np.full(k, k, dtype=np.int64)
    variance = np.diag(cov)
    for theme in range(k if k > 1 else 0):
        others = np.arange(k) != theme
        se = np.sqrt(np.maximum(variance[theme] + variance - 2 * cov[theme], 0.0))[others]
        gap = studentize(effect[theme] - effect[others], se)
        chance = studentize(drawn[:, [theme]] - drawn[:, others], se)
        surely = step_down(np.concatenate([gap, -gap]), np.concatenate([chance, -chance], axis=1))
        low[theme] += surely[: k - 1].sum()
        high[theme] -= surely[k - 1 :].sum()
    return low, high


def top_in_next_wave(effect: Array, cov: Array, share: Array, n: int, rng: np.random.Generator, top: int = 3) -> Array:
    """Probability that each theme ranks among the ``top`` most harmful in an equal-sized, unchanged next wave.

    The true coefficients are taken as normal around a common mean; their spread is averaged over its posterior, so
    that lucky extremes are pulled in as far as the data say. The next wave's estimates scatter around the true ones
    as this wave's do.

    Source
    ------
    Empirical Bayes prediction: Efron (2010), "Large-Scale Inference", section 1.3; averaging over the spread:
    Gelman et al. (2013), "Bayesian Data Analysis", section 5.4.
    """
    k = len(effect)
    if k <= top or np.trace(cov) <= 1e-12:
        return np.full(k, min(1.0, top / max(k, 1)))
    means, roots, chance = _posteriors(effect, cov, share)
    picked = rng.choice(len(chance), size=n, p=chance)
    noise = rng.standard_normal((n, k))
    future = np.empty((n, k))
    for step in np.unique(picked):
        rows = picked == step
        future[rows] = means[step] + noise[rows] @ roots[step]
    first = np.argpartition(future, top - 1, axis=1)[:, :top]
    probability: Array = np.bincount(first.ravel(), minlength=k) / n
    return probability


def _posteriors(effect: Array, cov: Array, share: Array) -> tuple[list[Array], list[Array], Array]:
    """Mean and root covariance of the next wave's effects for each spread of the coefficients, and its probability."""
    per_mention = effect / share
    widest = 2 * float(np.std(per_mention)) + 1e-9
    means, roots, likelihood = [], [], []
    for spread in np.linspace(0.0, widest, PRIOR_STEPS):
        prior = np.diag((spread * share) ** 2)
        total = prior + cov + np.eye(len(cov)) * 1e-9 * np.trace(cov)
        inverse = np.linalg.inv(total)
        precision = share @ inverse @ share
        centre = share * (share @ inverse @ effect / precision)
        off = effect - centre
        means.append(centre + prior @ inverse @ off)
        size, axes = np.linalg.eigh(prior - prior @ inverse @ prior + cov)
        roots.append((axes * np.sqrt(np.maximum(size, 0.0))) @ axes.T)
        likelihood.append(-0.5 * (np.linalg.slogdet(total)[1] + np.log(precision) + off @ inverse @ off))
    chance = np.exp(np.array(likelihood) - max(likelihood))
    return means, roots, chance / chance.sum()
