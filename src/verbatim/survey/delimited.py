"""Bytes of a text file become rows of cells: encoding, delimiter, quotes."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from verbatim.errors import ConfigError, SurveyError

DELIMITERS = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}
ENCODINGS = ("cp1252", "latin_1", "mac_roman", "cp1250", "cp1251", "cp932", "gb18030")
SAMPLE = 200_000


class Decoded(NamedTuple):
    """The text of a file, the encoding it was in, and what a reader should know about it."""

    text: str
    encoding: str
    notes: tuple[str, ...]


def decode(data: bytes, source: str, encoding: str | None = None) -> Decoded:
    """Turn bytes into text: byte order mark, UTF-8, UTF-8 with stray bytes, else the likeliest code page.

    Raises
    ------
    ConfigError
        ``encoding`` is unknown.
    SurveyError
        The bytes are not in the named encoding.
    """
    if encoding:
        return _as_told(data, source, encoding)
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return Decoded(data.decode(name, errors="replace").removeprefix("\ufeff"), name, ())
    try:
        return Decoded(data.decode("utf-8"), "utf-8", ())
    except UnicodeDecodeError:
        return _mixed(data) or _code_page(data)


def _as_told(data: bytes, source: str, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, ())
    except LookupError as error:
        raise ConfigError(
            f'survey.encoding is "{encoding}", which is unknown. Use for example "utf-8" or "cp1252".'
        ) from error
    except UnicodeDecodeError as error:
        raise SurveyError(
            f"{source}: byte {error.start} is not {encoding}. Leave survey.encoding out to have it recognised."
        ) from error


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with a few bytes of cp1252 in it, as when exports were pasted together."""
    text = data.decode("utf-8", errors="surrogateescape")
    stray = sum("\udc80" <= c <= "\udcff" for c in text)
    if 20 * stray > sum(c > "\x7f" for c in text):
        return None
    mended = "".join(
        bytes([ord(c) - 0xDC00]).decode("cp1252", "replace") if "\udc80" <= c <= "\udcff" else c for c in text
    )
    return Decoded(mended, "utf-8", (f"{stray:,} bytes were not utf-8 and were read as cp1252.",))


def _code_page(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:SAMPLE]
    best = from_bytes(telling, cp_isolation=list(ENCODINGS)).best()
    name = best.encoding if best else "cp1252"
    name = "cp1252" if name == "latin_1" else name
    try:
        return Decoded(data.decode(name), name, ())
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1", ())


def split_rows(text: str, source: str, delimiter: str | None = None) -> tuple[list[list[str]], str]:
    r"""Split delimited text into rows of cells; quoted cells may span lines. Returns the rows and the delimiter.

    Raises
    ------
    SurveyError
        A quotation mark opens a cell and is never closed.

    Examples
    --------
    >>> split_rows('score;why\n10;"fast; kind"\n', "survey.csv")
    ([['score', 'why'], ['10', 'fast; kind']], ';')
    """
    told, _, rest = text.partition("\n")
    if len(told.strip()) == 5 and told.startswith("sep="):  # Excel's own hint
        delimiter, text = delimiter or told[4], rest
    if delimiter is not None and len(delimiter) != 1:
        raise ConfigError(f'survey.delimiter is "{delimiter}"; it must be one character, such as ";".')
    with _cells_of_any_length(len(text)):
        delimiter = delimiter or sniff_delimiter(text)
        return _parse(text, source, delimiter), delimiter


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
