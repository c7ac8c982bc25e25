"""One row a contact, in the order of calling: what they said, what it costs, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from verbatim.people.cells import one_line
from verbatim.people.contacts import Contacts
from verbatim.people.destinations.activecampaign import ACTIVECAMPAIGN
from verbatim.people.destinations.calls import CALLS
from verbatim.people.destinations.hubspot import HUBSPOT
from verbatim.people.destinations.intercom import INTERCOM
from verbatim.people.destinations.rules import Rules
from verbatim.people.lint import lint_columns, lint_rows
from verbatim.people.matching import REFUSED_COLUMNS, match
from verbatim.people.options import HandoffOptions
from verbatim.people.plays import Play, choose_plays, every_play, unknown_to
from verbatim.people.respondents import respondents
from verbatim.people.rows import cleaned, findings, identity, in_call_order
from verbatim.records import Analysis

DESTINATIONS = {"hubspot": HUBSPOT, "intercom": INTERCOM, "activecampaign": ACTIVECAMPAIGN, "calls": CALLS}


@dataclass(frozen=True, slots=True, eq=False)
class Handoff:
    """What is handed over.

    Attributes
    ----------
    table : DataFrame
        One row a contact in the order of calling, under the headers of the destination: text, but for the whole
        numbers ``nps_score`` and ``nps_call_order``. Linted.
    refused : DataFrame
        ``row`` of the contacts file, ``key``, ``reason``.
    contacts, unmatched, without_contact : int
        Rows of the contacts file: those of ``table``, of ``refused`` and the unmatched, who did not answer; and
        respondents who are not in the file.
    notes : tuple of str
        What the user should know, in sentences.
    """

    table: pd.DataFrame
    refused: pd.DataFrame
    contacts: int
    unmatched: int
    without_contact: int
    notes: tuple[str, ...]


def hand_off(
    analysis: Analysis,
    contacts: Contacts,
    rules: Rules,
    *,
    options: HandoffOptions,
    plays: Sequence[Play],
    today: date,
    comments: bool = False,
    key: Callable[[str], str] | None = None,
) -> Handoff:
    """Join a run's findings to contacts, under the import rules of a destination.

    Parameters
    ----------
    analysis : Analysis
        One run.
    contacts : Contacts
        From `read_contacts`.
    rules : Rules
        Of the destination.
    options : HandoffOptions
        Tiers, values, columns to keep.
    plays : sequence of Play
        Tried before the default ones.
    today : date
        From which ``within_days`` count.
    comments : bool
        Whether the masked comments go along.
    key : callable, optional
        Applied to the contacts' keys before joining, where the run's respondent ids are hashed.

    Raises
    ------
    ConfigError
        The columns do not suit the destination.
    SurveyError
        No contact is a respondent of the run.
    """
    people = respondents(analysis)
    matching = match(contacts, people, key)
    rows = in_call_order(matching.matched.join(people.table, on="respondent_id"), options)
    chosen = choose_plays(people, plays).loc[rows["respondent_id"]]
    to_do = [every_play(plays)[position] for position in chosen]
    raw = [identity(rows, rules), findings(rows, to_do, rules, options, today)]
    if comments:
        raw.append(rows[["comment"]].fillna("").add_prefix("nps_"))
    raw.append(contacts.kept.loc[rows.index].rename(columns=one_line))
    lint_columns([*(name for part in raw for name in part.columns), "nps_call_order"], rules)
    table = cleaned(pd.concat(raw, axis=1), rules)
    reasons = lint_rows(table, rules)
    late = rows.assign(reason=reasons).loc[reasons.ne(""), list(REFUSED_COLUMNS)]
    table = table[reasons.eq("")].reset_index(drop=True)
    table = table.assign(nps_score=table["nps_score"].astype("int64"), nps_call_order=np.arange(1, len(table) + 1))
    refused = pd.concat([matching.refused, late]).sort_values("row", ignore_index=True)
    notes = (*contacts.notes, *unknown_to(people, plays))
    return Handoff(table, refused, len(contacts.table), matching.unmatched, matching.without_contact, notes)
