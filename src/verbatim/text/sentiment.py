"""How a span speaks of its theme, learned from the survey's own scores and read from the span's own words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM
from verbatim.records import Embedding, Spans, Survey
from verbatim.text.encoder import Encoder
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary, words

_FEWEST_OF_EACH = 20
_PROTOTYPE_SCALE = 6.0  # brings the polarity of everyday sentences to about -1..1


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
        "sentiment is read off sentences of praise and complaint instead.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """Spans whose response has a telling score: row in the table, +1 for a promoter and -1 for a detractor, fold."""

    rows: NDArray[np.intp]
    sign: NDArray[np.int64]


def score_sentiment(
    survey: Survey,
    spans: Spans,
    embedding: Embedding,
    encoder: Encoder,
    language: str = "en",
    options: SentimentOptions | None = None,
) -> tuple[Spans, str | None]:
    """Fill ``sentiment`` (-1..1) of every span.

    A logistic regression learns to tell promoters' from detractors' spans from the vectors of the spans' own words, out
    of fold by respondent; texts that occur in a fold are left out of its training, so that a copy never meets its own
    score. Each fold is centred halfway between promoters and detractors: 0 is neutral whatever the NPS.

    Returns
    -------
    spans : Spans
    fallback : str or None
        A sentence when there are too few scores to learn from; sentiment is then `GeneralTone.polarity`, brought to
        -1..1, or 0 throughout in a language whose sentences of praise are not known.
    """
    options = options or SentimentOptions()
    known = _known(survey, spans)
    responses = spans.table["response_id"].to_numpy(dtype=object)
    told = pd.DataFrame({"response": responses[known.rows], "sign": known.sign}).drop_duplicates()["sign"]
    if len(told) < options.min_comments or min((told > 0).sum(), (told < 0).sum()) < _FEWEST_OF_EACH:
        tone = GeneralTone(encoder, vocabulary(language))
        polarity = tone.polarity(embedding.own_words).astype(np.float64)
        sentiment = np.tanh(_PROTOTYPE_SCALE * polarity)
        fallback = _too_few(told, options.min_comments, prototypes=tone.knows_sentences)
    else:
        sentiment, fallback = _out_of_fold(survey, spans, embedding.own_words, known, options.folds), None
    return Spans(spans.table.assign(sentiment=np.round(sentiment, 4))), fallback


def _too_few(told: pd.Series, needed: int, *, prototypes: bool) -> str:
    promoters, detractors = int((told > 0).sum()), int((told < 0).sum())
    instead = (
        "It was read off sentences of praise and complaint."
        if prototypes
        else "No sentences of praise and complaint are known in this language either, so it is 0 throughout."
    )
    return (
        f"Sentiment was not learned from the scores: {promoters} comments of promoters and {detractors} of detractors; "
        f"at least {needed} are needed, {_FEWEST_OF_EACH} of either. {instead}"
    )


def _known(survey: Survey, spans: Spans) -> _Known:
    score = survey.responses.set_index("response_id")["score"].reindex(spans.table["response_id"])
    value = score.to_numpy(dtype=float, na_value=np.nan)
    sign = np.where(value >= PROMOTER_FROM, 1, np.where(value < PASSIVE_FROM, -1, 0))
    rows = np.flatnonzero(sign)
    return _Known(rows, sign[rows])


def _out_of_fold(
    survey: Survey, spans: Spans, vectors: NDArray[np.float32], known: _Known, n_folds: int
) -> NDArray[np.float64]:
    respondent = survey.responses.set_index("response_id")["respondent_id"].reindex(spans.table["response_id"])
    fold = pd.factorize(respondent, sort=True)[0] % n_folds
    normal, _ = pd.factorize(np.array([" ".join(words(text)) for text in spans.table["text"]], dtype=object))
    logits = np.zeros(len(vectors))
    for held_out in range(n_folds):
        here = fold == held_out
        train = known.rows[~here[known.rows] & ~np.isin(normal[known.rows], normal[here])]
        sign = known.sign[np.searchsorted(known.rows, train)]
        logits[here] = _centred_logits(vectors[train], sign, vectors[here])
    return np.tanh(logits / 2)


def _centred_logits(
    train: NDArray[np.float32], sign: NDArray[np.int64], read: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Log-odds (n_read,) of promoter against detractor, 0 halfway between the two groups' means."""
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(sign)) < 2:
        return np.zeros(len(read))
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=500).fit(train.astype(np.float64), sign)
    seen = model.decision_function(train)
    middle = (seen[sign > 0].mean() + seen[sign < 0].mean()) / 2
    centred: NDArray[np.float64] = model.decision_function(read) - middle
    return centred
