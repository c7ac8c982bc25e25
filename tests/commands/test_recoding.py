"""codebook export and import on a run folder, as the command line does it."""

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

import verbatim as vb
import verbatim.errors
from verbatim.cli import app
from verbatim.commands.recoding import import_codebook
from verbatim.report.write import write_report

RUNNER = CliRunner()


def test_a_merge_in_the_codebook_is_a_merge_in_the_run(run, tmp_path, encoder, small_analysis):
    file = tmp_path / "book.yaml"
    assert RUNNER.invoke(app, ["codebook", "export", str(run), str(file)]).exit_code == 0
    content = yaml.safe_load(file.read_text())
    one, two = content["themes"][:2]
    ids = one["id"], two["id"]
    one["id"], one["name"] = " + ".join(ids), "Both of them"
    content["themes"].remove(two)
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    done = import_codebook(
        run, file, lambda analysis, options, folder: write_report(analysis, folder, options.report), encoder=encoder
    )
    before, after = small_analysis.mentions.table, vb.Analysis.load(run).mentions.table
    held = lambda table, *wanted: set(table.loc[table["theme_id"].isin(wanted), "response_id"])  # noqa: E731
    assert held(after, ids[0]) == held(before, *ids) and not held(after, ids[1])
    row = done.ranking.set_index("theme_id").loc[ids[0]]
    assert row["name"] == "Both of them" and row["share"] > row["share_before"]
    assert pd.isna(done.ranking.set_index("theme_id").loc[ids[1], "rank"])
    loaded = vb.Analysis.load(run)
    assert loaded.themes.by_id()[ids[0]].confirm_next_wave
    assert "confirm next wave" in (run / "report.md").read_text()
    assert "confirm next wave" in (run / "report.html").read_text()
    assert loaded.survey.masked == small_analysis.survey.masked
    assert loaded.survey.responses.equals(small_analysis.survey.responses)


def test_an_import_that_fails_leaves_the_run_alone(run, tmp_path):
    file = tmp_path / "book.yaml"
    RUNNER.invoke(app, ["codebook", "export", str(run), str(file)])
    before = {one: one.read_bytes() for one in run.rglob("*") if one.is_file()}
    file.write_text("themes:\n- id: T77\n  name: Nothing\n")
    with pytest.raises(vb.errors.ConfigError, match="line 2: T77 is no theme"):
        import_codebook(run, file, lambda *_: None)
    assert {one: one.read_bytes() for one in run.rglob("*") if one.is_file()} == before
