from dataclasses import replace

import pandas as pd
import pytest

from verbatim.nps import Nps
from verbatim.report import method, theme_words, words
from verbatim.report.contents import Broader, Period, differ
from verbatim.report.rows import read_drivers

NAN = float("nan")
ROW = {
    "theme_id": "T01", "name": "Delayed installation", "rank": 1, "n_responses": 340, "share": 0.18,
    "nps_mentioners": -70.0, "leave_out": -7.0, "effect": -6.1, "effect_low": -7.4, "effect_high": -4.8, "rank_low": 1,
    "rank_high": 1, "p_top3": 1.0, "above_noise": True, "promoters_lost": -2.0, "detractors_made": -4.1,
    "n_negative": 300, "n_positive": 10, "effect_negative": -6.0, "effect_positive": -0.1,
}  # fmt: skip
(BASE,) = read_drivers(pd.DataFrame([ROW]))
SECOND = replace(
    BASE, theme_id="T02", name="Missed visits", rank=2, effect=-3.0, low=-4, high=-2, rank_low=2, rank_high=3
)
THIRD = replace(
    BASE, theme_id="T03", name="Long waits", rank=3, effect=-2.9, low=-4, high=-1.8, rank_low=2, rank_high=3
)


def test_a_cost_turns_the_interval_with_the_sign():
    assert words.costs(BASE) == "“Delayed installation” costs 6.1 points [4.8, 7.4]"
    assert words.costs(replace(BASE, high=0.3)).endswith("[−0.3, 7.4]")


def test_a_settled_first_place_is_said_and_an_unsettled_one_names_its_ties():
    assert "more than any other theme. The next largest estimates are “Missed visits” (3.0)" in words.worst(
        [BASE, SECOND, THIRD]
    )
    said = words.worst([SECOND, THIRD])
    assert "tied with “Long waits” (2.9)" in said and "more than any other" not in said


def test_a_theme_without_a_clear_name_keeps_its_rank_and_is_described():
    nameless = replace(BASE, name="Unclear: milk, missing")
    said = words.worst([nameless, SECOND, THIRD])
    assert said == (
        "A group of comments without a clear name (milk, missing) costs 6.1 points [4.8, 7.4], more than any other "
        "theme. Of the themes with a clear name, “Missed visits” costs most: 3.0 [2.0, 4.0]."
    )
    alike = replace(nameless, theme_id="T09", rank_low=2, rank_high=3, effect=-2.8)
    assert "is tied with a group of comments without a clear name (milk, missing; 2.8)" in words.worst([SECOND, alike])
    assert "“Missed visits”" not in words.worst([alike]) and "clear name, " not in words.worst([alike])
    assert any(sentence.startswith("“Unclear”: no short name fits") for sentence in theme_words.about(nameless))
    assert theme_words.nameless([BASE]) == ""


def test_a_broader_theme_of_costs_and_strengths_says_so():
    strength = replace(BASE, theme_id="T05", name="Easy setup", effect=2.0)
    alone, mixed = (Broader(replace(BASE, name="Setup"), parts, ()) for parts in ((BASE,), (BASE, strength)))
    assert words.broader([alone]).startswith("1 theme falls under 1 broader one, ranked apart")
    assert words.broader([mixed, alone]).startswith("3 themes fall under 2 broader ones, ranked apart")
    assert words.broader([mixed]).endswith(
        "“Setup” holds costs and strengths, which offset each other: read its parts."
    )


def test_many_ties_are_counted():
    rivals = [replace(THIRD, theme_id=f"T{i}", name=f"Theme {i}") for i in range(4, 10)]
    assert "“Theme 4” (2.9), “Theme 5” (2.9), “Theme 6” (2.9) and 3 others" in words.worst([SECOND, *rivals])


def test_how_far_the_order_is_settled():
    assert words.order([BASE, SECOND, THIRD]).startswith("The first place is settled; below")
    assert words.order([SECOND, THIRD]).startswith("Their order is not settled")
    assert words.order([BASE]) == ""


def test_nothing_above_the_noise():
    quiet = replace(BASE, above_noise=False)
    assert words.noise([quiet]).startswith("No pain point beats the noise")
    assert words.noise([BASE, quiet]) == "1 of 2 pain points beats the noise; the other could be chance."
    assert words.best([]) == "No theme has a positive effect."
    assert words.best([replace(quiet, effect=2.0)]) == "No theme with a positive effect beats the noise."


def test_about_a_theme_with_nothing_known_but_its_size():
    bare = replace(
        BASE, rank=None, rank_low=None, rank_high=None, p_top3=NAN, n_negative=None, n_positive=None, leave_out=NAN,
        low=NAN, promoters_lost=NAN, detractors_made=NAN, nps_mentioners=NAN, share=NAN,
    )  # fmt: skip
    assert theme_words.about(bare) == ["340 customers mention it (– of commenters)."]
    assert theme_words.noise_mark(bare) == "not ranked"


def test_outcome_parts_keep_their_signs():
    assert (
        theme_words.outcome(BASE) == "Of its −6.1 points: −2.0 through fewer promoters, −4.1 through more detractors."
    )
    assert "+0.5 through more promoters" in theme_words.outcome(replace(BASE, promoters_lost=0.5))


@pytest.mark.parametrize(("scores", "found"), [((-30, -31, -29), False), ((-60, -30, 0), True)])
def test_periods_differ_only_beyond_chance(scores, found):
    assert differ([Nps(s, s - 10, s + 10, 200) for s in scores]) is found


def test_course_needs_two_known_periods():
    known = Period("Jan 2025", 50, Nps(-10, -20, 0, 50))
    assert words.course([known, Period("Feb 2025", 2, None)], False) == ""
    assert "no more movement than chance" in words.course([known, replace(known, label="Feb 2025")], False)


def test_masked_counts_in_words():
    assert method.masked({"email": 12, "phone": 1, "ip": 0}).endswith("12 e-mail addresses and 1 phone number.")
    assert method.masked({}).startswith("No personal data")


def test_strengths_that_cannot_be_told_apart_are_named_as_tied():
    first = replace(BASE, effect=3.7, low=2.8, high=4.6, rank=37, rank_low=36, rank_high=37)
    second = replace(first, name="Easy process", effect=3.6, rank=36)
    assert "but it is tied with “Easy process” (3.6)" in words.best([first, second])
