"""What another table knows about the customers: a CRM export, a billing table, joined by a key."""

from __future__ import annotations

import difflib
import re
from typing import Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_serializer

from verbatim.errors import ColumnNotFound, ConfigError, SurveyError
from verbatim.records import JoinReport
from verbatim.survey import wording
from verbatim.survey.desk import listed_columns
from verbatim.survey.options import SurveyOptions
from verbatim.survey.sql import shown_url
from verbatim.survey.tables import RawTable, read_table

SHOWN_ROWS = 5


class JoinOptions(BaseModel):
    """A table about the customers, brought in as segments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str | None = Field(
        default=None, description="Table with one row a customer, in any layout a survey may have."
    )
    url: str | None = Field(default=None, repr=False, description="Or a database; ${NAME}: an environment variable.")
    query: str | None = Field(default=None, description="SQL that returns one row a customer, with url.")
    sheet: str | int | None = Field(default=None, description="Sheet of a workbook: its name, or its number from 1.")
    on: str | None = Field(default=None, description="Column of the survey that names the customer.")
    key: str | None = Field(default=None, description="Column of the table that does; without it, the name of `on`.")
    columns: tuple[str, ...] | None = Field(
        default=None, description="Columns to bring; without it all that can be segments."
    )
    duplicates: Literal["refuse", "first"] = Field(
        default="refuse", description="Customers with several rows that differ: refuse, or keep the first row of each."
    )

    @field_serializer("url", when_used="json")
    def _without_password(self, url: str | None) -> str | None:
        return url and shown_url(url)

    @property
    def wanted(self) -> bool:
        """Whether there is anything to join."""
        return self.file is not None or self.url is not None


class Joined(NamedTuple):
    """Cells of the joined columns, row for row with the survey, empty where nothing matched; and what happened."""

    cells: pd.DataFrame
    report: JoinReport


def join_table(survey: RawTable, options: JoinOptions) -> Joined:
    """Look every row of a survey up in another table.

    Keys are compared as written, but for white space around them. Neither table needs an order: which row of a customer
    comes first only matters with ``duplicates = "first"``.

    Raises
    ------
    ConfigError
        No key column is named, or both a file and a database are.
    ColumnNotFound
        A column is not there.
    SurveyError
        A customer of the survey has several rows that differ, or no row of the survey finds its customer.
    """
    if options.on is None:
        raise ConfigError(
            'join.on is missing: name the column with the customer. In verbatim.toml:\n\n    [join]\n    on = "..."\n'
        )
    if options.file is not None and options.url is not None:
        raise ConfigError("join.file and join.url both name a table. Keep one.")
    table = read_table(options.url or options.file or "", SurveyOptions(sheet=options.sheet, query=options.query))
    on = column_of(survey, options.on, "join.on")
    key = column_of(table, options.key or options.on, "join.key" if options.key else "join.on")
    names = _brought(table, key, options)
    asked = survey.cells[on].str.strip()
    keys = table.cells[key].str.strip()
    rows = table.cells.loc[keys.ne(""), names].assign(**{"": keys[keys.ne("")]})
    repeated = _repeated(rows, asked, table, options, key)
    first = rows.drop_duplicates("").set_index("")
    matched = asked.isin(first.index)
    if not matched.any():
        raise SurveyError(_nothing_matches(survey, on, asked, table, key, keys))
    cells = first.reindex(asked).fillna("").set_axis(survey.cells.index)
    report = JoinReport(
        source=table.source,
        layout=table.layout,
        sha256=table.sha256,
        on=on,
        key=key,
        columns=tuple(names),
        rows=len(table.cells),
        matched=int(matched.sum()),
        unmatched=int((~matched & asked.ne("")).sum()),
        blank=int(asked.eq("").sum()),
        unmatched_rows=tuple(int(row) + 1 for row in asked.index[~matched & asked.ne("")][:SHOWN_ROWS]),
        duplicate_keys=repeated,
        keys_without_response=int((~first.index.isin(asked)).sum()),
    )
    return Joined(cells, report)


def _brought(table: RawTable, key: str, options: JoinOptions) -> list[str]:
    if options.columns is None:
        return [name for name in map(str, table.cells.columns) if name != key]
    return list(dict.fromkeys(column_of(table, name, "join.columns") for name in options.columns))


def column_of(table: RawTable, name: str, option: str) -> str:
    """Find a column by the name a user wrote: exactly, or but for case, accents and punctuation."""
    names = list(table.cells.columns)
    by_sound = {wording.plain(n): n for n in reversed(names)}
    found = name if name in names else by_sound.get(wording.plain(name))
    if found is not None:
        return found
    close = difflib.get_close_matches(wording.plain(name), list(by_sound), n=1)
    guess = f' Did you mean "{by_sound[close[0]]}"?' if close else ""
    known = listed_columns([f'"{each}"' for each in names])
    raise ColumnNotFound(f'{table.source}: {option} is "{name}", but there is no such column.{guess} {known}')


def _repeated(rows: pd.DataFrame, asked: pd.Series, table: RawTable, options: JoinOptions, key: str) -> int:
    """Count the customers with several rows that differ; refuse where one of them answered, unless allowed."""
    differing = rows.drop_duplicates()
    twice = differing[""][differing[""].duplicated(keep=False)]
    used = twice[twice.isin(asked)]
    if len(used) and options.duplicates == "refuse":
        example = used.index[used.eq(used.iloc[0])] + 1
        raise SurveyError(
            f'{table.source}: "{key}" is repeated with different values for {used.nunique():,} of the customers who '
            f"answered, for example in rows {' and '.join(f'{row:,}' for row in example[:2])}. Correct the table, or "
            'keep the first row of each. In verbatim.toml:\n\n    [join]\n    duplicates = "first"\n'
        )
    return int(twice.nunique())


def _nothing_matches(survey: RawTable, on: str, asked: pd.Series, table: RawTable, key: str, keys: pd.Series) -> str:
    advice = "They would match if case were ignored: write them alike."
    if not _alike(asked, keys):
        advice = "Name the columns that hold the same key: join.on and join.key."
    return (
        f'{table.source}: no row of {survey.source} finds its customer. "{on}" looks like {_shape(asked)}, '
        f'"{key}" like {_shape(keys)} (9 a digit, a a letter). {advice}'
    )


def _alike(asked: pd.Series, keys: pd.Series) -> bool:
    return bool(asked[asked.ne("")].str.casefold().isin(keys.str.casefold()).any())


def _shape(keys: pd.Series) -> str:
    """Show what most keys look like, without showing one.

    Examples
    --------
    >>> _shape(pd.Series(["C-001", "C-002", "x"]))
    'a-999'
    """
    shapes = keys[keys.ne("")].map(lambda cell: re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", cell))[:30])
    return str(shapes.value_counts().sort_index().idxmax()) if len(shapes) else "nothing"
