"""What `verbatim check` says: of every file of the shared data (no cell of it is kept), and its page for a newcomer."""

import importlib.util
import io
import json
import os
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from verbatim.commands.check import check_survey
from verbatim.commands.check_page import print_check
from verbatim.config import Config, parse_config
from verbatim.errors import VerbatimError

HERE = Path(__file__).parent
DATA = Path(os.environ.get("VERBATIM_DATA", "nowhere"))
EXPECTED = json.loads((HERE / "check_expected.json").read_text(encoding="utf-8"))
spec = importlib.util.spec_from_file_location("exports", HERE.parent / "survey" / "exports.py")
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)


def said(file, survey=None):
    try:
        found = check_survey(file, parse_config({"survey": survey or {}}, "test"))
    except VerbatimError as error:
        told, _, rest = str(error).partition(" Columns found: ")  # the first row of a file without names is data
        lines = [told.removeprefix(f"{file.name}: "), *rest.splitlines()[1:]]
        return {"refused": [line for line in "\n".join(lines).splitlines() if line]}
    roles = {column["name"]: column["role"] for column in found["columns"]}
    keep = ("tool", "ledger", "dates", "changed", "notes", "rejected_reasons")
    return {"roles": roles, **{name: found[name] for name in keep}}


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="VERBATIM_DATA names no folder of real surveys")
@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: case["file"] + str(case.get("survey", "")))
def test_every_shared_file_is_read_as_a_person_would_expect(case):
    assert said(DATA / case["file"], case.get("survey")) == case["says"]


def page(tmp_path, name, data, width=110):
    (tmp_path / name).write_bytes(data)
    out = io.StringIO()
    print_check(check_survey(tmp_path / name, Config()), Console(file=out, width=width, highlight=False))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_the_page_teaches_a_newcomer(tmp_path):
    expected = (HERE / "check_page.txt").read_text(encoding="utf-8")
    assert page(tmp_path, "export.csv", made.qualtrics()) == expected


def test_the_suggested_options_give_the_same_reading(tmp_path):
    import tomllib

    (tmp_path / "export.csv").write_bytes(made.surveymonkey())
    first = check_survey(tmp_path / "export.csv", Config())
    told = parse_config(tomllib.loads(first["suggested_toml"]), "suggested")
    again = check_survey(tmp_path / "export.csv", told)
    for name in ("ledger", "nps", "dates", "segments", "questions", "suggested_toml"):
        assert again[name] == first[name], name


def test_the_suggested_options_keep_what_was_said_of_joins_orders_scales_and_invitations(tmp_path):
    import tomllib

    count = range(60)
    survey = pd.DataFrame(
        {
            "customer_id": [f"C{k}" for k in count], "NPS": [k % 11 for k in count],
            "Why?": [f"late and cold, order {k}" for k in count], "Stage": [("Use", "Order")[k % 2] for k in count],
            "CSAT": [1 + k % 5 for k in count], "status": ["sent"] * 60,
        }
    )  # fmt: skip
    survey.to_csv(tmp_path / "survey.csv", index=False)
    pd.DataFrame({"customer_id": survey["customer_id"], "region": [("N", "S", "E")[k % 3] for k in count]}).to_csv(
        tmp_path / "crm.csv", index=False
    )
    said = {
        "join": {"file": str(tmp_path / "crm.csv"), "on": "customer_id"},
        "segments": {"order": {"Stage": ["Order", "Use"]}},
        "outcomes": {"scales": {"CSAT": "1-7"}},
        "invitations": {"column": "status", "invited": ["sent"]},
    }
    first = check_survey(tmp_path / "survey.csv", parse_config(said, "test"))
    again = check_survey(tmp_path / "survey.csv", parse_config(tomllib.loads(first["suggested_toml"]), "suggested"))
    for name in ("segments", "journey", "outcomes", "response_rates", "join", "suggested_toml"):
        assert again[name] == first[name] and first[name], name


def test_questions_asked_by_score_are_told(tmp_path):
    rows = [["NPS", "What do you love?", "What went wrong?"]]
    rows += [
        [s := str(made.score(i)), made.why(i) if int(s) > 6 else "", made.why(i) if int(s) <= 6 else ""]
        for i in range(120)
    ]
    text = page(tmp_path, "routed.csv", made.written(rows))
    assert "The follow-up question depends on the score" in text
    assert '"What went wrong?" was answered by' in text


def test_thousands_of_columns_are_summed_up(tmp_path):
    rows = [["NPS", "Why?", *[f"Box {k}" for k in range(60)]]]
    rows += [[str(made.score(i)), made.why(i), *["x"] * 60] for i in range(40)]
    assert "40 more left out (all with --json)" in page(tmp_path, "wide.csv", made.written(rows))


def test_thousands_of_segments_are_summed_up(tmp_path):
    rows = [["NPS", "Why?", *[f"Group {k}" for k in range(60)]]]
    rows += [[str(made.score(i)), made.why(i), *["ab"[(i + k) % 2] for k in range(60)]] for i in range(40)]
    text = page(tmp_path, "wide.csv", made.written(rows))
    assert "Group 19: " in text and "Group 20: " not in text
    assert "40 more segments (all with --json)" in text


def test_repeated_answers_have_one_reason(tmp_path):
    rows = [[f"r{i}", str(made.score(i)), made.why(i)] for i in range(40)]
    text = page(tmp_path, "twice.csv", made.written([["Response ID", "NPS", "Why?"], *rows, *rows[:2]]))
    assert "2 x the same answer as in another row (same response id) (first in row 41)" in text
    assert "the same answer as in row" not in text


def test_markup_in_a_file_is_shown_as_text(tmp_path):
    rows = [["NPS", "Why? [bold]x[/bold]"], *[[str(made.score(i)), made.why(i)] for i in range(40)]]
    assert "[bold]x[/bold]" in page(tmp_path, "markup.csv", made.written(rows))
