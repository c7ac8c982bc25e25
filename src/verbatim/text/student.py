"""A quick encoder that reads as a good one would: what `verbatim.text.teaching` learned on the survey at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from verbatim.records import EncoderCard, Progress
from verbatim.text.wording import Wording
from verbatim.vectors import unit

_BLOCK = 10_000


class StudentEncoder:
    """Reads spans by their words, pairs of words and parts of words; no text is run through a model.

    A vector is a sum over what a text holds, a row of a table for each. Spans within a comment have a table of their
    own and one for the comment around them; texts that stand alone have a third. The same text in the same comment has
    the same bytes in any company.

    Parameters
    ----------
    card : EncoderCard
        The teacher's: the vectors are of its kind and may be compared with its own.
    wording : Wording
    alone, inside, around : float32 arrays, shape (n_features + 1, dim)
        The last row is added to every text.
    """

    def __init__(
        self, card: EncoderCard, wording: Wording, alone: NDArray[np.float32], inside: NDArray[np.float32],
        around: NDArray[np.float32],
    ) -> None:  # fmt: skip
        self.card = card
        self._wording, self._alone, self._inside, self._around = wording, alone, inside, around

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return unit vectors (n_spans, dim); ``spans`` (n_spans, 3) holds comment index, start, end, sorted."""
        vectors = np.empty((len(spans), self.card.dim), np.float32)
        for start in range(0, len(spans), _BLOCK):
            block = spans[start : start + _BLOCK]
            vectors[start : start + _BLOCK] = self._read(comments, block)
            if progress:
                progress("embed", start + len(block), len(spans))
        return vectors

    def _read(self, comments: Sequence[str], spans: NDArray[np.int64]) -> NDArray[np.float32]:
        own = [comments[comment][start:end] for comment, start, end in spans.tolist()]
        lengths = np.array([len(comments[comment]) for comment in spans[:, 0].tolist()], dtype=np.int64)
        whole = np.flatnonzero(spans[:, 2] - spans[:, 1] == lengths)
        within = np.flatnonzero(spans[:, 2] - spans[:, 1] != lengths)
        around = [comments[comment] for comment in spans[within, 0].tolist()]
        sums = np.empty((len(spans), self.card.dim), np.float32)
        sums[whole] = self._sum([own[row] for row in whole.tolist()], self._alone)
        sums[within] = self._sum([own[row] for row in within.tolist()], self._inside) + self._sum(around, self._around)
        return unit(sums)

    def _sum(self, texts: Sequence[str], table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum of the table's rows for each text; a text that is repeated is read once."""
        place: dict[str, int] = {}
        rows = [place.setdefault(text, len(place)) for text in texts]
        sums: NDArray[np.float32] = self._wording.rows(list(place)) @ table[:-1] + table[-1]
        return sums[rows]
