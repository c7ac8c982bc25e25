"""Texts as sparse rows of word pairs and parts of words: what `StudentEncoder` reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

_WORD = re.compile(r"<[a-z]+>|[\w']+|[!?]")
_RARE_FROM = 500  # of fewer texts every pair of words is kept, of more those seen twice

Spell = Callable[[Sequence[str]], Sequence[Sequence[int]]]


class Wording:
    """Words and pairs of neighbouring words by TF-IDF, unit length, and beside them the model's own parts of words.

    A row depends on its text alone, to the last bit: texts may be read in any order and company.

    Parameters
    ----------
    texts : list of str
        The texts learned from: their words and pairs are the ones that are known.
    spell : callable
        Given words, the numbers of each word's parts in the model's vocabulary.
    n_parts : int
        Size of that vocabulary.

    Examples
    --------
    >>> wording = Wording(["late van", "late van again"], lambda words: [[len(word)] for word in words], 10)
    >>> rows = wording.rows(["van late", "unseen words"])
    >>> rows.shape  # three words, two pairs, ten parts
    (2, 15)
    >>> (rows[:, :5].toarray() > 0).astype(int).tolist()  # again, late, van; "late van", "van again"
    [[0, 1, 1, 0, 0], [0, 0, 0, 0, 0]]
    """

    def __init__(self, texts: Sequence[str], spell: Spell, n_parts: int) -> None:
        self._spell, self.n_parts = spell, n_parts
        self._parts: dict[str, Sequence[int]] = {}
        said = [words(text) for text in texts]
        self._place = {word: i for i, word in enumerate(sorted({word for each in said for word in each}))}
        within = np.repeat(np.arange(len(said)), [len(each) for each in said])
        known = np.array([self._place[word] for each in said for word in each], dtype=np.int64)
        text, keys = self._keys(within, known)
        names, seen = np.unique(np.unique(np.column_stack([keys, text]), axis=0)[:, 0], return_counts=True)
        kept = (names < len(self._place)) | (seen > 1) | (len(texts) < _RARE_FROM)
        self._names = names[kept]
        self._idf = (np.log((1 + len(texts)) / (1 + seen[kept])) + 1).astype(np.float32)
        self._unseen = np.float32(np.log(1 + len(texts)) + 1)

    @property
    def n_known(self) -> int:
        """Columns of words and pairs; those of the parts of words follow."""
        return len(self._names)

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return sparse float32 rows (n_texts, n_known + n_parts); the weights of the parts sum to 1."""
        said = [words(text) for text in texts]
        ends = np.concatenate([[0], np.cumsum([len(each) for each in said])]).astype(np.int64)
        text = np.repeat(np.arange(len(said)), np.diff(ends))
        number, distinct = pd.factorize(np.array([word for each in said for word in each], dtype=object))
        known = np.array([self._place.get(word, -1) for word in distinct], dtype=np.int64)[number]
        return hstack([self._pairs(len(texts), text, known), self._spelt(ends, text, known, number, distinct)], "csr")

    def _keys(self, text: NDArray[np.int64], word: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Text and number of every known word, then of every pair of neighbours that are both known."""
        n = len(self._place)
        pair = np.flatnonzero((text[1:] == text[:-1]) & (word[1:] >= 0) & (word[:-1] >= 0))
        known = np.flatnonzero(word >= 0)
        keys = np.concatenate([word[known], n + word[pair] * n + word[pair + 1]])
        return np.concatenate([text[known], text[pair]]), keys

    def _pairs(self, n_texts: int, text: NDArray[np.int64], word: NDArray[np.int64]) -> csr_matrix:
        row, keys = self._keys(text, word)
        column = np.searchsorted(self._names, keys)
        held = np.flatnonzero(np.append(self._names, -1)[column] == keys)
        counts = (np.ones(len(held), np.float32), (row[held], column[held]))
        table = csr_matrix(counts, (n_texts, len(self._names)))
        table.data = (1 + np.log(table.data)) * self._idf[table.indices]
        length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        table.data /= np.repeat(np.maximum(length, 1e-12), np.diff(table.indptr)).astype(np.float32)
        return table

    def _spelt(
        self, ends: NDArray[np.int64], text: NDArray[np.int64], known: NDArray[np.int64], number: NDArray[np.int64],
        distinct: NDArray[np.object_],
    ) -> csr_matrix:  # fmt: skip
        """Parts of the words of each text, rare words more; in the order in which they stand."""
        new = [each for each in distinct if each not in self._parts]
        if new:
            self._parts.update(zip(new, self._spell(new), strict=True))
        parts = [self._parts[each] for each in distinct]
        size = np.array([len(each) for each in parts], dtype=np.int64)
        within = np.repeat(1 / np.maximum(size, 1), size).astype(np.float32)
        columns = np.array([part for each in parts for part in each], dtype=np.int64)
        spelling = csr_matrix((within, columns, np.concatenate([[0], np.cumsum(size)])), (len(parts), self.n_parts))
        weight = np.append(self._idf[: len(self._place)], self._unseen)[known]
        weight = np.where(size[number] > 0, weight, 0).astype(np.float32)
        total = np.maximum(np.bincount(text, weight, len(ends) - 1), 1e-12)
        held = csr_matrix(((weight / total[text]).astype(np.float32), number, ends), (len(ends) - 1, len(parts)))
        return held @ spelling


def words(text: str) -> list[str]:
    """Lower-case words, exclamation and question marks of a text.

    Examples
    --------
    >>> words("Don\u2019t wait!")
    ["don't", 'wait', '!']
    """
    return _WORD.findall(text.lower().replace("\u2019", "'"))
