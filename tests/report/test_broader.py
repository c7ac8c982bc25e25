"""Themes under broader themes: every output shows both levels, and nothing twice."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import verbatim as vb
from verbatim.commands.terminal import print_result
from verbatim.ledger import count_rows
from verbatim.report.contents import gather
from verbatim.report.markdown import render_markdown
from verbatim.report.options import ReportOptions
from verbatim.report.page import render_page
from verbatim.report.quotes import choose_quotes
from verbatim.report.workbook import tables
from verbatim.themes.attach import mention_matrix

_SPEC = importlib.util.spec_from_file_location("broader_conftest", Path(__file__).with_name("conftest.py"))
BROADER = (_BESIDE := importlib.util.module_from_spec(_SPEC), _SPEC.loader.exec_module(_BESIDE))[0].BROADER


@pytest.fixture(scope="module")
def contents(nested):
    return gather(nested, ReportOptions())


@pytest.fixture(scope="module")
def html(contents):
    return render_page(contents)


def test_leaves_are_the_found_themes_and_the_account_holds_at_both_levels(nested):
    drivers = nested.drivers
    leaves = drivers.leaves()
    assert drivers.leaf_level == 2 and not set(leaves["theme_id"]) & set(BROADER)
    assert set(drivers.table["theme_id"]) - set(leaves["theme_id"]) == set(BROADER)
    assert drivers.base + leaves["effect"].sum() == pytest.approx(drivers.nps_commenters, abs=1e-9)
    responses = nested.survey.responses.set_index("response_id", drop=False)
    alone = vb.rank_drivers(
        mention_matrix(nested.mentions, responses["response_id"], list(BROADER)),
        responses["score"],
        responses[list(nested.survey.segments)],
        commented=responses["comment"].notna(),
    )
    above = drivers.table[drivers.table["level"] == 1].set_index("theme_id")["effect"]
    assert alone.table.set_index("theme_id")["effect"].to_dict() == pytest.approx(above.to_dict(), abs=1e-9)
    assert alone.base + above.sum() == pytest.approx(drivers.nps_commenters, abs=1e-9)


def test_one_level_is_its_own_leaves(analysis):
    assert analysis.drivers.leaves().equals(analysis.drivers.table)
    empty = replace(analysis.drivers, table=analysis.drivers.table.head(0))
    assert len(empty.leaves()) == 0


def test_rankings_hold_leaves_alone_and_broader_themes_hold_their_parts(contents):
    ranked = [d.theme_id for d in (*contents.pains, *contents.gains, *contents.unranked)]
    assert len(ranked) == len(set(ranked)) and not set(ranked) & set(BROADER)
    assert {b.driver.theme_id: {d.theme_id for d in b.parts} for b in contents.broader} == {
        theme_id: set(parts) for theme_id, (_, parts) in BROADER.items()
    }
    assert [b.driver.rank for b in contents.broader] == [1, 2, 3]
    for view in contents.segments:
        for value in view.groups:
            assert not {d.theme_id for d in value.worst} & set(BROADER) and not set(value.effects) & set(BROADER)


def test_a_part_without_figures_is_named(nested):
    table = nested.drivers.table
    rare = gather(
        replace(nested, drivers=replace(nested.drivers, table=table[table["theme_id"] != "T06"])), ReportOptions()
    )
    assert [b.rare for b in rare.broader if b.driver.theme_id == "P03"] == [("Unclear: router, cables",)]
    assert "too few customers for figures of its own" in render_page(rare)


def test_clauses_with_two_themes_count_once(analysis, nested, contents):
    assert len(nested.spans.table) == len(analysis.spans.table) + 20
    assert count_rows(nested.survey, nested.spans) == count_rows(analysis.survey, analysis.spans)
    spoken = nested.spans.table[nested.spans.table["theme_id"].isin(BROADER["P01"][1])]
    over = nested.mentions.table.query("theme_id == 'P01'")
    assert over["n_spans"].sum() == len(spoken.drop_duplicates(["response_id", "start", "end"])) == len(spoken) - 20
    assert len(over) == spoken["response_id"].nunique()
    coded = tables(contents)["Responses coded"]
    assert coded["response_id"].is_unique
    assert coded["P01 Installation and visits (broader)"].sum() == len(over)


def test_a_clause_is_quoted_once_in_a_list_and_may_stand_under_both_themes(nested):
    clause = nested.spans.table.query("span_id.str.endswith('b')")["span_id"].iloc[0]
    likest = {"T01": (clause.removesuffix("b"),), "T02": (clause,)}
    themes = tuple(replace(t, exemplars=likest.get(t.theme_id, t.exemplars)) for t in nested.themes.themes)
    told = replace(nested, themes=replace(nested.themes, themes=themes))
    chosen = choose_quotes(told, ReportOptions(quotes_per_theme=30))
    assert not set(chosen) & set(BROADER)
    places = {
        theme_id: [(q.response_id, q.start + q.mark_start, q.start + q.mark_end) for q in quotes]
        for theme_id, quotes in chosen.items()
    }
    assert all(len(set(listed)) == len(listed) for listed in places.values())
    assert set(places["T01"]) & set(places["T02"])


def test_the_page_links_themes_with_their_broader_themes(html, contents):
    anchors = re.findall(r' id="(theme-[^"]+)"', html)
    links = re.findall(r'href="#(theme-[^"]+)"', html)
    assert len(anchors) == len(set(anchors)) and set(links) <= set(anchors)
    ranked = {d.theme_id for d in (*contents.pains, *contents.gains)}
    assert set(anchors) == {f"theme-{theme_id}" for theme_id in (*ranked, *BROADER)}
    assert html.count("<li>Part of ") == len(ranked)
    assert html.index('id="works"') < html.index('id="broader"') < html.index('id="segments"')
    assert "10 themes fall under 3 broader ones" in html


def test_without_broader_themes_nothing_is_said_of_them(analysis):
    contents = gather(analysis, ReportOptions())
    page, text, sheets = render_page(contents), render_markdown(contents), tables(contents)
    assert 'id="broader"' not in page and "<li>Part of" not in page and "## Broader" not in text
    assert not [name for name in sheets if "roader" in name] and "broader_theme" not in sheets["Drivers"]


def test_markdown_and_workbook_show_both_levels(contents):
    text, sheets = render_markdown(contents), tables(contents)
    for _, (name, _) in BROADER.items():
        assert re.search(rf"^\| {name} \| \d", text, re.MULTILINE)
    assert re.search(r"^\| Delayed installation date .*\| Installation and visits \|$", text, re.MULTILINE)
    assert sheets["Broader themes"]["theme_id"].tolist() == [b.driver.theme_id for b in contents.broader]
    assert "Missed engineer visits" in sheets["Broader themes"].set_index("theme_id")["parts"]["P01"]
    assert not set(sheets["Drivers"]["theme_id"]) & set(BROADER) and not set(sheets["Segments"]["theme_id"]) & set(
        BROADER
    )
    assert set(sheets["Broader by segment"]["theme_id"]) == set(BROADER)
    over = sheets["Drivers"].set_index("theme_id")["broader_theme"]
    assert over["T01"] == "Installation and visits" and pd.isna(over["coin_1"])


def test_the_terminal_ranks_leaves_alone(nested, capsys):
    print_result(nested, Path("run"))
    printed = capsys.readouterr().out
    assert "Delayed installation" in printed and "Installation and visits" not in printed


def test_a_theme_without_a_clear_name_is_explained(html):
    assert "Unclear: router, cables" in html
    assert "no short name fits these comments" in html
