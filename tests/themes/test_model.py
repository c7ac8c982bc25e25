import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file, save_file

import verbatim as vb
from verbatim.errors import ModelError
from verbatim.records import EncoderCard
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text.embed import embed_spans
from verbatim.text.split import split_comments
from verbatim.themes import model_folder
from verbatim.themes.discover import apply_themes
from verbatim.themes.history import Edit
from verbatim.themes.model import ThemeModel
from verbatim.themes.model_folder import theme_to_json


@pytest.fixture(scope="module")
def model(small_analysis):
    return small_analysis.themes.model


@pytest.fixture
def folder(model, tmp_path):
    return model.save(tmp_path / "model")


@pytest.fixture(scope="module")
def embedding(small_analysis, encoder):
    return embed_spans(small_analysis.survey, split_comments(small_analysis.survey), encoder=encoder)


def as_json(themes):
    return [theme_to_json(theme) for theme in themes]


def test_a_saved_model_recognises_the_same_themes(small_analysis, embedding, encoder, folder):
    loaded = ThemeModel.load(folder)
    spans, themes = apply_themes(split_comments(small_analysis.survey), embedding, encoder, loaded)
    columns = ["span_id", "theme_id", "similarity"]
    assert spans.table[columns].equals(small_analysis.spans.table[columns])
    assert as_json(themes.themes) == as_json(small_analysis.themes.themes)


def test_analyze_with_a_model_keeps_ids_and_names(small_survey, small_analysis, encoder, folder):
    again = vb.analyze(small_survey, model=ThemeModel.load(folder), encoder=encoder)
    assert again.spans.table.equals(small_analysis.spans.table)
    assert again.mentions.table.equals(small_analysis.mentions.table)


def test_what_is_loaded_is_what_was_saved(model, folder):
    loaded = ThemeModel.load(folder)
    assert as_json(loaded.themes) == as_json(model.themes)
    assert asdict(loaded.encoder) == asdict(model.encoder)
    assert loaded.centroids.tobytes() == model.centroids.tobytes()
    assert loaded.centre.tobytes() == model.centre.tobytes()
    assert loaded.members.equals(model.members)
    assert np.allclose(loaded.vectors, model.vectors, atol=1e-3)
    assert (loaded.min_similarity, loaded.language) == (model.min_similarity, model.language)


def test_saving_twice_gives_the_same_bytes(model, tmp_path):
    one, two = model.save(tmp_path / "one"), model.save(tmp_path / "two")
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes()


def test_a_run_folder_s_model_is_found(model, tmp_path):
    model.save(tmp_path / "run" / "model")
    assert as_json(ThemeModel.load(tmp_path / "run").themes) == as_json(model.themes)


def test_nothing_near_a_theme_has_none(model):
    far = np.linalg.svd(model.centroids)[2][-1:]  # at right angles to all centroids
    rows, similarity = model.nearest(far + model.centre)
    assert rows.tolist() == [-1] and similarity[0] < model.min_similarity


def test_a_theme_s_own_centroid_is_nearest_to_it(model):
    own = model.centroids[model.leaves] + model.centre
    rows, similarity = model.nearest(own)
    assert rows.tolist() == model.leaves.tolist()
    assert np.allclose(similarity, 1, atol=1e-3)
    assert np.allclose(model.similarity(own, rows), similarity, atol=1e-3)


def test_a_broader_theme_is_nobody_s_nearest(model):
    broader = np.setdiff1d(np.arange(len(model.themes)), model.leaves)
    assert len(broader)
    assert not np.isin(model.nearest(model.centroids[broader] + model.centre)[0], broader).any()


def test_another_encoder_is_refused(small_analysis, embedding, encoder, model):
    foreign = replace(model, encoder=EncoderCard("other", "0" * 64, 384))
    with pytest.raises(ModelError, match=r'made with the encoder "other".*Set encoder\.model = "other"'):
        apply_themes(split_comments(small_analysis.survey), embedding, encoder, foreign)


def truncate(name):
    def damage(folder):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return damage


def remove(name):
    return lambda folder: (folder / name).unlink()


def card_with(**changes):
    def damage(folder):
        card = json.loads((folder / "model.json").read_text())
        (folder / "model.json").write_text(json.dumps(card | changes))

    return damage


def matrices_with(change):
    def damage(folder):
        matrices = load_file(folder / "model.safetensors")
        save_file(change(matrices), folder / "model.safetensors")

    return damage


def strange_members(folder):
    pd.DataFrame({"text": ["a"], "theme_id": ["T99"]}).to_parquet(folder / "members.parquet")
    matrices = load_file(folder / "model.safetensors")
    save_file(matrices | {"vectors": matrices["vectors"][:1]}, folder / "model.safetensors")


DAMAGES = {
    "no card": remove("model.json"),
    "no matrices": remove("model.safetensors"),
    "no members": remove("members.parquet"),
    "half a card": truncate("model.json"),
    "half the matrices": truncate("model.safetensors"),
    "half the members": truncate("members.parquet"),
    "another version": card_with(model_version=99),
    "no themes": card_with(themes=[]),
    "a theme with strange fields": card_with(themes=[{"theme_id": "T01", "code": "import os"}]),
    "no encoder": card_with(encoder=None),
    "a list for a card": lambda folder: (folder / "model.json").write_text("[1]"),
    "numbers that are none": matrices_with(lambda m: m | {"prototypes": m["prototypes"] * np.float32("nan")}),
    "fewer prototypes": matrices_with(lambda m: m | {"prototypes": m["prototypes"][1:]}),
    "a prototype of no theme": matrices_with(lambda m: m | {"of_theme": m["of_theme"] + 90}),
    "a part of itself": matrices_with(lambda m: m | {"within": np.arange(len(m["within"]))}),
    "an id twice": lambda f: (f / "model.json").write_text((f / "model.json").read_text().replace('"T02"', '"T01"')),
    "a history of nothing": card_with(history=[{"action": "system"}]),
    "a history of what is no edit": card_with(history=[Edit("refit").to_json()]),
    "a matrix missing": matrices_with(lambda m: {"centre": m["centre"]}),
    "members of unknown themes": strange_members,
    "a pickle": lambda folder: (folder / "model.safetensors").write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR."),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_told_in_one_sentence(folder, damage):
    damage(folder)
    with pytest.raises(ModelError) as told:
        ThemeModel.load(folder)
    message = str(told.value)
    assert str(folder) in message and "\n" not in message and len(message) < 600
    assert any(
        way in message for way in ("take another copy", "Take another copy", "Name a run folder", "Use the release")
    )


def as_version_2(folder):
    """Turn a saved model into one of the first release that had no edits."""
    card = json.loads((folder / "model.json").read_text())
    for name in ("retired", "spent", "shown", "history", "origin"):
        del card[name]
    for theme in card["themes"]:
        del theme["tone"], theme["confirm_next_wave"]
    (folder / "model.json").write_text(json.dumps(card | {"model_version": 2}))
    matrices = load_file(folder / "model.safetensors")
    centroids = np.zeros((len(card["themes"]), matrices["prototypes"].shape[1]), np.float32)
    centroids[matrices["of_theme"]] = matrices["prototypes"]
    kept = {"centroids": centroids, "centre": matrices["centre"], "vectors": matrices["vectors"]}
    save_file(kept, folder / "model.safetensors")


def test_a_model_of_version_2_is_brought_up_to_date(model, folder):
    as_version_2(folder)
    loaded = ThemeModel.load(folder)
    assert as_json(loaded.themes) == [entry | {"confirm_next_wave": False} for entry in as_json(model.themes)]
    rows = model.vectors[:200] + model.centre
    assert np.array_equal(loaded.nearest(rows)[0], model.nearest(rows)[0])


@pytest.mark.parametrize("name", ["model.json", "model.safetensors", "members.parquet"])
def test_links_are_refused(folder, name, tmp_path):
    shutil.move(folder / name, tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ModelError, match="holds no links"):
        ThemeModel.load(folder)


def test_what_is_too_large_is_refused_unread(folder, monkeypatch):
    monkeypatch.setitem(model_folder._MOST_BYTES, "members.parquet", 100)
    with pytest.raises(ModelError, match=r"members\.parquet has [\d,]+ bytes; a theme model's has 100 at most"):
        ThemeModel.load(folder)
    monkeypatch.setitem(model_folder._MOST_BYTES, "members.parquet", 1 << 28)
    monkeypatch.setattr(model_folder, "_MOST_MEMBERS", 10)
    with pytest.raises(ModelError, match="unpacks to"):
        ThemeModel.load(folder)


def test_a_damaged_model_ends_a_run_with_one_sentence(folder, tmp_path):
    truncate("model.safetensors")(folder)
    survey = tmp_path / "q2.csv"
    simulate_survey(SimulationOptions(n=100)).table.to_csv(survey, index=False)
    command = [
        sys.executable,
        "-c",
        "from verbatim.cli import main; main()",
        "run",
        str(survey),
        "--model",
        str(folder),
    ]
    done = subprocess.run([*command, "--out", str(tmp_path / "out")], capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr and not (tmp_path / "out").exists()
    assert f"verbatim: {folder} cannot be read as a theme model" in done.stderr


@pytest.mark.parametrize("kind", ["missing", "empty", "foreign", "file"])
def test_what_is_no_model_is_refused(tmp_path, kind):
    place = tmp_path / "place"
    if kind == "file":
        place.write_text("x")
    elif kind != "missing":
        place.mkdir()
    if kind == "foreign":
        shutil.copyfile(__file__, place / "code.py")
    with pytest.raises(
        ModelError, match=r"holds no theme model: model\.json is missing\. Name a run folder or a model"
    ):
        ThemeModel.load(place)


def test_members_hold_no_personal_data(encoder):
    comments = [f"Mail me at jo{i}@example.com about the {word}" for i in range(20) for word in ("router", "invoice")]
    frame = pd.DataFrame({"NPS": [i % 11 for i in range(40)], "why": comments})
    model = vb.analyze(vb.read_survey(frame, score="NPS", comment="why"), encoder=encoder).themes.model
    assert len(model.members) > 0
    assert not model.members["text"].str.contains("@").any()
    said = [text for theme in model.themes for text in (theme.name, theme.definition, *theme.keywords)]
    assert not any("@" in text or "example.com" in text for text in said)
    assert not any("<" in word for theme in model.themes for word in (theme.name, *theme.keywords))
