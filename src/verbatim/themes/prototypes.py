"""Where the themes of a model lie: one point a theme or several, and what lies near which."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verbatim.vectors import group_means

_BLOCK = 50_000
NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Prototypes:
    """Points of themes in a model's centred space.

    Edits never move a point. A theme that takes in another has the points of both; a theme that is split has its points
    divided, so that what was near the whole is near one of its parts, and nothing else is; the points of a dropped
    theme stay and lead nowhere. So a merge is the union of what was merged, and the parts of a split are the whole.

    Attributes
    ----------
    vectors : float32 array, shape (n_prototypes, dim)
        Unit vectors.
    theme_of : int array, shape (n_prototypes,)
        Row of the theme in the model's themes; -1 where the theme was dropped, or the point is divided.
    least : float32 array, shape (n_prototypes,)
        What is less similar (cosine) to the prototype than this is not near it: a bar for what is known by texts alone.
    within : int array, shape (n_prototypes,)
        The prototype, with a smaller number, that this one divides; -1 for those that stand on their own.
    """

    vectors: NDArray[np.float32]
    theme_of: NDArray[np.intp]
    least: NDArray[np.float32]
    within: NDArray[np.intp]

    @classmethod
    def of_themes(
        cls,
        vectors: NDArray[np.float32],
        theme_of: NDArray[np.intp] | None = None,
        least: NDArray[np.float32] | None = None,
    ) -> Prototypes:
        """Return undivided prototypes, by default one a theme in the order of the themes."""
        n = len(vectors)
        return cls(
            vectors,
            np.arange(n) if theme_of is None else theme_of,
            np.full(n, -1, np.float32) if least is None else least,
            np.full(n, NOWHERE),
        )

    def __len__(self) -> int:
        return len(self.vectors)

    def nearest(
        self, rows: NDArray[np.float32], first: int | None = None
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Nearest prototype that stands on its own, and the cosine (4 decimals), of each unit vector (n_units, dim).

        With ``first``, among that many first prototypes only. -1 where there is none.
        """
        near, cosine = np.full(len(rows), NOWHERE), np.zeros(len(rows))
        own = np.flatnonzero(self.within[:first] == NOWHERE)
        if not len(own):
            return near, cosine
        for start in range(0, len(rows), _BLOCK):
            cosines = rows[start : start + _BLOCK] @ self.vectors[own].T
            cosines = np.where(cosines >= self.least[own], cosines, -1)
            best = cosines.argmax(axis=1)
            near[start : start + _BLOCK] = own[best]
            cosine[start : start + _BLOCK] = cosines[np.arange(len(best)), best]
        return near, np.round(cosine, 4)

    def themes(self, rows: NDArray[np.float32], near: NDArray[np.intp]) -> NDArray[np.intp]:
        """Row of the theme of each unit that is near a prototype, by its parts where that is divided; -1: none."""
        near = self.parts(rows, near)
        return np.where(near == NOWHERE, NOWHERE, self.theme_of[near]) if len(self) else near

    def parts(self, rows: NDArray[np.float32], near: NDArray[np.intp], first: int | None = None) -> NDArray[np.intp]:
        """Return the prototype each unit is near, the nearest part where that is divided among the ``first``."""
        near, within = near.copy(), self.within[:first]
        for whole in np.unique(within[within != NOWHERE]):
            parts, here = np.flatnonzero(within == whole), np.flatnonzero(near == whole)
            near[here] = parts[(rows[here] @ self.vectors[parts].T).argmax(axis=1)]
        return near

    def similarity(
        self, rows: NDArray[np.float32], themes: NDArray[np.intp], theme_of: NDArray[np.intp] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Cosine (4 decimals) of each unit (n_units, dim) to the nearest prototype of the theme given for it, and that.

        -1 where the theme has none. ``theme_of`` stands in for the themes of the first prototypes.
        """
        theme_of = self.theme_of if theme_of is None else theme_of
        near, cosine = np.full(len(rows), NOWHERE), np.full(len(rows), -1.0)
        if not len(theme_of):
            return cosine, near
        for start in range(0, len(rows), _BLOCK):
            block = slice(start, start + _BLOCK)
            cosines = rows[block] @ self.vectors[: len(theme_of)].T
            cosines = np.where(theme_of == themes[block, None], cosines, -1)
            near[block] = cosines.argmax(axis=1)
            cosine[block] = cosines.max(axis=1)
        return np.round(cosine, 4), np.where(cosine > -1, near, NOWHERE)

    def centroids(self, n_themes: int) -> NDArray[np.float32]:
        """Unit mean (n_themes, dim) of each theme's prototypes; zero where it has none."""
        return group_means(self.vectors, self.theme_of, n_themes)

    def in_order(self, themes: NDArray[np.intp]) -> Prototypes:
        """Return the prototypes of these rows of the themes alone, numbered by their place there."""
        place = np.full(max(self.theme_of.max(initial=-1), themes.max(initial=-1)) + 1, NOWHERE)
        place[themes] = np.arange(len(themes))
        kept = place[self.theme_of] >= 0
        order = np.flatnonzero(kept)
        return Prototypes(self.vectors[order], place[self.theme_of[order]], self.least[order], self.within[order])

    def with_themes(self, theme_of: NDArray[np.intp]) -> Prototypes:
        """Return the same points as those of other themes."""
        return replace(self, theme_of=theme_of)

    def with_more(
        self, vectors: NDArray[np.float32], theme_of: NDArray[np.intp], least: float, within: NDArray[np.intp]
    ) -> Prototypes:
        """Return the prototypes and, after them, these."""
        return Prototypes(
            np.concatenate([self.vectors, vectors]).astype(np.float32),
            np.concatenate([self.theme_of, theme_of]).astype(np.intp),
            np.concatenate([self.least, np.full(len(vectors), least, np.float32)]),
            np.concatenate([self.within, within]).astype(np.intp),
        )
