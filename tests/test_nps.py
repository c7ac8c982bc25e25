import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbatim.errors import TooFewResponses
from verbatim.nps import category, net_promoter_score, points

scores = st.lists(st.integers(0, 10), min_size=1, max_size=60)


def test_by_hand():
    assert net_promoter_score([10, 9, 8, 0]).score == 25.0
    assert net_promoter_score([0] * 5 + [10] * 5).score == 0.0


def test_adjusted_wald_by_hand():
    # 6 promoters, 2 passives, 2 detractors: p = 6.75/13, d = 2.75/13 (Rocks 2016, section 3)
    p, d, n = 6.75 / 13, 2.75 / 13, 13
    half = 100 * 1.959963984540054 * np.sqrt((p + d - (p - d) ** 2) / n)
    found = net_promoter_score([9] * 6 + [7] * 2 + [0] * 2)
    assert found.low == pytest.approx(100 * (p - d) - half, abs=1e-12)
    assert found.high == pytest.approx(100 * (p - d) + half, abs=1e-12)


def test_weights_count_people():
    assert net_promoter_score([10, 0], [3, 1]).score == 50.0
    equal = net_promoter_score([10, 8, 0, 9])
    assert equal.n == 4
    assert net_promoter_score([10, 8, 0, 9], np.full(4, 100, np.int8)) == equal  # squares do not fit into such numbers
    assert net_promoter_score([10, 8, 0, 9], [2, 2, 2, 2]) == equal


@pytest.mark.parametrize("weights", [None, [0.0, 0.0]])
def test_nobody_is_an_error(weights):
    with pytest.raises(TooFewResponses, match=r"^There is no scored response, so there is no NPS\. Check the"):
        net_promoter_score([] if weights is None else [9, 3], weights)


@given(scores)
def test_inside_its_interval_and_the_scale(values):
    found = net_promoter_score(values)
    assert -100 <= found.low <= found.score <= found.high <= 100
    assert found.score == pytest.approx(np.mean(points(values)))


@given(scores)
def test_reversing_promoters_and_detractors_reverses_the_score(values):
    mirrored = [{10: 0, 9: 0, 8: 8, 7: 7}.get(value, 10) for value in values]
    one, other = net_promoter_score(values), net_promoter_score(mirrored)
    assert (one.score, one.low) == pytest.approx((-other.score, -other.high))


def test_category_keeps_null():
    named = category(pd.Series([10, 9, 8, 7, 6, 0, None], dtype="Int8"))
    assert named[:6].tolist() == ["promoter"] * 2 + ["passive"] * 2 + ["detractor"] * 2
    assert pd.isna(named[6])


def test_category_keeps_the_index_and_is_text_also_of_nobody():
    named = category(pd.Series([10, 0], index=["R7", "R3"], dtype="Int8"))
    assert named["R7"] == "promoter" and named["R3"] == "detractor"
    assert category(pd.Series([], dtype="Int8")).dtype == "str"
