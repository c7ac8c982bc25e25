"""Stages on disk: exact, never mixed, whole or not there."""

import io
import resource
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import SecretStr

import verbatim as vb
from verbatim import run_folder
from verbatim.errors import RunFolderError
from verbatim.nps import Nps
from verbatim.records import Spans
from verbatim.report.write import write_report
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text.masking.options import RedactOptions
from verbatim.unfinished.stages import Stages, put
from verbatim.unfinished.values import fingerprint, pack, unpack


def there_and_back(value, known=None):
    file = io.BytesIO()
    pack(value, file, known)
    return unpack(file, known)


def test_every_record_of_an_analysis_comes_back_to_the_bit(small_analysis):
    parts = (small_analysis.survey, small_analysis.spans, small_analysis.sentiment, small_analysis.drivers,
             replace(small_analysis.themes.model, reader=None))  # fmt: skip
    for part in parts:
        again = there_and_back(part)
        assert type(again) is type(part)
        assert fingerprint(again) == fingerprint(part), type(part).__name__
    before, after = small_analysis.drivers.table, there_and_back(small_analysis.drivers).table
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_values_keep_their_kind():
    reader = object()
    value = {
        "tuple": (1, 2.5, None, "é"), "list": [True, float("inf")], "nps": Nps(1.0, 0.5, 1.5, 3), "of": reader,
        "array": np.arange(6, dtype=np.float32).reshape(2, 3), "ids": np.array(["T01", ""], dtype=object),
    }  # fmt: skip
    again = there_and_back(value, {"reader": reader})
    assert again["tuple"] == value["tuple"] and again["list"] == value["list"] and again["nps"] == value["nps"]
    assert again["of"] is reader and isinstance(again["nps"], Nps)
    assert again["array"].dtype == np.float32 and (again["array"] == value["array"]).all()
    assert list(again["ids"]) == ["T01", ""]


def test_what_is_no_data_is_not_kept():
    with pytest.raises(TypeError, match="cannot keep"):
        pack({"call": print}, io.BytesIO())


def ran(folder, stages, options=1, given="survey"):
    """Run two stages; which of them did work."""
    worked = []
    steps = Stages(folder, {"numpy": "2"})
    steps.given(lambda: given)
    for stage in stages:
        steps.run(stage, lambda stage=stage: worked.append(stage) or Spans(pd.DataFrame({"text": [stage]})), options)
    return worked


def test_what_was_done_is_taken_and_nothing_else(tmp_path):
    assert ran(tmp_path, ["a", "b"]) == ["a", "b"]
    assert ran(tmp_path, ["a", "b"]) == []
    assert ran(tmp_path, ["a", "b"], options=2) == ["a", "b"]
    assert ran(tmp_path, ["a", "b"], given="another") == ["a", "b"]
    assert ran(tmp_path, ["b"]) == ["b"]
    assert ran(None, ["a"]) == ["a"]


def test_secret_words_are_told_apart_and_never_written(tmp_path):
    for word in ("Irwin", "Carolyn", "Irwin"):
        Stages(tmp_path, {}).run("redact", lambda: "masked", RedactOptions(words=(SecretStr(word),)))
    files = list(tmp_path.glob("*.stage"))
    assert len(files) == 2
    assert not any(word in file.read_bytes() or word.decode() in file.name for file in files for word in (b"Irwin",))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a stage", None])
def test_a_damaged_stage_is_done_again(tmp_path, damage):
    ran(tmp_path, ["a"])
    file = next(tmp_path.glob("a-*.stage"))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert ran(tmp_path, ["a"]) == ["a"] and ran(tmp_path, ["a"]) == []
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert len(ran(tmp_path, ["a"])) <= 1 and ran(tmp_path, ["a"]) == []


def test_a_full_disk_leaves_what_was_there(tmp_path):
    put(tmp_path / "a.stage", "small")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        with pytest.raises(RunFolderError, match="--resume"):
            put(tmp_path / "b.stage", np.zeros(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert [file.name for file in tmp_path.iterdir()] == ["a.stage"]


def test_an_analysis_stopped_anywhere_ends_as_if_it_had_not_been(encoder, tmp_path):
    """Stopped before each stage it tells of, and continued; `make torture` does it to whole processes with SIGKILL."""
    survey = vb.read_survey(simulate_survey(SimulationOptions(n=120, seed=11)).table)
    whole = vb.analyze(survey, encoder=encoder)
    told = set()

    def stop_once(stage, done, total):
        if stage not in told:
            told.add(stage)
            raise KeyboardInterrupt

    analysis = None
    while analysis is None:
        with suppress(KeyboardInterrupt):
            analysis = vb.analyze(survey, encoder=encoder, kept_in=tmp_path, progress=stop_once)
    assert {"themes", "drivers"} <= told
    assert {"redact", "split", "embed", "sentiment", "themes", "names"} <= set(analysis.manifest["resumed"])
    for folder, each in (("whole", whole), ("continued", analysis)):
        run_folder.write(each, tmp_path / folder, lambda into, each=each: write_report(each, into, only=["html", "md"]))
    files = {file.relative_to(tmp_path / "whole") for file in (tmp_path / "whole").rglob("*") if file.is_file()}
    for file in files - {Path("manifest.json")}:
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "continued" / file).read_bytes(), file
