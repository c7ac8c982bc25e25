"""What a worker does with a batch of responses: mask, split, embed, assign. A pure function of the batch and files.

Nothing here or below imports torch, bertopic, umap, numba or pandas. A row's results depend on no other row, so that
batches and partitions may fall anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from verbatim.answers import says_nothing
from verbatim.text.embed import read_in_context
from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.masking.masker import Masked, Masker
from verbatim.text.masking.options import RedactOptions
from verbatim.text.pieces import Piece, pieces_of
from verbatim.text.split import SplitOptions, split_texts
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.recognise import assign, themes_of_spans
from verbatim.themes.recogniser import Recogniser
from verbatim.themes.units import Read, units_read

T = TypeVar("T", bound=np.generic)

_STEADY = 256  # rows of every matrix product: with equal shapes a row's bytes depend on nothing but the row


class Answer(NamedTuple):
    """What one response answers to one question."""

    question: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Spans of a batch of responses, in order: the row of the response, question, code points of the comment, text."""

    row: NDArray[np.int64]
    question: list[str]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    text: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Rows of a `Cut` with their themes: a span that speaks of two is there twice, one that speaks of none once."""

    span: NDArray[np.intp]
    theme_id: list[str | None]
    similarity: NDArray[np.float64]


class SteadyRecogniser(Recogniser):
    """A recogniser whose answers have the same bytes in any company."""

    __slots__ = ()

    def nearest(self, vectors: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """As `Recogniser.nearest`."""
        found = [Recogniser.nearest(self, block) for block in _padded(vectors)]
        return _joined([row for row, _ in found], len(vectors)), _joined([near for _, near in found], len(vectors))

    def similarity(self, vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """As `Recogniser.similarity`."""
        blocks = zip(_padded(vectors), _padded(rows), strict=True)
        return _joined([Recogniser.similarity(self, block, which) for block, which in blocks], len(vectors))


def _padded(rows: NDArray[T]) -> Iterator[NDArray[T]]:
    for start in range(0, max(len(rows), 1), _STEADY):
        block = rows[start : start + _STEADY]
        yield np.concatenate([block, np.zeros((_STEADY - len(block), *rows.shape[1:]), rows.dtype)])


def _joined(blocks: Sequence[NDArray[T]], n: int) -> NDArray[T]:
    return np.concatenate(blocks)[:n]


class BatchReader:
    """Reads batches of responses.

    Parameters
    ----------
    redact : RedactOptions
    split : SplitOptions
        Its language is that of the survey, not "auto".
    encoder : Encoder
        `verbatim.text.student.StudentEncoder` or `verbatim.text.lexical.LexicalEncoder`: no transformer runs here.
    general : Encoder
        Reads the sentences of praise and complaint that no theme is.
    recogniser : Recogniser
    """

    def __init__(
        self, redact: RedactOptions, split: SplitOptions, encoder: Encoder, general: Encoder, recogniser: Recogniser
    ) -> None:
        self._redact, self._split, self._encoder, self._general = redact, split, encoder, general
        self._recogniser = recogniser

    @cached_property
    def _masker(self) -> Masker:
        return Masker(self._redact)

    @cached_property
    def _tone(self) -> GeneralTone:
        return GeneralTone(self._general, vocabulary(self._recogniser.language))

    def mask(self, texts: Sequence[str]) -> list[Masked]:
        """Mask personal data in answers."""
        return self._masker.mask_all(texts)

    def split(self, responses: Sequence[Sequence[Answer]]) -> Cut:
        """Cut the answers of responses into spans."""
        texts = dict.fromkeys(answer.text for answers in responses for answer in answers)
        said = [text for text in texts if not says_nothing(text)]
        cuts = dict(zip(said, split_texts(said, self._split), strict=True))
        places: list[tuple[int, int, int]] = []
        questions, pieces = [], []
        for row, answers in enumerate(responses):
            begin = 0
            for question, text in answers:
                for start, end in cuts.get(text, ()):
                    places.append((row, begin + start, begin + end))
                    questions.append(question)
                    pieces.append(text[start:end])
                begin += len(text) + 1
        table = np.array(places, dtype=np.int64).reshape(-1, 3)
        return Cut(table[:, 0], questions, table[:, 1], table[:, 2], pieces)

    def embed(self, responses: Sequence[Sequence[Answer]], cut: Cut) -> Read:
        """Vectors of spans and of their pieces, each in its comment."""
        known = vocabulary(self._recogniser.language)
        of_text = {text: list(pieces_of(text, known)) for text in dict.fromkeys(cut.text)}
        pieces: list[tuple[int, Piece]] = [(row, piece) for row, text in enumerate(cut.text) for piece in of_text[text]]
        of = np.array([row for row, _ in pieces], dtype=np.int64)
        inside = np.array([piece[:4] for _, piece in pieces], dtype=np.int64).reshape(-1, 4)
        start = cut.start[of]
        comments = ["\n".join(answer.text for answer in answers) for answers in responses]
        in_context, of_pieces, _ = read_in_context(
            self._encoder,
            comments,
            np.column_stack([cut.row, cut.start, cut.end]),
            np.column_stack([cut.row[of], start + inside[:, 0], start + inside[:, 1]]),
            np.column_stack([cut.row[of], start + inside[:, 2], start + inside[:, 3]]),
            of,
        )
        answer = dict[tuple[int, str], int]()
        keys = zip(cut.row.tolist(), cut.question, strict=True)
        return Read(
            comment=cut.row.astype(np.intp),
            answer=np.array([answer.setdefault(key, len(answer)) for key in keys], dtype=np.intp),
            texts=np.array([*cut.text, None], dtype=object)[:-1],
            in_context=in_context,
            piece_of=of,
            start=inside[:, 0],
            end=inside[:, 1],
            names=np.array([piece.names for _, piece in pieces], dtype=bool),
            of_pieces=of_pieces,
        )

    def assign(self, cut: Cut, read: Read) -> Assigned:
        """Say which themes each span speaks of."""
        own_words = encode_alone(self._encoder, cut.text)
        units = units_read(self._recogniser.view, read, self._tone.read(cut.text, own_words))
        rows, similarity = assign(self._recogniser, units)
        span, row, near = themes_of_spans(len(cut.text), units, rows, similarity, self._recogniser.themes)
        ids = [*(theme.theme_id for theme in self._recogniser.themes), None]
        return Assigned(span, [ids[each] for each in row.tolist()], near)
