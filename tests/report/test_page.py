import base64
import hashlib
import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from verbatim.errors import ConfigError
from verbatim.records import DRIVER_COLUMNS, SEGMENT_COLUMNS, Analysis
from verbatim.report import drawing
from verbatim.report.contents import gather
from verbatim.report.options import ReportOptions
from verbatim.report.page import render_page


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Page = _beside("reading").Page
make_analysis = _beside("conftest").make_analysis


def render(analysis: Analysis, **options) -> str:
    return render_page(gather(analysis, ReportOptions(**options)))


@pytest.fixture(scope="module")
def html(analysis):
    return render(analysis)


@pytest.fixture(scope="module")
def hostile_html(hostile):
    return render(hostile)


@pytest.mark.parametrize("source", ["html", "hostile_html"])
def test_nothing_is_loaded_and_nothing_can_run(source, request):
    page = Page(request.getfixturevalue(source))
    assert not page.open, "every element is closed"
    assert not {"img", "iframe", "link", "object", "embed", "base", "b onclick"} & set(page.tags)
    assert page.tags.count("script") == 2, "the data and the script itself"
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in ("src", "srcset", "action", "style", "xlink:href"), (tag, name)
        if name == "href":
            assert value.startswith("#")
        assert ("url(" not in value and "javascript:" not in value) or name == "content"


def test_policy_allows_its_own_style_and_script_and_nothing_else(html):
    style = re.search(r"<style>(.*?)</style>", html, re.S).group(1)
    script = re.search(r"<script>(.*?)</script>", html, re.S).group(1)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html).group(1).replace("&#39;", "'")
    for text, kind in ((style, "style"), (script, "script")):
        hashed = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{hashed}';" in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert "@import" not in style and "url(" not in style


@pytest.mark.parametrize(("source", "survey"), [("html", "analysis"), ("hostile_html", "hostile")])
def test_every_quote_is_an_exact_piece_of_a_comment(source, survey, request):
    comments = request.getfixturevalue(survey).survey.responses["comment"].dropna().tolist()
    quotes = Page(request.getfixturevalue(source)).quotes
    assert len(quotes) >= 10
    assert all(any(quote in comment for comment in comments) for quote in quotes)


def test_hostile_text_is_shown_as_text(hostile):
    quotes = Page(render(hostile, quotes_per_theme=12)).quotes
    assert any("<script>alert(1)</script>" in quote for quote in quotes)
    assert any("{{ 7*7 }} {% raw %}" in quote for quote in quotes)
    assert not any("\x00" in quote for quote in quotes), "a comment a page cannot hold exactly is not quoted"


def test_the_page_says_the_headline_and_has_landmarks(html):
    page = Page(html)
    text = " ".join("".join(page.text).split())
    assert re.search(r"NPS −\d+ \[−\d+, −\d+\] from \d+ scored responses", text)
    assert {"header", "nav", "main", "footer", "h1", "caption", "figcaption", "details", "summary"} <= set(page.tags)
    assert ("html", "lang", "en") in page.attributes
    assert page.tags.count("h1") == 1


def test_no_missing_value_reaches_the_reader(html, hostile_html):
    for source in (html, hostile_html):
        text = " ".join(Page(source).text)
        assert not re.search(r"\b(nan|NaN|None|NaT|inf|null|undefined)\b", text)
        assert "−0.0" not in text and "+0.0" not in text


def test_every_chart_colour_follows_the_theme():
    css = (Path(drawing.__file__).parent / "style.css").read_text()
    palette = {
        value for name, value in vars(drawing).items() if isinstance(value, str) and re.fullmatch("#[0-9a-f]{6}", value)
    }
    assert palette
    for colour in palette:
        assert f'"{colour}"' in css, colour


def test_charts_use_no_colour_outside_the_palette(html):
    palette = {value for value in vars(drawing).values() if isinstance(value, str)}
    used = {value for tag, name, value in Page(html).attributes if name in ("fill", "stroke") and value.startswith("#")}
    assert used and used <= palette


def test_long_names_are_not_cut(html):
    svg = "".join(re.findall(r"<svg.*?</svg>", html, re.S))
    for word in [
        "Unexpected",
        "price",
        "increase",
        "after",
        "the",
        "first",
        "twelve",
        "months",
        "of",
        "the",
        "contract",
    ]:
        assert word in svg


def test_without_dates_and_segments():
    text = " ".join(Page(render(make_analysis(200, dates=False, segments=False))).text)
    assert "Over time" not in text and "For whom" not in text


def test_no_theme_could_be_ranked_says_why(analysis):
    drivers = replace(
        analysis.drivers,
        table=pd.DataFrame(columns=list(DRIVER_COLUMNS)),
        segments=pd.DataFrame(columns=list(SEGMENT_COLUMNS)),
        coin_toss=pd.DataFrame(columns=list(DRIVER_COLUMNS)),
        notes=("Only 12 scored comments: no effects are given.",),
    )
    text = " ".join(Page(render(replace(analysis, drivers=drivers))).text)
    assert "No theme could be ranked." in text and text.count("Only 12 scored comments") == 2


def test_refused_effects_are_explained_and_shares_stand_instead():
    refused = make_analysis(refusals=("The follow-up question depends on the score.",))
    text = " ".join(Page(render(refused)).text)
    assert "No effects are given" in text and text.count("The follow-up question depends on the score.") >= 2
    assert "Share of the commenters of each category who mention a theme" in text
    assert "costs" not in text.split("Words used here")[0].split("What these numbers say")[0]
    assert not re.search(r"\b(nan|None)\b", text)
    table = gather(refused, ReportOptions()).category_shares
    assert table[0].name == "Delayed installation date"
    assert [kind for kind, _ in table[0].shares] == ["detractor", "passive", "promoter"]


def test_one_harmful_theme_and_null_columns(analysis):
    table = analysis.drivers.table.head(1).copy()
    table["rank"] = table["rank_low"] = table["rank_high"] = 1.0
    nulls = ["n_negative", "n_positive", "effect_negative", "effect_positive", "p_top3", "effect_low", "effect_high"]
    table[nulls] = np.nan
    table["above_noise"] = False
    drivers = replace(analysis.drivers, table=table, coin_toss=table.head(0))
    text = " ".join(Page(render(replace(analysis, drivers=drivers))).text)
    assert "No pain point beats the noise" in text and "No theme has a positive effect." in text
    assert not re.search(r"\b(nan|None)\b", text)


def test_small_groups_are_kept_back(analysis):
    text = " ".join(Page(render(analysis, minimum_group=60)).text)
    small = analysis.drivers.segment_nps.query("n < 60")
    assert len(small) and "of fewer than 60 responses" in text
    assert all(f"n = {n}" not in text for n in small["n"])


def test_quotes_can_be_turned_off(analysis):
    assert Page(render(analysis, quotes=False)).quotes == []


def test_the_page_stays_small(html):
    assert len(html) < 500_000


def test_a_logo_lies_in_the_page_and_a_bad_one_is_said(tmp_path, analysis, html):
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n and so on")
    page = render(analysis, logo=str(logo))
    assert f'src="data:image/png;base64,{base64.b64encode(logo.read_bytes()).decode()}"' in page
    assert "img-src data:" in page and "img-src" not in html
    logo.write_bytes(b"<svg onload=alert(1)>")
    with pytest.raises(ConfigError, match="neither PNG nor JPEG"):
        render(analysis, logo=str(logo))
    with pytest.raises(ConfigError, match=r"report\.logo = .*cannot be read"):
        render(analysis, logo=str(tmp_path / "none.png"))
