"""Segments as columns: rare values together, the finest segments dropped first, limits at their exact numbers."""

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.covariates import code_segments


def values(**counts):
    """One segment, "plan", with so many rows of each value."""
    return pd.DataFrame({"plan": np.repeat(list(counts), list(counts.values()))})


def coded(**counts):
    """Row of each value, in name order."""
    table = values(**counts)
    matrix = code_segments(table).matrix
    return [matrix[table["plan"] == name].mean(axis=0).tolist() for name in sorted(counts)]


def test_values_are_coded_to_sum_to_zero():
    assert coded(A=20, B=20, C=30) == [[1, 0], [0, 1], [-1, -1]]
    assert coded(A=20) == [[]]


@pytest.mark.parametrize(
    ("counts", "rows"),
    [
        ({"A": 10, "B": 20}, [[1], [-1]]),  # 10 rows are enough
        ({"A": 10, "B": 5, "C": 5, "D": 40}, [[1, 0], [0, 1], [0, 1], [-1, -1]]),
        ({"A": 9, "B": 20, "C": 30}, [[1], [1], [-1]]),  # 9 are not: with the least of the others
        ({"A": 5, "B": 40, "C": 5}, [[1], [-1], [1]]),  # two rare values of 10 together are one
        ({"A": 40, "B": 5, "C": 4}, [[], [], []]),  # of 9 together they join the least of the others
        ({"A": 12, "B": 12, "C": 3}, [[1], [-1], [1]]),  # of two least the first
        ({"A": 13, "B": 12, "C": 3}, [[1], [-1], [-1]]),
        ({"A": 4, "B": 5}, [[], []]),  # nothing is large
    ],
)
def test_rare_values_are_one_value_together(counts, rows):
    assert coded(**counts) == rows


def test_how_rare_is_for_the_caller():
    table = values(A=6, B=94)
    assert code_segments(table, 7).matrix.shape == (100, 0) and code_segments(table, 6).matrix.shape == (100, 1)


def test_columns_are_a_tenth_of_the_rows_at_most():
    three = values(A=7, B=7, C=7)
    assert code_segments(three.iloc[1:], 1).owner == ("plan", "plan")  # 20 rows, 2 columns
    few = code_segments(three.iloc[2:], 1)  # 19 rows
    assert few.owner == () and few.dropped == ("plan",) and few.matrix.shape == (19, 0)


def test_the_finest_segments_are_dropped_first_and_of_equals_the_last_by_name():
    n, rows = 40, np.arange(40)
    table = pd.DataFrame({"fine": rows % 4, "a": rows % 3, "z": rows % 2, "b": rows // 2 % 3}).astype("str")
    found = code_segments(table, 1)  # 3 + 2 + 1 + 2 columns, of which 4 may stay
    assert found.dropped == ("fine", "b") and found.owner == ("a", "a", "z")
    assert found.matrix.shape == (n, 3)
    assert found.matrix[:, 2].tolist() == [1 - 2 * (row % 2) for row in rows]


def test_segments_of_one_value_and_no_segments_at_all():
    assert code_segments(values(A=30).assign(area=["N", "S", "S"] * 10), 1).owner == ("area",)
    none = code_segments(pd.DataFrame(index=range(3)))
    assert (none.matrix.shape, none.owner, none.dropped) == ((3, 0), (), ())


def test_columns_are_in_name_order_whatever_comes_first():
    turned = pd.DataFrame({"plan": ["C", "A", "B"] * 10})
    assert code_segments(turned).matrix[:3].tolist() == [[-1, -1], [1, 0], [0, 1]]
