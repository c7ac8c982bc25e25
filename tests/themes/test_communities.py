import warnings

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from verbatim.themes.communities import Communities, _neighbour_graph
from verbatim.vectors import unit


def made(n=400, groups=8, dim=24, noise=0.5, seed=0):
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.normal(size=(dim, dim)))[0][:groups]
    truth = rng.integers(0, groups, n)
    return unit(directions[truth] + noise * rng.normal(size=(n, dim)) / np.sqrt(dim)), truth


def test_planted_groups_are_found():
    rows, truth = made()
    assert adjusted_mutual_info_score(truth, Communities(0.5).fit(rows).labels_) > 0.95


def test_two_fits_give_the_same_labels_and_leave_the_random_state_alone():
    import random

    rows, _ = made(noise=2.0)
    random.seed(7)
    expected = random.random()
    random.seed(7)
    one, other = (Communities().fit(rows).labels_ for _ in range(2))
    assert random.random() == expected
    assert one.tolist() == other.tolist()


def test_a_higher_resolution_gives_more():
    rows, _ = made(noise=2.0)
    few, many = (Communities(resolution, 2).fit(rows).labels_.max() for resolution in (0.5, 8.0))
    assert few < many


@pytest.mark.parametrize("min_size", [2, 20, 10_000])
def test_no_community_is_smaller_than_asked_unless_it_is_the_only_one(min_size):
    sizes = np.bincount(Communities(min_size=min_size).fit(made(noise=1.5)[0]).labels_)
    assert len(sizes) == 1 or sizes.min() >= min_size


@pytest.mark.parametrize(
    "rows",
    [
        np.eye(4, dtype=np.float32)[:1],
        np.eye(4, dtype=np.float32)[:2],
        np.zeros((6, 4), np.float32),
        np.ones((30, 4), np.float32) / 2,
    ],
    ids=["one row", "two rows", "zeros", "all alike"],
)
def test_degenerate_rows_give_labels_and_no_warning(rows):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels = Communities().fit(rows).labels_
    assert len(labels) == len(rows) and labels.min() == 0


def test_of_very_many_rows_a_part_is_partitioned_and_the_rest_follows(monkeypatch):
    from verbatim.themes import communities

    rows, truth = made(1200)
    monkeypatch.setattr(communities, "_MOST_ROWS", 500)
    assert adjusted_mutual_info_score(truth, Communities(0.5).fit(rows).labels_) > 0.95


@pytest.mark.parametrize("n", [3, 700, 1_400, 2_100])
def test_every_row_is_tied_to_its_ten_nearest(n):
    rows = unit(np.random.default_rng(n).normal(size=(n, 16)).astype(np.float32))
    edges, weight = _neighbour_graph(rows)
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -2)
    nearest = np.argsort(-cosines, axis=1)[:, : min(10, n - 1)]
    wanted = {(min(row, other), max(row, other)) for row, near in enumerate(nearest.tolist()) for other in near}
    assert set(map(tuple, edges.tolist())) == wanted and len(edges) == len(wanted)
    assert weight == pytest.approx(np.maximum(cosines[edges[:, 0], edges[:, 1]], 1e-3), abs=1e-6)
