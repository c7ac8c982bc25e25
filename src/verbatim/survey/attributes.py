"""Groups of customers that are not found in the survey's own columns as they stand: joined, or cut from numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from verbatim.errors import ConfigError, SurveyError
from verbatim.records import RESERVED_COLUMNS, Column, JoinReport, Role
from verbatim.survey import wording
from verbatim.survey.binning import OTHER, Cut, GroupOptions, cut_numbers, pool_small, read_amounts
from verbatim.survey.columns import Roles
from verbatim.survey.groups import MOST_NUMBERS, determined_by_score, segment_values, why_no_segment
from verbatim.survey.join import JoinOptions, column_of, join_table
from verbatim.survey.options import SurveyOptions
from verbatim.survey.profile import Profile, profile
from verbatim.survey.scores import read_scores
from verbatim.survey.tables import RawTable

NUMBERS, SHOWN = 0.9, 3
JOINED = "joined; "


class Attributes(NamedTuple):
    """Further segments.

    Attributes
    ----------
    labels : DataFrame of str
        Row for row with the survey's cells, null where nothing is known; columns named as in ``responses``.
    own : mapping of str to Column
        Columns of the survey that were cut into groups, with their role.
    joined : tuple of Column
        Columns of the joined table.
    brought : DataFrame of str
        Their cells as found, row for row with the survey's.
    notes : tuple of str
    report : JoinReport or None
    blanked : mapping of str to Series of bool
        What was made blank, and in which rows.
    """

    labels: pd.DataFrame
    own: dict[str, Column]
    joined: tuple[Column, ...]
    brought: pd.DataFrame
    notes: tuple[str, ...]
    report: JoinReport | None
    blanked: dict[str, pd.Series]


def attributes_of(
    table: RawTable, roles: Roles, options: SurveyOptions, join: JoinOptions, groups: GroupOptions, account: str | None
) -> Attributes:
    """Join the other table, cut numbers into groups, and keep what can be a segment; accounts are none.

    Raises
    ------
    ConfigError
        A column to be cut has another role, or is in no table.
    SurveyError
        As `join_table`; a column named in ``join.columns`` is determined by the score; a column to be cut holds no
        or few numbers.
    """
    if not join.wanted and join != JoinOptions():
        raise ConfigError('join names no table. In verbatim.toml:\n\n    [join]\n    file = "crm.csv"\n')
    found = join_table(table, join) if join.wanted else None
    brought = found.cells if found else table.cells[[]]
    cuts = {_place(table, brought, name): how for name, how in groups.bins.items()}
    labels, own, joined = {}, {}, []
    for name in [name for name in cuts if name not in brought]:
        own[name], labels[_title(name, ())] = _cut_own(table, roles, name, cuts[name], groups)
    blanked = {f'"{name}": cells that are no numbers left blank': _checked(table, brought, name) for name in cuts}
    score = read_scores(table.cells[roles.score]).score
    for name in (name for name in map(str, brought) if name != account):
        title = _title(name, {*table.cells.columns, *roles.segments.values()})
        column, values = _joined_column(brought[name].rename(title), score, cuts.get(name), options, join, groups)
        joined.append(column)
        if column.role == "segment":
            labels[title] = values
    frame = pd.DataFrame(labels, index=table.cells.index, dtype="str")
    notes = tuple(_notes(found.report, joined, join)) if found else ()
    return Attributes(frame, own, tuple(joined), brought, notes, found.report if found else None, blanked)


def _place(table: RawTable, brought: pd.DataFrame, name: str) -> str:
    """Find a column to be cut among the joined ones, then among the survey's own."""
    by_sound = {wording.plain(str(n)): str(n) for n in brought}
    return by_sound.get(wording.plain(name)) or column_of(table, name, "segments.bins")


def _checked(table: RawTable, brought: pd.DataFrame, name: str) -> pd.Series:
    """Which cells of a column to be cut hold something else than a number; refuse where most do."""
    cells = brought[name] if name in brought else table.cells[name]
    given, amounts = segment_values(cells).notna(), read_amounts(cells).notna()
    if amounts.sum() <= 0.5 * given.sum():
        numbers = f"only {amounts.sum():,}" if amounts.any() else "none"
        found = f"{numbers} of its {given.sum():,} filled cells are numbers" if given.any() else "it is empty"
        raise SurveyError(
            f'{table.source}: segments.bins names "{name}", but {found}. '
            "Take it out of segments.bins, or name the column with the numbers."
        )
    return given & ~amounts


def _title(name: str, taken: Iterable[str]) -> str:
    """Name of a column in ``responses``, apart from all that are there already."""
    if name in RESERVED_COLUMNS:
        return f"{name} (segment)"
    return f"{name} (joined)" if name in taken else name


def _cut_own(table: RawTable, roles: Roles, name: str, how: Cut, groups: GroupOptions) -> tuple[Column, pd.Series]:
    """Cut a column of the survey into groups."""
    role = next(column.role for column in roles.columns if column.name == name)
    if role not in ("segment", "ignored"):
        raise ConfigError(
            f'{table.source}: segments.bins names "{name}", which is read as {role}. Name it in survey.ignore as well '
            "if it is a group of customers."
        )
    labels = pool_small(cut_numbers(read_amounts(table.cells[name]), how), groups.smallest)[0]
    return Column(name, "segment", f"numbers cut into {_groups(labels)}"), labels


def _joined_column(
    cells: pd.Series, score: pd.Series, how: Cut | None, options: SurveyOptions, join: JoinOptions, groups: GroupOptions
) -> tuple[Column, pd.Series]:
    """Give a joined column its role and its groups."""
    name, holds = str(cells.name), profile(cells, str(cells.name))
    values, said = _labels(cells, holds, how, groups)
    role: Role = "ignored"
    personal = join.columns is None and wording.PERSONAL.search(wording.plain(name))
    if holds.contact_share > 0.3 or personal or (wording.CONTACT.search(wording.plain(name)) and holds.distinct > 30):
        role, why = "contact", "contact data, kept out"
    elif _is_id(name) and holds.variety > 0.2:
        why = "an id"
    elif determined := determined_by_score(values, score):
        if join.columns is not None:
            raise SurveyError(
                f'join.columns names "{name}", which is {determined}. Such a column would take the place of every '
                "cause of the score. Take it out of join.columns."
            )
        why = determined
    elif unfit := why_no_segment(profile(values.fillna(""), name), values, score, options.segment_values):
        why = unfit
    else:
        role, why = "segment", said
    return Column(name, role, f"{JOINED}{why}"), values


def _labels(cells: pd.Series, holds: Profile, how: Cut | None, groups: GroupOptions) -> tuple[pd.Series, str]:
    """Cut a joined column where it holds numbers, pool its small groups; say what was done."""
    values, amounts, said = segment_values(cells), read_amounts(cells), ""
    numeric = holds.filled > 0 and amounts.notna().sum() >= NUMBERS * holds.filled and holds.date_share < NUMBERS
    if how is not None or (numeric and holds.distinct > MOST_NUMBERS and not _is_id(str(cells.name))):
        values = cut_numbers(amounts, how if how is not None else groups.joined_bins)
        said = "numbers cut into "
    values, pooled = pool_small(values, groups.smallest)
    end = f"; {pooled} small groups pooled as {OTHER}" if pooled else ""
    return values, f"{said}{_groups(values)}{end}"


def _is_id(name: str) -> bool:
    plain = wording.plain(name)
    return bool(wording.ANY_ID.search(plain) or wording.PERSON_ID.search(plain) or wording.CONTACT.search(plain))


def _groups(values: pd.Series) -> str:
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    shown = ", ".join(str(value)[:25] for value in counts.index[:SHOWN])
    return f"{len(counts)} groups: {shown}" + (", …" if len(counts) > SHOWN else "")


def _notes(report: JoinReport, columns: list[Column], join: JoinOptions) -> Iterator[str]:
    rows = report.matched + report.unmatched + report.blank
    yield f'{report.source} was joined by "{report.on}": {report.matched:,} of {rows:,} rows found their customer.'
    if report.unmatched:
        shown = ", ".join(f"{row:,}" for row in report.unmatched_rows)
        more = ", …" if report.unmatched > len(report.unmatched_rows) else ""
        yield f"Rows whose customer {report.source} lacks: {report.unmatched:,} (rows {shown}{more})."
    if report.blank:
        yield f'Rows without "{report.on}", whose joined columns are blank: {report.blank:,}.'
    if report.duplicate_keys:
        what = "the first row of each was taken" if join.duplicates == "first" else "none of them answered"
        yield f"Customers with several rows in {report.source} that differ: {report.duplicate_keys:,}; {what}."
    if join.columns is not None:
        for column in columns:
            if column.role != "segment":
                yield f'"{column.name}" is named in join.columns but is no segment: {column.reason}.'
