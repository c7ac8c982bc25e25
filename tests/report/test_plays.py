"""The plays of a run in each of its reports."""

from dataclasses import replace

import openpyxl
import pandas as pd

import verbatim as vb
from verbatim.config import Config
from verbatim.report.write import write_report


def test_every_report_counts_the_plays(small_run):
    plays = pd.read_csv(small_run / "plays.csv")
    assert plays["n"].gt(5).all() and plays["play"].tolist() == ["Recover", "Convert", "Refer"]
    sheet = openpyxl.load_workbook(small_run / "report.xlsx")["Plays"]
    assert [[cell.value for cell in row][:3] for row in sheet.iter_rows(min_row=2)] == [
        ["Recover", "detractors", plays["n"][0]],
        ["Convert", "passives", plays["n"][1]],
        ["Refer", "promoters", plays["n"][2]],
    ]
    page, text = ((small_run / name).read_text(encoding="utf-8") for name in ("report.html", "report.md"))
    for n in plays["n"]:
        assert f'<td class="keep">{n:,}</td>' in page and f"| {n:,} |" in text
    assert 'id="plays"' in page and "2 days after the hand-off" in page


def test_a_group_too_small_is_not_counted_out(small_run, tmp_path):
    analysis = vb.Analysis.load(small_run)
    plays = [row | {"n": 3} for row in analysis.manifest["plays"]]
    few = replace(analysis, manifest={**analysis.manifest, "plays": plays})
    write_report(few, tmp_path, Config().report, ["html", "md", "xlsx"])
    assert (
        "fewer than 5" in (tmp_path / "report.html").read_text()
        and "| under 5 |" in (tmp_path / "report.md").read_text()
    )
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Plays"]
    assert {sheet.cell(row, 3).value for row in (2, 3, 4)} == {None}
