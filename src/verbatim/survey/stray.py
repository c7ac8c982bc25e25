"""A quotation mark that is never closed where it should be: the rows after it become one cell, and are lost unseen."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

import pandas as pd

from verbatim.survey.scores import read_scores

EXAMINED, SCORES = 2_000, 0.6
SURE_WIDTH = 4
"""Cells from which one line of a cell that reads as a whole row is evidence enough; narrower rows need two."""


def swallowing_cells(rows: Sequence[list[str]], text: str, delimiter: str, first: int = 1) -> dict[str, str]:
    r"""Find cells of several lines of which some, read alone, are rows of the survey; say of each what happened.

    A line is a row where it has as many cells as the header, and scores in the columns that hold scores elsewhere.
    Two such lines are needed, or one where rows have four cells or more or where the marks in the cell do not pair.
    Lines that a customer numbered (``1, price``, ``2, service``) are no rows.

    Parameters
    ----------
    rows : list of list of str
        The cells of the whole file, the header first.
    text : str
        The file, which tells the numbers of the lines.
    delimiter : str
    first : int
        The number of the text's first line in the file.

    Returns
    -------
    dict of str to str
        The reason to reject a row that holds the cell.

    Examples
    --------
    >>> text = 'nps,why\n9,fine\n3,"late\n8,quick\n0,rude"\n10,kind\n'
    >>> list(swallowing_cells(list(csv.reader(io.StringIO(text))), text, ","))
    ['late\n8,quick\n0,rude']
    """
    broken = [(row, cell) for row in rows for cell in row if "\n" in cell or "\r" in cell]
    if not broken:
        return {}
    width = len(rows[0])
    scored = _score_columns(rows, width)
    found = {cell: n for row, cell in broken if scored and (n := _rows_within(cell, scored, width, delimiter))}
    return dict(_reasons(found, text, delimiter, first)) if found else {}


def _score_columns(rows: Sequence[list[str]], width: int) -> list[int]:
    """Columns where most cells are 0-10 and no two-valued flag."""
    body = pd.DataFrame([row for row in rows[1:] if len(row) == width][:EXAMINED], columns=range(width), dtype="str")
    found = []
    for name in body:
        filled = body[name][body[name].str.strip().ne("")]
        score = read_scores(filled).score
        if len(filled) and score.notna().mean() >= SCORES and score.nunique() > 2:
            found.append(int(str(name)))
    return found


def _rows_within(cell: str, scored: list[int], width: int, delimiter: str) -> int:
    """How many lines of a cell are rows; 0 where they may be a customer's own words."""
    lines = re.split("\r\n|\r|\n", cell)[1:]
    parts = [row for row in csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE) if len(row) == width]
    numbers = [row[0].strip() for row in parts]
    if numbers in ([str(k + start) for k in range(len(numbers))] for start in (1, 2)):
        return 0
    given = pd.DataFrame([[row[k].strip() for k in scored] for row in parts], columns=scored, dtype="str")
    fits = pd.concat([read_scores(given[k]).score.notna() | given[k].eq("") for k in scored], axis=1)
    whole = int((fits.all(axis=1) & (given != "").any(axis=1)).sum())
    enough = 1 if width >= SURE_WIDTH or cell.count('"') % 2 else 2
    return whole if whole >= enough else 0


def _reasons(found: dict[str, int], text: str, delimiter: str, first: int) -> Iterator[tuple[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    end = first - 1
    for row in reader:
        start, end = end + 1, reader.line_num + first - 1
        for cell in found.keys() & set(row):
            yield (
                cell,
                f"lines {start:,}-{end:,} of the file were read as one row, but {found[cell]:,} of them look like rows "
                f'of their own: a quotation mark (") in line {start:,} opens a cell that closes in line {end:,}; '
                "close it where the answer ends, or take it out",
            )
