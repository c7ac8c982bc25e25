"""Mood or theme: how far the tone of a mention follows the customer's mood, and what that leaves open.

In: the tone of every mention. Out: the halo index, the bracket of every tone part, and the themes that divide
customers. Unhappy people speak badly of everything, so a split by tone shows opposite parts even for a theme that does
nothing. Nothing here carries a mark of significance.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from verbatim.drivers.moments import Array, blocks
from verbatim.drivers.tones import Tones
from verbatim.nps import Z95
from verbatim.records import Halo

MIN_PAIRS = 30
"""With fewer pairs of mentions the index would be uncertain by more than a third either way."""
MIN_PART = 1.0
"""Tone parts under one NPS point divide nobody."""


def halo_index(sentiment: Tones) -> Halo:
    """Correlate the tones of different themes within the same comment.

    Each theme's mean tone is taken off first, so that complaints coming together do not count as mood. Then the
    intraclass correlation over the comments with two or more themes:
    (MSB - MSW) / (MSB + (m - 1) MSW), with m the mean number of themes adjusted for its spread. 0: the tone of one
    theme says nothing of the tone of another; 1: the whole comment has one tone.

    Parameters
    ----------
    sentiment : Tones, shape (n, k)
        Tone of each comment's mention of each theme.

    Source
    ------
    One-way analysis of variance estimator: Donner (1986), International Statistical Review 54(1), section 2. Interval:
    variance of Swiger, Harvey, Everson and Gregory (1964), Biometrics 20(4). Halo: Thorndike (1920), Journal of Applied
    Psychology 4(1).

    Examples
    --------
    Forty comments on two themes, in one tone each:

    >>> halo_index(Tones.of([[0.5, 0.5], [-0.5, -0.5]] * 20)).index
    1.0
    >>> halo_index(Tones.of([[0.5, np.nan]] * 20)).n_pairs
    0
    """
    total, count = _tone_sums(sentiment)
    mean = total / np.maximum(count, 1)
    sums, sizes, squares = _comment_sums(sentiment, mean)
    n_comments, n_tones = len(sizes), float(sizes.sum())
    n_pairs = int((sizes * (sizes - 1)).sum()) // 2
    none = Halo(np.nan, np.nan, np.nan, n_pairs, n_comments)
    if n_pairs < MIN_PAIRS:
        return none
    inside = squares - float(np.sum(sums**2 / sizes))
    between = float(np.sum(sums**2 / sizes)) - float(sums.sum()) ** 2 / n_tones
    within = max(inside, 0.0) / (n_tones - n_comments)
    across = between / (n_comments - 1)
    size = (n_tones - float(np.sum(sizes**2)) / n_tones) / (n_comments - 1)
    whole = across + (size - 1) * within
    if whole <= 1e-12:
        return none
    index = (across - within) / whole
    spread = 2 * (n_tones - 1) * ((1 - index) * (1 + (size - 1) * index)) ** 2
    half = Z95 * np.sqrt(spread / (size**2 * (n_tones - n_comments) * (n_comments - 1)))
    return Halo(index, index - half, min(index + half, 1.0), n_pairs, n_comments)


def _tone_sums(sentiment: Tones) -> tuple[Array, Array]:
    """Sum and number of the tones of each theme."""
    total, count = np.zeros((2, sentiment.shape[1]))
    for rows in blocks(sentiment.shape[0]):
        part = sentiment.block(rows)
        known = np.isfinite(part)
        total += np.where(known, part, 0.0).sum(axis=0)
        count += known.sum(axis=0)
    return total, count


def _comment_sums(sentiment: Tones, mean: Array) -> tuple[Array, Array, float]:
    """Sum and number of the centred tones of each comment with two or more, and the sum of all their squares."""
    sums, sizes, squares = [np.zeros(0)], [np.zeros(0)], 0.0
    for rows in blocks(sentiment.shape[0]):
        part = sentiment.block(rows)
        part = part[np.isfinite(part).sum(axis=1) >= 2]
        known = np.isfinite(part)
        off = np.where(known, part - mean, 0.0)
        sums.append(off.sum(axis=1))
        sizes.append(known.sum(axis=1))
        squares += float(np.sum(off**2))
    return np.concatenate(sums), np.concatenate(sizes), squares


def divided(
    effect_low: ArrayLike, effect_high: ArrayLike, above_noise: ArrayLike, negative: ArrayLike, positive: ArrayLike
) -> NDArray[np.bool_]:
    """Say which themes divide customers: no effect that beats the noise, but large parts of opposite sign.

    A theme is divided when it is not above noise, its interval holds 0, its negative part costs and its positive part
    earns more than half the width of that interval each, and at least `MIN_PART`. This describes; it does not test.
    Mood alone makes opposite parts: a coin toss among 1,500 commenters never got the badge when its tone followed the
    score in 25 % of the mentions, but in 67 % of 30 surveys when in 60 % of them, and in 93 % when in all. So the
    bracket, which then reaches from about 0, and the halo index belong beside the badge.

    Parameters
    ----------
    effect_low, effect_high : array-like, shape (k,)
        The 95 % interval of each effect, NPS points; NaN where there is none.
    above_noise : array-like of bool, shape (k,)
    negative, positive : array-like, shape (k,)
        The tone parts of each effect, NPS points.

    Examples
    --------
    >>> divided([-0.9, -4.0, -0.9], [1.1, -1.0, 1.1], [False, True, False], [-3, -5, -0.5], [3, 2.5, 0.6]).tolist()
    [True, False, False]
    """
    low, high = np.asarray(effect_low), np.asarray(effect_high)
    large = np.maximum((high - low) / 2, MIN_PART)
    near_zero = ~np.asarray(above_noise, dtype=bool) & (low <= 0) & (high >= 0)
    apart: NDArray[np.bool_] = (np.asarray(negative) <= -large) & (np.asarray(positive) >= large)
    return near_zero & apart
