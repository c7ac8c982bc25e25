"""Tables in databases: a URL and a query in, a DataFrame of Python values out. Nothing is ever written there.

A URL may hold a password, in it or in its parameters. What is shown, logged or raised here is made from the database
system, the host and the name of the database only; messages of drivers are searched for every secret of the URL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from verbatim.errors import ConfigError, SurveyError

if TYPE_CHECKING:
    from sqlalchemy import URL

IS_URL = re.compile(r"[A-Za-z][\w+.-]+:/")
VARIABLE = re.compile(r"\$\{(\w+)\}")
READS = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:select|with|values|table|from)\b", re.IGNORECASE | re.DOTALL)
EXAMPLE = "postgresql://user:password@host/database"
MEMORY = ("", ":memory:")
NAMED_TABLES = 12


class Queried(NamedTuple):
    """Rows of a query; ``source`` and ``layout`` name where they come from, without user or password."""

    frame: pd.DataFrame
    source: str
    layout: str


def is_url(source: object) -> bool:
    """Whether a source is the URL of a database; one letter before the colon is a drive.

    Examples
    --------
    >>> [is_url(text) for text in ("sqlite:///x.db", "survey.csv", "C:/survey.csv")]
    [True, False, False]
    """
    return isinstance(source, str) and IS_URL.match(source) is not None


def shown_url(url: str) -> str:
    """Write a URL for people: system, host and database, without user, password and parameters.

    Raises ConfigError where it is no URL; the message does not repeat it.

    Examples
    --------
    >>> shown_url("postgresql+psycopg://ana:secret@db.example.com:5433/crm?sslpassword=secret")
    'postgresql://db.example.com/crm'
    """
    return _shown(_parsed(url))


def read_query(url: str, query: str | None) -> Queried:
    """Run a query and fetch its rows.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes them; ``${NAME}`` stands for an environment variable. DuckDB is spoken to directly.
    query : str or None
        One SQL statement that returns rows, beginning with SELECT, WITH, VALUES, TABLE or FROM; without it the error
        lists the tables.

    Raises
    ------
    ConfigError
        The URL is none, a driver is not installed, or there is no query.
    SurveyError
        The database cannot be reached or refuses the query, or the query returns no rows.
    """
    place = _parsed(url)
    shown = _shown(place)
    if place.get_backend_name() in ("sqlite", "duckdb"):
        _refuse_missing(place)
    if query is not None and not READS.match(query):
        raise SurveyError(
            f"{shown}: the query does not begin with SELECT, WITH, VALUES, TABLE or FROM. Nothing is ever written here."
        )
    with _explained(place, shown):
        if place.get_backend_name() == "duckdb":
            frame = _from_duckdb(place, query, shown)
        else:
            frame = _from_sqlalchemy(place, query, shown)
    if frame.empty:
        raise SurveyError(f"{shown}: the query returns no rows. Check its conditions.")
    return Queried(frame, shown, f"SQL, {place.get_backend_name()}")


def _parsed(url: str) -> URL:
    try:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ModuleNotFoundError:
        raise ConfigError(
            'Reading a database needs SQLAlchemy and a driver. Install them: pip install "verbatim-nps[sql]"'
        ) from None
    unset = [name for name in VARIABLE.findall(url) if name not in os.environ]
    if unset:
        raise ConfigError(
            f"The database URL names the environment variable {unset[0]}, which is not set. Set it first."
        )
    whole = VARIABLE.sub(lambda found: os.environ[found[1]], url)
    try:
        place = make_url(whole) if whole.partition("?")[0].count("@") < 2 else None
    except (ArgumentError, ValueError):
        place = None
    if place is None or "://" not in whole:
        raise ConfigError(
            f"The database URL cannot be read. It looks like {EXAMPLE} or sqlite:///file.db; in user and password "
            "write @ as %40, : as %3A and / as %2F."
        )
    return place


def _shown(place: URL) -> str:
    system, name = place.get_backend_name(), place.database or ""
    if system in ("sqlite", "duckdb"):
        return f"{system}:///{Path(name).name if name not in MEMORY else ':memory:'}"
    return f"{system}://{place.host or ''}/{name}"


def _refuse_missing(place: URL) -> None:
    """Opening a file that is not there would make an empty database."""
    name = place.database or ""
    if name not in MEMORY and not name.startswith("file:") and not Path(name).is_file():
        raise SurveyError(f"{_shown(place)}: there is no file {name}. A path from the root has four slashes in all.")


@contextmanager
def _explained(place: URL, shown: str) -> Iterator[None]:
    """Turn what drivers raise into one message without secrets."""
    try:
        yield
    except (ConfigError, SurveyError):
        raise
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'{shown}: the driver "{error.name}" is not installed. Install it, or: pip install "verbatim-nps[sql]"'
        ) from None
    except Exception as error:  # every driver has exceptions of its own
        from sqlalchemy.exc import NoSuchModuleError

        if isinstance(error, NoSuchModuleError):
            raise ConfigError(
                f'{shown}: no database system "{place.drivername}" is known. It looks like {EXAMPLE} or '
                "sqlite:///file.db; others need a package with their SQLAlchemy dialect."
            ) from None
        raise SurveyError(f"{shown}: {_without_secrets(error, place)}") from None


def _without_secrets(error: Exception, place: URL) -> str:
    """First lines of what the driver says, with every secret of the URL blotted out."""
    said = str(getattr(error, "orig", None) or error)
    told = " ".join(line.strip() for line in said.splitlines()[:4] if line.strip())
    values = place.query.values()
    hidden = [place.password, *(v for value in values for v in ([value] if isinstance(value, str) else value))]
    for secret in sorted((str(text) for text in hidden if text), key=len, reverse=True):
        told = told.replace(secret, "***")
    return told or type(error).__name__


def _from_sqlalchemy(place: URL, query: str | None, shown: str) -> pd.DataFrame:
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.pool import NullPool

    engine = create_engine(place, poolclass=NullPool)
    with engine.connect() as connection:
        if query is None:
            inspector = inspect(connection)
            raise _no_query(shown, [*inspector.get_table_names(), *inspector.get_view_names()])
        if place.get_backend_name() == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
        told: dict[str, Any] = {"no_parameters": True}
        if place.get_backend_name() == "postgresql":
            connection.rollback()
            told["postgresql_readonly"] = True
        result = connection.execution_options(**told).exec_driver_sql(query)
        return _frame(list(result.keys()), [tuple(row) for row in result.fetchall()])


def _from_duckdb(place: URL, query: str | None, shown: str) -> pd.DataFrame:
    import duckdb

    name = place.database or ":memory:"
    with duckdb.connect(name, read_only=name != ":memory:") as connection:
        if query is None:
            raise _no_query(shown, [row[0] for row in connection.execute("SHOW TABLES").fetchall()])
        relation = connection.sql(query)
        return _frame(relation.columns, relation.fetchall())


def _frame(names: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Values as the driver gives them: whole numbers with nulls among them stay whole."""
    frame = pd.DataFrame(rows, columns=range(len(names)), dtype="object")
    frame.columns = pd.Index(names, dtype="object")
    return frame


def _no_query(shown: str, tables: list[str]) -> ConfigError:
    listed = ", ".join(sorted(tables)[:NAMED_TABLES]) or "none"
    more = f" and {len(tables) - NAMED_TABLES} more" if len(tables) > NAMED_TABLES else ""
    first = sorted(tables)[0] if tables else "responses"
    return ConfigError(
        f"{shown}: which rows? Tables and views found: {listed}{more}. Give --query, or in verbatim.toml:\n\n"
        f'    [survey]\n    query = "SELECT * FROM {first}"\n'
    )
