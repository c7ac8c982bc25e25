"""Real exports with no configuration. Needs the folder named by VERBATIM_DATA; nothing of it is kept."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

import verbatim as vb
from verbatim.config import parse_config
from verbatim.errors import VerbatimError

DATA = Path(os.environ.get("VERBATIM_DATA", "nowhere"))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="VERBATIM_DATA names no folder of real surveys"),
]
LATE = (
    "delay",
    "late",
    "wait",
    "install",
    "activ",
    "connect",
    "order",
    "no broadband",
    "no internet",
    "no service",
    "yet",
    "still",
)


@pytest.fixture(scope="module")
def telco(encoder):
    return vb.analyze(vb.read_survey(DATA / "telco" / "telco_nps.csv"), encoder=encoder)


def test_telco_rows_and_nps(telco):
    ledger = telco.manifest["ledger"]
    assert (ledger["rows_in"], ledger["scored"]) == (2385, 2353)
    assert ledger["rows_in"] == ledger["responses"] + ledger["rejected"]
    assert round(telco.drivers.nps.score, 1) == -24.7


def test_telco_segments(telco):
    assert "SURVEY_SUB_TYPE" in telco.survey.segments
    assert "NPS_RATING" not in telco.survey.segments
    nps = telco.drivers.segment_nps.query("segment == 'SURVEY_SUB_TYPE'").set_index("value")["nps"].round().astype(int)
    assert nps.to_dict() == {"Order": -10, "First Payment": -29, "Equipment Received": -57, "Service in Use": -77}


def test_telco_delay_and_missed_installation_are_among_the_worst(telco):
    """Most exemplars of at least three of the five worst themes speak of waiting, delay or a missing connection."""
    text = telco.spans.table.set_index("span_id")["text"].str.lower()
    themes = telco.themes.by_id()
    worst = telco.drivers.leaves().nsmallest(5, "rank")["theme_id"]
    late = [sum(any(word in text[span] for word in LATE) for span in themes[theme].exemplars) >= 5 for theme in worst]
    assert sum(late) >= 3, [themes[theme].name for theme in worst]


def test_telco_themes_cover_the_comments(telco):
    ledger = telco.manifest["ledger"]
    assert ledger["with_theme"] / ledger["with_span"] >= 0.9
    names = [theme.name for theme in telco.themes.themes]
    assert len(set(names)) == len(names) and 15 <= len(names) <= 60


def test_portuguese_is_read_by_its_own_words_and_that_is_said():
    survey = vb.read_survey(pd.read_csv(DATA / "ptbr" / "ptbr_nps.csv").head(300))
    analysis = vb.analyze(survey)
    assert analysis.manifest["language"] == "pt" and analysis.manifest["encoder"]["name"] == "lexical-pt"
    assert any("Spans were read by their words" in note for note in analysis.manifest["fallbacks"])
    assert any("limite" in theme.name.lower() for theme in analysis.themes.themes)


def test_a_google_form_of_39_answers_gives_a_report_not_a_crash(encoder):
    analysis = vb.analyze(vb.read_survey(DATA / "exports" / "google_forms.csv"), encoder=encoder)
    assert analysis.drivers.nps.n == 39
    assert json.dumps(analysis.manifest, default=str)


def test_titles_need_a_mapping_and_work_with_it(encoder):
    file = DATA / "reviews" / "airline_titles_semicolon.csv"
    with pytest.raises(VerbatimError, match="Review Rating"):
        vb.read_survey(file)
    config = parse_config({"survey": {"score": "Review Rating"}}, "test")
    analysis = vb.analyze(vb.read_survey(file, options=config.survey), config=config, encoder=encoder)
    assert analysis.drivers.table["rank"].notna().sum() >= 5
