"""What a survey cannot tell, and the page of five sentences that says so."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from verbatim.report.contents import gather
from verbatim.report.gaps import gaps
from verbatim.report.one_page import five_sentences, render_pdf, worst_three
from verbatim.report.options import ReportOptions

_SPEC = importlib.util.spec_from_file_location("gaps_conftest", Path(__file__).with_name("conftest.py"))
surveys = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(surveys)


def questions(analysis, **options):
    return {gap.question: gap.why for gap in gaps(gather(analysis, ReportOptions(**options)))}


def test_what_is_missing_is_named(analysis):
    bare = questions(surveys.make_analysis(200, dates=False, segments=False))
    assert {"Which customers it hits harder", "Whether it is getting better"} <= set(bare)
    told = questions(analysis)
    assert "Which customers it hits harder" not in told
    assert any(question.endswith("silent customers had in mind") for question in told)
    assert "What fixing a theme would bring" in told
    small = questions(analysis, minimum_group=60)
    assert any("Fewer than 60 responses each" in why for why in small.values())


def test_only_themes_that_may_rank_first_are_called_tied_for_it(analysis):
    contents = gather(analysis, ReportOptions())
    first = [d.name for d in contents.pains if d.rank_low == 1]
    why = questions(analysis).get("Which theme costs most", "")
    assert (len(first) > 1) == bool(why)
    assert all(name in why for name in first[:3]) if why else len(first) == 1


def test_refusals_come_first():
    refused = surveys.make_analysis(refusals=("The follow-up question depends on the score.",))
    found = gaps(gather(refused, ReportOptions()))
    assert found[0].question == "What any theme costs" and "depends on the score" in found[0].why


def test_the_worst_three_name_their_rivals(analysis):
    pains = gather(analysis, ReportOptions()).pains
    settled = tuple(replace(d, rank=i, rank_low=i, rank_high=i) for i, d in enumerate(pains, 1))
    assert worst_three(settled).endswith("in this order.")
    open_order = (*settled[:3], replace(settled[3], rank_low=2), *settled[4:])
    assert f"\u201c{pains[3].name}\u201d could be among them too" in worst_three(open_order)


@pytest.mark.parametrize("kind", ["analysis", "hostile", "nested"])
def test_the_page_of_paper_is_one_page(kind, request):
    contents = gather(request.getfixturevalue(kind), ReportOptions())
    pdf = render_pdf(contents)
    assert pdf.startswith(b"%PDF") and len(pdf) < 300_000
    assert pdf.count(b"/Count 1") == 1 and b"/JavaScript" not in pdf and b"/URI" not in pdf
    assert len(five_sentences(contents)) == 5 and all(sentence for _, sentence in five_sentences(contents))


def test_stages_stand_in_the_order_given(analysis):
    order = {"Stage": ["Order", "Equipment Received", "First Payment", "Service in Use"]}
    ordered = replace(analysis, survey=replace(analysis.survey, orders=order))
    views = {view.name: view for view in gather(ordered, ReportOptions()).segments}
    shown = [group.value for group in views["Stage"].groups]
    assert shown == [value for value in order["Stage"] if value in shown] and views["Stage"].in_order
    assert not views["Region"].in_order
