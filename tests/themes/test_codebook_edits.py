"""A codebook goes out and comes back: nothing changed is no edit, every edit is done, every mistake names its line."""

import pandas as pd
import pytest
import yaml

from verbatim.errors import ConfigError
from verbatim.survey.options import SurveyOptions
from verbatim.survey.tables import read_table
from verbatim.themes.codebook_edits import edited_by
from verbatim.themes.codebook_file import read_any_codebook, write_codebook


@pytest.fixture(scope="module")
def model(small_analysis):
    return small_analysis.themes.model


@pytest.fixture
def exported(small_analysis, tmp_path):
    """Write the codebook of the small survey into a file of this ending."""

    def export(ending=".yaml"):
        spans, file = small_analysis.spans.table, tmp_path / f"book{ending}"
        texts = dict(zip(spans["span_id"], spans["text"], strict=True))
        write_codebook(small_analysis.themes.themes, texts, file, "survey.csv")
        return file

    return export


def read(file):
    if file.suffix == ".yaml":
        return read_any_codebook(file)
    return read_any_codebook(file, read_table(file, SurveyOptions()).cells)


def rewritten(file, change):
    content = yaml.safe_load(file.read_text())
    entries = {entry["id"]: entry for entry in content["themes"]}
    change(content["themes"], entries)
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    return read(file)


@pytest.mark.parametrize("ending", [".yaml", ".csv", ".xlsx"])
def test_what_comes_back_unchanged_is_no_edit(model, exported, ending):
    assert edited_by(model, read(exported(ending))) is model


def test_every_edit_is_done(model, exported, encoder):
    leaves = [t for t in model.themes if t.kind == "subject" and t.level == 2]
    one, two, gone, whole, moved, named, other = leaves[:7]

    def change(themes, entries):
        entries[one.theme_id]["id"] = f"{one.theme_id} + {two.theme_id}"
        for theme in (two, gone, whole):
            themes.remove(entries[theme.theme_id])
        for name in ("First half", "Second half"):
            themes.append({"id": whole.theme_id, "name": name, "parent": entries[whole.theme_id]["parent"],
                           "examples": [name.lower(), "it was " + name.lower()]})  # fmt: skip
        entries[moved.theme_id]["parent"] = "A new heading"
        entries[named.theme_id]["name"], entries[other.theme_id]["name"] = other.name, named.name
        entries[named.theme_id]["definition"] = "What they say of it"
        themes.append({"name": "Parking", "examples": ["nowhere to park", "car park full"]})

    after = edited_by(model, rewritten(exported(), change), encoder)
    now = {theme.theme_id: theme for theme in after.themes}
    names = {theme.name: theme for theme in after.themes}
    assert {two.theme_id, gone.theme_id, whole.theme_id}.isdisjoint(now) and one.theme_id in now
    assert {"First half", "Second half", "Parking"} <= set(names)
    assert now[now[moved.theme_id].parent_id].name == "A new heading"
    assert (now[named.theme_id].name, now[other.theme_id].name) == (other.name, named.name)
    assert now[named.theme_id].definition == "What they say of it"
    assert "book.yaml" in now[one.theme_id].lineage[-1]
    assert {edit.action for edit in after.history} == {"split", "merge", "drop", "add", "move", "rename", "describe"}


def test_a_spreadsheet_edits_too(model, exported):
    file = exported(".csv")
    table = pd.read_csv(file, dtype="str", keep_default_na=False)
    table.loc[0, "name"] = "=Late vans"
    table.to_csv(file, index=False)
    assert edited_by(model, read(file)).themes[0].name == "=Late vans"


MISTAKES = {
    "an unknown id": (lambda t, e: t[0].update(id="T99"), r"line 2: T99 is no theme of this run"),
    "no ids": (lambda t, e: [entry.pop("id") for entry in t], "has no ids"),
    "a part without examples": (
        lambda t, e: t.append({"id": t[0]["id"], "name": "Part"}),
        r"line \d+: T\d+ is to be split here; this part needs examples",
    ),
    "a new theme without examples": (lambda t, e: t.append({"name": "New"}), r"line \d+: \"New\" is new"),
    "split and merged": (
        lambda t, e: t.append({"id": [t[0]["id"], t[1]["id"]], "name": "Both"}),
        r"line \d+: T\d+ stands in several entries",
    ),
    "a strange kind": (lambda t, e: t[0].update(kind="odd"), r'line \d+: kind is "odd"'),
}


@pytest.mark.parametrize(("change", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_name_their_line(model, exported, change, message):
    with pytest.raises(ConfigError, match=message):
        edited_by(model, rewritten(exported(), change))


def test_an_existing_file_is_left_alone(exported):
    exported()
    with pytest.raises(ConfigError, match="exists already"):
        exported()


def test_an_exported_codebook_guides_a_run_too(exported, model):
    book = read(exported())
    general = {theme.name for theme in model.themes if theme.kind == "general"}
    assert general.isdisjoint(theme.name for theme in book.leaves)
    assert {theme.name for theme in book.leaves} == {
        model.themes[row].name for row in model.leaves if model.themes[row].kind == "subject"
    }
