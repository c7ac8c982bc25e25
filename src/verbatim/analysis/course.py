"""What a run says of time: made from an analysis, and as files of the run folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from verbatim.change.options import ChangeOptions
from verbatim.nps import Nps
from verbatim.over_time import Bar, ChangeLine, OverTime, ProposedTheme, Since
from verbatim.records import Analysis

SINCE = "since.json"
_TEXTS = dict.fromkeys(("kind", "period", "series", "theme_id", "name", "sentence"), "str")


def with_course(analysis: Analysis, options: ChangeOptions) -> Analysis:
    """Follow NPS and themes through the dates of a run, and join proposed themes with the scores they come with."""
    from verbatim.waves.emerging import rank_proposed
    from verbatim.waves.track import trends_of

    return replace(analysis, over_time=trends_of(analysis, options), themes=rank_proposed(analysis, options))


def tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Tables of the run folder, by file name, where there is something to say."""
    course, proposed = analysis.over_time, analysis.themes.proposed
    found = {} if course is None else {"trends.csv": course.trends, "alerts.csv": course.alerts}
    return {**found, **({"proposed_themes.csv": proposed_table(proposed)} if proposed else {})}


def proposed_table(proposed: tuple[ProposedTheme, ...]) -> pd.DataFrame:
    """One row a proposed theme, those whose growth costs most first, its keywords and quotes each in one cell."""
    rows = [
        asdict(theme) | {"keywords": ", ".join(theme.keywords), "quotes": " | ".join(theme.quotes), "rank": place}
        for place, theme in enumerate(proposed, start=1)
    ]
    table = pd.DataFrame(rows).drop(columns="spans")
    figures = ["nps", "nps_low", "nps_high", "effect", "effect_low", "effect_high", "growth_points"]
    return table.astype(dict.fromkeys(figures, "float64"))


def json_files(analysis: Analysis) -> dict[str, object]:
    """JSON files of the run folder, by name, where there is something to say."""
    found: dict[str, object] = {}
    if analysis.themes.proposed:
        found["proposed_themes.json"] = [asdict(theme) for theme in analysis.themes.proposed]
    if analysis.since is not None:
        since = analysis.since
        ends = {"before": since.before._asdict(), "after": since.after._asdict()}
        found[SINCE] = asdict(since) | ends
    return found


def load_proposed(folder: Path) -> tuple[ProposedTheme, ...]:
    """Read proposed_themes.json; nothing where there is none."""
    lists = ("keywords", "quotes", "spans")
    return tuple(
        ProposedTheme(**entry | {name: tuple(entry.get(name, ())) for name in lists})
        for entry in _read(folder / "proposed_themes.json") or ()
    )


def load_over_time(folder: Path) -> OverTime | None:
    """Read trends.csv and alerts.csv; None where there are none."""
    if not (folder / "trends.csv").is_file():
        return None
    return OverTime(*(pd.read_csv(folder / f"{name}.csv", dtype=_TEXTS) for name in ("trends", "alerts")))


def load_since(folder: Path) -> Since | None:
    """Read since.json; None where no earlier wave was compared."""
    entry: Mapping[str, Any] | None = _read(folder / SINCE)
    if entry is None:
        return None
    change = entry["change"]
    return Since(
        entry["source"],
        Nps(**entry["before"]),
        Nps(**entry["after"]),
        (change[0], change[1], change[2]),
        tuple(Bar(**bar) for bar in entry["bars"]),
        tuple(ChangeLine(**line) for line in entry["lines"]),
        *(tuple(entry[name]) for name in ("sentences", "warnings", "notes")),
    )


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
