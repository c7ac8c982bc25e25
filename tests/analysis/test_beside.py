"""Scores beside the NPS: their summary, and drivers ranked on them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

import verbatim as vb
from verbatim import run_folder
from verbatim.analysis.beside import check_outcome, chosen_outcome, outcome_table, rank_on, stand_in
from verbatim.analysis.journey import journey_table
from verbatim.config import parse_config
from verbatim.drivers.planning.what_if import what_if
from verbatim.drivers.rank import rank_drivers
from verbatim.errors import ConfigError, TooFewResponses
from verbatim.nps import net_promoter_score
from verbatim.pipeline import drivers_of
from verbatim.report.write import write_report
from verbatim.scales import Outcome
from verbatim.survey.read import read_survey

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "run_folder.json").read_text(encoding="utf-8"))["files"]


@pytest.fixture(scope="module")
def survey():
    rng = np.random.default_rng(5)
    late = rng.random(400) < 0.3
    csat = np.clip(4 - 2 * late + rng.integers(-1, 2, 400), 1, 5)
    cells = {"NPS": rng.integers(0, 11, 400), "Why?": [f"order {k} came" for k in range(400)], "CSAT": csat}
    return read_survey(pd.DataFrame(cells | {"late": np.where(late, "y", "n"), "id": range(400)}), response_id="id")


def test_the_summary_by_hand(survey):
    row = outcome_table(survey).iloc[0]
    answers, responses = survey.responses["CSAT"].astype(float), survey.responses
    assert row["n"] == 400 and row["mean"] == pytest.approx(answers.mean())
    assert row["top_share"] == pytest.approx(answers.ge(4).mean())
    assert row["net"] == pytest.approx(100 * (answers.ge(4).mean() - answers.le(2).mean()))
    points = responses["score"].map(lambda score: 100 if score > 8 else 0 if score > 6 else -100)
    assert row["correlation"] == pytest.approx(spearmanr(answers, points)[0])
    assert row["correlation_low"] < row["correlation"] < row["correlation_high"]


def test_a_cause_of_csat_alone_drives_csat_and_not_the_nps(survey):
    responses = survey.responses.set_index("response_id", drop=False)
    mentions = pd.DataFrame({"late": responses["late"].eq("y").astype(int)})

    def rank(score, refusals):
        return rank_drivers(mentions, score, refusals=refusals)

    (outcome,) = survey.outcomes
    drivers = rank_on(outcome, survey, rank)
    assert drivers.nps == net_promoter_score(survey.responses["score"])
    assert drivers.ranked_on.net.score == pytest.approx(outcome_table(survey)["net"].iloc[0])
    gained = outcome.points(responses["CSAT"])
    slope = gained[responses["late"] == "y"].mean() - gained[responses["late"] == "n"].mean()
    assert drivers.table["effect_per_mention"].iloc[0] == pytest.approx(slope)
    assert drivers.table["above_noise"].iloc[0] and not rank(responses["score"], ()).table["above_noise"].iloc[0]
    with pytest.raises(ConfigError, match="the drivers of this run are those of CSAT"):
        what_if(drivers, {"late": -0.5})


def test_the_stand_in_keeps_nulls(survey):
    blank = survey.responses.assign(CSAT=survey.responses["CSAT"].mask(survey.responses.index < 7))
    assert stand_in(survey.outcomes[0], blank).isna().sum() == 7


def test_names_are_found_whatever_their_case_and_others_refused(survey):
    assert chosen_outcome(survey, "csat") is survey.outcomes[0]
    assert chosen_outcome(survey, None) is chosen_outcome(survey, "NPS") is None
    with pytest.raises(ConfigError, match='scores beside the NPS are "CSAT"'):
        chosen_outcome(survey, "CES")


def test_what_cannot_be_ranked_on_is_refused(survey):
    few = replace(
        survey, responses=survey.responses.assign(CSAT=survey.responses["CSAT"].where(survey.responses.index < 59))
    )
    with pytest.raises(TooFewResponses, match="59 responses have both a comment and an answer"):
        check_outcome(few, "csat")
    same = replace(survey, responses=survey.responses.assign(CSAT=pd.array([5] * 400, dtype="Int8")))
    with pytest.raises(ConfigError, match="in one box"):
        check_outcome(same, "csat")
    check_outcome(survey, "csat")


def test_a_run_on_another_score_says_so_and_comes_back(small_analysis, tmp_path):
    """The whole way: drivers, tables, reports and back; stages stand in their order."""
    read, rng = small_analysis.survey, np.random.default_rng(2)
    segment = read.segments[0]
    values = tuple(sorted(read.responses[segment].dropna().unique(), reverse=True))
    csat = pd.array(np.clip(read.responses["score"].fillna(5) // 2 + rng.integers(-1, 2, len(read.responses)), 1, 5))

    survey = replace(
        read,
        responses=read.responses.assign(CSAT=pd.Series(csat, index=read.responses.index).astype("Int8")),
        outcomes=(Outcome("CSAT", "CSAT", "1-5", (4, 5), (1, 2)),),
        orders={segment: values},
    )
    config = parse_config({"drivers": {"outcome": "csat"}}, "test")
    old = small_analysis
    drivers = drivers_of(survey, old.spans, old.themes, old.mentions, config)
    assert drivers.nps == old.drivers.nps
    pd.testing.assert_frame_equal(drivers.segment_nps, old.drivers.segment_nps)
    analysis = replace(old, survey=survey, drivers=drivers)
    folder = run_folder.write(analysis, tmp_path / "run", lambda into: write_report(analysis, into, config.report))
    back = vb.Analysis.load(folder)
    assert back.drivers.ranked_on == drivers.ranked_on
    assert (back.survey.outcomes, back.survey.orders) == (survey.outcomes, survey.orders)
    assert journey_table(survey, drivers)["stage"].tolist() == list(values)
    for name in ("outcomes.csv", "journey.csv"):
        assert list(pd.read_csv(folder / name).columns) == list(SCHEMA[name]["holds"])
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert "Points below are points of “CSAT”, not of the NPS" in report and "What drives our CSAT" in report
    places = [report.index(f"\n| {value} | ") for value in values]
    assert places == sorted(places)
    assert "in NPS points" not in (folder / "report.html").read_text(encoding="utf-8")
