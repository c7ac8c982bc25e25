"""The text of a file becomes rows of cells: delimiter and quotes."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from verbatim.errors import ConfigError, SurveyError
from verbatim.survey.stray import swallowing_cells

DELIMITERS = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}
SAMPLE = 200_000


class Split(NamedTuple):
    """The rows of a text, what parts their cells, and why a cell that swallowed rows makes its own row useless."""

    rows: list[list[str]]
    delimiter: str
    swallowing: dict[str, str]


def split_rows(text: str, source: str, delimiter: str | None = None) -> Split:
    r"""Split delimited text into rows of cells; quoted cells may span lines.

    Raises
    ------
    SurveyError
        A quotation mark opens a cell and is never closed.

    Examples
    --------
    >>> split_rows('score;why\n10;"fast; kind"\n', "survey.csv")[:2]
    ([['score', 'why'], ['10', 'fast; kind']], ';')
    """
    told, _, rest = text.partition("\n")
    first = 1
    if len(told.strip()) == 5 and told.startswith("sep="):  # Excel's own hint
        delimiter, text, first = delimiter or told[4], rest, 2
    if delimiter is not None and len(delimiter) != 1:
        raise ConfigError(f'survey.delimiter is "{delimiter}"; it must be one character, such as ";".')
    with _cells_of_any_length(len(text)):
        delimiter = delimiter or sniff_delimiter(text)
        rows = _parse(text, source, delimiter)
        return Split(rows, delimiter, swallowing_cells(rows, text, delimiter, first))


@contextmanager
def _cells_of_any_length(longest: int) -> Iterator[None]:
    before = csv.field_size_limit(max(longest, 131_072))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _parse(text: str, source: str, delimiter: str) -> list[list[str]]:
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[list[str]] = []
    start = end = 0
    for row in reader:
        rows.append(row)
        start, end = end, reader.line_num
    if end - start > 1 and "".join(lines[start:]).count('"') % 2:
        raise SurveyError(
            f"{source}, line {start + 1}: a quotation mark opens a cell and is never closed. "
            "Close it, or double the marks inside the cell."
        )
    return rows


def sniff_delimiter(text: str) -> str:
    r"""Find the delimiter that cuts the first rows into the same number of cells as the header.

    Examples
    --------
    >>> sniff_delimiter("id;why\n1;slow, rude, late\n2;fine\n")
    ';'
    """
    sample = text[:SAMPLE]
    best, best_rank = ",", (False, 0, 0.0)
    for delimiter in DELIMITERS:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        rows = rows[:-1] if len(text) > SAMPLE and len(rows) > 1 else rows
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        alike = sum(len(row) == width for row in rows) / len(rows)
        rank = (alike > 0.8, width if alike > 0.8 else 0, alike)
        best, best_rank = (delimiter, rank) if rank > best_rank else (best, best_rank)
    return best
