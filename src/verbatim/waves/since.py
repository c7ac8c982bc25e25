"""What a run's own report says of an earlier wave: the account of the change, kept in the run folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from verbatim.analysis import course
from verbatim.change.options import ChangeOptions
from verbatim.change.words import explain
from verbatim.over_time import ChangeLine, Since
from verbatim.records import Analysis
from verbatim.waves.chart import waterfall_bars
from verbatim.waves.compare import Comparison, compare


def since_earlier(analysis: Analysis, earlier: Analysis, options: ChangeOptions) -> Analysis:
    """Compare a run with an earlier one, and note what moved."""
    return replace(analysis, since=since_of(compare(earlier, analysis, options=options)))


def since_of(found: Comparison) -> Since:
    """Keep of a comparison what a report shows."""
    lines = tuple(
        ChangeLine(row["kind"], row["points"], row["low"], row["high"], explain(row["kind"]))
        for row in found.summary.to_dict("records")
    )
    return Since(
        found.sources[0], found.before, found.after, found.change, waterfall_bars(found), lines, found.sentences,
        found.who.warnings, found.notes,
    )  # fmt: skip


def write_since(analysis: Analysis, run: Path) -> None:
    """Write what moved since the earlier wave into the run folder, beside what it holds."""
    content = course.json_files(analysis)[course.SINCE]
    (run / course.SINCE).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
