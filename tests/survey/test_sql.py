import sqlite3

import pandas as pd
import pytest
from tests.survey.made import survey
from tests.survey.postgres import PASSWORD, QUOTED, postgres

import verbatim as vb
from verbatim.config import Config, load_config, source_named
from verbatim.errors import ConfigError, SurveyError
from verbatim.survey.options import SurveyOptions
from verbatim.survey.sql import shown_url

pytest.importorskip("sqlalchemy", reason="the extra [sql] is not installed")
TABLE = survey({"nps": "nps", "why": "text", "plan": "plan", "answered": "date", "customer_id": "person id"})
TABLE = TABLE.assign(nps=TABLE["nps"].astype(int))
ALL = "SELECT * FROM answers"


@pytest.fixture
def sqlite(tmp_path):
    connection = sqlite3.connect(tmp_path / "x.db")
    TABLE.to_sql("answers", connection, index=False)
    connection.close()
    return f"sqlite:///{tmp_path / 'x.db'}"


@pytest.fixture
def duck(tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.register("frame", TABLE)
        connection.execute("CREATE TABLE answers AS SELECT * FROM frame")
    return f"duckdb:///{tmp_path / 'x.duckdb'}"


@pytest.fixture(scope="module")
def postgresql():
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with postgres() as url:
        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE answers (nps int, why text, plan text, answered timestamptz, customer_id text)"
            )
            with connection.cursor() as cursor:
                rows = TABLE.to_numpy(dtype=object).tolist()
                cursor.executemany("INSERT INTO answers VALUES (%s, %s, %s, %s, %s)", rows)
        yield url


def same_as_in_memory(read):
    expected = vb.read_survey(TABLE)
    pd.testing.assert_frame_equal(
        read.responses.drop(columns=["response_id", "date"]).sort_values("comment", ignore_index=True),
        expected.responses.drop(columns=["response_id", "date"]).sort_values("comment", ignore_index=True),
    )
    assert sorted(read.responses["date"].dt.date) == sorted(expected.responses["date"].dt.date)
    assert read.segments == expected.segments and read.reading.rows_in == len(TABLE)


def test_sqlite(sqlite):
    read = vb.read_survey(sqlite, query=ALL)
    same_as_in_memory(read)
    assert (read.reading.source, read.reading.layout) == ("sqlite:///x.db", "SQL, sqlite")


def test_duckdb(duck):
    same_as_in_memory(vb.read_survey(duck, query=ALL))


def test_duckdb_reads_files_without_a_database(tmp_path):
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    TABLE.to_parquet(tmp_path / "part.parquet")
    same_as_in_memory(vb.read_survey("duckdb://", query=f"SELECT * FROM '{tmp_path}/*.parquet'"))


def test_postgresql(postgresql):
    same_as_in_memory(vb.read_survey(postgresql, query=ALL))


def test_a_query_may_hold_colons_and_percent_signs(sqlite):
    some = vb.read_survey(sqlite, query="SELECT *, ':plan' AS mark FROM answers WHERE why LIKE '%slow%'", segments=[])
    assert 0 < len(some.responses) == TABLE["why"].str.contains("slow").sum()


@pytest.mark.parametrize("database", ["sqlite", "duck", "postgresql"])
def test_nothing_is_ever_written(database, request):
    url = request.getfixturevalue(database)
    for query in ("DROP TABLE answers", " -- first\nDELETE FROM answers", "COPY answers TO 'x.csv'"):
        with pytest.raises(SurveyError, match="does not begin with SELECT"):
            vb.read_survey(url, query=query)
    hidden = "WITH gone AS (DELETE FROM answers RETURNING *) SELECT * FROM gone"
    with pytest.raises(SurveyError):
        vb.read_survey(url, query=hidden)
    assert len(vb.read_survey(url, query=ALL).responses) == len(TABLE)


@pytest.mark.parametrize("database", ["sqlite", "duck", "postgresql"])
def test_without_a_query_the_tables_are_listed(database, request):
    with pytest.raises(ConfigError, match=r'answers.*--query[\s\S]*query = "SELECT \* FROM answers"'):
        vb.read_survey(request.getfixturevalue(database))


@pytest.mark.parametrize("database", ["sqlite", "duck", "postgresql"])
def test_a_wrong_query_is_explained(database, request):
    with pytest.raises(SurveyError, match="nowhere"):
        vb.read_survey(request.getfixturevalue(database), query="SELECT * FROM nowhere")
    with pytest.raises(SurveyError, match="returns no rows"):
        vb.read_survey(request.getfixturevalue(database), query="SELECT * FROM answers WHERE nps > 10")


def test_a_query_may_begin_with_remarks_and_brackets(sqlite):
    assert len(vb.read_survey(sqlite, query=f"/* all */ -- of them\n{ALL}").responses) == len(TABLE)


def test_a_query_for_a_file_is_refused(tmp_path):
    TABLE.to_csv(tmp_path / "s.csv", index=False)
    with pytest.raises(ConfigError, match="There is a query"):
        vb.read_survey(tmp_path / "s.csv", query=ALL)


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    for system in ("sqlite", "duckdb"):
        with pytest.raises(SurveyError, match="there is no file"):
            vb.read_survey(f"{system}:///{tmp_path}/new.db", query="SELECT 1")
    assert not list(tmp_path.iterdir())


SECRETS = (
    "postgresql://ana:hush-hush@127.0.0.1:1/crm",
    "postgresql://ana:hush@hush-hush@127.0.0.1:1/crm",
    "postgresql://ana:x:hush-hush@127.0.0.1:1/crm",
    "postgresql://ana@127.0.0.1:1/crm?password=hush-hush",
    "postgresql:/ana:hush-hush@127.0.0.1/crm",
    "postgresql://ana:hush-hush@127.0.0.1:hush-hush/crm",
    "nosuch://ana:hush-hush@127.0.0.1/crm",
    "mssql+nosuch://ana:hush-hush@127.0.0.1/crm",
    "duckdb:///hush.db?token=hush-hush",
)


@pytest.mark.parametrize("url", SECRETS)
def test_a_password_is_in_no_message(url, tmp_path, capsys):
    with pytest.raises((ConfigError, SurveyError)) as error:
        vb.read_survey(url, query="SELECT 1")
    assert "hush-hush" not in str(error.value) + "".join(map(str, capsys.readouterr()))


def test_a_wrong_password_is_not_repeated(postgresql):
    for url in (postgresql.replace(QUOTED, "wr0ng-word"), postgresql.replace("ana:", "bob:")):
        with pytest.raises(SurveyError, match="password authentication failed") as error:
            vb.read_survey(url, query=ALL)
        assert not any(secret in str(error.value) for secret in ("wr0ng-word", PASSWORD, QUOTED))


def test_a_password_is_in_no_manifest_and_in_no_repr(tmp_path):
    (tmp_path / "v.toml").write_text(
        f'[survey]\nurl = "{SECRETS[0]}"\nquery = "SELECT 1"\n[join]\nurl = "{SECRETS[3]}"\n'
    )
    config = load_config(tmp_path / "v.toml")
    assert source_named(None, config) == SECRETS[0] and source_named("s.csv", config) == "s.csv"
    said = str(config.model_dump(mode="json")) + repr(config)
    assert "hush-hush" not in said and "postgresql://127.0.0.1/crm" in said


def test_the_environment_may_hold_the_password(monkeypatch):
    monkeypatch.setenv("CRM_PASSWORD", "hush-hush")
    assert shown_url("postgresql://ana:${CRM_PASSWORD}@db/crm") == "postgresql://db/crm"
    with pytest.raises(ConfigError, match="environment variable NOT_SET"):
        shown_url("postgresql://ana:${NOT_SET}@db/crm")


def test_a_query_on_the_command_line_comes_first(tmp_path):
    (tmp_path / "v.toml").write_text('[survey]\nquery = "SELECT 1"\nscore = "nps"\n')
    options = load_config(tmp_path / "v.toml", "SELECT 2").survey
    assert (options.query, options.score) == ("SELECT 2", "nps")
    with pytest.raises(ConfigError, match="Which survey"):
        source_named(None, Config(survey=SurveyOptions(score="nps")))
