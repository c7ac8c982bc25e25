import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from verbatim.errors import ConfigError, SurveyError
from verbatim.records import RESPONSE_COLUMNS
from verbatim.survey.options import SurveyOptions
from verbatim.survey.read import read_survey

ROWS = pd.DataFrame(
    {
        "NPS": ["10", "", "11", "", "9", "9", "n/a"],
        "Why?": ["  Fast\r\nand kind ", "only words", "eleven", " ", "", "", "\x00"],
        "Plan": ["a", "b", "a", "b", "a", "a", ""],
    }
)


def test_every_row_is_a_response_or_rejected_with_a_reason():
    survey = read_survey(ROWS)
    assert survey.reading.rows_in == 7
    assert survey.rejected["row"].tolist() == [3, 4, 7]
    assert survey.rejected["reason"].tolist() == [
        'score is "11"; NPS scores run 0-10',
        "no score and no comment",
        "no score and no comment",
    ]
    assert survey.rejected["NPS"].tolist() == ["11", "", "n/a"]
    assert sorted(survey.responses["comment"].dropna()) == ["Fast\nand kind", "only words"]
    unscored = survey.responses[survey.responses["score"].isna()]
    assert unscored["comment"].tolist() == ["only words"]
    assert unscored["category"].isna().all()


def test_columns_and_types():
    responses = read_survey(ROWS, segments=["Plan"]).responses
    assert tuple(responses.columns) == (*RESPONSE_COLUMNS, "Plan")
    kinds = {name: str(kind) for name, kind in responses.dtypes.items()}
    assert kinds["score"] == "Int8"
    assert kinds["weight"] == "float64"
    assert kinds["date"].startswith("datetime64")
    assert {kinds[name] for name in ("response_id", "respondent_id", "category", "comment", "Plan")} == {"str"}


def test_identical_rows_get_numbered_ids_and_nobody_is_lost():
    ids = read_survey(ROWS).responses["response_id"]
    assert ids.is_unique
    assert ids.str.fullmatch(r"r[0-9a-f]{12}(-\d+)?").all()
    assert ids.str.endswith("-2").sum() == 1


def test_invalid_scores_may_be_kept_unscored():
    survey = read_survey(ROWS, options=SurveyOptions(invalid="unscored"))
    assert survey.rejected["row"].tolist() == [4, 7]
    assert survey.responses["score"].isna().sum() == 2


def test_ids_from_the_file_only_where_each_response_has_its_own():
    frame = pd.DataFrame(
        {"ID": ["b", "a", "c"], "customer_id": ["x", "x", ""], "nps": ["1", "9", "10"], "why": list("abc")}
    )
    responses = read_survey(frame, comment="why", response_id="ID", respondent_id="customer_id").responses
    assert responses["response_id"].tolist() == ["a", "b", "c"]
    assert responses["respondent_id"].tolist() == ["x", "x", "c"]
    repeated = read_survey(frame.assign(ID=["a", "a", "b"]), comment="why", response_id="ID")
    assert repeated.responses["response_id"].str.startswith("r").all()
    assert "blank or repeated" in repeated.reading.notes[0]


def test_several_questions_are_joined_in_order():
    frame = pd.DataFrame({"nps": ["9", "3"], "improve": ["nothing", "price"], "why": ["good 😀", ""]})
    survey = read_survey(frame, comment=["why", "improve"])
    assert set(survey.responses["comment"]) == {"good 😀\nnothing", "price"}
    assert sorted(survey.answers["question"].tolist()) == ["improve", "improve", "why"]
    check_answers(survey)


def test_quotation_marks_around_every_answer_go():
    frame = pd.DataFrame({"nps": ["9", "3", "4"], "title": ['"great"', '"so ""bad"""', '"a" or "b"']})
    changed = read_survey(frame.head(1), comment="title").reading.changed
    assert read_survey(frame.iloc[[0]], comment="title").responses["comment"].tolist() == ["great"]
    assert changed == {'"title": quotation marks around answers taken off': 1}
    assert '"great"' in read_survey(frame, comment="title").responses["comment"].tolist()


def test_weights_must_not_be_negative():
    frame = pd.DataFrame({"nps": list("9381"), "why": list("abcd"), "w": ["1.5", "-1", "", "0"]})
    survey = read_survey(frame, comment="why", weight="w")
    assert sorted(survey.responses["weight"]) == [0, 1.5]
    assert survey.rejected["reason"].iloc[0] == 'weight is "-1"; survey weights are numbers from 0 up'


def test_input_columns_named_like_ours_survive():
    frame = ROWS.assign(reason="x", row="y")
    assert {"reason (input)", "row (input)"} <= set(read_survey(frame, comment="Why?").rejected.columns)


def test_mojibake_is_repaired():
    frame = pd.DataFrame({"nps": ["9"], "why": ["It\u00e2\u20ac\u2122s fine for Â£5"]})
    assert read_survey(frame, comment="why").responses["comment"].tolist() == ["It’s fine for £5"]


def test_a_wrong_option_is_a_config_error():
    with pytest.raises(ConfigError, match=r"survey.segments"):
        read_survey(ROWS, segments=3)


def test_input_is_left_alone():
    before = ROWS.copy()
    read_survey(ROWS)
    assert_frame_equal(ROWS, before)


def check_answers(survey):
    comments = survey.responses.set_index("response_id")["comment"]
    for row in survey.answers.itertuples():
        assert comments[row.response_id][row.start : row.start + len(row.text)] == row.text


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCORE = st.one_of(
    st.integers(0, 10).map(str), st.sampled_from(["", "n/a", "11", "-1", "9.0", "10/10", "x", "=1"]), TEXT
)
TABLES = st.lists(st.tuples(SCORE, TEXT, TEXT, st.sampled_from(["a", "b", ""])), min_size=1, max_size=15)


@given(rows=TABLES, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_rows_add_up_and_row_order_never_matters(rows, seed):
    frame = pd.DataFrame(rows, columns=["nps", "why", "improve", "plan"])
    try:
        survey = read_survey(frame, score="nps", comment=["why", "improve"])
    except SurveyError:
        return
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    assert survey.reading.rows_in == filled == len(survey.responses) + len(survey.rejected)
    assert survey.responses["response_id"].is_unique
    assert survey.rejected["reason"].ne("").all()
    check_answers(survey)
    shuffled = read_survey(
        frame.iloc[np.random.default_rng(seed).permutation(len(frame))], score="nps", comment=["why", "improve"]
    )
    assert_frame_equal(survey.responses, shuffled.responses)
    assert_frame_equal(survey.answers, shuffled.answers)


@given(rows=TABLES)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_a_csv_file_reads_like_the_table_it_was_written_from(rows, tmp_path_factory):
    frame = pd.DataFrame(rows, columns=["nps", "why", "improve", "plan"])
    text = io.StringIO(newline="")
    frame.to_csv(text, index=False, lineterminator="\r\n")
    path = tmp_path_factory.mktemp("csv") / "survey.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    try:
        direct = read_survey(frame, score="nps", comment="why")
    except SurveyError:
        return
    assert_frame_equal(read_survey(path, score="nps", comment="why").responses, direct.responses)
