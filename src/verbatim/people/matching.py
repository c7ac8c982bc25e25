"""Which contact is which respondent: joined by key, each contact once, and nobody who opted out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from verbatim.errors import SurveyError
from verbatim.people.contacts import Contacts
from verbatim.people.destinations.rules import FIELDS
from verbatim.people.respondents import Respondents

REFUSED_COLUMNS = ("row", "key", "reason")


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Contacts sorted into those who are respondents, those refused and those the survey never reached.

    Attributes
    ----------
    matched : DataFrame
        Rows of ``Contacts.table``, with ``respondent_id``; each respondent once.
    refused : DataFrame
        ``REFUSED_COLUMNS``: every row refused, and why.
    unmatched : int
        Contacts without a response in the run.
    without_contact : int
        Respondents of the run without a row in the file.
    """

    matched: pd.DataFrame
    refused: pd.DataFrame
    unmatched: int
    without_contact: int


def match(contacts: Contacts, people: Respondents, key: Callable[[str], str] | None = None) -> Matching:
    """Join contacts to respondents.

    Parameters
    ----------
    contacts : Contacts
        As read.
    people : Respondents
        Of the run.
    key : callable, optional
        Applied to every trimmed key before joining, where the run holds hashed respondent ids.

    Raises
    ------
    SurveyError
        No contact is a respondent: the wrong column or file.
    """
    table = contacts.table
    filled = table["key"].ne("")
    ids = table["key"].map(key).astype("str") if key else table["key"]
    table = table.assign(respondent_id=ids.where(filled, ""))
    known = filled & table["respondent_id"].isin(people.table.index)
    if not known.any():
        raise SurveyError(_nobody(contacts, people))
    reason = table["fault"].where(table["fault"].ne(""), "")
    reason = reason.where(reason.ne("") | filled, f"blank key: {contacts.on} is empty")
    unmatched = reason.eq("") & ~known
    open_ = reason.eq("") & known
    reason = reason.mask(open_ & _opted_out(table), "opted out")
    open_ &= reason.eq("")
    reason = reason.mask(open_, _repeats(table[open_], contacts.kept).reindex(table.index, fill_value=""))
    category = table["respondent_id"].map(people.table["category"])
    reason = reason.mask(open_ & reason.eq("") & category.isna(), "no score: the response has none")
    refused = table.assign(reason=reason).loc[reason.ne(""), list(REFUSED_COLUMNS)]
    missing = ~people.table.index.isin(table["respondent_id"])
    return Matching(table[known & reason.eq("")], refused, int(unmatched.sum()), int(missing.sum()))


def _opted_out(table: pd.DataFrame) -> pd.Series:
    """Opted out in this row, or in another row with the same key or the same e-mail address."""
    out, email = table["opted_out"], table["email"].str.casefold()
    by_key = table["respondent_id"].isin(table.loc[out, "respondent_id"])
    return out | by_key | (email.ne("") & email.isin(email[out]))


def _repeats(table: pd.DataFrame, kept: pd.DataFrame) -> pd.Series:
    """Reasons for keys that come twice: of equal rows the first stays, of unequal ones none, for who would it be."""
    cells = pd.concat([table[[*FIELDS, "tier", "value"]].astype("str"), kept.loc[table.index]], axis=1)
    rows: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for key, row, content in zip(table["respondent_id"], table["row"], cells.to_numpy(), strict=True):
        rows.setdefault(key, []).append((row, tuple(content)))
    reasons = [_repeat(row, rows[key]) for key, row in zip(table["respondent_id"], table["row"], strict=True)]
    return pd.Series(reasons, index=table.index, dtype="str")


def _repeat(row: int, same: Sequence[tuple[int, tuple[str, ...]]]) -> str:
    first, content = same[0]
    if any(other != content for _, other in same):
        others = [str(other) for other, _ in same if other != row]
        return f"same key, other cells: rows {', '.join(others[:5])}"
    return "" if row == first else f"repeated: equal to row {first}"


def _nobody(contacts: Contacts, people: Respondents) -> str:
    keys = contacts.table.loc[contacts.table["key"].ne(""), "key"]
    theirs = f'look like "{_shape(keys.iloc[0])}"' if len(keys) else "are all blank"
    ours = _shape(str(people.table.index[0])) if len(people.table) else ""
    return (
        f'{contacts.source}: no "{contacts.on}" is a respondent of this run. There they {theirs}, the run\'s '
        f'respondent ids like "{ours}" (9 for a digit, a for a letter). Name the right column with --on; '
        "if the survey was read without its respondent ids, name their column under [survey] respondent_id and run "
        "it again."
    )


def _shape(key: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", key))[:40]
