"""How numbers, dates and other people's text are written in every report."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

MINUS, DASH, UNKNOWN = "\u2212", "\u2013", "\u2013"
UNCLEAR = "Unclear: "  # before the words of a theme that no name fits
ENGLISH = "en"

_locale: ContextVar[str] = ContextVar("locale", default=ENGLISH)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_HYPHEN = re.compile(r"(?<![\w-])-(?=\d+\.\d)")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


class NumberMarks(NamedTuple):
    """What stands between the digits of a number, and between two numbers."""

    decimal: str
    group: str
    between: str


@contextmanager
def in_locale(name: str) -> Iterator[None]:
    """Write numbers and dates as a locale does, such as "de" or "fr_CH", until the block ends.

    Examples
    --------
    >>> with in_locale("de"):
    ...     whole(2353), interval(-28.2, -21.1), day(date(2018, 3, 9))
    ('2.353', '[−28,2; −21,1]', '9. März 2018')
    """
    token = _locale.set(name)
    try:
        yield
    finally:
        _locale.reset(token)


def number_marks() -> NumberMarks:
    """Return the marks of the locale that is written in."""
    return _marks_of(_locale.get())


@lru_cache
def _marks_of(locale: str) -> NumberMarks:
    if locale == ENGLISH:
        return NumberMarks(".", ",", ", ")
    from babel.numbers import get_decimal_symbol, get_group_symbol

    decimal = get_decimal_symbol(locale)
    return NumberMarks(decimal, get_group_symbol(locale), "; " if decimal == "," else ", ")


def _written(number: str) -> str:
    """Put the locale's marks into a number that Python wrote."""
    marks = number_marks()
    return number.translate({ord("."): marks.decimal, ord(","): marks.group})


def relocated(sentence: str, values: Sequence[float]) -> str:
    """Write the one-decimal numbers of an English sentence as the locale does, where they are among ``values``.

    Examples
    --------
    >>> with in_locale("de"):
    ...     relocated("“v2.0” costs UK customers 8.0 points, others 1.5", [-8.04, -1.5])
    '“v2.0” costs UK customers 8,0 points, others 1,5'
    """
    ours = {f"{abs(value):.1f}" for value in values}
    return re.sub(r"(?<!\S)\d+\.\d\b", lambda found: _written(found[0]) if found[0] in ours else found[0], sentence)


def whole(value: float) -> str:
    """Count with thousands separators.

    Examples
    --------
    >>> whole(2353)
    '2,353'
    """
    return _written(f"{value:,.0f}") if math.isfinite(value) else UNKNOWN


def signed(value: float, digits: int = 1) -> str:
    """Points with their sign, a true minus; nothing is "-0.0".

    Examples
    --------
    >>> signed(-6.14), signed(2.0), signed(-0.04)
    ('−6.1', '+2.0', '0.0')
    """
    text = plain(value, digits)
    return f"+{text}" if math.isfinite(value) and round(value, digits) > 0 else text


def plain(value: float, digits: int = 1) -> str:
    """Points with a minus where negative and no plus.

    Examples
    --------
    >>> plain(-24.7, 0), plain(6.14), plain(float("nan"))
    ('−25', '6.1', '–')
    """
    if not math.isfinite(value):
        return UNKNOWN
    rounded = round(value, digits) + 0.0
    return f"{'' if rounded >= 0 else MINUS}{_written(f'{abs(rounded):.{digits}f}')}"


def with_minus(sentence: str) -> str:
    """Put a true minus before the figures of a sentence that was written with hyphens.

    Examples
    --------
    >>> with_minus("-1.2 points [-6.4, +4.0], e-mail, 2026-03")
    '−1.2 points [−6.4, +4.0], e-mail, 2026-03'
    """
    return _HYPHEN.sub(MINUS, sentence)


def interval(low: float, high: float, digits: int = 1, *, sign: bool = False) -> str:
    """Interval in square brackets.

    Examples
    --------
    >>> interval(-27.4, -22.0, 0)
    '[−27, −22]'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    show = signed if sign else plain
    return f"[{show(low, digits)}{number_marks().between}{show(high, digits)}]"


def percent(share: float) -> str:
    """Share as a percentage: whole from 10 % on, one decimal below.

    Examples
    --------
    >>> percent(0.183), percent(0.0412)
    ('18 %', '4.1 %')
    """
    if not math.isfinite(share):
        return UNKNOWN
    return f"{plain(100 * share, 0 if share >= 0.0995 or share == 0 else 1)} %"


def chance(probability: float) -> str:
    """Probability, never as certain as 0 or 100 %: it comes from finitely many draws.

    Examples
    --------
    >>> chance(1.0), chance(0.72), chance(0.0)
    ('over 99 %', '72 %', 'under 1 %')
    """
    if not math.isfinite(probability):
        return UNKNOWN
    return "over 99 %" if probability > 0.99 else "under 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def ordinal(place: int) -> str:
    """Write a place in an order.

    Examples
    --------
    >>> [ordinal(place) for place in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def day(value: date) -> str:
    """Write a date as people say it.

    Examples
    --------
    >>> day(date(2018, 4, 11))
    '11 Apr 2018'
    """
    return _dated(value, "d MMM y", "yMMMd")


def month(value: date) -> str:
    """Write a month and its year.

    Examples
    --------
    >>> month(date(2018, 4, 11))
    'Apr 2018'
    """
    return _dated(value, "MMM y", "yMMM")


def _dated(value: date, english: str, skeleton: str) -> str:
    """Write a date in the order of ``english``, elsewhere in the locale's own order of the same parts."""
    from babel.dates import format_date, format_skeleton

    locale = _locale.get()
    if locale == ENGLISH:
        return str(format_date(value, english, locale))
    return str(format_skeleton(skeleton, datetime(value.year, value.month, value.day), locale=locale))


def clean(text: object) -> str:
    r"""Text without the control characters that pages and workbooks cannot hold.

    Examples
    --------
    >>> clean("a\x00b")
    'ab'
    """
    return _CONTROL.sub("", str(text))


def label(name: object) -> str:
    """One line of a name: controls and direction overrides removed, right-to-left names isolated."""
    text = " ".join(_DIRECTION.sub("", clean(name)).split())
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return f"\u2068{text}\u2069"
    return text


def named(name: object) -> str:
    """Name of a theme inside a sentence; a group of comments that no name fits is described instead.

    Examples
    --------
    >>> named("Late vans"), named("Unclear: milk, missing")
    ('“Late vans”', 'a group of comments without a clear name (milk, missing)')
    """
    if unclear(name):
        return f"a group of comments without a clear name ({label(str(name).removeprefix(UNCLEAR))})"
    return f"\u201c{label(name)}\u201d"


def unclear(name: object) -> bool:
    """Whether a name only lists the words of comments that no name fits."""
    return str(name).startswith(UNCLEAR)


def anchor(theme_id: str) -> str:
    """Name of a theme's place on the page, without the letters that an address cannot hold.

    Examples
    --------
    >>> anchor("T01"), anchor("a b")
    ('theme-T01', 'theme-a-b')
    """
    return f"theme-{re.sub(r'[^0-9A-Za-z_.-]', '-', theme_id)}"


def listed(parts: Sequence[str]) -> str:
    """Join as a list in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def count(n: int, one: str, many: str | None = None) -> str:
    """Count a noun.

    Examples
    --------
    >>> count(1, "response"), count(2353, "response")
    ('1 response', '2,353 responses')
    """
    return f"{whole(n)} {one if n == 1 else many or one + 's'}"
