"""What a model needs to tell which of the themes that people gave a comment has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Embedding, Spans
from verbatim.vectors import group_means

MATRICES = ("theme_of", "of_vectors", "of_prototypes", "of_themes", "base", "given", "always")


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """A linear judgement of each comment, in terms of the themes and prototypes the model was made with.

    Edits of the themes leave it as it is: what it judges is led to today's themes by the model's prototypes.

    Attributes
    ----------
    theme_of : int array, shape (n_prototypes,)
        Row in the themes it judges of each of the first prototypes of the model, -1 for those that lead nowhere.
    of_vectors, of_prototypes, of_themes : float32 arrays, shape (2 dim | n_prototypes | n_themes, n_themes)
        How much a comment's vectors (`comment_vectors`), its prototypes and its themes by them speak for each theme.
    base : float32 array, shape (n_themes,)
        Added to that; a comment has a given theme from 0 on.
    given : int array, shape (n_themes,)
        1 where people gave the theme: others are not judged.
    always : int array, shape (1,)
        1 where coders gave nearly every comment a code: then each comment has its likeliest given theme at least; 0: if
        a piece of it names any; -1: what is judged so and nothing else.
    held_back : float array, shape (n_coded, n_themes), optional
        Judgements of the coded comments it learnt from, each without its own coding; kept in files with their keys.
    keys : uint64 array, shape (n_coded,), optional
        `comment_keys` of those comments, sorted, where they are the survey's own: wherever they are met again they are
        judged as held back, so that codes which taught the model may be held against it.
    """

    theme_of: NDArray[np.intp]
    of_vectors: NDArray[np.float32]
    of_prototypes: NDArray[np.float32]
    of_themes: NDArray[np.float32]
    base: NDArray[np.float32]
    given: NDArray[np.intp]
    always: NDArray[np.intp]
    held_back: NDArray[np.float64] | None = None
    keys: NDArray[np.uint64] | None = None

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
    def from_matrices(cls, matrices: Mapping[str, NDArray[np.generic]], n_prototypes: int, dim: int) -> Guide:
        """Take the guide from a model's matrices.

        Raises
        ------
        ValueError
            Their shapes or values do not fit each other.
        """
        held = [matrices[name] for name in MATRICES]
        n, m = len(held[0]), len(matrices["base"])
        shapes = [(n,), (2 * dim, m), (n, m), (m, m), (m,), (m,), (1,)]
        if n > n_prototypes or [matrix.shape for matrix in held] != shapes:
            raise ValueError("the matrices of the given themes do not fit the themes")
        if not all(np.isfinite(matrix).all() for matrix in held):
            raise ValueError("a matrix of the given themes holds numbers that are not finite")
        if held[0].min(initial=0) < -1 or held[0].max(initial=0) >= m:
            raise ValueError("a prototype belongs to a theme that is not there")
        theme_of, of_vectors, of_prototypes, of_themes, base, given, always = held
        guide = cls(
            theme_of.astype(np.intp), of_vectors.astype(np.float32), of_prototypes.astype(np.float32),
            of_themes.astype(np.float32), base.astype(np.float32), given.astype(np.intp), always.astype(np.intp),
        )  # fmt: skip
        if "keys" not in matrices:
            return guide
        keys, held_back = matrices["keys"].astype(np.uint64), matrices["held_back"].astype(np.float64)
        if held_back.shape != (len(keys), m) or not np.isfinite(held_back).all() or (keys[1:] <= keys[:-1]).any():
            raise ValueError("the judgements held back do not fit the comments they are of")
        return replace(guide, held_back=held_back, keys=keys)

    def matrices(self) -> dict[str, NDArray[np.generic]]:
        """Return what `from_matrices` takes."""
        kept: dict[str, NDArray[np.generic]] = {name: getattr(self, name) for name in MATRICES}
        if self.keys is not None and self.held_back is not None:
            kept |= {"keys": self.keys, "held_back": self.held_back}
        return kept

    def blind(self, judged: NDArray[np.float64], spans: Spans) -> NDArray[np.float64]:
        """Return judgements of comments, those that it learnt from judged without their own coding."""
        if self.keys is None or self.held_back is None or not len(self.keys):
            return judged
        keys = comment_keys(spans)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where((self.keys[place] == keys)[:, None], self.held_back[place], judged)

    def judged(
        self, vectors: NDArray[np.float32], near: NDArray[np.float32], has: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """Judgement (n_comments, n_themes) of comments: from 0 on, a comment speaks of the theme."""
        seen = vectors @ self.of_vectors + near @ self.of_prototypes + has @ self.of_themes + self.base
        judged: NDArray[np.float64] = np.round(seen.astype(np.float64), 4)
        return judged


def comment_keys(spans: Spans) -> NDArray[np.uint64]:
    """Keys (n_comments,) by what comments say, numbered as `comment_vectors` numbers them: alike texts have one key."""
    told = spans.table.drop_duplicates(["response_id", "start", "end"])
    said = told.groupby("response_id", sort=False)["text"].agg("\n".join)
    digests = b"".join(hashlib.sha256(text.encode()).digest()[:8] for text in said)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


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
