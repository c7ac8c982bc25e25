import warnings

import numpy as np
import pytest

from verbatim.themes.cluster import SeededClusters
from verbatim.vectors import unit

WORDS = ("delivery", "price", "app", "staff", "range")


def made(n=400, seed=0, dim=24, noise=0.25):
    """Rows around one direction a word; every row holds its word, half of them a word that says nothing."""
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.normal(size=(dim, dim)))[0][: len(WORDS)]
    truth = rng.integers(0, len(WORDS), n)
    rows = unit(directions[truth] + noise * rng.normal(size=(n, dim)) / np.sqrt(dim) * 2)
    terms = [frozenset({WORDS[k]} | ({"thing"} if rng.random() < 0.5 else set())) for k in truth]
    return rows, terms, truth


def in_order(centroids):
    return centroids[np.lexsort(np.round(centroids, 3).T)]


def same_partition(a, b):
    return len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(set(a.tolist())) == len(set(b.tolist()))


def test_planted_groups_are_found():
    rows, terms, truth = made()
    found = SeededClusters(terms, 8, 5, 0.6).fit(rows)
    assert same_partition(found.labels_, truth)
    assert np.allclose(np.linalg.norm(found.centroids_, axis=1), 1, atol=1e-5)


def test_the_order_of_rows_does_not_matter():
    rows, terms, _ = made(noise=0.9)
    order = np.random.default_rng(1).permutation(len(rows))
    one = SeededClusters(terms, 8, 5, 0.6).fit(rows)
    other = SeededClusters([terms[i] for i in order], 8, 5, 0.6).fit(rows[order])
    assert same_partition(one.labels_[order], other.labels_)
    assert np.allclose(in_order(one.centroids_), in_order(other.centroids_), atol=1e-5)


def test_two_fits_give_the_same_bytes():
    rows, terms, _ = made(noise=0.9)
    one, other = (SeededClusters(terms, 8, 5, 0.6).fit(rows) for _ in range(2))
    assert one.centroids_.tobytes() == other.centroids_.tobytes()


@pytest.mark.parametrize("min_size", [2, 30, 90, 399, 5_000])
def test_no_cluster_is_smaller_than_asked_unless_it_is_the_only_one(min_size):
    rows, terms, truth = made()
    labels = SeededClusters(terms, 8, min_size, 1.0).fit(rows).labels_
    sizes = np.bincount(labels)
    assert len(sizes) == 1 or sizes.min() >= min_size
    assert len(labels) == len(rows) and sizes.sum() == len(rows)
    if min_size == 2:
        assert len(sizes) == len(np.unique(truth))


def test_no_more_clusters_than_seeds():
    rows, terms, _ = made()
    assert len(SeededClusters(terms, 3, 5, 1.0).fit(rows).centroids_) == 3


def test_seeds_are_the_words_that_say_most():
    """A word spread over all directions seeds nothing though it is the most common one."""
    rows, terms, _ = made()
    terms = [held | {"thing"} for held in terms]
    assert len(SeededClusters(terms, 40, 5, 1.0).fit(rows).centroids_) == len(WORDS)


def test_near_clusters_are_merged():
    rows, terms, _ = made()
    assert len(SeededClusters(terms, 8, 5, 0.0001).fit(rows).centroids_) < len(WORDS)


@pytest.mark.parametrize(
    ("rows", "terms"),
    [
        (np.zeros((6, 4), np.float32), [frozenset({"a"})] * 6),
        (np.eye(4, dtype=np.float32), [frozenset()] * 4),
        (np.eye(4, dtype=np.float32)[:1], [frozenset({"a"})]),
        (np.repeat(np.eye(4, dtype=np.float32)[:1], 9, axis=0), [frozenset({"a", "b"})] * 9),
        (np.vstack([np.eye(4), -np.eye(4)]).astype(np.float32), [frozenset({"a"})] * 8),
    ],
    ids=["zeros", "no words", "one row", "all alike", "opposites"],
)
def test_degenerate_rows_give_finite_centroids_and_no_warning(rows, terms):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = SeededClusters(terms, 8, 2, 0.6).fit(rows)
    assert np.isfinite(found.centroids_).all()
    assert len(found.labels_) == len(rows)
