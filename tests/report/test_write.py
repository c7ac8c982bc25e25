import re

import openpyxl
import pandas as pd
import pytest

from verbatim.errors import ConfigError
from verbatim.report.contents import gather
from verbatim.report.formats import clean
from verbatim.report.options import ReportOptions
from verbatim.report.workbook import tables
from verbatim.report.write import write_report

SHEETS = [
    "Summary", "Drivers", "Segments", "Contrasts", "Bridges", "Segment NPS", "Themes", "Quotes", "Responses coded",
]  # fmt: skip


@pytest.fixture(scope="module", params=["analysis", "hostile"])
def written(request, tmp_path_factory):
    analysis = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp(request.param) / "run"
    write_report(analysis, folder, only=("md", "xlsx"))
    return analysis, folder


def test_only_writes_what_is_asked(analysis, tmp_path):
    assert write_report(analysis, tmp_path / "new", only=("md",)) == [tmp_path / "new" / "report.md"]
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["report.md", "reports.json"]
    names = [p.name for p in write_report(analysis, tmp_path / "two", only=("md,brief", "md"))]
    assert names == ["report.md", "brief.md", "brief.json"]
    with pytest.raises(ConfigError, match=r'no report format "docx".*html, md, xlsx'):
        write_report(analysis, tmp_path, only=("docx",))


def test_the_workbook_holds_the_tables_and_nothing_runs(written):
    analysis, folder = written
    book = openpyxl.load_workbook(folder / "report.xlsx")
    assert book.sheetnames == SHEETS
    for name, table in tables(gather(analysis, ReportOptions())).items():
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        rows = list(sheet.iter_rows())
        assert [cell.value for cell in rows[0]] == [clean(column) for column in table.columns]
        assert len(rows) == len(table) + 1
        for row, cells in zip(rows[1:], table.itertuples(index=False, name=None), strict=True):
            for cell, expected in zip(row, cells, strict=True):
                assert cell.data_type != "f" and cell.hyperlink is None
                _same(cell.value, expected)


def _same(found, expected):
    if expected is None or expected is pd.NA or expected is pd.NaT or expected != expected or expected == "":
        assert found is None
    elif isinstance(expected, str):
        assert found == clean(expected).replace("\r", "\n") or found.replace("_x0009_", "\t") == clean(expected)
    elif isinstance(expected, bool):
        assert found is expected
    elif isinstance(expected, pd.Timestamp):
        assert pd.Timestamp(found) == expected.floor("s")
    else:
        assert found == pytest.approx(float(expected), rel=1e-14)


def test_driver_sheet_equals_the_driver_table(written):
    analysis, folder = written
    sheet = pd.read_excel(folder / "report.xlsx", sheet_name="Drivers", engine="openpyxl")
    table = analysis.drivers.table
    assert sheet["effect"].head(len(table)).tolist() == pytest.approx(table["effect"].tolist(), rel=1e-14)
    assert sheet["theme_id"].tail(2).str.startswith("coin").all()


def test_identifiers_of_people_stay_out(written):
    _, folder = written
    assert (
        "respondent_id"
        not in pd.read_excel(folder / "report.xlsx", sheet_name="Responses coded", engine="openpyxl").columns
    )


def test_markdown_says_the_headline_first_and_no_missing_value(written):
    _, folder = written
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert re.match(r"# NPS -\d+ \[-\d+, -\d+\] from 393 scored responses\n", text)
    unquoted = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    assert not re.search(r"\b(nan|NaN|None|NaT)\b", unquoted)
    assert "**Delayed installation date**" in text or "Evil" in text


def test_markdown_holds_no_markup_of_strangers(written):
    _, folder = written
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "<script" not in text and "<img" not in text and "](" not in text.replace("\\](", "") and "://" not in text


def test_the_same_analysis_gives_the_same_text(analysis, tmp_path):
    first, second = (write_report(analysis, tmp_path / name, only=("html", "md")) for name in ("a", "b"))
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_workbook_without_comments(analysis):
    sheets = tables(gather(analysis, ReportOptions(quotes=False, coded_rows=10)))
    coded = sheets["Responses coded"]
    assert "comment" not in coded and sheets["Quotes"].empty
    assert coded["response_id"].tolist()[10:] == ["10 of 400 responses shown (report.coded_rows); coded.csv has all."]


def test_no_sheet_tells_of_a_small_group(analysis):
    minimum = 30
    sheets = tables(gather(analysis, ReportOptions(minimum_group=minimum)))
    coded, themes = sheets["Responses coded"], sheets["Themes"]
    for name in analysis.survey.segments:
        assert (coded[name].value_counts() >= minimum).all()
    assert "Service in Use" in set(analysis.survey.responses["Stage"]) - set(coded["Stage"])
    small = set(themes.loc[themes["n_spans"].isna(), "theme_id"])
    assert small and not any(str(column).startswith(tuple(small)) for column in coded)
    for name in ("Drivers", "Segments"):
        people = sheets[name][~sheets[name]["theme_id"].str.startswith("coin")]
        assert people["n_responses"].min() >= minimum, name
    assert not set(sheets["Bridges"]["theme_id"]) & small and not set(sheets["Contrasts"]["theme_id"]) & small


def test_the_workbook_has_native_charts_with_intervals(written):
    _, folder = written
    charts = openpyxl.load_workbook(folder / "report.xlsx")["Drivers"]._charts
    series = charts[0].series[0]
    assert len(charts) == 1 and series.errBars.errValType == "cust"
    assert len(series.errBars.plus.numLit.pt) == series.val.numRef.numCache.ptCount
