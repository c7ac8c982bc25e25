import json

import pytest

from verbatim.report.brief import MOST_WORDS, as_json, gather_brief, n_words, render
from verbatim.report.contents import gather
from verbatim.report.options import ReportOptions


@pytest.fixture(scope="module", params=["analysis", "hostile", "nested"])
def told(request):
    analysis = request.getfixturevalue(request.param)
    return analysis, gather_brief(gather(analysis, ReportOptions()))


def test_the_brief_is_short_and_every_statement_says_where_it_comes_from(told):
    _, brief = told
    assert n_words(render(brief)) <= MOST_WORDS and brief.left_out == 0
    assert [s.title for s in brief.sections][:3] == ["Headline", "What costs us", "What works"]
    for section in brief.sections:
        assert all(item.sources for item in section.items), section.title


def test_numbers_are_the_cells_they_refer_to(told):
    analysis, brief = told
    table = analysis.drivers.table.set_index("theme_id")
    looked_up = 0
    for section in json.loads(as_json(brief))["sections"]:
        for number in (n for statement in section["statements"] for n in statement.get("numbers", [])):
            file, _, place = number["reference"].partition("#")
            if file == "drivers.csv":
                theme_id, column = place.split("/")
                assert number["value"] == pytest.approx(float(table.loc[theme_id, column])), number
                looked_up += 1
    assert looked_up > 50


def test_quotes_are_words_of_their_comments(told):
    analysis, brief = told
    comments = analysis.survey.responses.set_index("response_id")["comment"]
    quotes = [item for section in brief.sections for item in section.items if item.quote]
    assert quotes
    for item in quotes:
        response_id, start = item.quote
        assert comments[response_id][start : start + len(item.text)] == item.text


def test_nothing_in_the_brief_is_markup(told):
    text = render(told[1])
    assert "<script" not in text and "<img" not in text and "://" not in text and "](" not in text.replace("\\](", "")


def test_what_is_left_out_for_length_is_counted(analysis):
    brief = gather_brief(gather(analysis, ReportOptions()), most=700)
    assert n_words(render(brief)) <= 700
    assert brief.left_out > 0 and f"{brief.left_out} statements left out for length" in render(brief)
    assert brief.sections[0].title == "Headline"
