"""Thirty kinds of hostile text, wherever people can write, do nothing; a large survey's page stays small and quick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from verbatim.records import Spans
from verbatim.report.options import ReportOptions
from verbatim.report.write import write_report

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "</svg><script>window.pwned=1</script>",
    '"><script>window.pwned=1</script>',
    "'><img src=x onerror='window.pwned=1'>",
    '" onmouseover="window.pwned=1" x="',
    '" autofocus onfocus="window.pwned=1',
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<iframe src=http://evil.example></iframe>",
    "<a href=javascript:window.pwned=1>click</a>",
    "<math><mi xlink:href=javascript:window.pwned=1>x</mi></math>",
    "<style>*{display:none}</style>",
    "</style><script>window.pwned=1</script>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<form action=http://evil.example><input name=a autofocus onfocus=window.pwned=1>",
    "<object data=http://evil.example/x.swf></object>",
    "<!-- <script> --> <!--",
    "]]><script>window.pwned=1</script><![CDATA[",
    "</textarea></title></noscript><script>window.pwned=1</script>",
    "{{ 7*7 }} {% for x in y %} ${7*7} #{7*7}",
    "{n} {name} {changes} $& $1 $`",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "\u202e<script>window.pwned=1</script>\u2066",
    "line\u2028separator\u2029here';window.pwned=1//",
    "__proto__ constructor toString hasOwnProperty",
)


def poisoned(surveys, payload):
    """Put one text into a comment, a theme, a segment with its values, and the title's survey."""
    analysis = surveys.make_analysis(n=300)
    responses, spans = analysis.survey.responses.copy(), analysis.spans.table
    told = responses.index[responses["comment"].notna()][0]
    response_id, comment = responses.loc[told, "response_id"], f"To be exact I wrote {payload} there"
    responses.loc[told, "comment"] = comment
    row = (f"{response_id}-x", response_id, "why", 0, len(comment), comment, "T01", 0.99, 0.0)
    kept = spans[spans["response_id"] != response_id]
    spans = pd.concat([kept, pd.DataFrame([row], columns=spans.columns)], ignore_index=True)
    responses = responses.rename(columns={"Region": payload})
    responses[payload] = responses[payload].replace("North", payload)
    put = lambda table: table.assign(segment=table["segment"].replace("Region", payload),  # noqa: E731
                                     value=table["value"].replace("North", payload))  # fmt: skip
    name = lambda table: table.assign(name=table["name"].replace("Missed engineer visits", payload))  # noqa: E731
    drivers = replace(
        analysis.drivers,
        table=name(analysis.drivers.table),
        segments=put(name(analysis.drivers.segments)),
        segment_nps=put(analysis.drivers.segment_nps),
    )
    themes = tuple(
        replace(
            theme,
            name=payload if theme.theme_id == "T02" else theme.name,
            exemplars=(f"{response_id}-x",) if theme.theme_id == "T01" else theme.exemplars,
        )
        for theme in analysis.themes.themes
    )
    survey = replace(analysis.survey, responses=responses, segments=("Stage", payload, "Plan"))
    return replace(
        analysis, survey=survey, spans=Spans(spans), themes=replace(analysis.themes, themes=themes), drivers=drivers
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_inert(open_page, surveys, tmp_path, payload):
    options = ReportOptions(title=payload)
    address = write_report(poisoned(surveys, payload), tmp_path, options, only=("html",))[0].as_uri()
    page = open_page(address, viewport={"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.locator("#filter-segment-1").select_option(index=1)
    page.locator("#what-if input").first.fill("-50")
    page.locator("#what-if input").nth(1).fill("50")
    page.locator("#search-theme").select_option(index=1)
    page.locator("summary").first.hover()
    assert page.evaluate("window.pwned") is None and page.asked == [address] and page.said == []
    assert page.locator("iframe, object, link, base, img, textarea, math").count() == 0
    assert page.locator("script").count() == 2 and page.locator("style").count() == 1
    assert page.locator("#costs").is_visible()


def test_the_page_of_20_000_comments_is_small_and_quick(open_page, surveys, tmp_path):
    analysis = surveys.make_analysis(n=26_700)
    rng, words = np.random.default_rng(1), [f"word{i}" for i in range(4000)]
    comments = analysis.survey.responses["comment"].copy()
    spans = analysis.spans.table
    tails = {row: " " + " ".join(rng.choice(words, 14)) for row in comments.index[comments.notna()]}
    comments = comments.where(comments.isna(), comments + pd.Series(tails).reindex(comments.index).fillna(""))
    ends = (
        spans["response_id"].map(dict(zip(analysis.survey.responses["response_id"], comments, strict=True))).str.len()
    )
    last = ~spans.duplicated("response_id", keep="last")
    spans = spans.assign(end=spans["end"].where(~last, ends))
    survey = replace(analysis.survey, responses=analysis.survey.responses.assign(comment=comments))
    assert comments.notna().sum() >= 19_500
    options = ReportOptions(quotes_searchable=200)  # ten themes hold as many as fifty would by default
    file = write_report(replace(analysis, survey=survey, spans=Spans(spans)), tmp_path, options, only=("html",))[0]
    assert file.stat().st_size <= 4_000_000
    page = open_page(file.as_uri())
    paint = page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))
             .observe({type: 'paint', buffered: true}))"""
    )
    print(
        f"{file.stat().st_size} bytes, first paint after {paint:.0f} ms, {page.locator('#search-count').inner_text()}"
    )
    assert paint < 1500 and page.said == []
