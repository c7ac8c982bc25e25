"""A quick encoder that reads as a good one would: what `verbatim.text.teaching` learned on the survey at hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verbatim.records import EncoderCard, Progress
from verbatim.text.wording import Speller, Wording
from verbatim.vectors import unit

_BLOCK = 10_000
_MATRICES, _CARD, _TOKENIZER = "student.safetensors", "student.json", "tokenizer.json"


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

    def save(self, folder: Path, tokenizer: str) -> None:
        """Write the tables, the words and the model's tokenizer (JSON) into ``folder``, for `load`."""
        from safetensors.numpy import save_file

        wording = self._wording
        arrays = {"names": wording.names, "idf": wording.idf, "alone": self._alone, "inside": self._inside}
        save_file({name: np.ascontiguousarray(each) for name, each in arrays.items()} | {"around": self._around},
                  folder / _MATRICES)  # fmt: skip
        told = {"card": asdict(self.card), "known": wording.known, "unseen": float(wording.unseen)}
        (folder / _CARD).write_text(json.dumps(told | {"n_parts": wording.n_parts}) + "\n", encoding="utf-8")
        (folder / _TOKENIZER).write_text(tokenizer, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> StudentEncoder:
        """Read what `save` wrote; the model's weights are not needed, nor its library."""
        from safetensors.numpy import load_file

        spell = Speller.of((folder / _TOKENIZER).read_text(encoding="utf-8"))
        told, arrays = json.loads((folder / _CARD).read_text(encoding="utf-8")), load_file(folder / _MATRICES)
        wording = Wording(told["known"], arrays["names"], arrays["idf"], told["unseen"], spell, told["n_parts"])
        return cls(EncoderCard(**told["card"]), wording, arrays["alone"], arrays["inside"], arrays["around"])

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
