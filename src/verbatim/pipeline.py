"""The order of the stages: a survey goes in, an Analysis comes out."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from verbatim import __version__
from verbatim.analysis.accounts import with_clustered_nps
from verbatim.analysis.beside import check_outcome, chosen_outcome, outcome_table, rank_on, said_of_outcomes
from verbatim.analysis.course import with_course
from verbatim.analysis.given import Given, embed_coded, read_given
from verbatim.analysis.minimum_group import without_small_groups
from verbatim.config import Config
from verbatim.drivers.rank import rank_drivers
from verbatim.drivers.refusals import routed_questions
from verbatim.errors import ConfigError, TooFewResponses
from verbatim.ledger import count_read, count_rows
from verbatim.people.plays import count_plays
from verbatim.records import (
    Analysis,
    Drivers,
    Embedding,
    Mentions,
    Pace,
    Progress,
    SentimentReading,
    Spans,
    Survey,
    Theme,
    Themes,
)
from verbatim.side_by_side import loading
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder, choose_encoder
from verbatim.text.languages import language_counts, other_languages_note
from verbatim.text.redact import redact
from verbatim.text.respondent_key import read_key
from verbatim.text.sentiment import score_sentiment
from verbatim.text.split import resolve_language, split_comments
from verbatim.themes.attach import attach_themes, mention_matrix, tone_matrix
from verbatim.themes.discover import agreement_with, apply_themes, find_themes
from verbatim.themes.edits import to_confirm
from verbatim.themes.language_model import ModelNames
from verbatim.themes.model import ThemeModel
from verbatim.themes.renaming import ask_language_model
from verbatim.unfinished.stages import Stages
from verbatim.unfinished.values import fingerprint

SCHEMA_VERSION = 1
FEWEST_SCORED = FEWEST_COMMENTS = 10
MOST_VECTORS_KEPT = 300_000
"""Spans beyond which a stopped run keeps no vectors: 1.5 GiB."""
_RECORDED = (
    "bertopic", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "sentence-transformers", "spacy", "torch",
    "transformers",
)  # fmt: skip


def analyze(
    survey: Survey,
    *,
    model: ThemeModel | None = None,
    config: Config | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    kept_in: Path | None = None,
) -> Analysis:
    """Run every stage on a survey.

    Parameters
    ----------
    survey : Survey
        From `verbatim.read_survey`.
    model : ThemeModel, optional
        Themes to recognise; nothing is fitted and theme ids stay. Without it themes are found.
    config : Config, optional
        Options of all stages.
    encoder : Encoder, optional
        Used instead of the model that ``config.encoder`` names.
    progress : Progress, optional
        Called by the long stages.
    kept_in : Path, optional
        An existing folder in which each stage is kept when it is done, and found again by the next call; the result
        is the same, bit for bit.

    Raises
    ------
    TooFewResponses
        Fewer than 10 scored responses, or fewer than 10 with a comment.
    RunFolderError
        Nothing can be written to ``kept_in``.
    EncoderError, ModelError
        See `embed_spans` and `apply_themes`.
    """
    config = config or Config()
    check_size(survey)
    check_outcome(survey, config.drivers.outcome)
    given = _given(config, model)
    stages = Stages(kept_in, recorded_versions())
    stages.given(lambda: [fingerprint(each) for each in (survey, model and replace(model, reader=None))])
    stages.given(lambda: _files_given(config))
    masked = stages.run("redact", lambda: redact(survey, config.redact, progress), config.redact)
    languages = stages.run("language", lambda: language_counts(masked.answers["text"]), keep=False)
    language = resolve_language(masked, config.split, languages)
    split = config.split.model_copy(update={"language": language})
    spans = stages.run("split", lambda: split_comments(masked, split, progress), split)
    reader, reading_note = stages.run(
        "load encoder", lambda: reader_of(masked, spans, language, encoder, model, config), keep=False
    )
    with loading(*(() if model else ("bertopic",))):
        embedding = stages.run(
            "embed",
            lambda: embed_spans(masked, spans, config.encoder, reader, progress, language),
            reader.card.sha256,
            config.encoder,
            keep=lambda made: made.held and len(made.own_words) <= MOST_VECTORS_KEPT,
        )
    read, reading = stages.run(
        "sentiment",
        lambda: score_sentiment(masked, spans, embedding, reader, language, config.sentiment),
        config.sentiment,
    )
    if progress:
        progress("themes", 0, 1)
    themed, themes, compared = stages.run(
        "themes",
        lambda: _themes(read, embedding, reader, language, model, given, config),
        config.themes,
        known={"reader": reader},
    )
    found = Found(
        masked, themed, reading, themes, reader, embedding.pace, language, languages, reading_note, given, compared
    )
    return conclude(found, model, config, stages, progress)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What reading a survey gave, on whatever machines: spans with themes and sentiment, and how they were read."""

    survey: Survey
    spans: Spans
    reading: SentimentReading
    themes: Themes
    encoder: Encoder
    pace: Pace
    language: str
    languages: Mapping[str, int]
    note: str | None
    given: Given
    compared: pd.DataFrame


def conclude(
    found: Found, model: ThemeModel | None, config: Config, stages: Stages, progress: Progress | None = None
) -> Analysis:
    """Name the themes, attach them, rank the drivers and write down how it all came about."""
    masked, themed, reading, by_name = found.survey, found.spans, found.reading, {"reader": found.encoder}
    themes = _as_shown(found.themes, masked, model is None)
    themes, answers = stages.run("names", lambda: _named(themed, themes, model, config), config.naming, known=by_name)
    mentions = stages.run("attach", lambda: attach_themes(themed, themes.themes), keep=False)
    if progress:
        progress("drivers", 0, 1)
    drivers = stages.run(
        "drivers",
        lambda: drivers_of(masked, themed, themes, mentions, config),
        config.drivers, config.accounts, config.report.minimum_group,
    )  # fmt: skip
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "verbatim_version": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": recorded_versions(),
        "options": config.model_dump(mode="json"),
        "seeds": {"drivers": config.drivers.seed},
        "encoder": {**asdict(found.encoder.card), **_pace(found.pace)},
        "language": found.language,
        "languages": found.languages,
        "themes_from": "found in this survey" if model is None else "recognised with a given model",
        **_guided_by(found.given, themes, found.compared),
        "sent_to_language_model": dict(answers.sent) if answers else {},
        "ledger": count_rows(masked, themed)._asdict(),
        "fallbacks": [
            *filter(None, (found.note, found.pace.note, other_languages_note(found.languages, found.language))),
            *(() if reading.learned else reading.notes),
            *(answers.notes if answers else ()),
            *drivers.notes,
        ],
        "timings_s": stages.clock.seconds,
        "processor_s": stages.clock.processor_seconds,
        "peak_memory_mib": stages.clock.peak_mib,
        "resumed": stages.resumed,
        "origin": None,
    }
    analysis = Analysis(masked, themed, themes, mentions, reading, drivers, manifest)
    analysis = stages.run("over time", lambda: with_course(analysis, config.change), keep=False)
    return replace(analysis, manifest=manifest | {"plays": json_rows(count_plays(analysis, config.plays))})


def _given(config: Config, model: ThemeModel | None) -> Given:
    given = read_given(config.themes)
    if given and model is not None:
        raise ConfigError(
            "themes.codebook and themes.coded guide the search for themes; with a given model nothing is searched. "
            "Leave --model out, or empty both options."
        )
    return given


def recorded_versions() -> dict[str, str]:
    """Versions of the libraries that results depend on."""
    return {name: metadata.version(name) for name in _RECORDED}


def _files_given(config: Config) -> list[str]:
    """Hashes of what options name and do not hold: files, and the key of respondents' ids."""
    files = (config.themes.codebook, config.themes.coded)
    contents = [Path(file).read_bytes() for file in files if file]
    return [hashlib.sha256(content).hexdigest() for content in (*contents, read_key(config.redact.hash_key) or b"")]


def _themes(
    spans: Spans,
    embedding: Embedding,
    reader: Encoder,
    language: str,
    model: ThemeModel | None,
    given: Given,
    config: Config,
) -> tuple[Spans, Themes, pd.DataFrame]:
    """Find themes, or recognise a model's; last, how people's codes compare with ours."""
    if model is not None:
        return *apply_themes(spans, embedding, reader, model), pd.DataFrame()
    coded = embed_coded(given.coded, config, reader, language) if given.coded else None
    found, themes = find_themes(spans, embedding, reader, language, config.themes, given.codebook, coded)
    return found, themes, agreement_with(themes, reader, given.codebook, coded)


def _guided_by(given: Given, themes: Themes, compared: pd.DataFrame) -> dict[str, object]:
    """What the manifest says of people's help: null where there was none."""
    if not given:
        return {"guided_by": None}
    sources = [theme.source for theme in themes.themes]
    return {
        "guided_by": {
            "codebook": given.codebook.source if given.codebook else None,
            "coded": given.coded.source if given.coded else None,
            "coded_comments": len(given.coded.comments) if given.coded else 0,
            "themes_given": sources.count("given"),
            "themes_found": sources.count("found"),
            "agreement": json_rows(compared),
        }
    }


def json_rows(table: pd.DataFrame) -> Any:
    """Rows of a table as JSON, and so the manifest, holds them: a dict each, nulls None."""
    return json.loads(table.to_json(orient="records"))


def reader_of(
    survey: Survey, spans: Spans, language: str, encoder: Encoder | None, model: ThemeModel | None, config: Config
) -> tuple[Encoder, str | None]:
    """Return what reads the spans, a given model's own encoder first, and a sentence where that is not plain."""
    if encoder is not None:
        return encoder, None
    if model is not None and model.reader is not None:
        return model.reader, None
    return choose_encoder(
        model.language if model else language,
        config.encoder,
        lambda: [*spans.table["text"], *survey.responses["comment"].dropna()],
    )


def _pace(pace: Pace) -> dict[str, object]:
    return {"speed": pace.speed, "agreement": {name: asdict(each) for name, each in pace.agreement.items()} or None}


def _as_shown(themes: Themes, survey: Survey, found: bool) -> Themes:
    """Write down that the drivers of this survey are about to be shown, and mark what was edited after they were."""
    key = hashlib.sha256("\n".join(survey.responses["response_id"]).encode()).hexdigest()[:16]
    edited = to_confirm(themes.model, key)
    listed = tuple(
        replace(
            theme,
            confirm_next_wave=theme.theme_id in edited,
            lineage=(f"born: {theme.source} in {survey.reading.source}",) if found else theme.lineage,
        )
        for theme in themes.themes
    )
    shown = tuple(sorted({*themes.model.shown, key}))
    return replace(themes, themes=listed, model=replace(themes.model, themes=listed, shown=shown))


def _named(spans: Spans, themes: Themes, model: ThemeModel | None, config: Config) -> tuple[Themes, ModelNames | None]:
    """Have new themes named by a language model, if one is configured."""
    if model is not None or not config.naming.endpoint:
        return themes, None
    return ask_language_model(themes, spans, config.naming)


def check_size(survey: Survey) -> None:
    """Refuse a survey that is too small to say anything.

    Raises
    ------
    TooFewResponses
        Fewer than 10 scored responses, or fewer than 10 comments.
    """
    source, counted = survey.reading.source, count_read(survey)
    scored, commented = counted["scored"], counted["with_comment"]
    if scored < FEWEST_SCORED:
        raise TooFewResponses(
            f"{source} has {scored} scored responses; drivers of NPS need at least {FEWEST_SCORED}, and mean "
            "something from a few hundred on. Give a file with more responses."
        )
    if commented < FEWEST_COMMENTS:
        raise TooFewResponses(
            f"{source} has {commented} comments; themes need at least {FEWEST_COMMENTS}. If another column holds the "
            'comments, name it in verbatim.toml: [survey] comment = "..."'
        )


def drivers_of(survey: Survey, spans: Spans, themes: Themes, mentions: Mentions, config: Config) -> Drivers:
    """Rank the themes of a survey, on the score that ``drivers.outcome`` names.

    Groups of fewer than ``report.minimum_group`` responses get no figures.
    """
    responses = survey.responses.set_index("response_id", drop=False)
    ids = [theme.theme_id for theme in themes.themes]

    def rank(score: pd.Series, refusals: tuple[str, ...]) -> Drivers:
        return rank_drivers(
            mention_matrix(mentions, responses["response_id"], ids),
            score,
            responses[list(survey.segments)] if survey.segments else None,
            weight=responses["weight"],
            commented=spans.made_by(responses["response_id"]),
            respondent=responses["account" if "account" in responses else "respondent_id"],
            themes=theme_table(themes.themes),
            sentiment=tone_matrix(mentions, responses["response_id"], ids),
            refusals=refusals,
            options=config.drivers,
        )

    outcome = chosen_outcome(survey, config.drivers.outcome)
    if outcome is None:
        drivers = rank(responses["score"], routed_questions(survey.answers, survey.responses))
    else:
        drivers = rank_on(outcome, survey, rank)
    drivers = replace(drivers, notes=(*drivers.notes, *said_of_outcomes(outcome_table(survey))))
    drivers = with_clustered_nps(drivers, survey, config.accounts)
    return without_small_groups(drivers, config.report.minimum_group)


def theme_table(themes: tuple[Theme, ...]) -> pd.DataFrame:
    """Names, levels, parents and kinds of themes, indexed by ``theme_id``."""
    rows = [(theme.theme_id, theme.name, theme.level, theme.parent_id, theme.kind) for theme in themes]
    return pd.DataFrame(rows, columns=["theme_id", "name", "level", "parent_id", "kind"]).set_index("theme_id")
