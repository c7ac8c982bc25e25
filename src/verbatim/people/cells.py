"""Cells that an import takes and no spreadsheet runs: one line, no control characters, formulas inert."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

FORMULA = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
           "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
_EMOJI_SIGNS = "\u203c\u2049\u2139\u2194\u25fb\u25fc\u25fd\u25fe\u2934\u2935\u3030\u303d\u20e3\ufe0e\ufe0f"
_EMOJI_KINDS = ("So", "Co", "Cn")  # symbols; private and unassigned points, which newer emoji are to an older Python
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_DATE = re.compile(r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))(?:[T ].*)?")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_DIAL = re.compile(r"\+[\d ()./-]{6,30}")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*/?^_`{|}~][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)


def one_line(text: str) -> str:
    r"""Text on one line, without control characters and marks that turn its direction.

    Examples
    --------
    >>> one_line(" two\nlines\x00 ")
    'two lines'
    """
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    line = _DIRECTION.sub("", line)
    return "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cs")).strip()


def without_emoji(text: str) -> str:
    """Text without emoji and other symbols.

    Examples
    --------
    >>> without_emoji("Ana 🎉 Lima")
    'Ana Lima'
    """
    if text.isascii():
        return text
    return " ".join("".join(" " if _is_emoji(c) else c for c in text).split())


def _is_emoji(c: str) -> bool:
    kind = unicodedata.category(c)
    return kind in _EMOJI_KINDS or c in _EMOJI_SIGNS or (c > "\uffff" and kind in ("Sk", "Cf"))


def day_only(text: str) -> str:
    """Date and time of ISO 8601 without the time; anything else stays.

    Examples
    --------
    >>> day_only("2026-03-01 10:30:00"), day_only("01/03/2026 10:30")
    ('2026-03-01', '01/03/2026 10:30')
    """
    return text[:10] if _ISO_TIME.fullmatch(text) else text


def is_foreign_date(text: str) -> bool:
    """Whether a text is a date in numbers that is not written YYYY-MM-DD, or is no day of the calendar.

    Examples
    --------
    >>> is_foreign_date("01/03/2026"), is_foreign_date("2026-03-01"), is_foreign_date("2026-13-01")
    (True, False, True)
    """
    if not _DATE.fullmatch(text):
        return False
    try:
        return date.fromisoformat(text).isoformat() != text
    except ValueError:
        return True


def inert(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Examples
    --------
    >>> inert("=1+1"), inert("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def dialled(phone: str) -> str:
    """Phone number as it is dialled: a plus and digits, which no spreadsheet runs; others stay as found, inert.

    Examples
    --------
    >>> dialled("+44 (20) 7946-0958"), dialled("020 7946 0958"), dialled("+1-cmd")
    ('+442079460958', '020 7946 0958', "'+1-cmd")
    """
    if _DIAL.fullmatch(phone):
        digits = re.sub(r"\D", "", phone)
        if 7 <= len(digits) <= 15:
            return f"+{digits}"
    return inert(phone)


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address that imports take: plain letters, one @, a domain with an ending.

    Addresses that start with =, +, - or @ are none: they cannot be made inert without being changed.

    Examples
    --------
    >>> is_email("jo.bloggs@example.com"), is_email("jo@example"), is_email("=1@example.com")
    (True, False, False)
    """
    local, _, domain = text.rpartition("@")
    return (
        len(text) <= 254
        and len(local) <= 64
        and ".." not in text
        and not local.endswith(".")
        and not any(part.startswith("-") or part.endswith("-") for part in domain.split("."))
        and _EMAIL.fullmatch(text) is not None
    )
