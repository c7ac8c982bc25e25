"""Charts as inline SVG: drawn when the report is written, so that the page needs no script.

Every chart exists twice, for wide screens and for phones. Colours are the light theme's; style.css turns each into a
variable, which gives dark mode and print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from verbatim.nps import Nps
from verbatim.report.contents import SegmentView, Share
from verbatim.report.drawing import (
    ACCENT,
    CHANCE,
    COST,
    GAIN,
    LINE,
    MUTED,
    NARROW,
    ON_COLOUR,
    ON_PASSIVE,
    PAPER,
    PASSIVE,
    RULE,
    SMALL,
    WIDE,
    Text,
    down,
    pixels,
    render,
    texts,
    wrap,
)  # fmt: skip
from verbatim.report.formats import interval, percent, plain, signed, whole
from verbatim.report.rows import Driver
from verbatim.report.theme_words import noise_mark

if TYPE_CHECKING:
    import altair as alt

    from verbatim.report.drawing import Chart

# Layout in pixels
INDENT, WIDE_NAMES, NARROW_NAMES, FIGURES_AT = 26, 235, 200, 612
BAR, NARROWEST_LABELLED = 44, 44


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an interval chart: a value with its interval, what stands beside it and under its name."""

    lead: str
    name: str
    value: float
    low: float
    high: float
    figure: str
    remark: str
    sure: bool
    colour: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in both widths."""

    wide: str
    narrow: str


def drivers_chart(drivers: Sequence[Driver], coin_toss: Sequence[Driver], extent: tuple[float, float]) -> Picture:
    """Forest chart of effects with their intervals; coin tosses, where given, close it for scale.

    Parameters
    ----------
    drivers, coin_toss : sequences of Driver
        In the order to draw.
    extent : (float, float)
        Ends of the axis in NPS points, shared by the charts that are to be compared.
    """
    rows = [_driver_row(d, COST if d.effect < 0 else GAIN, noise_mark(d)) for d in drivers]
    rows += [_driver_row(d, CHANCE, "pure chance", ranked=False) for d in coin_toss]
    return both_widths(lambda wide: _intervals(rows, extent, 0.0, wide))


def _driver_row(driver: Driver, colour: str, remark: str, ranked: bool = True) -> Row:
    figure = f"{signed(driver.effect)} {interval(driver.low, driver.high)}"
    rank = str(driver.rank) if ranked and driver.rank is not None and driver.effect < 0 else ""
    sure = driver.above_noise and ranked
    under = driver.said_with or ""
    return Row(rank, driver.name, driver.effect, driver.low, driver.high, figure, remark, sure, colour, under)


def extent_of(drivers: Sequence[Driver]) -> tuple[float, float]:
    """Axis that holds every interval and zero, with a little air."""
    ends = [end for d in drivers for end in (d.low, d.high, d.effect) if end == end]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    air = max(0.04 * (high - low), 0.1)
    return low - air, high + air


def segment_chart(view: SegmentView, overall: float) -> Picture:
    """NPS of each value of a segment with its interval; the line is the NPS of all responses."""
    rows = [_segment_row(group.value, group.nps) for group in view.groups if group.nps]
    low, high = min([overall, *(r.low for r in rows)]), max([overall, *(r.high for r in rows)])
    return both_widths(lambda wide: _intervals(rows, (max(-100.0, low - 4), min(100.0, high + 4)), overall, wide))


def _segment_row(value: str, nps: Nps) -> Row:
    figure = f"{plain(nps.score, 0)} {interval(nps.low, nps.high, 0)}"
    return Row("", value, nps.score, nps.low, nps.high, figure, f"n = {whole(nps.n)}", True, ACCENT)


def split_chart(split: Sequence[Share]) -> Picture:
    """One bar of detractors, passives and promoters."""
    return both_widths(lambda wide: _split(split, WIDE if wide else NARROW))


def both_widths(draw: Callable[[bool], Chart]) -> Picture:
    """Draw a chart for wide screens and for phones; ``draw`` is told whether it is for a wide one."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # no check of every part against the schema: it took half of the time
        return Picture(render(draw(True)), render(draw(False)))


def _intervals(rows: Sequence[Row], extent: tuple[float, float], reference: float, wide: bool) -> Chart:
    """Rows of name, interval and figure. Wide: three columns; narrow: name and figure above the interval."""
    import altair as alt

    total = WIDE if wide else NARROW
    indent = INDENT if any(row.lead for row in rows) else 0
    names = [wrap(row.name, (WIDE_NAMES if wide else NARROW_NAMES) - indent) for row in rows]
    tops, dots, height = _places([len(lines) + bool(row.under) for lines, row in zip(names, rows, strict=True)], wide)
    x = alt.Scale(domain=list(extent), range=[255, 590] if wide else [4, total - 6], nice=False, zero=False)
    cells = [
        (r.value, r.low, r.high, y, r.colour, r.colour if r.sure else PAPER) for r, y in zip(rows, dots, strict=True)
    ]
    table = pd.DataFrame(cells, columns=["value", "low", "high", "y", "colour", "fill"])
    whole_rows = alt.Chart(table[table["low"].notna() & table["high"].notna()]).encode(y=down("y"))
    every_row = alt.Chart(table).encode(y=down("y"))
    stroke, fill = (alt.Stroke("colour:N", scale=None, legend=None), alt.Fill("fill:N", scale=None, legend=None))
    line = alt.Chart(pd.DataFrame({"value": [reference]})).mark_rule(color=MUTED)
    layers = [
        line.encode(x=alt.X("value:Q", scale=x, axis=_points_axis(reference == 0.0, wide))),
        whole_rows.mark_rule(strokeWidth=2.5, strokeCap="round").encode(
            alt.X("low:Q", scale=x), x2="high:Q", stroke=stroke
        ),
        every_row.mark_point(size=95, strokeWidth=2.5, opacity=1, fillOpacity=1).encode(
            x=alt.X("value:Q", scale=x), stroke=stroke, fill=fill
        ),
        *_row_texts(rows, names, tops, dots, indent, wide),
        *_under_names(rows, names, tops, indent, (WIDE_NAMES if wide else NARROW) - indent),
    ]
    return alt.layer(*layers).properties(width=total, height=height)


def _points_axis(signs: bool, wide: bool) -> alt.Axis:
    import altair as alt

    label = f"datum.value == 0 ? '0' : format(datum.value, '{'+' if signs else ''}~f')"
    return alt.Axis(
        orient="bottom", title=None, grid=wide, gridColor=RULE, domain=False, ticks=False, labelColor=MUTED,
        labelFontSize=SMALL, tickCount=6 if wide else 4, labelPadding=6, labelExpr=label, zindex=0,
    )  # fmt: skip


def _places(lines: Sequence[int], wide: bool) -> tuple[list[float], list[float], float]:
    """First text line and dot of every row, and the height of all."""
    tops, dots, y = [], [], 6.0
    for n in lines:
        text = max(n, 2 if wide else 1) * LINE
        tops.append(y + LINE / 2 + ((text - n * LINE) / 2 if wide else 0))
        dots.append(y + text / 2 if wide else y + text + 10)
        y += text + (14 if wide else 30)
    return tops, dots, y


def _row_texts(
    rows: Sequence[Row], names: list[list[str]], tops: list[float], dots: list[float], indent: int, wide: bool
) -> list[alt.Chart]:
    ranks = [Text(0, top, row.lead) for row, top in zip(rows, tops, strict=True)]
    titles = [
        Text(indent, top + i * LINE, line)
        for lines, top in zip(names, tops, strict=True)
        for i, line in enumerate(lines)
    ]
    if not wide:
        figures = [Text(NARROW, top, row.figure) for row, top in zip(rows, tops, strict=True)]
        return [texts(ranks, color=MUTED), texts(titles), texts(figures, align="right", fontSize=SMALL)]
    figures = [Text(FIGURES_AT, dot - LINE / 2, row.figure) for row, dot in zip(rows, dots, strict=True)]
    remarks = [Text(FIGURES_AT, dot + LINE / 2, row.remark) for row, dot in zip(rows, dots, strict=True)]
    return [texts(ranks, color=MUTED), texts(titles), texts(figures), texts(remarks, fontSize=SMALL, color=MUTED)]


def _under_names(
    rows: Sequence[Row], names: list[list[str]], tops: list[float], indent: int, width: int
) -> list[alt.Chart]:
    """Small print under the names; no layer where no row has any."""
    lines = [
        Text(indent, top + len(lines) * LINE, wrap(row.under, width, SMALL, most=1)[0])
        for row, lines, top in zip(rows, names, tops, strict=True)
        if row.under
    ]
    return [texts(lines, fontSize=SMALL, color=MUTED)] if lines else []


def _split(split: Sequence[Share], width: int) -> Chart:
    import altair as alt

    colours = {"detractor": COST, "passive": PASSIVE, "promoter": GAIN}
    inks = {"detractor": ON_COLOUR, "passive": ON_PASSIVE, "promoter": ON_COLOUR}
    bars: list[tuple[float, float, str]] = []
    shares: dict[str, list[Text]] = {ON_COLOUR: [], ON_PASSIVE: []}
    start = 0.0
    for part in sorted(split, key=lambda part: list(colours).index(part.category)):
        end = start + part.share * width
        bars.append((start, max(end - 2, start), colours[part.category]))
        if end - start > NARROWEST_LABELLED:
            shares[inks[part.category]].append(Text((start + end) / 2 - 1, BAR / 2, percent(part.share)))
        start = end
    drawn = alt.Chart(pd.DataFrame(bars, columns=["x", "x2", "colour"])).mark_rect()
    drawn = drawn.encode(
        x=pixels("x"), x2=alt.X2Value(alt.expr("datum.x2")),  # type: ignore[no-untyped-call]
        y=alt.YValue(0), y2=alt.Y2Value(BAR),  # type: ignore[no-untyped-call]
        fill=alt.Fill("colour:N", scale=None, legend=None),
    )  # fmt: skip
    written = [texts(said, align="center", color=ink, fontWeight="bold") for ink, said in shares.items()]
    return alt.layer(drawn, *written).properties(width=width, height=BAR)
