import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.survey.options import SurveyOptions
from verbatim.survey.read import read_survey

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("made", HERE / "made.py")
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
CASES = json.loads((HERE / "column_cases.json").read_text(encoding="utf-8"))
ORDINARY = {"NPS": "nps", "Comment": "text", "Plan": "plan"}


def roles(frame: pd.DataFrame, **settings: object) -> dict[str, str]:
    return {column.name: column.role for column in read_survey(frame, **settings).reading.columns}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_roles_are_recognised(case):
    found = roles(made.survey(case["columns"]))
    assert {name: found[name] for name in case["roles"]} == case["roles"]


def test_every_column_has_one_role_and_a_reason():
    columns = read_survey(made.survey(ORDINARY | {"Email": "email", "When": "date"})).reading.columns
    assert [c.name for c in columns] == ["NPS", "Comment", "Plan", "Email", "When"]
    assert all(c.reason and "\n" not in c.reason and len(c.reason) < 120 for c in columns)


def test_reason_says_determined_by_the_score():
    frame = made.survey({"NPS": "nps", "Kind": "category", "Comment": "text"})
    reason = next(c.reason for c in read_survey(frame).reading.columns if c.name == "Kind")
    assert reason == "determined by the score: each score has one value (Detractor 0-6, Passive 7-8, Promoter 9-10)"


def test_a_few_miscoded_rows_do_not_hide_that_the_score_decides():
    frame = made.survey({"NPS": "nps", "Kind": "category", "Comment": "text"}, n=300)
    frame.loc[[5, 77], "Kind"] = "Promoter"
    assert roles(frame)["Kind"] == "ignored"


def test_a_segment_that_collides_gets_a_suffix():
    survey = read_survey(made.survey({"NPS": "nps", "Comment": "text", "category": "plan"}))
    assert survey.segments == ("category (segment)",)
    assert set(survey.responses["category"].dropna()) <= {"promoter", "passive", "detractor"}


def test_names_in_the_options_win_whatever_their_case():
    found = roles(made.survey({"NPS": "nps", "Other score": "nps2", "Comment": "text"}), score="other SCORE")
    assert found["Other score"] == "score"


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(ColumnNotFound, match=r'survey.comment is "Coment".*Did you mean "Comment"\?.*"Plan"'):
        read_survey(made.survey(ORDINARY), comment="Coment")


def test_two_alike_scores_are_not_guessed_between():
    with pytest.raises(ColumnNotFound, match=r'(?s)2 columns could be.*\[survey\]\n    score = "Rating A"'):
        read_survey(made.survey({"Rating A": "nps", "Rating B": "nps2", "Comment": "text"}))


def test_stars_are_never_read_as_nps():
    frame = made.survey({"Rating": "stars", "Comment": "text"})
    with pytest.raises(ColumnNotFound, match=r'"Rating" runs 1-5. Star ratings are not NPS'):
        read_survey(frame)
    with pytest.raises(SurveyError, match="it runs 1-5"):
        read_survey(frame, score="Rating")


def test_one_to_ten_needs_the_users_word():
    frame = made.survey({"Rating": "ten", "Comment": "text"})
    with pytest.raises(ColumnNotFound, match=r'(?s)runs 1-10.*score = "Rating"'):
        read_survey(frame)
    assert "runs 1-10" in read_survey(frame, score="Rating").reading.notes[0]


def test_no_score_lists_the_columns_and_what_to_paste():
    with pytest.raises(ColumnNotFound, match=r'(?s)no column holds 0-10 scores.*"Comment", "Plan".*verbatim.toml'):
        read_survey(made.survey({"Comment": "text", "Plan": "plan"}))


def test_no_comment_lists_the_columns():
    with pytest.raises(ColumnNotFound, match="no column holds open answers"):
        read_survey(made.survey({"NPS": "nps", "Plan": "plan"}))


def test_a_named_segment_must_not_be_made_by_the_score():
    frame = made.survey({"NPS": "nps", "Kind": "category", "Comment": "text"})
    with pytest.raises(SurveyError, match=r'survey.segments names "Kind", which is determined by the score'):
        read_survey(frame, segments=["Kind"])


def test_segments_can_be_none_and_columns_ignored():
    assert read_survey(made.survey(ORDINARY), segments=[]).segments == ()
    assert read_survey(made.survey(ORDINARY), options=SurveyOptions(ignore=("Plan",))).segments == ()


def test_one_column_cannot_have_two_roles():
    with pytest.raises(SurveyError, match='"Plan" is named both as'):
        read_survey(made.survey(ORDINARY), segments=["Plan"], date="Plan")


def test_text_cannot_be_the_score():
    with pytest.raises(SurveyError, match=r'survey.score names "Comment", but none of its cells are numbers'):
        read_survey(made.survey(ORDINARY), score="Comment", comment="Plan")


@pytest.mark.parametrize(
    "title",
    ["First name", "Last name", "Vorname", "Customer name", "DOB", "Date of birth", "Geburtsdatum", "SSN",
     "Passport no", "Contact", "Twitter handle"],
)  # fmt: skip
def test_what_speaks_of_one_person_is_no_segment_however_few_its_values(title):
    cells = [("Jane", "Ana", "Tom")[k % 3] for k in range(90)]
    table = pd.DataFrame({"nps": [k % 11 for k in range(90)], "why": [f"slow app, order {k}" for k in range(90)]})
    survey = read_survey(table.assign(**{title: cells, "Region": ["N", "S"] * 45}))
    assert survey.segments == ("Region",) and title not in survey.responses
    assert read_survey(table.assign(**{title: cells}), segments=[title]).segments == (title,)
