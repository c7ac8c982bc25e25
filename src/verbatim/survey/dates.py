"""Cells of the date column become dates; day first or month first is decided from the whole column."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from verbatim.errors import ConfigError
from verbatim.survey.months import in_english

ASIDE = 0.01
"""Share of dates in the other order that is taken for slips of the pen; from there on the order is asked."""

NUMERIC = (
    r"^(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4}|\d{2})"
    r"(?:[ T,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\.\d+)?"
    r"\s*(?P<half>[AaPp])?\.?[Mm]?\.?)?$"
)
YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
HALF_DAY = (
    r"^(?P<day>\d{4}-\d{1,2}-\d{1,2}) (?P<hour>\d{1,2})(?P<rest>:\d{2}(?::\d{2})?)\s*(?P<half>[AaPp])\.?[Mm]\.?"
    r"(?:\s*(?:GMT|UTC)(?P<zone>[+-]\d{1,2}(?::?\d{2})?)?)?$"
)
SPELLED = ("%B %Y", "%b %Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y")
SPELLED_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
PLAUSIBLE = ("1990-01-01", "2100-01-01")


@dataclass(frozen=True, slots=True, eq=False)
class DateCells:
    """Dates row for row with their cells, null where blank or unreadable.

    Attributes
    ----------
    date : Series of datetime64
    unreadable : int
        Cells that hold something that is no date.
    unsettled : tuple of str
        Where no date tells whether the day or the month comes first (or some tell one, some the other): the two
        formats, day first and month first, to ask about. ``date`` is then only an example of reading them.
    both_orders : tuple of int
        Different dates that can only be day first, and only month first, where there are both; empty otherwise.
    """

    date: pd.Series
    unreadable: int
    unsettled: tuple[str, ...]
    both_orders: tuple[int, ...]


def read_dates(
    cells: pd.Series, date_format: str | None = None, numbers: bool = True, month_first: bool = False
) -> DateCells:
    """Read dates from text: ISO 8601, day or month first, months in words, Unix seconds, Excel serial numbers.

    Parameters
    ----------
    cells : Series of str
        Cells as found, blank where nothing was given; no nulls.
    date_format : str, optional
        A strptime format such as ``%d/%m/%Y %H:%M``; without it the format is recognised.
    numbers : bool
        Whether a bare number may be Unix time or an Excel serial number.
    month_first : bool
        Whether the survey tool is known to write the month first: settles what the dates leave open.

    Returns
    -------
    DateCells
        Times with a zone are given in UTC, without the zone.

    Raises
    ------
    ConfigError
        ``date_format`` is not a strptime format.

    Examples
    --------
    >>> read_dates(pd.Series(["13/04/2018 20:09", "01/05/2018"])).date.dt.month.tolist()
    [4, 5]
    """
    text = cells.str.strip()
    unique = pd.Series(sorted(text.unique()), dtype="str")
    orders = _Orders()
    if date_format:
        values = _by_format(unique, date_format)
    else:
        values, orders = _recognised(unique, numbers, month_first)
    date = text.map(dict(zip(unique, values, strict=True))).astype("datetime64[us]")
    return DateCells(date, int((date.isna() & text.ne("")).sum()), orders.unsettled, orders.both)


class _Orders(NamedTuple):
    """Formats to ask about, and how many dates can only be day first and only month first."""

    unsettled: tuple[str, ...] = ()
    both: tuple[int, ...] = ()


def _by_format(text: pd.Series, date_format: str) -> pd.Series:
    try:
        parsed = pd.to_datetime(text, format=date_format, errors="coerce", utc=True)
    except ValueError as error:
        raise ConfigError(
            f'survey.date_format is "{date_format}", which is no date format ({error}). '
            'Write for example "%d/%m/%Y %H:%M".'
        ) from error
    return parsed.dt.tz_localize(None)


def _recognised(text: pd.Series, numbers: bool, month_first: bool) -> tuple[pd.Series, _Orders]:
    iso = _whole_day(text.str.replace(YEAR_FIRST, r"\1-\2-\3", regex=True)).str.replace(
        r"(?<!\s)\s*UTC$", "Z", regex=True
    )
    iso = iso.where(iso.str.contains(r"^\d{4}-\d{1,2}-\d{1,2}", regex=True))
    dates = pd.to_datetime(iso, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    numeric, orders = _day_or_month_first(text, month_first)
    dates = dates.fillna(numeric).fillna(_spelled(text))
    if numbers:
        dates = dates.fillna(_counted(text))
    return dates.where(dates.between(*PLAUSIBLE)), orders


def _whole_day(text: pd.Series) -> pd.Series:
    """Write "2026-03-05 1:30:00 PM GMT+1", as Google Forms does, with 24 hours and an ISO zone."""
    parts = text.str.extract(HALF_DAY)
    if parts["day"].isna().all():
        return text
    hour = pd.to_numeric(parts["hour"]) % 12 + 12 * parts["half"].str.lower().eq("p")
    zone = parts["zone"].fillna("").str.replace(r"^([+-])(\d)(?!\d)", r"\g<1>0\2", regex=True)
    zone = zone.where(zone.eq("") | zone.str.len().gt(3), zone + ":00")
    clock = hour.map("{:02.0f}".format) + parts["rest"] + zone
    return text.where(parts["day"].isna(), parts["day"] + "T" + clock)


def _day_or_month_first(text: pd.Series, month_first: bool) -> tuple[pd.Series, _Orders]:
    """Read "11/04/2018 20:09": a number above 12 settles the order for the column, else the survey tool's habit."""
    parts = text.str.extract(NUMERIC)
    a, b = (pd.to_numeric(parts[side]) for side in "ab")
    day_votes, month_votes = int((a > 12).sum()), int((b > 12).sum())
    settled = min(day_votes, month_votes) <= ASIDE * max(day_votes, month_votes) and max(day_votes, month_votes) > 0
    day_first = day_votes >= month_votes if settled else not month_first
    matters = bool((a.le(12) & b.le(12) & a.ne(b)).any())
    both = (day_votes, month_votes) if not settled and day_votes + month_votes else ()
    unsettled = bool(both) or (matters and not settled and not month_first)
    day, month = (a, b) if day_first else (b, a)
    if both:
        day, month = day.where(month.le(12), month), month.where(month.le(12), day)
    year = pd.to_numeric(parts["year"])
    hour = pd.to_numeric(parts["hour"]).fillna(0)
    hour = hour.where(parts["half"].isna(), hour % 12 + 12 * parts["half"].str.lower().eq("p").astype(float))
    table = {"year": year.where(year >= 100, year + 2000), "month": month, "day": day}
    times = {"hour": hour, "minute": pd.to_numeric(parts["minute"]), "second": pd.to_numeric(parts["second"])}
    dates = pd.to_datetime(pd.DataFrame(table | times).fillna({"minute": 0, "second": 0}), errors="coerce")
    return dates, _Orders(_both_formats(text, parts) if unsettled else (), both)


def _both_formats(text: pd.Series, parts: pd.DataFrame) -> tuple[str, str]:
    """Day first and month first, as strptime formats for the commonest way these dates are written."""
    mark = text[parts["a"].notna()].str.extract(r"^\d+([/.-])")[0].mode()[0]
    year = "%y" if parts["year"].str.len().eq(2).mean() > 0.5 else "%Y"
    clock = ""
    if parts["hour"].notna().any():
        seconds = ":%S" if parts["second"].notna().any() else ""
        clock = f" %I:%M{seconds} %p" if parts["half"].notna().any() else f" %H:%M{seconds}"
    return f"%d{mark}%m{mark}{year}{clock}", f"%m{mark}%d{mark}{year}{clock}"


def _spelled(text: pd.Series) -> pd.Series:
    """Read months in words: "September 2021", "5 May 2021 10:30", "May 5, 2021", "12. Juni 2026"."""
    spelled = text.where(text.str.contains(r"[^\W\d]{3}", regex=True) & text.str.contains(r"\d{4}", regex=True))
    dates = _in_words(spelled.dropna())
    left = spelled.drop(dates.dropna().index).dropna()
    return dates.fillna(_in_words(in_english(left).dropna())).reindex(text.index).astype("datetime64[us]")


def _in_words(spelled: pd.Series) -> pd.Series:
    dates = pd.Series(pd.NaT, index=spelled.index, dtype="datetime64[us]")
    for date_format in (day + time for day in SPELLED for time in SPELLED_TIMES):
        left = spelled[dates.isna()]
        if left.empty:
            break
        dates = dates.fillna(pd.to_datetime(left, format=date_format, errors="coerce"))
    return dates


def _counted(text: pd.Series) -> pd.Series:
    """Read Unix seconds, Unix milliseconds and Excel's days since 1899-12-30."""
    number = pd.to_numeric(text.where(text.str.fullmatch(r"\d{5}(?:\.\d+)?|\d{10}|\d{13}")), errors="coerce")
    days = pd.to_datetime(number.where(number < 1e5), unit="D", origin="1899-12-30", errors="coerce")
    seconds = pd.to_datetime(number.where((number >= 1e9) & (number < 1e10)), unit="s", errors="coerce")
    return days.fillna(seconds).fillna(pd.to_datetime(number.where(number >= 1e12), unit="ms", errors="coerce"))
