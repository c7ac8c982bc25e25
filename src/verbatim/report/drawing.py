"""Drawing by hand with Altair: colours, text laid out by pixel, SVG that loads nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from verbatim.report.formats import label, number_marks

if TYPE_CHECKING:
    import altair as alt

    Chart = alt.LayerChart | alt.FacetChart

# The light theme; style.css turns each of these into a variable, which gives dark mode and print.
INK, MUTED, RULE, PAPER = "#1b2430", "#5a6572", "#d8dce1", "#fdfcfa"
COST, GAIN, PASSIVE, CHANCE, ACCENT = "#b0481a", "#1d6a96", "#c3c8ce", "#7d868f", "#33475b"
ON_COLOUR, ON_PASSIVE = "#fffffe", "#1b2431"
FONT = "Arial, Helvetica, sans-serif"
WIDE, NARROW = 760, 340
TEXT, SMALL, LINE = 14, 12, 18
MOST_LINES = 4

_TAG, _ROLES = re.compile(r"<[a-z][^<>]*>"), re.compile(r' (?:role|aria-roledescription|class)="[^"]*"')


class Text(NamedTuple):
    """A line of text and the pixel it starts, ends or centres on."""

    x: float
    y: float
    text: str


def render(chart: Chart) -> str:
    """Draw a chart as an SVG element that inherits the page's colours and loads nothing."""
    import vl_convert

    margins = {"left": 0, "right": 0, "top": 2, "bottom": 3}
    config = {"aria": False, "background": "transparent", "font": FONT, "padding": margins, "view": {"stroke": None}}
    marks = number_marks()
    numbers = {"decimal": marks.decimal, "thousands": marks.group, "grouping": [3], "currency": ["", ""]}
    svg: str = vl_convert.vegalite_to_svg(
        chart.to_dict(validate=False), config=config, allowed_base_urls=[], format_locale=numbers
    )
    bare = svg.replace(' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
    return _TAG.sub(lambda tag: _ROLES.sub("", tag[0]), bare)  # a chart is one picture: its parts have no roles


def wrap(text: str, width: float, size: int = TEXT, most: int = MOST_LINES) -> list[str]:
    """Break a name into lines that fit ``width`` pixels; what is beyond the ``most`` lines allowed ends in an ellipsis.

    Examples
    --------
    >>> wrap("Delayed installation date", 110)
    ['Delayed', 'installation', 'date']
    """
    lines: list[str] = []
    for word in label(text).split():
        for piece in _pieces(word, width, size):
            if lines and text_width(f"{lines[-1]} {piece}", size) <= width:
                lines[-1] = f"{lines[-1]} {piece}"
            else:
                lines.append(piece)
    if len(lines) > most:
        return [*lines[: most - 1], f"{lines[most - 1][:-1]}\u2026"]
    return lines or ["\u2013"]


def _pieces(word: str, width: float, size: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def text_width(text: str, size: int) -> float:
    """Generous width of a text in pixels: fonts differ between machines."""
    return size * sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in "iljtfr.,:;'|!()[] ":
        return 0.36
    return 0.78 if letter.isupper() or letter in "mw@%&" else 0.6


def texts(lines: Sequence[Text], **style: Any) -> alt.Chart:
    """Draw lines of text, each where it says."""
    import altair as alt

    table = pd.DataFrame(lines, columns=Text._fields)
    drawn = alt.Chart(table).mark_text(baseline="middle", **{"align": "left", "fontSize": TEXT, "color": INK, **style})
    placed: alt.Chart = drawn.encode(x=pixels("x"), y=down("y"), text="text:N")
    return placed


def pixels(field: str) -> alt.XValue:
    """Place a mark at the horizontal pixel a field holds: the layout of text columns is ours, not an axis's."""
    import altair as alt

    return alt.XValue(alt.expr(f"datum.{field}"))  # type: ignore[no-untyped-call]


def down(field: str) -> alt.YValue:
    """Place a mark at the vertical pixel a field holds."""
    import altair as alt

    return alt.YValue(alt.expr(f"datum.{field}"))  # type: ignore[no-untyped-call]
