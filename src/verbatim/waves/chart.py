"""The bars of a waterfall: from the NPS of one wave to that of the next, a bar a line."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from verbatim.change.ledger import CODEBOOK, COMMENTS, LEVEL, MENTIONS, MIX, REST, SEVERITY
from verbatim.over_time import Bar
from verbatim.waves.compare import Comparison

BARS = 6
WORDS = {
    MIX: "Who answered: segment mix", REST: "Not accounted for", COMMENTS: "Comment weighting",
    LEVEL: "Segment level", CODEBOOK: "Codebook change", MENTIONS: "Other themes: frequency",
    SEVERITY: "Other themes: severity",
}  # fmt: skip


def waterfall_bars(comparison: Comparison) -> tuple[Bar, ...]:
    """Lay out the bars: the NPS before, the largest lines one by one, the others by kind, the NPS after.

    Each bar starts where the one before it ends; the last but one ends at the NPS after.
    """
    table = comparison.table
    themed = table[table["kind"].isin([MENTIONS, SEVERITY])]
    largest = themed.reindex(themed["points"].abs().sort_values(ascending=False, kind="stable").index).head(BARS)
    themes = {row["theme_id"]: row for row in comparison.themes.to_dict("records")}
    rows: list[tuple[str, float, float | None, float | None]] = [
        (f"{row['name']}: {_said(row, themes[row['theme_id']])}", row["points"], row["low"], row["high"])
        for row in largest.to_dict("records")
    ]
    rest = table.drop(index=largest.index).groupby("kind", sort=False)["points"].sum()
    whole = {row["kind"]: (row["low"], row["high"]) for row in comparison.summary.to_dict("records")}
    for kind, points in zip(rest.index.astype(str), rest.tolist(), strict=True):
        if abs(points) >= 0.05 or kind in (MIX, REST):
            low, high = whole[kind] if kind in (MIX, REST) else (None, None)
            rows.append((WORDS[kind], points, low, high))
    at, bars = comparison.before.score, [_end("NPS before", comparison.before.score)]
    for name, points, low, high in sorted(rows, key=lambda row: (row[0] == WORDS[REST], -abs(row[1]))):
        bars.append(Bar(name, at, at + points, low, high))
        at += points
    return (*bars, _end("NPS after", comparison.after.score))


def _said(line: Mapping[Hashable, Any], theme: Mapping[Hashable, Any]) -> str:
    """What became of a theme: how often it is said, or how much a mention weighs, whichever way it counts."""
    if line["kind"] == MENTIONS:
        return "said more often" if theme["share_change"] > 0 else "said less often"
    weight = theme["effect_before"] + theme["effect_after"]
    return "weighs more" if line["points"] * weight > 0 else "weighs less"


def _end(name: str, score: float) -> Bar:
    return Bar(name, 0.0, score, None, None, end=True)
