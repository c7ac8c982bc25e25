"""Rankings within segment values."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.drivers.rank import DriverOptions
from verbatim.drivers.segments.by_value import SegmentDrivers, rank_segments
from verbatim.drivers.tables import read_tables
from verbatim.nps import net_promoter_score
from verbatim.records import CONTRAST_COLUMNS, POOLED_COLUMNS, SEGMENT_COLUMNS, Drivers

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def drivers(planted: SimpleNamespace) -> Drivers:
    segments = planted.segments.assign(shop=np.where(np.arange(len(planted.score)) < 60, "small", "large"))
    segments.loc[100:120, "region"] = None
    return vb.rank_drivers(
        planted.mentions, planted.score, segments, commented=planted.commented, options=DriverOptions(draws=500)
    )


def test_every_large_value_has_its_ranking(drivers: Drivers) -> None:
    assert list(drivers.segments.columns) == list(dict.fromkeys([*SEGMENT_COLUMNS, *POOLED_COLUMNS]))
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


def by_segment(planted: SimpleNamespace, order: np.ndarray | None = None) -> SegmentDrivers:
    rows = np.arange(len(planted.score)) if order is None else order
    tables = [planted.mentions, planted.score, planted.segments, planted.commented, planted.respondent]
    mentions, score, segments, commented, respondent = (table.iloc[rows].reset_index(drop=True) for table in tables)
    coded = read_tables(mentions, score, segments, None, commented, respondent, None, None)
    return rank_segments(coded, (0,), DriverOptions(draws=500))


@pytest.fixture(scope="module")
def segmented(planted: SimpleNamespace) -> SegmentDrivers:
    return by_segment(planted)


def test_pooled_effects_lie_between_raw_and_centre(segmented: SegmentDrivers) -> None:
    ranked = segmented.table[segmented.table["rank"].notna()]
    assert ranked["pooled_effect"].notna().all()
    assert np.allclose(ranked["pooled_effect"], ranked["share"] * ranked["pooled_per_mention"])
    assert ((ranked["pooled_low"] < ranked["pooled_effect"]) & (ranked["pooled_effect"] < ranked["pooled_high"])).all()
    for _, theme in ranked.groupby(["segment", "theme_id"]):
        raw, pooled = theme["effect_per_mention"], theme["pooled_per_mention"]
        assert np.ptp(pooled) <= np.ptp(raw)
        assert raw.min() <= pooled.min() <= pooled.max() <= raw.max()
    length = (ranked["pooled_high"] - ranked["pooled_low"]) / (ranked["effect_high"] - ranked["effect_low"])
    assert length.mean() < 1


def test_contrasts_stand_on_the_raw_table(segmented: SegmentDrivers) -> None:
    assert list(segmented.contrasts.columns) == list(CONTRAST_COLUMNS)
    ranked = segmented.table[segmented.table["rank"].notna()].set_index(["segment", "value", "theme_id"])
    rows = segmented.contrasts.set_index(["segment", "value", "theme_id"])
    assert set(rows.index) == set(ranked.index)
    for name in ("effect", "share", "pooled_effect"):
        assert np.allclose(rows[name], ranked.loc[rows.index, name], rtol=0, atol=1e-9)
    assert np.allclose(rows["effect"] - rows["effect_others"], rows["difference"], rtol=0, atol=1e-9)


def test_row_order_does_not_matter(planted: SimpleNamespace, segmented: SegmentDrivers) -> None:
    shuffled = by_segment(planted, np.random.default_rng(5).permutation(len(planted.score)))
    pd.testing.assert_frame_equal(shuffled.table, segmented.table, check_exact=True)
    pd.testing.assert_frame_equal(shuffled.contrasts, segmented.contrasts, check_exact=True)


def test_a_single_value_has_nothing_to_pool(planted: SimpleNamespace) -> None:
    alone = planted.segments[["region"]].assign(region="N")
    found = vb.rank_drivers(planted.mentions, planted.score, alone, options=DriverOptions(draws=200))
    assert found.segments[list(POOLED_COLUMNS)].isna().all(axis=None)


def test_a_planted_difference_is_said(planted: SimpleNamespace) -> None:
    new = planted.segments["plan"] == "B"
    score = planted.score.where(~(new & (planted.mentions["T05"] == 1)), 0)
    coded = read_tables(planted.mentions, score, planted.segments[["plan"]], None, planted.commented, None, None, None)
    contrasts = rank_segments(coded, (0,), DriverOptions(draws=500)).contrasts
    row = contrasts[(contrasts["value"] == "B") & (contrasts["theme_id"] == "T05")].iloc[0]
    assert row["above_noise"]
    assert row["sentence"].startswith("“T05” costs ")
    assert "among customers with plan = B" in row["sentence"]
    assert "score lower" in row["sentence"]
