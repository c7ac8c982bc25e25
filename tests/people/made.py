"""A run made by hand, with known effects and tones, and contacts that try everything."""

# ruff: noqa: E501

from __future__ import annotations

import csv
import random
from dataclasses import replace

import numpy as np
import pandas as pd

import verbatim as vb
from verbatim.drivers.options import DriverOptions
from verbatim.nps import category
from verbatim.records import Analysis, Mentions, Reading, SentimentReading, Spans, Survey, Theme, Themes

# theme id: (name, kind, parent, points per mention; None: not ranked)
THEMES = {
    "T01": ("Late vans", "subject", "P01", -30.0),
    "T02": ("Rude drivers; shouting || swearing", "subject", "P01", -10.0),
    "T03": ("Friendly staff", "subject", "P02", 25.0),
    "T04": ("Low prices", "subject", "P02", 5.0),
    "T05": ("Rare thing", "subject", None, None),
    "G01": ("General complaint", "general", None, None),
    "P01": ("Delivery", "subject", None, -35.0),
    "P02": ("Shop", "subject", None, 20.0),
}


def made_analysis(rows: list[dict]) -> Analysis:
    """Make a run from rows of ``person, score, said`` (theme to tone), with ``date`` and ``comment`` where wanted."""
    ids = [f"R{k:04d}" for k in range(len(rows))]
    score = pd.Series([row["score"] for row in rows], dtype="Int8")
    responses = pd.DataFrame(
        {
            "response_id": ids,
            "respondent_id": pd.Series([row["person"] for row in rows], dtype="str"),
            "score": score,
            "category": category(score),
            "comment": pd.Series([row.get("comment") for row in rows], dtype="str"),
            "date": pd.to_datetime(pd.Series([row.get("date") for row in rows])).astype("datetime64[us]"),
            "weight": 1.0,
            "Plan": pd.Series([row.get("plan", "Basic") for row in rows], dtype="str"),
        }
    )
    said = [
        (response_id, theme, tone, 1)
        for response_id, row in zip(ids, rows, strict=True)
        for theme, tone in row.get("said", {}).items()
    ]
    mentions = pd.DataFrame(said, columns=["response_id", "theme_id", "sentiment", "n_spans"])
    mentions = mentions.astype({"response_id": "str", "theme_id": "str", "sentiment": float})
    parents = {parent for _, _, parent, _ in THEMES.values()}
    themes = tuple(
        Theme(key, name, (), "", parent, 1 if key in parents or parent is None else 2, kind, "found", 0, (), ())
        for key, (name, kind, parent, _) in THEMES.items()
    )
    survey = Survey(responses, pd.DataFrame(), ("Plan",), pd.DataFrame(), Reading("s.csv", "csv", "0", len(ids), ()))
    sentiment = SentimentReading(pd.DataFrame(), pd.DataFrame(), None, pd.DataFrame(), pd.DataFrame(), False, ())
    return Analysis(survey, Spans(pd.DataFrame()), Themes(themes, None), Mentions(mentions), sentiment, _drivers(), {})  # type: ignore[arg-type]


def _drivers():
    rng = np.random.default_rng(1)
    coded = pd.DataFrame(rng.integers(0, 2, (60, 2)), columns=["T01", "T03"])
    drivers = vb.rank_drivers(
        mentions=coded, score=pd.Series(rng.integers(0, 11, 60)), options=DriverOptions(draws=200)
    )
    ranked = [
        {"theme_id": key, "name": name, "level": 2 if parent else 1, "effect": effect}
        for key, (name, _, parent, effect) in THEMES.items()
        if effect is not None
    ]
    return replace(drivers, table=pd.DataFrame(ranked), leaf_level=2)


def crowd(n: int, seed: int = 3) -> Analysis:
    """Make ``n`` respondents C-0000, C-0001, ... of all categories, tones and themes."""
    rng = random.Random(seed)
    rows = [
        {
            "person": f"C-{k:04d}",
            "score": rng.choice([0, 3, 6, 7, 8, 9, 10]),
            "date": f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "comment": "=1+1 the van\ncame late 🎉 call <phone>",
            "plan": rng.choice(["Basic", "Family"]),
            "said": {theme: rng.uniform(-1, 1) for theme in rng.sample(["T01", "T02", "T03", "T04", "G01"], 2)},
        }
        for k in range(n)
    ]
    return made_analysis(rows)


NASTY = (
    "Ana 🎉", "👩‍👩‍👧 family", "two\nlines", "tab\there", "=1+1", "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1,1)", " =1",
    "\n=1+1", "🎉=1+1", "\u202eevil", "\x00\x07nul", '"quoted", ; cell', "O'Brien", "Łukasz Żółć", "李小龍", "", "   ",
    "＝1+1", "\ufeff=1", "\u200e=1", "a" * 5_000, "1️⃣ one", "❤️", "®", "||", "05/11/2026", "2026-02-30", "\u2028x", "\x85y",
    "2026-03-01 10:30:00", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪", "\u200f-1",
)  # fmt: skip
ADDRESSES = (
    "jo{k}@example.com", "jo.bloggs+{k}@sub.example.co.uk", "no-address", "=1{k}@example.com", "+jo{k}@example.com",
    "jo{k}@example", "jo {k}@example.com", "jo{k}\n@example.com", "same@example.com", "SAME@example.com", "", "jö{k}@exämple.de",
    "jo..{k}@example.com", "-{k}@example.com", "'{k}@example.com", "jo{k}🎉@example.com", "@example.com", "jo{k}@-a.com",
)  # fmt: skip
PHONES = ("+44 20 7946 0{k:03d}", "020 7946 0{k:03d}", "+1-cmd|' /C calc'!A0", "=0", "+", "++44", "", "(0)\n20", "-020")
KEYS = ("C-{k:04d}",) * 14 + ("  C-{k:04d} ", "", "   ", "C-0001", "C-0002", "nobody {k}", "=C-{k}", "C-{k:04d}\n")


def fuzzed(file, n: int = 1_000, seed: int = 8, more_columns: int = 0) -> None:
    """Write ``n`` contacts that try everything an import minds."""
    rng = random.Random(seed)
    extra = [f"extra {k}" for k in range(more_columns)]
    with open(file, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123
        writer = csv.writer(stream)
        writer.writerow(
            [
                "customer",
                "E-Mail",
                "User ID",
                "First Name",
                "Last Name",
                "Phone",
                "note",
                "=note 2",
                "opted out",
                "worth",
                *extra,
            ]
        )
        for k in range(n):
            address = rng.choice(ADDRESSES[:2]) if rng.random() < 0.5 else rng.choice(ADDRESSES)
            writer.writerow(
                [
                    rng.choice(KEYS).format(k=k), address.format(k=k), rng.choice(["", f"u{k}", f"u{k}\n", "=u", "u1"]),
                    rng.choice(NASTY), rng.choice(NASTY), rng.choice(PHONES).format(k=k), rng.choice(NASTY),
                    rng.choice(NASTY), "yes" if rng.random() < 0.03 else "no", rng.choice(["10", "£1,200", "lots", ""]),
                    *["x"] * more_columns,
                ]
            )  # fmt: skip
