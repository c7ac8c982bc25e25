"""Spark DataFrames in, Spark DataFrames out: the stages that read text, on every worker of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.spark.workers import SPAN_FIELDS, THEME_FIELDS, VECTOR_FIELDS, Worker

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BATCH, _TRIED = 1_000, 100
Fields = tuple[tuple[str, pa.DataType], ...]


def mask(
    frame: DataFrame, folder: str | Path, comment: str | Sequence[str] = "comment", *,
    response_id: str = "response_id", batch: int = BATCH,
) -> DataFrame:  # fmt: skip
    """Mask personal data in the answers; other columns stay.

    Parameters
    ----------
    frame : DataFrame
        One row a response.
    folder : path
        What `verbatim.spark.folder.save` wrote: a new folder name for every model, because Spark carries files by name.
    comment : str or list of str
        Columns with the open answers, in the order in which they are joined.
    response_id : str
        Column with an id of its own for every response.
    batch : int
        Responses that a worker reads at a time.

    Returns
    -------
    DataFrame
        The same columns, and ``masked``: how much of which kind, as JSON.

    Raises
    ------
    ColumnNotFound, SurveyError
        A column is missing, or holds no text; found on the driver, before any worker starts. So is whatever goes wrong
        with the first hundred responses.
    """
    return _mapped("mask", frame, folder, comment, None, response_id, batch)


def split(
    frame: DataFrame, folder: str | Path, comment: str | Sequence[str] = "comment", *,
    response_id: str = "response_id", batch: int = BATCH,
) -> DataFrame:  # fmt: skip
    """Cut answers into spans: ``response_id, question, start, end, text``. Arguments as for `mask`."""
    return _mapped("split", frame, folder, comment, SPAN_FIELDS, response_id, batch)


def embed(
    frame: DataFrame, folder: str | Path, comment: str | Sequence[str] = "comment", *,
    response_id: str = "response_id", batch: int = BATCH,
) -> DataFrame:  # fmt: skip
    """Cut answers and read the spans in their comments: the columns of `split` and ``vector``, of unit length."""
    return _mapped("embed", frame, folder, comment, VECTOR_FIELDS, response_id, batch)


def assign(
    frame: DataFrame, folder: str | Path, comment: str | Sequence[str] = "comment", *,
    response_id: str = "response_id", batch: int = BATCH,
) -> DataFrame:  # fmt: skip
    """Cut answers and say which themes the spans speak of.

    Returns
    -------
    DataFrame
        ``span_id``, the columns of `split`, ``theme_id`` (null: none) and ``similarity``. A span that speaks of two
        themes is there twice.
    """
    return _mapped("assign", frame, folder, comment, THEME_FIELDS, response_id, batch)


def _mapped(
    stage: str, frame: DataFrame, folder: str | Path, comment: str | Sequence[str], fields: Fields | None,
    response_id: str, batch: int,
) -> DataFrame:  # fmt: skip
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StringType, StructField, StructType

    from verbatim.spark.folder import packed

    comments = [comment] if isinstance(comment, str) else list(comment)
    _refuse_columns(frame, response_id, comments)
    worker = Worker(stage, f"{Path(folder).name}.zip", response_id, comments, batch)
    chosen = frame if stage == "mask" else frame.select(response_id, *comments)
    _try_on_driver(worker, chosen, Path(folder))
    frame.sparkSession.sparkContext.addFile(str(packed(Path(folder))))
    if fields is None:
        schema = StructType([*frame.schema.fields, StructField("masked", StringType())])
    else:
        schema = from_arrow_schema(pa.schema(fields))
    return chosen.mapInArrow(worker, schema)


def _refuse_columns(frame: DataFrame, response_id: str, comments: list[str]) -> None:
    for name in (response_id, *comments):
        if name not in frame.columns:
            raise ColumnNotFound(
                f'The table has no column "{name}"; it has {", ".join(frame.columns)}. Name the columns with '
                "response_id=... and comment=..."
            )
    kinds = dict(frame.dtypes)
    if wrong := [name for name in (response_id, *comments) if kinds[name] != "string"]:
        raise SurveyError(
            f'Column "{wrong[0]}" is {kinds[wrong[0]]}; ids and answers are text. Cast it: '
            f'frame.withColumn("{wrong[0]}", frame["{wrong[0]}"].cast("string"))'
        )


def _try_on_driver(worker: Worker, frame: DataFrame, folder: Path) -> None:
    """Do the stage on the first responses here: a mistake gives one error, not one of every worker."""
    from verbatim.spark.folder import load

    reader = load(folder)
    for batch in frame.limit(_TRIED).toArrow().combine_chunks().to_batches():
        worker.work(reader, batch)
