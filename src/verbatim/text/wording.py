"""Texts as sparse rows of word pairs and parts of words: what `StudentEncoder` reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile(r"<[a-z]+>|[\w']+|[!?]")
_RARE_FROM = 500  # of fewer texts every pair of words is kept, of more those seen twice

Spell = Callable[[Sequence[str]], Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True, eq=False)
class Speller:
    """A model's tokenizer without the model: words in, the numbers of each word's parts out."""

    tokens: Tokenizer

    @classmethod
    def of(cls, tokenizer: str) -> Speller:
        """Read a tokenizer from its JSON."""
        from tokenizers import Tokenizer

        tokens = Tokenizer.from_str(tokenizer)
        tokens.no_padding()
        tokens.no_truncation()
        return cls(tokens)

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        """Spell words."""
        return [each.ids for each in self.tokens.encode_batch(list(words), add_special_tokens=False)]


class Wording:
    """Words and pairs of neighbouring words by TF-IDF, unit length, and beside them the model's own parts of words.

    A row depends on its text alone, to the last bit: texts may be read in any order and company.

    Parameters
    ----------
    known : list of str
        The words that are known, sorted.
    names : int array, shape (n_known,)
        Words and pairs by number, rising: of a word its place i, of a pair n + i n + j, n words in all.
    idf : float32 array, shape (n_known,)
    unseen : float
        Weight of a word that is not known, where its parts are read.
    spell : callable
        Given words, the numbers of each word's parts in the model's vocabulary.
    n_parts : int
        Size of that vocabulary.

    Examples
    --------
    >>> wording = Wording.learnt(["late van", "late van again"], lambda words: [[len(word)] for word in words], 10)
    >>> rows = wording.rows(["van late", "unseen words"])
    >>> rows.shape  # three words, two pairs, ten parts
    (2, 15)
    >>> (rows[:, :5].toarray() > 0).astype(int).tolist()  # again, late, van; "late van", "van again"
    [[0, 1, 1, 0, 0], [0, 0, 0, 0, 0]]
    """

    def __init__(
        self, known: Sequence[str], names: NDArray[np.int64], idf: NDArray[np.float32], unseen: float, spell: Spell,
        n_parts: int,
    ) -> None:  # fmt: skip
        self.names, self.idf, self.unseen, self.n_parts = names, idf, np.float32(unseen), n_parts
        self._place = {word: i for i, word in enumerate(known)}
        self._spell = spell
        self._parts: dict[str, Sequence[int]] = {}

    @classmethod
    def learnt(cls, texts: Sequence[str], spell: Spell, n_parts: int) -> Wording:
        """Learn from texts: their words and pairs are the ones that are known."""
        said = [words(text) for text in texts]
        place = {word: i for i, word in enumerate(sorted({word for each in said for word in each}))}
        within = np.repeat(np.arange(len(said)), [len(each) for each in said])
        text, keys = _keys(len(place), within, np.array([place[word] for each in said for word in each], np.int64))
        names, seen = np.unique(np.unique(np.column_stack([keys, text]), axis=0)[:, 0], return_counts=True)
        kept = (names < len(place)) | (seen > 1) | (len(texts) < _RARE_FROM)
        idf = (np.log((1 + len(texts)) / (1 + seen[kept])) + 1).astype(np.float32)
        return cls(list(place), names[kept], idf, float(np.log(1 + len(texts)) + 1), spell, n_parts)

    @property
    def known(self) -> list[str]:
        """The words that are known, in their order."""
        return list(self._place)

    @property
    def n_known(self) -> int:
        """Columns of words and pairs; those of the parts of words follow."""
        return len(self.names)

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return sparse float32 rows (n_texts, n_known + n_parts); the weights of the parts sum to 1."""
        said = [words(text) for text in texts]
        ends = np.concatenate([[0], np.cumsum([len(each) for each in said])]).astype(np.int64)
        text = np.repeat(np.arange(len(said)), np.diff(ends))
        place: dict[str, int] = {}
        number = np.array([place.setdefault(word, len(place)) for each in said for word in each], dtype=np.int64)
        distinct = list(place)
        known = np.array([self._place.get(word, -1) for word in distinct], dtype=np.int64)[number]
        return hstack([self._pairs(len(texts), text, known), self._spelt(ends, text, known, number, distinct)], "csr")

    def _pairs(self, n_texts: int, text: NDArray[np.int64], word: NDArray[np.int64]) -> csr_matrix:
        row, keys = _keys(len(self._place), text, word)
        column = np.searchsorted(self.names, keys)
        held = np.flatnonzero(np.append(self.names, -1)[column] == keys)
        counts = (np.ones(len(held), np.float32), (row[held], column[held]))
        table = csr_matrix(counts, (n_texts, len(self.names)))
        table.data = (1 + np.log(table.data)) * self.idf[table.indices]
        length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        table.data /= np.repeat(np.maximum(length, 1e-12), np.diff(table.indptr)).astype(np.float32)
        return table

    def _spelt(
        self, ends: NDArray[np.int64], text: NDArray[np.int64], known: NDArray[np.int64], number: NDArray[np.int64],
        distinct: Sequence[str],
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
        weight = np.append(self.idf[: len(self._place)], self.unseen)[known]
        weight = np.where(size[number] > 0, weight, 0).astype(np.float32)
        total = np.maximum(np.bincount(text, weight, len(ends) - 1), 1e-12)
        held = csr_matrix(((weight / total[text]).astype(np.float32), number, ends), (len(ends) - 1, len(parts)))
        return held @ spelling


def _keys(n: int, text: NDArray[np.int64], word: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Text and number of every known word, then of every pair of neighbours that are both known, of n words."""
    pair = np.flatnonzero((text[1:] == text[:-1]) & (word[1:] >= 0) & (word[:-1] >= 0))
    known = np.flatnonzero(word >= 0)
    keys = np.concatenate([word[known], n + word[pair] * n + word[pair + 1]])
    return np.concatenate([text[known], text[pair]]), keys


def words(text: str) -> list[str]:
    """Lower-case words, exclamation and question marks of a text.

    Examples
    --------
    >>> words("Don\u2019t wait!")
    ["don't", 'wait', '!']
    """
    return _WORD.findall(text.lower().replace("\u2019", "'"))
