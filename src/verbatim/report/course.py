"""What a report says of time: NPS and shares by period, what stands out, in figures and in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from verbatim.nps import Nps
from verbatim.over_time import OverTime
from verbatim.report.formats import day, month, percent, plain, whole

NOTHING = math.nan


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series: figure, its interval, the smoothed line with its own; NaN where nothing is told.

    ``n`` is the effective number of responses, or of commenters; effects belong to themes. ``stands_out`` and
    ``changed`` say that a spike, or a lasting change, was found there.
    """

    label: str
    n: float
    value: float
    low: float
    high: float
    smoothed: float = NOTHING
    smoothed_low: float = NOTHING
    smoothed_high: float = NOTHING
    effect: float = NOTHING
    effect_low: float = NOTHING
    effect_high: float = NOTHING
    stands_out: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A period that stands out ("spike") or a lasting change ("change point"); ``theme_id`` is None for the NPS."""

    kind: str
    theme_id: str | None
    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Course:
    """NPS and shares over time; ``looked_for`` says whether it was looked for what stands out."""

    nps: tuple[Point, ...] = ()
    themes: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    looked_for: bool = False


def read_course(
    over_time: OverTime | None, periods: Sequence[tuple[str, int, Nps | None]], names: Mapping[str, str], minimum: int
) -> Course:
    """Read the trends of a run; without them the NPS by period as it is.

    Parameters
    ----------
    over_time : OverTime or None
    periods : sequence of (label, responses, Nps or None)
        Told where there are no trends.
    names : mapping of str to str
        Name of every theme that is large enough to be told of, by id.
    minimum : int
        Fewest responses, or commenters, of a period that is told of.
    """
    if over_time is None:
        known = [(name, n, nps or Nps(NOTHING, NOTHING, NOTHING, n)) for name, n, nps in periods]
        return Course(tuple(Point(name, n, nps.score, nps.low, nps.high) for name, n, nps in known))
    trends = over_time.trends
    labels = period_labels(sorted(set(trends["period"])))
    alerts = over_time.alerts[over_time.alerts["theme_id"].isna() | over_time.alerts["theme_id"].isin(set(names))]
    told = {theme: _points(trends, alerts, theme, labels, minimum) for theme in names}
    told = {theme: points for theme, points in told.items() if any(point.value == point.value for point in points)}
    nps = _points(trends, alerts, None, labels, minimum)
    said = zip(*(alerts[name] for name in ("kind", "theme_id", "period", "before", "after")), strict=True)
    found = tuple(
        _alert(kind, theme, names[theme], labels[period], (before, after))
        if isinstance(theme, str)
        else _alert(kind, None, "NPS", labels[period], (before, after))
        for kind, theme, period, before, after in said
    )
    return Course(nps, told, found, True)


def period_labels(starts: Sequence[str]) -> dict[str, str]:
    """Name periods by their first days: weeks by day, months and quarters by name.

    Examples
    --------
    >>> list(period_labels(["2026-01-01", "2026-02-01"]).values())
    ['Jan 2026', 'Feb 2026']
    >>> list(period_labels(["2026-01-01", "2026-04-01"]).values())
    ['Q1 2026', 'Q2 2026']
    >>> list(period_labels(["2026-01-05", "2026-01-12"]).values())
    ['5 Jan 2026', '12 Jan 2026']
    """
    days = [date.fromisoformat(start) for start in starts]
    step = min(((later - one).days for one, later in pairwise(days)), default=0)
    return {
        start: day(first) if step <= 7 else month(first) if step <= 31 else f"Q{(first.month + 2) // 3} {first.year}"
        for start, first in zip(starts, days, strict=True)
    }


def _points(
    trends: pd.DataFrame, alerts: pd.DataFrame, theme: str | None, labels: Mapping[str, str], minimum: int
) -> tuple[Point, ...]:
    own = trends[trends["theme_id"].isna() if theme is None else trends["theme_id"] == theme]
    effects = own[own["series"] == "effect"].set_index("period")[["value", "low", "high"]]
    marks = alerts[alerts["theme_id"].isna() if theme is None else alerts["theme_id"] == theme]
    spikes, changes = (set(marks.loc[marks["kind"] == kind, "period"]) for kind in ("spike", "change point"))
    found = []
    for row in own[own["series"] != "effect"].to_dict("records"):
        period, n = str(row["period"]), float(row["n"])
        value, low, high = (float(row[name]) if n >= minimum else NOTHING for name in ("value", "low", "high"))
        line, line_low, line_high = (float(row[name]) for name in ("smoothed", "smoothed_low", "smoothed_high"))
        known = effects[effects.index == period].to_numpy(dtype=float).ravel().tolist() if n >= minimum else []
        effect, effect_low, effect_high = known or [NOTHING] * 3
        found.append(
            Point(labels[period], n, value, low, high, line, line_low, line_high, effect, effect_low, effect_high,
                  stands_out=period in spikes, changed=period in changes)
        )  # fmt: skip
    return tuple(found)


def _alert(kind: str, theme: str | None, name: str, when: str, ends: tuple[float, float]) -> Alert:
    before, after = (plain(end, 0) if theme is None else percent(end) for end in ends)
    what = after if theme is None else f"{after} of the commenters"
    said = (
        f"{what} in {when}, after {before} in all periods before"
        if kind == "spike"
        else f"{what} from {when} on, after {before} until then"
    )
    return Alert(kind, theme, name, f"{said}.")


def mark(point: Point) -> str:
    """Say in a table what the chart marks.

    Examples
    --------
    >>> mark(Point("May 2026", 80, 0.1, 0.05, 0.2, stands_out=True, changed=True))
    'stands out; changed from here on'
    """
    return "; ".join(filter(None, ["stands out" * point.stands_out, "changed from here on" * point.changed]))


def marks(points: Sequence[Point]) -> str:
    """Say, where a table is folded, what the chart marks and when."""
    return "; ".join(f"{mark(point)}: {point.label}" for point in points if mark(point))


def size(point: Point) -> str:
    """Effective number of responses, or of commenters."""
    return whole(float(np.floor(point.n + 1e-9))) if math.isfinite(point.n) else whole(point.n)
