"""The run folder against its written schema, docs/run_folder.json."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim import run_folder
from verbatim.errors import RunFolderError, VerbatimError
from verbatim.records import CONTRAST_COLUMNS, DRIVER_COLUMNS, RANKING_COLUMNS, SEGMENT_COLUMNS, SHARE_COLUMNS
from verbatim.themes.attach import mention_matrix

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "run_folder.json").read_text(encoding="utf-8"))["files"]
CLAUSE = ["response_id", "start", "end"]
NAMED = {
    "DRIVER_COLUMNS": list(DRIVER_COLUMNS),
    "RANKING_COLUMNS": list(RANKING_COLUMNS),
    "SEGMENT_COLUMNS": list(SEGMENT_COLUMNS),
    "CONTRAST_COLUMNS": list(CONTRAST_COLUMNS),
    "SHARE_COLUMNS": list(SHARE_COLUMNS),
}


def read(file):
    if file.suffix == ".parquet":
        return pd.read_parquet(file)
    return pd.read_csv(file) if file.suffix == ".csv" else json.loads(file.read_text(encoding="utf-8"))


def test_every_file_is_in_the_schema_and_every_schema_file_is_there(small_run):
    found = {str(file.relative_to(small_run)) for file in small_run.rglob("*") if file.is_file()}
    assert found <= set(SCHEMA)
    assert found >= {name for name, rule in SCHEMA.items() if not rule.get("optional")}


@pytest.mark.parametrize("name", [name for name, rule in SCHEMA.items() if "columns" in rule])
def test_columns(small_run, name):
    table, rule = read(small_run / name), SCHEMA[name]
    if isinstance(rule["columns"], str):
        assert list(table.columns) == NAMED[rule["columns"]]
        return
    if name != "coded.csv":
        assert list(table.columns)[: len(rule["columns"])] == list(rule["columns"])
    if "more" not in rule:
        assert len(table.columns) == len(rule["columns"])
    if name.endswith(".parquet"):
        for column, kind in rule["columns"].items():
            assert str(table[column].dtype).startswith(kind), (column, table[column].dtype)
        for column in set(table.columns) - set(rule["columns"]):
            assert str(table[column].dtype) == rule["more_type"], column


def test_json_keys(small_run):
    for name, rule in SCHEMA.items():
        if "keys" in rule:
            assert list(read(small_run / name)) == rule["keys"], name


def test_themes(small_run):
    rule = SCHEMA["themes.json"]["entries"]
    spans = read(small_run / "spans.parquet")
    themes = read(small_run / "themes.json")
    assert len({theme["theme_id"] for theme in themes}) == len(themes) == len({theme["name"] for theme in themes})
    for theme in themes:
        assert list(theme) == list(rule)
        assert theme["kind"] in rule["kind"] and theme["source"] in rule["source"]
        assert theme["level"] in rule["level"]
        own = spans[spans["theme_id"].isin(leaves_under(theme, themes))]
        assert theme["n_spans"] == len(own.drop_duplicates(CLAUSE)), theme["theme_id"]
        exemplars = own.set_index("span_id").loc[theme["exemplars"]]
        assert not exemplars.duplicated(CLAUSE).any(), theme["theme_id"]


def leaves_under(theme, themes):
    return [part["theme_id"] for part in themes if part["parent_id"] == theme["theme_id"]] or [theme["theme_id"]]


def test_levels(small_run):
    themes = {theme["theme_id"]: theme for theme in read(small_run / "themes.json")}
    parents = {theme["parent_id"] for theme in themes.values()} - {None}
    assert parents, "the small survey has two levels"
    for theme in themes.values():
        if theme["parent_id"]:
            assert theme["level"] == 2 and theme["kind"] == "subject" and themes[theme["parent_id"]]["level"] == 1
        else:
            assert theme["level"] == 1 and (theme["theme_id"] in parents or theme["kind"] == "general")
    assert list(themes)[-len(parents) :] == sorted(parents)
    assert not set(read(small_run / "spans.parquet")["theme_id"]) & parents
    for name in ("drivers.csv", "segments.csv"):
        table = read(small_run / name)
        levels = table["theme_id"].map({theme_id: theme["level"] for theme_id, theme in themes.items()})
        assert (table["level"] == levels.fillna(table["level"])).all() and parents & set(table["theme_id"])
        up = table["theme_id"].map({theme_id: theme["parent_id"] for theme_id, theme in themes.items()})
        assert (table["parent_id"].fillna("") == up.fillna("")).all()


def test_a_response_mentions_a_broader_theme_where_it_mentions_a_part(small_run):
    coded, themes = read(small_run / "coded.csv"), read(small_run / "themes.json")
    mentions = read(small_run / "mentions.parquet").groupby("theme_id")["n_spans"].sum()
    for theme in themes:
        parts = leaves_under(theme, themes)
        assert coded[theme["theme_id"]].equals(coded[parts].max(axis=1).rename(theme["theme_id"]))
        assert mentions[theme["theme_id"]] == theme["n_spans"]


def test_the_ledger_and_the_tables_agree(small_run):
    ledger = read(small_run / "manifest.json")["ledger"]
    responses, spans = read(small_run / "responses.parquet"), read(small_run / "spans.parquet")
    assert list(ledger) == ["rows_in", "responses", "rejected", "scored", "with_comment", "with_span", "with_theme"]
    assert ledger["rows_in"] == ledger["responses"] + ledger["rejected"]
    assert ledger["responses"] == len(responses)
    assert ledger["scored"] == responses["score"].notna().sum()
    assert ledger["with_comment"] == responses["comment"].notna().sum()
    assert ledger["with_span"] == spans["response_id"].nunique()
    assert ledger["with_theme"] == spans.dropna(subset="theme_id")["response_id"].nunique()


def test_spans_lie_in_their_comments(small_run):
    comment = read(small_run / "responses.parquet").set_index("response_id")["comment"]
    spans = read(small_run / "spans.parquet")
    for span in spans.itertuples():
        assert comment[span.response_id][span.start : span.end] == span.text
    assert spans["span_id"].is_unique and not spans.duplicated([*CLAUSE, "theme_id"]).any()
    assert spans.loc[spans.duplicated(CLAUSE, keep=False), "theme_id"].notna().all()


def test_coded_holds_the_mentions(small_run):
    coded = read(small_run / "coded.csv").set_index("response_id")
    mentions = read(small_run / "mentions.parquet")
    ids = [theme["theme_id"] for theme in read(small_run / "themes.json")]
    assert set(np.unique(coded[ids])) <= {0, 1}
    assert coded[ids].to_numpy().sum() == len(mentions)
    assert (coded.loc[coded["commented"] == 0, ids] == 0).all(axis=None)


def test_ranks_count_from_the_most_harmful(small_run):
    drivers = read(small_run / "drivers.csv").dropna(subset="rank")
    for _, level in drivers.groupby("level"):
        assert level["rank"].tolist() == list(range(1, len(level) + 1))
        assert level["effect"].is_monotonic_increasing
    assert (drivers["effect_low"] <= drivers["effect"]).all() and (drivers["effect"] <= drivers["effect_high"]).all()
    assert np.allclose(drivers["promoters_lost"] + drivers["detractors_made"], drivers["effect"], atol=1e-9)


def test_effects_add_up_to_the_nps(small_run):
    numbers = read(small_run / "manifest.json")["drivers"]
    drivers = vb.Analysis.load(small_run).drivers
    assert drivers.leaf_level == 2
    total = numbers["base"] + drivers.leaves()["effect"].sum()
    assert total == pytest.approx(numbers["nps_commenters"], abs=1e-9)


def test_broader_effects_are_those_of_a_regression_of_their_own_and_add_up_too(small_analysis):
    drivers, responses = small_analysis.drivers, small_analysis.survey.responses.set_index("response_id", drop=False)
    broader = [theme.theme_id for theme in small_analysis.themes.themes if theme.theme_id.startswith("P")]
    alone = vb.rank_drivers(
        mention_matrix(small_analysis.mentions, responses["response_id"], broader),
        responses["score"],
        responses[list(small_analysis.survey.segments)],
        weight=responses["weight"],
        commented=responses["response_id"].isin(small_analysis.spans.table["response_id"]),
        respondent=responses["respondent_id"],
    )
    level = drivers.table[drivers.table["level"] == 1]
    assert alone.base + level["effect"].sum() == pytest.approx(drivers.nps_commenters, abs=1e-9)
    assert alone.table["theme_id"].tolist() == level["theme_id"].tolist()
    assert alone.table["effect"].tolist() == pytest.approx(level["effect"].tolist(), abs=1e-9)


def test_loading_gives_back_what_was_written(small_run, small_analysis):
    loaded = vb.Analysis.load(small_run)
    pd.testing.assert_frame_equal(loaded.survey.responses, small_analysis.survey.responses)
    pd.testing.assert_frame_equal(loaded.spans.table, small_analysis.spans.table)
    pd.testing.assert_frame_equal(loaded.mentions.table, small_analysis.mentions.table)
    pd.testing.assert_frame_equal(loaded.drivers.table, small_analysis.drivers.table)
    assert loaded.drivers.nps == small_analysis.drivers.nps
    assert loaded.themes.by_id().keys() == small_analysis.themes.by_id().keys()


def test_nothing_is_pickled(small_run):
    assert {file.suffix for file in small_run.rglob("*") if file.is_file()} <= {
        ".json", ".parquet", ".csv", ".html", ".md", ".xlsx", ".pdf", ".pptx", ".safetensors",
    }  # fmt: skip


def test_an_existing_folder_is_refused_and_untouched(small_run, small_analysis, tmp_path):
    before = {file: file.read_bytes() for file in small_run.rglob("*") if file.is_file()}
    with pytest.raises(RunFolderError, match="--overwrite"):
        run_folder.write(small_analysis, small_run, lambda into: None)
    assert before == {file: file.read_bytes() for file in small_run.rglob("*") if file.is_file()}
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunFolderError, match="no run folder"):
        run_folder.write(small_analysis, tmp_path, lambda into: None, overwrite=True)


def test_a_failing_report_leaves_nothing_behind(small_analysis, tmp_path):
    def fail(folder):
        raise RunFolderError("no space")

    with pytest.raises(RunFolderError):
        run_folder.write(small_analysis, tmp_path / "run", fail)
    assert list(tmp_path.iterdir()) == []


def test_overwriting_replaces_the_whole_run(small_run, small_analysis, tmp_path):
    target = run_folder.write(small_analysis, tmp_path / "run", lambda into: None)
    (target / "stray.txt").write_text("old", encoding="utf-8")
    run_folder.write(small_analysis, target, lambda into: None, overwrite=True)
    assert not (target / "stray.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("missing", ["manifest.json", "spans.parquet", "themes.json", "model/model.json"])
def test_an_incomplete_folder_is_explained(small_analysis, tmp_path, missing):
    run = run_folder.write(small_analysis, tmp_path / "run", lambda into: None)
    (run / missing).unlink()
    with pytest.raises(VerbatimError) as error:
        vb.Analysis.load(run)
    assert str(run) in str(error.value)


def test_formulas_are_inert():
    table = run_folder.inert(pd.DataFrame({"=x": ["=1+1", "fine", "@a", "-2"], "n": [-1, 2, 3, 4]}))
    assert table.iloc[:, 0].tolist() == ["'=1+1", "fine", "'@a", "'-2"]
    assert table["n"].tolist() == [-1, 2, 3, 4]
    assert table.columns[0] == "'=x"
