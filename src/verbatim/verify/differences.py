"""Tables cell by cell: what was found beside what was expected."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # nearer numbers differ by the order of summation only
KEYS = ("segment", "value", "level", "theme_id", "source", "category", "predictor", "response_id", "start")


class Difference(NamedTuple):
    """One published cell that is not what the run's own tables give. ``row`` counts data rows from 1."""

    file: str
    row: str
    column: str
    found: str
    expected: str

    def sentence(self) -> str:
        """Say where, what was found, and what should stand there."""
        place = ", ".join(part for part in (self.row, self.column) if part)
        where = f"{self.file}: {place}" if place else self.file
        return f"{where} is {_shown(self.found)}; the run's own tables give {_shown(self.expected)}"


def _shown(cell: str) -> str:
    text = " ".join(cell.split())
    return f'"{text[:77]}..."' if len(text) > 80 else f'"{text}"'


class Compared(NamedTuple):
    """Cells looked at in one file, and those that differ."""

    cells: int
    differences: tuple[Difference, ...]


def compare_csv(file: str, table: pd.DataFrame, expected: str, found: str) -> Compared:
    """Compare a table, and the CSV it makes, with the CSV found."""
    if expected == found:
        return Compared(table.size, ())
    return compare_tables(file, read_text(expected), read_text(found), _numeric(table))


def _numeric(table: pd.DataFrame) -> tuple[bool, ...]:
    return tuple(pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes)


def read_text(csv: str) -> pd.DataFrame:
    """Every cell of a CSV as the text it is, nothing taken for null."""
    try:
        return pd.read_csv(io.StringIO(csv), dtype="str", keep_default_na=False, na_filter=False)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def compare_tables(
    file: str, expected: pd.DataFrame, found: pd.DataFrame, numeric: Sequence[bool] | None = None
) -> Compared:
    r"""Compare two tables cell by cell, rows by their place; columns and rows too many or too few differ as wholes.

    ``numeric`` says which columns hold numbers, where their own types do not; those are compared within rounding.

    Examples
    --------
    >>> table = pd.DataFrame({"theme_id": ["T01", "T02"], "effect": [-6.1, 2.0]})
    >>> compare_tables("drivers.csv", table, table.assign(effect=[-6.1, 2.5])).differences[0].sentence()
    'drivers.csv: row 2 (theme_id T02), column effect is "2.5"; the run\'s own tables give "2.0"'
    """
    shape = _shapes(file, expected, found)
    if shape:
        return Compared(expected.size, shape)
    differences = []
    for column, is_number in zip(expected.columns, numeric or _numeric(expected), strict=True):
        wanted, there = expected[column].reset_index(drop=True), found[column].reset_index(drop=True)
        differences += [
            Difference(file, _row(expected, place), f"column {column}", as_text(there[place]), as_text(wanted[place]))
            for place in np.flatnonzero(unequal(wanted, there, is_number)).tolist()
        ]
    return Compared(expected.size, tuple(differences))


def _shapes(file: str, expected: pd.DataFrame, found: pd.DataFrame) -> tuple[Difference, ...]:
    if list(map(str, expected.columns)) != list(map(str, found.columns)):
        listed = (", ".join(map(str, table.columns)) for table in (found, expected))
        return (Difference(file, "", "its columns", *listed),)
    if len(expected) != len(found):
        return (Difference(file, "", "its number of rows", str(len(found)), str(len(expected))),)
    return ()


def _row(table: pd.DataFrame, place: int) -> str:
    keys = [f"{key} {table[key].iloc[place]}" for key in KEYS if key in table]
    return f"row {place + 1} ({', '.join(keys)})" if keys else f"row {place + 1}"


def as_text(cell: object) -> str:
    """Write a cell as text; null is empty."""
    return "" if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell else str(cell)


def unequal(expected: pd.Series, found: pd.Series, is_number: bool) -> NDArray[np.bool_]:
    """Which cells differ: numbers beyond rounding, anything else at all; null equals null."""
    texts = [cells.astype("object").map(as_text) for cells in (expected, found)]
    apart = np.array(texts[0] != texts[1])
    places = np.flatnonzero(apart)
    if len(places) and is_number:
        wanted, there = (pd.to_numeric(cells.iloc[places], errors="coerce").to_numpy(dtype=float) for cells in texts)
        apart[places] = ~np.isclose(wanted, there, rtol=RELATIVE, atol=ABSOLUTE)
    return apart


def compare_values(file: str, expected: object, found: object, place: str = "") -> Compared:
    """Compare nested lists and mappings, as JSON holds them, value by value; the place is a dotted path."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = list(dict.fromkeys([*expected, *found]))
        parts = [(f"{place}.{key}" if place else str(key), expected.get(key), found.get(key)) for key in keys]
    elif isinstance(expected, Sequence) and isinstance(found, Sequence) and not isinstance(expected, str):
        if len(expected) != len(found):
            return Compared(1, (Difference(file, "", f"length of {place}", str(len(found)), str(len(expected))),))
        parts = [(f"{place}[{i}]", *pair) for i, pair in enumerate(zip(expected, found, strict=True))]
    else:
        return Compared(
            1, () if _same(expected, found) else (Difference(file, "", place, *map(as_text, (found, expected))),)
        )
    compared = [compare_values(file, wanted, there, where) for where, wanted, there in parts]
    return Compared(sum(each.cells for each in compared), tuple(d for each in compared for d in each.differences))


def _same(expected: object, found: object) -> bool:
    if isinstance(expected, int | float) and isinstance(found, int | float) and not isinstance(expected, bool):
        return expected == found or math.isclose(expected, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return expected == found and type(expected) is type(found)
