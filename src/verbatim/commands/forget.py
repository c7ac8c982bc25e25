"""One person is erased from a run: rows, words, vectors, and every figure that stood on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim import run_folder
from verbatim.analysis.course import with_course
from verbatim.config import Config, options_of
from verbatim.errors import RunFolderError
from verbatim.ledger import count_rows
from verbatim.people.plays import count_plays
from verbatim.pipeline import check_size, drivers_of, json_rows
from verbatim.records import Analysis, EncoderCard, Mentions, Progress, SentimentReading, Spans, Survey, Theme, Themes
from verbatim.report.write import write_report
from verbatim.text.calibration import calibrate
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import load_encoder
from verbatim.text.languages import language_counts
from verbatim.text.masking.masker import PLACEHOLDER
from verbatim.text.respondent_key import hashed_id, read_key
from verbatim.text.transformer import TransformerEncoder
from verbatim.text.vocabulary import words
from verbatim.text.voices import lay_out
from verbatim.themes.model import ThemeModel

_IDS = ("response_id", "respondent_id")
_EXEMPLARS = 3


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased, in numbers, and in sentences what was computed again and what was not."""

    responses: int
    rejected: int
    vectors: int
    sentences: tuple[str, ...]


def forget(run: Path, respondent: str, config: Config | None = None) -> Forgotten:
    """Erase one person from a run folder and from the vector cache.

    Parameters
    ----------
    run : Path
        A run folder; it is replaced whole or, where something fails, left as it was.
    respondent : str
        The id as it stands in the survey file, or as it stands in ``responses.parquet``.
    config : Config, optional
        Where the key and the cache are, if not where the run's own options say.

    Raises
    ------
    RunFolderError
        The run cannot be read, or nobody in it has this id.
    TooFewResponses
        Too little would be left to say anything; delete the folder instead.
    """
    analysis = run_folder.load(run)
    options = options_of(analysis.manifest)
    key = read_key((config or options).redact.hash_key)
    names = {respondent.strip(), hashed_id(respondent, key), hashed_id(respondent, None)} - {""}
    erased, survey = _without(analysis.survey, names)
    if erased.empty and len(survey.rejected) == len(analysis.survey.rejected):
        raise RunFolderError(
            f'Nobody in {run} has the respondent id "{respondent}". Give the id as the survey file has it; nothing was '
            "changed."
        )
    check_size(survey)
    ids = set(erased["response_id"])
    spans = Spans(_rows(analysis.spans.table, ids))
    model = _model_without(analysis, survey, erased)
    left = Analysis(
        survey,
        spans,
        Themes(model.themes, model),
        Mentions(_rows(analysis.mentions.table, ids)),
        _sentiment_without(analysis.sentiment, survey, spans, ids, options),
        analysis.drivers,
        analysis.manifest,
    )
    left = replace(left, drivers=drivers_of(survey, spans, left.themes, left.mentions, options))
    rejected = len(analysis.survey.rejected) - len(survey.rejected)
    left = with_course(replace(left, manifest=_manifest(left, len(erased), rejected, options)), options.change)
    vectors = _forget_vectors(analysis, erased, config or options)
    before = {file.name for file in run.iterdir()}
    run_folder.write(left, run, lambda folder: write_report(left, folder, options.report), overwrite=True)
    others = sorted(before - {file.name for file in run.iterdir()})
    return Forgotten(len(erased), rejected, vectors, tuple(_said(analysis, left, others)))


def _without(survey: Survey, names: set[str]) -> tuple[pd.DataFrame, Survey]:
    """Responses of the person, and the survey without them and without their rejected rows."""
    theirs = survey.responses["respondent_id"].isin(names) | survey.responses["response_id"].isin(names)
    erased = survey.responses[theirs]
    keyed = [column.name for column in survey.reading.columns if column.role in _IDS]
    rejected = survey.rejected
    if len(rejected):
        rejected = rejected[~rejected[[name for name in keyed if name in rejected]].isin(names).any(axis=1)]
    rows = len(erased) + len(survey.rejected) - len(rejected)
    kept = survey.answers[~survey.answers["response_id"].isin(erased["response_id"])].reset_index(drop=True)
    gone = survey.answers[survey.answers["response_id"].isin(erased["response_id"])]
    masked = Counter(survey.masked)
    masked.subtract(Counter(kind for text in gone["text"] for kind in PLACEHOLDER.findall(text)))
    return erased, replace(
        survey,
        responses=survey.responses[~theirs].reset_index(drop=True),
        answers=kept,
        rejected=rejected.reset_index(drop=True),
        reading=replace(survey.reading, rows_in=survey.reading.rows_in - rows),
        masked={kind: n for kind, n in masked.items() if n > 0},
    )


def _rows(table: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    return table[~table["response_id"].isin(ids)].reset_index(drop=True)


def _sentiment_without(
    reading: SentimentReading, survey: Survey, spans: Spans, ids: set[str], options: Config
) -> SentimentReading:
    comments = _rows(reading.comments, ids)
    layout = lay_out(survey, spans, options.sentiment.folds)
    told = comments.set_index("response_id")["sentiment"].loc[layout.responses].to_numpy(dtype=np.float64)
    calibration, auc = calibrate(layout, told)
    estimated = _rows(reading.estimated, ids)
    return replace(reading, comments=comments, calibration=calibration, auc=auc, estimated=estimated)


def _model_without(analysis: Analysis, survey: Survey, erased: pd.DataFrame) -> ThemeModel:
    """The themes without the person's words: members, exemplars, definitions, and keywords that nobody else used."""
    model = analysis.themes.model
    said = [text.casefold() for text in erased["comment"].dropna()]
    still = "\n".join(survey.responses["comment"].dropna()).casefold()
    own = [
        any(text in comment for comment in said) and text not in still for text in model.members["text"].str.casefold()
    ]
    kept = ~np.array(own, dtype=bool)
    only = {word for text in said for word in words(text)} - set(words(still))
    under = {theme.theme_id: theme.parent_id for theme in model.themes}
    every = analysis.spans.table
    family = every.assign(
        parent_id=every["theme_id"].map(under), erased=every["response_id"].isin(erased["response_id"])
    )
    themes = tuple(_theme_without(theme, family, said, only) for theme in analysis.themes.themes)
    return replace(
        model, themes=themes, members=model.members[kept].reset_index(drop=True), vectors=model.vectors[kept]
    )


def _theme_without(theme: Theme, spans: pd.DataFrame, said: Sequence[str], only: set[str]) -> Theme:
    mine = spans[(spans["theme_id"] == theme.theme_id) | (spans["parent_id"] == theme.theme_id)]
    gone, mine = int(mine["erased"].sum()), mine[~mine["erased"]]
    mine = mine.sort_values(["similarity", "span_id"], ascending=[False, True])
    here = set(mine["span_id"])
    exemplars = tuple(one for one in theme.exemplars if one in here)
    if theme.exemplars and not exemplars:
        exemplars = tuple(mine["span_id"].head(_EXEMPLARS))
    keywords = tuple(word for word in theme.keywords if not only & set(words(word)))
    name = theme.name if not only & set(words(theme.name)) else f"Unclear: {', '.join(keywords[:3])}"
    quoted = theme.definition.casefold().replace("\u201d", "\u201c").split("\u201c")[1::2]
    definition = theme.definition
    if theme.source == "found" and any(quote and quote in comment for quote in quoted for comment in said):
        quotes = mine["text"].drop_duplicates().head(2)
        definition = "Customers say: " + "; ".join(f"\u201c{text}\u201d" for text in quotes) if len(quotes) else ""
    return replace(
        theme, name=name, keywords=keywords, definition=definition, exemplars=exemplars, n_spans=theme.n_spans - gone
    )


def _manifest(left: Analysis, responses: int, rejected: int, options: Config) -> dict[str, Any]:
    before: Any = left.manifest.get("forgotten") or {"respondents": 0, "responses": 0, "rejected": 0}
    return {
        **left.manifest,
        "languages": language_counts(left.survey.answers["text"]),
        "ledger": count_rows(left.survey, left.spans)._asdict(),
        "plays": json_rows(count_plays(left, options.plays)),
        "forgotten": {
            "respondents": before["respondents"] + 1,
            "responses": before["responses"] + responses,
            "rejected": before["rejected"] + rejected,
        },
    }


class _Forgetting:
    """Takes the place of an encoder, and removes what that keeps of the texts that it is given."""

    def __init__(self, encoder: TransformerEncoder) -> None:
        self.card: EncoderCard = encoder.card
        self.n = 0
        self._encoder = encoder

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return nothing but zeros."""
        self.n += self._encoder.forget(comments, spans)
        return np.zeros((len(spans), self.card.dim), np.float32)


def _forget_vectors(analysis: Analysis, erased: pd.DataFrame, options: Config) -> int:
    """Ask for the person's vectors as the run did, so that exactly those are found in the cache."""
    table = analysis.spans.table
    theirs = table[table["response_id"].isin(erased["response_id"])].drop_duplicates(["response_id", "start", "end"])
    if analysis.themes.model.reader is not None or options.encoder.cache == "" or theirs.empty:
        return 0
    encoder = load_encoder(options.encoder)
    if not isinstance(encoder, TransformerEncoder):
        return 0
    forgetting = _Forgetting(encoder)
    embed_spans(
        replace(analysis.survey, responses=erased),
        Spans(theirs.reset_index(drop=True)),
        encoder=forgetting,
        language=str(analysis.manifest["language"]),
    )
    return forgetting.n


def _said(before: Analysis, left: Analysis, others: Sequence[str]) -> list[str]:
    said = [
        "Computed again: the NPS, drivers, segments, sentiment by score, the ledger and the reports.",
        "Themes keep their ids and centroids, which are means of many spans; members, keywords, names, examples and "
        "definitions no longer hold words that only this person used.",
    ]
    names = {theme.theme_id: theme.name for theme in before.themes.themes}
    said += [f'"{names[t.theme_id]}" is now "{t.name}".' for t in left.themes.themes if t.name != names[t.theme_id]]
    if left.themes.model.reader is not None:
        said.append(
            "The encoder was learned from this survey; its list of words is not. Run the survey again for that."
        )
    if len(left.survey.rates):
        said.append("response_rates.csv counts whole groups of the invited; its counts stay.")
    if others:
        said.append(f"Removed, since they may hold the person and are not part of a run: {', '.join(others)}.")
    return [*said, "The survey file itself, copies of the run and models saved elsewhere are yours to erase."]


def lines(forgotten: Forgotten) -> list[str]:
    """Say it on the command line."""
    return [
        f"Erased {forgotten.responses:,} responses, {forgotten.rejected:,} rejected rows and {forgotten.vectors:,} "
        "cached vectors.",
        *forgotten.sentences,
    ]
