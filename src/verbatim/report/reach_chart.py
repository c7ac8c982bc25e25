"""Map of reach against severity: how many raise a theme, and what a mention of it goes with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from verbatim.report.charts import Picture, both_widths
from verbatim.report.drawing import (
    CHANCE,
    COST,
    GAIN,
    MUTED,
    NARROW,
    PAPER,
    RULE,
    SMALL,
    WIDE,
    Text,
    down,
    pixels,
    text_width,
    texts,
)  # fmt: skip
from verbatim.report.formats import label, plain
from verbatim.report.labels import Box, place_label
from verbatim.report.rows import Driver

if TYPE_CHECKING:
    import altair as alt

    from verbatim.report.drawing import Chart

MARGIN_LEFT, MARGIN_RIGHT, TOP, BOTTOM = 40.0, 12.0, 22.0, 48.0
HEIGHT_WIDE, HEIGHT_NARROW = 430.0, 320.0
DOT = 7.0
CURVES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # NPS points of equal effect
LONGEST_NAME = 30


class _Plane:
    """Shares and points per mention as pixels."""

    def __init__(self, drivers: Sequence[Driver], wide: bool) -> None:
        self.width = float(WIDE if wide else NARROW)
        self.height = HEIGHT_WIDE if wide else HEIGHT_NARROW
        severities = [d.effect / d.share for d in drivers]
        self.most_share = 1.12 * max(d.share for d in drivers)
        self.low, self.high = min(0.0, *severities), max(0.0, *severities)
        air = 0.06 * ((self.high - self.low) or 1.0)
        self.low, self.high = self.low - air, self.high + air

    def x(self, share: float) -> float:
        return MARGIN_LEFT + share / self.most_share * (self.width - MARGIN_LEFT - MARGIN_RIGHT)

    def y(self, severity: float) -> float:
        return TOP + (self.high - severity) / (self.high - self.low) * (self.height - TOP - BOTTOM)

    def holds(self, box: Box) -> bool:
        return (
            box.left >= MARGIN_LEFT and box.right <= self.width and box.top >= 0 and box.bottom <= self.height - BOTTOM
        )


def reach_chart(drivers: Sequence[Driver], titles: tuple[str, str]) -> Picture | None:
    """Draw a dot a theme: share of commenters to the right, points per mention upwards; None without figures.

    The effect is their product, so themes on one curve cost the same. Wide, a dot carries its name where there is
    room, else its number; on phones its number.

    Parameters
    ----------
    drivers : sequence of Driver
        Numbered from 1 in their order.
    titles : (str, str)
        What the two axes hold.
    """
    known = [d for d in drivers if d.share > 0 and d.effect == d.effect]
    return both_widths(lambda wide: _map(known, titles, wide)) if known else None


def _map(drivers: Sequence[Driver], titles: tuple[str, str], wide: bool) -> Chart:
    import altair as alt

    plane = _Plane(drivers, wide)
    spots = [(plane.x(d.share), plane.y(d.effect / d.share)) for d in drivers]
    colours = [COST if d.effect < 0 else GAIN for d in drivers]
    table = pd.DataFrame(spots, columns=["x", "y"])
    table["colour"] = colours
    table["fill"] = [colour if d.above_noise else PAPER for colour, d in zip(colours, drivers, strict=True)]
    dots = alt.Chart(table).mark_point(size=95, strokeWidth=2.5, opacity=1, fillOpacity=1).encode(
        x=pixels("x"), y=down("y"),
        stroke=alt.Stroke("colour:N", scale=None, legend=None), fill=alt.Fill("fill:N", scale=None, legend=None),
    )  # fmt: skip
    curves, named = _curves(plane, drivers)
    labels = _labels(plane, drivers, spots, named, wide)
    layers = [*_axes(plane, titles), *curves, dots, *labels]
    return alt.layer(*layers).properties(width=plane.width, height=plane.height)


def _labels(
    plane: _Plane,
    drivers: Sequence[Driver],
    spots: Sequence[tuple[float, float]],
    named: Sequence[Box],
    wide: bool,
) -> list[alt.Chart]:
    """Name every dot beside it where nothing is hidden by that, the costliest first; else number it."""
    taken = [*(Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in spots), *named]
    sides: dict[str, list[Text]] = {"left": [], "right": [], "center": []}
    order = sorted(range(len(drivers)), key=lambda i: -abs(drivers[i].effect))
    for i in order:
        for said in (_short(drivers[i].name), str(i + 1)) if wide else (str(i + 1),):
            others = [*taken[:i], *taken[i + 1 :]]
            place = place_label(spots[i], DOT, text_width(said, SMALL), others, plane.holds)
            if place:
                side, at, box = place
                sides[side].append(Text(*at, said))
                taken.append(box)
                break
    return [texts(said, align=side, fontSize=SMALL) for side, said in sides.items() if said]


def _short(name: str) -> str:
    said = label(name)
    return said if len(said) <= LONGEST_NAME else f"{said[: LONGEST_NAME - 1].rstrip()}\u2026"


def _axes(plane: _Plane, titles: tuple[str, str]) -> list[alt.Chart]:
    import altair as alt

    shares = _ticks(0.0, 100 * plane.most_share)
    severities = _ticks(plane.low, plane.high)
    grid = pd.DataFrame({"y": [plane.y(value) for value in severities]})
    zero = pd.DataFrame({"y": [plane.y(0.0)]})
    across = {"x": alt.XValue(MARGIN_LEFT), "x2": alt.X2Value(plane.width - MARGIN_RIGHT)}  # type: ignore[no-untyped-call]
    bottom = plane.height - BOTTOM + 14
    below = [Text(plane.x(value / 100), bottom, f"{value:g} %") for value in shares]
    beside = [Text(MARGIN_LEFT - 8, plane.y(value), plain(value, 0)) for value in severities]
    return [
        alt.Chart(grid).mark_rule(color=RULE).encode(y=down("y"), **across),
        alt.Chart(zero).mark_rule(color=MUTED).encode(y=down("y"), **across),
        texts(below, align="center", fontSize=SMALL, color=MUTED),
        texts(beside, align="right", fontSize=SMALL, color=MUTED),
        texts(
            [Text(plane.width - MARGIN_RIGHT, plane.height - 6, titles[0])], align="right", fontSize=SMALL, color=MUTED
        ),
        texts([Text(0, 6, titles[1])], fontSize=SMALL, color=MUTED),
    ]


def _ticks(low: float, high: float) -> list[float]:
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200) if (high - low) / s <= 7)
    return [float(value) for value in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step]


def _curves(plane: _Plane, drivers: Sequence[Driver]) -> tuple[list[alt.Chart], list[Box]]:
    """Curves of equal effect (share x severity), named where they leave the plane, and those names' boxes."""
    import altair as alt

    worst, best = min(d.effect for d in drivers), max(d.effect for d in drivers)
    points = [-c for c in CURVES if c <= -worst * 1.2] + [c for c in CURVES if c <= best * 1.2]
    drawn: list[alt.Chart] = []
    names: list[Text] = []
    for effect in points:
        first = effect / (plane.low if effect < 0 else plane.high)  # share at which the curve enters the plane
        if not 0 < first < plane.most_share:
            continue
        shares = np.linspace(first, plane.most_share, 200)
        table = pd.DataFrame({"x": [plane.x(s) for s in shares], "y": [plane.y(effect / s) for s in shares]})
        line = alt.Chart(table).mark_line(color=CHANCE, strokeDash=[2, 4], strokeWidth=0.8)
        drawn.append(line.encode(x=pixels("x"), y=down("y"), order="x:Q"))
        names.append(Text(plane.x(first) + 5, plane.y(effect / first) + (-6 if effect < 0 else 6), plain(effect, 0)))
    boxes = [Box(x - 1, y - 5, x + 8 * len(said), y + 5) for x, y, said in names]
    return ([*drawn, texts(names, fontSize=SMALL, color=MUTED)] if drawn else []), boxes
