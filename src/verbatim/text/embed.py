"""Spans and their pieces become unit vectors, in the context of their comment; spans also by their own words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Embedding, Progress, Spans, Survey
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.pace import choose_reader
from verbatim.text.pieces import cut_pieces
from verbatim.vectors import unit

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
    table, pieces = spans.table, cut_pieces(spans, language)
    commented = survey.responses.loc[survey.responses["response_id"].isin(table["response_id"])]
    index = pd.Series(np.arange(len(commented)), index=commented["response_id"])
    comment = index.loc[table["response_id"]].to_numpy()
    of_piece = pieces["span"].to_numpy()
    whole = _places(comment, table["start"], table["end"])
    piece = _places(comment[of_piece], pieces["start"], pieces["end"])
    noun = _places(comment[of_piece], pieces["noun_start"], pieces["noun_end"])
    places, rows = np.unique(np.concatenate([whole, piece, noun]), axis=0, return_inverse=True)
    comments, texts = commented["comment"].tolist(), table["text"].tolist()
    reader, pace = choose_reader(encoder, comments, places, texts, options, progress)
    vectors = reader.encode(comments, places, progress)
    in_context, of_pieces, of_nouns = np.split(vectors[rows.ravel()], [len(whole), len(whole) + len(piece)])
    of_pieces = unit(of_pieces + _NOUN * of_nouns + _SPAN * in_context[of_piece])
    return Embedding(in_context, encode_alone(reader, texts, progress), pieces, of_pieces, encoder.card, pace)


def _places(comment: NDArray[np.int64], start: pd.Series, end: pd.Series) -> NDArray[np.int64]:
    """Comment, start and end, (n, 3), as an encoder takes them."""
    return np.column_stack([comment, start, end]).astype(np.int64)
