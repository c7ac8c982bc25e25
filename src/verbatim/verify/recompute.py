"""The analysis again, from the run's base tables: comments, scores and which span speaks of which theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from verbatim.analysis.course import with_course
from verbatim.config import Config, options_of
from verbatim.ledger import count_rows
from verbatim.nps import category
from verbatim.pipeline import drivers_of, reader_of
from verbatim.records import Analysis, Progress, Spans
from verbatim.text.embed import embed_spans
from verbatim.text.sentiment import score_sentiment
from verbatim.text.split import split_comments
from verbatim.themes.attach import attach_themes
from verbatim.themes.recognise import with_exemplars

QUICK: tuple[str, ...] = ("Sentiment and the cutting of comments were taken as they stand (--quick).",)
CLAUSE = ["response_id", "question", "start", "end", "text"]


@dataclass(frozen=True, slots=True, eq=False)
class Recomputed:
    """What the base tables give; ``notes`` say what had to be taken as it stands."""

    analysis: Analysis
    config: Config
    notes: tuple[str, ...]


def recompute(analysis: Analysis, read_again: bool, progress: Progress | None = None) -> Recomputed:
    """Compute everything that is published again.

    Taken as given: the responses, the answers, and which span speaks of which theme. With ``read_again`` comments are
    split and their sentiment is read again, too; without, both are taken as given.

    Raises
    ------
    ConfigError
        The options in the manifest are those of another version.
    """
    config = options_of(analysis.manifest)
    responses = analysis.survey.responses
    survey = replace(analysis.survey, responses=responses.assign(category=category(responses["score"])))
    again, notes = replace(analysis, survey=survey), QUICK
    if read_again:
        again, notes = _read_again(again, config, progress)
    themes = replace(again.themes, themes=with_exemplars(again.themes.themes, again.spans.table))
    mentions = attach_themes(again.spans, themes.themes)
    drivers = drivers_of(survey, again.spans, themes, mentions, config)
    manifest = {**analysis.manifest, "ledger": count_rows(survey, again.spans)._asdict()}
    found = replace(again, themes=themes, mentions=mentions, drivers=drivers, manifest=manifest)
    if found.since is not None:
        notes = (*notes, f"What changed since {found.since.source} was taken as it stands (since.json).")
    return Recomputed(with_course(found, config.change), config, notes)


def _read_again(analysis: Analysis, config: Config, progress: Progress | None) -> tuple[Analysis, tuple[str, ...]]:
    """Split the comments and read their sentiment as the run did; where its encoder is not here, say so."""
    manifest: Mapping[str, Any] = analysis.manifest
    if manifest.get("forgotten"):
        return analysis, ("Sentiment was taken as it stands: it was learned with comments that were forgotten since.",)
    language, survey = str(manifest["language"]), analysis.survey
    spans = split_comments(survey, config.split.model_copy(update={"language": language}), progress)
    encoder, _ = reader_of(survey, spans, language, None, analysis.themes.model, config)
    if encoder.card.sha256 != manifest["encoder"]["sha256"]:
        return analysis, (
            f"Sentiment was taken as it stands: it was read with the encoder {manifest['encoder']['name']}, which is "
            "not at hand.",
        )
    embedding = embed_spans(survey, spans, config.encoder, encoder, progress, language)
    spans, reading = score_sentiment(survey, spans, embedding, encoder, language, config.sentiment)
    return replace(analysis, spans=_with_themes(spans, analysis.spans), sentiment=reading), ()


def _with_themes(read: Spans, coded: Spans) -> Spans:
    """Put the sentiment just read beside the themes that the run gave; a span that was not read again has none."""
    sentiment = read.table[[*CLAUSE, "sentiment"]].drop_duplicates(CLAUSE)
    table = coded.table.drop(columns="sentiment").merge(sentiment, on=CLAUSE, how="left")
    return Spans(table[list(coded.table.columns)])
