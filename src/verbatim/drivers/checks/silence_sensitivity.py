"""How wrong the assumption about the silent would have to be before an effect is gone.

In: the commenters with their survey weights and their weights for silence. Out: a ratio for each theme.
Weights for silence assume that within a cell of score category x segments the silent would have spoken of the
same themes. Here the silent promoters' chance of holding a theme is multiplied by sqrt(r) and the silent detractors' by
1 / sqrt(r); passives, commenters, cell totals and the other themes stay as they are.
"""

import numpy as np

from verbatim.drivers.moments import Array, Mentioned, gram_matrix, pseudo_inverse

MOST = 100.0
"""Beyond this ratio the effect is called out of reach."""
TANGLED = 1e-6


def silence_sensitivity(
    points: Array, mentions: Mentioned, covariates: Array, weight: Array, survey_weight: Array
) -> Array:
    """Find how differently the silent would have to speak before each effect reaches 0.

    The effect is share x coefficient, and the coefficient of theme k is N / D with N the weighted sum, over the
    mentioners of k, of the points less what the regression without k expects. The silent count in it with weight
    ``weight - survey_weight``. Multiplying the chance of the silent promoters by t = sqrt(r) and that of the silent
    detractors by 1 / t changes only the mentioners' sums: N(t) = N_0 + t N_P + N_D / t, with N_P and N_D the parts of
    the silent promoters and detractors. So the effect is 0 where N_P t^2 + N_0 t + N_D = 0: no refit is needed.
    The chance is capped by category: a share above 1 among the silent promoters or detractors counts as out of reach.

    Parameters
    ----------
    points : float array, shape (n,)
        100, 0 or -100.
    mentions : bool array, shape (n, k)
    covariates : float array, shape (n, c)
        Segment columns without an intercept.
    weight : float array, shape (n,)
        Weight for silence of each commenter: survey weight x (respondents / commenters) of the cell.
    survey_weight : float array, shape (n,)
        Positive, at most ``weight``.

    Returns
    -------
    float array, shape (k,)
        Over 1: for a pain point, how many times as likely silent promoters would have to be to hold the theme as silent
        detractors, each compared with the commenters of their cell; for a strength, silent detractors as silent
        promoters. 1 for an effect of 0; NaN where not even `MOST` times would do, or more than all would have to hold
        the theme, or nobody is silent.

    Source
    ------
    A pattern-mixture sensitivity analysis: Little (1993), Journal of the American Statistical Association 88(421);
    tipping points as reported figure: Rosenbaum (2002), "Observational Studies", section 4. The formula is ours.

    Examples
    --------
    Half of the customers are silent. Of 20 commenting detractors 16 waited, of 20 promoters 8:

    >>> points = np.repeat([-100.0, 100.0], 20)
    >>> waited = np.array([True] * 16 + [False] * 4 + [True] * 8 + [False] * 12)[:, None]
    >>> silence_sensitivity(points, waited, np.zeros((40, 0)), np.full(40, 2.0), np.ones(40)).round(2).tolist()
    [4.0]

    Check: 40 % x 2 of the silent promoters and 80 % / 2 of the silent detractors have the ratio 4 of their changes;
    then 8 + 0.8 x 20 promoters and 16 + 0.4 x 20 detractors hold the theme, 24 each.
    """
    c, k = covariates.shape[1], mentions.shape[1]
    beside = np.column_stack([points, covariates])
    everyone = gram_matrix(beside, mentions, weight)
    extra = np.maximum(weight - survey_weight, 0.0)
    silent = [gram_matrix(beside[rows], mentions[rows], extra[rows]) for rows in (points > 0, points < 0)]
    roots = np.array([_root(2 + c + theme, everyone, *silent) for theme in range(k)])
    first = 2 + c
    promoters, detractors = (_share(part[0, first:], part[0, 0]) for part in silent)
    roots[np.fmax(promoters * roots, detractors / roots) > 1] = np.nan
    ratio: Array = np.maximum(roots, 1 / roots) ** 2
    return ratio


def _root(column: int, everyone: Array, promoters: Array, detractors: Array) -> float:
    """Factor on the silent promoters' chance at which the effect is 0: nearest to 1 on the side that can do it."""
    rest = np.delete(np.arange(len(everyone)), [1, column])
    inverse, _ = pseudo_inverse(everyone[np.ix_(rest, rest)])
    expected = inverse @ everyone[rest, 1]
    own = everyone[column, column] - everyone[column, rest] @ inverse @ everyone[rest, column]
    if own <= TANGLED * everyone[column, column]:
        return np.nan
    total, from_promoters, from_detractors = (
        float(part[column, 1] - part[column, rest] @ expected) for part in (everyone, promoters, detractors)
    )
    size = np.sqrt(own * everyone[1, 1])
    if abs(total) <= 1e-12 * size:
        return 1.0
    parts = np.array([from_promoters, total - from_promoters - from_detractors, from_detractors])
    parts[np.abs(parts) <= 1e-12 * size] = 0.0
    roots = np.roots(parts)
    real = roots[np.abs(roots.imag) <= 1e-9 * np.abs(roots.real)].real
    pain = total < 0
    factor = real if pain else 1 / real[real > 0]
    reached = factor[(factor > 1) & (factor**2 <= MOST)]
    if not reached.size:
        return np.nan
    return float(reached.min() if pain else 1 / reached.min())


def _share(part: Array, whole: float) -> Array:
    return part / whole if whole > 0 else np.full(len(part), np.nan)
