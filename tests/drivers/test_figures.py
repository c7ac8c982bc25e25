"""Every figure of a small survey with all that is treated apart, as it was when the other tests vouched for it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.kept import assert_kept

from verbatim.drivers import moments
from verbatim.drivers.checks import ordinal
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.planning import planned
from verbatim.drivers.planning.planned import PowerOptions
from verbatim.drivers.planning.power import power
from verbatim.drivers.planning.what_if import what_if
from verbatim.drivers.rank import rank_drivers
from verbatim.drivers.segments.pooling import cva, half_width, pool
from verbatim.drivers.tagging import correction
from verbatim.drivers.tagging.correction import correct_for_tagging
from verbatim.errors import VerbatimError
from verbatim.records import CHECK_COLUMNS

QUICK = DriverOptions(draws=400, min_segment=90)


def test_a_ranking(odd_survey):
    assert_kept("drivers/ranking", {"drivers": rank_drivers(**odd_survey, options=QUICK)})


def test_a_ranking_in_small_blocks(odd_survey, monkeypatch):
    monkeypatch.setattr(moments, "BLOCK", 64)
    assert_kept("drivers/ranking", {"drivers": rank_drivers(**odd_survey, options=QUICK)})


def test_a_ranking_of_twins(odd_survey):
    """Which of two equals comes first in a drawn wave is left to rounding, so their chances are not kept."""
    twins = odd_survey["mentions"].assign(
        twin=odd_survey["mentions"]["T03"], everybody=odd_survey["commented"].astype(int)
    )
    found = rank_drivers(
        twins, odd_survey["score"], odd_survey["segments"], commented=odd_survey["commented"], options=QUICK
    )
    table = found.table.drop(columns=["p_top3", "rank_low", "rank_high", "benchmark"])
    assert_kept("drivers/twins", {"table": table, "bridges": found.bridges, "notes": found.notes})


def test_a_ranking_whose_logit_sees_some(odd_survey, monkeypatch):
    monkeypatch.setattr(ordinal, "MOST_ROWS", 140)
    given = odd_survey | {"segments": None, "sentiment": None, "themes": None}
    found = rank_drivers(**given, options=QUICK)
    assert_kept("drivers/some_rows", {"table": found.table[list(CHECK_COLUMNS)], "notes": found.notes})


def test_a_ranking_of_plain_tables(odd_survey):
    rows = np.flatnonzero(odd_survey["commented"])[:150]
    found = rank_drivers(odd_survey["mentions"].iloc[rows, :4], odd_survey["score"].iloc[rows], options=QUICK)
    assert_kept("drivers/plain", {"drivers": found})


def test_a_ranking_with_pooled_themes(odd_survey):
    given = odd_survey | {"segments": odd_survey["segments"][["plan"]], "weight": None, "respondent": None}
    found = rank_drivers(**given, options=QUICK.model_copy(update={"min_mentions": 60, "min_cell": 5}))
    assert_kept("drivers/pooled", {"drivers": found})


def test_a_refusal(odd_survey):
    few = {name: table if name == "themes" else table.iloc[:70] for name, table in odd_survey.items()}
    assert_kept("drivers/refused", {"drivers": rank_drivers(**few, options=QUICK)})


def test_one_group_only_and_nobody_heard(odd_survey):
    same = {"segments": pd.DataFrame({"plan": ["A"] * 420}), "score": pd.Series([10.0] * 420)}
    found = rank_drivers(**odd_survey | same | {"sentiment": None}, options=QUICK)
    assert_kept("drivers/promoters", {"drivers": found})


THREE = pd.DataFrame({"A": [1, 0, 1], "B": [0, 0, 1]})
FLAT = pd.Series([10, 9, 0])
MISTAKES = {
    "score of two": {"score": [10, 9]},
    "score of one more": {"score": [[10], [9], [0]]},
    "score of 11": {"score": [10, 9, 11]},
    "score of x": {"score": [10, "x", 12]},
    "score of other rows": {"score": FLAT.set_axis([0, 2, 1])},
    "short score": {"score": FLAT.iloc[:2]},
    "mention of 2": {"mentions": pd.DataFrame({"A": [1, 0, 2], "B": [0, 3, 0]})},
    "two columns alike": {"mentions": THREE.set_axis(["A", "A"], axis=1)},
    "a kept name": {"mentions": THREE.rename(columns={"A": "coin_1"})},
    "another kept name": {"mentions": THREE.rename(columns={"A": "other"})},
    "one segment row": {"segments": pd.DataFrame({"plan": ["x"]})},
    "segments alike": {"segments": THREE.set_axis(["plan", "plan"], axis=1)},
    "weights": {"weight": [1, -1, -1]},
    "weight of nothing": {"weight": [1, None, 1]},
    "infinite weight": {"weight": [1, np.inf, 1]},
    "silent mention": {"commented": [True, True, False]},
    "comment unknown": {"commented": [True, None, True]},
    "theme unlisted": {"themes": pd.DataFrame({"name": ["A"]}, index=["A"])},
    "theme listed twice": {"themes": pd.DataFrame({"name": list("ABA")}, index=list("ABA"))},
    "own ancestor": {"themes": pd.DataFrame({"parent_id": [None, None, "Q", "P"]}, index=["A", "B", "P", "Q"])},
    "tones of one": {"sentiment": THREE[["A"]]},
    "tones of other rows": {"sentiment": (THREE * 0.5).set_axis([0, 2, 1])},
    "tones of 3": {"sentiment": THREE * [-3.0, 2.0]},
    "nothing scored": {"score": [None] * 3},
    "nothing weighs": {"weight": [0, 0, 0]},
}


def _told(function, cases, given):
    said = {}
    for name, changed in cases.items():
        with pytest.raises(VerbatimError) as raised:
            function(**given | changed)
        said[name] = [type(raised.value).__name__, str(raised.value)]
    return said


def test_what_mistakes_are_told():
    assert_kept("drivers/mistakes", _told(rank_drivers, MISTAKES, {"mentions": THREE, "score": [10, 9, 0]}))


def _sampled(odd_survey):
    """Tables of the survey, and people's coding of three comments in four, likelier where something was tagged."""
    given = {name: table for name, table in odd_survey.items() if name != "sentiment"}
    mentions, rng = given["mentions"], np.random.default_rng(3)
    rows = mentions.index[given["commented"] & (rng.random(len(mentions)) < 0.75)]
    coded = mentions.loc[rows, mentions.columns != "praise"]
    coded = (coded.astype(bool) ^ (rng.random(coded.shape) < 0.1)).astype(int)
    chance = pd.Series(np.where(mentions.loc[rows].any(axis=1), 0.8, 0.7), index=rows)
    return given | {"coded": coded.iloc[::-1], "probability": chance}


def test_a_correction_of_tagging(odd_survey, monkeypatch):
    given = _sampled(odd_survey) | {"options": QUICK}
    assert_kept("drivers/few_coded", {"found": correct_for_tagging(**given)})
    monkeypatch.setattr(correction, "ENOUGH", 150)
    assert_kept("drivers/corrected", {"found": correct_for_tagging(**given)})
    plain = {name: given[name] for name in ("mentions", "coded", "probability", "score", "commented", "options")}
    plain["coded"] = plain["coded"].assign(praise=0)
    assert_kept("drivers/corrected_plain", {"found": correct_for_tagging(**plain)})


def test_what_mistakes_in_coding_are_told(odd_survey):
    given = _sampled(odd_survey)
    coded, chance = given["coded"], given["probability"]
    silent = given["mentions"].index[~given["commented"]][:2]
    blank, wrong = coded.astype(float), coded.copy()
    blank.iloc[3, 1], wrong.iloc[[4, 5], 2] = np.nan, 7
    twice = given["mentions"].set_axis([1, 1, *range(3, 421)])
    assert_kept("drivers/coding_mistakes", _told(correct_for_tagging, {
        "nothing": {"coded": coded.iloc[:0]},
        "label twice": {"mentions": twice},
        "coded twice": {"coded": pd.concat([coded, coded.iloc[:2]])},
        "unknown": {"coded": coded.set_axis([*coded.index[:-2], "x", "y"])},
        "theme not coded": {"coded": coded.drop(columns=["T00", "T01"])},
        "extra": {"coded": coded.assign(more=0, less=0)},
        "blank": {"coded": blank},
        "seven": {"coded": wrong},
        "few chances": {"probability": [0.5]},
        "chance twice": {"probability": pd.concat([chance, chance.iloc[:1]])},
        "chance of 0": {"probability": chance * (np.arange(len(chance)) > 1)},
        "chance over 1": {"probability": list(chance + 0.25)},
        "chance missing": {"probability": chance.iloc[3:]},
        "silent": {"coded": coded.set_axis([*coded.index[:-2], *silent]), "probability": list(chance)},
        "too likely": {"probability": chance / 4},
        "unscored": {"coded": coded.iloc[:2], "probability": [0.5] * 2, "weight": None,
                     "score": given["score"].where(~given["score"].index.isin(coded.index[:2]))},
    }, given))  # fmt: skip


@pytest.fixture(scope="module")
def ranking(odd_survey):
    return rank_drivers(**odd_survey, options=QUICK)


SMALL = PowerOptions(themes=4, share=0.15, waves=300)


def test_a_plan_for_the_next_wave(ranking, monkeypatch):
    monkeypatch.setattr(planned, "_POPULATION", 4000)
    assert_kept("drivers/power", {
        "run": power(ranking, effect=-4.0, n=[100, 1500], options=SMALL),
        "theme": power(ranking, effect=3.0, theme="T02", n=[400], options=SMALL),
        "broader": power(ranking, effect=-8.0, theme="P", n=[60], options=SMALL),
        "plan": power(effect=-4.0, n=[200, 900], options=SMALL),
        "alone": power(effect=-2.0, n=[200], options=SMALL.model_copy(update={"themes": 1})),
        "never": power(effect=-0.001, n=[50], options=SMALL),
    })  # fmt: skip


def test_what_mistakes_in_planning_are_told(ranking):
    cases = {
        "0": {"effect": 0.0}, "inf": {"effect": np.inf}, "far": {"effect": -26.0}, "49": {"n": [50, 49]},
        "1000001": {"n": [1_000_001]}, "unranked": {"theme": "alone"},
    }  # fmt: skip
    of_run = _told(power, cases, {"drivers": ranking, "options": SMALL})
    of_plan = _told(power, {"theme": {"theme": "T00"}, "far": {"effect": 15.5}}, {"options": SMALL})
    none = _told(power, {"none": {"drivers": replace(ranking, table=ranking.table.iloc[5:7])}}, {})
    assert_kept("drivers/planning_mistakes", of_run | {f"plan {name}": told for name, told in of_plan.items()} | none)


def test_questions_of_what_if(ranking):
    asked = {
        "half": {"T00": -0.5}, "none": {"late calls ": -1.0}, "more": {"T03": 1.0}, "some more": {"T02": 0.2},
        "odd": {"T01": -0.333}, "same": {"Staff": 0.0}, "three": {"T00": -0.25, "T02": 0.75, "T03": -0.2},
        "much": {"P": -1.0, }, "very much": {"Staff": 3.4, "T00": -1.0, "T01": -1.0},
    }  # fmt: skip
    assert_kept("drivers/what_if", {name: what_if(ranking, changes) for name, changes in asked.items()})


def test_what_mistakes_in_what_if_are_told(ranking):
    table = ranking.table
    same = replace(ranking, table=table.assign(name=table["name"].replace("Price", "Staff")))
    many = pd.concat([table.iloc[:5].assign(theme_id=[f"X{at}{k}" for k in range(5)], name=f"N{at}") for at in (1, 2)])
    cases = {
        "nothing": {"changes": {}}, "near": {"changes": {"Late cals": -0.5}}, "inside": {"changes": {"calls": -0.5}},
        "far": {"changes": {"zzz": -0.5}}, "unranked": {"changes": {"Alone": -0.5}}, "id": {"changes": {"t0": -0.5}},
        "twice": {"changes": {"T00": -0.5, "Late calls": -0.1}}, "levels": {"changes": {"T00": -0.5, "P": -0.5}},
        "not a number": {"changes": {"T00": np.nan}}, "below": {"changes": {"T00": -1.01}},
        "above": {"changes": {"T00": 4.6}}, "of one name": {"drivers": same, "changes": {"Staff": -0.5}},
        "none ranked": {"drivers": replace(ranking, table=table.iloc[5:7]), "changes": {"T00": -0.5}},
        "many": {"drivers": replace(ranking, table=many), "changes": {"zzz": -0.5}},
    }  # fmt: skip
    assert_kept("drivers/what_if_mistakes", _told(what_if, cases, {"drivers": ranking}))


def test_pooled_estimates():
    rng = np.random.default_rng(4)
    raw, se = rng.normal(-20, 12, (3, 5)), rng.uniform(2, 9, (3, 5))
    raw[0, 1] = raw[:2, 2] = np.nan
    se[2, 3] = 0.0
    found = {"pooled": pool(raw, se), "alone": pool(raw[:1], se[:1]), "far": pool(raw[:, :2] * 9, se[:, :2])}
    pooled = found["pooled"]
    found["half"] = half_width(pooled.noise, pooled.bias, pooled.kurtosis)
    sizes = [0.0, 0.01, 0.3, 1.0, 4.0, 50.0]
    found["cva"] = {str(shape): cva(sizes, shape) for shape in (1.0, 2.0, 3.0, 10.0, np.inf)}
    found["cva at a tenth"] = cva([[0.5], [2.0]], 4.0, 0.1)
    assert_kept("drivers/pooled_estimates", found)
