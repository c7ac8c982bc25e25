"""Sums over responses in blocks: a million responses never become a second, larger copy of their mentions.

Mentions are 0/1 in one byte; a block of them at a time is made floating point, added up and forgotten.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mentioned = NDArray[np.bool_]

BLOCK = 32_768
SMALLEST_DIRECTION = 1e-10
"""A direction whose sum of squares is this much smaller than the largest counts as not there. One mention among a
million responses leaves 1e-6."""


def blocks(n: int) -> Iterator[slice]:
    """Cut ``n`` rows into slices of at most `BLOCK`."""
    return (slice(start, min(start + BLOCK, n)) for start in range(0, n, BLOCK))


def design(covariates: Array, mentions: Mentioned, rows: slice) -> Array:
    """Some rows of [1, covariates, mentions], in floating point."""
    part = mentions[rows]
    return np.column_stack([np.ones(len(part)), covariates[rows], part])


def gram_matrix(covariates: Array, mentions: Mentioned, weight: Array) -> Array:
    """Weighted sums of products of the columns of [1, covariates, mentions], (p, p).

    Examples
    --------
    >>> gram_matrix(np.zeros((3, 0)), np.array([[True], [True], [False]]), np.array([1.0, 2, 4])).tolist()
    [[7.0, 3.0], [3.0, 3.0]]
    """
    p = 1 + covariates.shape[1] + mentions.shape[1]
    total = np.zeros((p, p))
    for rows in blocks(len(weight)):
        part = design(covariates, mentions, rows)
        total += part.T @ (part * weight[rows, None])
    return total


def sums_over_mentioners(mentions: NDArray[np.bool_], values: Array) -> Array:
    """Sum ``values`` (n, q) over the mentioners of each theme, (k, q).

    Examples
    --------
    >>> sums_over_mentioners(np.array([[True, False], [True, True]]), np.array([[1.0], [2.0]])).tolist()
    [[3.0], [2.0]]
    """
    total = np.zeros((mentions.shape[1], values.shape[1]))
    for rows in blocks(len(values)):
        total += mentions[rows].T.astype(np.float64) @ values[rows]
    return total


def pseudo_inverse(gram: Array) -> tuple[Array, Array]:
    """Inverse of a matrix of sums of squares over the directions it has, and how much of each column has none.

    Columns are brought to one length first, so that a rare theme counts like a common one. Of several solutions it
    gives the one of least length: identical columns share evenly.

    Returns
    -------
    inverse : float array, shape (k, k)
    missing : float array, shape (k,)
        0 where the column is its own direction, up to 1 where it has none.

    Examples
    --------
    >>> inverse, missing = pseudo_inverse(np.array([[2.0, 2.0], [2.0, 2.0]]))
    >>> inverse.round(6).tolist(), missing.round(6).tolist()
    ([[0.125, 0.125], [0.125, 0.125]], [0.5, 0.5])
    """
    k = len(gram)
    length = np.sqrt(np.maximum(np.diag(gram), 0.0))
    if not length.any():
        return np.zeros((k, k)), np.ones(k)
    scale = 1 / np.where(length > 0, length, np.inf)
    size, axes = np.linalg.eigh(gram * scale[:, None] * scale)
    kept = size > SMALLEST_DIRECTION * size[-1]
    axes = axes[:, kept]
    inverse: Array = (axes / size[kept]) @ axes.T
    return inverse * scale[:, None] * scale, 1 - np.sum(axes**2, axis=1)
