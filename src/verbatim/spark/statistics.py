"""Drivers of a survey that is too large to collect: responses of one kind are counted, not listed.

What a response adds to the figures depends on its score, weight, segments and themes alone. Responses alike in all are
one kind; its number is all that the driver needs. Only people who answered more than once are kept apart, because their
responses count together in the intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from verbatim.drivers.options import DriverOptions
from verbatim.drivers.rank import rank_drivers
from verbatim.errors import SurveyError, TooFewResponses
from verbatim.records import Drivers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_MOST = 5_000_000  # scored responses that the driver's arrays are made for: 60 themes take 2.4 GB


def count_kinds(
    responses: DataFrame, mentions: DataFrame, segments: Sequence[str] = (), respondent: str | None = None
) -> DataFrame:
    """Count the responses of each kind.

    Parameters
    ----------
    responses : DataFrame
        ``response_id``, ``score`` (0-10 or null), ``commented`` (bool); ``weight`` where there is one, segment columns.
    mentions : DataFrame
        ``response_id, theme_id``, such as `verbatim.spark.assign` gives; repeats and null themes do no harm.
    segments : list of str
    respondent : str, optional
        Column that tells the same person in several responses.

    Returns
    -------
    DataFrame
        ``score, weight, commented``, the segments, ``themes`` (sorted list of ids), ``person`` (null for people who
        answered once) and ``n``.
    """
    from pyspark.sql import functions as f

    spoke = (
        mentions.where(f.col("theme_id").isNotNull())
        .groupBy("response_id")
        .agg(f.sort_array(f.collect_set("theme_id")).alias("themes"))
    )
    weight = f.col("weight").cast("double") if "weight" in responses.columns else f.lit(1.0)
    scored = responses.withColumn("weight", weight).where(f.col("score").isNotNull() & (f.col("weight") > 0))
    if respondent is None:
        scored = scored.withColumn("person", f.lit(None).cast("string"))
    else:
        again = scored.groupBy(f.col(respondent).alias("person")).count().where("count > 1").select("person")
        scored = scored.withColumnRenamed(respondent, "asked").drop("person")
        scored = scored.join(again, f.col("asked") == f.col("person"), "left")
    kind = ["score", "weight", "commented", *segments, "themes", "person"]
    return scored.join(spoke, "response_id", "left").groupBy(*kind).agg(f.count(f.lit(1)).alias("n"))


def rank_kinds(
    kinds: DataFrame, themes: pd.DataFrame, segments: Sequence[str] = (), refusals: Sequence[str] = (),
    options: DriverOptions | None = None,
) -> Drivers:  # fmt: skip
    """Rank the themes by their effect on NPS, from counted responses.

    Parameters
    ----------
    kinds : DataFrame
        From `count_kinds`.
    themes : DataFrame
        Index ``theme_id``; ``name, level, parent_id, kind``: `verbatim.pipeline.theme_table`.
    segments, refusals, options
        As for `verbatim.rank_drivers`.

    Returns
    -------
    Drivers
        As `verbatim.rank_drivers` gives of the listed responses, to 1e-6. Nothing is split by tone.

    Raises
    ------
    TooFewResponses
        There is no scored response.
    SurveyError
        A mention is of a theme that is not listed, or there are more than five million scored responses.
    """
    table = kinds.toArrow()
    n = np.asarray(table["n"].to_numpy(), dtype=np.int64)
    if not n.sum():
        raise TooFewResponses("There is no scored response of positive weight, so there is nothing to rank.")
    if n.sum() > _MOST:
        raise SurveyError(
            f"{n.sum():,} scored responses are more than the driver ranks at a time ({_MOST:,}). Rank a sample of the "
            "respondents, or parts such as countries."
        )
    rows = np.repeat(np.arange(len(n)), n)
    columns = {name: pd.Series(table[name].to_pylist(), dtype=kind).take(rows).reset_index(drop=True)
               for name, kind in {"score": "Int8", "weight": "float64", "commented": "bool", "person": "str",
                                  **dict.fromkeys(segments, "str")}.items()}  # fmt: skip
    return rank_drivers(
        _mentions(table["themes"].to_pylist(), themes).iloc[rows].reset_index(drop=True),
        columns["score"],
        pd.DataFrame({name: columns[name] for name in segments}) if segments else None,
        weight=columns["weight"],
        commented=columns["commented"],
        respondent=columns["person"],
        themes=themes,
        refusals=refusals,
        options=options,
    )


def _mentions(said: list[list[str] | None], themes: pd.DataFrame) -> pd.DataFrame:
    """0/1, a row a kind, a column a theme; who speaks of a theme speaks of the broader one over it."""
    place = {theme: column for column, theme in enumerate(themes.index)}
    over = {theme: parent for theme, parent in themes["parent_id"].items() if isinstance(parent, str)}
    matrix = np.zeros((len(said), len(place)), dtype=np.int8)
    for row, names in enumerate(said):
        for name in names or ():
            if name not in place:
                raise SurveyError(f'A mention is of "{name}", which is no theme. Give the themes of the model.')
            matrix[row, place[name]] = 1
            if name in over:
                matrix[row, place[over[name]]] = 1
    return pd.DataFrame(matrix, columns=pd.Index(themes.index, dtype="str"))
