"""What is known about the exports of a survey tool: its columns by name, the rows that are no answers."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from verbatim.records import Role
from verbatim.survey.wording import plain

PREFIX = "properties."
"""JSON exports of CRMs put the fields of a record under this name."""


class Drop(NamedTuple):
    """Rows that are no answers: where a column's cell matches the pattern (whole, lower case), and why they go.

    ``blank`` rows, those that hold nothing in the column, are kept. An unfinished answer may be kept by option.
    """

    column: str
    pattern: str
    reason: str
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A survey tool and the columns of its exports, by the names that its documentation or public code gives them.

    Attributes
    ----------
    name : str
        As its makers write it.
    needs : tuple of str
        Columns that together tell the tool; empty where only the header rows do.
    roles : mapping of role to names
        Columns whose use is known, the best first.
    aside : mapping of str to str
        Columns that the tool writes for itself, with the reason they are left out.
    contacts : tuple of str
        Columns with contact data.
    drops : tuple of Drop
        Rows that are no answers.
    month_first : bool
        Whether "3/5/2026" is the fifth of March.
    refusal : str
        Why no NPS can be computed from such a file; empty where one can.
    """

    name: str
    needs: tuple[str, ...] = ()
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    contacts: tuple[str, ...] = ()
    drops: tuple[Drop, ...] = ()
    month_first: bool = False
    refusal: str = ""

    def wrote(self, keys: Set[str]) -> bool:
        """Whether a header, as keys, holds every column that tells the tool."""
        return bool(self.needs) and all(key(name) in keys for name in self.needs)

    def role_of(self, name: str) -> tuple[Role, str] | None:
        """Role and reason of a column the tool writes for itself; None for the survey's own columns."""
        asked = key(name)
        if asked in map(key, self.contacts):
            return "contact", f"contact data written by {self.name}; kept out"
        reason = {key(known): why for known, why in self.aside.items()}.get(asked)
        return ("ignored", f"{self.name}: {reason}") if reason else None

    def hint(self, role: Role, names: Sequence[str]) -> str | None:
        """Name the column that the tool uses for a role; None where the file has none."""
        known = {key(name): name for name in reversed(names)}
        return next((known[key(name)] for name in self.roles.get(role, ()) if key(name) in known), None)

    def faults(self, cells: pd.DataFrame, keep_unfinished: bool) -> pd.Series:
        """Why each row is no answer; empty where it is one."""
        reasons = pd.Series("", index=cells.index, dtype="str")
        columns = {key(name): name for name in reversed(cells.columns)}
        for drop in self.drops:
            if key(drop.column) not in columns or (drop.unfinished and keep_unfinished):
                continue
            found = cells[columns[key(drop.column)]].str.strip().str.casefold()
            hit = found.str.fullmatch(drop.pattern) & found.ne("") & reasons.eq("")
            reasons = reasons.where(~hit, f"{self.name}: {drop.reason}")
        return reasons


def key(name: str) -> str:
    """Make names comparable: "properties.hs_value", "HS value" and "hs_value" are one.

    Examples
    --------
    >>> key("properties.hs_value"), key("RespondentID"), key("Respondent ID")
    ('hs value', 'respondent id', 'respondent id')
    """
    return plain(re.sub(r"(?<=[a-z])ID\b", " ID", name.removeprefix(PREFIX)))


class Parted(NamedTuple):
    """A file parted into its columns' names, their wordings, and the rows of data; ``tool`` is None where unknown."""

    tool: Tool | None
    names: list[str]
    wordings: list[str]
    rows: list[list[str]]


def one_line(cells: Sequence[str]) -> list[str]:
    """Write each header cell in one line."""
    return [" ".join(cell.split()) for cell in cells]
