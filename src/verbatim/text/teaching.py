"""Teach a `StudentEncoder` on some of a survey's texts, and examine it on others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from hashlib import blake2b
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from verbatim.records import Agreement, EncoderCard, Progress
from verbatim.text.student import StudentEncoder
from verbatim.text.wording import Speller, Wording, words
from verbatim.vectors import unit

_TEXTS_EACH, _SPANS_EACH = 2, 3  # texts alone, and spans in context, for each comment that is read
_HELD_OUT = 10  # every tenth comment and text is kept for the examination
_CANDIDATES = 50_000  # texts among which those learned from are chosen
_OFTEN, _FOR_COVERAGE = 2, 0.5  # of the chosen, up to this part because a word of theirs is in fewer others than this
# Penalty of the ridges, weight of the comment beside the span's own words. On telco in context 0.1, 0.3 and 1.0 give
# cosines of .75, .77 and .785; on banking77 alone 0.3 clusters as 1.0 does. Weights from 0.5 to 2 differ by .01.
_PENALTY_ALONE, _PENALTY_INSIDE, _AROUND = 0.3, 1.0, 1.0
_BLOCK = 1_000
_NEIGHBOURS, _MOST_EXAMINED = 10, 2_000

Array = NDArray[np.float32]


@runtime_checkable
class Teacher(Protocol):
    """What an encoder must offer to be imitated; `TransformerEncoder` does."""

    card: EncoderCard

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return unit vectors (n_spans, dim); ``spans`` (n_spans, 3) holds comment index, start, end, sorted."""
        ...

    def tokenizer(self) -> str:
        """Return the model's tokenizer as JSON (`verbatim.text.wording.Speller`)."""
        ...

    def token_table(self) -> NDArray[np.float32]:
        """Return the vectors of the tokens outside any text, (n_tokens, width)."""
        ...


def teach(
    teacher: Teacher, comments: Sequence[str], places_in: Callable[[Sequence[str]], NDArray[np.int64]],
    texts: Collection[str], taught: int, progress: Progress | None = None,
) -> tuple[StudentEncoder, dict[str, Agreement]]:  # fmt: skip
    """Teach a student to read these comments' spans, and texts that stand alone.

    The teacher reads some comments with the spans in them, and texts alone, twice as many, to which those of the
    comments belong that are one text: up to half because they hold words that few others do, the rest by a hash of the
    text. Ridge regressions from TF-IDF of words and pairs
    of words, and from the mean of the model's own token vectors, are then folded into tables, a row a word, pair or
    token.
    Nothing depends on the order or the number of copies of the comments.

    Parameters
    ----------
    teacher : Teacher
    comments : list of str
    places_in : callable
        All that an exact run would read in context of some of the comments, (n_places, 3): comment index, start, end.
    texts : collection of str
        What is to be read alone.
    taught : int
        Comments that the teacher reads.

    Returns
    -------
    student : StudentEncoder
    agreement : dict of str to Agreement
        "alone" and, unless every span is a whole comment, "in context", on the tenth that was held out.
    """
    read = covering(set(comments), taught)
    places = places_in(read)
    alone = _alone(read, set(texts), _TEXTS_EACH * taught)
    tokens = teacher.token_table()
    wording = Wording.learnt([*read, *alone], Speller.of(teacher.tokenizer()), len(tokens))
    within = _some_within(places, read, _SPANS_EACH * taught)
    of_places, of_texts = _read(teacher, read, places, alone, progress)
    lesson = _Lesson(tokens, [wording.rows(alone)], of_texts)
    (of_alone,), agreement = lesson.learned(np.arange(len(alone)))
    if not len(within):
        return StudentEncoder(teacher.card, wording, of_alone, of_alone, np.zeros_like(of_alone)), {"alone": agreement}
    inside = places[within]
    own = wording.rows([read[comment][start:end] for comment, start, end in inside.tolist()])
    lesson = _Lesson(tokens, [own, wording.rows(read)[inside[:, 0]]], of_places[within])
    (of_inside, of_around), agreement_within = lesson.learned(inside[:, 0])
    return (
        StudentEncoder(teacher.card, wording, of_alone, of_inside, of_around),
        {"alone": agreement, "in context": agreement_within},
    )


def _alone(read: Sequence[str], texts: set[str], most: int) -> list[str]:
    """Choose the texts to be read alone: comments that are read anyway, and others that cover the words."""
    anyway = texts.intersection(read)
    return sorted([*anyway, *covering(texts - anyway, most - len(anyway))], key=lambda text: (_digest(text), text))


def _read(
    teacher: Teacher, read: Sequence[str], places: NDArray[np.int64], alone: Sequence[str], progress: Progress | None
) -> tuple[Array, Array]:
    """Vectors of places in comments and of texts alone, a text that is both read once."""
    row = {text: place for place, text in enumerate(dict.fromkeys([*read, *alone]))}
    wholes = np.array([(row[text], 0, len(text)) for text in alone], dtype=np.int64).reshape(-1, 3)
    every, which = np.unique(np.concatenate([places, wholes]), axis=0, return_inverse=True)
    vectors = teacher.encode(list(row), every, progress)[which.ravel()]
    return vectors[: len(places)], vectors[len(places) :]


def covering(texts: Collection[str], most: int) -> list[str]:
    """Choose texts so that their words are covered; the same for the same set of texts.

    Examples
    --------
    >>> sorted(covering({"late van", "late bus", "rare goods"}, 3))
    ['late bus', 'late van', 'rare goods']
    """
    drawn = sorted(texts, key=lambda text: (_digest(text), text))[:_CANDIDATES]
    if len(drawn) <= most:
        return drawn
    said = [set(words(text)) for text in drawn]
    repeated = {word for word, n in Counter(word for each in said for word in each).items() if n > 1}
    covered: Counter[str] = Counter()
    chosen: set[int] = set()
    for row, each in enumerate(said):
        if len(chosen) < _FOR_COVERAGE * most and any(covered[word] < _OFTEN for word in each & repeated):
            covered.update(each)
            chosen.add(row)
    others = [row for row in range(len(drawn)) if row not in chosen][: most - len(chosen)]
    return [drawn[row] for row in sorted([*chosen, *others])]


def places_among(comments: Sequence[str], spans: NDArray[np.int64], read: Sequence[str]) -> NDArray[np.int64]:
    """Of places in comments, (n_spans, 3), those in the ones that are read, by their row there, each once, sorted."""
    place = {text: row for row, text in enumerate(read)}
    row = np.array([place.get(text, -1) for text in comments], dtype=np.int64)[spans[:, 0]]
    return np.unique(np.column_stack([row, spans[:, 1:]])[row >= 0], axis=0)


def _some_within(places: NDArray[np.int64], read: Sequence[str], most: int) -> NDArray[np.intp]:
    """Rows of some of the spans, whole comments left out."""
    rows = [row for row, (comment, start, end) in enumerate(places.tolist()) if end - start < len(read[comment])]
    drawn = sorted(rows, key=lambda row: (_digest(f"{places[row, 1:].tolist()} {read[places[row, 0]]}"), row))
    return np.array(sorted(drawn[:most]), dtype=np.intp)


class _Lesson:
    """Features of what was read, one or two tables of them, and the teacher's vectors, (n_rows, dim)."""

    def __init__(self, tokens: Array, features: Sequence[csr_matrix], vectors: Array) -> None:
        self._features, self._vectors = features, vectors
        self._n_known = features[0].shape[1] - len(tokens)
        self._tokens = tokens
        self._means = [each[:, self._n_known :] @ tokens for each in features]

    def learned(self, group: NDArray[np.int64]) -> tuple[list[Array], Agreement]:
        """Tables for the features, taught on all groups but every tenth, and the agreement on those."""
        held_out = group % _HELD_OUT == _HELD_OUT - 1
        tables = self._tables(np.flatnonzero(~held_out))
        rows = np.flatnonzero(held_out)[:_MOST_EXAMINED]
        read = sum(each[rows] @ table[:-1] + table[-1] for each, table in zip(self._features, tables, strict=True))
        return tables, agreement(unit(read), self._vectors[rows])

    def _tables(self, rows: NDArray[np.intp]) -> list[Array]:
        """Dual ridge regression; the part of the token vectors is folded back to one row a token."""
        from scipy.linalg import cho_factor, cho_solve

        weights = [1.0, _AROUND][: len(self._features)]
        middle = self._vectors[rows].mean(axis=0)
        kernel = np.zeros((len(rows), len(rows)), np.float32)
        dense: list[tuple[Array, Array, np.float32]] = []
        for weight, features, means in zip(weights, self._features, self._means, strict=True):
            known = features[rows][:, : self._n_known]
            centre = means[rows].mean(axis=0)
            apart = means[rows] - centre
            scale = np.float32(1 / max(float((apart**2).sum(axis=1).mean()), 1e-12))
            kernel += apart @ (np.float32(weight) * scale * apart.T)
            for start in range(0, len(rows), _BLOCK):
                kernel[start : start + _BLOCK] += np.float32(weight) * (known[start : start + _BLOCK] @ known.T)
            dense.append((apart, centre, scale))
        kernel[np.diag_indices(len(kernel))] += np.float32(_PENALTY_INSIDE if len(weights) > 1 else _PENALTY_ALONE)
        dual = cho_solve(cho_factor(kernel.T, overwrite_a=True, check_finite=False), self._vectors[rows] - middle)
        tables = []
        for weight, features, (apart, centre, scale) in zip(weights, self._features, dense, strict=True):
            of_words = features[rows][:, : self._n_known].T @ dual
            turned = scale * (apart.T @ dual)
            tables.append(
                np.float32(weight) * np.concatenate([of_words, self._tokens @ turned, -centre[None] @ turned])
            )
        tables[0][-1] += middle
        return tables


def agreement(one: Array, other: Array) -> Agreement:
    """Compare two readings of the same texts, unit vectors (n_texts, dim).

    Examples
    --------
    >>> agreement(np.eye(20, dtype=np.float32), np.eye(20, dtype=np.float32))
    Agreement(n=20, cosine=1.0, neighbours=1.0)
    """
    cosine = float((one * other).sum(axis=1).mean())
    near = [_nearest(vectors) for vectors in (one, other)]
    shared = [len(set(a) & set(b)) / max(len(a), 1) for a, b in zip(*(each.tolist() for each in near), strict=True)]
    return Agreement(len(one), round(cosine, 3), round(float(np.mean(shared)), 3))


def _nearest(vectors: Array) -> NDArray[np.intp]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    return np.argsort(-cosines, axis=1, kind="stable")[:, : min(_NEIGHBOURS, len(vectors) - 1)]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
