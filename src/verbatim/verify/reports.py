"""The written reports against reports written again from what the base tables give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from verbatim.verify.differences import Compared, Difference, as_text, compare_values

Cells = Iterator[tuple[str, object]]  # where on the file, what stands there


def compare_report(name: str, expected: Path, found: Path) -> Compared:
    """Compare one report file with the same file written again; pictures by their bytes, all else by what it says."""
    if expected.suffix == ".pdf":
        return Compared(0, ())  # its fonts get new names each time it is drawn; its sentences stand in report.md too
    same = expected.read_bytes() == found.read_bytes()
    if expected.suffix == ".json":
        wanted, there = (json.loads(file.read_text(encoding="utf-8")) for file in (expected, found))
        return compare_values(name, wanted, there)
    reader = READERS.get(expected.suffix)
    if reader is None:
        return Compared(1, () if same else (Difference(name, "", "the picture", "another", "as drawn again"),))
    if same:
        return Compared(sum(1 for _ in reader(expected)), ())
    return _compare_cells(name, reader(expected), reader(found))


def _compare_cells(name: str, expected: Cells, found: Cells) -> Compared:
    cells, differences = 0, []
    for wanted, there in zip_longest(expected, found, fillvalue=("", None)):
        cells += 1
        place = there[0] or wanted[0]
        if wanted[0] != there[0]:
            differences.append(Difference(name, "", place, as_text(there[1]), as_text(wanted[1])))
            break  # from here on everything is shifted
        differences += compare_values(name, wanted[1], there[1], place).differences
    return Compared(cells, tuple(differences))


def _lines(file: Path) -> Cells:
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        for part, piece in enumerate(line.split(">")):
            yield f"line {number}" + (f", piece {part + 1}" if part else ""), piece


def _workbook(file: Path) -> Cells:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(file)) as book:
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for row, cells in enumerate(rows, start=1):
                yield from ((f"{sheet}!{_letters(column)}{row}", cell) for column, cell in enumerate(cells))


def _letters(column: int) -> str:
    """Name of a column of a sheet, counted from 0.

    Examples
    --------
    >>> _letters(0), _letters(26)
    ('A', 'AA')
    """
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _slides(file: Path) -> Cells:
    from pptx import Presentation

    for number, slide in enumerate(Presentation(str(file)).slides, start=1):
        for place, shape in enumerate(slide.shapes, start=1):
            where = f"slide {number}, shape {place}"
            if shape.has_text_frame:
                yield where, shape.text_frame.text
            if getattr(shape, "has_table", False):
                yield where, [[cell.text for cell in row.cells] for row in shape.table.rows]
            if getattr(shape, "has_chart", False):
                yield where, _chart(shape.chart)


def _chart(chart: Any) -> list[object]:
    """What a chart shows: every figure and label in its drawing."""
    return [(element.tag.rsplit("}")[-1], element.text) for element in chart._chartSpace.iter() if element.text]


READERS: dict[str, Callable[[Path], Cells]] = {
    ".html": _lines,
    ".md": _lines,
    ".svg": _lines,
    ".xlsx": _workbook,
    ".pptx": _slides,
}
