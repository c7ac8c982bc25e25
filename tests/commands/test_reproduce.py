"""A run repeated from its manifest: the same bytes, or what differs."""

import json
import shutil
from dataclasses import replace

import pytest

from verbatim.commands.running import Asked, run_survey
from verbatim.errors import ConfigError, RunFolderError
from verbatim.simulate import SimulationOptions, simulate_survey


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return what was asked for the first run, of which rows, cache and folder change below."""
    place = tmp_path_factory.mktemp("first")
    simulate_survey(SimulationOptions(n=150, seed=3)).table.to_csv(place / "survey.csv", index=False)
    (place / "verbatim.toml").write_text(f'[encoder]\ncache = "{(place / "cache").as_posix()}"\n', encoding="utf-8")
    asked = Asked(str(place / "survey.csv"), place / "run", config=place / "verbatim.toml", quiet=True)
    run_survey(asked)
    return asked


def repeated(first, tmp_path, **changes):
    return replace(Asked(None, tmp_path / "again", from_manifest=first.out / "manifest.json", quiet=True), **changes)


def edited(first, tmp_path, change):
    manifest = json.loads((first.out / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return repeated(first, tmp_path, from_manifest=tmp_path / "manifest.json")


def test_the_same_bytes_with_a_cold_cache(first, tmp_path, capsys):
    shutil.rmtree(first.out.with_name("cache"))
    run_survey(repeated(first, tmp_path, quiet=False))
    assert "Repeated: all" in capsys.readouterr().err
    tables = json.loads((first.out / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert {"trends.csv", "alerts.csv", "plays.csv", "drivers.parquet", "model/model.safetensors"} <= set(tables)
    assert not {"report.html", "report.xlsx", "manifest.json"} & set(tables)


def test_what_differs_is_said_before_anything_is_computed(first, tmp_path):
    (tmp_path / "other.csv").write_bytes(first.config.with_name("survey.csv").read_bytes() + b"\n")
    with pytest.raises(RunFolderError, match=r"the survey: other\.csv has sha256"):
        run_survey(repeated(first, tmp_path, survey=str(tmp_path / "other.csv")))
    (tmp_path / "verbatim.toml").write_text("[drivers]\nseed = 9\n", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"drivers\.seed is 9, not 20260101"):
        run_survey(repeated(first, tmp_path, config=tmp_path / "verbatim.toml"))
    assert not (tmp_path / "again").exists()


def test_secret_words_are_asked_for(first, tmp_path):
    asked = edited(first, tmp_path, lambda manifest: manifest["options"]["redact"].update(words=["**********"]))
    with pytest.raises(ConfigError, match=r"redact\.words is secret"):
        run_survey(asked)


@pytest.mark.parametrize("content", ["", "[1]", "{}", "[" * 100_000])
def test_what_is_no_manifest(first, tmp_path, content):
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunFolderError, match="is no manifest"):
        run_survey(repeated(first, tmp_path, from_manifest=tmp_path / "manifest.json"))


def test_a_complete_run_is_not_done_again(first, tmp_path):
    before = (first.out / "manifest.json").stat().st_mtime_ns
    assert run_survey(replace(first, resume=True)).drivers.nps.n == 150
    with pytest.raises(RunFolderError, match="already holds a run"):
        run_survey(first)
    (tmp_path / "verbatim.toml").write_text("[drivers]\nseed = 9\n", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"may be another one: .*drivers\.seed"):
        run_survey(replace(first, resume=True, config=tmp_path / "verbatim.toml"))
    with pytest.raises(RunFolderError, match="it is compared with no earlier run"):
        run_survey(replace(first, resume=True, compared_with=first.out))
    assert (first.out / "manifest.json").stat().st_mtime_ns == before
