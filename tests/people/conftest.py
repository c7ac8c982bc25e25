from datetime import date

import pytest
from tests.people import made

from verbatim.commands.handoff import open_contacts
from verbatim.people.files import write_files
from verbatim.people.handoff import DESTINATIONS, hand_off
from verbatim.people.options import HandoffOptions
from verbatim.people.plays import DEFAULT_PLAYS

TODAY = date(2026, 3, 2)


@pytest.fixture
def handed(tmp_path):
    """Return a function that writes contacts, hands them over and returns the hand-off."""

    def hand(analysis, contacts, to="calls", plays=DEFAULT_PLAYS, comments=False, key=None, on="customer", **options):
        file = tmp_path / "crm.csv"
        if callable(contacts):
            contacts(file)
        else:
            file.write_text("\n".join(contacts), encoding="utf-8")
        settings = HandoffOptions(**options)
        return hand_off(
            analysis, open_contacts(file, on, settings), DESTINATIONS[to], options=settings, plays=plays, today=TODAY,
            comments=comments, key=key,
        )  # fmt: skip

    return hand


@pytest.fixture(scope="session")
def crowd():
    return made.crowd(1_000)


@pytest.fixture
def written(handed, tmp_path):
    """Return a function that hands over like ``handed`` and writes the files too."""

    def write(analysis, contacts, to, ending=".csv", **more):
        done = handed(analysis, contacts, to, **more)
        *files, refused = write_files(done.table, done.refused, tmp_path / f"out{ending}", DESTINATIONS[to])
        return done, files, refused

    return write
