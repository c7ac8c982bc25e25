"""Arithmetic of unit vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix


def unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Scale rows to length one; rows of zeros stay zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return scaled


def group_means(rows: NDArray[np.float32], labels: NDArray[np.intp], n_groups: int) -> NDArray[np.float32]:
    """Unit mean (n_groups, dim) of each label's rows; zero where there is none, negative labels left out.

    Examples
    --------
    >>> group_means(np.eye(2, dtype=np.float32), np.array([1, -1]), 2).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    held = np.flatnonzero(labels >= 0)
    belongs = csr_matrix((np.ones(len(held), np.float32), (labels[held], held)), (n_groups, len(labels)))
    return unit(belongs @ rows)
