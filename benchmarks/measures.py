"""How good themes are, given people's labels or another fit of the same comments. MEASURES, section Themes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

HALVES = 10
RESAMPLE = 0.9


def micro_f1(mentions: NDArray[np.bool_], categories: NDArray[np.bool_]) -> float:
    """Unsupervised micro-F1 of themes that were found, against categories that people gave; mean over ten halvings.

    On one half every theme is mapped to the category with the largest standardised residual
    ``(n_tc - n_t p_c) / sqrt(n_t p_c (1 - p_c))``; on the other half a text is given the categories of its themes.

    Parameters
    ----------
    mentions : bool array, shape (n_texts, n_themes)
    categories : bool array, shape (n_texts, n_categories)

    Examples
    --------
    >>> truth = np.tile(np.eye(2, dtype=bool), (20, 1))
    >>> micro_f1(truth, truth)
    1.0
    >>> micro_f1(np.zeros((40, 3), dtype=bool), truth)
    0.0
    """
    return float(np.mean([_one_half(mentions, categories, seed) for seed in range(HALVES)]))


def _one_half(mentions: NDArray[np.bool_], categories: NDArray[np.bool_], seed: int) -> float:
    order = np.random.default_rng(seed).permutation(len(mentions))
    learn, test = order[: len(order) // 2], order[len(order) // 2 :]
    n_t = mentions[learn].sum(axis=0, dtype=float)[:, None]
    p_c = categories[learn].mean(axis=0)
    n_tc = mentions[learn].T.astype(float) @ categories[learn]
    residual = (n_tc - n_t * p_c) / np.sqrt(np.maximum(n_t * p_c * (1 - p_c), 1e-9))
    maps = np.zeros_like(residual, dtype=int)
    maps[np.arange(len(maps)), residual.argmax(axis=1)] = n_t[:, 0] > 0
    predicted = mentions[test].astype(int) @ maps > 0
    hits = (predicted & categories[test]).sum()
    return float(2 * hits / max(predicted.sum() + categories[test].sum(), 1))


def mutual_information(one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
    """Adjusted mutual information of two labellings; -1, no theme, is a label like any other."""
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(one, other))


def stability(n: int, fit: Callable[[NDArray[np.intp]], NDArray[np.intp]], pairs: int) -> float:
    """Agreement (AMI) of two fits on 90 % resamples of ``n`` texts, on the texts both hold; mean over ``pairs``.

    Parameters
    ----------
    n : int
        Texts.
    fit : callable
        Given the rows to use, in order, the main theme of each, -1 for none.
    pairs : int
        Pairs of resamples, seeds 0, 1, ...
    """
    return float(np.mean([_one_pair(n, fit, seed) for seed in range(pairs)]))


def _one_pair(n: int, fit: Callable[[NDArray[np.intp]], NDArray[np.intp]], seed: int) -> float:
    rng = np.random.default_rng(seed)
    found = np.full((2, n), -2)
    for labels in found:
        rows = np.sort(rng.choice(n, round(RESAMPLE * n), replace=False))
        labels[rows] = fit(rows)
    both = (found > -2).all(axis=0)
    return mutual_information(found[0, both], found[1, both])
