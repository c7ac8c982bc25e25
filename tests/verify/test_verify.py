"""A run verifies as it was written; any published cell that is changed is named."""

import json

import openpyxl
import pandas as pd
import pytest

from verbatim.cli import main
from verbatim.errors import RunFolderError, VerificationError
from verbatim.report.options import ReportOptions
from verbatim.report.write import write_report
from verbatim.verify.run import compare, expect, verify


@pytest.fixture(scope="session")
def expected(small_run, tmp_path_factory):
    """What the base tables give, computed once: the tests that change published files leave those alone."""
    return expect(small_run, tmp_path_factory.mktemp("expected"))


def change_csv(file, column, row, to):
    table = pd.read_csv(file, dtype="str", keep_default_na=False)
    table.loc[row, column] = to
    table.to_csv(file, index=False)


def test_an_untouched_run_verifies_down_to_its_sentiment(expected, small_run):
    verified = compare(small_run, expected)
    published = {file.name for file in small_run.iterdir() if file.is_file()}
    given = {"rejected.csv", "reports.json"}
    assert published - given == set(verified.cells)
    assert verified.cells["drivers.csv"] > 300 and verified.cells["report.xlsx"] > 10_000 and verified.quotes > 20
    assert verified.notes == ()


@pytest.mark.parametrize(
    ("file", "column", "row", "to", "place"),
    [
        ("drivers.csv", "effect", 0, "-1.25", r"drivers\.csv: row 1 \(level 2, theme_id .*column effect is .-1\.25"),
        ("drivers.csv", "name", 1, "Nothing much", r"drivers\.csv: row 2 .*column name is \"Nothing much\""),
        ("segments.csv", "pooled_effect", 2, "0.5", r"segments\.csv: row 3 \(segment .*column pooled_effect"),
        ("segment_nps.csv", "low", 0, "1.0", r"segment_nps\.csv: row 1 \(segment .*column low"),
        ("category_shares.csv", "n", 4, "999", r"category_shares\.csv: row 5 .*column n is \"999\""),
        ("coded.csv", "T01", 7, "7", r"coded\.csv: row 8 \(response_id .*column T01 is \"7\""),
        ("bridges.csv", "points", 3, "", r"bridges\.csv: row 4 .*column points is \"\""),
    ],
)  # fmt: skip
def test_a_changed_cell_is_named(run, expected, file, column, row, to, place):
    change_csv(run / file, column, row, to)
    with pytest.raises(VerificationError, match=place):
        compare(run, expected)


def test_a_changed_sentiment_is_named(run, expected):
    change_csv(run / "comment_sentiment.csv", "sentiment", 3, "0.987")
    with pytest.raises(VerificationError, match=r"comment_sentiment\.csv: row 4 .*column sentiment is \"0\.987\""):
        compare(run, expected)


def test_a_score_changed_in_the_responses_shows_in_what_was_made_of_it(run):
    responses = pd.read_parquet(run / "responses.parquet")
    commented = responses.index[responses["score"].eq(10) & responses["comment"].notna()][0]
    responses.loc[commented, "score"] = 0
    responses.to_parquet(run / "responses.parquet", index=False)
    with pytest.raises(
        VerificationError, match=r"responses\.parquet: row \d+ .*category is \"promoter\".*\"detractor\""
    ):
        verify(run, quick=True)


def test_a_quote_that_nobody_wrote_is_found(run):
    themes = json.loads((run / "themes.json").read_text(encoding="utf-8"))
    told = next(theme for theme in themes if theme["definition"].startswith("Customers say"))
    told["definition"] = "Customers say: “never said this”"
    (run / "themes.json").write_text(json.dumps(themes), encoding="utf-8")
    with pytest.raises(VerificationError, match=r'themes\.json: theme .*is "never said this"'):
        verify(run, quick=True)


def test_a_cell_of_the_workbook_is_named(run, expected):
    book = openpyxl.load_workbook(run / "report.xlsx")
    book["Drivers"]["M2"] = 3.5
    book.save(run / "report.xlsx")
    with pytest.raises(VerificationError, match=r"report\.xlsx: Drivers!M2 is \"3\.5\""):
        compare(run, expected)


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_a_figure_of_a_text_is_named(run, expected, name):
    text = (run / name).read_text(encoding="utf-8")
    (run / name).write_text(text.replace("NPS ", "NPS 9", 1), encoding="utf-8")
    with pytest.raises(VerificationError, match=rf"{name.replace('.', '[.]')}: line \d+.*NPS 9"):
        compare(run, expected)


def test_reports_written_with_other_options_verify(run, small_analysis):
    write_report(small_analysis, run, ReportOptions(title="Ours", quotes=False, themes_shown=3), ["md"])
    assert "# NPS" in (run / "report.md").read_text(encoding="utf-8")
    verify(run, quick=True)


def test_a_missing_table_is_said(run, expected):
    (run / "coded.csv").unlink()
    with pytest.raises(RunFolderError, match=r"coded\.csv"):
        compare(run, expected)


def test_the_command_exits_2_with_one_message(run, monkeypatch, capsys):
    change_csv(run / "drivers.csv", "rank", 0, "3")
    monkeypatch.setattr("sys.argv", ["verbatim", "verify", str(run), "--quick"])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    assert stopped.value.code == 2 and said.out == ""
    assert "1 published cell is not what the run's own tables give." in said.err and "column rank" in said.err
