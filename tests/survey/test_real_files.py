"""Real exports, read with no configuration, as a newcomer would."""

import pytest

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.nps import net_promoter_score
from verbatim.survey.read import read_survey

pytestmark = pytest.mark.data


def roles(survey):
    return {column.name: (column.role, column.reason) for column in survey.reading.columns}


def test_telco(real_data):
    survey = read_survey(real_data / "telco" / "telco_nps.csv")
    found = roles(survey)
    scored = survey.responses[survey.responses["score"].notna()]
    assert survey.reading.rows_in == 2385 == len(survey.responses) + len(survey.rejected)
    assert len(scored) == 2353
    assert round(net_promoter_score(scored["score"]).score, 1) == -24.7
    assert survey.segments == ("SURVEY_SUB_TYPE", "Qtr")
    assert found["NPS_RATING"][0] == "ignored"
    assert "determined by the score" in found["NPS_RATING"][1]
    assert survey.responses["date"].notna().all()
    journey = {"Order": -10, "First Payment": -29, "Equipment Received": -57, "Service in Use": -77}
    for value, nps in journey.items():
        assert round(net_promoter_score(scored.loc[scored["SURVEY_SUB_TYPE"] == value, "score"]).score) == nps


def test_portuguese(real_data):
    survey = read_survey(real_data / "ptbr" / "ptbr_nps.csv")
    assert {name: role for name, (role, _) in roles(survey).items()} == {"Comentário": "comment", "Nota": "score"}
    assert survey.responses["score"].notna().sum() == 3587


def test_google_forms(real_data):
    survey = read_survey(real_data / "exports" / "google_forms.csv")
    chosen = {role: name for name, (role, _) in roles(survey).items() if role != "ignored"}
    assert chosen["score"].endswith("rate Sudzilla?")
    assert chosen["comment"] == "...why?"
    assert survey.segments == ()
    assert set(survey.responses["date"].dt.month) == {11}


def test_airline_titles_want_a_word_from_the_user(real_data):
    path = real_data / "reviews" / "airline_titles_semicolon.csv"
    with pytest.raises(ColumnNotFound, match='score = "Review Rating"'):
        read_survey(path)
    survey = read_survey(path, score="Review Rating")
    assert "';' separated" in survey.reading.layout
    assert len(survey.responses) == 1230
    assert not survey.responses["comment"].str.startswith('"').mean() > 0.05


@pytest.mark.parametrize(("name", "score"), [("hotels.csv", "overall"), ("marketplace_short.csv", "Ratings")])
def test_stars_are_refused(real_data, name, score):
    with pytest.raises(ColumnNotFound, match="Star ratings"):
        read_survey(real_data / "reviews" / name)
    with pytest.raises(SurveyError, match="runs 1-5"):
        read_survey(real_data / "reviews" / name, score=score)


def test_qualtrics_rows_are_understood(real_data):
    survey = read_survey(real_data / "exports" / "qualtrics.csv", score="Q1")
    assert survey.reading.rows_in == 1
    assert survey.answers["question"].tolist() == ["This is a free text question."]
