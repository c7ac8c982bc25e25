import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from verbatim.survey.binning import GroupOptions, cut_numbers, pool_small, read_amounts


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        (["1,200", "950"], [1200, 950]),
        (["1,5", "2,25"], [1.5, 2.25]),
        (["1.234.567", "12"], [1234567, 12]),
        (["1 234,5", "7"], [1234.5, 7]),
        (["1'200", "R$ 30"], [1200, 30]),
        (["12 months", "3 months"], [12, 3]),
        (["-5", "USD 7.5"], [-5, 7.5]),
        (["level 3", "2024-05-01", "3/4", "1-10", "", "4 of 10"], [np.nan] * 6),
    ],
)
def test_amounts_as_people_write_them(cells, amounts):
    np.testing.assert_equal(read_amounts(pd.Series(cells, dtype="str")).tolist(), amounts)


def test_a_single_edge_makes_two_groups_and_neighbours_make_one_number():
    assert cut_numbers(pd.Series([1.0, 2, 3]), (2,)).tolist() == ["under 2", "2 and more", "2 and more"]
    assert cut_numbers(pd.Series([1.0, 2, 3]), (2, 3)).tolist() == ["under 2", "2", "3 and more"]


def test_equal_groups_of_few_different_numbers_stay_filled():
    labels = cut_numbers(pd.Series([0.0] * 90 + [5.0] * 10), 4)
    assert labels.value_counts().to_dict() == {"under 5": 90, "5 and more": 10}


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.integers(2, 6))
def test_groups_are_in_order_and_hold_every_number(numbers, groups):
    values = pd.Series(numbers)
    labels = cut_numbers(values, groups)
    assert labels.notna().all() and labels.nunique() <= groups
    ends = values.groupby(labels).agg(["min", "max"]).sort_values(["min", "max"])
    assert (ends["min"].iloc[1:].to_numpy() > ends["max"].iloc[:-1].to_numpy()).all()
    assert set(cut_numbers(values[::-1], groups)) == set(labels)


def test_one_small_group_keeps_its_name():
    values, pooled = pool_small(pd.Series(["a"] * 3 + ["b"]), 2)
    assert (values.tolist(), pooled) == (["a", "a", "a", "b"], 0)


@pytest.mark.parametrize("bins", [{"a": 1}, {"a": []}, {"a": [5, 1]}])
def test_cuts_that_cannot_be_are_refused(bins):
    with pytest.raises(ValidationError, match='"a"'):
        GroupOptions(bins=bins)
