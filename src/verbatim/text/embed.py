"""Spans and their pieces become unit vectors, in the context of their comment; spans also by their own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from verbatim.records import Embedding, Pace, Progress, Spans, Survey
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.pace import choose_reader
from verbatim.text.pieces import cut_pieces
from verbatim.text.teaching import places_among
from verbatim.vectors import let_go, runs, spacious, unit

if TYPE_CHECKING:
    import pandas as pd

Places = NDArray[np.int64]
MOST_HELD = 100_000  # spans whose vectors a student's reading holds; of more, those of some at a time
_SPANS_AT_ONCE = 25_000
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

    Returns
    -------
    Embedding
        Of more than 100,000 spans that a student reads: an `OnDemand`.

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
    if pace.speed == "exact":
        return given.read(reader, pace, progress=progress)
    own_words = read_alone(reader, given.texts, progress)
    if len(given.texts) <= MOST_HELD:
        return given.read(reader, pace, own_words)
    none = np.zeros((0, encoder.card.dim), np.float32)
    return OnDemand(
        none, own_words, cut_pieces(Spans(spans.table.iloc[:0]), language), none, encoder.card, pace,
        reading=partial(given.later, reader, pace, own_words),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class OnDemand(Embedding):
    """Vectors of a survey too large to hold them all: spans by their own words; the others are read when taken.

    Attributes
    ----------
    reading : callable
        Given rows, ascending, what reads their spans when it is called: here, or in another process.
    """

    reading: Callable[[NDArray[np.intp]], Callable[[], Embedding]] = field(kw_only=True)
    held: ClassVar[bool] = False

    def later(self, rows: NDArray[np.intp]) -> Callable[[], Embedding]:
        """Return what reads some spans, rows in ascending order, when it is called."""
        return self.reading(rows)

    def take(self, rows: NDArray[np.intp]) -> Embedding:
        """Read some spans, rows in ascending order, and their pieces."""
        return self.reading(rows)()

    def whole(self) -> Embedding:
        """Read all of them."""
        return self.take(np.arange(len(self.own_words)))


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
    """Comments, the comment of each span, and the spans."""

    comments: Sequence[str]
    comment: NDArray[np.int64]
    spans: Spans
    language: str

    @property
    def texts(self) -> list[str]:
        """Each span's own words."""
        texts: list[str] = self.spans.table["text"].tolist()
        return texts

    def some(self, rows: NDArray[np.intp]) -> _Layout:
        """Leave out all spans but these, and the comments that then have none."""
        own, comment = np.unique(self.comment[rows], return_inverse=True)
        some = Spans(self.spans.table.iloc[rows].reset_index(drop=True))
        return _Layout([self.comments[row] for row in own.tolist()], comment, some, self.language)

    def later(
        self, reader: Encoder, pace: Pace, own_words: NDArray[np.float32], rows: NDArray[np.intp]
    ) -> Callable[[], Embedding]:
        """Return what reads some spans when it is called, ready to be sent to another process."""
        own = own_words[rows]
        let_go(own_words)
        return partial(self.some(rows).read, reader, pace, own)

    def reader(self, encoder: Encoder, options: EncoderOptions, progress: Progress | None) -> tuple[Encoder, Pace]:
        """Choose who reads, the encoder itself or a student."""
        return choose_reader(encoder, self.comments, self._places_in, self.texts, options, progress)

    def _places_in(self, read: Sequence[str]) -> Places:
        chosen = set(read)
        asked = np.array([text in chosen for text in self.comments], dtype=bool)
        some = self.some(np.flatnonzero(asked[self.comment]))
        return places_among(some.comments, np.concatenate(some._places()[:3]), read)

    def _places(self) -> tuple[Places, Places, Places, pd.DataFrame]:
        """Of the spans, their pieces and nouns: comment, start and end, (n, 3); and the pieces."""
        table, pieces = self.spans.table, cut_pieces(self.spans, self.language)
        inside = self.comment[pieces["span"]]
        return (
            _columns(self.comment, table["start"], table["end"]),
            _columns(inside, pieces["start"], pieces["end"]),
            _columns(inside, pieces["noun_start"], pieces["noun_end"]),
            pieces,
        )

    def read(
        self, reader: Encoder, pace: Pace, own_words: NDArray[np.float32] | None = None,
        progress: Progress | None = None,
    ) -> Embedding:  # fmt: skip
        """Read spans and pieces in context, and where ``own_words`` are not given, the spans' own words."""
        whole, piece, noun, pieces = self._places()
        of_piece, texts, dim = pieces["span"].to_numpy(), self.texts, reader.card.dim
        in_context, alone, of_pieces = (spacious((n, dim)) for n in (len(whole), len(whole), len(piece)))
        for here in runs(self.comment, max(1, len(whole)) if own_words is None else _SPANS_AT_ONCE):
            own = slice(*np.searchsorted(of_piece, [here.start, here.stop]))
            in_context[here], of_pieces[own], read = read_in_context(
                reader, self.comments, whole[here], piece[own], noun[own], of_piece[own] - here.start,
                texts[here] if own_words is None else (), progress,
            )  # fmt: skip
            if own_words is None:
                alone[here] = read
        return Embedding(in_context, alone if own_words is None else own_words, pieces, of_pieces, reader.card, pace)


def _lay_out(survey: Survey, spans: Spans, language: str) -> _Layout:
    import pandas as pd

    table = spans.table
    commented = survey.responses.loc[spans.made_by(survey.responses["response_id"])]
    index = pd.Series(np.arange(len(commented)), index=commented["response_id"])
    return _Layout(commented["comment"].tolist(), index.loc[table["response_id"]].to_numpy(), spans, language)


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


def read_alone(reader: Encoder, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
    """Vectors of spans by their own words; a quick encoder reads some at a time, into a file where they are many."""
    vectors = spacious((len(texts), reader.card.dim))
    for start in range(0, len(texts), _SPANS_AT_ONCE):
        vectors[start : start + _SPANS_AT_ONCE] = encode_alone(reader, texts[start : start + _SPANS_AT_ONCE])
        let_go(vectors)
        if progress:
            progress("embed", min(start + _SPANS_AT_ONCE, len(texts)), len(texts))
    return vectors


def _columns(comment: NDArray[np.int64], start: pd.Series, end: pd.Series) -> NDArray[np.int64]:
    """Comment, start and end, (n, 3), as an encoder takes them."""
    return np.column_stack([comment, start, end]).astype(np.int64)
