"""Rankings within segment values."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.drivers.rank import DriverOptions
from verbatim.nps import net_promoter_score
from verbatim.records import SEGMENT_COLUMNS, Drivers

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def drivers(planted: SimpleNamespace) -> Drivers:
    segments = planted.segments.assign(shop=np.where(np.arange(len(planted.score)) < 60, "small", "large"))
    segments.loc[100:120, "region"] = None
    return vb.rank_drivers(
        planted.mentions, planted.score, segments, commented=planted.commented, options=DriverOptions(draws=500)
    )


def test_every_large_value_has_its_ranking(drivers: Drivers) -> None:
    assert list(drivers.segments.columns) == list(SEGMENT_COLUMNS)
    found = list(dict.fromkeys(zip(drivers.segments["segment"], drivers.segments["value"], strict=True)))
    assert found == [("plan", "A"), ("plan", "B"), ("plan", "C"), ("region", "N"), ("region", "S"), ("shop", "large")]
    worst = drivers.segments[drivers.segments["rank"] == 1]
    assert set(worst["theme_id"]) == {"T00"}


def test_small_values_have_an_nps_and_a_note(drivers: Drivers) -> None:
    assert "shop = small (60)" in " ".join(drivers.notes)
    small = drivers.segment_nps.set_index(["segment", "value"]).loc[("shop", "small")]
    assert small["n"] == 60
    assert small["low"] < small["nps"] < small["high"]


def test_blank_is_no_value(drivers: Drivers) -> None:
    assert set(drivers.segment_nps.loc[drivers.segment_nps["segment"] == "region", "value"]) == {"N", "S"}


def test_nps_of_a_value(drivers: Drivers, planted: SimpleNamespace) -> None:
    inside = planted.segments["plan"] == "B"
    expected = net_promoter_score(planted.score[inside])
    row = drivers.segment_nps[(drivers.segment_nps["segment"] == "plan") & (drivers.segment_nps["value"] == "B")]
    assert row[["nps", "low", "high", "n"]].iloc[0].tolist() == pytest.approx(list(expected))


def test_a_segment_that_the_score_decides_is_left_out(planted: SimpleNamespace) -> None:
    rating = pd.DataFrame({"rating": np.where(planted.score >= 9, "happy", "not")}, index=planted.score.index)
    rating.loc[planted.score < 7, "rating"] = "angry"
    drivers = vb.rank_drivers(planted.mentions, planted.score, rating, options=DriverOptions(draws=200))
    assert drivers.segment_nps.empty
    assert any('"rating" was left out' in note for note in drivers.notes)
