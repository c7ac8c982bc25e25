"""What an import takes: the words in which every destination states its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Field = Literal["email", "user_id", "first_name", "last_name", "name", "phone"]
FIELDS: tuple[Field, ...] = ("email", "user_id", "first_name", "last_name", "name", "phone")


@dataclass(frozen=True, slots=True)
class Rules:
    """The documented import rules of one destination.

    Attributes
    ----------
    title : str
        The destination as people call it.
    headers : mapping of Field to str
        What is known of a contact and handed over, and its header there, in the order of the columns.
    any_of : tuple of Field
        A row needs one of these.
    unique : tuple of Field
        Who a row is: the first of these that is filled. It must be whole and may not come twice.
    separator : str
        Between several values in one cell.
    columns_below : int or None
        A file must have fewer columns than this.
    largest : int or None
        Bytes a file may have; what is longer goes into several files.
    emoji : bool
        Whether the import survives emoji.
    iso_dates : bool
        Whether every date must be written YYYY-MM-DD, in columns handed over as they are too.
    no_companies : bool
        Whether columns about companies are refused.
    consent : str
        What the user must know and agree to before the import; empty where nothing.
    endings : tuple of str
        Kinds of file written.
    byte_order_mark : bool
        Whether a CSV file starts with one, which tells Excel that it is UTF-8.
    """

    title: str
    headers: Mapping[Field, str]
    any_of: tuple[Field, ...]
    unique: tuple[Field, ...]
    separator: str
    columns_below: int | None = None
    largest: int | None = None
    emoji: bool = True
    iso_dates: bool = False
    no_companies: bool = False
    consent: str = ""
    endings: tuple[str, ...] = (".csv",)
    byte_order_mark: bool = False
