"""A file or DataFrame becomes a table of text: cells as found, nothing interpreted, every row kept."""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from verbatim.errors import ConfigError, SurveyError
from verbatim.survey.arrow import (
    ARROW_FILE,
    ARROW_STREAM,
    ArrowStream,
    frame_of,
    read_arrow_file,
    read_folder,
    read_parquet,
)
from verbatim.survey.decode import decode
from verbatim.survey.delimited import DELIMITERS, Split, split_rows
from verbatim.survey.exports.recognise import part_lines
from verbatim.survey.exports.tool import Tool, one_line
from verbatim.survey.options import SurveyOptions
from verbatim.survey.packed import is_packed, unpacked
from verbatim.survey.sheets import choose_sheet
from verbatim.survey.sql import is_url, read_query

READABLE = "CSV, TSV, Excel, Parquet, Feather or JSON lines"
FOREIGN = {
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture", b"%PDF": "a PDF document",
    b"7z\xbc\xaf": "compressed (7z): unpack it first",
    b"\x7fELF": "a program", b"<?xml": "an XML document: save it as CSV first", b"<!DOCTYPE": "a web page",
    b"<html": "a web page", b"SQLite format 3": "a SQLite database: name it sqlite:///FILE",
    b"$FL2": "an SPSS file: save it as CSV first",
}  # fmt: skip
ZIP, OLD_EXCEL, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
JSON_ENDINGS = (".json", ".jsonl", ".ndjson")
UNPRINTABLE = bytes((*range(9), *range(14, 32)))
SURROGATE = re.compile("[\ud800-\udfff]")
AGAIN = "the column names again, no answer"
INERT = ("'=", "'+", "'-", "'@")
"""Exports put an apostrophe before what a spreadsheet would run as a formula."""
NOT_SPLIT = Split([], ",", {})
EMPTY = "A survey needs a row of column names and a row for each response."


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """The input as text.

    Attributes
    ----------
    source, layout, sha256 : str
        Name of the file, how it was laid out, hash of its bytes (of its cells, for a DataFrame).
    cells : DataFrame of str
        One row a data row, blank cells empty; no nulls.
    questions : mapping of str to str
        The wording of each column: its name, or the question where the export has a row for it.
    faults : Series of str
        Why a row cannot be read, empty where it can.
    notes : tuple of str
        What a reader should know, in sentences.
    tool : Tool or None
        The survey tool that wrote it, None where unknown.
    changed : mapping of str to int
        What was changed on the way, and how often.
    """

    source: str
    layout: str
    sha256: str
    cells: pd.DataFrame
    questions: dict[str, str]
    faults: pd.Series
    notes: tuple[str, ...] = ()
    tool: Tool | None = None
    changed: Mapping[str, int] = field(default_factory=dict)


def read_table(source: str | Path | pd.DataFrame | ArrowStream, options: SurveyOptions) -> RawTable:
    """Read a file of any known format, recognised by its first bytes, a database, or a table in memory.

    Raises
    ------
    SurveyError
        There is no such file, or it is a folder without Parquet files, empty, binary, without rows, or damaged; the
        database cannot be read.
    ColumnNotFound
        Several sheets of a workbook could be the survey.
    ConfigError
        The encoding, the delimiter, the sheet, the URL or the query does not fit.
    """
    if isinstance(source, pd.DataFrame):
        return _from_frame(source, "DataFrame", "table in memory", "")
    if isinstance(source, ArrowStream):
        return _from_frame(frame_of(source), type(source).__name__, "Arrow table in memory", "")
    if isinstance(source, str) and is_url(source):
        queried = read_query(source, options.query)
        return _from_frame(queried.frame, queried.source, queried.layout, "")
    if options.query and not options.url:
        raise ConfigError(f"There is a query, but {source} is a file and no database URL. Leave the query out.")
    path = Path(source)
    if path.is_dir():
        frame, layout, sha256 = read_folder(path)
        return _from_frame(frame, path.name, layout, sha256)
    data = _bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    if is_packed(data, path):
        with unpacked(data, path) as (inner, how):
            table = read_table(inner, options)
        return replace(table, source=path.name, layout=f"{table.layout}, {how}", sha256=sha256)
    if data.startswith((ZIP, OLD_EXCEL)):
        rows, layout = _workbook_rows(path, options.sheet)
        return _from_rows(rows, path.name, layout, sha256)
    if data.startswith(PARQUET):
        return _from_frame(read_parquet(path), path.name, "Parquet", sha256)
    if data.startswith((ARROW_FILE, ARROW_STREAM)):
        return _from_frame(read_arrow_file(path), path.name, "Arrow", sha256)
    _refuse_binary(data, path.name)
    text, encoding, changed = decode(data, path.name, options.encoding)
    if path.suffix.lower() in JSON_ENDINGS:
        table = _from_frame(_records(text, path.name), path.name, f"JSON, {encoding}", sha256)
    else:
        split = split_rows(text, path.name, options.delimiter)
        kind = "TSV" if split.delimiter == "\t" else "CSV"
        layout = f"{kind}, {DELIMITERS.get(split.delimiter, repr(split.delimiter))} separated, {encoding}"
        table = _from_rows(split.rows, path.name, layout, sha256, split)
    return replace(table, changed={**changed, **table.changed})


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SurveyError(f"{path}: there is no such file.{_neighbour(path)}") from error
    except (OSError, ValueError) as error:
        raise SurveyError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if not data.strip():
        raise SurveyError(f"{path.name} is empty. {EMPTY}")
    return data


def _neighbour(path: Path) -> str:
    try:
        names = [other.name for other in path.parent.iterdir() if other.is_file()]
    except OSError:
        return " Check the folder's name."
    close = difflib.get_close_matches(path.name, names, n=1)
    return f' Did you mean "{path.with_name(close[0])}"?' if close else " Check the name."


def _refuse_binary(data: bytes, source: str) -> None:
    for mark, what in FOREIGN.items():
        if data.removeprefix(b"\xef\xbb\xbf").startswith(mark):
            raise SurveyError(f"{source} is {what}. A survey file is {READABLE}.")
    head = data[:65_536]
    unprintable = len(head) - len(head.translate(None, UNPRINTABLE))
    allowed = 0.02 * len(head) + 16 * _is_utf8(head)  # a comment may hold a stray control character
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and unprintable > allowed:
        raise SurveyError(f"{source} is not a text file. A survey file is {READABLE}.")


def _is_utf8(head: bytes) -> bool:
    return "\ufffd" not in head.decode("utf-8", errors="replace")[:-4]


def _workbook_rows(path: Path, sheet: str | int | None) -> tuple[list[list[str]], str]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        found = {name: _sheet_rows(book, name) for name in _wanted(book.sheet_names, path.name, sheet)}
    except (CalamineError, OSError, ValueError) as error:
        raise SurveyError(
            f"{path.name} is an archive or a document, not a workbook that can be read ({error}). "
            f"A survey file is {READABLE}."
        ) from error
    filled = {name: rows for name, rows in found.items() if rows}
    if not filled:
        raise SurveyError(f"{path.name} holds no cells. {EMPTY}")
    name, why = choose_sheet(filled, path.name)
    return filled[name], f'Excel, sheet "{name}"{why}'


def _wanted(names: list[str], source: str, sheet: str | int | None) -> list[str]:
    if (isinstance(sheet, int) and not 1 <= sheet <= len(names)) or (isinstance(sheet, str) and sheet not in names):
        raise ConfigError(f"{source} has no sheet {sheet!r}. It has: {', '.join(names)}. Correct survey.sheet.")
    return names if sheet is None else [names[sheet - 1] if isinstance(sheet, int) else sheet]


def _sheet_rows(book: Any, name: str) -> list[list[str]]:
    rows = [[cell_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=True)]
    return rows if any(map(_filled, rows)) else []


def _records(text: str, source: str) -> pd.DataFrame:
    """Read JSON: a list of objects, an object that holds such a list, or an object a line; numbers stay text."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    try:
        whole = decoder.decode(text.strip())
        lists = [value for value in whole.values() if isinstance(value, list)] if isinstance(whole, dict) else [whole]
        records = lists[0] if len(lists) == 1 else [whole]
    except json.JSONDecodeError:
        records = [
            _json_line(decoder, line, number, source) for number, line in enumerate(text.split("\n"), 1) if line.strip()
        ]
    except RecursionError:
        raise SurveyError(f"{source} is nested deeper than any survey. Every response must be one object.") from None
    if not all(isinstance(record, dict) for record in records):
        raise SurveyError(f'{source}: every response must be a JSON object, such as {{"score": 9, "why": "Fast"}}.')
    if "\\ud" in text.casefold():  # halves of characters, written as escapes
        records = json.loads(json.dumps(records, ensure_ascii=False).encode("utf-8", "replace"))
    return pd.json_normalize(records)


def _json_line(decoder: json.JSONDecoder, line: str, number: int, source: str) -> Any:
    try:
        return decoder.decode(line.strip())
    except (json.JSONDecodeError, RecursionError) as error:
        reason = getattr(error, "msg", "it is nested too deeply")
        raise SurveyError(
            f"{source}, line {number}: this is not JSON ({reason}). Each line must be one object."
        ) from error


def cell_text(value: object) -> str:
    """Write a cell as text, the way it would look in a CSV file.

    Examples
    --------
    >>> [cell_text(value) for value in (9.0, 0.5, None, float("nan"), pd.Timestamp("2026-03-01"), "a")]
    ['9', '0.5', '', '', '2026-03-01', 'a']
    """
    if isinstance(value, str):
        return value if value.isascii() else SURROGATE.sub("\ufffd", value)
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False)
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def _from_frame(frame: pd.DataFrame, source: str, layout: str, sha256: str) -> RawTable:
    columns = [[cell_text(value) for value in frame.iloc[:, k].tolist()] for k in range(frame.shape[1])]
    rows = [[cell_text(str(name)) for name in frame.columns], *map(list, zip(*columns, strict=True))]
    if not sha256:
        digest = hashlib.sha256()
        for row in rows:
            digest.update("\x1f".join(row).encode() + b"\x1e")
        sha256 = digest.hexdigest()
    return _from_rows(rows, source, layout, sha256)


def _filled(row: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in row)


def _from_rows(rows: Iterable[list[str]], source: str, layout: str, sha256: str, split: Split = NOT_SPLIT) -> RawTable:
    """Part the header from the data; blank lines are no rows; a row longer than the header is faulty."""
    lines = [row for row in rows if _filled(row)]
    if not lines:
        raise SurveyError(f"{source} is empty. {EMPTY}")
    parted = part_lines(lines)
    header, lines = parted.names, parted.rows
    if not lines:
        raise SurveyError(f"{source} holds column names ({_shown(header)}) but no responses.")
    lines, faults = _of_width(lines, header, split)
    columns = zip(header, parted.wordings, zip(*lines, strict=True), strict=False)
    kept = [(name, wording, cells) for name, wording, cells in columns if name or _filled(cells)]
    names = _distinct([name or f"column {k}" for k, (name, _, _) in enumerate(kept, 1)])
    wordings = (
        names if parted.wordings == parted.names else [wording or names[k] for k, (_, wording, _) in enumerate(kept)]
    )
    cells, changed = _without_inert_marks([list(cells) for _, _, cells in kept])
    cells.columns = pd.Index(names, dtype="str")
    return RawTable(
        source,
        layout if parted.tool is None else f"{parted.tool.name} export; {layout}",
        sha256,
        cells,
        dict(zip(names, _distinct(wordings), strict=True)),
        pd.Series(faults, dtype="str"),
        tool=parted.tool,
        changed=changed,
    )


def _of_width(lines: list[list[str]], header: list[str], split: Split) -> tuple[list[list[str]], list[str]]:
    """Rows as wide as the header, and why one cannot be read: too many cells, rows in a cell, the header once more."""
    width, delimiter = len(header), split.delimiter
    faults = [next((split.swallowing[cell] for cell in row if cell in split.swallowing), "") for row in lines]
    for k, row in enumerate(lines):
        if len(row) > width and _filled(row[width:]):
            faults[k] = (
                faults[k]
                or f"{len(row)} cells where the header has {width}: a text with {delimiter!r} in it needs quotes"
            )
            lines[k] = [*row[: width - 1], delimiter.join(row[width - 1 :])]
        elif len(row) != width:
            lines[k] = [*row, *[""] * (width - len(row))][:width]
        if row[0].strip() == header[0] and width > 1 and one_line(lines[k]) == header:
            faults[k] = AGAIN
    return lines, faults


def _without_inert_marks(columns: list[list[str]]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Take off apostrophes that an export put before =, +, - and @."""
    marked = 0
    for cells in columns:
        for k, cell in enumerate(cells):
            if cell.startswith(INERT):
                cells[k], marked = cell[1:], marked + 1
    frame = pd.DataFrame({k: pd.array(cells, dtype="str") for k, cells in enumerate(columns)})
    return frame, {"apostrophes before =, +, - or @ taken off": marked} if marked else {}


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen.setdefault(name, 0)
    found: list[str] = []
    for name in names:
        seen[name] += 1
        repeat = f"{name} ({seen[name]})" if seen[name] > 1 else name
        while repeat in found or (repeat != name and repeat in seen):
            repeat += "'"
        found.append(repeat)
    return found


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
