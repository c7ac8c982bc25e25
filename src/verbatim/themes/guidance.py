"""What people give to guide the themes, ready for use: a codebook, and comments they coded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verbatim.records import Embedding, Spans
from verbatim.themes.codebook import Codebook
from verbatim.themes.units import Units


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Comments ready for themes: their spans, vectors and units, row for row."""

    spans: Spans
    embedding: Embedding
    units: Units


@dataclass(frozen=True, slots=True, eq=False)
class CodedComments:
    """Comments that people coded, split and embedded like the survey's own; ``codes`` by response id."""

    spans: Spans
    embedding: Embedding
    codes: Mapping[str, frozenset[str]]

    @property
    def names(self) -> tuple[str, ...]:
        """Codes in alphabetical order."""
        return tuple(sorted(frozenset().union(*self.codes.values())))


@dataclass(frozen=True, slots=True, eq=False)
class Guidance:
    """What people gave: a codebook (codes without a description among its themes), and coded comments.

    Attributes
    ----------
    codebook : Codebook
    coded : Material, optional
        The coded comments.
    codes : mapping of response id in ``coded`` to codes, optional
    """

    codebook: Codebook
    coded: Material | None = None
    codes: Mapping[str, frozenset[str]] | None = None

    def truth(self, names: list[str]) -> NDArray[np.bool_]:
        """0/1 table: which coded comment has which of these themes, in the order of `Units.comment`."""
        if self.coded is None or self.codes is None:
            return np.zeros((0, len(names)), dtype=bool)
        held = {key: {code.casefold() for code in codes} for key, codes in self.codes.items()}
        ids = self.coded.spans.table["response_id"].drop_duplicates()
        return np.array([[name.casefold() in held[i] for name in names] for i in ids], dtype=bool)
