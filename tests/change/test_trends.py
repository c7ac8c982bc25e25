"""Trends by hand: intervals, standard errors where nobody mentions a theme, effects within periods."""

import numpy as np
import pandas as pd
import pytest

from verbatim.change.options import ChangeOptions
from verbatim.change.periods import Track, within
from verbatim.change.standing import standing
from verbatim.change.trends import TREND_COLUMNS, effect_rows, trend_table
from verbatim.change.wave import read_wave

Z95 = 1.959963984540054
TEXTS = ["period", "series", "theme_id", "name"]
LABELS = ("2026-01-01", "2026-02-01")


def tracked(share, n=(100.0, 100.0), nps=(10.0, 30.0)):
    return Track(LABELS, np.array(n), np.array(n), np.array(nps), np.array([5.0, 5.0]), np.array(share), ("T1", "T2"),
                 ("Late", "Price"))  # fmt: skip


def assert_typed(table):
    assert tuple(table) == TREND_COLUMNS
    assert [name for name in table if table[name].dtype == "str"] == TEXTS
    assert all(table[name].dtype == "float64" for name in table if name not in TEXTS)


def test_the_nps_and_each_theme_have_a_row_a_period():
    table = trend_table(tracked([[0.0, 0.3], [0.2, 0.3]]))
    assert_typed(table)
    assert table.index.tolist() == list(range(6)) and table["period"].tolist() == [*LABELS] * 3
    assert table["series"].tolist() == ["nps"] * 2 + ["share"] * 4
    assert table["theme_id"].fillna("-").tolist() == ["-", "-", "T1", "T1", "T2", "T2"]
    assert table["name"].tolist()[::2] == ["NPS", "Late", "Price"] and (table["n"] == 100).all()
    nps = table.iloc[:2]
    assert (nps["high"] - nps["value"]).tolist() == pytest.approx([5 * Z95] * 2)
    assert (nps["value"] - nps["low"]).tolist() == pytest.approx([5 * Z95] * 2)
    # Two points show no step: a flat line, their mean, with a standard error of 5 / sqrt(2).
    assert nps["smoothed"].tolist() == [20, 20]
    assert nps["smoothed_high"].tolist() == pytest.approx([20 + 5 * Z95 / 2**0.5] * 2)
    assert nps["smoothed_low"].tolist() == pytest.approx([20 - 5 * Z95 / 2**0.5] * 2)


def test_a_share_of_nothing_has_the_standard_error_of_all_periods():
    late = trend_table(tracked([[0.0, 0.3], [0.2, 0.3]], n=(100.0, 300.0))).iloc[2:4]
    # 60 of 400 mention it: 0.15; both points lie on one line of precision 400 / (0.15 x 0.85).
    assert late["smoothed"].tolist() == pytest.approx([0.15] * 2)
    half = Z95 * (0.15 * 0.85 / 400) ** 0.5
    assert late["smoothed_high"].tolist() == pytest.approx([0.15 + half] * 2)
    assert late["low"].tolist()[0] == 0 and late["high"].tolist()[0] == pytest.approx(Z95**2 / (100 + Z95**2))


def test_a_smoothed_share_is_no_less_than_nothing():
    rare = trend_table(tracked([[0.0, 0.0], [0.01, 0.0]])).iloc[2:]
    assert rare["smoothed_low"].tolist() == [0] * 4 and rare["smoothed"].tolist() == pytest.approx([0.005] * 2 + [0, 0])


def test_periods_without_a_point_have_a_line_through_them_and_a_theme_without_points_none():
    table = trend_table(tracked([[np.nan, np.nan], [0.2, np.nan]]))
    late, price = table.iloc[2:4], table.iloc[4:]
    assert late["value"].isna().tolist() == [True, False] and late["smoothed"].tolist() == pytest.approx([0.2, 0.2])
    assert price[["value", "low", "high", "smoothed", "smoothed_low", "smoothed_high"]].isna().all().all()


def wave(n=240, themes=("A", "B"), commented=None):
    rows = np.arange(n)
    said = pd.DataFrame({name: (rows % (at + 2) == 0).astype(int) for at, name in enumerate(themes)})
    said = said if commented is None else said.mul(commented.astype(int), axis=0)
    catalogue = pd.DataFrame({"name": [f"Theme {name}" for name in themes]}, index=list(themes))
    return read_wave(said, rows * 7 % 11, label="1", commented=commented, themes=catalogue)


def in_halves(one):
    """First half of the responses as they were given in the first period, the others in the second."""
    return (one.coded.row >= len(one.coded.row) / 2).astype(int)


def test_effects_of_a_period_are_those_of_its_responses_alone():
    one = wave()
    code = in_halves(one)
    table = effect_rows(one, code, LABELS, ChangeOptions(min_period_effect=120))
    assert_typed(table)
    assert table[TEXTS].to_numpy().tolist() == [
        [LABELS[0], "effect", "A", "Theme A"], [LABELS[1], "effect", "A", "Theme A"],
        [LABELS[0], "effect", "B", "Theme B"], [LABELS[1], "effect", "B", "Theme B"],
    ]  # fmt: skip
    for at in (0, 1):
        alone = standing(within(one, code == at)).set_index("theme_id")
        here = table[table["period"] == LABELS[at]].set_index("theme_id")
        assert here["value"].tolist() == pytest.approx(alone["effect"].tolist())
        assert here["low"].tolist() == pytest.approx(alone["effect_low"].tolist())
        assert here["high"].tolist() == pytest.approx(alone["effect_high"].tolist())
        assert here["n"].tolist() == alone["n"].tolist() == [60, 40]


def test_a_period_needs_its_commenters():
    spoke = np.arange(240) % 240 != 7  # one of the first half is silent
    one = wave(commented=spoke)
    code = in_halves(one)
    table = effect_rows(one, code, LABELS, ChangeOptions(min_period_effect=120))
    assert table["value"].isna().tolist() == [True, False] * 2 and table["n"].isna().tolist() == [True, False] * 2
    assert effect_rows(one, code, LABELS, ChangeOptions(min_period_effect=119))["value"].notna().all()
    none = effect_rows(one, code, LABELS, ChangeOptions(min_period_effect=121))
    assert none.empty
    assert_typed(none)


def test_themes_too_rare_for_an_effect_have_no_rows():
    rows = np.arange(200)
    one = read_wave(pd.DataFrame({"A": (rows < 3).astype(int), "B": (rows == 9).astype(int)}), rows % 11, label="1")
    none = effect_rows(one, np.zeros(200, dtype=int), LABELS[:1], ChangeOptions())
    assert none.empty
    assert_typed(none)
    both = read_wave(pd.DataFrame({"A": (rows < 3).astype(int), "B": (rows < 90).astype(int)}), rows % 11, label="1")
    assert effect_rows(both, np.zeros(200, dtype=int), LABELS[:1], ChangeOptions())["theme_id"].tolist() == ["B"]


def test_a_part_of_a_wave():
    one = read_wave(
        pd.DataFrame({"A": [1, 0, 1, 0]}), [10, 9, 0, 8], pd.DataFrame({"plan": list("xyxy")}), label="1",
        respondent=pd.Series(["p", "q", None, "s"]), weight=[1, 2, 3, 4],
    )  # fmt: skip
    rows = np.isin(one.coded.row, [0, 2])
    part = within(one, rows)
    assert sorted(zip(part.coded.score, part.coded.weight, part.person, strict=True)) == [
        (0, 3, "\x001\x002"), (10, 1, "p"),
    ]  # fmt: skip
    assert part.coded.segments.to_dict("list") == {"plan": ["x", "x"]} and part.coded.segments.index.tolist() == [0, 1]
    assert part.coded.mentions.all() and sorted(part.coded.row) == [0, 2] and part.coded.notes == ()
