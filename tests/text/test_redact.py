import json
from pathlib import Path

import pandas as pd
import pytest

from verbatim.survey.read import read_survey
from verbatim.text.masking.masker import Masker
from verbatim.text.masking.options import RedactOptions
from verbatim.text.redact import redact

CASES = json.loads((Path(__file__).parent / "redact_cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def masker():
    return Masker(RedactOptions())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_cases(masker, case):
    assert masker.mask(case["text"]).text == case["masked"]


def test_there_are_enough_cases_of_both_sorts():
    unchanged = sum(case["text"] == case["masked"] for case in CASES)
    assert len(CASES) >= 60
    assert 30 <= unchanged <= len(CASES) - 30


def test_kinds_can_be_chosen():
    text = "jo@example.com 020 7946 0958"
    assert Masker(RedactOptions(kinds=("phone",))).mask(text).text == "jo@example.com <phone>"
    assert Masker(RedactOptions(kinds=())).mask(text).text == text


def test_regions_can_be_chosen():
    assert Masker(RedactOptions(phone_regions=("US",))).mask("020 7946 0958").text == "020 7946 0958"


def test_masking_twice_changes_nothing(masker):
    for case in CASES:
        assert masker.mask(case["masked"]).text == case["masked"]


def test_long_texts_are_masked_to_the_end(masker):
    text = "no service at all. " * 2_000 + "jo@example.com, 020 7946 0958"
    assert masker.mask(text).text.endswith("<email>, <phone>")
    assert masker.mask("1 " * 50_000).counts["phone"] > 0


SURVEY = pd.DataFrame(
    {
        "customer_id": ["c1", "c2", "c3", "c4"],
        "email": ["a@b.com", "c@d.com", "e@f.com", "g@h.com"],
        "NPS": ["3", "9", "jo@example.com", "9"],
        "why": ["Mail jo@example.com", "fine 😀", "", "Mail jo@example.com"],
        "improve": ["call 020 7946 0958", "IP 10.0.0.1", "Mail jo@example.com", ""],
    }
)


@pytest.fixture(scope="module")
def masked():
    return redact(read_survey(SURVEY, score="NPS", comment=["why", "improve"], respondent_id="customer_id"))


def test_answers_and_comments_agree_after_masking(masked):
    comments = masked.responses.set_index("response_id")["comment"]
    assert sorted(comments) == ["Mail <email>", "Mail <email>\ncall <phone>", "fine 😀\nIP <ip>"]
    for row in masked.answers.itertuples():
        assert comments[row.response_id][row.start : row.start + len(row.text)] == row.text
    assert str(masked.responses["comment"].dtype) == str(masked.answers["text"].dtype) == "str"


def test_counts_are_by_kind(masked):
    assert masked.masked == {"email": 2, "ip": 1, "phone": 1}


def test_rejected_cells_hold_no_personal_data(masked):
    row = masked.rejected.iloc[0]
    assert row["reason"] == 'score is "<email>"; NPS scores run 0-10'
    assert row["improve"] == "Mail <email>"
    assert row["email"] == "<contact>"
    assert row["customer_id"].startswith("h") and "c3" not in row["customer_id"]
    assert not masked.rejected.astype(str).apply(lambda column: column.str.contains("@")).any().any()


def test_the_survey_given_is_not_changed_and_progress_is_told():
    survey = read_survey(SURVEY, score="NPS", comment=["why", "improve"])
    told = []
    redact(survey, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert survey.answers["text"].str.contains("jo@example.com").any()
    n = survey.answers["text"].nunique()
    assert ("redact", n, n) in told


def test_nothing_to_mask_is_fine():
    survey = read_survey(pd.DataFrame({"NPS": ["3", "9"], "why": ["", ""]}), score="NPS", comment="why")
    assert redact(survey).responses["comment"].isna().all()
