"""Hand-off files re-read by checkers written from the imports' rules, knowing nothing of the code that wrote them."""

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.people import made, strict_activecampaign, strict_calls, strict_hubspot, strict_intercom

from verbatim.errors import ConfigError
from verbatim.people.contacts import read_contacts
from verbatim.people.files import write_files
from verbatim.people.handoff import DESTINATIONS, hand_off
from verbatim.people.options import HandoffOptions
from verbatim.survey.binning import read_amounts

TODAY = date(2026, 3, 2)
STRICT = {
    "hubspot": strict_hubspot, "intercom": strict_intercom, "activecampaign": strict_activecampaign,
    "calls": strict_calls,
}  # fmt: skip


@pytest.mark.parametrize("to", STRICT)
@pytest.mark.parametrize("columns", [0, 2_000])
def test_a_thousand_contacts_pass_or_are_refused_with_a_reason(written, crowd, to, columns):
    n = 1_000 if columns == 0 else 200
    done, files, refused = written(
        crowd,
        partial(made.fuzzed, n=n, more_columns=columns),
        to,
        comments=True,
        keep=("note", "=note 2"),
        value="worth",
    )
    assert [fault for file in files for fault in STRICT[to].faults(file)] == []
    listed = pd.read_csv(refused, dtype="str", keep_default_na=False)
    assert done.contacts == n == len(done.table) + len(listed) + done.unmatched
    assert listed["reason"].str.len().min() > 5 and listed["row"].is_unique
    assert len(done.table) > n / 5 and len(listed) > n / 10 and done.unmatched > 0


def test_a_workbook_for_callers(written, crowd):
    done, (file,), _ = written(crowd, made.fuzzed, "calls", ".xlsx", comments=True)
    assert strict_calls.faults(file) == []
    back = pd.read_excel(file, engine="calamine", keep_default_na=False)
    assert list(back.columns) == list(done.table.columns) and len(back) == len(done.table)
    assert back["nps_call_order"].tolist() == list(range(1, len(back) + 1))


@pytest.mark.parametrize("to", STRICT)
@given(cells=st.lists(st.tuples(*[st.text(max_size=12)] * 5), min_size=1, max_size=6), real=st.booleans())
@settings(max_examples=25, deadline=None, phases=[Phase.generate])
def test_whatever_people_type(crowd, to, cells, real):
    rows = [(f"C-{k:04d}", f"p{k}@example.com" if real else row[0], *row[1:]) for k, row in enumerate(cells)]
    table = pd.DataFrame(rows, columns=["customer", "email", "user id", "first name", "name", "phone"], dtype="str")
    contacts = read_contacts(
        table, pd.Series("", index=table.index), "crm.csv", "customer", HandoffOptions(), read_amounts
    )
    rules = DESTINATIONS[to]
    done = hand_off(crowd, contacts, rules, options=HandoffOptions(), plays=(), today=TODAY, comments=True)
    assert len(done.table) + len(done.refused) == done.contacts
    with tempfile.TemporaryDirectory() as folder:
        *files, _ = write_files(done.table, done.refused, Path(folder) / "out.csv", rules)
        faults = [fault for file in files for fault in STRICT[to].faults(file)]
    assert faults == ([] if len(done.table) else ["no rows"])


def test_the_checkers_do_find_faults(tmp_path):
    file = tmp_path / "bad.csv"
    header = "Email,First name,Last name,First Name,user_id,email,company_size,name,phone"
    file.write_text(
        f"{header},nps_date,nps_play_deadline,nps_themes\n=1@x,,,🎉,,,9,,,05/11/2026,,a\n,,,,,,,,,,,\n",
        encoding="utf-8",
    )
    for module, least in ((strict_hubspot, 3), (strict_intercom, 3), (strict_activecampaign, 5), (strict_calls, 2)):
        assert len(module.faults(file)) >= least, module


@pytest.mark.parametrize("to", ["hubspot", "intercom"])
def test_files_beyond_20_mb_are_split(written, crowd, to):
    def contacts(file):
        rows = [f"C-{k:04d},p{k}@example.com,{'x' * 99_000}" for k in range(450)]
        file.write_text("customer,email,note\n" + "\n".join(rows), encoding="utf-8")

    done, files, _ = written(crowd, contacts, to, keep=("note",))
    assert [file.name for file in files] == ["out-1.csv", "out-2.csv", "out-3.csv"] and len(done.table) == 450
    assert [fault for file in files for fault in STRICT[to].faults(file)] == []
    assert sum(len(pd.read_csv(file)) for file in files) == 450


def test_a_thousand_columns_are_refused_by_hubspot_alone(handed, crowd):
    contacts = partial(made.fuzzed, n=60, more_columns=1_000)
    keep = tuple(f"extra {k}" for k in range(1_000))
    with pytest.raises(ConfigError, match=r"1,016 columns; HubSpot takes fewer than 1,000"):
        handed(crowd, contacts, "hubspot", keep=keep)
    assert len(handed(crowd, contacts, "calls", keep=keep).table)


def test_intercom_takes_no_attributes_of_companies(handed, crowd):
    with pytest.raises(ConfigError, match="company size"):
        handed(crowd, ["customer,email,company size", "C-0001,a@example.com,9"], "intercom", keep=("company size",))


def test_an_old_part_is_no_hindrance_where_one_file_does(written, crowd, tmp_path):
    done, (file,), refused = written(crowd, ["customer,email", "C-0001,a@example.com"], "hubspot")
    assert (file.name, refused.name) == ("out.csv", "out.refused.csv")
    write_files(done.table, done.refused, file, DESTINATIONS["hubspot"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm.csv", "out.csv", "out.refused.csv"]
