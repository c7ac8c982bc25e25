"""Trends and alerts: smooth where there is only noise, alarmed where something is planted, calm elsewhere."""

import numpy as np
import pandas as pd
import pytest

from verbatim.change.alerts import find_alerts
from verbatim.change.options import ChangeOptions
from verbatim.change.periods import Track, cut_dates, kish, track_periods
from verbatim.change.smoothing import smooth
from verbatim.change.trends import TREND_COLUMNS, effect_rows, trend_table
from verbatim.change.wave import read_wave
from verbatim.nps import net_promoter_score

MONTHS = tuple(f"2026-{month:02d}-01" for month in range(1, 13))


def tracked(shares):
    size = np.full(12, 150.0)
    names = tuple(f"T{at}" for at in range(shares.shape[1]))
    return Track(MONTHS, size, size, np.full(12, 20.0), np.full(12, 6.5), shares, names, names)


def test_a_lasting_change_has_its_month():
    shares = np.column_stack([np.where(np.arange(12) < 7, 0.06, 0.16), np.full(12, 0.2)])
    found = find_alerts(tracked(shares))
    point = found[found["kind"] == "change point"]
    assert point[["period", "theme_id", "series"]].to_numpy().tolist() == [["2026-08-01", "T0", "share"]]
    assert point["after"].iloc[0] > point["before"].iloc[0]


def test_nothing_is_found_in_nothing():
    assert find_alerts(tracked(np.full((12, 3), 0.1))).empty


@pytest.mark.long
def test_alerts_are_rare_in_null_trackers():
    rng = np.random.default_rng(5)
    false = [
        len(find_alerts(tracked(rng.binomial(150, 0.08, (12, 6)) / 150)).query("kind == 'spike'")) for _ in range(25)
    ]
    assert sum(map(bool, false)) <= 11  # 10 periods each at 5 %: 0.40 of the trackers at most, 25 of them


def test_smoothing_follows_a_jump_and_flattens_noise():
    noise = np.random.default_rng(2).normal(0, 1, 30)
    flat, _ = smooth(noise, np.ones(30))
    assert np.ptp(flat) < 0.5 * np.ptp(noise)
    steps, se = smooth(np.where(np.arange(30) < 15, 0.0, 20.0) + noise, np.ones(30))
    assert steps[12] < 5 and steps[18] > 15 and (se < 1.01).all()
    line, _ = smooth(np.array([np.nan, np.nan]), np.array([np.nan, np.nan]))
    assert np.isnan(line).all()


def test_dates_are_cut_as_finely_as_responses_allow():
    days = pd.Series(pd.date_range("2026-01-01", "2026-03-31", periods=900))
    assert len(cut_dates(days, ChangeOptions())[1]) == 14  # weeks
    assert len(cut_dates(days.iloc[::10].reset_index(drop=True), ChangeOptions())[1]) == 3  # months
    assert cut_dates(pd.Series([pd.NaT, pd.NaT]), ChangeOptions())[1] == ()


def test_trends_of_a_wave(pair):
    wave = pair[0]
    code = np.arange(len(wave.person)) % 4
    table = trend_table(track_periods(wave, code, MONTHS[:4]))
    assert tuple(table) == TREND_COLUMNS and len(table) == 4 * 9
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()
    pooled = table[table["theme_id"] == "T07"]["smoothed"].mean()
    assert pooled == pytest.approx(0.2, abs=0.05)
    effects = effect_rows(wave, code // 2, MONTHS[:2], ChangeOptions(min_period_effect=100))
    assert set(effects["series"]) == {"effect"} and (effects["low"] < effects["value"]).all()


def test_one_mention_in_all_is_enough_to_stand_out():
    # One of 10 commenters, none of 1,000 before: hypergeometric mid-p 2 x (1/101 - 1/202), one in 101.
    size, se = np.array([500.0, 500, 10]), np.array([6.5, 6.5, 65.0])
    track = Track(MONTHS[:3], size, size, np.full(3, 20.0), se, np.array([[0], [0], [0.1]]), ("T0",), ("Late",))
    found = find_alerts(track)
    assert found["name"].tolist() == ["Late"] and found["p_value"].tolist() == pytest.approx([2 / 101])  # Holm: of two
    assert found["sentence"].tolist() == [
        '2026-03-01: "Late" is mentioned by 10.0 % of the commenters after 0.0 % in all periods before.'
    ]


def test_an_nps_of_small_standard_error_stands_out():
    size = np.full(4, 50_000.0)
    track = Track(MONTHS[:4], size, size, np.array([20.0, 20, 20, 23]), np.full(4, 0.5), np.zeros((4, 0)), (), ())
    found = find_alerts(track)
    assert found[["kind", "period", "series", "sentence"]].to_numpy().tolist() == [
        ["change point", "2026-04-01", "nps", "2026-04-01: The NPS is 23.0 from then on, after 20.0."],
        ["spike", "2026-04-01", "nps", "2026-04-01: The NPS is 23.0 after 20.0 in all periods before."],
    ]
    still = Track(MONTHS[:4], size, size, np.array([20.0, 20, 20, 23]), np.zeros(4), np.zeros((4, 0)), (), ())
    assert find_alerts(still).empty and tuple(find_alerts(still)) == tuple(found)


def test_periods_are_followed_where_they_have_enough_responses():
    said = pd.DataFrame({"T": [1] * 5 + [0] * 20})
    commented = np.arange(25) != 24
    wave = read_wave(said, [10] * 20 + [0] * 5, label="1", commented=commented)
    code = np.select([wave.coded.row < 10, wave.coded.row < 20], [0, 1], np.where(wave.coded.row == 20, -1, 2))
    track = track_periods(wave, code, MONTHS[:3], ChangeOptions(min_period=5, min_cell=5))
    assert track.nps.tolist()[:2] == [100, 100] and np.isnan(track.nps[2])  # four responses
    assert track.n.tolist()[:2] == [10, 10] and np.isnan(track.n[2])
    assert track.share[:, 0].tolist() == pytest.approx([0.5, 0, np.nan], nan_ok=True) and track.names == ("T",)
    fewer = track_periods(wave, np.where(code == 2, 1, code), MONTHS[:2], ChangeOptions(min_period=11, min_cell=4))
    assert np.isnan(fewer.nps).tolist() == [True, False] and np.isnan(fewer.n_commenters).tolist() == [True, False]


def test_dates_are_cut_by_their_span_and_numbers_by_hand():
    def labels(days, periods, least=20):
        last = pd.Timestamp("2026-01-05") + pd.Timedelta(days=days)
        dates = pd.Series(pd.date_range("2026-01-05", last, periods=periods))
        return cut_dates(dates, ChangeOptions(min_period=least))[1]

    assert len(labels(98, 400)) == 15 and len(labels(99, 400)) == 4  # weeks up to 98 days, then months
    assert len(labels(1100, 2000)) == 37 and len(labels(1101, 2000)) == 13  # months up to 1,100, then quarters
    assert labels(13, 14, 7) == ("2026-01-05", "2026-01-12") and labels(13, 14, 8) == ()  # seven a week; one month


def test_responses_without_a_date_are_in_no_period():
    dates = pd.Series([pd.NaT, *pd.date_range("2026-01-05", periods=14), pd.NaT])
    code, _ = cut_dates(dates, ChangeOptions(min_period=5))
    assert code.tolist() == [-1, *[0] * 7, *[1] * 7, -1]
    assert cut_dates(dates.iloc[[0, 15]], ChangeOptions())[0].tolist() == [-1, -1]


def test_a_period_of_just_enough_is_weighted():
    score, weight = [10] * 5 + [0] * 5, [3.0] * 5 + [1.0] * 5
    wave = read_wave(pd.DataFrame({"T": [1] * 10}), score, label="1", weight=weight)
    track = track_periods(wave, np.zeros(10, dtype=int), MONTHS[:1], ChangeOptions(min_period=10, min_cell=5))
    expected = net_promoter_score(np.array(score), np.array(weight))
    assert track.labels == MONTHS[:1] and track.nps.tolist() == [50] and track.share.tolist() == [[1]]
    assert track.nps_se[0] == pytest.approx((expected.high - expected.low) / 2 / 1.959964, rel=1e-6)
    assert track.n.tolist() == track.n_commenters.tolist() == [8]  # 20 x 20 / 50


@pytest.mark.filterwarnings("error")
def test_nobody_counts_as_nobody():
    assert kish(np.zeros(3)) == kish(np.zeros(0)) == 0 and kish(np.array([2.0, 2.0])) == 2
