"""Consensus of communities in a neighbour graph: for texts that make one point each."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from verbatim.vectors import group_means

_NEIGHBOURS, _BLOCK, _STRETCH = 10, 2_000, 64
_MOST_ROWS = 20_000  # a graph is made of; of more rows, every second or every n-th, and the rest go to the nearest
_SEEDS, _ROUNDS, _PASSES = 3, 2, 3
_SPREAD = (1.0, 2.0, 3.0, 4.0)  # resolutions whose communities vote, as multiples of the one asked for


class Communities(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Leiden communities of the graph of nearest neighbours, agreed upon by several resolutions and seeds.

    Every edge is weighted by the squared share of partitions in which both ends are together, twice over, and the last
    partition is made on what is left. The same rows in the same order give the same communities.

    Parameters
    ----------
    resolution : float
        Of the modularity; higher values give more communities. The default is where four resolutions from 2 to 8 agree.
    min_size : int
        Members of smaller communities go to the nearest larger one.

    Attributes
    ----------
    labels_ : int array, shape (n_rows,)

    Source
    ------
    Traag, Waltman, van Eck 2019, doi:10.1038/s41598-019-41695-z; Lancichinetti, Fortunato 2012, doi:10.1038/srep00336.
    """

    def __init__(self, resolution: float = 2.0, min_size: int = 5) -> None:
        self.resolution = resolution
        self.min_size = min_size

    def fit(self, X: NDArray[np.float32], y: Any = None) -> Communities:
        """Partition unit vectors (n_rows, dim)."""
        every = np.asarray(X, dtype=np.float32)
        rows = every[:: -(-len(every) // _MOST_ROWS)]
        edges, weight = _neighbour_graph(rows)
        for _ in range(_ROUNDS):
            steps = [self.resolution * step for step in _SPREAD]
            together = np.zeros(len(edges))
            for found in _leiden(len(rows), edges, weight, [step for step in steps for _ in range(_SEEDS)]):
                together += found[edges[:, 0]] == found[edges[:, 1]]
            weight = weight * (together / (len(_SPREAD) * _SEEDS)) ** 2
            edges, weight = edges[weight > 0], weight[weight > 0]
        agreed = next(_leiden(len(rows), edges, weight, [self.resolution]))
        labels = _large_enough(rows, agreed, self.min_size)
        if len(rows) < len(every):
            labels = (every @ group_means(rows, labels, int(labels.max()) + 1).T).argmax(axis=1)
        self.labels_ = labels
        return self


def _neighbour_graph(rows: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Edges (n_edges, 2) from each row to its nearest neighbours, each once, and their cosines."""
    n, k = len(rows), min(_NEIGHBOURS, len(rows) - 1)
    ends, weights = [], []
    for start in range(0, n, _BLOCK):
        cosines = rows[start : start + _BLOCK] @ rows.T
        own = np.arange(len(cosines))
        cosines[own, own + start] = -2
        near = _largest(cosines, k)
        ends.append(np.column_stack([np.repeat(own + start, k), near.ravel()]))
        weights.append(np.take_along_axis(cosines, near, axis=1).ravel())
    edges = np.sort(np.concatenate(ends), axis=1)
    _, first = np.unique(edges[:, 0] * n + edges[:, 1], return_index=True)
    return edges[first], np.maximum(np.concatenate(weights)[first].astype(np.float64), 1e-3)


def _largest(values: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Columns of the k largest values of each row, (n_rows, k); they lie in the k stretches of the largest maxima."""
    n, whole = values.shape[1], values.shape[1] // _STRETCH * _STRETCH
    if k == 0 or whole < 2 * k * _STRETCH:
        return np.argsort(values, axis=1)[:, n - k :]
    maxima = values[:, :whole].reshape(len(values), -1, _STRETCH).max(axis=2)
    first = np.argpartition(maxima, -k, axis=1)[:, -k:] * _STRETCH
    rest = np.broadcast_to(np.arange(whole, n), (len(values), n - whole))
    columns = np.concatenate([(first[:, :, None] + np.arange(_STRETCH)).reshape(len(values), -1), rest], axis=1)
    among = np.argpartition(np.take_along_axis(values, columns, axis=1), -k, axis=1)[:, -k:]
    return np.take_along_axis(columns, among, axis=1)


def _leiden(
    n: int, edges: NDArray[np.intp], weight: NDArray[np.float64], resolutions: Sequence[float]
) -> Iterator[NDArray[np.intp]]:
    """Community of each row, once for each resolution, every time with a seed of its own."""
    import igraph

    graph = igraph.Graph(n=n, edges=edges)
    for seed, resolution in enumerate(resolutions):
        igraph.set_random_number_generator(random.Random(seed))  # not for secrets
        found = graph.community_leiden(
            objective_function="modularity", weights=weight, resolution=resolution, n_iterations=_PASSES
        )
        igraph.set_random_number_generator(random)
        yield np.array(found.membership, dtype=np.intp)


def _large_enough(rows: NDArray[np.float32], labels: NDArray[np.intp], min_size: int) -> NDArray[np.intp]:
    sizes = np.bincount(labels)
    large = np.flatnonzero(sizes >= min(min_size, sizes.max()))
    centroids = group_means(rows, labels, len(sizes))[large]
    labels = labels.copy()
    left = np.flatnonzero(~np.isin(labels, large))
    labels[left] = large[(rows[left] @ centroids.T).argmax(axis=1)]
    return np.unique(labels, return_inverse=True)[1].astype(np.intp)
