"""Trends, alerts, an earlier wave and proposed themes in every report."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from verbatim.nps import Nps
from verbatim.over_time import OverTime
from verbatim.report.contents import gather
from verbatim.report.course import Point, mark, marks, read_course
from verbatim.report.course_chart import nps_course, share_course
from verbatim.report.markdown import render_markdown
from verbatim.report.newcomers import about
from verbatim.report.options import ReportOptions
from verbatim.report.page import render_page
from verbatim.report.waterfall import waterfall
from verbatim.report.workbook import tables

TRENDS = ["period", "series", "theme_id", "name", "n", "value", "low", "high", "smoothed", "smoothed_low",
          "smoothed_high"]  # fmt: skip
ALERTS = ["kind", "period", "series", "theme_id", "name", "before", "after", "p_value", "sentence"]


def _page(html):
    spec = importlib.util.spec_from_file_location("reading", Path(__file__).with_name("reading.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Page(html)


@pytest.fixture(scope="module")
def course():
    trends = [
        ("2026-01-01", "nps", None, "NPS", 90.0, 20.0, 5.0, 35.0, 18.0, 9.0, 27.0),
        ("2026-02-01", "nps", None, "NPS", 4.0, 60.0, -9.0, 99.0, 17.0, 8.0, 26.0),
        ("2026-01-01", "share", "T01", "Vans", 50.0, 0.1, 0.05, 0.2, 0.11, 0.06, 0.16),
        ("2026-02-01", "share", "T01", "Vans", 60.0, 0.3, 0.2, 0.4, 0.28, 0.2, 0.36),
        ("2026-01-01", "effect", "T01", "Vans", 50.0, -4.0, -6.0, -2.0, -4.0, -6.0, -2.0),
        ("2026-01-01", "share", "T02", "Few", 50.0, 0.02, 0.0, 0.1, 0.02, 0.0, 0.1),
    ]
    alerts = [
        ("spike", "2026-02-01", "share", "T01", "Vans", 0.1, 0.3, 0.01, "..."),
        ("spike", "2026-02-01", "share", "T02", "Few", 0.1, 0.3, 0.01, "..."),
        ("change point", "2026-02-01", "nps", None, "NPS", 20.0, -5.0, 0.01, "..."),
    ]
    return OverTime(pd.DataFrame(trends, columns=TRENDS), pd.DataFrame(alerts, columns=ALERTS))


def test_what_is_told_and_what_is_kept_back(course):
    found = read_course(course, [], {"T01": "Late vans"}, 5)
    assert [p.label for p in found.nps] == ["Jan 2026", "Feb 2026"]
    assert found.nps[1].value != found.nps[1].value, "4 responses are fewer than 5"
    assert list(found.themes) == ["T01"], "a theme that is too small has no course"
    vans = found.themes["T01"]
    assert (vans[0].effect, vans[0].effect_low) == (-4.0, -6.0) and vans[1].effect != vans[1].effect
    assert marks(vans) == "stands out: Feb 2026" and mark(found.nps[1]) == "changed from here on"
    assert [(alert.name, alert.said) for alert in found.alerts] == [
        ("Late vans", "30 % of the commenters in Feb 2026, after 10 % in all periods before."),
        ("NPS", "\u22125 from Feb 2026 on, after 20 until then."),
    ]


def test_without_trends_the_periods_stand_as_they_are():
    found = read_course(None, [("Jan 2026", 9, Nps(10, 0, 20, 9)), ("Feb 2026", 2, None)], {}, 5)
    assert found.nps[0].value == 10 and found.nps[1].value != found.nps[1].value and not found.looked_for


def test_charts_hold_every_figure_and_no_more(course):
    points = read_course(course, [], {"T01": "Late vans"}, 5).themes["T01"]
    picture = share_course(points)
    for svg in (picture.wide, picture.narrow):
        assert svg.count("<circle") == 3, "two figures, one of them with a ring"
        assert "Jan 2026" in svg and "40 %" in svg and "NaN" not in svg and "nan" not in svg
        places = [float(place) for place in re.findall(r'c[xy]="([\d.]+)"', svg)]
        width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
        assert max(places) <= max(width, height) and min(places) >= 0
    blank = nps_course([Point("Jan 2026", 3, *[float("nan")] * 3), Point("Feb 2026", 3, *[float("nan")] * 3)], 12.0)
    assert "<circle" not in blank.wide and "nan" not in blank.wide


def test_waterfall_tells_cost_gain_and_noise_apart(timed):
    svg = waterfall(timed.since.bars).narrow
    assert svg.count('fill="#33475b"') == 2 and svg.count('fill="#b0481a"') == 1 and svg.count('fill="#7d868f"') == 1
    assert "said more" in svg.replace("often", "") and "often" in svg, "no word of a name is lost on a phone"


def test_the_page_tells_the_course_the_change_and_what_is_new(timed):
    html = render_page(gather(timed, ReportOptions()))
    page = _page(html)
    assert not page.open
    text = " ".join(page.text)
    for said in ("What changed since survey.csv", "What may be new", "What stands out", "changed from here on",
                 "30 comments speak of it; 4 would", "\u22128.0 points"):  # fmt: skip
        assert said in text, said
    assert html.count('class="chart"') >= len(timed.drivers.leaves().dropna(subset=["rank"]))
    assert len(page.quotes) > 3
    assert "What may be new" not in render_page(gather(timed, ReportOptions(minimum_group=31)))


def test_markdown_and_workbook_tell_the_same(timed):
    contents = gather(timed, ReportOptions())
    text = render_markdown(contents)
    assert "## What changed since survey.csv" in text and "## What may be new" in text and "-8.0 points" in text
    sheets = tables(contents)
    assert len(sheets["Alerts"]) == 3 and sheets["What changed"]["points"].sum() == -8
    assert sheets["May be new"]["growth_points"].tolist() == [-1.7]
    assert set(sheets["Trends"]["series"]) >= {"nps", "share"}


def test_no_score_of_few_is_told(timed):
    one = gather(timed, ReportOptions()).newcomers[0]
    assert len(about(one)) == 3 and len(about(one, minimum=29)) == 2
    bare = replace(one, theme=replace(one.theme, effect=None, growth_points=None, nps=None))
    assert about(bare)[1].startswith("It has no effect of its own")
