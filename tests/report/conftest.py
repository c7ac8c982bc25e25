"""A small survey analysed by hand: exact tables, planted effects, hostile comments on request."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.drivers.rank import DriverOptions
from verbatim.nps import Nps, category
from verbatim.over_time import Bar, ChangeLine, OverTime, ProposedTheme, Since
from verbatim.records import (
    Analysis,
    Mentions,
    Reading,
    SentimentReading,
    Spans,
    Survey,
    Theme,
    Themes,
)
from verbatim.themes.attach import attach_themes, mention_matrix
from verbatim.waves.track import trends_of

# theme name: (share of commenters, latent effect, phrases)
PLANTED: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "Delayed installation date": (0.20, -3.2, ("the installation was put off {n} times", "still waiting for an installation date after {n} weeks")),
    "Missed engineer visits": (0.13, -3.0, ("the engineer never turned up on day {n}", "waited in all day and nobody came, visit {n}")),
    "Long wait on the phone": (0.12, -1.6, ("spent {n} minutes on hold", "kept waiting {n} minutes on the phone before anyone answered")),
    "Unexpected price increase after the first twelve months of the contract": (0.09, -2.2, ("the price went up by {n} pounds without warning", "my bill rose {n} percent after a year")),
    "Slow broadband in the evening": (0.10, -1.4, ("speed drops to {n} Mb every evening", "after {n} pm nothing loads")),
    "Router setup": (0.06, -0.3, ("setting up the router took {n} attempts", "the router came with {n} cables and no leaflet")),
    "Contradictory information": (0.05, -1.3, ("{n} people told me {n} different things", "each of {n} agents gave another answer")),
    "Ordering online": (0.10, 0.4, ("ordering online took {n} minutes", "the web site let me order in {n} clicks")),
    "Friendly engineers": (0.12, 2.4, ("the engineer was polite and done in {n} minutes", "lovely engineer, explained all {n} steps")),
    "Value for money": (0.11, 1.8, ("good value at {n} pounds a month", "cheapest of the {n} offers I compared")),
}  # fmt: skip
GENERAL = ("General praise", ("very good so far", "all fine, no complaints at all"))
OPENERS = ("", "Honestly, ", "To be fair ", "Well, ", "In short: ", "I must say ")


def make_analysis(
    n: int = 400,
    seed: int = 7,
    *,
    dates: bool = True,
    segments: bool = True,
    days: int = 330,
    refusals: tuple[str, ...] = (),
) -> Analysis:
    rng = np.random.default_rng(seed)
    names = list(PLANTED)
    ids = [f"R{i:05d}" for i in range(1, n + 1)]
    stage = rng.choice(["Order", "First Payment", "Equipment Received", "Service in Use"], n, p=[0.42, 0.36, 0.2, 0.02])
    region = rng.choice(["North", "South", "East", "West"], n)
    plan = rng.choice(["Basic", "Family", "Business"], n, p=[0.5, 0.35, 0.15])
    speaks = rng.random(n) < 0.75
    M = (rng.random((n, len(names))) < [PLANTED[name][0] for name in names]) & speaks[:, None]
    latent = (
        7.3
        + M @ np.array([PLANTED[name][1] for name in names])
        - 1.2 * (stage == "First Payment")
        + rng.normal(0, 2.4, n)
    )
    score = pd.Series(np.clip(np.round(latent), 0, 10)).astype("Int8")
    score[rng.random(n) < 0.015] = pd.NA
    comments, spans, mentions = _write(ids, names, M, speaks, rng)
    responses = pd.DataFrame(
        {
            "response_id": ids,
            "respondent_id": ids,
            "score": score,
            "category": category(score),
            "comment": pd.Series(comments, dtype="str"),
            "date": pd.to_datetime("2025-01-06") + pd.to_timedelta(rng.integers(0, days, n), unit="D")
            if dates
            else pd.NaT,
            "weight": 1.0,
        }
    )
    columns = {"Stage": stage, "Region": region, "Plan": plan} if segments else {}
    for name, values in columns.items():
        responses[name] = pd.Series(values, dtype="str")
    survey = Survey(
        responses=responses,
        answers=pd.DataFrame({"response_id": [], "question": [], "start": [], "text": []}),
        segments=tuple(columns),
        rejected=pd.DataFrame({"row": [17, 230], "reason": ["score is 11", "score is abc"]}),
        reading=Reading("survey.csv", "csv, utf-8", "0" * 64, n + 2, ()),
        masked={"email": 12, "phone": 1, "iban": 0},
    )
    return Analysis(
        survey=survey,
        spans=Spans(spans),
        themes=Themes(_themes(names, spans), None),  # type: ignore[arg-type]
        mentions=Mentions(mentions),
        sentiment=SentimentReading(
            pd.DataFrame({"response_id": ids, "sentiment": 0.0}),
            pd.DataFrame(),
            0.87,
            pd.DataFrame({"response_id": [], "estimated_category": []}),
            pd.DataFrame(),
            True,
            ("Sentiment was learned from the scores.",),
        ),
        drivers=_drivers(responses, names, M, speaks, tuple(columns), spans, refusals),
        manifest={
            "created": "2025-12-08T10:00:00+00:00",
            "encoder": {"name": "all-MiniLM-L6-v2", "sha256": "53aa5117" * 8, "dim": 384},
            "verbatim_version": "0.1.0",
            "packages": {"bertopic": "0.17.4"},
        },
    )


def _write(ids, names, M, speaks, rng):
    comments, spans, mentions = [], [], []
    for i, response_id in enumerate(ids):
        said = [(f"T{j + 1:02d}", PLANTED[names[j]][2]) for j in np.flatnonzero(M[i])]
        if speaks[i] and not said:
            said = [("G01", GENERAL[1])]
        text = OPENERS[rng.integers(len(OPENERS))] if said else ""
        for theme_id, phrases in said:
            phrase = phrases[rng.integers(len(phrases))].format(n=int(rng.integers(2, 90)))
            start = len(text)
            text += phrase
            spans.append(
                (
                    f"{response_id}-{len(spans)}",
                    response_id,
                    "why",
                    start,
                    len(text),
                    phrase,
                    theme_id,
                    round(float(rng.uniform(0.4, 0.9)), 4),
                    round(float(np.clip(rng.normal(-0.2, 0.4), -1, 1)), 3),
                )
            )
            mentions.append((response_id, theme_id, 0.0, 1))
            text += ". "
        comments.append(text.rstrip() or None)
    table = pd.DataFrame(
        spans,
        columns=["span_id", "response_id", "question", "start", "end", "text", "theme_id", "similarity", "sentiment"],
    )
    return comments, table, pd.DataFrame(mentions, columns=["response_id", "theme_id", "sentiment", "n_spans"])


def _themes(names, spans):
    themes = []
    for theme_id, name, kind in [
        *((f"T{j + 1:02d}", name, "subject") for j, name in enumerate(names)),
        ("G01", GENERAL[0], "general"),
    ]:
        own = spans[spans["theme_id"] == theme_id].sort_values("similarity", ascending=False)
        themes.append(
            Theme(
                theme_id,
                name,
                tuple(name.lower().split()[:3]),
                "",
                None,
                1,
                kind,
                "found",
                len(own),
                tuple(own["span_id"].head(10)),
                (),
            )
        )
    return tuple(themes)


def _drivers(responses, names, M, speaks, segments, spans, refusals=()):
    """Rank the planted themes; the rarest are pooled."""
    index = pd.Index(responses["response_id"])
    ids = [f"T{j + 1:02d}" for j in range(len(names))]
    mentions = pd.DataFrame(M.astype(int), index=index, columns=ids)
    tone = spans[spans["theme_id"] != "G01"].pivot_table("sentiment", "response_id", "theme_id")
    return vb.rank_drivers(
        mentions,
        responses["score"].set_axis(index),
        responses[list(segments)].set_axis(index) if segments else None,
        commented=speaks,
        themes=pd.DataFrame({"name": names, "level": 1}, index=ids),
        sentiment=tone.reindex(index=index, columns=ids),
        refusals=refusals,
        options=DriverOptions(min_mentions=20, min_segment=50, draws=500),
    )


# broader theme: (name, its parts)
BROADER = {
    "P01": ("Installation and visits", ("T01", "T02", "T09")),
    "P02": ("Calls and answers", ("T03", "T07")),
    "P03": ("Price and service in use", ("T04", "T05", "T06", "T08", "T10")),
}


def make_nested(analysis: Analysis) -> Analysis:
    """Put broader themes over the themes, let some clauses speak of two themes, and leave one without a clear name."""
    parent = {part: theme_id for theme_id, (_, parts) in BROADER.items() for part in parts}
    said = analysis.spans.table
    twice = said[said["theme_id"] == "T01"].head(20)
    twice = twice.assign(span_id=twice["span_id"] + "b", theme_id="T02", similarity=0.95)
    spans = Spans(pd.concat([said, twice], ignore_index=True).sort_values(["response_id", "start"], ignore_index=True))
    found = tuple(
        replace(
            theme,
            name="Unclear: router, cables" if theme.theme_id == "T06" else theme.name,
            parent_id=parent.get(theme.theme_id),
            level=2 if theme.theme_id in parent else 1,
        )
        for theme in analysis.themes.themes
    )
    over = tuple(
        Theme(theme_id, name, (), "", None, 1, "subject", "found", 0, (), ()) for theme_id, (name, _) in BROADER.items()
    )
    themes, responses = (*found, *over), analysis.survey.responses.set_index("response_id", drop=False)
    mentions, ids = attach_themes(spans, themes), [theme.theme_id for theme in themes]
    drivers = vb.rank_drivers(
        mention_matrix(mentions, responses["response_id"], ids),
        responses["score"],
        responses[list(analysis.survey.segments)],
        commented=responses["comment"].notna(),
        themes=pd.DataFrame([(t.theme_id, t.name, t.level, t.parent_id, t.kind) for t in themes],
                            columns=["theme_id", "name", "level", "parent_id", "kind"]).set_index("theme_id"),
        options=DriverOptions(draws=300),
    )  # fmt: skip
    return replace(analysis, spans=spans, themes=Themes(themes, None), mentions=mentions, drivers=drivers)  # type: ignore[arg-type]


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> the page is broken",
    "=cmd|' /C calc'!A0 is what my bill said",
    "{{ 7*7 }} {% raw %} was printed on the letter </details></blockquote>",
    "\u202eerongi siht si \u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd written backwards",
    "null \x00 byte in \x07 the middle of it",
    "![pixel](http://evil.example/x.png) [link](javascript:alert(3)) `code` | table | cell",
    "https://evil.example/ was where the mail sent me to",
    "+1+1 and @SUM(1,1) and -2 and \tTAB too",
)


def make_hostile(analysis: Analysis) -> Analysis:
    """Put hostile text wherever people can write: comments, theme names, segments, the file's name, notes."""
    responses = analysis.survey.responses.copy()
    spans = analysis.spans.table.copy()
    told = responses.index[responses["comment"].notna()][: len(HOSTILE)]
    extra = []
    for row, text in zip(told, HOSTILE, strict=True):
        response_id = responses.loc[row, "response_id"]
        responses.loc[row, "comment"] = text
        spans = spans[spans["response_id"] != response_id]
        extra.append((f"{response_id}-x", response_id, "why", 0, len(text), text, "T01", 0.99, 0.0))
    spans = pd.concat([spans, pd.DataFrame(extra, columns=spans.columns)], ignore_index=True)
    bad = "<b onclick=alert(1)>Evil \u05e9\u05dc\u05d5\u05dd</b> =1+1"
    responses = responses.rename(columns={"Stage": "<img src=x>=Stage"})
    responses["Region"] = responses["Region"].replace("North", "</script><script>alert(4)</script>")
    drivers = analysis.drivers
    renamed = {"T01": bad, "T02": "</svg><script>alert(5)</script>", "T03": '=HYPERLINK("http://evil.example")'}
    fix = lambda table: table.assign(name=table["theme_id"].map(renamed).fillna(table["name"]))  # noqa: E731
    swap = {"Stage": "<img src=x>=Stage"}
    place = lambda table: table.assign(  # noqa: E731
        segment=table["segment"].replace(swap),
        value=table["value"].replace("North", "</script><script>alert(4)</script>"),
    )
    exemplars = tuple(f"{responses.loc[row, 'response_id']}-x" for row in told)
    themes = tuple(
        replace(t, name=renamed.get(t.theme_id, t.name), exemplars=exemplars if t.theme_id == "T01" else t.exemplars)
        for t in analysis.themes.themes
    )
    return replace(
        analysis,
        survey=replace(
            analysis.survey,
            responses=responses,
            segments=("<img src=x>=Stage", "Region", "Plan"),
            reading=replace(analysis.survey.reading, source="<iframe src=http://evil.example>.csv"),
        ),
        spans=Spans(spans),
        themes=Themes(themes, None),  # type: ignore[arg-type]
        drivers=replace(
            drivers,
            table=fix(drivers.table),
            segments=place(fix(drivers.segments)),
            segment_nps=place(drivers.segment_nps),
            notes=("<script>alert(6)</script>", *drivers.notes),
        ),
    )


def make_timed(analysis: Analysis) -> Analysis:
    """Follow the themes through the dates, mark what stands out, compare an earlier wave, propose a theme."""
    course = trends_of(analysis)
    last, middle = sorted(set(course.trends["period"]))[-1], sorted(set(course.trends["period"]))[5]
    names = {theme.theme_id: theme.name for theme in analysis.themes.themes}
    marked = [
        ("spike", last, "share", "T01", names["T01"], 0.1, 0.4, 0.001, ""),
        ("change point", middle, "share", "T02", names["T02"], 0.3, 0.1, 0.01, ""),
        ("change point", middle, "nps", None, "NPS", -10.0, -40.0, 0.01, ""),
    ]
    alerts = pd.DataFrame(marked, columns=course.alerts.columns)
    source, nps = analysis.survey.reading.source, analysis.drivers.nps
    before = Nps(nps.score + 8, nps.low + 8, nps.high + 8, 300)
    bars = (
        Bar("NPS before", 0.0, before.score, None, None, True),
        Bar(f"{names['T01']}: said more often", before.score, nps.score - 2, -14.0, -6.0),
        Bar("Not accounted for", nps.score - 2, nps.score, -3.0, 7.0),
        Bar("NPS after", 0.0, nps.score, None, None, True),
    )
    lines = (
        ChangeLine("theme mentions", -10.0, -14.0, -6.0, "A theme is spoken of by more or fewer commenters."),
        ChangeLine("unexplained", 2.0, -3.0, 7.0, "What moved everyone alike."),
    )
    since = Since(
        source, before, nps, (-8.0, -14.0, -2.0), bars, lines, ("The NPS went down: -8.0 points.", f'"{names["T03"]}".'),
        (f'Other people answered: "{names["T02"]}".',), (f"{source} is the same.",),
    )  # fmt: skip
    spans = tuple(analysis.spans.table.query("theme_id == 'T01'")["span_id"].tail(30))
    new = ProposedTheme(
        names["T01"], 30, 4.0, 1e-6, ("a", "b"), ("c",), spans, 28, -40.0, -62.0, -18.0, -2.0, -3.5, -0.5, -1.7
    )
    themes = replace(analysis.themes, proposed=(new,))
    return replace(analysis, over_time=OverTime(course.trends, alerts), since=since, themes=themes)


@pytest.fixture(scope="session")
def timed(analysis: Analysis) -> Analysis:
    return make_timed(analysis)


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    return make_analysis()


@pytest.fixture(scope="session")
def refused() -> Analysis:
    return make_analysis(refusals=("The follow-up question depends on the score.",))


@pytest.fixture(scope="session")
def nested(analysis: Analysis) -> Analysis:
    return make_nested(analysis)


@pytest.fixture(scope="session")
def hostile(analysis: Analysis) -> Analysis:
    return make_hostile(analysis)
