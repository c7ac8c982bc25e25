"""Sums in blocks and the inverse over the directions there are, by hand."""

import numpy as np
import pytest

from verbatim.drivers import moments
from verbatim.drivers.effects import mentioners_nps


def test_blocks_cut_all_rows_once(monkeypatch):
    monkeypatch.setattr(moments, "BLOCK", 4)
    assert list(moments.blocks(9)) == [slice(0, 4), slice(4, 8), slice(8, 9)]
    assert list(moments.blocks(4)) == [slice(0, 4)] and list(moments.blocks(0)) == []


def test_nothing_has_no_inverse():
    inverse, missing = moments.pseudo_inverse(np.zeros((2, 2)))
    assert inverse.tolist() == [[0, 0], [0, 0]] and missing.tolist() == [1, 1]
    inverse, missing = moments.pseudo_inverse(np.zeros((0, 0)))
    assert inverse.shape == (0, 0) and missing.shape == (0,)


def test_an_empty_column_leaves_the_others_alone():
    inverse, missing = moments.pseudo_inverse(np.array([[4.0, 0.0, 2.0], [0.0, 0.0, 0.0], [2.0, 0.0, 4.0]]))
    assert inverse == pytest.approx(np.array([[1 / 3, 0, -1 / 6], [0, 0, 0], [-1 / 6, 0, 1 / 3]]), abs=1e-12)
    assert missing == pytest.approx([0, 1, 0], abs=1e-12)


def test_a_rare_column_counts_like_a_common_one():
    inverse, missing = moments.pseudo_inverse(np.diag([1e-12, 4.0]))
    assert np.diag(inverse) == pytest.approx([1e12, 0.25]) and missing == pytest.approx([0, 0], abs=1e-12)


def test_sums_by_hand(monkeypatch):
    monkeypatch.setattr(moments, "BLOCK", 2)
    said, covariates = np.array([[1, 0], [1, 1], [0, 1]]) == 1, np.array([[1.0], [0.0], [-1.0]])
    assert moments.design(covariates, said, slice(1, 3)).tolist() == [[1, 0, 1, 1], [1, -1, 0, 1]]
    assert moments.gram_matrix(covariates, said, np.array([1.0, 2, 4])).tolist() == [
        [7, -3, 3, 6], [-3, 5, 1, -4], [3, 1, 3, 2], [6, -4, 2, 6],
    ]  # fmt: skip
    assert moments.sums_over_mentioners(said, np.array([[1.0, 10], [2, 20], [4, 40]])).tolist() == [[3, 30], [6, 60]]


def test_the_nps_of_nobody_is_unknown_without_a_warning():
    with np.errstate(all="raise"):
        found = mentioners_nps(np.array([100.0, -100]), np.array([[True, False], [True, False]]), np.ones(2))
    assert found[0] == 0 and np.isnan(found[1])
