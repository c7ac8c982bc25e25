"""Parts of slides: titles, text that fits its box, native charts with intervals, tables; no text in them runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verbatim.errors import ConfigError
from verbatim.report.formats import clean, label, plain
from verbatim.report.options import ReportOptions

WIDTH, HEIGHT, MARGIN, TOP = 13.333, 7.5, 0.6, 1.45  # inches
FONT, INK, MUTED, RULE = "Arial", "1B2430", "5A6572", "D8DCE1"
LARGEST, SMALLEST = 20, 11  # points of running text
_EM, _LEADING = 0.54, 1.28  # width of a letter and height of a line, in parts of the size
_RUNS = ("=", "+", "-", "@", "{", "http://", "https://", "ftp://", "ftps://", "mailto:", "internal:", "external:")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its label, its value with its interval (NaN: none), and its colour, solid or pale."""

    name: str
    value: float
    low: float
    high: float
    colour: str
    solid: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


class Deck:
    """A presentation being written: every slide has a title, a footer and, where one is given, the logo."""

    def __init__(self, options: ReportOptions, footer: str) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.book: Any = Presentation()
        self.book.slide_width, self.book.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.options, self.footer = options, footer

    def slide(self, title: str, source: str) -> Any:
        """Add a slide; ``source`` stands in its notes: where the figures come from."""
        slide = self.book.slides.add_slide(self.book.slide_layouts[5])
        room = Box(MARGIN, 0.45, WIDTH - 2 * MARGIN - (1.9 if self.options.logo else 0), 0.9)
        _place(slide.shapes.title, room)
        _fill(slide.shapes.title.text_frame, [title], _fitting([title], room, 28), bold=True)
        write(slide, [self.footer], Box(MARGIN, HEIGHT - 0.5, WIDTH - 2 * MARGIN, 0.3), 10, MUTED)
        slide.notes_slide.notes_text_frame.text = clean(source)
        if self.options.logo:
            self._logo(slide)
        return slide

    def _logo(self, slide: Any) -> None:
        from pptx.util import Inches

        try:
            picture = slide.shapes.add_picture(self.options.logo, 0, 0, height=Inches(0.6))
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"report.logo = {self.options.logo} cannot be used: {error}. Name a PNG or JPEG file."
            ) from None
        shrink = min(1.0, Inches(1.7) / picture.width)
        picture.width, picture.height = int(picture.width * shrink), int(picture.height * shrink)
        picture.left, picture.top = Inches(WIDTH - MARGIN) - picture.width, Inches(0.45)
        picture._element.nvPicPr.cNvPr.set("descr", "Logo")


def write(slide: Any, said: Sequence[str], box: Box, largest: float = LARGEST, colour: str = INK) -> None:
    """Write paragraphs into a box, as large as they fit; what does not fit even small is left out, and counted."""
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*map(Inches, (box.left, box.top, box.width, box.height))).text_frame
    said, size = list(said), _fitting(said, box, largest)
    left_out = 0
    while len(said) > 1 and _height([*said, "x"] if left_out else said, size, box.width) > box.height:
        said, left_out = said[:-1], left_out + 1
    if left_out:
        said.append(f"{left_out} more in report.html.")
    _fill(frame, said, size, colour=colour)


def quote(slide: Any, parts: tuple[str, str, str], under: str, box: Box, colour: str) -> None:
    """Write a quote with the words that made the theme in bold, and who said it below."""
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(*map(Inches, (box.left, box.top, box.width, box.height))).text_frame
    size = _fitting(["".join(parts), under], box, 18)
    _fill(frame, ["\u201c", under], size)
    first, last = frame.paragraphs
    first.space_after = Pt(2)
    for text, bold in zip((parts[0], parts[1], f"{parts[2]}\u201d"), (False, True, False), strict=True):
        run = first.add_run()
        run.text = " ".join(clean(text).split("\n"))
        _style(run.font, size, bold, colour if bold else INK)
    for run in last.runs:
        _style(run.font, max(size - 2, 10), False, MUTED)


def bars(slide: Any, title: str, rows: Sequence[Bar], box: Box, signs: bool = True) -> None:
    """Draw a native bar chart, the first row on top, with its intervals as error bars."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
    from pptx.util import Inches, Pt

    rows = list(reversed(rows))  # charts count upwards
    data = CategoryChartData(number_format="+0.0;\u22120.0;0" if signs else "0")
    data.categories = [inert(row.name) for row in rows]
    data.add_series(title, [row.value for row in rows])
    place = map(Inches, (box.left, box.top, box.width, box.height))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    describe(shape, title, rows)
    chart = shape.chart
    _plain(chart)
    chart.plots[0].gap_width = 60
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.tick_labels.font.size = Pt(13 if len(rows) <= 8 else 11)
    _axis(chart, rows)
    series = chart.plots[0].series[0]
    series.invert_if_negative = False
    for place_, row in enumerate(rows):
        fill = series.points[place_].format.fill
        fill.solid()
        fill.fore_color.rgb = _rgb(row.colour)
        fill.fore_color.brightness = 0.0 if row.solid else 0.6
    _intervals(series, rows)


def line(slide: Any, title: str, rows: Sequence[Bar], box: Box) -> None:
    """Draw a native line chart over time, with intervals as error bars; a period without a figure is a gap."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
    from pptx.util import Inches, Pt

    data = CategoryChartData(number_format="0")
    data.categories = [inert(row.name) for row in rows]
    data.add_series(title, [row.value if math.isfinite(row.value) else None for row in rows])
    place = map(Inches, (box.left, box.top, box.width, box.height))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *place, data)
    describe(shape, title, rows)
    chart = shape.chart
    _plain(chart)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.tick_labels.font.size = Pt(12)
    _axis(chart, rows)
    series = chart.plots[0].series[0]
    series.smooth = False
    series.format.line.color.rgb = _rgb(rows[0].colour)
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = _rgb(rows[0].colour)
    _intervals(series, rows)


def describe(shape: Any, title: str, rows: Sequence[Bar]) -> None:
    """Say for those who cannot see a chart what it shows."""
    told = "; ".join(f"{label(row.name)}: {plain(row.value)}" for row in rows if math.isfinite(row.value))
    shape._element.nvGraphicFramePr.cNvPr.set("descr", clean(f"{title}. {told}"))


def table(slide: Any, head: Sequence[str], rows: Sequence[Sequence[str]], box: Box, widths: Sequence[float]) -> None:
    """Draw a native table; ``widths`` are parts of its width."""
    from pptx.util import Inches, Pt

    place = map(Inches, (box.left, box.top, box.width, 0.45 * (len(rows) + 1)))
    grid = slide.shapes.add_table(len(rows) + 1, len(head), *place).table
    for column, part in zip(grid.columns, widths, strict=True):
        column.width = Inches(box.width * part / sum(widths))
    for place_, cells in enumerate((head, *rows)):
        for cell, text in zip(grid.rows[place_].cells, cells, strict=True):
            _fill(cell.text_frame, [text], 14, bold=place_ == 0)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(RULE if place_ == 0 else "FFFFFF")
            cell.margin_top = cell.margin_bottom = Pt(4)


def inert(name: str) -> str:
    """Name that the workbook inside a chart takes for text: a formula or an address starts with a space.

    Examples
    --------
    >>> inert("=1+1"), inert("Late vans")
    (' =1+1', 'Late vans')
    """
    text = label(name)
    return f" {text}" if text.casefold().startswith(_RUNS) else text


def _place(shape: Any, box: Box) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = map(Inches, (box.left, box.top, box.width, box.height))


def _fill(frame: Any, said: Sequence[str], size: float, *, bold: bool = False, colour: str = INK) -> None:
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(4)
    for place, text in enumerate(said):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(size * 0.4)
        run = paragraph.add_run()
        run.text = " ".join(clean(text).split())
        _style(run.font, size, bold, colour)


def _style(font: Any, size: float, bold: bool, colour: str) -> None:
    from pptx.util import Pt

    font.size, font.bold, font.name, font.color.rgb = Pt(size), bold, FONT, _rgb(colour)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())


def _fitting(said: Sequence[str], box: Box, largest: float) -> float:
    size = largest
    while size > min(SMALLEST, largest) and _height(said, size, box.width) > box.height:
        size -= 1
    return size


def _height(said: Sequence[str], size: float, width: float) -> float:
    """Inches that paragraphs take, on the generous side: fonts differ between machines."""
    letters = max(1, int((width - 0.12) * 72 / (_EM * size)))
    lines = sum(-(-max(len(text), 1) // letters) for text in said)
    return (lines * _LEADING * size + len(said) * 0.4 * size + 8) / 72


def _plain(chart: Any) -> None:
    from pptx.util import Pt

    chart.has_legend, chart.has_title = False, False
    chart.font.name, chart.font.size, chart.font.color.rgb = FONT, Pt(12), _rgb(INK)
    value = chart.value_axis
    value.major_gridlines.format.line.color.rgb = _rgb(RULE)
    value.format.line.fill.background()
    value.tick_labels.font.color.rgb = _rgb(MUTED)
    chart.category_axis.format.line.color.rgb = _rgb(MUTED)


def _axis(chart: Any, rows: Sequence[Bar]) -> None:
    """Make room for every interval; figures without any, which the labels tell, need no axis."""
    ends = [end for row in rows for end in (row.value, row.low, row.high) if math.isfinite(end)]
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = any(math.isfinite(row.low) for row in rows)
    low, high = min([0.0, *ends]), max([0.0, *ends])
    step = 10.0 ** math.floor(math.log10(max(high - low, 0.1) / 2))
    chart.value_axis.minimum_scale = math.floor(low / step) * step
    chart.value_axis.maximum_scale = math.ceil(high / step) * step


def _intervals(series: Any, rows: Sequence[Bar]) -> None:
    """Add the intervals as custom error bars, which python-pptx has no word for."""
    from pptx.oxml import parse_xml

    ends = [(row.high - row.value, row.value - row.low) for row in rows]
    if not any(math.isfinite(end) for pair in ends for end in pair):
        return
    plus, minus = (_numbers(kind, [pair[side] for pair in ends]) for side, kind in enumerate(("plus", "minus")))
    direction = '<c:errDir val="y"/>' if series._element.getparent().tag.endswith("lineChart") else ""
    bars_ = parse_xml(
        '<c:errBars xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'{direction}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>{plus}{minus}'
        f'<c:spPr><a:ln w="19050"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series._element.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}cat").addprevious(bars_)


def _numbers(kind: str, values: Sequence[float]) -> str:
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values) if math.isfinite(value)
    )
    return f'<c:{kind}><c:numLit><c:ptCount val="{len(values)}"/>{points}</c:numLit></c:{kind}>'
