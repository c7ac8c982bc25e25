from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.themes.layout import grow, lay_out
from verbatim.vectors import unit


def themes(n, seed=0, dim=8):
    return unit(np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 30])
def test_any_number_of_themes_is_laid_out_alike_every_time(n):
    found = lay_out(themes(n))
    assert found.places.shape == (n, 2) and np.isfinite(found.places).all()
    assert (found.places == lay_out(themes(n)).places).all()


def test_alike_themes_stand_together():
    groups = np.repeat(np.arange(4), 5)
    centroids = unit(themes(4, 1)[groups] + 0.2 * themes(20, 2))
    found = lay_out(centroids)
    apart = np.linalg.norm(found.places[:, None] - found.places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (groups[apart.argmin(axis=1)] == groups).all() and found.kept >= 16


def test_themes_alike_in_full_do_not_break_the_layout():
    assert np.isfinite(lay_out(np.repeat(themes(1), 8, axis=0)).places).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(0, 9))
def test_a_tree_holds_every_theme_once_and_its_groups_together(groups, seed):
    tree = grow(themes(len(groups), seed), groups)
    assert sorted(tree.order) == list(range(len(groups))) and len(tree.joints) == len(groups) - 1
    met = [groups[row] for row in tree.order]
    assert len([1 for one, other in pairwise(met) if one != other]) == len(set(groups)) - 1
    for one, other, joint in tree.joints:
        assert joint.height >= max(one.height, other.height) and min(one.at, other.at) < joint.at < max(
            one.at, other.at
        )
    inside = [joint for *_, joint in tree.joints if joint.group >= 0]
    assert len(inside) == len(groups) - len(set(groups))


def test_the_most_alike_join_first_and_at_their_cosine():
    centroids = unit(np.array([[1, 0, 0], [0, 1, 0], [1, 0.1, 0]], dtype=np.float32))
    _, _, joint = grow(centroids, [0, 0, 0]).joints[0]
    assert joint.height == pytest.approx(1 - float(centroids[0] @ centroids[2]), abs=1e-4)
