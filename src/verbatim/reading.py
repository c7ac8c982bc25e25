"""How an input was read: shown by `verbatim check`, kept in the manifest; part of `verbatim.records`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal[
    "score", "comment", "date", "response_id", "respondent_id", "segment", "weight", "account", "outcome", "invited",
    "contact", "ignored",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One input column, the role it was given and why."""

    name: str
    role: Role
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class JoinReport:
    """How another table was joined to the survey; counts of rows and keys, never a key itself.

    Attributes
    ----------
    source, layout, sha256 : str
        The joined table.
    on, key : str
        Key column of the survey, and of the table.
    columns : tuple of str
        Columns brought from the table.
    rows : int
        Rows of the table.
    matched, unmatched, blank : int
        Rows of the survey that found their key, that did not, that have none; together ``rows_in``.
    unmatched_rows : tuple of int
        The first unmatched rows, 1-based.
    duplicate_keys : int
        Keys with several rows that differ.
    keys_without_response : int
        Keys of the table that nobody in the survey has.
    """

    source: str
    layout: str
    sha256: str
    on: str
    key: str
    columns: tuple[str, ...]
    rows: int
    matched: int
    unmatched: int
    blank: int
    unmatched_rows: tuple[int, ...]
    duplicate_keys: int
    keys_without_response: int


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How the input was read: shown by ``verbatim check``, kept in the manifest.

    ``tool`` names the survey tool that wrote the file, empty where unknown. ``changed`` counts what was changed in the
    cells on the way: bytes and mojibake mended, boilerplate taken off, scores recoded, dates left blank.
    """

    source: str
    layout: str
    sha256: str
    rows_in: int
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    tool: str = ""
    changed: Mapping[str, int] = field(default_factory=dict)
    join: JoinReport | None = None
