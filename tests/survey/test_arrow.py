import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pytest
from tests.survey.made import survey

import verbatim as vb
from verbatim.errors import SurveyError

TABLE = survey({"nps": "nps", "why": "text", "plan": "plan", "answered": "date"})
TABLE = TABLE.assign(nps=TABLE["nps"].astype(int))
EXPECTED = vb.read_survey(TABLE)


def same(source):
    read = vb.read_survey(source)
    pd.testing.assert_frame_equal(read.responses, EXPECTED.responses)
    return read.reading.layout


def test_feather_and_arrow_files(tmp_path):
    table = pa.Table.from_pandas(TABLE)
    feather.write_feather(table, tmp_path / "s.feather", compression="lz4")
    with pa.OSFile(str(tmp_path / "s.arrows"), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    assert {same(tmp_path / name) for name in ("s.feather", "s.arrows")} == {"Arrow"}


def test_a_damaged_arrow_file_is_explained(tmp_path):
    feather.write_feather(pa.Table.from_pandas(TABLE), tmp_path / "s.feather")
    data = (tmp_path / "s.feather").read_bytes()
    (tmp_path / "s.feather").write_bytes(data[: len(data) // 2])
    with pytest.raises(SurveyError, match=r"s.feather is a damaged Arrow file"):
        vb.read_survey(tmp_path / "s.feather")


def test_anything_that_speaks_the_arrow_interface():
    assert same(pa.Table.from_pandas(TABLE)) == "Arrow table in memory"
    polars = pytest.importorskip("polars", reason="polars is not installed")
    same(polars.from_pandas(TABLE))


def test_a_duckdb_relation():
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with duckdb.connect() as connection:
        connection.register("frame", TABLE)
        same(connection.sql("SELECT * FROM frame"))


def test_whole_numbers_with_nulls_among_them_stay_whole():
    ids = [2**60 + k for k in range(len(TABLE) - 1)] + [None]
    table = pa.table({"answer id": ids, "nps": TABLE["nps"], "why": TABLE["why"]})
    read = vb.read_survey(table, respondent_id="answer id")
    assert str(2**60 + 1) in set(read.responses["respondent_id"])


def test_a_folder_of_parquet_files_is_one_table(tmp_path):
    TABLE.iloc[:20].to_parquet(tmp_path / "part-0.parquet")
    TABLE.iloc[20:].drop(columns="plan").to_parquet(tmp_path / "part-1.parquet")
    (tmp_path / "_SUCCESS").write_text("")
    read = vb.read_survey(tmp_path)
    assert read.reading.layout == "Parquet folder, 2 files" and read.reading.rows_in == len(TABLE)
    assert read.responses["plan"].notna().sum() == 20


def test_partition_folders_become_columns(tmp_path):
    for (plan, answered), part in TABLE.assign(answered=TABLE["answered"].str[:4]).groupby(["plan", "answered"]):
        folder = tmp_path / f"plan={plan}%20x" / f"year={answered}"
        folder.mkdir(parents=True)
        part.drop(columns=["plan", "answered"]).to_parquet(folder / "0.parquet")
    read = vb.read_survey(tmp_path)
    assert read.reading.layout == "Parquet folder, 3 files, partitioned by plan, year"
    assert read.responses["plan"].value_counts().to_dict() == (TABLE["plan"] + " x").value_counts().to_dict()


def test_what_partitions_a_table_in_other_tools_is_read_the_same(tmp_path):
    TABLE.to_parquet(tmp_path / "s", partition_cols=["plan"])
    read = vb.read_survey(tmp_path / "s")
    by_comment = read.responses.set_index("comment")["plan"].to_dict()
    assert by_comment == EXPECTED.responses.set_index("comment")["plan"].to_dict()


def test_a_folder_without_parquet_is_explained(tmp_path):
    (tmp_path / "s.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SurveyError, match="folder without Parquet files"):
        vb.read_survey(tmp_path)


def test_files_that_do_not_fit_together_are_explained(tmp_path):
    TABLE.to_parquet(tmp_path / "0.parquet")
    TABLE.assign(nps="nine").to_parquet(tmp_path / "1.parquet")
    with pytest.raises(SurveyError, match="do not hold the same columns"):
        vb.read_survey(tmp_path)
