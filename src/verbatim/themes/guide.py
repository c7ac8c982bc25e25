"""What a model needs to recognise themes that people gave: where each is spoken of, and which a comment has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Embedding, Spans
from verbatim.vectors import group_means

_BLOCK = 50_000
MATRICES = ("prototypes", "theme_of", "least", "of_vectors", "of_prototypes", "of_themes", "base", "given", "always")


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """Several prototypes a theme, and a linear judgement of each comment.

    Attributes
    ----------
    prototypes : float32 array, shape (n_prototypes, dim)
        Unit vectors in the model's centred space: clusters of the survey it was made in.
    theme_of : int array, shape (n_prototypes,)
        Row in the model's themes.
    least : float32 array, shape (n_prototypes,)
        What is less similar (cosine) to the prototype than this is not near it: a bar for what is known by texts alone.
    of_vectors, of_prototypes, of_themes : float32 arrays, shape (2 dim | n_prototypes | n_themes, n_themes)
        How much a comment's vectors (`comment_vectors`), its prototypes and its themes by them speak for each theme.
    base : float32 array, shape (n_themes,)
        Added to that; a comment has a given theme from 0 on.
    given : int array, shape (n_themes,)
        1 where people gave the theme: others are not judged.
    always : int array, shape (1,)
        1 where coders gave nearly every comment a code: then each comment has its likeliest given theme at least.
    held_back : float array, shape (n_coded, n_themes), optional
        Judgements of the coded comments it learnt from, each without its own coding; not kept in files.
    """

    prototypes: NDArray[np.float32]
    theme_of: NDArray[np.intp]
    least: NDArray[np.float32]
    of_vectors: NDArray[np.float32]
    of_prototypes: NDArray[np.float32]
    of_themes: NDArray[np.float32]
    base: NDArray[np.float32]
    given: NDArray[np.intp]
    always: NDArray[np.intp]
    held_back: NDArray[np.float64] | None = None

    def nearest(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Nearest prototype of each unit and the cosine, for unit vectors (n_units, dim) in the centred space."""
        near, cosine = np.zeros(len(rows), np.intp), np.zeros(len(rows))
        for start in range(0, len(rows), _BLOCK):
            cosines = rows[start : start + _BLOCK] @ self.prototypes.T
            cosines = np.where(cosines >= self.least, cosines, -1)
            best = cosines.argmax(axis=1)
            near[start : start + _BLOCK] = best
            cosine[start : start + _BLOCK] = cosines[np.arange(len(best)), best]
        return near, np.round(cosine, 4)

    def similarity(self, rows: NDArray[np.float32], themes: NDArray[np.intp]) -> NDArray[np.float64]:
        """Cosine of each unit (n_units, dim) to the nearest prototype of the theme given for it; -1: it has none."""
        cosines = np.where(self.theme_of == themes[:, None], rows @ self.prototypes.T, -1)
        nearest: NDArray[np.float64] = np.round(cosines.max(axis=1).astype(np.float64), 4)
        return nearest

    def ordered(self, order: NDArray[np.intp]) -> Guide:
        """Return the guide for the same themes in another order."""
        return replace(
            self,
            theme_of=np.argsort(order)[self.theme_of],
            of_vectors=self.of_vectors[:, order],
            of_prototypes=self.of_prototypes[:, order],
            of_themes=self.of_themes[np.ix_(order, order)],
            base=self.base[order],
            given=self.given[order],
            held_back=None if self.held_back is None else self.held_back[:, order],
        )

    @classmethod
    def from_matrices(cls, matrices: Mapping[str, NDArray[np.generic]], n_themes: int, dim: int) -> Guide:
        """Take the guide from a model's matrices.

        Raises
        ------
        ValueError
            Their shapes or values do not fit each other.
        """
        held = [matrices[name] for name in MATRICES]
        n, m = len(held[0]), min(len(matrices["base"]), n_themes)  # broader themes are not judged
        shapes = [(n, dim), (n,), (n,), (2 * dim, m), (n, m), (m, m), (m,), (m,), (1,)]
        if [matrix.shape for matrix in held] != shapes or not all(np.isfinite(matrix).all() for matrix in held):
            raise ValueError("the matrices of the given themes do not fit the themes")
        if held[1].min(initial=0) < 0 or held[1].max(initial=0) >= m:
            raise ValueError("a prototype belongs to a theme that is not there")
        vectors, theme_of, least, of_vectors, of_prototypes, of_themes, base, given, always = held
        return cls(
            vectors.astype(np.float32), theme_of.astype(np.intp), least.astype(np.float32),
            of_vectors.astype(np.float32), of_prototypes.astype(np.float32), of_themes.astype(np.float32),
            base.astype(np.float32), given.astype(np.intp), always.astype(np.intp),
        )  # fmt: skip

    def judged(
        self, vectors: NDArray[np.float32], near: NDArray[np.float32], has: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """Judgement (n_comments, n_themes) of comments: from 0 on, a comment speaks of the theme."""
        seen = vectors @ self.of_vectors + near @ self.of_prototypes + has @ self.of_themes + self.base
        judged: NDArray[np.float64] = np.round(seen.astype(np.float64), 4)
        return judged


def comment_vectors(spans: Spans, embedding: Embedding) -> NDArray[np.float32]:
    """Unit means (n_comments, 2 dim) of each comment's spans, in context and by their own words.

    Comments are numbered as `verbatim.themes.units.Units.comment` numbers them, by their first span.
    """
    comment = pd.factorize(spans.table["response_id"])[0]
    n = int(comment.max(initial=-1)) + 1
    return np.hstack([group_means(rows, comment, n) for rows in (embedding.in_context, embedding.own_words)])


def present(comment: NDArray[np.intp], what: NDArray[np.intp], shape: tuple[int, int]) -> NDArray[np.float32]:
    """0/1 table: which comment has which; negative entries of ``what`` are left out."""
    table = np.zeros(shape, np.float32)
    held = what >= 0
    table[comment[held], what[held]] = 1
    return table
