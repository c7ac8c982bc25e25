"""Bytes of a text file become text: one encoding where there is one, otherwise line by line."""

import codecs
import re
from typing import NamedTuple

from verbatim.errors import ConfigError, SurveyError

ENCODINGS = ("cp1252", "latin_1", "cp850", "mac_roman", "cp1250", "cp1251", "cp932", "gb18030")
WESTERN = ("cp1252", "latin_1", "cp850", "cp1250", "mac_roman")
"""Guesses that `_by_line` looks at again: on short lines these five are taken for one another."""
SAMPLE = 200_000
FOREIGN = re.compile(rb"[A-Za-z]?[\x80-\xff]+[a-z]?")
LETTERS = "éèêëáàâãäåæçíìîïóòôõöøúùûüñßœÉÈÊÁÀÂÃÄÅÇÍÓÔÕÖØÚÜÑ"
SIGNS = "£€’‘“”„‚‹›–—…°´·•©®™¿¡«»½ª\xa0"
"""What Western Europeans write, the letters and the signs; a code page that yields these is likely the right one."""


class Decoded(NamedTuple):
    """The text of a file, the encoding it was in, and what was changed, with how often."""

    text: str
    encoding: str
    changed: dict[str, int]


def decode(data: bytes, source: str, encoding: str | None = None) -> Decoded:
    r"""Turn bytes into text: byte order mark, UTF-8, UTF-16 without a mark, a likely code page, or line by line.

    Raises
    ------
    ConfigError
        ``encoding`` is unknown.
    SurveyError
        The bytes are not in the named encoding.

    Examples
    --------
    >>> decode("schön\n".encode() + "für".encode("cp850") + b"\n" + "Äpfel".encode("latin-1"), "s.csv").text
    'schön\nfür\nÄpfel'
    """
    if encoding:
        return _as_told(data, source, encoding)
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return Decoded(data.decode(name, errors="replace").removeprefix("\ufeff"), name, {})
    if wide := wide_without_mark(data):
        return Decoded(data.decode(wide, errors="replace"), wide, {})
    try:
        return Decoded(data.decode("utf-8"), "utf-8", {})
    except UnicodeDecodeError:
        return _code_page(data) or _by_line(data)


def wide_without_mark(data: bytes) -> str | None:
    """Tell UTF-16 without a byte order mark: nearly every other byte of its beginning is 0."""
    head = data[:4_000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 8 or max(even, odd) < 0.4 * len(head):
        return None
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else None


def _as_told(data: bytes, source: str, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, {})
    except LookupError as error:
        raise ConfigError(
            f'survey.encoding is "{encoding}", which is unknown. Use for example "utf-8" or "cp1252".'
        ) from error
    except UnicodeDecodeError as error:
        raise SurveyError(
            f"{source}: byte {error.start} is not {encoding}. Leave survey.encoding out to have it recognised."
        ) from error


def _code_page(data: bytes) -> Decoded | None:
    """Read the whole file by one code page that is not Western; None where lines differ or it is Western."""
    from charset_normalizer import from_bytes

    foreign = [line for line in re.split(rb"[\r\n]+", data) if not line.isascii()]
    if sum(map(_is_utf8, foreign)) > 0.02 * len(foreign):
        return None
    best = from_bytes(b"\n".join(foreign)[:SAMPLE], cp_isolation=list(ENCODINGS)).best()
    if best is None or best.encoding in WESTERN:
        return None
    try:
        return Decoded(data.decode(best.encoding), best.encoding, {})
    except UnicodeDecodeError:
        return None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_line(data: bytes) -> Decoded:
    """Read each line by what it is: UTF-8, UTF-8 with stray bytes, or the Western code page that fits it best."""
    used: dict[str, int] = {}
    pages = ("cp1252", "cp850") if b"\n" in data else ("mac_roman", "cp1252", "cp850")  # old Macs end lines with CR
    lines = re.split(rb"([\r\n]+)", data)
    texts: list[str] = []
    for line in lines:
        if line.isascii():
            texts.append(line.decode("ascii"))
            continue
        text, name = _line(line, pages)
        used[name] = used.get(name, 0) + 1
        texts.append(text)
    if len(used) == 1 and "utf-8" not in used:
        return Decoded("".join(texts), next(iter(used)), {})
    name = max(used, key=lambda name: (used[name], name))
    changed = {f"lines read as {other} in a file that is mostly {name}": n for other, n in sorted(used.items())}
    changed.pop(f"lines read as {name} in a file that is mostly {name}")
    return Decoded("".join(texts), name, changed)


def _line(line: bytes, pages: tuple[str, ...]) -> tuple[str, str]:
    if _is_utf8(line):
        return line.decode("utf-8"), "utf-8"
    stray = line.decode("utf-8", errors="surrogateescape")
    if any(c > "\x7f" and not "\udc80" <= c <= "\udcff" for c in stray):  # some of it is UTF-8: mend the rest
        mended = (_cp1252(bytes([ord(c) - 0xDC00])) if "\udc80" <= c <= "\udcff" else c for c in stray)
        return "".join(mended), "utf-8 with bytes of cp1252"
    readings = [(_cp1252(line) if page == "cp1252" else line.decode(page), page) for page in pages]
    return max(readings, key=lambda reading: _fit(line, reading[0]))


def _cp1252(line: bytes) -> str:
    """Decode as Windows does: the five bytes that cp1252 leaves out are Latin-1's controls."""
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            bytes([byte]).decode("cp1252" if byte not in b"\x81\x8d\x8f\x90\x9d" else "latin-1") for byte in line
        )


def _fit(line: bytes, text: str) -> int:
    """How well a reading suits the bytes above 127: letters within words, signs outside, capitals not after small."""
    points = 0
    for found in FOREIGN.finditer(line):
        start, end = found.span()
        for at in range(start, end):
            if line[at] < 128:
                continue
            char = text[at]
            before = text[at - 1] if at else " "
            after = text[at + 1] if at + 1 < len(text) else " "
            inside = before.isalpha() or after.isalpha()
            if char in LETTERS:
                points += 2 - 3 * (char.isupper() and before.islower()) - 1 * (not inside)
            elif char in SIGNS:
                points += 1 - 2 * (before.isalpha() and after.isalpha() and char not in "’")
            else:
                points -= 2
    return points
