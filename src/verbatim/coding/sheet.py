"""The file that people code in: a workbook or CSV with a comment a row and a cell for every theme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.errors import ConfigError
from verbatim.records import Theme

SHEET = "coding"
ENDINGS = (".xlsx", ".csv")
_FIXED = ("response_id", "comment", "probability")
_LONGEST = 32_000  # a cell of a workbook holds 32,767 characters
_THEME = re.compile(r"[TP]\d+")  # a coder's own columns, such as remarks, are left alone
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HOW = (
    "Code from the top, one comment after the other; stop where you like, but skip none.",
    "In every theme's column write 1 if the comment speaks of it, 0 if it does not, whatever its tone. A blank is no "
    "answer.",
    "A second coder codes a copy of this file, without looking at the first.",
    "Leave the first two columns and the last as they are. The last is the chance each comment had of being drawn: "
    "with it, the coded comments stand for all.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """What one coder wrote.

    Attributes
    ----------
    source : str
        Name of the file.
    cells : DataFrame of 0 and 1
        The coded comments by response id, one column a theme id.
    probability : float array
        Chance of each of being coded: of being drawn, times the part of the file that was coded.
    n_rows : int
        Comments in the file.
    """

    source: str
    cells: pd.DataFrame
    probability: NDArray[np.float64]
    n_rows: int


def refuse_file(file: Path) -> None:
    """Stop before any work where ``file`` cannot be written as a coding file.

    Raises
    ------
    ConfigError
        It has another ending, or exists.
    """
    if file.suffix.lower() not in ENDINGS:
        raise ConfigError(f"{file} ends with {file.suffix!r}; a coding file ends with .xlsx or .csv.")
    if file.exists():
        raise ConfigError(f"{file} exists already. Name another file, or remove it; nothing was touched.")


def write_sheet(
    drawn: pd.DataFrame,
    themes: Sequence[Theme],
    examples: dict[str, str],
    file: Path,
    carried: pd.DataFrame | None = None,
) -> None:
    """Write the drawn comments with an empty cell for every theme.

    Parameters
    ----------
    drawn : DataFrame
        ``response_id, comment, probability`` in the order of coding.
    themes : list of Theme
        Those that are asked.
    examples : dict
        A typical quote of each, by theme id.
    file : Path
        A new .xlsx or .csv.
    carried : DataFrame of 0 and 1, optional
        Cells coded before, by response id and theme id, to fill in.

    Raises
    ------
    ConfigError
        The file cannot be written.
    """
    table = drawn[["response_id", "comment"]].copy()
    for theme in themes:
        known = None if carried is None or theme.theme_id not in carried else carried[theme.theme_id]
        filled = pd.Series(pd.NA, index=drawn.index, dtype="Int8")
        if known is not None:
            filled = drawn["response_id"].map(known).astype("Int8")
        table[f"{theme.theme_id} {theme.name}"] = filled
    table["probability"] = drawn["probability"]
    try:
        if file.suffix.lower() == ".csv":
            text = table["comment"]
            table["comment"] = text.where(~text.str.startswith(_FORMULA_STARTS), "'" + text)
            table.to_csv(file, index=False)
        else:
            _write_workbook(table, themes, examples, file)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}. Name another file.") from None


def _write_workbook(table: pd.DataFrame, themes: Sequence[Theme], examples: dict[str, str], file: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(file), options)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    middle = book.add_format({"align": "center", "valign": "top"})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, list(table.columns), bold)
    for row, cells in enumerate(table.itertuples(index=False, name=None), 1):
        sheet.write_string(row, 0, cells[0])
        sheet.write_string(row, 1, cells[1][:_LONGEST], wrap)
        for column, cell in enumerate(cells[2:-1], 2):
            if pd.isna(cell):
                sheet.write_blank(row, column, None, middle)
            else:
                sheet.write_number(row, column, int(cell), middle)
        sheet.write_number(row, len(cells) - 1, float(cells[-1]))
    last = len(table.columns) - 1
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, max(last - 1, 2), 13)
    sheet.freeze_panes(1, 2)
    allowed = {"validate": "list", "source": ["0", "1"], "error_title": "0 or 1",
               "error_message": "1 if the comment speaks of the theme, 0 if it does not."}  # fmt: skip
    sheet.data_validation(1, 2, len(table), last - 1, allowed)
    about = book.add_worksheet("how to code")
    about.set_column(0, 0, 10)
    about.set_column(1, 1, 34)
    about.set_column(2, 3, 60)
    for row, line in enumerate(_HOW):
        about.write_string(row, 0, line)
    about.write_row(len(_HOW) + 1, 0, ["theme", "name", "definition", "for example"], bold)
    for row, theme in enumerate(themes, len(_HOW) + 2):
        for column, text in enumerate([theme.theme_id, theme.name, theme.definition, examples.get(theme.theme_id, "")]):
            about.write_string(row, column, text[:_LONGEST], wrap)
    book.close()


def read_sheet(cells: pd.DataFrame, source: str, themes: Sequence[str]) -> Coding:
    """Read what a coder wrote: rows coded in full from the top, then rows not coded yet.

    Parameters
    ----------
    cells : DataFrame of str
        The file as found, blank cells empty.
    source : str
        Its name, for the messages.
    themes : list of str
        Ids of the themes that must have been asked.

    Raises
    ------
    ConfigError
        A column is missing or foreign, a cell is neither 0, 1 nor blank, a row is coded in part or skipped, a
        probability is not above 0 and up to 1, a response is there twice, or nothing was coded.
    """
    columns = _columns(cells, source, themes)
    told = cells[[columns[theme] for theme in themes]].set_axis(list(themes), axis=1)
    told = told.apply(lambda column: column.str.strip().replace({"1.0": "1", "0.0": "0"}))
    _check_cells(told, source)
    blank = (told == "").all(axis=1).to_numpy()
    n = int((~blank).sum())
    if n == 0:
        raise ConfigError(f"{source}: no comment is coded. Write 0 or 1 in every theme's column, from the top.")
    if blank[:n].any():
        row = int(np.flatnonzero(blank)[0]) + 2
        raise ConfigError(
            f"{source}, row {row} is not coded but a later one is. Skipped comments make the machine look better or "
            "worse than it is: code them in the order of the file."
        )
    ids = cells["response_id"].iloc[:n].str.strip()
    if ids.duplicated().any():
        raise ConfigError(f'{source}: response "{ids[ids.duplicated()].iloc[0]}" is there twice. Remove one row.')
    chance = pd.to_numeric(cells["probability"], errors="coerce").to_numpy(dtype=float)
    wrong = ~((chance > 0) & (chance <= 1))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ConfigError(
            f'{source}, row {row + 2}: probability is "{cells["probability"].iloc[row]}"; allowed is above 0 and up to '
            "1. Put back what `verbatim sample` wrote."
        )
    coded = told.iloc[:n].astype("int8").set_axis(pd.Index(ids, name="response_id"))
    return Coding(source, coded, chance[:n] * n / len(cells), len(cells))


def _columns(cells: pd.DataFrame, source: str, themes: Sequence[str]) -> dict[str, str]:
    """Heading of every theme's column, by id."""
    names = [str(name) for name in cells.columns]
    missing = [name for name in _FIXED if name not in names and name != "comment"]
    if missing:
        raise ConfigError(f'{source} has no column "{missing[0]}": it is no file that `verbatim sample` wrote.')
    found = {name.split(" ", 1)[0]: name for name in names if name not in _FIXED}
    lacking = [theme for theme in themes if theme not in found]
    foreign = [name for theme, name in found.items() if theme not in themes and _THEME.fullmatch(theme)]
    if lacking or foreign:
        what = f"does not ask for {lacking[0]}" if lacking else f'asks for "{foreign[0]}", which the run does not have'
        raise ConfigError(
            f"{source} {what}. Every theme of the run must be coded, and no other. If the themes were edited since, "
            "draw again: verbatim sample RUN --coded FILE carries over what still fits."
        )
    return found


def _check_cells(told: pd.DataFrame, source: str) -> None:
    wrong = ~told.isin(["0", "1", ""])
    partly = (told == "").to_numpy() & (told != "").any(axis=1).to_numpy()[:, None]
    for bad, what in ((wrong.to_numpy(), "allowed are 1 and 0"), (partly, "the row is coded in part")):
        if bad.any():
            row, column = (int(at) for at in np.argwhere(bad)[0])
            cell = str(told.iloc[row, column]) or "blank"
            raise ConfigError(
                f'{source}, row {row + 2}, {told.columns[column]}: found "{cell}" ({int(bad.sum())} such cells); '
                f"{what}. Write 1 where the comment speaks of the theme and 0 where it does not."
            )


def carried_cells(cells: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """Whatever is 0 or 1 in an earlier coding file, by response id and theme id; null elsewhere."""
    found = {str(name).split(" ", 1)[0]: name for name in cells.columns if str(name) not in _FIXED}
    known = {theme: pd.to_numeric(cells[found[theme]], errors="coerce") for theme in themes if theme in found}
    table = pd.DataFrame(known).set_axis(pd.Index(cells["response_id"].str.strip()), axis=0)
    return table[~table.index.duplicated()].where(lambda value: value.isin([0, 1]))
