"""A Spark of this machine, and a small survey's reading model as workers get it."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from verbatim.records import Analysis
from verbatim.spark.folder import save
from verbatim.text.embed import embed_spans, reader_of_spans
from verbatim.text.encoder import EncoderOptions
from verbatim.text.masking.options import RedactOptions
from verbatim.text.split import SplitOptions, split_comments
from verbatim.themes.discover import find_themes

SOURCE = str(Path(__file__).parents[2] / "src")


def pytest_collection_modifyitems(items):
    why = None if find_spec("pyspark") else "PySpark is not installed (the extra [spark])"
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        why = "there is no Java"
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.spark)
            if why and "worker_environment" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def worker_environment():
    """Workers run this Python and these sources."""
    kept = {name: os.environ.get(name) for name in ("PYSPARK_PYTHON", "PYTHONPATH", "SPARK_LOCAL_IP")}
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": SOURCE, "SPARK_LOCAL_IP": "127.0.0.1"}
    yield
    for name, value in kept.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="session")
def session(worker_environment):
    """Two cores, four attempts at every task."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2,4]").appName("tests").config("spark.ui.enabled", False)
    spark = builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    yield spark
    spark.stop()


@pytest.fixture(scope="session")
def on_one_machine(small_analysis, encoder, tmp_path_factory) -> tuple[Path, pd.DataFrame]:
    """The folder that workers read with, and the spans with themes that one machine finds with the same student."""
    survey = small_analysis.survey
    spans = split_comments(survey, SplitOptions(language="en"))
    options = EncoderOptions(speed="fast", taught=150, min_agreement=0.1)
    student, _ = reader_of_spans(survey, spans, options, encoder)
    found, themes = find_themes(spans, embed_spans(survey, spans, options, student), encoder, "en")
    folder = tmp_path_factory.mktemp("reading")
    save(folder, RedactOptions(), SplitOptions(language="en"), student, encoder, themes.model)
    return folder, found.table


@pytest.fixture(scope="session")
def comments(small_analysis: Analysis) -> pd.DataFrame:
    """Ids and comments, an answer in four with an address in it."""
    table = small_analysis.survey.responses.dropna(subset="comment")[["response_id", "comment"]]
    return table.assign(plan=np.where(np.arange(len(table)) % 2, "a", "b")).reset_index(drop=True)
