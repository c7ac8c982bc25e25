"""The command, and the examples of docs/handoff.md, on a real run; and that no contact is found in it afterwards."""

import csv
import hashlib
import io
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from tests.people import strict_activecampaign, strict_calls, strict_hubspot, strict_intercom

from verbatim import run_folder
from verbatim.cli import main
from verbatim.config import Config
from verbatim.report.write import write_report

PAGE = (Path(__file__).parents[2] / "docs" / "handoff.md").read_text(encoding="utf-8")
STRICT = {"hubspot": strict_hubspot, "intercom": strict_intercom, "activecampaign": strict_activecampaign}
SECRET = "Zyxwvutsrq"


@pytest.fixture(scope="module")
def run(small_analysis, tmp_path_factory):
    folder = tmp_path_factory.mktemp("handoff") / "run"
    return run_folder.write(small_analysis, folder, lambda into: write_report(small_analysis, into, Config().report))


@pytest.fixture
def place(run, small_analysis, tmp_path, monkeypatch):
    """Return a folder with the run, and contacts of which every cell but the key holds a word found nowhere else."""
    (tmp_path / "run").symlink_to(run, target_is_directory=True)
    people = small_analysis.survey.responses["respondent_id"].head(300)
    with (tmp_path / "crm.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["customer_id", "email", "first name", "last name", "phone", "loyalty", "annual_spend"])
        for k, person in enumerate(people):
            writer.writerow([person, f"{SECRET}{k}@example.com", SECRET, SECRET, f"+49 30 {k:06d}", SECRET, k])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verbatim(line):
    out, err, code = io.StringIO(), io.StringIO(), 0
    with mock.patch.object(sys, "argv", shlex.split(line)), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    return code, out.getvalue(), err.getvalue()


def contents(folder):
    return {file.relative_to(folder): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_the_examples_of_the_page_run_and_leave_nothing_in_the_run(place, run):
    before = contents(run)
    lines = re.findall(r"^verbatim handoff .*$", PAGE, re.MULTILINE)
    assert len(lines) == 4
    (place / "verbatim.toml").write_text(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0], encoding="utf-8")
    for line in [*lines, f"{lines[0]} --config verbatim.toml --with-comments --overwrite"]:
        code, out, err = verbatim(line)
        assert code == 0, err
        assert "300 contacts for" in out and SECRET not in out
    for to, module in STRICT.items():
        assert module.faults(place / f"{to}.csv") == []
    assert strict_calls.faults(place / "calls.xlsx") == []
    assert contents(run) == before
    assert not any(SECRET.encode() in content or b"+4930" in content for content in before.values())


def test_the_files_are_the_same_every_time(place):
    line = "verbatim handoff run --contacts crm.csv --on customer_id --to hubspot --overwrite --out"
    digests = set()
    for name in ("a.csv", "b.csv"):
        assert verbatim(f"{line} {name}")[0] == 0
        digests.add(hashlib.sha256((place / name).read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("--on customer_id --to intercom --out x.csv", ("--i-have-consent", "live message")),
        ("--on customer_id --to salesforce --out x.csv", ("hubspot", "calls")),
        ("--on customer_id --to hubspot --out x.xlsx", (".csv",)),
        ("--on customer_id --to hubspot --out run/x.csv", ("run folder",)),
        ("--on customer_id --to hubspot --out crm.csv --overwrite", ("replace the contacts file",)),
        ("--on customer_id --to hubspot --out there.csv", ("there.csv exists", "--overwrite")),
        ("--on customer --to hubspot --out x.csv", ("customer_id",)),
        ("--on email --to hubspot --out x.csv", ("no \"email\" is a respondent",)),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_explained_and_writes_nothing(place, more, words):
    (place / "there.csv").write_text("mine", encoding="utf-8")
    before = contents(place)
    code, out, err = verbatim(f"verbatim handoff run --contacts crm.csv {more}")
    assert (code, out) == (2, "") and err.startswith("verbatim: ") and "Traceback" not in err
    for word in words:
        assert word in err
    assert SECRET not in err and contents(place) == before


def test_nobody_left_to_hand_over(place):
    (place / "crm.csv").write_text("customer_id,email\nR0000001,nobody\n", encoding="utf-8")
    code, _, err = verbatim("verbatim handoff run --contacts crm.csv --on customer_id --to hubspot --out x.csv")
    assert code == 2 and "Email is no e-mail address that HubSpot takes (1)" in err
    assert not (place / "x.csv").exists()
