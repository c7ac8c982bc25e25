"""How a span speaks of its theme, learned from the survey's own scores and read from the span's own words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from verbatim.records import Embedding, SentimentReading, Spans, Survey
from verbatim.text.calibration import calibrate
from verbatim.text.encoder import Encoder
from verbatim.text.estimate import estimate_categories, none_estimated
from verbatim.text.lexicon import read_lexicon
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary
from verbatim.text.voices import Array, Layout, judges, lay_out, taught

_FEWEST_OF_EACH = 20
_SAY = {"scores": 1.0, "lexicon": 1.0, "taught": 1.0, "sentences": 0.5}  # weight of each voice at unit spread
_STEEP = 0.6  # keeps nearly all of telco's spans within -.8 to .8: means of saturated sentiment order texts worse
# About the spread on telco's spans, for surveys too small to learn from.
_SPREAD = {"lexicon": 0.3, "taught": 0.2, "sentences": 0.1}


class SentimentOptions(BaseModel):
    """How sentiment is learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folds: int = Field(
        default=5,
        ge=2,
        le=20,
        description="Respondents are split into this many parts; each is read by a model that never saw it.",
    )
    min_comments: int = Field(
        default=200,
        ge=20,
        description="With fewer scored promoters' and detractors' comments than this, or fewer than 20 of either, "
        "sentiment is not learned from the scores but read off sentences of praise and complaint, and a dictionary.",
    )
    lexicon: bool = Field(
        default=True,
        description="Blend in a dictionary of opinion where the language has one (English).",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Voices:
    """What voices that see no score say of spans, (n_spans,), and the lexicon of whole comments, (n_comments,)."""

    of_spans: dict[str, Array]
    lexicon_of_comments: Array | None


def score_sentiment(
    survey: Survey,
    spans: Spans,
    embedding: Embedding,
    encoder: Encoder,
    language: str = "en",
    options: SentimentOptions | None = None,
) -> tuple[Spans, SentimentReading]:
    """Fill ``sentiment`` (-1..1) of every span, show how it relates to the scores, and estimate missing categories.

    Up to four voices read each span's own words: a logistic regression that tells promoters' from detractors' comments,
    out of fold by respondent and duplicate text; a lexicon; what that lexicon taught the vectors; likeness to sentences
    of praise and complaint, which counts half. Each is brought to unit spread, and to 0 halfway between the promoters'
    and the detractors' comments outside the span's fold: 0 is neutral whatever the NPS. Their mean m gives tanh(.6 m).

    The voices have a fixed say: weights learned from the scores order the scores better, and speech worse (AUC of
    labelled sentences .94/.93/.89 instead of .96/.95/.91), for what a survey scores is partly its topics.

    Returns
    -------
    spans : Spans
    reading : SentimentReading
        With too few scores to learn from, sentiment is what the other voices say, or 0 throughout in a language that
        has none.

    Source
    ------
    Figures: ``python -m benchmarks.sentiment --data DIR``.
    """
    options = options or SentimentOptions()
    layout = lay_out(survey, spans, options.folds)
    voices = _voices(survey, spans, embedding, encoder, language, layout, options)
    sign = layout.sign
    promoters, detractors = int((sign > 0).sum()), int((sign < 0).sum())
    learned = promoters + detractors >= options.min_comments and min(promoters, detractors) >= _FEWEST_OF_EACH
    if learned:
        read, scores = _out_of_fold(layout, embedding, voices)
    else:
        read, scores = _unlearned(layout, voices), None
    of_spans, of_comments = (_sentiment(each) for each in read)
    calibration, auc = calibrate(layout, of_comments)
    estimated, quality = none_estimated() if scores is None else estimate_categories(layout, scores)
    notes = _notes(voices, learned, (promoters, detractors), options.min_comments)
    reading = SentimentReading(
        comments=pd.DataFrame({"response_id": layout.responses.astype("str"), "sentiment": of_comments}),
        calibration=calibration,
        auc=auc,
        estimated=estimated,
        estimate_quality=quality,
        learned=learned,
        notes=notes,
    )
    return Spans(spans.table.assign(sentiment=of_spans)), reading


def _voices(
    survey: Survey,
    spans: Spans,
    embedding: Embedding,
    encoder: Encoder,
    language: str,
    layout: Layout,
    options: SentimentOptions,
) -> _Voices:
    found: dict[str, Array] = {}
    whole = None
    lexicon = read_lexicon(spans.table["text"].tolist(), language) if options.lexicon else None
    if lexicon is not None and len(lexicon):
        comments = survey.responses.set_index("response_id").loc[layout.responses, "comment"]
        whole = read_lexicon(comments.tolist(), language)
        found["lexicon"] = lexicon
        found["taught"] = taught(layout, embedding.own_words, lexicon, options.folds)
    tone = GeneralTone(encoder, vocabulary(language))
    if tone.knows_sentences:
        found["sentences"] = tone.polarity(embedding.own_words).astype(np.float64)
    return _Voices(found, whole)


def _out_of_fold(layout: Layout, embedding: Embedding, voices: _Voices) -> tuple[tuple[Array, Array], Array]:
    """Mean of the voices for spans and comments, and for comments each voice apart, (n_comments, n_voices)."""
    of_spans, of_comments = np.zeros(len(layout.comment)), np.zeros(len(layout.fold))
    apart = np.zeros((len(layout.fold), 1 + len(voices.of_spans)))
    for judge in judges(layout, embedding.own_words):
        here = layout.fold == judge.fold
        said = {"scores": judge.read(embedding.own_words), **voices.of_spans}
        middles = {name: _middle(layout, each, ~here) for name, each in said.items()}
        spread = {name: max(float(each.std()), 1e-6) for name, each in said.items()}
        centred = {name: (each - middles[name]) / spread[name] for name, each in said.items()}
        means = {name: layout.mean(each) for name, each in centred.items()}
        if voices.lexicon_of_comments is not None:
            means["lexicon"] = (voices.lexicon_of_comments - middles["lexicon"]) / spread["lexicon"]
        inside = here[layout.comment]
        of_spans[inside], of_comments[here] = _blend(centred)[inside], _blend(means)[here]
        apart[here] = np.column_stack(list(means.values()))[here]
    return (of_spans, of_comments), apart


def _middle(layout: Layout, said: Array, outside: NDArray[np.bool_]) -> float:
    """Halfway between what a voice says of promoters' and of detractors' comments outside the fold."""
    means = layout.mean(said)
    promoters, detractors = (means[outside & (layout.sign == sign)] for sign in (1, -1))
    return float(promoters.mean() + detractors.mean()) / 2 if len(promoters) and len(detractors) else 0.0


def _unlearned(layout: Layout, voices: _Voices) -> tuple[Array, Array]:
    said = {name: each / _SPREAD[name] for name, each in voices.of_spans.items()}
    if not said:
        return np.zeros(len(layout.comment)), np.zeros(len(layout.fold))
    means = {name: layout.mean(each) for name, each in said.items()}
    if voices.lexicon_of_comments is not None:
        means["lexicon"] = voices.lexicon_of_comments / _SPREAD["lexicon"]
    return _blend(said), _blend(means)


def _blend(said: dict[str, Array]) -> Array:
    total: Array = np.sum([_SAY[name] * each for name, each in said.items()], axis=0)
    return total / sum(_SAY[name] for name in said)


def _sentiment(mean: Array) -> Array:
    return np.asarray(np.round(np.tanh(_STEEP * mean), 4), dtype=np.float64)


def _notes(voices: _Voices, learned: bool, told: tuple[int, int], needed: int) -> tuple[str, ...]:
    named = {
        "lexicon": "a dictionary of opinion words",
        "sentences": "sentences of praise and complaint to compare with",
    }
    others = " and ".join(text for name, text in named.items() if name in voices.of_spans)
    promoters, detractors = told
    if learned:
        beside = f" and from {others}" if others else " and from nothing else"
        return (
            f"Sentiment was learned from the scores of {promoters:,} promoters and {detractors:,} detractors who "
            f"commented{beside}. Nobody's words were read by a model that had seen their own score.",
        )
    instead = (
        f"It was read off {others}."
        if others
        else "No sentences of praise and complaint are known in this language either, so it is 0 throughout."
    )
    return (
        f"Sentiment was not learned from the scores: {promoters} comments of promoters and {detractors} of detractors; "
        f"at least {needed} are needed, {_FEWEST_OF_EACH} of either. {instead}",
    )
