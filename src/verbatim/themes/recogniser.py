"""What tells themes apart: where they lie, and how near is near enough; all that a worker of a cluster needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verbatim.records import EncoderCard, Theme
from verbatim.themes.prototypes import Prototypes
from verbatim.themes.units import View
from verbatim.vectors import unit


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """Themes and where they lie.

    Attributes
    ----------
    themes : tuple of Theme
    prototypes : Prototypes
        Points of the themes, by their rows in ``themes``, in the centred space.
    centre : float32 array, shape (dim,)
        Mean span vector of the survey the themes were found in; taken off before comparing.
    min_similarity, clear_similarity : float
        What is less similar (cosine) to its nearest theme has none; what is less similar than clear has one only where
        nothing in its comment is clearer.
    view : "pieces" or "answers"
        Whether pieces of spans were clustered or whole answers (`verbatim.themes.units`).
    language : str
        Language of the stop words, two letters.
    encoder : EncoderCard
        Only vectors of this encoder can be compared.
    """

    themes: tuple[Theme, ...]
    prototypes: Prototypes
    centre: NDArray[np.float32]
    min_similarity: float
    clear_similarity: float
    view: View
    language: str
    encoder: EncoderCard

    @property
    def guided(self) -> bool:
        """Whether its themes are judged and not only compared: never."""
        return False

    def nearest(self, vectors: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Nearest theme of each unit: its row in ``themes`` (-1: none is near enough) and the cosine, 4 decimals.

        Broader themes are nobody's nearest: what belongs to one belongs to one of its parts.

        Parameters
        ----------
        vectors : float32 array, shape (n_units, dim)
            From the encoder in ``encoder``, of units of the model's view.
        """
        rows = unit(vectors - self.centre)
        near, similarity = self.prototypes.nearest(rows)
        return np.where(similarity >= self.min_similarity, self.prototypes.themes(rows, near), -1), similarity

    def similarity(self, vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Cosine (n_spans,), 4 decimals, of each span to the theme in the row of ``themes`` given for it."""
        return self.prototypes.similarity(unit(vectors - self.centre), rows)[0]
