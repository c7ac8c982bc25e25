"""Sentences on one theme: signs, brackets, bridges, and what is not known stays unsaid."""

from dataclasses import replace

import pandas as pd
import pytest

from verbatim.report import theme_words as words
from verbatim.report.rows import BridgeLine, read_drivers

ROW = {
    "theme_id": "T1", "name": "Late visits", "rank": 2, "n_responses": 90, "share": 0.1, "effect": -3.0,
    "effect_low": -4.0, "effect_high": -2.0, "leave_out": -4.1, "n_negative": 70, "n_positive": 4,
    "effect_negative": -2.9, "effect_positive": 0.1, "effect_negative_if_mood": -1.8, "effect_positive_if_mood": -0.2,
    "rank_ordinal": 3, "relative_weight": 0.034, "robustness_value": 0.124, "benchmark": "Region",
    "benchmark_strength": 0.041, "silence_ratio": 3.42,
}  # fmt: skip
(DRIVER,) = read_drivers(pd.DataFrame([ROW]))
OWN = BridgeLine("Late visits", "own", -3.0)
BRIDGE = (
    BridgeLine("Late visits", "own", -3.0),
    BridgeLine("Delivery delay", "theme", -1.3),
    BridgeLine("Plan", "segment", 0.2),
)


def test_half_of_the_mentions_turns_sign_and_interval():
    assert words.what_if(DRIVER).endswith("NPS would read +1.5 [+1.0, +2.0] points.")
    assert words.what_if(replace(DRIVER, effect=2.0)) == ""


def test_the_bridge_names_what_leave_out_owes_to_others():
    said = words.leave_out(DRIVER, BRIDGE)
    assert "says −4.1; −1.3 of it belongs to “Delivery delay”, which they mention more often than others" in said
    assert sum(points for _, points in words.bridge_rows(BRIDGE)) == pytest.approx(-4.1)
    segment = (OWN, BridgeLine("Plan", "segment", -1.1))
    assert words.leave_out(DRIVER, segment).endswith("belongs to “Plan”, the segment they belong to.")
    spread = (OWN, *(BridgeLine(str(i), "theme", -0.04) for i in range(28)))
    assert "many others a little each" in words.leave_out(replace(DRIVER, leave_out=-4.12), spread)
    assert words.leave_out(replace(DRIVER, leave_out=-3.02), BRIDGE).endswith("says −3.0.")


def test_tone_is_a_bracket_and_never_significant():
    said = words.tone(DRIVER)
    assert "70 mentions read as negative, 4 as positive" in said and "−1.8 to −2.9 is carried by negative ones" in said
    assert "signific" not in said and "noise" not in said


def test_what_would_overturn_it():
    said = words.sturdiness(DRIVER, 40)
    assert "explain 12 % of what is left" in said[0] and "as strong as “Region”" in said[0] and "4.1 %" in said[0]
    assert "silent promoters were 3.4 times as likely as silent detractors" in said[1]
    assert said[2].endswith("ranks it 3rd.") and "3.4 %" in said[3]
    gain = replace(DRIVER, effect=2.0, silence_ratio=float("nan"))
    assert "Not even silent detractors 100 times as likely as silent promoters" in words.silence(gain, 40)
    assert words.silence(DRIVER, 0) == ""


def test_a_row_without_checks_says_nothing_of_them():
    (bare,) = read_drivers(pd.DataFrame([{key: ROW[key] for key in ("theme_id", "name", "n_responses", "effect")}]))
    assert words.sturdiness(bare, 40) == [] and words.tone(bare) == "" and bare.rank is None
