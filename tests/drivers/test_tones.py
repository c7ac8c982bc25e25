"""Sparse tones say what a table with NaN would: by hand, then against dense numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from verbatim.drivers.tones import Tones

NONE = np.nan
tables = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6),
    elements=st.sampled_from([-1.0, -0.1, 0.0, 0.1, 0.5, NONE]),
)  # fmt: skip


def dense(tones):
    return tones.block(slice(None))


def same(found, expected):
    np.testing.assert_array_equal(found, expected)
    assert found.shape == expected.shape


@given(tables)
def test_a_table_comes_back_as_it_was(table):
    tones = Tones.of(table)
    assert tones.shape == table.shape
    assert tones.held.nnz == np.isfinite(table).sum()  # neutral mentions are mentions
    same(dense(tones), table)
    same(np.column_stack(list(tones.columns())), table)
    same(tones.block(slice(1, 3)), table[1:3])


@given(tables, st.data())
def test_parts_are_those_of_the_table(table, data):
    tones, (n, k) = Tones.of(table), table.shape
    order = data.draw(st.lists(st.integers(0, n - 1)).map(lambda rows: np.array(rows, dtype=np.int64)))
    responses, themes = (data.draw(hnp.arrays(bool, length)) for length in (n, k))
    same(dense(tones.of_responses(order)), table[order])
    same(dense(tones.of_responses(responses)), table[responses])
    same(dense(tones.of_themes(themes)), table[:, themes])


@given(tables, st.data())
def test_means_are_over_the_themes_that_are_mentioned(table, data):
    (n, k), some = table.shape, st.lists(st.integers(0, 5), unique=True)
    parts = [[theme for theme in part if theme < k] for part in data.draw(st.lists(some, max_size=4))]
    expected = np.full((n, len(parts)), NONE)
    for column, part in enumerate(parts):
        for row in range(n):
            said = [table[row, theme] for theme in part if np.isfinite(table[row, theme])]
            if said:
                expected[row, column] = sum(said) / len(said)
    found = Tones.of(table).means(parts)
    assert found.shape == expected.shape
    np.testing.assert_allclose(dense(found), expected, atol=1e-15)


@given(tables, st.sampled_from([-np.inf, -0.1, 0.0, 0.1]), st.sampled_from([-0.1, 0.0, 0.1, np.inf]))
def test_counts_are_strictly_between_the_bounds(table, low, high):
    with np.errstate(invalid="ignore"):
        expected = ((table > low) & (table < high)).sum(axis=0)
    assert Tones.of(table).count(low, high).tolist() == expected.tolist()


def test_by_hand():
    tones = Tones.of_columns(iter([np.array([0.2, NONE, -1.0]), np.array([NONE, 0.0, 0.4])]), 3)
    assert tones.count(-np.inf, -0.1).tolist() == [1, 0] and tones.count(0.2, np.inf).tolist() == [0, 1]
    assert dense(tones.means([[0, 1], [], [1]]))[2].tolist() == pytest.approx([-0.3, NONE, 0.4], nan_ok=True)
    assert dense(tones.of_responses(np.array([2, 0]))).tolist()[0] == [-1.0, 0.4]


def test_without_themes_or_without_responses():
    assert Tones.of_columns([], 4).shape == (4, 0) and list(Tones.of_columns([], 4).columns()) == []
    assert Tones.of(np.zeros((0, 2))).shape == (0, 2) and Tones.of(np.zeros((0, 2))).count(-1, 1).tolist() == [0, 0]
    assert Tones.of([[0.1], [NONE]]).means([]).shape == (2, 0)
