import json
import zipfile

import pandas as pd
import pytest

from verbatim.errors import ConfigError, SurveyError
from verbatim.survey.options import SurveyOptions
from verbatim.survey.tables import read_table

FRAME = pd.DataFrame({"score": ["10", "0"], "why": ["schnell, für mich", "Müll; „nie wieder“\nzu spät"]})
CSV = FRAME.to_csv(index=False)


def write(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def cells(path, **options):
    return read_table(path, SurveyOptions(**options)).cells


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_delimiter_and_encoding_gives_the_same_cells(tmp_path, separator, encoding):
    path = write(tmp_path, "survey.csv", FRAME.to_csv(index=False, sep=separator).encode(encoding))
    assert cells(path).to_dict("list") == FRAME.to_dict("list")


def test_layouts_are_named(tmp_path):
    assert read_table(write(tmp_path, "s.csv", "a;b\n1;2\n"), SurveyOptions()).layout == "CSV, ';' separated, utf-8"
    assert read_table(write(tmp_path, "s.tsv", "a\tb\n1\t2\n"), SurveyOptions()).layout == "TSV, tab separated, utf-8"


def test_other_formats_give_the_same_cells(tmp_path):
    FRAME.to_excel(tmp_path / "s.xlsx", index=False, sheet_name="Answers")
    FRAME.astype({"score": int}).to_parquet(tmp_path / "s.parquet")
    records = [{"score": int(r["score"]), "why": r["why"]} for r in FRAME.to_dict("records")]
    write(tmp_path, "s.jsonl", "\n".join(map(json.dumps, records)))
    write(tmp_path, "s.json", json.dumps({"responses": records}))
    for name in ("s.xlsx", "s.parquet", "s.jsonl", "s.json"):
        assert cells(tmp_path / name).to_dict("list") == FRAME.to_dict("list"), name
    assert read_table(tmp_path / "s.xlsx", SurveyOptions()).layout == 'Excel, sheet "Answers"'


def test_a_workbook_named_csv_is_still_a_workbook(tmp_path):
    FRAME.to_excel(tmp_path / "s.xlsx", index=False)
    (tmp_path / "s.xlsx").rename(tmp_path / "s.csv")
    assert list(cells(tmp_path / "s.csv").columns) == ["score", "why"]


def test_sheets_by_name_and_number(tmp_path):
    with pd.ExcelWriter(tmp_path / "s.xlsx") as book:
        FRAME.head(0).to_excel(book, sheet_name="Cover", index=False, header=False)
        FRAME.to_excel(book, sheet_name="Data", index=False)
    for sheet in (None, "Data", 2):
        assert len(cells(tmp_path / "s.xlsx", sheet=sheet)) == 2
    with pytest.raises(ConfigError, match=r"has no sheet 'Other'. It has: Cover, Data"):
        cells(tmp_path / "s.xlsx", sheet="Other")


def test_blank_lines_are_no_rows_and_bad_rows_are_faulty(tmp_path):
    path = write(tmp_path, "s.csv", "score,why\n10,good\n\n , \n9,slow, late\n8\n7,fine,,\n")
    table = read_table(path, SurveyOptions())
    assert table.cells["why"].tolist() == ["good", "slow, late", "", "fine"]
    assert table.faults.ne("").tolist() == [False, True, False, False]


def test_headers_blank_or_repeated(tmp_path):
    table = cells(write(tmp_path, "s.csv", "score,,why,why,\n10,x,a,b,\n"))
    assert list(table.columns) == ["score", "column 2", "why", "why (2)"]


def test_qualtrics_rows(tmp_path):
    head = 'Q1,Q2\nHow likely?,Why?\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
    table = read_table(write(tmp_path, "s.csv", head + "9,good\n"), SurveyOptions())
    assert table.questions == {"Q1": "How likely?", "Q2": "Why?"}
    assert table.cells["Q1"].tolist() == ["9"]


def test_excels_hint_old_line_ends_and_stray_bytes(tmp_path):
    assert cells(write(tmp_path, "a.csv", "sep=;\nscore;why\n9;a,b\n"))["why"].tolist() == ["a,b"]
    assert cells(write(tmp_path, "b.csv", "score,why\r9,a\r8,b\r"))["why"].tolist() == ["a", "b"]
    rows = "".join(f"9,für {i}\n" for i in range(40)).encode()
    table = read_table(write(tmp_path, "c.csv", b"score,why\n" + rows + b"8,\xa35\n"), SurveyOptions())
    assert table.cells["why"].iloc[-1] == "£5"
    assert table.changed == {"lines read as cp1252 in a file that is mostly utf-8": 1}


def test_a_huge_cell_and_null_bytes(tmp_path):
    table = cells(write(tmp_path, "s.csv", "score,why\n9," + "x" * 1_000_000 + "\n8,a\x00b\n"))
    assert table["why"].str.len().tolist() == [1_000_000, 3]


BROKEN = {
    "empty.csv": (b"", "empty.csv is empty"),
    "blank.csv": (b"\n \n", "is empty"),
    "header.csv": (b"score,why\n", r"column names \(score, why\) but no responses"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a PNG picture"),
    "noise.csv": (bytes(range(256)) * 8, "is not a text file"),
    "damaged.parquet": (b"PAR1" + bytes(64), "damaged Parquet file"),
    "bad.jsonl": (b'{"score": 1}\n{oops\n', "line 2: this is not JSON"),
    "list.json": (b"[1, 2]", "every response must be a JSON object"),
    "quote.csv": (b'score,why\n9,"never closed\n8,more\n7,still more\n', "line 2: a quotation mark opens a cell"),
    "packed.csv.gz": (b"\x1f\x8b\x08" + bytes(40), "damaged gzip file"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path, name):
    data, message = BROKEN[name]
    with pytest.raises(SurveyError, match=message) as caught:
        cells(write(tmp_path, name, data))
    assert "\n" not in str(caught.value)


def test_missing_folder_and_archive(tmp_path):
    write(tmp_path, "survey_2026.csv", CSV)
    with pytest.raises(SurveyError, match=r'no such file. Did you mean ".*survey_2026.csv"'):
        cells(tmp_path / "survey_2025.csv")
    with pytest.raises(SurveyError, match="is a folder"):
        cells(tmp_path)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("note.txt", "hello")
    with pytest.raises(SurveyError, match="not a workbook"):
        cells(tmp_path / "a.xlsx")


def test_options_that_do_not_fit(tmp_path):
    path = write(tmp_path, "s.csv", CSV)
    with pytest.raises(ConfigError, match=r"survey.encoding"):
        cells(path, encoding="klingon")
    with pytest.raises(SurveyError, match="is not ascii"):
        cells(path, encoding="ascii")
    with pytest.raises(ConfigError, match="one character"):
        cells(path, delimiter="||")
