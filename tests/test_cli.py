"""The whole command line, on real files, as a user meets it."""

import io
import json
import os
import re
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from verbatim.cli import main
from verbatim.simulate import SimulationOptions, simulate_survey

BIN = Path(sys.executable).parent / "verbatim"
COMMANDS = ("demo", "check", "run", "report", "config", "simulate", "what-if", "power", "handoff")
TABLES = ("responses.parquet", "answers.parquet", "spans.parquet", "mentions.parquet", "drivers.csv", "segments.csv",
          "coded.csv", "themes.json", "model/model.safetensors", "model/members.parquet")  # fmt: skip


def verbatim(*args):
    """Run the command line in this process, which has the libraries loaded already."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with mock.patch.object(sys, "argv", ["verbatim", *map(str, args)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    return subprocess.CompletedProcess(args, code, out.getvalue(), err.getvalue())


def new_process(*args):
    env = os.environ | {"HF_HUB_OFFLINE": "1"}
    return subprocess.run([str(BIN), *map(str, args)], capture_output=True, text=True, timeout=300, env=env)


@pytest.fixture(scope="module")
def survey_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    simulate_survey(SimulationOptions(n=700, seed=11)).table.to_csv(folder / "survey.csv", index=False)
    (folder / "verbatim.toml").write_text(f'[encoder]\ncache = "{folder / "vectors"}"\n', encoding="utf-8")
    return folder / "survey.csv"


@pytest.fixture(scope="module")
def run(survey_file):
    done = new_process("run", survey_file, "--out", survey_file.parent / "run", "--config", config_of(survey_file))
    assert done.returncode == 0, done.stderr
    return survey_file.parent / "run", done


def config_of(survey_file):
    return survey_file.with_name("verbatim.toml")


def assert_refused(done, *words):
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr and done.stderr.startswith("verbatim: ")
    assert len(done.stderr.strip().splitlines()) <= 14
    for word in words:
        assert word in done.stderr, done.stderr


def test_help_names_every_command_and_is_quick():
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        done = new_process("--help")
        seconds.append(time.perf_counter() - start)
    assert all(re.search(rf"^\s+{command}\b", done.stdout, re.MULTILINE) for command in COMMANDS)
    assert min(seconds) <= 0.6


def test_run_prints_what_it_read_and_found(run):
    folder, done = run
    assert "nps_score" in done.stderr and "comment" in done.stderr
    assert "NPS" in done.stdout and str(folder / "report.html") in done.stdout
    assert (folder / "report.html").stat().st_size > 20_000
    drivers = pd.read_csv(folder / "drivers.csv")
    parents = set(drivers["parent_id"].dropna())
    assert parents, "the survey has two levels"
    broader, leaves = (
        set(drivers.loc[rows, "name"]) for rows in (drivers["theme_id"].isin(parents), drivers["level"] == 2)
    )
    printed = {cells[2].strip() for line in done.stdout.splitlines() if len(cells := re.split("[│┃]", line)) == 8}
    assert printed & leaves and not printed & (broader - leaves)


def test_a_second_run_of_shuffled_rows_gives_the_same_bytes(run, survey_file, tmp_path):
    folder, _ = run
    shuffled = pd.read_csv(survey_file, dtype="str", keep_default_na=False).sample(frac=1, random_state=5)
    shuffled.to_csv(tmp_path / "survey.csv", index=False)
    again = tmp_path / "again"
    done = verbatim("run", tmp_path / "survey.csv", "--out", again, "--config", config_of(survey_file), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ledger"]["responses"] == 700
    for table in TABLES:
        assert (again / table).read_bytes() == (folder / table).read_bytes(), table


def test_rows_without_ids_may_be_shuffled_too(survey_file, tmp_path):
    table = pd.read_csv(survey_file, dtype="str", keep_default_na=False).drop(columns="response_id").head(300)
    for name, rows in (("a", table), ("b", table.sample(frac=1, random_state=1))):
        (tmp_path / f"from {name}").mkdir()
        source = tmp_path / f"from {name}" / "survey.csv"  # a theme's lineage names the file it was born from
        rows.to_csv(source, index=False)
        done = verbatim("run", source, "--out", tmp_path / name, "--config", config_of(survey_file))
        assert done.returncode == 0, done.stderr
    for file in TABLES:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_a_model_gives_the_same_ids_to_the_next_wave(run, survey_file, tmp_path):
    folder, _ = run
    simulate_survey(SimulationOptions(n=400, seed=12)).table.to_csv(tmp_path / "q2.csv", index=False)
    done = verbatim(
        "run", tmp_path / "q2.csv", "--model", folder, "--out", tmp_path / "q2", "--config", config_of(survey_file)
    )
    assert done.returncode == 0, done.stderr
    names = [
        {t["theme_id"]: t["name"] for t in json.loads((f / "themes.json").read_text())}
        for f in (folder, tmp_path / "q2")
    ]
    assert names[0] == names[1]
    assert (pd.read_parquet(tmp_path / "q2" / "spans.parquet")["theme_id"].notna().mean()) > 0.5


def test_report_writes_again(run):
    folder, _ = run
    (folder / "report.md").unlink()
    done = verbatim("report", folder, "--only", "md")
    assert done.returncode == 0, done.stderr
    assert (folder / "report.md").exists()


def test_check_computes_nothing_and_speaks_json(survey_file):
    found = json.loads(verbatim("check", survey_file, "--json").stdout)
    roles = {column["name"]: column["role"] for column in found["columns"]}
    assert roles["nps_score"] == "score" and roles["comment"] == "comment" and roles["plan"] == "segment"
    assert found["ledger"]["rows_in"] == 700
    assert sorted(path.name for path in survey_file.parent.iterdir() if path.name not in ("run", "vectors")) == [
        "survey.csv",
        "verbatim.toml",
    ]


def test_config_can_be_pasted(tmp_path, survey_file):
    (tmp_path / "verbatim.toml").write_text(verbatim("config").stdout, encoding="utf-8")
    assert verbatim("check", survey_file, "--config", tmp_path / "verbatim.toml").returncode == 0


def test_an_existing_run_is_refused_before_any_work(run, survey_file):
    assert_refused(verbatim("run", survey_file, "--out", run[0]), "already holds a run", "--overwrite")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", ("empty",)),
        ("noscore.csv", b"colour,comment\n" + b"red,the van came late again today\n" * 30, ("score", "verbatim.toml")),
        ("three.csv", b"score,comment\n9,good service\n3,late delivery\n1,broken box\n", ("3 scored responses",)),
        ("binary.csv", bytes(range(256)) * 40, ()),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 500, ()),
    ],
)
def test_unusable_files_get_one_clear_sentence(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    done = verbatim("run", tmp_path / name, "--out", tmp_path / "run")
    assert_refused(done, name, *words)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_and_a_missing_file(tmp_path):
    (tmp_path / "folder").mkdir()
    assert_refused(verbatim("run", tmp_path / "folder", "--out", tmp_path / "run"), "folder")
    assert_refused(verbatim("run", tmp_path / "nowhere.csv", "--out", tmp_path / "run"), "nowhere.csv")
    assert_refused(verbatim("report", tmp_path / "folder"), "manifest.json")
    assert_refused(
        verbatim("run", tmp_path / "x.csv", "--out", tmp_path / "r", "--config", tmp_path / "no.toml"), "no.toml"
    )


def test_what_if_does_arithmetic_on_a_run(run):
    folder, _ = run
    drivers = pd.read_csv(folder / "drivers.csv").query("level == 2").dropna(subset="rank").set_index("theme_id")
    first, second = drivers.index[:2]
    done = verbatim("what-if", folder, f"{first}=-50%", f"{drivers.loc[second, 'name']}=+0.1", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["points"] == pytest.approx(-0.5 * drivers.loc[first, "effect"] + 0.1 * drivers.loc[second, "effect"])
    assert answer["low"] < answer["points"] < answer["high"]
    assert [theme["theme_id"] for theme in answer["themes"]] == [first, second]
    printed = verbatim("what-if", folder, f"{first}=-50%")
    assert printed.returncode == 0 and "not a forecast" in " ".join(printed.stdout.split())


def test_what_if_refuses_what_it_cannot_say(run):
    folder, _ = run
    drivers = pd.read_csv(folder / "drivers.csv").dropna(subset="rank")
    broad, leaf = (drivers.loc[drivers["level"] == level, "theme_id"].iloc[0] for level in (1, 2))
    for change, *words in (
        ("T99999=-50%", "no theme"),
        (f"{leaf}", "THEME=CHANGE"),
        (f"{leaf}=-50", "-50%"),
        (f"{leaf}=many", "in percent"),
        (f"{leaf}=-150%", "-100%"),
    ):
        assert_refused(verbatim("what-if", folder, change), *words)
    assert_refused(verbatim("what-if", folder, f"{leaf}=-50%", f"{broad}=-50%"), "different levels")
    assert_refused(verbatim("what-if", folder.parent, f"{leaf}=-50%"), "manifest.json")


def test_power_plans_with_and_without_a_run(run):
    folder, _ = run
    planned = verbatim("power", "--themes", 5, "--effect", -5, "--n", 300, "--n", 3000, "--json")
    assert planned.returncode == 0, planned.stderr
    curve = json.loads(planned.stdout)
    assert [row["n"] for row in curve["curve"]] == [300, 3000]
    assert curve["curve"][0]["found"] < curve["curve"][1]["found"] and curve["themes"] == 5
    from_run = verbatim("power", "--run", folder, "--n", 1000)
    assert from_run.returncode == 0, from_run.stderr
    assert "1,000" in from_run.stdout and "in 4 waves of 5" in " ".join(from_run.stdout.split())
    assert_refused(verbatim("power", "--run", folder, "--share", 0.1), "--share", "--run")
    assert_refused(verbatim("power", "--effect", 0), "not 0")
    assert_refused(verbatim("power", "--theme", "T01"), "no run")


def test_simulate_writes_survey_and_truth(tmp_path):
    done = verbatim("simulate", "--out", tmp_path / "wave.csv", "--n", 120)
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(tmp_path / "wave.csv")) == 120
    assert np.isfinite(pd.read_csv(tmp_path / "wave.truth.csv")["true_effect"]).all()
    assert_refused(verbatim("simulate", "--out", tmp_path / "wave.csv"), "--overwrite")


def test_demo_finds_the_planted_ranking(tmp_path):
    done = verbatim("demo", "--out", tmp_path / "demo")
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "demo" / "run" / "report.html") in done.stdout
    table = pd.read_csv(tmp_path / "demo" / "planted_and_found.csv")
    drivers = pd.read_csv(tmp_path / "demo" / "run" / "drivers.csv")
    assert not set(table["theme_id"].dropna()) & set(drivers["parent_id"].dropna())
    told = table.dropna(subset="together_low")
    assert (told["together_low"] <= told["effect_together"]).all() and len(told) >= 9
    single = told[told["n_found"] == 1]
    assert (single["together_low"] - single["effect_low"]).abs().max() < 1e-9
    worst = table.nsmallest(5, "planted_rank")
    assert (worst["found_rank"] <= 6).sum() >= 4
    survey = pd.read_csv(tmp_path / "demo" / "survey.csv")
    comments = survey["comment"].dropna()
    assert len(survey) >= 2000 and len(comments) / len(survey) < 0.6
    assert comments.nunique() / len(comments) >= 0.9
