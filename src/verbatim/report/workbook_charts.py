"""Native charts of the workbook: bars that point at the cells of their sheet, with intervals as error bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

MOST_BARS = 40
WIDTH, ROW, LEAST = 900, 26, 240  # pixels


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the chart of a sheet shows: columns of labels, of the value and of its interval, and which rows."""

    title: str
    labels: tuple[str, ...]
    value: str
    low: str
    high: str
    ranked_only: bool


CHARTS = {
    "Drivers": Wanted("Effect on NPS, points", ("name",), "effect", "effect_low", "effect_high", True),
    "Broader themes": Wanted("Effect on NPS, points", ("name",), "effect", "effect_low", "effect_high", True),
    "Segment NPS": Wanted("NPS", ("segment", "value"), "nps", "low", "high", False),
}


def add_chart(book: Any, sheet: Any, table: pd.DataFrame, palette: Sequence[str]) -> None:
    """Put the chart of a sheet, where it has one, below its table.

    The rows that have a figure are the first ones; at most ``MOST_BARS`` of them are drawn.
    """
    wanted = CHARTS.get(sheet.get_name())
    rows = 0 if wanted is None else _rows(table, wanted)
    if wanted is None or rows == 0:
        return
    first, last = (list(table.columns).index(wanted.labels[end]) for end in (0, -1))
    place = list(table.columns).index(wanted.value)
    shown = table.head(rows).astype(dict.fromkeys((wanted.value, wanted.low, wanted.high), float))
    value, name = shown[wanted.value], sheet.get_name()
    chart = book.add_chart({"type": "bar"})
    cost, gain, other = palette
    colours = [(cost if v < 0 else gain) if wanted.ranked_only else other for v in value]
    chart.add_series(
        {
            "name": wanted.title,
            "categories": [name, 1, first, rows, last],
            "values": [name, 1, place, rows, place],
            "points": [{"fill": {"color": colour}} for colour in colours],
            "gap": 50,
            "y_error_bars": {
                "type": "custom",
                "plus_values": (shown[wanted.high] - value).fillna(0.0).tolist(),
                "minus_values": (value - shown[wanted.low]).fillna(0.0).tolist(),
            },
        }
    )
    chart.set_title({"name": f"{wanted.title}, with 95 % intervals", "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#D8DCE1"}}})
    chart.set_size({"width": WIDTH, "height": max(LEAST, 90 + ROW * rows)})
    sheet.insert_chart(len(table) + 2, 0, chart, {"description": f"{wanted.title}: {name}"})


def _rows(table: pd.DataFrame, wanted: Wanted) -> int:
    """Rows from the top that have a figure; coin tosses, which follow the ranked themes, are no findings."""
    there = table[wanted.value].notna()
    if wanted.ranked_only:
        there &= table["rank"].notna() & ~table["theme_id"].str.startswith("coin")
    return min(int(there.cumprod().sum()), MOST_BARS)
