import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from verbatim.drivers.category_shares import shares_within_category
from verbatim.nps import CATEGORIES
from verbatim.records import SHARE_COLUMNS


def test_shares_against_statsmodels():
    rng = np.random.default_rng(0)
    points = rng.choice([-100.0, 0, 100], 400)
    mentions = rng.random((400, 3)) < [0.0, 0.2, 1.0]
    table = shares_within_category(points, mentions, np.ones(400), tuple("abc"), tuple("ABC"))
    assert table.columns.tolist() == list(SHARE_COLUMNS) and len(table) == 9
    assert table["category"].tolist() == [*CATEGORIES] * 3
    for row in table.itertuples():
        low, high = proportion_confint(row.n, row.commenters, method="wilson")
        assert (row.low, row.high) == pytest.approx((low, high), abs=1e-12)
        assert row.share == pytest.approx(row.n / row.commenters)


def test_shares_are_weighted_and_uneven_weights_widen_them():
    points = np.full(200, 100.0)
    mentions = (np.arange(200) % 4 == 0)[:, None]
    even, uneven = np.ones(200), np.where(np.arange(200) < 100, 1.9, 0.1)
    first, second = (shares_within_category(points, mentions, w, ("a",), ("A",)).iloc[0] for w in (even, uneven))
    assert first["share"] == pytest.approx(0.25) and second["share"] == pytest.approx(0.25)
    assert second["high"] - second["low"] > 1.2 * (first["high"] - first["low"])
    doubled = shares_within_category(points, mentions, 7 * uneven, ("a",), ("A",)).iloc[0]
    assert doubled["low"] == pytest.approx(second["low"])


@pytest.mark.filterwarnings("error")
def test_a_category_without_commenters_has_no_share():
    table = shares_within_category(np.full(3, 100.0), np.ones((3, 1), dtype=bool), np.ones(3), ("a",), ("A",))
    assert table["commenters"].tolist() == [3, 0, 0] and table["n"].tolist() == [3, 0, 0]
    assert table[["share", "low", "high"]].isna().any(axis=1).tolist() == [False, True, True]
    assert table["share"].iloc[0] == 1 and table[["low", "high"]].iloc[1:].isna().all().all()


def test_rows_are_in_the_order_of_the_themes_and_categories():
    mentions = np.array([[True, False], [True, True], [False, True]])
    table = shares_within_category(np.array([-100.0, 0, 100]), mentions, np.ones(3), ("z", "a"), ("Z", "A"))
    assert table["theme_id"].tolist() == ["z"] * 3 + ["a"] * 3 and table["name"].tolist() == ["Z"] * 3 + ["A"] * 3
    assert table["n"].tolist() == [0, 1, 1, 1, 1, 0] and table.index.tolist() == list(range(6))
    assert table.dtypes.astype("str").tolist() == ["str"] * 3 + ["int64"] * 2 + ["float64"] * 3
