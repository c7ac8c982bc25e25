"""sample, score and trust on a run folder, as the command line does it."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from verbatim import run_folder
from verbatim.cli import app
from verbatim.coding.trust import ask, trust_precision, trust_questions
from verbatim.commands.hand_coding import asked_themes, sample_comments, score_coding
from verbatim.errors import ConfigError, SurveyError
from verbatim.themes.attach import mention_matrix

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def run(small_analysis, tmp_path_factory):
    return run_folder.write(small_analysis, tmp_path_factory.mktemp("coded") / "run", lambda folder: None)


@pytest.fixture
def sheet(run, tmp_path):
    file = tmp_path / "code.csv"
    sample_comments(run, file, n=60)
    return file


def code(analysis, file, error=0.0, rows=None, seed=0):
    """Code a file as the machine did, with errors."""
    cells = pd.read_csv(file, dtype="str", keep_default_na=False)
    themes = cells.columns[2:-1]
    machine = mention_matrix(analysis.mentions, cells["response_id"], [name.split()[0] for name in themes])
    wrong = np.random.default_rng(seed).random(machine.shape) < error
    told = (machine.to_numpy(dtype=bool) ^ wrong).astype(int).astype(str)
    told[len(cells) if rows is None else rows :] = ""
    cells[themes] = told
    cells.to_csv(file, index=False)
    return file


def test_a_machine_that_agrees_is_right_throughout(small_analysis, sheet):
    found = score_coding(small_analysis, [code(small_analysis, sheet)])
    counted = found.quality[found.quality["n_people"] > 0]
    assert (counted[["precision", "recall", "f1"]] == 1).all(axis=None)
    assert found.quality["alpha"].isna().all()
    assert "more coded comments" in " ".join(found.sentences)


def test_every_comment_coded_corrects_every_effect(small_analysis, run, tmp_path):
    file = tmp_path / "all.csv"
    sample_comments(run, file, n=10_000)
    table = score_coding(small_analysis, [code(small_analysis, file)]).correction.table
    assert (table["labels_needed"] == 0).all()
    assert np.allclose(table["effect"], table["effect_corrected"], atol=1e-9)


def test_a_part_that_was_coded_counts_as_a_smaller_draw(small_analysis, sheet):
    found = score_coding(small_analysis, [code(small_analysis, sheet, rows=40)])
    assert found.n_comments == 40 and "40 of 60" in found.sentences[0]


def test_two_coders_and_both_tables_in_the_run(small_analysis, run, sheet, tmp_path):
    second = tmp_path / "second.csv"
    second.write_bytes(sheet.read_bytes())
    code(small_analysis, sheet, 0.02, seed=1), code(small_analysis, second, 0.02, seed=2)
    done = RUNNER.invoke(app, ["score", str(run), str(sheet), str(second), "--json"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.output)
    assert content["coders"] == 2 and any(row["alpha"] for row in content["quality"])
    quality, tagging = pd.read_csv(run / "hand_coding.csv"), pd.read_csv(run / "tagging.csv")
    assert quality["theme_id"].tolist() == [theme.theme_id for theme in asked_themes(small_analysis)]
    assert {"effect", "effect_corrected", "labels_needed"} <= set(tagging.columns)
    assert RUNNER.invoke(app, ["score", str(run), str(sheet)]).exit_code == 0


def test_a_workbook_goes_there_and_back_with_what_was_coded(small_analysis, run, sheet, tmp_path):
    code(small_analysis, sheet)
    book = tmp_path / "more.xlsx"
    done = RUNNER.invoke(app, ["sample", str(run), "--n", "90", "--coded", str(sheet), "--out", str(book)])
    assert done.exit_code == 0 and "60 of them coded before" in done.output
    cells = pd.read_excel(book, sheet_name="coding", engine="calamine")
    assert cells.shape[0] == 90 and cells.iloc[:, 2].notna().sum() == 60
    with pytest.raises(ConfigError, match="exists already"):
        sample_comments(run, book)


def test_what_is_wrong_with_a_coding_is_said(small_analysis, sheet):
    code(small_analysis, sheet)
    good = pd.read_csv(sheet, dtype="str", keep_default_na=False)

    def refused(change, error, match):
        cells = good.copy()
        change(cells)
        cells.to_csv(sheet, index=False)
        with pytest.raises(error, match=match):
            score_coding(small_analysis, [sheet])

    def put(row, column, value):
        return lambda cells: cells.isetitem(column, cells.iloc[:, column].where(cells.index != row, value))

    refused(put(2, 3, "yes"), ConfigError, 'row 4, T.*found "yes"')
    refused(put(2, 3, ""), ConfigError, "coded in part")
    refused(lambda cells: cells.loc.__setitem__((3, list(cells.columns[2:-1])), ""), ConfigError, "row 5 is not coded")
    refused(put(0, -1, "2"), ConfigError, "above 0 and up to 1")
    refused(put(1, 0, "nobody"), SurveyError, "no scored comment of the run")
    refused(put(1, 0, good["response_id"][0]), ConfigError, "there twice")
    refused(lambda cells: cells.pop(cells.columns[2]), ConfigError, "does not ask for")
    refused(lambda cells: cells.insert(2, "T99 Parking", "0"), ConfigError, "T99 Parking")
    refused(lambda cells: cells.isetitem(-1, ["0.9"] * len(cells)), SurveyError, "stand for")


def test_remarks_of_the_coder_are_left_alone(small_analysis, sheet):
    cells = pd.read_csv(code(small_analysis, sheet), dtype="str", keep_default_na=False)
    cells.assign(remarks="odd").to_csv(sheet, index=False)
    assert score_coding(small_analysis, [sheet]).n_comments == 60


def test_trust_asks_about_the_most_harmful_first_and_counts_as_it_goes(small_analysis, capsys):
    questions = trust_questions(small_analysis, themes=2, each=5)
    worst = small_analysis.drivers.leaves().sort_values("rank").iloc[0]
    assert questions["theme_id"].iloc[0] == worst["theme_id"] and len(questions) <= 10
    answers = iter(["y", "what?", "n", "s", "q"])
    found = ask(small_analysis, questions, lambda question: next(answers))
    assert found.loc[0, ["n", "yes", "precision"]].tolist() == [2, 1, 0.5]
    assert "1 of 2 yes: precision 50%" in capsys.readouterr().out
    assert trust_precision(questions, {0: True})["n"].tolist()[0] == 1


def test_trust_in_the_terminal_ends_with_the_input(run):
    done = RUNNER.invoke(app, ["trust", str(run)], input="y\ny\n")
    assert done.exit_code == 0 and "2 of 2 yes: precision 100% [34%, 100%]" in done.output
