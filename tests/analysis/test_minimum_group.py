"""No figure of a group under the minimum, in any table or report."""

from verbatim.analysis.minimum_group import without_small_groups
from verbatim.report.contents import gather
from verbatim.report.options import ReportOptions
from verbatim.report.workbook import tables
from verbatim.report.write import write_report


def test_small_values_and_small_cells_have_no_row(small_analysis):
    drivers = small_analysis.drivers
    minimum = int(drivers.segment_nps["n"].median())
    large = without_small_groups(drivers, minimum)
    assert 0 < len(large.segment_nps) < len(drivers.segment_nps)
    assert large.segment_nps["n"].min() >= minimum
    kept = set(zip(large.segment_nps["segment"], large.segment_nps["value"], strict=True))
    assert set(zip(large.segments["segment"], large.segments["value"], strict=True)) <= kept
    assert large.segments["n_responses"].min() >= minimum if len(large.segments) else True
    assert set(zip(large.contrasts["segment"], large.contrasts["value"], strict=True)) <= kept
    assert "report.minimum_group" in large.notes[-1]


def test_a_minimum_of_one_changes_nothing(small_analysis):
    drivers = small_analysis.drivers
    assert len(without_small_groups(drivers, 1).segments) == len(drivers.segments)


def test_coded_responses_name_no_small_group(small_analysis):
    minimum = 40
    sheet = tables(gather(small_analysis, ReportOptions(minimum_group=minimum)))["Responses coded"]
    shown = list(small_analysis.survey.segments)
    for depth in range(1, len(shown) + 1):
        sizes = sheet.dropna(subset=shown[:depth]).groupby(shown[:depth]).size()
        assert sizes.empty or sizes.min() >= minimum


def test_without_quotes_no_report_holds_a_comment(small_analysis, tmp_path):
    write_report(small_analysis, tmp_path, ReportOptions(quotes=False), ["html", "md"])
    said = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
    long = small_analysis.spans.table["text"][small_analysis.spans.table["text"].str.len() > 30].unique()
    assert not [text for text in long if text in said]
    sheets = tables(gather(small_analysis, ReportOptions(quotes=False)))
    cells = "\n".join(str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel())
    assert not [text for text in long if text in cells]
