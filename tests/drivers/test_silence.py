"""Weights for silence: cells by hand, totals kept."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.drivers.silence import weigh_for_silence


def test_by_hand() -> None:
    # 30 promoters of whom 10 commented, 20 detractors of whom 20 did.
    category = np.repeat([2, 0], [30, 20])
    commented = np.r_[np.ones(10, bool), np.zeros(20, bool), np.ones(20, bool)]
    silence = weigh_for_silence(category, pd.DataFrame(index=range(50)), commented, np.ones(50))
    assert silence.weight[:10].tolist() == [3.0] * 10
    assert silence.weight[10:30].tolist() == [0.0] * 20
    assert silence.weight[30:].tolist() == [1.0] * 20
    assert (silence.n_cells, silence.n_joined) == (2, 0)
    assert silence.kish_n == 50**2 / (10 * 9 + 20)


def test_small_cells_give_up_the_finest_segment_first() -> None:
    rng = np.random.default_rng(0)
    segments = pd.DataFrame({"plan": rng.choice(["A", "B"], 400), "shop": rng.choice(list("abcdefghij"), 400)})
    category = rng.choice([0, 2], 400)
    silence = weigh_for_silence(category, segments, np.ones(400, bool), np.ones(400), min_cell=12)
    for cell in np.unique(silence.cell):
        inside = silence.cell == cell
        assert inside.sum() >= 12
        assert len(set(category[inside])) == 1
        assert len(set(segments["plan"][inside])) == 1


def test_a_category_without_enough_commenters_joins_its_neighbour() -> None:
    category = np.repeat([2, 1, 0], [40, 30, 6])
    silence = weigh_for_silence(category, pd.DataFrame(index=range(76)), np.ones(76, bool), np.ones(76))
    assert len(np.unique(silence.cell)) == 2
    assert silence.cell[-1] == silence.cell[40]
    assert np.all(silence.weight == 1)


def test_what_is_left_of_a_category_joins_its_smallest_cell() -> None:
    plan = pd.DataFrame({"plan": np.repeat(["A", "B", "C"], [12, 11, 3])})
    silence = weigh_for_silence(np.zeros(26, dtype=int), plan, np.ones(26, bool), np.ones(26))
    assert silence.cell.tolist() == [0] * 12 + [1] * 14
    assert (silence.n_cells, silence.n_joined) == (3, 1)


def test_columns_may_come_in_any_order() -> None:
    rng = np.random.default_rng(1)
    segments = pd.DataFrame({"b": rng.choice(["x", "y"], 90), "a": rng.choice(["x", "y"], 90)})
    category, commented = rng.integers(0, 3, 90), rng.random(90) < 0.7
    one, other = (
        weigh_for_silence(category, segments[names], commented, np.ones(90)) for names in (["a", "b"], ["b", "a"])
    )
    assert one.n_joined > 0 and one.weight.tolist() == other.weight.tolist()


def test_nobody_commented() -> None:
    silence = weigh_for_silence(np.array([0, 2]), pd.DataFrame(index=range(2)), np.zeros(2, bool), np.ones(2))
    assert silence.weight.tolist() == [0, 0] and silence.kish_n == 0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 120), st.floats(0.05, 1.0))
def test_the_commenters_weigh_as_much_as_everybody(seed: int, n: int, rate: float) -> None:
    rng = np.random.default_rng(seed)
    segments = pd.DataFrame({"a": rng.choice(["x", "y", "z"], n), "b": rng.choice(["1", "2"], n)})
    commented, weight = rng.random(n) < rate, rng.uniform(0.5, 2, n)
    silence = weigh_for_silence(rng.integers(0, 3, n), segments, commented, weight)
    assert np.all(np.isfinite(silence.weight))
    assert np.all(silence.weight[~commented] == 0)
    if commented.any():
        assert np.isclose(silence.weight.sum(), weight.sum())


def test_a_cell_of_exactly_enough_commenters_stands_alone() -> None:
    plan = pd.DataFrame({"plan": np.repeat(["A", "B"], [4, 6])})
    for least, cells, joined in ((4, [0] * 4 + [1] * 6, 0), (5, [0] * 10, 1)):
        silence = weigh_for_silence(np.zeros(10, dtype=int), plan, np.ones(10, bool), np.ones(10), least)
        assert (silence.cell.tolist(), silence.n_cells, silence.n_joined) == (cells, 2, joined)


@pytest.mark.filterwarnings("error")
def test_cells_of_the_silent_alone_join_those_who_spoke() -> None:
    category, said = np.array([0, 0, 2, 2]), np.array([False, False, True, True])
    silence = weigh_for_silence(category, pd.DataFrame(index=range(4)), said, np.array([1.0, 2, 3, 4]), 1)
    assert silence.cell.tolist() == [0] * 4 and silence.weight == pytest.approx([0, 0, 30 / 7, 40 / 7])
    assert (silence.n_cells, silence.n_joined) == (2, 1) and silence.cell.dtype == np.int64
