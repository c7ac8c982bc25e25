"""The command handoff: a run and a contacts file in, a file for those who call out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from verbatim.config import Config, options_of
from verbatim.errors import ConfigError, SurveyError
from verbatim.people.contacts import Contacts, read_contacts
from verbatim.people.files import check_out, refused_file, write_files
from verbatim.people.handoff import DESTINATIONS, Handoff, hand_off
from verbatim.people.options import HandoffOptions
from verbatim.records import Analysis
from verbatim.survey.binning import read_amounts
from verbatim.survey.options import SurveyOptions
from verbatim.survey.tables import read_table
from verbatim.text.respondent_key import hashed_id, read_key


def hand_over(
    run: Path,
    contacts: Path,
    on: str,
    to: str,
    out: Path,
    *,
    config: Config,
    comments: bool = False,
    consent: bool = False,
    overwrite: bool = False,
    today: date | None = None,
) -> list[str]:
    """Write a hand-off file; return what was done, in lines to print.

    Raises
    ------
    ConfigError
        An unknown destination, no consent where it is needed, a place that may not be written, unsuitable columns.
    RunFolderError, SurveyError
        The run or the contacts file cannot be read, or they have nobody in common.
    """
    if to not in DESTINATIONS:
        raise ConfigError(f'--to is "{to}". Choose from {", ".join(DESTINATIONS)}; calls suits everyone else.')
    rules = DESTINATIONS[to]
    if rules.consent and not consent:
        raise ConfigError(rules.consent)
    check_out(out, run, contacts, rules, overwrite=overwrite)
    analysis = Analysis.load(run)
    done = hand_off(
        analysis,
        open_contacts(contacts, on, config.handoff),
        rules,
        options=config.handoff,
        plays=config.plays,
        today=today or date.today(),
        comments=comments,
        key=_as_in_run(config, analysis),
    )
    if done.table.empty:
        raise SurveyError(f"{contacts.name}: nobody can be handed over. Refused: {'; '.join(_reasons(done))}.")
    files = write_files(done.table, done.refused, out, rules)
    return list(_lines(done, files, rules.title, refused_file(out)))


def _as_in_run(config: Config, analysis: Analysis) -> Callable[[str], str] | None:
    """How a contact's id is written in the run: hashed, where ``redact.hash_key`` of the options or the run says so."""
    secret = read_key(config.redact.hash_key or options_of(analysis.manifest).redact.hash_key)
    return (lambda one: hashed_id(one, secret)) if secret else None


def open_contacts(file: Path, on: str, options: HandoffOptions) -> Contacts:
    """Read a contacts file: CSV, TSV, Excel and what else a survey may be.

    Raises
    ------
    SurveyError
        The file is missing, empty, binary or damaged, or lacks a column.
    """
    try:
        table = read_table(file, SurveyOptions())
    except SurveyError as error:
        said = str(error).replace("A survey file is", "A contacts file is")
        raise SurveyError(f"The contacts cannot be read. {said}") from None
    return read_contacts(table.cells, table.faults, table.source, on, options, read_amounts)


def _reasons(done: Handoff) -> list[str]:
    counts = Counter(reason.partition(":")[0] for reason in done.refused["reason"])
    return [f"{reason} ({n:,})" for reason, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _lines(done: Handoff, files: list[Path], title: str, refused: Path) -> Iterator[str]:
    counts = done.table["nps_category"].value_counts()
    shares = ", ".join(f"{int(counts.get(name, 0)):,} {name}s" for name in ("detractor", "passive", "promoter"))
    yield f"{len(done.table):,} contacts for {title}, in the order of calling: {shares}."
    yield from (str(file) for file in files if file != refused)
    if len(done.refused):
        yield f"{len(done.refused):,} rows refused, listed in {refused}: {'; '.join(_reasons(done))}."
    yield (
        f"Of {done.contacts:,} contacts {done.unmatched:,} did not answer in this run; of its respondents "
        f"{done.without_contact:,} are not among the contacts."
    )
    yield from done.notes
