"""How each response speaks of the themes it mentions: sparse, since a response mentions few of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from verbatim.drivers.moments import Array


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """Tones of n responses towards k themes, -1..1, for the mentions alone: a million responses take megabytes.

    Examples
    --------
    >>> tones = Tones.of([[0.5, -0.1], [np.nan, 0.0], [np.nan, np.nan]])
    >>> tones.shape, tones.block(slice(1, 2)).tolist(), tones.means([[0, 1]]).block(slice(0, 3)).tolist()
    ((3, 2), [[nan, 0.0]], [[0.2], [0.0], [nan]])
    """

    held: sparse.csr_array
    """An entry a mention, neutral ones (0.0) included."""

    @classmethod
    def of(cls, table: ArrayLike) -> Tones:
        """Hold a table (n, k) that is NaN where a theme is not mentioned."""
        dense = np.asarray(table, dtype=np.float64)
        return cls.of_columns(dense.T, len(dense))

    @classmethod
    def of_columns(cls, columns: Iterable[Array], n: int) -> Tones:
        """Hold columns (n,) that are NaN where the theme is not mentioned, one after the other."""
        return cls._of_entries(((said := np.flatnonzero(~np.isnan(column)), column[said]) for column in columns), n)

    @classmethod
    def _of_entries(cls, columns: Iterable[tuple[NDArray[np.int64], Array]], n: int) -> Tones:
        """Hold columns of which each gives the responses that mention a theme, ascending, and their tones."""
        rows, tones = [np.zeros(0, np.int64)], [np.zeros(0)]
        for said, tone in columns:
            rows.append(said)
            tones.append(tone)
        ends = np.cumsum([len(said) for said in rows])
        entries = (np.concatenate(tones), np.concatenate(rows), ends)
        return cls(sparse.csc_array(entries, shape=(n, len(rows) - 1)).tocsr())

    @property
    def shape(self) -> tuple[int, int]:
        """Responses and themes."""
        n, k = self.held.shape
        return int(n), int(k)

    def of_responses(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Tones:
        """Take some responses, in the order given."""
        return Tones(self.held[which])

    def of_themes(self, which: NDArray[np.bool_]) -> Tones:
        """Take some themes."""
        return Tones(self.held[:, which])

    def means(self, parts: Iterable[Sequence[int]]) -> Tones:
        """Mean tone of each response over those of some themes that it mentions: a column for each group of themes."""
        n, by_theme = self.shape[0], self.held.tocsc()

        def mean(themes: Sequence[int]) -> tuple[NDArray[np.int64], Array]:
            """Who mentions any of the themes, and the mean tone."""
            part = by_theme[:, list(themes)]
            count = np.bincount(part.indices, minlength=n)
            said = np.flatnonzero(count)
            return said, np.bincount(part.indices, part.data, n)[said] / count[said]

        return Tones._of_entries(map(mean, parts), n)

    def columns(self) -> Iterator[Array]:
        """Give one theme after the other, (n,), NaN where it is not mentioned."""
        by_theme = self.held.tocsc()
        for start, end in pairwise(by_theme.indptr):
            column = np.full(self.shape[0], np.nan)
            column[by_theme.indices[start:end]] = by_theme.data[start:end]
            yield column

    def block(self, rows: slice) -> Array:
        """Give some responses as a table that is NaN where a theme is not mentioned."""
        part = self.held[rows].tocoo()
        table = np.full(part.shape, np.nan)
        table[part.coords] = part.data
        return table

    def count(self, low: float, high: float) -> NDArray[np.int64]:
        """Mentions of each theme (k,) whose tone lies strictly between two bounds."""
        inside = (self.held.data > low) & (self.held.data < high)
        return np.bincount(self.held.indices[inside], minlength=self.shape[1])
