"""When each response was given: the date column read as one format, or a question about it."""

from typing import NamedTuple

import pandas as pd

from verbatim.errors import SurveyError
from verbatim.survey.dates import DateCells, read_dates
from verbatim.survey.desk import option_line, toml_lines
from verbatim.survey.options import SurveyOptions
from verbatim.survey.tables import RawTable

FEW = 0.5
"""Share of the dates that a stated format must fit, or it is said."""


class Answered(NamedTuple):
    """Dates row for row with the cells, how many cells hold something that is none, and what to say."""

    date: pd.Series
    unreadable: int
    notes: tuple[str, ...]


def read_answered(table: RawTable, name: str | None, kept: pd.Series, options: SurveyOptions) -> Answered:
    """Read the dates of the rows that are kept, null for the others.

    Raises
    ------
    SurveyError
        The dates do not tell day from month, or are in both orders; the stated format fits none of them.
    ConfigError
        ``survey.date_format`` is no format.
    """
    if name is None:
        stated = f'survey.date_format is "{options.date_format}", but no column is read as the date.'
        nothing = pd.Series(pd.NaT, index=kept.index, dtype="datetime64[us]")
        return Answered(nothing, 0, (stated,) if options.date_format else ())
    cells = table.cells[name].where(kept, "")
    month_first = table.tool is not None and table.tool.month_first
    read = read_dates(cells, options.date_format, month_first=month_first)
    if read.unsettled:
        raise SurveyError(_question(table.source, name, read))
    notes = _of_the_format(table.source, cells, read, options.date_format) if options.date_format else []
    if month_first and table.tool is not None:
        notes.append(f'"{name}": the month comes first where both could, as {table.tool.name} writes it.')
    return Answered(read.date, read.unreadable, tuple(notes))


def _question(source: str, name: str, read: DateCells) -> str:
    day, month = (option_line("date_format", date_format) for date_format in read.unsettled)
    found = "do not tell whether the day or the month comes first"
    if read.both_orders:
        by_day, by_month = read.both_orders
        found = (
            f"are in two orders: {by_day:,} different ones can only be day first, {by_month:,} only month first, and "
            "no one format reads both (the others would be left blank and counted)"
        )
    return (
        f'{source}: the dates in "{name}" {found}. Keep one of these lines in verbatim.toml: day first, month first, '
        "or without dates:\n\n" + toml_lines([day, f"# {month}", f"# {option_line('ignore', [name])}"])
    )


def _of_the_format(source: str, cells: pd.Series, read: DateCells, date_format: str) -> list[str]:
    given = int(cells.str.strip().ne("").sum())
    fits = given - read.unreadable
    if given and not fits:
        raise SurveyError(
            f'{source}: survey.date_format is "{date_format}", but none of the {given:,} dates in "{cells.name}" is '
            f'written so; the first is "{cells[cells.str.strip().ne("")].iloc[0].strip()[:40]}". Correct the format, '
            "or leave it out to have it recognised."
        )
    if fits < FEW * given:
        return [f'survey.date_format "{date_format}" fits only {fits:,} of the {given:,} dates in "{cells.name}".']
    return []
