"""A series over time as SVG, written by hand: a page holds one for every theme, and Vega takes 50 ms a drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from verbatim.report.charts import Picture
from verbatim.report.course import Point
from verbatim.report.drawing import ACCENT, CHANCE, COST, FONT, MUTED, NARROW, RULE, SMALL, WIDE, text_width
from verbatim.report.formats import percent, plain

LEFT, RIGHT, TOP, BOTTOM = 48, 14, 10, 26  # pixels around the plot
TICKS = 4
CARD = 720  # a theme's card is narrower than the page


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a drawing stands: its size and the figures at the lower and upper end of the plot."""

    width: int
    height: int
    low: float
    high: float
    n: int

    def x(self, at: float) -> float:
        """Pixel of a period; the first and the last keep half a step from the edge."""
        return LEFT + (self.width - LEFT - RIGHT) * (at + 0.5) / self.n

    def y(self, value: float) -> float:
        """Pixel of a figure."""
        part = (value - self.low) / (self.high - self.low)
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * part


def nps_course(points: Sequence[Point], overall: float) -> Picture:
    """NPS over time; the dashed level is the NPS of all responses."""
    wide, narrow = ((WIDE, 250), (NARROW, 210))
    return Picture(*(_drawn(points, size, lambda value: plain(value, 0), overall) for size in (wide, narrow)))


def share_course(points: Sequence[Point]) -> Picture:
    """Share of a theme over time."""
    return Picture(*(_drawn(points, size, percent, None) for size in ((CARD, 150), (NARROW, 150))))


def _drawn(points: Sequence[Point], size: tuple[int, int], write: Callable[[float], str], overall: float | None) -> str:
    ticks = _ticks(points, overall)
    frame = Frame(*size, ticks[0], ticks[-1], len(points))
    parts = [
        f'<svg width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}">',
        f'<g font-family="{FONT}" font-size="{SMALL}" fill="{MUTED}">',
        *_scale(frame, ticks, write),
        *_dates(frame, points),
        "</g>",
        *_line(frame, points, overall),
        *_marks(frame, points),
        "</svg>",
    ]
    return "".join(parts)


def _ticks(points: Sequence[Point], overall: float | None) -> list[float]:
    """Round figures that hold every interval and the smoothed line.

    Examples
    --------
    >>> _ticks([Point("a", 9, 0.1, 0.06, 0.17)], None)
    [0.0, 0.05, 0.1, 0.15, 0.2]
    """
    told = [end for p in points for end in (p.low, p.high, p.smoothed_low, p.smoothed_high) if math.isfinite(end)]
    told += [0.0] if overall is None else [overall]
    low, high = min(told), max(told)
    if high <= low:
        high = low + (0.01 if overall is None else 1.0)
    rough = (high - low) / TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * at, 10) for at in range(first, last + 1)]


def _scale(frame: Frame, ticks: Sequence[float], write: Callable[[float], str]) -> Iterator[str]:
    for tick in ticks:
        y = frame.y(tick)
        yield f'<path stroke="{RULE}" d="M{LEFT} {y:.1f}H{frame.width}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{write(tick)}</text>'


def _dates(frame: Frame, points: Sequence[Point]) -> Iterator[str]:
    """Names of as many periods as there is room for, evenly spaced."""
    room = max(text_width(point.label, SMALL) for point in points) + 6
    apart = max(1, math.ceil(room / (frame.x(1) - frame.x(0))))
    for at in range(0, len(points), apart):
        x = min(max(frame.x(at), LEFT), frame.width - room / 2)
        yield f'<text x="{x:.1f}" y="{frame.height - 6}" text-anchor="middle">{points[at].label}</text>'


def _line(frame: Frame, points: Sequence[Point], overall: float | None) -> Iterator[str]:
    """The smoothed line in its band, and the dashed level of all responses."""
    told = [(at, p) for at, p in enumerate(points) if math.isfinite(p.smoothed)]
    if told:
        upper = [f"{frame.x(at):.1f} {frame.y(p.smoothed_high):.1f}" for at, p in told]
        lower = [f"{frame.x(at):.1f} {frame.y(p.smoothed_low):.1f}" for at, p in reversed(told)]
        yield f'<path fill="{RULE}" fill-opacity="0.6" d="M{"L".join([*upper, *lower])}Z"/>'
    if overall is not None:
        y = frame.y(overall)
        yield f'<path stroke="{CHANCE}" stroke-dasharray="4 4" d="M{LEFT} {y:.1f}H{frame.width}"/>'
    if told:
        line = "L".join(f"{frame.x(at):.1f} {frame.y(p.smoothed):.1f}" for at, p in told)
        yield f'<path stroke="{ACCENT}" stroke-width="2" fill="none" d="M{line}"/>'


def _marks(frame: Frame, points: Sequence[Point]) -> Iterator[str]:
    """Figures with their intervals; a ring where a period stands out, an upright where the figure changed for good."""
    for at, point in enumerate(points):
        if point.changed:
            x = frame.x(at - 0.5)
            yield (
                f'<path stroke="{COST}" stroke-width="1.5" stroke-dasharray="6 3" '
                f'd="M{x:.1f} {TOP}V{frame.height - BOTTOM}"/>'
            )
    known = [(frame.x(at), p) for at, p in enumerate(points) if math.isfinite(p.value)]
    whiskers = "".join(f"M{x:.1f} {frame.y(p.low):.1f}V{frame.y(p.high):.1f}" for x, p in known)
    yield f'<path stroke="{CHANCE}" stroke-width="1.5" d="{whiskers}"/>'
    for x, point in known:
        y = frame.y(point.value)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{ACCENT}"/>'
        if point.stands_out:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{COST}" stroke-width="2"/>'
