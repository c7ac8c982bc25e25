"""Bars of promoters lost and detractors made: two parts of one effect, side by side for every pain point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from verbatim.report.charts import Picture, both_widths
from verbatim.report.drawing import ACCENT, COST, LINE, MUTED, NARROW, SMALL, WIDE, Text, down, pixels, texts, wrap
from verbatim.report.formats import signed
from verbatim.report.rows import Driver

if TYPE_CHECKING:
    from verbatim.report.drawing import Chart

THICK, APART = 9, 14
BARS_WIDE, BARS_NARROW = (255.0, 690.0), (4.0, 290.0)
NAMES_WIDE = 235


def outcome_chart(drivers: Sequence[Driver]) -> Picture | None:
    """Two bars a theme, in NPS points: promoters lost above, detractors made below; None without such figures."""
    known = [d for d in drivers if d.promoters_lost == d.promoters_lost and d.detractors_made == d.detractors_made]
    return both_widths(lambda wide: _bars(known, wide)) if known else None


def _bars(drivers: Sequence[Driver], wide: bool) -> Chart:
    import altair as alt

    left, right = BARS_WIDE if wide else BARS_NARROW
    ends = [0.0, *(part for d in drivers for part in (d.promoters_lost, d.detractors_made))]
    scale = (right - left) / ((max(ends) - min(ends)) or 1.0)
    zero = left - min(ends) * scale
    bars: list[tuple[float, float, float, float, str]] = []
    names: list[Text] = []
    figures: list[Text] = []
    y = 4.0
    for driver in drivers:
        lines = wrap(driver.name, NAMES_WIDE if wide else NARROW)
        names += [Text(0, y + LINE / 2 + i * LINE, line) for i, line in enumerate(lines)]
        top = y if wide else y + len(lines) * LINE + 2
        for i, (part, colour) in enumerate(((driver.promoters_lost, ACCENT), (driver.detractors_made, COST))):
            at = top + 2 + i * (THICK + 9)
            start, end = sorted((zero, zero + part * scale))
            bars.append((start, end, at, at + THICK, colour))
            figures.append(Text(right + 8, at + THICK / 2, signed(part)))
        y = max(top + 2 * (THICK + 9), y + len(lines) * LINE if wide else 0) + APART
    table = pd.DataFrame(bars, columns=["x", "x2", "y", "y2", "colour"])
    drawn = alt.Chart(table).mark_rect()
    drawn = drawn.encode(
        x=pixels("x"), x2=alt.X2Value(alt.expr("datum.x2")),  # type: ignore[no-untyped-call]
        y=down("y"), y2=alt.Y2Value(alt.expr("datum.y2")),  # type: ignore[no-untyped-call]
        fill=alt.Fill("colour:N", scale=None, legend=None),
    )  # fmt: skip
    axis = alt.Chart(pd.DataFrame({"x": [zero]})).mark_rule(color=MUTED).encode(x=pixels("x"))
    written = [texts(names), texts(figures, fontSize=SMALL)]
    return alt.layer(axis, drawn, *written).properties(width=WIDE if wide else NARROW, height=y)
