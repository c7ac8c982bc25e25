"""A run on Spark: the driver finds themes in a sample and teaches a student, the workers read every comment with it.

Masking, splitting, embedding and assigning are the workers'; reading the table, sentiment, drivers and reports are the
driver's, as on one machine.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from verbatim.analysis.beside import check_outcome
from verbatim.analysis.given import Given, read_given
from verbatim.analysis.read import read_configured
from verbatim.config import Config
from verbatim.errors import ConfigError, SurveyError
from verbatim.pipeline import Found, check_size, conclude, reader_of, recorded_versions
from verbatim.records import Analysis, Embedding, Pace, Progress, SentimentReading, Spans, Survey, Themes
from verbatim.spark.folder import save
from verbatim.spark.frames import assign, mask
from verbatim.spark.session import read_table, session
from verbatim.text.embed import embed_spans, read_alone, reader_of_spans
from verbatim.text.encoder import Encoder
from verbatim.text.languages import language_counts
from verbatim.text.lexical import LexicalEncoder
from verbatim.text.redact import MaskedAnswers, redact
from verbatim.text.sentiment import score_sentiment
from verbatim.text.split import resolve_language, split_comments
from verbatim.text.student import StudentEncoder
from verbatim.themes.discover import find_themes
from verbatim.themes.model import ThemeModel
from verbatim.themes.recognise import with_exemplars
from verbatim.unfinished.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TAUGHT_OF = 2 / 3  # of a small sample's comments, the student is taught on so many; the others examine it


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was fitted on a sample: the theme model, who reads on the workers, and who taught it."""

    model: ThemeModel
    encoder: StudentEncoder | LexicalEncoder
    teacher: Encoder
    pace: Pace
    language: str
    note: str | None


def fit(sample: Survey, folder: Path, config: Config | None = None, model: ThemeModel | None = None) -> Fitted:
    """Find themes in a sample, teach a student on it, and write into ``folder`` what workers read with.

    Parameters
    ----------
    sample : Survey
        As read; it is masked here. Of a survey too large for one machine: a random part of it.
    folder : Path
    config : Config, optional
    model : ThemeModel, optional
        Recognised on the workers; nothing but the student is fitted.

    Raises
    ------
    ConfigError, ModelError
        Themes are guided by people's coding.
    EncoderError
        The student is too unlike the encoder (``encoder.min_agreement``).
    """
    config = config or Config()
    if read_given(config.themes):
        raise ConfigError(
            "themes.codebook and themes.coded guide the themes on one machine alone. Empty both for Spark, or run with "
            "--engine local."
        )
    sample = redact(sample, config.redact)
    language = resolve_language(sample, config.split)
    split = config.split.model_copy(update={"language": language})
    spans = split_comments(sample, split)
    teacher, note = reader_of(sample, spans, language, None, model, config)
    comments = sample.responses["comment"].nunique()
    options = config.encoder.model_copy(
        update={"speed": "fast", "taught": max(1, min(config.encoder.taught, int(_TAUGHT_OF * comments)))}
    )
    encoder, pace = reader_of_spans(sample, spans, options, teacher, language=language)
    if not isinstance(encoder, StudentEncoder | LexicalEncoder):
        raise ConfigError(f'"{teacher.card.name}" cannot teach a student, so Spark cannot read with it.')
    if model is None:
        embedding = embed_spans(sample, spans, options, encoder, language=language)
        _, themes = find_themes(spans, embedding, teacher, language, config.themes)
        model = themes.model
    save(folder, config.redact, split, encoder, teacher, model)
    return Fitted(model, encoder, teacher, pace, language, note)


def analyze_on_spark(
    source: str, config: Config, model: ThemeModel | None = None, progress: Progress | None = None,
    spark: SparkSession | None = None,
) -> Analysis:  # fmt: skip
    """Run every stage on a table that Spark reads; as `verbatim.analyze` otherwise.

    Parameters
    ----------
    source : str
        A file, folder or any URL that the user's Spark reads.
    config : Config
    model : ThemeModel, optional
    progress : Progress, optional
    spark : SparkSession, optional
        By default the active one, or a new one with the user's own settings, stopped at the end.

    Raises
    ------
    ConfigError
        PySpark or Java is missing.
    SurveyError
        Spark cannot read the source, or it holds more than ``spark.most_responses``.
    """
    with nullcontext(spark) if spark else session() as used:
        return _analyzed(used, source, config, model, progress)


def _analyzed(
    spark: SparkSession, source: str, config: Config, model: ThemeModel | None, progress: Progress | None
) -> Analysis:
    stages = Stages(None, recorded_versions())
    survey = stages.run("read", lambda: _read(spark, source, config), keep=False)
    check_size(survey)
    check_outcome(survey, config.drivers.outcome)
    room = Path(tempfile.mkdtemp(prefix="verbatim-"))
    folder = room / f"reading-{room.name}"  # Spark carries files by name: one of its own for every run
    try:
        fitted = stages.run("fit", lambda: fit(_sample(survey, config.spark.sample), folder, config, model), keep=False)
        if progress:
            progress("redact", 0, 1)
        survey = stages.run("redact", lambda: _redacted(spark, survey, folder, config), keep=False)
        if progress:
            progress("read on Spark", 0, 1)
        table = stages.run("split, embed, assign", lambda: _assigned(spark, survey, folder, config), keep=False)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    spans, reading = stages.run("sentiment", lambda: _with_sentiment(survey, table, fitted, config), keep=False)
    themes = with_exemplars(fitted.model.themes, spans.table)
    found = Found(
        survey=survey,
        spans=spans,
        reading=reading,
        themes=Themes(themes, replace(fitted.model, themes=themes)),
        encoder=fitted.teacher,
        pace=fitted.pace,
        language=fitted.language,
        languages=language_counts(survey.answers["text"]),
        note=fitted.note,
        given=Given(),
        compared=pd.DataFrame(),
    )
    return conclude(found, model, config, stages, progress)


def _read(spark: SparkSession, source: str, config: Config) -> Survey:
    frame = read_table(spark, source)
    n = frame.count()
    if n > config.spark.most_responses:
        raise SurveyError(
            f"{source} has {n:,} rows; a run collects the tables of at most {config.spark.most_responses:,} "
            "(spark.most_responses). Raise it where the driver has the memory, or use the functions of verbatim.spark "
            "(docs/scale.md)."
        )
    survey = read_configured(frame.toArrow(), config)
    name = source.rstrip("/").rpartition("/")[2]
    return replace(survey, reading=replace(survey.reading, source=name, layout=f"{survey.reading.layout}, by Spark"))


def _sample(survey: Survey, n: int) -> Survey:
    """Take some of the commented responses, by a hash of what they say."""
    commented = survey.responses.dropna(subset="comment")
    if len(commented) <= n:
        return survey
    said = commented["comment"] + "\n" + commented["response_id"]
    keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() for text in said]
    chosen = set(commented["response_id"].to_numpy()[np.argsort(keys, kind="stable")[:n]])
    held, answered = (table["response_id"].isin(chosen) for table in (survey.responses, survey.answers))
    return replace(
        survey,
        responses=survey.responses[held].reset_index(drop=True),
        answers=survey.answers[answered].reset_index(drop=True),
        rejected=survey.rejected.iloc[:0],
    )


def _slots(answers: pd.DataFrame) -> pd.Series:
    """Number of each answer within its response, as text: the column it travels in."""
    return answers.groupby("response_id").cumcount().astype("str")


def _frame(spark: SparkSession, answers: pd.DataFrame, config: Config) -> tuple[DataFrame, list[str]]:
    """One row a response, a column for each answer in the order in which they are joined."""
    wide = answers.assign(slot=_slots(answers)).pivot(index="response_id", columns="slot", values="text")
    slots = sorted(map(str, wide.columns), key=int)
    columns = {"response_id": wide.index, **{slot: wide[slot] for slot in slots}}
    table = pa.table({name: pa.array(np.asarray(values, dtype=object), pa.string(), from_pandas=True)
                      for name, values in columns.items()})  # fmt: skip
    parts = config.spark.partitions or 2 * spark.sparkContext.defaultParallelism
    return spark.createDataFrame(table).repartition(parts, "response_id"), slots


def _redacted(spark: SparkSession, survey: Survey, folder: Path, config: Config) -> Survey:
    """Mask the answers on the workers, the rest here."""
    frame, slots = _frame(spark, survey.answers, config)
    masked = mask(frame, folder, slots, batch=config.spark.batch).toArrow().to_pandas().set_index("response_id")
    counts = sum((Counter(json.loads(told)) for told in masked["masked"]), Counter[str]())
    row = masked.index.get_indexer(survey.answers["response_id"])
    texts = masked[slots].to_numpy()[row, _slots(survey.answers).astype("int64")]
    return redact(survey, config.redact, masked=MaskedAnswers(texts.tolist(), counts))


def _assigned(spark: SparkSession, survey: Survey, folder: Path, config: Config) -> pd.DataFrame:
    """Spans with their themes, sorted by response and start, as on one machine."""
    frame, slots = _frame(spark, survey.answers, config)
    table: pd.DataFrame = assign(frame, folder, slots, batch=config.spark.batch).toArrow().to_pandas()
    table = table.sort_values("response_id", kind="stable", ignore_index=True)
    asked = pd.Series(
        survey.answers["question"].to_numpy(),
        index=pd.MultiIndex.from_arrays([survey.answers["response_id"], _slots(survey.answers)]),
    )
    keys = pd.MultiIndex.from_arrays([table["response_id"], table["question"]])
    texts = ("span_id", "response_id", "question", "text", "theme_id")
    table = table.assign(question=asked.reindex(keys).to_numpy(), sentiment=np.nan)
    return table.astype(dict.fromkeys(texts, "str"))


def _with_sentiment(
    survey: Survey, table: pd.DataFrame, fitted: Fitted, config: Config
) -> tuple[Spans, SentimentReading]:
    """Score every span once, also where it is listed for two themes."""
    place = ["response_id", "start", "end"]
    once = table.drop_duplicates(place, ignore_index=True)
    own_words = read_alone(fitted.encoder, once["text"].tolist())
    none = np.zeros((0, fitted.teacher.card.dim), np.float32)
    embedding = Embedding(none, own_words, pd.DataFrame(), none, fitted.teacher.card, fitted.pace)
    scored, reading = score_sentiment(survey, Spans(once), embedding, fitted.teacher, fitted.language, config.sentiment)
    number = table.groupby(place, sort=False).ngroup()
    return Spans(table.assign(sentiment=scored.table["sentiment"].to_numpy()[number])), reading
