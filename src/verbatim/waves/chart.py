"""The waterfall: from the NPS of one wave to that of the next, a bar a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from verbatim.change.ledger import CODEBOOK, COMMENTS, LEVEL, MENTIONS, MIX, REST, SEVERITY
from verbatim.report.charts import Picture
from verbatim.report.drawing import (
    ACCENT,
    CHANCE,
    COST,
    GAIN,
    MUTED,
    NARROW,
    RULE,
    SMALL,
    WIDE,
    Text,
    down,
    render,
    texts,
    wrap,
)
from verbatim.report.formats import interval, plain, signed
from verbatim.waves.compare import Comparison

if TYPE_CHECKING:
    import altair as alt

    from verbatim.report.drawing import Chart

BARS, ROW, THICK = 6, 46, 20
WORDS = {
    MIX: "Who answered: segment mix", REST: "Not accounted for", COMMENTS: "Comment weighting",
    LEVEL: "Segment level", CODEBOOK: "Codebook change", MENTIONS: "Other themes: frequency",
    SEVERITY: "Other themes: severity",
}  # fmt: skip


class Bar(NamedTuple):
    """One bar: its name, where it starts and ends, and what is written beside it."""

    name: str
    start: float
    end: float
    figure: str
    colour: str


def waterfall(comparison: Comparison) -> Picture:
    """Draw the waterfall of a comparison, in both widths."""
    from altair.utils.schemapi import debug_mode

    bars = waterfall_bars(comparison)
    with debug_mode(False):
        return Picture(render(_drawn(bars, True)), render(_drawn(bars, False)))


def waterfall_bars(comparison: Comparison) -> list[Bar]:
    """Lay out the bars: the NPS before, the largest lines one by one, the others by kind, the NPS after.

    Each bar starts where the one before it ends; the last but one ends at the NPS after.
    """
    table = comparison.table
    themed = table[table["kind"].isin([MENTIONS, SEVERITY])]
    largest = themed.reindex(themed["points"].abs().sort_values(ascending=False, kind="stable").index).head(BARS)
    said = {MENTIONS: "said more or less often", SEVERITY: "weighs more or less"}
    rows: list[tuple[str, float, float, float]] = [
        (f"{row['name']}: {said[row['kind']]}", row["points"], row["low"], row["high"])
        for row in largest.to_dict("records")
    ]
    rest = table.drop(index=largest.index).groupby("kind", sort=False)["points"].sum()
    whole = {row["kind"]: (row["low"], row["high"]) for row in comparison.summary.to_dict("records")}
    for kind, points in zip(rest.index.astype(str), rest.tolist(), strict=True):
        if abs(points) >= 0.05 or kind in (MIX, REST):
            low, high = whole[kind] if kind in (MIX, REST) else (float("nan"), float("nan"))
            rows.append((WORDS[kind], points, low, high))
    at, bars = comparison.before.score, [_end("NPS before", comparison.before.score)]
    for name, points, low, high in sorted(rows, key=lambda row: (row[0] == WORDS[REST], -abs(row[1]))):
        figure = f"{signed(points)} {interval(low, high, sign=True)}".strip()
        colour = (COST if points < 0 else GAIN) if low > 0 or high < 0 else CHANCE
        bars.append(Bar(name, at, at + points, figure, colour))
        at += points
    return [*bars, _end("NPS after", comparison.after.score)]


def _end(name: str, score: float) -> Bar:
    return Bar(name, 0.0, score, plain(score), ACCENT)


def _drawn(bars: list[Bar], wide: bool) -> Chart:
    """Draw the bars: names, bars and figures in three columns; narrow: name and figure above the bar."""
    import altair as alt

    total, row = (WIDE, ROW) if wide else (NARROW, ROW + 14)
    inner = [end for bar in bars[1:-1] for end in (bar.start, bar.end)] + [bars[0].end, bars[-1].end]
    air = max(0.08 * (max(inner) - min(inner)), 0.5)
    low, high = min(inner) - air, max(inner) + air
    middles = [row * at + (row / 2 if wide else row - THICK / 2 - 4) for at in range(len(bars))]
    cells = [
        (max(min(bar.start, bar.end), low), max(bar.start, bar.end), y - THICK / 2, y + THICK / 2, bar.colour)
        for bar, y in zip(bars, middles, strict=True)
    ]
    table = pd.DataFrame(cells, columns=["low", "high", "y", "y2", "colour"])
    x = alt.Scale(domain=[low, high], range=[255, 600] if wide else [4, total - 6], nice=False, zero=False)
    axis = alt.Axis(
        orient="bottom", title=None, grid=True, gridColor=RULE, domain=False, ticks=False, labelColor=MUTED,
        labelFontSize=SMALL, tickCount=5, labelPadding=6, zindex=0,
    )  # fmt: skip
    drawn = (
        alt.Chart(table)
        .mark_rect()
        .encode(
            x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=down("y"),
            y2=alt.Y2Value(alt.expr("datum.y2")),  # type: ignore[no-untyped-call]
            fill=alt.Fill("colour:N", scale=None, legend=None),
        )
    )  # fmt: skip
    return alt.layer(drawn, *_written(bars, middles, wide)).properties(width=total, height=row * len(bars))


def _written(bars: list[Bar], middles: list[float], wide: bool) -> list[alt.Chart]:
    names, figures = [], []
    for bar, y in zip(bars, middles, strict=True):
        lines = wrap(bar.name, 235 if wide else 210)[: 2 if wide else 1]
        top = y - 9 * (len(lines) - 1) if wide else y - THICK / 2 - 12
        names += [Text(0, top + 18 * at, line) for at, line in enumerate(lines)]
        figures.append(Text(612, y, bar.figure) if wide else Text(NARROW, top, bar.figure))
    return [texts(names), texts(figures, fontSize=SMALL + 1) if wide else texts(figures, align="right", fontSize=SMALL)]
