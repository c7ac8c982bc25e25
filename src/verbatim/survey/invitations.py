"""Who was asked: response and comment rates, by wave and segment, and how often the same person was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import SurveyError
from verbatim.intervals import wilson
from verbatim.survey.dates import read_dates
from verbatim.survey.groups import segment_values
from verbatim.survey.join import column_of
from verbatim.survey.tables import RawTable

RATE_COLUMNS = (
    "by", "value", "people", "invited", "responded", "response_rate", "response_low", "response_high", "commented",
    "comment_rate", "comment_low", "comment_high",
)  # fmt: skip
EVERYBODY, WAVE, TIMES = "all", "wave", "times asked"
NOT_INVITED = frozenset(("no", "n", "false", "0", "not sent", "not invited"))
SHOWN, DATED, MOST_TIMES = 8, 0.9, 4


class InvitationOptions(BaseModel):
    """Where a file also holds people who were asked and did not answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str | None = Field(
        default=None, description="Column that says who was invited: a date of sending, a status, yes or no."
    )
    invited: tuple[str, ...] = Field(
        default=(), description='Its cells that say so, such as ["sent", "responded"]; without it all but blank and no.'
    )
    wave: str | None = Field(
        default=None,
        description="Column with the wave or the date of the invitation; without it the invited column where it holds "
        "dates. Dates are taken by month.",
    )


class Invited(NamedTuple):
    """`RATE_COLUMNS`, a row a wave or group of customers; and what a reader should know, in sentences."""

    rates: pd.DataFrame
    notes: tuple[str, ...]


def read_invitations(
    table: RawTable,
    state: pd.DataFrame,
    segments: pd.DataFrame,
    options: InvitationOptions,
    date_format: str | None = None,
) -> Invited | None:
    """Count who was invited, who responded and who commented; None where no column says who was invited.

    Parameters
    ----------
    table : RawTable
    state : DataFrame of bool and str
        Row for row with the table: ``silent`` (neither score nor comment), ``kept`` (a response), ``commented``,
        ``person`` (null: unknown). Rows that are neither silent nor kept were rejected for another reason and are not
        counted.
    segments : DataFrame of str
        Groups of all rows.
    options : InvitationOptions
    date_format : str, optional
        How dates are written.

    Raises
    ------
    ColumnNotFound
        An option names no column.
    SurveyError
        No row is marked as invited.
    """
    if options.column is None:
        return None
    cells = table.cells[column_of(table, options.column, "invitations.column")].str.strip()
    marked = _marked(cells, options)
    counted = marked & (state["silent"] | state["kept"])
    if not counted.any():
        found = ", ".join(f'"{value[:30]}"' for value in _commonest(cells))
        raise SurveyError(
            f'{table.source}: no row is marked as invited in "{cells.name}", which holds {found}. List the cells that '
            'say so in verbatim.toml:\n\n    [invitations]\n    invited = ["sent"]\n'
        )
    waves, unsettled = _waves(table, cells, options, date_format)
    rows = state[counted].assign(wave=waves[counted])
    groups = {EVERYBODY: pd.Series(EVERYBODY, rows.index), WAVE: rows["wave"], TIMES: _times_asked(rows["person"])}
    groups |= {str(name): segments[name][counted] for name in segments}
    parts = [_rates(rows, by, values) for by, values in groups.items() if values.notna().any()]
    rates = pd.concat(parts, ignore_index=True)[list(RATE_COLUMNS)]
    outside = int((state["kept"] & ~marked).sum())
    return Invited(rates, (*_notes(rates, rows["person"], outside), *unsettled))


def invited_column(table: RawTable, options: InvitationOptions) -> list[str]:
    """Name the column that says who was invited, which then is nothing else; none where no option names one."""
    return [] if options.column is None else [column_of(table, options.column, "invitations.column")]


def _marked(cells: pd.Series, options: InvitationOptions) -> pd.Series:
    said = cells.str.casefold()
    if options.invited:
        return said.isin([value.strip().casefold() for value in options.invited])
    return segment_values(cells).notna() & ~said.isin(NOT_INVITED)


def _waves(
    table: RawTable, cells: pd.Series, options: InvitationOptions, date_format: str | None
) -> tuple[pd.Series, list[str]]:
    """Wave of every row: the month of a date, otherwise what the column says; and a note where neither is known."""
    named = options.wave is not None
    source = table.cells[column_of(table, options.wave, "invitations.wave")] if options.wave else cells
    labels = segment_values(source)
    read = read_dates(source, date_format)
    filled = int(labels.notna().sum())
    if filled and read.date.notna().sum() >= DATED * filled:
        if read.unsettled:
            unclear = (
                f'"{source.name}": day and month cannot be told apart, so there are no waves; set survey.date_format.'
            )
            return pd.Series(None, index=cells.index, dtype="str"), [unclear]
        return read.date.dt.strftime("%Y-%m").astype("str").where(read.date.notna()), []
    return (labels if named else pd.Series(None, index=cells.index, dtype="str")), []


def _times_asked(person: pd.Series) -> pd.Series:
    """How often the person of each invitation was asked in all; null where the person is unknown."""
    times = person.map(person.value_counts())
    return times.map(lambda n: f"{n:.0f}" if n < MOST_TIMES else f"{MOST_TIMES} or more", na_action="ignore")


def _rates(rows: pd.DataFrame, by: str, values: pd.Series) -> pd.DataFrame:
    grouped = rows.assign(value=values.astype("str")).dropna(subset=["value"]).groupby("value", sort=True)
    table = grouped.agg(
        people=("person", "nunique"),
        invited=("kept", "size"),
        responded=("kept", "sum"),
        commented=("commented", "sum"),
    ).reset_index()
    for what, part, whole in (("response", "responded", "invited"), ("comment", "commented", "responded")):
        share = (table[part] / table[whole].where(table[whole] > 0)).astype(float)
        low, high = wilson(share.to_numpy(), table[whole].to_numpy())
        table[[f"{what}_rate", f"{what}_low", f"{what}_high"]] = pd.DataFrame({0: share, 1: low, 2: high}).to_numpy()
    return table.assign(by=by).astype(dict.fromkeys(("people", "invited", "responded", "commented"), "int64"))


def _notes(rates: pd.DataFrame, person: pd.Series, outside: int) -> Iterator[str]:
    every = rates[rates["by"] == EVERYBODY].iloc[0]
    yield (
        f"{every['invited']:,} were invited, {every['responded']:,} responded ({_share(every, 'response')}), and "
        f"{every['commented']:,} of those commented ({_share(every, 'comment')})."
    )
    times = person.value_counts()
    if len(times):
        again = int((times > 1).sum())
        more = f"{again:,} were asked more than once, at most {times.max()} times" if again else "nobody more than once"
        yield f"{len(times):,} people were asked; {more}."
    if outside:
        yield f"{outside:,} responses are not marked as invited; they are in no rate."


def _share(row: pd.Series, what: str) -> str:
    rate, low, high = (100 * float(row[f"{what}_{part}"]) for part in ("rate", "low", "high"))
    return f"{rate:.1f} % [{low:.1f}, {high:.1f}]" if rate == rate else "no rate"


def _commonest(cells: pd.Series) -> list[str]:
    """The commonest values, equally common ones by name."""
    return cells.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:SHOWN].tolist()
