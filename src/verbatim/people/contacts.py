"""The contacts file: who a key is, how to reach them, whether they opted out. Nothing of it is ever kept in a run."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from verbatim.errors import ColumnNotFound
from verbatim.people.destinations.rules import FIELDS, Field
from verbatim.people.options import HandoffOptions

NAMES: dict[Field, frozenset[str]] = {
    "email": frozenset({"email", "emailaddress", "mail", "workemail", "primaryemail", "contactemail", "emailid"}),
    "user_id": frozenset({"userid", "externalid", "externaluserid"}),
    "first_name": frozenset({"firstname", "first", "givenname", "forename", "vorname", "prenom", "nombre", "fname"}),
    "last_name": frozenset({"lastname", "last", "surname", "familyname", "nachname", "apellido", "lname"}),
    "name": frozenset({"name", "fullname", "contactname", "customername", "displayname"}),
    "phone": frozenset({"phone", "phonenumber", "mobile", "mobilephone", "mobilenumber", "telephone", "tel", "cell"}),
}
OUT = re.compile(
    r"opt(ed)?out|unsubscrib|dono?t(contact|call|phone|e?mail)|^dnc$|suppress|consent(was)?withdrawn|withd(rawn|rew)consent|"
    r"(black|block)list|werbesperre|kontaktsperre|werbewiderspruch|abgemeldet|desinscri|desabonn|descadastr|dadodebaja|"
    r"disiscri|afgemeld|uitgeschreven|doesnotwant"
)
CONSENT = re.compile(r"consent|subscri|opt(ed)?in|gdpr|dsgvo|permission|einwillig|abonn")
MAY = frozenset({"", "no", "n", "false", "f", "0", "none", "null", "n/a", "-"})
Amounts = Callable[[pd.Series], pd.Series]


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """The contacts as read.

    Attributes
    ----------
    source, on : str
        Name of the file; its column with the survey's respondent ids.
    table : DataFrame
        ``row`` (1-based data row of the file), ``key`` (trimmed), the `FIELDS` and ``tier`` (empty where unknown),
        ``value`` (float, null where unknown), ``opted_out``, ``fault`` (why the row cannot be read, or empty).
    kept : DataFrame of str
        The columns to hand over as they are, row for row with ``table``.
    notes : tuple of str
        Which columns were taken for what, in sentences for the reader.
    """

    source: str
    on: str
    table: pd.DataFrame
    kept: pd.DataFrame
    notes: tuple[str, ...]


def read_contacts(
    cells: pd.DataFrame, faults: pd.Series, source: str, on: str, options: HandoffOptions, amounts: Amounts
) -> Contacts:
    """Find the columns of a contacts file.

    Parameters
    ----------
    cells : DataFrame of str
        One row a contact, blank cells empty.
    faults : Series of str
        Why a row cannot be read, empty where it can.
    source : str
        Name of the file, for messages.
    on : str
        Column with the survey's respondent ids.
    options : HandoffOptions
        Columns that are named rather than recognised.
    amounts : callable
        Reads a column of text as numbers, null where a cell is none.

    Raises
    ------
    ColumnNotFound
        A column that is named is not there.
    """
    key = _column(cells, on, "--on", source)
    taken = {field: _field(cells, field, options, source) for field in FIELDS}
    outs = _opt_outs(cells, options, source)
    table = pd.DataFrame({"row": range(1, len(cells) + 1), "key": cells[key].str.strip()}, index=cells.index)
    for field, column in taken.items():
        table[field] = cells[column].str.strip() if column else pd.Series("", index=cells.index, dtype="str")
    tier = _column(cells, options.tier, "handoff.tier", source) if options.tier else None
    value = _column(cells, options.value, "handoff.value", source) if options.value else None
    table["tier"] = cells[tier].str.strip() if tier else pd.Series("", index=cells.index, dtype="str")
    table["value"] = amounts(cells[value]).astype(float) if value else float("nan")
    table["opted_out"] = False
    for column in outs:
        table["opted_out"] |= ~cells[column].str.strip().str.casefold().isin(MAY)
    table["fault"] = faults
    kept = [_column(cells, name, "handoff.keep", source) for name in dict.fromkeys(options.keep)]
    unread = [str(name) for name in cells.columns if name not in outs and CONSENT.search(_plain(str(name)))]
    unread = unread if options.opt_out is None else []
    return Contacts(source, key, table, cells[kept], tuple(_notes(taken, outs, unread, table, value)))


def _plain(name: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return re.sub(r"[\W_]", "", bare.casefold())


def _column(cells: pd.DataFrame, name: str, option: str, source: str) -> str:
    names = [str(column) for column in cells.columns]
    if name in names:
        return name
    by_sound = {_plain(column): column for column in reversed(names)}
    if found := by_sound.get(_plain(name)):
        return found
    close = difflib.get_close_matches(_plain(name), list(by_sound), n=1)
    guess = f' Did you mean "{by_sound[close[0]]}"?' if close else ""
    shown = ", ".join(f'"{column}"' for column in names[:30]) + (f" and {len(names) - 30} more" if names[30:] else "")
    raise ColumnNotFound(f'{source}: {option} is "{name}", but there is no such column.{guess} Columns found: {shown}.')


def _field(cells: pd.DataFrame, field: Field, options: HandoffOptions, source: str) -> str | None:
    if named := getattr(options, field):
        return _column(cells, named, f"handoff.{field}", source)
    return next((str(column) for column in cells.columns if _plain(str(column)) in NAMES[field]), None)


def _opt_outs(cells: pd.DataFrame, options: HandoffOptions, source: str) -> list[str]:
    """Columns that say who must not be contacted: the one named, none for "", otherwise every one so called."""
    if options.opt_out is not None:
        return [_column(cells, options.opt_out, "handoff.opt_out", source)] if options.opt_out else []
    return [str(column) for column in cells.columns if OUT.search(_plain(str(column)))]


def _notes(
    taken: dict[Field, str | None], outs: list[str], unread: list[str], table: pd.DataFrame, value: str | None
) -> list[str]:
    found = [f'{field.replace("_", " ")} "{column}"' for field, column in taken.items() if column]
    notes = [
        f"Columns taken: {', '.join(found)}." if found else "No column with an e-mail, a name or a phone was found."
    ]
    if outs:
        named = ", ".join(f'"{column}"' for column in outs)
        notes.append(f"Opted out by {named}: {int(table['opted_out'].sum()):,} contacts of the file.")
    else:
        notes.append("No opt-out column was found; if the file has one, name it: [handoff] opt_out.")
    if unread:
        named = ", ".join(f'"{column}"' for column in unread)
        notes.append(
            f"Not read, though it may say who agreed to be contacted: {named}. Only columns of those who opted out are "
            "read: leave the others' rows out of the file, or name a column that marks them: [handoff] opt_out."
        )
    if value and (lost := int(table["value"].isna().sum())):
        notes.append(f'{lost:,} cells of "{value}" are no number; these contacts come last in their category.')
    return notes
