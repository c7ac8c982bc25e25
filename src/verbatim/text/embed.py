"""Spans and their pieces become unit vectors, in the context of their comment; spans also by their own words."""

from __future__ import annotations

from collections.abc import Sequence
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
    import pandas as pd

    options = options or EncoderOptions()
    encoder = encoder or load_encoder(options)
    table, pieces = spans.table, cut_pieces(spans, language)
    commented = survey.responses.loc[survey.responses["response_id"].isin(table["response_id"])]
    index = pd.Series(np.arange(len(commented)), index=commented["response_id"])
    comment = index.loc[table["response_id"]].to_numpy()
    of_piece = pieces["span"].to_numpy()
    whole = _places(comment, table["start"], table["end"])
    piece = _places(comment[of_piece], pieces["start"], pieces["end"])
    noun = _places(comment[of_piece], pieces["noun_start"], pieces["noun_end"])
    comments, texts = commented["comment"].tolist(), table["text"].tolist()
    reader, pace = choose_reader(encoder, comments, np.concatenate([whole, piece, noun]), texts, options, progress)
    dim = encoder.card.dim
    in_context, of_pieces = spacious((len(whole), dim)), spacious((len(piece), dim))
    for here in runs(comment, _SPANS_AT_ONCE if pace.speed == "fast" else len(comment)):
        own = slice(*np.searchsorted(of_piece, [here.start, here.stop]))
        told = progress if pace.speed == "exact" else None
        in_context[here], of_pieces[own] = read_in_context(
            reader, comments, whole[here], piece[own], noun[own], of_piece[own] - here.start, told
        )
        if progress and pace.speed == "fast":
            progress("embed", here.stop, len(comment))
    return Embedding(in_context, _alone(reader, texts, pace, progress), pieces, of_pieces, encoder.card, pace)


def read_in_context(
    reader: Encoder, comments: Sequence[str], whole: Places, piece: Places, noun: Places,
    of_piece: NDArray[np.int64], progress: Progress | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """Unit vectors of spans (n_spans, dim), and of their pieces (n_pieces, dim) with their nouns and spans.

    ``whole``, ``piece`` and ``noun`` hold comment index, start and end, ``of_piece`` the row of each piece's span.
    """
    places, rows = np.unique(np.concatenate([whole, piece, noun]), axis=0, return_inverse=True)
    vectors = reader.encode(comments, places, progress)[rows.ravel()]
    in_context, found, nouns = np.split(vectors, [len(whole), len(whole) + len(piece)])
    return in_context, unit(found + _NOUN * nouns + _SPAN * in_context[of_piece])


def _alone(reader: Encoder, texts: list[str], pace: Pace, progress: Progress | None) -> NDArray[np.float32]:
    """Vectors of spans by their own words; a student reads some at a time, into a file where they are many."""
    if pace.speed == "exact":
        return encode_alone(reader, texts, progress)
    vectors = spacious((len(texts), reader.card.dim))
    for start in range(0, len(texts), _SPANS_AT_ONCE):
        vectors[start : start + _SPANS_AT_ONCE] = encode_alone(reader, texts[start : start + _SPANS_AT_ONCE])
    return vectors


def _places(comment: NDArray[np.int64], start: pd.Series, end: pd.Series) -> NDArray[np.int64]:
    """Comment, start and end, (n, 3), as an encoder takes them."""
    return np.column_stack([comment, start, end]).astype(np.int64)
