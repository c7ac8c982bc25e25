"""Arithmetic of unit vectors."""

from __future__ import annotations

import math
import mmap
import tempfile
from collections.abc import Callable, Iterator
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


_BLOCK = 50_000
_IN_MEMORY = 2**28  # numbers: 1 GiB of float32


def spacious(shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return an array to be filled; from 1 GiB on it lies in a temporary file that goes when the array does."""
    if math.prod(shape) < _IN_MEMORY:
        return np.empty(shape, np.float32)
    file = tempfile.TemporaryFile(prefix="verbatim-")  # noqa: SIM115 (the map holds it)
    return np.asarray(np.memmap(file, np.float32, "w+", shape=shape))


def let_go(array: NDArray[Any]) -> None:
    """Let go of the memory of an array that lies in a file: what it holds is read from there again when asked for."""
    base: Any = array
    while base is not None and not isinstance(base, np.memmap):
        base = getattr(base, "base", None)
    held = getattr(base, "_mmap", None)
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def by_blocks(
    rows: NDArray[np.float32], work: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Do the work, which is row by row, on 50,000 rows at a time: its intermediate results stay small.

    Examples
    --------
    >>> by_blocks(np.ones((3, 2), np.float32), lambda block: block.sum(axis=1)).tolist()
    [2.0, 2.0, 2.0]
    """
    done = []
    for start in range(0, max(1, len(rows)), _BLOCK):
        done.append(work(rows[start : start + _BLOCK]))
        let_go(rows)
    return np.concatenate(done)


def runs(keys: NDArray[Any], most: int) -> Iterator[slice]:
    """Cut rows that are sorted by key into slices of about ``most``, never between two rows of a key.

    Examples
    --------
    >>> list(runs(np.array([0, 0, 1, 2, 2, 2]), 4))
    [slice(0, 3, None), slice(3, 6, None)]
    """
    ends = np.append(np.flatnonzero(keys[1:] != keys[:-1]) + 1, len(keys))
    start = 0
    while start < len(keys):
        place = int(np.searchsorted(ends, start + most, side="right")) - 1
        end = int(ends[place]) if place >= 0 and ends[place] > start else int(ends[place + 1])
        yield slice(start, end)
        start = end
