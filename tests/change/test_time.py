"""Trends and alerts: smooth where there is only noise, alarmed where something is planted, calm elsewhere."""

import numpy as np
import pandas as pd
import pytest

from verbatim.change.alerts import find_alerts
from verbatim.change.options import ChangeOptions
from verbatim.change.periods import Track, cut_dates, track_periods
from verbatim.change.smoothing import smooth
from verbatim.change.trends import TREND_COLUMNS, effect_rows, trend_table

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
