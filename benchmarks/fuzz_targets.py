"""What is fuzzed: each target takes bytes of anybody and must end with a result or a `VerbatimError`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from verbatim.commands.reproduce import read_manifest
from verbatim.config import load_config
from verbatim.errors import RunFolderError, VerbatimError
from verbatim.records import EncoderCard, Theme
from verbatim.survey.options import SurveyOptions
from verbatim.survey.read import read_survey
from verbatim.survey.tables import read_table
from verbatim.text.split import SplitOptions, split_texts
from verbatim.themes.codebook import read_codebook
from verbatim.themes.codebook_file import read_any_codebook
from verbatim.themes.model import ThemeModel
from verbatim.themes.prototypes import Prototypes

CASES = Path(__file__).parents[1] / "tests" / "fuzz_cases"
"""Inputs that once broke something, a folder a target; `tests/test_fuzz_cases.py` runs them all."""

ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".xlsx", ".parquet", ".txt.gz", ".feather")
_LANGUAGES = ("en", "de", "fr", "es", "pt", "xx", "zh", "nl")
MODEL_FILES = ("model.json", "model.safetensors", "members.parquet")


@lru_cache
def _place() -> Path:
    """A folder in memory, where there is one: a million files are written into it."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz.", dir=memory if memory.is_dir() else None))


def _file(name: str, data: bytes) -> Path:
    file = _place() / name
    file.write_bytes(data)
    return file


def table(data: bytes) -> None:
    """A file of any format becomes cells; the first byte chooses its ending."""
    if not data:
        return
    found = read_table(_file(f"survey{ENDINGS[data[0] % len(ENDINGS)]}", data[1:]), SurveyOptions())
    assert len(found.faults) == len(found.cells) and not found.cells.isna().any(axis=None)
    assert len(set(found.cells.columns)) == found.cells.shape[1]


def survey(data: bytes) -> None:
    """A CSV file becomes a survey; every row is accounted for and every answer stands in its comment."""
    found = read_survey(_file("survey.csv", data))
    assert found.reading.rows_in == len(found.responses) + len(found.rejected)
    assert found.responses["response_id"].is_unique
    comments = found.responses.set_index("response_id")["comment"]
    for answer in found.answers.itertuples():
        assert comments[answer.response_id][answer.start :].startswith(answer.text)


def split(data: bytes) -> None:
    """A comment becomes spans: in order, apart, inside it; the first byte chooses the language."""
    if not data:
        return
    text = data[1:].decode("utf-8", errors="ignore")
    (offsets,) = split_texts([text], SplitOptions(language=_LANGUAGES[data[0] % len(_LANGUAGES)]))
    end = 0
    for start, stop in offsets:
        assert end <= start < stop <= len(text) and text[start:stop].strip()
        end = stop


def config(data: bytes) -> None:
    """A verbatim.toml."""
    load_config(_file("verbatim.toml", data))


def codebook(data: bytes) -> None:
    """A codebook as YAML, or, after a zero byte, as CSV."""
    if data[:1] == b"\0":
        file = _file("codebook.csv", data[1:])
        found = read_any_codebook(file, read_table(file, SurveyOptions()).cells)
    else:
        found = read_codebook(_file("codebook.yaml", data))
    assert len({name.casefold() for name in found.names}) == len(found.themes) > 0


def model(data: bytes) -> None:
    """A theme model, one file of which is the bytes; the first byte chooses which."""
    if not data:
        return
    whole, folder = whole_model(), _place() / "model"
    folder.mkdir(exist_ok=True)
    chosen = MODEL_FILES[data[0] % len(MODEL_FILES)]
    for name in MODEL_FILES:
        (folder / name).write_bytes(data[1:] if name == chosen else whole[name])
    found = ThemeModel.load(folder)
    assert len(found.members) == len(found.vectors)
    assert set(found.prototypes.theme_of) <= {-1, *range(len(found.themes))}


@lru_cache
def whole_model() -> dict[str, bytes]:
    """The files of a small theme model, edited once so that it has a history."""
    themes = tuple(
        Theme(f"T0{k + 1}", name, (name.lower(),), f"About {name}", None, 1, "subject", "found", 2, (), ("born",))
        for k, name in enumerate(("Price", "Delivery", "Staff"))
    )
    members = pd.DataFrame({"text": list("abcdef"), "theme_id": [f"T0{k // 2 + 1}" for k in range(6)]}, dtype="str")
    made = ThemeModel(
        themes, Prototypes.of_themes(np.eye(3, 4, dtype=np.float32)), np.zeros(4, np.float32), 0.3, 0.5, "pieces", "en",
        EncoderCard("small", "0" * 64, 4), members, np.eye(3, 4, dtype=np.float32).repeat(2, axis=0),
    )  # fmt: skip
    folder = made.merge(["T01", "T02"]).save(_place() / "whole")
    return {name: (folder / name).read_bytes() for name in MODEL_FILES}


def manifest(data: bytes) -> None:
    """A manifest.json that is to be repeated."""
    read_manifest(_file("manifest.json", data))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (config, codebook, split, manifest, table, survey, model)
}


def tried(name: str, data: bytes) -> bool:
    """Run a target once; whether it gave a result. Anything but a result or a `VerbatimError` is raised."""
    try:
        TARGETS[name](data)
    except VerbatimError as refusal:
        message = str(refusal)
        assert message and len(message) < 5_000, message[:200]
        assert name != "manifest" or isinstance(refusal, RunFolderError)
        return False
    return True
