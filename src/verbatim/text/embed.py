"""Spans and their pieces become unit vectors, in the context of their comment; spans also by their own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verbatim.records import Embedding, Pace, Progress, Spans, Survey
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.pace import choose_reader
from verbatim.text.pieces import cut_pieces
from verbatim.vectors import runs, spacious, unit

if TYPE_CHECKING:
    import pandas as pd

_SPANS_AT_ONCE = 50_000
Places = NDArray[np.int64]
_NOUN, _SPAN = 0.7, 0.5  # weight of a piece's noun and of its span beside the piece; both flat from 0.5 to 1


def embed_spans(
    survey: Survey,
    spans: Spans,
    options: EncoderOptions | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    language: str = "en",
) -> Embedding:
    """Embed every span in the context of its comment, its pieces likewise, and every span by its own words alone.

    Parameters
    ----------
    survey : Survey
        Gives the whole comments.
    spans : Spans
    options : EncoderOptions, optional
        Whether a student may read in the encoder's place (`choose_reader`), among others.
    encoder : Encoder, optional
        Used instead of the model that ``options`` name.
    progress : Progress, optional
    language : str
        Two letters: how spans fall into pieces (`cut_pieces`).

    Raises
    ------
    EncoderError
        The model cannot be found, its weights are not the ones that were published, or a student that ``options`` ask
        for is too unlike it.
    """
    options = options or EncoderOptions()
    encoder = encoder or load_encoder(options)
    given = _lay_out(survey, spans, language)
    reader, pace = given.reader(encoder, options, progress)
    whole, piece, noun, of_piece, comment = given.whole, given.piece, given.noun, given.of_piece, given.whole[:, 0]
    in_context, own_words, of_pieces = (spacious((n, encoder.card.dim)) for n in (len(whole), len(whole), len(piece)))
    exact = pace.speed == "exact"
    for here in runs(comment, len(comment) if exact else _SPANS_AT_ONCE):
        own = slice(*np.searchsorted(of_piece, [here.start, here.stop]))
        in_context[here], of_pieces[own], own_words[here] = read_in_context(
            reader, given.comments, whole[here], piece[own], noun[own], of_piece[own] - here.start,
            given.texts[here], progress if exact else None,
        )  # fmt: skip
        if progress and not exact:
            progress("embed", here.stop, len(comment))
    return Embedding(in_context, own_words, given.pieces, of_pieces, encoder.card, pace)


def reader_of_spans(
    survey: Survey,
    spans: Spans,
    options: EncoderOptions,
    encoder: Encoder,
    progress: Progress | None = None,
    language: str = "en",
) -> tuple[Encoder, Pace]:
    """Return what `embed_spans` would read with, and why; arguments and errors as there."""
    return _lay_out(survey, spans, language).reader(encoder, options, progress)


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """Comments, the places of spans, pieces and nouns in them, and the spans' own texts."""

    comments: list[str]
    texts: list[str]
    pieces: pd.DataFrame
    of_piece: NDArray[np.int64]
    whole: Places
    piece: Places
    noun: Places

    def reader(self, encoder: Encoder, options: EncoderOptions, progress: Progress | None) -> tuple[Encoder, Pace]:
        places = np.concatenate([self.whole, self.piece, self.noun])
        return choose_reader(encoder, self.comments, places, self.texts, options, progress)


def _lay_out(survey: Survey, spans: Spans, language: str) -> _Layout:
    import pandas as pd

    table, pieces = spans.table, cut_pieces(spans, language)
    commented = survey.responses.loc[survey.responses["response_id"].isin(table["response_id"])]
    index = pd.Series(np.arange(len(commented)), index=commented["response_id"])
    comment = index.loc[table["response_id"]].to_numpy()
    of_piece = pieces["span"].to_numpy()
    return _Layout(
        comments=commented["comment"].tolist(),
        texts=table["text"].tolist(),
        pieces=pieces,
        of_piece=of_piece,
        whole=_places(comment, table["start"], table["end"]),
        piece=_places(comment[of_piece], pieces["start"], pieces["end"]),
        noun=_places(comment[of_piece], pieces["noun_start"], pieces["noun_end"]),
    )


def read_in_context(
    reader: Encoder, comments: Sequence[str], whole: Places, piece: Places, noun: Places,
    of_piece: NDArray[np.int64], texts: Sequence[str] = (), progress: Progress | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """Unit vectors of spans (n_spans, dim), of their pieces (n_pieces, dim) with nouns and spans, and of ``texts``.

    ``whole``, ``piece`` and ``noun`` hold comment index, start and end, ``of_piece`` the row of each piece's span.
    ``texts`` stand on their own; with the comments they are read at one go, and an encoder reads what is alike once.
    """
    alone = np.array([(len(comments) + i, 0, len(text)) for i, text in enumerate(texts)], np.int64).reshape(-1, 3)
    places, rows = np.unique(np.concatenate([whole, piece, noun, alone]), axis=0, return_inverse=True)
    vectors = reader.encode([*comments, *texts], places, progress)[rows.ravel()]
    ends = np.cumsum([len(whole), len(piece), len(noun)])
    in_context, found, nouns, own_words = np.split(vectors, ends)
    return in_context, unit(found + _NOUN * nouns + _SPAN * in_context[of_piece]), own_words


def read_alone(reader: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of spans by their own words; a quick encoder reads some at a time, into a file where they are many."""
    vectors = spacious((len(texts), reader.card.dim))
    for start in range(0, len(texts), _SPANS_AT_ONCE):
        vectors[start : start + _SPANS_AT_ONCE] = encode_alone(reader, texts[start : start + _SPANS_AT_ONCE])
    return vectors


def _places(comment: NDArray[np.int64], start: pd.Series, end: pd.Series) -> NDArray[np.int64]:
    """Comment, start and end, (n, 3), as an encoder takes them."""
    return np.column_stack([comment, start, end]).astype(np.int64)
