"""The waterfall: bars that lead from the NPS of one wave to that of the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from verbatim.over_time import Bar
from verbatim.report.charts import Picture, both_widths
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
    texts,
    wrap,
)
from verbatim.report.formats import interval, plain, signed

if TYPE_CHECKING:
    import altair as alt

    from verbatim.report.drawing import Chart

ROW, THICK = 46, 20
NAMES_WIDE, NAMES_NARROW = 235, 210


def waterfall(bars: Sequence[Bar]) -> Picture:
    """Draw a waterfall in both widths: costs and gains in their colours, grey what is within noise or added up."""
    return both_widths(lambda wide: _drawn(bars, wide))


def _colour(bar: Bar) -> str:
    if bar.end:
        return ACCENT
    if bar.low is None or bar.high is None or bar.low <= 0 <= bar.high:
        return CHANCE
    return COST if bar.stop < bar.start else GAIN


def _figure(bar: Bar) -> str:
    if bar.end:
        return plain(bar.stop)
    points = signed(bar.stop - bar.start)
    return points if bar.low is None or bar.high is None else f"{points} {interval(bar.low, bar.high, sign=True)}"


def _drawn(bars: Sequence[Bar], wide: bool) -> Chart:
    """Draw the bars: names, bars and figures in three columns; narrow: name and figure above the bar."""
    import altair as alt

    names = [wrap(bar.name, NAMES_WIDE if wide else NAMES_NARROW)[:2] for bar in bars]
    total, row = (WIDE, ROW) if wide else (NARROW, ROW - 4 + 18 * max(map(len, names)))
    inner = [end for bar in bars[1:-1] for end in (bar.start, bar.stop)] + [bars[0].stop, bars[-1].stop]
    air = max(0.08 * (max(inner) - min(inner)), 0.5)
    low, high = min(inner) - air, max(inner) + air
    middles = [row * at + (row / 2 if wide else row - THICK / 2 - 4) for at in range(len(bars))]
    cells = [(*_ends(bar, low, high), y - THICK / 2, y + THICK / 2, _colour(bar))
             for bar, y in zip(bars, middles, strict=True)]  # fmt: skip
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
    return alt.layer(drawn, *_written(bars, names, middles, wide)).properties(width=total, height=row * len(bars))


def _ends(bar: Bar, low: float, high: float) -> tuple[float, float]:
    """Ends of a bar on the axis; the NPS itself is drawn from the axis's own end, which is not 0."""
    return (low, bar.stop) if bar.end else (max(min(bar.start, bar.stop), low), min(max(bar.start, bar.stop), high))


def _written(bars: Sequence[Bar], lines: Sequence[list[str]], middles: Sequence[float], wide: bool) -> list[alt.Chart]:
    names, figures = [], []
    for bar, name, y in zip(bars, lines, middles, strict=True):
        top = y - 9 * (len(name) - 1) if wide else y - THICK / 2 - 12 - 18 * (len(name) - 1)
        names += [Text(0, top + 18 * at, line) for at, line in enumerate(name)]
        figures.append(Text(612, y, _figure(bar)) if wide else Text(NARROW, top, _figure(bar)))
    return [texts(names), texts(figures, fontSize=SMALL + 1) if wide else texts(figures, align="right", fontSize=SMALL)]
