"""The user's Spark: its session, and whatever table it reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from verbatim.errors import ConfigError, SurveyError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TEXT, _JSON = (".csv", ".csv.gz", ".tsv", ".tsv.gz"), (".json", ".jsonl", ".json.gz", ".jsonl.gz")


@contextmanager
def session() -> Iterator[SparkSession]:
    """Give the active session; or start one with the settings of the user's own Spark, and stop it afterwards.

    A cluster whose application is gone without a word starts its executors again and reports each as an error.

    Raises
    ------
    ConfigError
        PySpark is not installed, or cannot start.
    """
    if find_spec("pyspark") is None:
        raise ConfigError("--engine spark needs PySpark: pip install 'verbatim-nps[spark]', and Java 17 or later.")
    from pyspark.sql import SparkSession

    if active := SparkSession.getActiveSession():
        yield active
        return
    started = _started()
    try:
        yield started
    finally:
        started.stop()


def _started() -> SparkSession:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        spark = SparkSession.builder.appName("verbatim").getOrCreate()
    except (PySparkException, OSError) as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise ConfigError(f"Spark cannot start: {reason}. It needs Java 17 or later; set JAVA_HOME.") from None
    context = spark.sparkContext
    if context.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        context.pythonExec = sys.executable  # the python3 on the path may be another, without verbatim
    return spark


def read_table(spark: SparkSession, source: str) -> DataFrame:
    """Read a table by the ending of its name: CSV, TSV, JSON lines; anything else is Parquet.

    Raises
    ------
    SurveyError
        Spark cannot read it.
    """
    from pyspark.errors import PySparkException

    name = source.lower().rstrip("/")
    try:
        if name.endswith(_TEXT):
            separator = "\t" if ".tsv" in name else ","
            return spark.read.csv(source, header=True, sep=separator, multiLine=True, escape='"')
        return spark.read.json(source) if name.endswith(_JSON) else spark.read.parquet(source)
    except PySparkException as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise SurveyError(f"{source}: Spark cannot read it: {reason}. Name a CSV, JSON or Parquet table.") from None
