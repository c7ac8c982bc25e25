"""refine on a run: what is learnt helps on comments that nobody coded, and figures are of comments judged blind."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from verbatim import run_folder
from verbatim.cli import app
from verbatim.commands.hand_coding import asked_themes, sample_comments, score_coding
from verbatim.commands.refining import refine
from verbatim.errors import EditError
from verbatim.records import Analysis
from verbatim.themes.attach import mention_matrix
from verbatim.themes.model import ThemeModel


@pytest.fixture(scope="module")
def run(small_analysis, tmp_path_factory):
    return run_folder.write(small_analysis, tmp_path_factory.mktemp("refined") / "run", lambda folder: None)


@pytest.fixture(scope="module")
def truth(small_analysis):
    """Codes by another rule than the machine's: the largest theme is "any word on drivers", the others its own."""
    ids = [theme.theme_id for theme in asked_themes(small_analysis)]
    responses = small_analysis.survey.responses
    told = mention_matrix(small_analysis.mentions, responses["response_id"], ids)
    largest = told.sum().idxmax()
    words = small_analysis.themes.themes[0].keywords[:3]
    told[largest] = responses["comment"].fillna("").str.lower().str.contains("|".join(words)).to_numpy().astype(int)
    return told, largest


def coded(run, truth, file, n=200):
    sample_comments(run, file, n=n)
    cells = pd.read_csv(file, dtype={"response_id": "str"})
    themes = cells.columns[2:-1]
    ids = [name.split()[0] for name in themes]
    cells[list(themes)] = truth.loc[cells["response_id"], ids].to_numpy()
    cells.to_csv(file, index=False)
    return file


def f1(analysis, truth, theme, ids):
    said = mention_matrix(analysis.mentions, truth.index, [theme]).loc[ids, theme]
    return 2 * (said * truth.loc[ids, theme]).sum() / (said.sum() + truth.loc[ids, theme].sum())


@pytest.fixture(scope="module")
def done(small_analysis, run, truth, encoder, tmp_path_factory):
    file = coded(run, truth[0], tmp_path_factory.mktemp("codes") / "code.csv")
    return refine(small_analysis, file, encoder), file


def test_what_is_learnt_helps_where_nobody_coded(done, truth):
    refinement, file = done
    told, largest = truth
    row = refinement.quality.set_index("theme_id").loc[largest]
    assert row["learnt"] and row["f1"] > row["f1_before"]
    seen = pd.read_csv(file, dtype="str")["response_id"]
    spoke = refinement.before.spans.table["response_id"].unique()
    rest = [one for one in spoke if one not in set(seen)]
    assert f1(refinement.after, told, largest, rest) > f1(refinement.before, told, largest, rest) + 0.05


def test_themes_that_were_right_are_left_alone(done):
    refinement, _ = done
    quality = refinement.quality[~refinement.quality["learnt"]]
    assert len(quality) >= 10
    before, after = (
        analysis.mentions.table.loc[analysis.mentions.table["theme_id"].isin(quality["theme_id"]), :"theme_id"]
        for analysis in (refinement.before, refinement.after)
    )
    assert before.reset_index(drop=True).equals(after.reset_index(drop=True))


def test_the_new_run_may_be_scored_by_the_same_codes(done, tmp_path):
    refinement, file = done
    found = score_coding(refinement.after, [file]).quality.set_index("theme_id")
    assert np.allclose(found["f1"], refinement.quality.set_index("theme_id")["f1"], equal_nan=True)
    kept = ThemeModel.load(refinement.after.themes.model.save(tmp_path / "model"))
    assert (kept.guide.keys == refinement.after.themes.model.guide.keys).all()
    assert kept.past[-1].action == "refine" and not kept.history
    with pytest.raises(EditError, match="since its last refine"):
        kept.undo()


def test_codes_without_sense_teach_nothing_that_flatters(small_analysis, run, truth, encoder, tmp_path):
    """Coin tosses can not be learnt: judged blind, the machine is right about them no more often than by chance."""
    told, largest = truth[0].copy(), truth[1]
    told[largest] = (np.random.default_rng(3).random(len(told)) < 0.5).astype(int)
    quality = refine(small_analysis, coded(run, told, tmp_path / "coins.csv"), encoder).quality.set_index("theme_id")
    row = quality.loc[largest]
    assert 0.3 < row["precision"] < 0.7


def test_a_refined_model_is_edited_and_undone(done):
    model = done[0].after.themes.model
    one, two = [theme.theme_id for theme in model.themes if theme.kind == "subject"][:2]
    merged = model.merge([one, two]).rename(one, "Both")
    assert [theme.name for theme in merged.undo(2).themes] == [theme.name for theme in model.themes]


def test_on_the_command_line(run, truth, tmp_path):
    file = coded(run, truth[0], tmp_path / "code.csv", n=100)
    out = tmp_path / "second"
    result = CliRunner().invoke(app, ["refine", str(run), str(file), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "judged without their own coding" in result.stdout
    assert Analysis.load(out).manifest["refined_by"]["comments"] == 100
    again = CliRunner().invoke(app, ["refine", str(run), str(file), "--out", str(out)])
    assert again.exit_code != 0


def test_too_few_codes_are_told(run, truth, tmp_path):
    result = CliRunner().invoke(
        app, ["refine", str(run), str(coded(run, truth[0], tmp_path / "few.csv", n=10)), "--out", str(tmp_path / "x")]
    )
    assert result.exit_code != 0 and "10 comments are coded" in str(result.exception)
    assert not (tmp_path / "x").exists()
