"""`verbatim simulate`: files, worlds, waves; every mistake exits 2 with a sentence."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout

import pandas as pd
import pytest

from verbatim.cli import main


def simulate(monkeypatch, *args) -> tuple[int, str]:
    out, err, code = io.StringIO(), io.StringIO(), 0
    monkeypatch.setattr(sys, "argv", ["verbatim", "simulate", *map(str, args)])
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, out.getvalue() + err.getvalue()


@pytest.mark.parametrize("name", ["plain", "null", "interactions", "omitted", "thresholds", "strong", "halo"])
def test_every_world_with_words_is_written_with_its_truth(name, monkeypatch, tmp_path):
    assert simulate(monkeypatch, "--out", tmp_path / "s.csv", "--world", name, "--n", 200)[0] == 0
    truth = pd.read_csv(tmp_path / "s.truth.csv")
    assert len(pd.read_csv(tmp_path / "s.csv")) == 200
    assert (truth["true_effect"] == 0).all() == (name == "null")
    harmful = truth[truth["beta"] < 0]
    mixed = (harmful["true_effect_bad"] < harmful["true_effect"] - 0.1).any()
    assert mixed == (name == "halo")


def test_null_stays_an_option_of_its_own(monkeypatch, tmp_path):
    assert simulate(monkeypatch, "--out", tmp_path / "s.csv", "--null", "--n", 60)[0] == 0
    assert (pd.read_csv(tmp_path / "s.truth.csv")["true_effect"] == 0).all()


def test_two_waves_are_five_files_and_nothing_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setattr("verbatim.simulate.survey.POPULATION", 2_000)
    code, told = simulate(monkeypatch, "--out", tmp_path / "s.csv", "--waves", 2, "--n", 60)
    names = ["s.wave1.csv", "s.wave1.truth.csv", "s.wave2.csv", "s.wave2.truth.csv", "s.changes.csv"]
    assert code == 0 and [line.rsplit("/", 1)[-1] for line in told.split()] == names
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)
    code, told = simulate(monkeypatch, "--out", tmp_path / "s.csv", "--waves", 2, "--n", 60)
    assert code == 2 and "--overwrite" in told


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--world", "sunny"), "plain, null, interactions"),
        (("--world", "tagging"), "no words"),
        (("--waves", 3), "--waves"),
        (("--n", 3), "--n"),
        (("--halo", 2), "--halo"),
        (("--seed", -1), "--seed"),
    ],
)
def test_mistakes_exit_2_and_write_nothing(args, said, monkeypatch, tmp_path):
    code, told = simulate(monkeypatch, "--out", tmp_path / "s.csv", *args)
    assert code == 2 and said in told and "Traceback" not in told
    assert not list(tmp_path.iterdir())
