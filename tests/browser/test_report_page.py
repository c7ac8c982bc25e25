"""The report in a real browser: from disk, network off, keyboard only, desktop and phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from verbatim.report.write import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["plain", "nested", "hostile", "timed"])
def address(request, surveys, tmp_path_factory):
    analysis = surveys.make_analysis()
    changed = {"plain": lambda it: it, "nested": surveys.make_nested, "hostile": surveys.make_hostile,
               "timed": lambda it: surveys.make_timed(surveys.make_hostile(it))}[request.param]  # fmt: skip
    return write_report(changed(analysis), tmp_path_factory.mktemp(request.param), only=("html",))[0].as_uri()


@pytest.fixture
def visit(open_page, address):
    return lambda **context: open_page(address, **context)


def test_opens_from_disk_alone_and_says_nothing(visit, address):
    page = visit()
    assert page.asked == [address] and page.said == []
    assert page.title().startswith("NPS −")
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("figure.chart .wide svg").first.is_visible()


def test_details_open_by_keyboard(visit):
    page = visit()
    closed = page.locator("details:not([open]) > summary").first
    closed.focus()
    assert page.evaluate("document.activeElement.parentElement.open") is False
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def test_the_first_key_reaches_the_findings(visit):
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("width", [390, 320, 768, 1280])
def test_nothing_runs_over_the_edge(visit, width):
    page = visit(viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown, hidden = ("narrow", "wide") if width <= 720 else ("wide", "narrow")
    assert page.locator(f"figure.chart .{shown} svg").first.is_visible()
    assert not page.locator(f"figure.chart .{hidden} svg").first.is_visible()


def test_no_chart_text_is_cut_or_overlaps_another_column(visit):
    page = visit(viewport={"width": 1280, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure.chart .wide svg')].flatMap(svg => {
             const frame = svg.getBoundingClientRect();
             return [...svg.querySelectorAll('text')].filter(t => {
               const box = t.getBoundingClientRect();
               const beside = box.left < frame.left - 1 || box.right > frame.right + 1;
               return box.width && (beside || box.bottom > frame.bottom + 1);
             }).map(t => t.textContent);
           })"""
    )
    assert outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(visit, scheme):
    page = visit(color_scheme=scheme)
    weakest = page.evaluate(
        """() => {
          const part = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
          const light = rgb => {
            const [r, g, b] = rgb.match(/[\\d.]+/g).map(Number);
            return .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
          };
          const paper = light(getComputedStyle(document.body).backgroundColor);
          const ratio = rgb => {
            const l = light(rgb);
            return (Math.max(l, paper) + .05) / (Math.min(l, paper) + .05);
          };
          const parts = ['.eyebrow', '.source', 'figcaption', 'nav a', 'summary', '.how.cost', '.how.gain',
                         '.mark.unsure', 'small', '.words', '.field label', 'button'];
          return Math.min(...parts.map(s => document.querySelector(s)).filter(Boolean)
            .map(e => ratio(getComputedStyle(e).color)));
        }"""
    )
    assert weakest >= 4.5


def test_prints_everything_that_is_folded(visit):
    page = visit()
    page.emulate_media(media="print")
    assert page.locator("details.theme blockquote").last.is_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(visit, scheme, width):
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page).response["violations"]
    told = [(rule["id"], rule["impact"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found]
    assert not [rule for rule in told if rule[1] in ("serious", "critical")], told


def test_every_link_leads_to_a_place_on_the_page(visit):
    page = visit()
    lost = page.evaluate(
        """() => [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
             .filter(id => !document.getElementById(id))"""
    )
    assert lost == []


def test_everything_but_the_tools_is_there_without_script(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("#what-if, #explore").count() == 2
    assert not page.locator("#what-if").is_visible() and not page.locator("#explore").is_visible()
    assert page.locator("#costs figure.chart").first.is_visible() and page.locator("#limits table").is_visible()
