"""The last look at a hand-off file: every row against the rules of its import, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from verbatim.errors import ConfigError
from verbatim.people.cells import FORMULA, dialled, inert, is_email, is_foreign_date, one_line, without_emoji
from verbatim.people.destinations.rules import Rules

_COMPANY = re.compile(r"compan(y|ies)|organi[sz]ation", re.IGNORECASE)


def lint_columns(headers: Sequence[str], rules: Rules) -> None:
    """Refuse a set of columns that the import does not take.

    Raises
    ------
    ConfigError
        Too many columns, two of one name, one without a name, or columns about companies where they are refused.
    """
    cut = "Take it out of handoff.keep"
    if rules.columns_below and len(headers) >= rules.columns_below:
        raise ConfigError(
            f"The file would have {len(headers):,} columns; {rules.title} takes fewer than {rules.columns_below:,}. "
            "Name fewer under handoff.keep."
        )
    if rules.no_companies and (companies := [name for name in headers if _COMPANY.search(name)]):
        raise ConfigError(f'"{companies[0]}": {rules.title} imports no attributes of companies. {cut}.')
    seen: set[str] = set()
    for name in headers:
        if not name or name.casefold() in seen:
            raise ConfigError(f'A second column would be called "{name}". {cut}, or rename it in the contacts file.')
        seen.add(name.casefold())


def lint_rows(table: pd.DataFrame, rules: Rules) -> pd.Series:
    """Why each row may not be imported, empty where it may; of rows that are one contact the first stays.

    ``table`` holds text under the headers of the destination, in the order of calling.
    """
    rows = [dict(zip(table.columns, cells, strict=True)) for cells in table.itertuples(index=False, name=None)]
    reasons = [_fault(row, rules) for row in rows]
    seen: set[tuple[str, str]] = set()
    for position, row in enumerate(rows):
        who = _who(row, rules)
        if not reasons[position] and who is not None:
            if who in seen:
                reasons[position] = f"repeated contact: {who[0]} belongs to a contact called earlier"
            seen.add(who)
    return pd.Series(reasons, index=table.index, dtype="str")


def _who(row: dict[str, str], rules: Rules) -> tuple[str, str] | None:
    for field in rules.unique:
        header = rules.headers[field]
        if row[header]:
            return header, row[header].casefold()
    return None


def _fault(row: dict[str, str], rules: Rules) -> str:
    if not any(row[rules.headers[field]] for field in rules.any_of):
        needed = " or ".join(rules.headers[field] for field in rules.any_of)
        return f"nothing to import by: no {needed}"
    for field in rules.unique:
        header = rules.headers[field]
        cell = row[header]
        if cell and (not is_email(cell) if field == "email" else inert(one_line(cell)) != cell):
            return f"{header} is no {'e-mail address' if field == 'email' else 'id'} that {rules.title} takes"
    phone = rules.headers.get("phone")
    for header, cell in row.items():
        if problem := _cell_fault(cell, rules, is_phone=header == phone):
            return f"{header} {problem}"
    return ""


def _cell_fault(cell: str, rules: Rules, *, is_phone: bool) -> str:
    if cell != one_line(cell):
        return "holds line breaks or control characters"
    if cell.startswith(FORMULA) and not (is_phone and dialled(cell) == cell):
        return "would be run as a formula"
    if not rules.emoji and cell != without_emoji(cell):
        return "holds emoji"
    if rules.iso_dates and not is_phone and is_foreign_date(cell):
        return "is no date as YYYY-MM-DD"
    return ""
