"""The page's tools: sliders, filter and search, against the same arithmetic in Python, by mouse and by keyboard."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from verbatim.drivers.planning.what_if import what_if
from verbatim.nps import net_promoter_score
from verbatim.report.contents import every_period, to_periods
from verbatim.report.options import ReportOptions
from verbatim.report.write import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["unweighted", "weighted"])
def survey(request, surveys):
    analysis = surveys.make_analysis(n=900)
    if request.param == "weighted":
        weight = np.random.default_rng(3).uniform(0.2, 3.0, 900)
        responses = analysis.survey.responses.assign(weight=weight)
        analysis = replace(analysis, survey=replace(analysis.survey, responses=responses))
    return analysis


@pytest.fixture
def page(open_page, survey, tmp_path):
    return open_page(write_report(survey, tmp_path, only=("html",))[0].as_uri())


def plain(text: str) -> str:
    """A sentence as both write it: straight quotes, the keyboard's minus, no plus."""
    return re.sub(r"[\u201c\u201d]", '"', text).replace("\u2212", "-").replace("+", "")


@pytest.mark.parametrize("seed", range(3))
def test_sliders_give_pythons_numbers_and_sentence(page, survey, seed):
    rng = np.random.default_rng(seed)
    ids = survey.drivers.leaves().query("rank.notna()")["theme_id"].tolist()
    chosen = rng.choice(len(ids), 3, replace=False)
    changes = {ids[i]: float(rng.integers(-20, 20)) / 20 or -0.5 for i in sorted(chosen)}
    sliders = {int(box.get_attribute("data-theme")): box for box in page.locator("#what-if input").all()}
    order = [int(box.get_attribute("data-theme")) for box in page.locator("#what-if input").all()]
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for theme_id, change in changes.items():
        sliders[ids.index(theme_id)].fill(str(round(100 * change)))
    in_page_order = {ids[i]: changes[ids[i]] for i in order if ids[i] in changes}
    expected, out = what_if(survey.drivers, in_page_order), page.locator("#what-if-answer")
    got = [float(out.get_attribute(f"data-{name}")) for name in ("points", "low", "high", "after")]
    assert got == pytest.approx([expected.points, expected.low, expected.high, expected.nps_after], abs=1e-9)
    assert plain(out.inner_text()) == plain(expected.sentence)
    notes = [plain(note) for note in page.locator("#what-if-notes li").all_inner_texts()]
    assert notes == [plain(warning) for warning in expected.warnings]
    page.locator("#what-if-reset").click()
    assert out.get_attribute("data-points") == "0" and "Nothing is moved" in out.inner_text()


def test_a_slider_moves_by_keyboard(page):
    slider = page.locator("#what-if input").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "\u221210 %"
    assert "10 % of the mentions" in page.locator("#what-if-answer").inner_text()


def select(page, survey, seed):
    """Choose a group at random; return its responses."""
    rng, chosen = np.random.default_rng(seed), survey.survey.responses
    for i in range(3):
        options = page.locator(f"#filter-segment-{i} option").all_inner_texts()
        pick = int(rng.integers(0, len(options))) if rng.random() < 0.5 else 0
        page.locator(f"#filter-segment-{i}").select_option(index=pick)
        if pick:
            chosen = chosen[chosen[survey.survey.segments[i]] == options[pick]]
    every = every_period(survey.survey)
    first, last = sorted(int(place) for place in rng.integers(0, len(every), 2))
    page.locator("#filter-from").select_option(index=first)
    page.locator("#filter-to").select_option(index=last)
    if (first, last) != (0, len(every) - 1):
        at = every.get_indexer(to_periods(chosen["date"], every))
        chosen = chosen[(at >= first) & (at <= last)]
    return chosen


@pytest.mark.parametrize("seed", range(6))
def test_a_group_has_pythons_nps_and_counts(page, survey, seed):
    chosen, out = select(page, survey, seed), page.locator("#group-answer")
    scored = chosen[chosen["score"].notna()]
    if len(scored) < ReportOptions().minimum_group:
        assert "Fewer than 5" in out.inner_text() and out.get_attribute("data-score") is None
        return
    expected = net_promoter_score(scored["score"].to_numpy(dtype=float), scored["weight"])
    got = [float(out.get_attribute(f"data-{name}")) for name in ("score", "low", "high", "n")]
    assert got == pytest.approx(list(expected), abs=1e-9)
    mentions = survey.mentions.table
    counts = mentions[mentions["response_id"].isin(chosen["response_id"])].groupby("theme_id").size()
    names = {theme.name: theme.theme_id for theme in survey.themes.themes}
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator("#group-themes tr").all()]
    assert rows and len(rows) <= 10
    for name, n, share, _ in rows:
        if n != "fewer than 5":
            assert int(n.replace(",", "")) == counts[names[name]]
            assert float(share.split()[0]) == pytest.approx(
                100 * counts[names[name]] / chosen["comment"].count(), abs=0.51
            )
    assert min(int(n) for _, n, *_ in rows if n != "fewer than 5") >= 5


def test_a_choice_of_categories_counts_but_gives_no_nps(page, survey):
    page.get_by_label("Promoters", exact=True).check()
    n = int((survey.survey.responses["category"] == "promoter").sum())
    said = page.locator("#group-answer").inner_text()
    assert said.startswith(f"{n} responses") and "No NPS" in said
    assert all("promoter" in note for note in page.locator("#search-found figcaption").all_inner_texts())


def test_one_group_shows_its_own_ranking_and_a_combination_none(page, survey):
    page.locator("#filter-segment-0").select_option(label="First Payment")
    own = survey.drivers.segments.query(
        "segment == 'Stage' and value == 'First Payment' and effect < 0 and rank.notna()"
    )
    worst = own.sort_values("rank")["name"].tolist()
    assert page.locator("#group-ranking li bdi").all_inner_texts() == worst[:10]
    page.locator("#filter-segment-1").select_option(index=1)
    assert (
        page.locator("#group-ranking li").count() == 0 and "no effects" in page.locator("#group-ranking").inner_text()
    )
    page.get_by_role("button", name="Everyone").click()
    page.locator("#group-ranking", has_text="For everyone").wait_for()  # no eval: the page's policy forbids it


def test_a_group_too_small_shows_nothing_of_it(open_page, survey, tmp_path):
    options = ReportOptions(minimum_group=150)
    page = open_page(write_report(survey, tmp_path, options, only=("html",))[0].as_uri())
    page.locator("#filter-from").select_option(index=2)
    page.locator("#filter-to").select_option(index=2)
    assert "Fewer than 150 responses" in page.locator("#group-answer").inner_text()
    assert page.locator("#group-themes tr").count() == 0 and page.locator("#search-found figure").count() == 0


def test_search_finds_words_in_quotes_and_marks_the_span(page, survey):
    comments = survey.survey.responses["comment"].dropna().tolist()
    page.get_by_role("searchbox").fill("ENGÍNEER polite")
    found = page.locator("#search-found blockquote").all_inner_texts()
    assert found and all("engineer" in quote.lower() and "polite" in quote for quote in found)
    assert all(any(quote in comment for comment in comments) for quote in found)
    spans = set(survey.spans.table["text"])
    assert set(page.locator("#search-found mark").all_inner_texts()) <= spans
    page.get_by_role("searchbox").fill("zebra")
    assert page.locator("#search-count").inner_text() == "0 quotes"


def test_more_quotes_by_keyboard(page):
    page.locator("#search-more").focus()
    page.keyboard.press("Enter")
    assert page.locator("#search-found figure").count() == 20
    place = "[...document.getElementById('search-found').children].indexOf(document.activeElement)"
    assert page.evaluate(place) == 10


def test_a_theme_leads_to_its_own_quotes(page):
    card = page.locator("details.theme[open]").first
    name = card.locator("summary bdi").inner_text()
    card.locator("a.more").click()
    themes = page.locator("#search-found figcaption bdi").all_inner_texts()
    assert themes and set(themes) == {name}


def test_nothing_to_filter_and_nothing_to_search(open_page, survey, tmp_path):
    options = ReportOptions(filters=False, quotes=False)
    page = open_page(write_report(survey, tmp_path, options, only=("html",))[0].as_uri())
    assert page.said == [] and page.locator("#explore").count() == 0
    assert '"cells":{' not in page.content() and page.locator("blockquote").count() == 0
