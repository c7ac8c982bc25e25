"""Models and configs made to harm: one sentence, nothing executed, nothing read outside the folder."""

import json
import random
import shutil
import struct

import pytest

from verbatim.config import load_config
from verbatim.errors import ConfigError, ModelError
from verbatim.themes.model import ThemeModel

FILES = ("model.json", "model.safetensors", "members.parquet")


@pytest.fixture
def folder(small_analysis, tmp_path):
    return small_analysis.themes.model.save(tmp_path / "model")


def told(folder):
    with pytest.raises(ModelError) as refusal:
        ThemeModel.load(folder)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 600
    return str(refusal.value)


def tensors(header, content=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content


@pytest.mark.parametrize(
    "content",
    [
        struct.pack("<Q", 1 << 40) + b"{}",
        tensors({"centre": {"dtype": "F32", "shape": [1 << 38], "data_offsets": [0, 1 << 40]}}),
        tensors({"centre": {"dtype": "F32", "shape": [1 << 38], "data_offsets": [0, 4]}}, b"\0\0\0\0"),
        tensors({"../../secret": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0\0\0\0"),
    ],
    ids=["a header of 1 TB", "a matrix of 1 TB", "a matrix of 1 TB in 4 bytes", "a name that climbs"],
)
def test_matrices_that_claim_what_they_are_not(folder, content):
    (folder / "model.safetensors").write_bytes(content)
    told(folder)


@pytest.mark.parametrize("name", FILES)
def test_files_swapped_for_another_kind(folder, name):
    other = FILES[FILES.index(name) - 1]
    shutil.copyfile(folder / other, folder / name)
    told(folder)


def test_a_card_nested_too_deep(folder):
    (folder / "model.json").write_text("[" * 100_000)
    told(folder)


def test_a_folder_that_is_a_link_out(folder, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "model").symlink_to(folder)
    assert "holds no links" in told(tmp_path / "run")


@pytest.mark.parametrize("name", FILES)
def test_a_bit_flipped_is_a_model_or_one_sentence(folder, name):
    chance, whole = random.Random(name), (folder / name).read_bytes()
    for _ in range(15):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        (folder / name).write_bytes(flipped)
        try:
            ThemeModel.load(folder)
        except ModelError as refusal:
            assert "\n" not in str(refusal)


@pytest.mark.parametrize(
    "content", ["x = " + "[" * 100_000, "[survey]\nscore = " + "{a=" * 50_000, "\0", "a" * 1_000_000, "[survey]\n" * 2]
)
def test_configs_made_to_harm(tmp_path, content):
    (tmp_path / "verbatim.toml").write_text(content)
    with pytest.raises(ConfigError, match=r"verbatim\.toml"):
        load_config(tmp_path / "verbatim.toml")
