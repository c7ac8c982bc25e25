"""Hand-off files on disk: CSV in as many parts as the import takes, or a workbook; all of them or none."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from verbatim.errors import ConfigError, RunFolderError
from verbatim.people.cells import inert, one_line
from verbatim.people.destinations.rules import Rules

LONGEST_CELL = 32_767  # characters, Excel's own limit
MOST_ROWS = 1_048_575  # Excel's, beside the header


def refused_file(out: Path) -> Path:
    """Where the refused rows are listed: beside FILE.csv, FILE.refused.csv."""
    return out.with_suffix(".refused.csv")


def check_out(out: Path, run: Path, contacts: Path, rules: Rules, *, overwrite: bool) -> None:
    """Stop before any work where the files may not be written.

    Raises
    ------
    ConfigError
        Another kind of file, a place inside the run, the contacts file itself, or a file that exists.
    """
    if out.suffix.lower() not in rules.endings:
        raise ConfigError(f"{out}: {rules.title} is written as {' or '.join(rules.endings)}. Name such a file.")
    whole = out.resolve()
    if run.resolve() in whole.parents:
        raise ConfigError(f"{out} lies in the run folder, which never holds contacts. Name a file outside {run}.")
    if contacts.resolve() in (whole, refused_file(whole)):
        raise ConfigError(f"{out} would replace the contacts file {contacts}. Name another file.")
    for file in (out, part(out, 1), refused_file(out)):
        if file.exists() and not overwrite:
            raise ConfigError(f"{file} exists. Add --overwrite to replace it, or name another file.")


def part(out: Path, number: int) -> Path:
    """Name of a part of FILE.csv: FILE-1.csv."""
    return out.with_stem(f"{out.stem}-{number}")


def write_files(table: pd.DataFrame, refused: pd.DataFrame, out: Path, rules: Rules) -> list[Path]:
    """Write the hand-off file, in parts where it is larger than the import takes, and the list of refused rows.

    Returns
    -------
    list of Path
        The hand-off files, then the list of refused rows.

    Raises
    ------
    RunFolderError
        The disk does not let us write.
    """
    listed = refused.assign(key=[inert(one_line(key)) for key in refused["key"]])
    if out.suffix.lower() == ".xlsx":
        contents = {out: workbook(table)}
    else:
        pieces = csv_parts(table, rules)
        contents = {out if len(pieces) == 1 else part(out, k): piece for k, piece in enumerate(pieces, 1)}
    contents[refused_file(out)] = b"".join(_csv_lines(listed))
    try:
        _write(contents, out.parent)
    except OSError as error:
        raise RunFolderError(f"{out} cannot be written: {error.strerror}. Name another file.") from None
    return list(contents)


def _write(contents: Mapping[Path, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".handoff.", dir=folder))
    try:
        for file, content in contents.items():
            (building / file.name).write_bytes(content)
        for file in contents:
            (building / file.name).replace(file)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def csv_parts(table: pd.DataFrame, rules: Rules) -> list[bytes]:
    """Return the table as CSV files, each with the header and none larger than the import takes."""
    head, *lines = _csv_lines(table)
    head = b"\xef\xbb\xbf" + head if rules.byte_order_mark else head
    pieces, size = [[head]], len(head)
    for line in lines:
        if rules.largest and size + len(line) > rules.largest and len(pieces[-1]) > 1:
            pieces.append([head])
            size = len(head)
        pieces[-1].append(line)
        size += len(line)
    return [b"".join(piece) for piece in pieces]


def _csv_lines(table: pd.DataFrame) -> list[bytes]:
    """Every cell in quotation marks, which no import misreads."""
    lines, buffer = [], io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (list(table.columns), *table.itertuples(index=False, name=None)):
        writer.writerow(row)
        lines.append(buffer.getvalue().encode("utf-8"))
        buffer.seek(0)
        buffer.truncate()
    return lines


def workbook(table: pd.DataFrame) -> bytes:
    """Return the table as an Excel file in which text is text, whatever it looks like.

    Raises
    ------
    ConfigError
        More rows than a sheet holds.
    """
    import xlsxwriter

    if len(table) > MOST_ROWS:
        raise ConfigError(f"{len(table):,} contacts do not fit in a sheet of Excel ({MOST_ROWS:,}). Write a .csv file.")
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet, bold = book.add_worksheet("Calls"), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(table.columns):
            sheet.write_string(0, column, header, bold)
            sheet.set_column(column, column, min(max(len(header) + 2, 12), 40))
            for row, cell in enumerate(table[header].tolist(), 1):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell[:LONGEST_CELL])
                else:
                    sheet.write_number(row, column, cell)
        if len(table):
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    return buffer.getvalue()
