"""Arrow in all its forms becomes a DataFrame of Python values: Parquet files and folders, Feather, frames in memory."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import unquote

import pandas as pd

from verbatim.errors import SurveyError

if TYPE_CHECKING:
    import pyarrow as pa

ARROW_FILE, ARROW_STREAM = b"ARROW1", b"\xff\xff\xff\xff"
PANDAS_INDEX = re.compile(r"__index_level_\d+__")
NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands its rows over as an Arrow stream: polars, a DuckDB relation, pyarrow, cuDF, Ibis."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a PyCapsule, as the Arrow PyCapsule interface describes."""
        ...


def frame_of(stream: ArrowStream) -> pd.DataFrame:
    """Read the rows of an Arrow stream; whole numbers with nulls among them stay whole.

    Examples
    --------
    >>> import pyarrow as pa
    >>> frame_of(pa.table({"score": [9, None]}))["score"].tolist()
    [9, None]
    """
    import pyarrow as pa

    table = pa.table(stream)
    places = [k for k, name in enumerate(table.column_names) if not PANDAS_INDEX.fullmatch(name)]
    frame = pd.DataFrame({k: pd.Series(table.column(k).to_pylist(), dtype="object") for k in places})
    frame.columns = pd.Index([table.column_names[k] for k in places], dtype="object")
    return frame


def read_parquet(path: Path) -> pd.DataFrame:
    """Read one Parquet file. Raises SurveyError where it is damaged."""
    return frame_of(_parquet(path))


def _parquet(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path).read()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise SurveyError(f"{path.name} is a damaged Parquet file ({error}). Export it again.") from error


def read_arrow_file(path: Path) -> pd.DataFrame:
    """Read a Feather or Arrow file, or a file with an Arrow stream. Raises SurveyError where it is damaged."""
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as source:
            if path.read_bytes()[:6] == ARROW_FILE:
                return frame_of(pa.ipc.open_file(source).read_all())
            return frame_of(pa.ipc.open_stream(source).read_all())
    except (OSError, ValueError, pa.ArrowException) as error:
        raise SurveyError(f"{path.name} is a damaged Arrow file ({error}). Export it again.") from error


def read_folder(folder: Path) -> tuple[pd.DataFrame, str, str]:
    """Read a folder of Parquet files as one table, in the order of their paths; ``key=value`` folders are columns.

    Files and folders whose names begin with a dot or an underscore are left alone. A column that only some files have
    is empty in the others.

    Returns
    -------
    tuple
        The table, its layout, and the hash of the files' names and bytes.

    Raises
    ------
    SurveyError
        The folder holds no Parquet file, or one is damaged.
    """
    import pyarrow as pa

    inside = {file: file.relative_to(folder) for file in sorted(folder.rglob("*.parquet"))}
    files = [file for file, path in inside.items() if file.is_file() and not any(p[0] in "._" for p in path.parts)]
    if not files:
        raise SurveyError(
            f"{folder} is a folder without Parquet files. Give the survey file itself, or a folder of Parquet files."
        )
    digest, tables, keys = hashlib.sha256(), [], dict[str, None]()
    for file in files:
        digest.update(str(inside[file].as_posix()).encode() + b"\x00" + file.read_bytes())
        table = _parquet(file)
        for key, value in _partitions(inside[file]):
            keys[key] = None
            if key not in table.column_names:
                table = table.append_column(key, pa.array([value] * len(table), type=pa.string()))
        tables.append(table)
    layout = f"Parquet folder, {len(files)} file{'s' * (len(files) > 1)}"
    layout += f", partitioned by {', '.join(keys)}" if keys else ""
    return _together(tables, folder), layout, digest.hexdigest()


def _together(tables: list[pa.Table], folder: Path) -> pd.DataFrame:
    import pyarrow as pa

    try:
        return frame_of(pa.concat_tables(tables, promote_options="permissive"))
    except pa.ArrowException as error:
        raise SurveyError(
            f"{folder}: the files do not hold the same columns ({str(error).splitlines()[0]}). Give one file, or bring "
            "the columns to one type."
        ) from error


def _partitions(path: Path) -> list[tuple[str, str | None]]:
    """Read the ``key=value`` folders of a path.

    Examples
    --------
    >>> _partitions(Path("year=2026/region=North%20East/part-0.parquet"))
    [('year', '2026'), ('region', 'North East')]
    """
    pairs = [part.partition("=") for part in path.parts[:-1] if "=" in part]
    return [(unquote(key), None if value == NULL_PARTITION else unquote(value)) for key, _, value in pairs]
