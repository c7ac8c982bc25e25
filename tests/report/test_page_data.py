"""What the page's script is given: counts that add up, quotes that single no one out, JSON that cannot be left."""

import json
from dataclasses import replace

import pytest

from verbatim.report import page_data as module
from verbatim.report.contents import gather
from verbatim.report.options import ReportOptions
from verbatim.report.page_data import inert_json, page_data


def data_of(analysis, **options):
    return json.loads(
        inert_json(page_data(gather(analysis, ReportOptions(**options)), {"script.and": "and", "x": "y"}))
    )


def test_cells_hold_every_response_and_mention_once(analysis):
    data = data_of(analysis)
    cells, responses = data["cells"], analysis.survey.responses
    assert sum(cells["n"]) == len(responses)
    promoters = sum(n for n, kind in zip(cells["n"], cells["category"], strict=True) if kind == 0)
    assert promoters == (responses["category"] == "promoter").sum()
    assert (
        sum(n for n, said in zip(cells["n"], cells["commented"], strict=True) if said) == responses["comment"].count()
    )
    assert sum(sum(pairs[1::2]) for pairs in cells["mentions"]) == len(analysis.mentions.table)
    assert "w" not in cells and data["texts"] == {"script.and": "and"}


def test_weights_are_summed_with_their_squares(analysis):
    weighted = analysis.survey.responses.assign(weight=[0.5, 2.0] * 200)
    cells = data_of(replace(analysis, survey=replace(analysis.survey, responses=weighted)))["cells"]
    assert sum(cells["w"]) == pytest.approx(500) and sum(cells["w2"]) == pytest.approx(850)


def test_a_page_that_would_grow_too_large_filters_by_fewer_segments(analysis, monkeypatch):
    assert len(data_of(analysis)["segments"]) == 3
    monkeypatch.setattr(module, "MOST_CELLS", 250)
    data = data_of(analysis)
    assert len(data["segments"]) < 3 and len(data["cells"]["n"]) <= 250


def test_a_page_that_would_grow_too_large_holds_fewer_quotes(analysis, monkeypatch):
    quotes = data_of(analysis)["quotes"]
    monkeypatch.setattr(module, "MOST_LETTERS", 900)
    fewer = data_of(analysis)["quotes"]
    assert 0 < len(fewer) < len(quotes) and sum(len("".join(quote[1:4])) for quote in fewer) <= 900


def test_quotes_carry_only_groups_that_enough_share(analysis):
    shared = data_of(analysis)["quotes"]
    assert any(quote[7] >= 0 for quote in shared)
    alone = data_of(analysis, minimum_group=400)["quotes"]
    assert all(quote[7] == -1 and set(quote[8]) == {-1} for quote in alone)


def test_filters_and_quotes_can_be_left_out(analysis):
    data = data_of(analysis, filters=False, quotes_searchable=0)
    assert data["cells"] is None and data["segments"] == [] and data["quotes"] == []


def test_json_cannot_close_its_element():
    text = inert_json({"</script>": "<!--\u2028&"})
    assert not set("<>&\u2028") & set(text) and json.loads(text) == {"</script>": "<!--\u2028&"}
