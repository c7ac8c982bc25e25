"""Rankings of little: no theme, no check, no effect; each figure that is left is right."""

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.options import DriverOptions
from verbatim.drivers.rank import rank_drivers
from verbatim.records import CHECK_COLUMNS, DRIVER_COLUMNS

QUICK = DriverOptions(draws=200)
BARE = DriverOptions(draws=200, checks=False)
pytestmark = pytest.mark.filterwarnings("error")
ROWS = np.arange(80)
LATE = pd.DataFrame({"late": (ROWS < 40).astype(int)})
SCORE = np.where(ROWS % 3, 10, 0)


@pytest.mark.parametrize("n", [80, 20])
def test_no_theme_at_all(n):
    found = rank_drivers(pd.DataFrame(index=range(n)), SCORE[:n], options=QUICK)
    assert tuple(found.table) == DRIVER_COLUMNS and len(found.table) == 0
    assert found.table["effect"].dtype == "float64" and found.table["theme_id"].dtype == "str"
    assert found.leaf_level == 0 and np.isnan(found.r_squared) and np.isnan(found.halo.index)
    assert found.base == pytest.approx(found.nps.score) and found.coin_toss.empty and found.covariance.shape == (0, 0)
    assert found.bridges.empty and len(found.refusals) == (n < 60)


def test_sixty_comments_are_enough():
    found = rank_drivers(LATE.iloc[:60], SCORE[:60], options=QUICK)
    assert found.refusals == () and found.table["rank"].tolist() == [1]
    fewer = rank_drivers(LATE.iloc[:59], SCORE[:59], options=QUICK, refusals=["Known before."])
    assert fewer.refusals[0] == "Known before." and fewer.refusals[1].startswith("59 scored responses")
    assert fewer.table["rank"].isna().all() and np.isnan(fewer.r_squared) and fewer.coin_toss.empty


def test_checks_may_be_left_out():
    without = rank_drivers(LATE, SCORE, options=BARE)
    assert without.table[list(CHECK_COLUMNS)].isna().all().all() and np.isnan(without.r_squared)
    checked = rank_drivers(LATE, SCORE, options=QUICK)
    assert checked.table[list(CHECK_COLUMNS)].notna().any().any() and 0 <= checked.r_squared <= 1
    kept = [name for name in DRIVER_COLUMNS if name not in CHECK_COLUMNS]
    pd.testing.assert_frame_equal(without.table[kept], checked.table[kept])


def test_a_survey_whose_themes_are_all_too_rare_tosses_no_coins():
    found = rank_drivers(pd.DataFrame({"rare": (ROWS < 3).astype(int)}), SCORE, options=BARE)
    assert found.coin_toss.empty and found.table["rank"].isna().all()


def test_coins_are_as_common_as_the_median_theme():
    many = pd.DataFrame({f"T{at}": (np.arange(2000) % at == 0).astype(int) for at in (2, 5, 50)})
    coins = rank_drivers(many, np.arange(2000) % 11, options=BARE).coin_toss
    assert coins["theme_id"].tolist() == ["coin_1", "coin_2"] and coins["name"].tolist() == [
        "Coin toss 1", "Coin toss 2",
    ]  # fmt: skip
    assert coins["n_responses"].between(330, 470).all()  # of 400: 3.9 standard deviations


def test_the_leaf_level_is_that_of_most_themes_without_children():
    said = pd.DataFrame({name: (ROWS % at == 0).astype(int) for name, at in {"a": 2, "b": 3, "c": 5}.items()})
    catalogue = pd.DataFrame({"level": [2, 2, 1], "parent_id": ["c", None, None]}, index=list("abc"))
    found = rank_drivers(said, SCORE, themes=catalogue, options=BARE)
    assert found.leaf_level == 2 and found.table["level"].tolist() == [2, 2, 1]
    even = rank_drivers(said, SCORE, themes=catalogue.assign(parent_id=None, level=[3, 1, 1]), options=BARE)
    assert even.leaf_level == 1 and even.table["level"].tolist() == [1, 1, 3]
    equal = rank_drivers(
        said[["a", "b"]], SCORE, themes=pd.DataFrame({"level": [3, 1]}, index=["a", "b"]), options=BARE
    )
    assert equal.leaf_level == 1
