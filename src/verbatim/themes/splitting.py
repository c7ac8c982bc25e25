"""A theme in parts: found among its members, or told by phrases; and the words that are each part's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from verbatim.errors import EditError
from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.vocabulary import vocabulary
from verbatim.vectors import group_means, unit

_FEWEST = 5  # members of a part
_KEYWORDS = 10


def parts_found(vectors: NDArray[np.float32], n: int, name: str) -> NDArray[np.float32]:
    """Centroids (n, dim) of the groups that the members of a theme fall into, the largest first.

    Parameters
    ----------
    vectors : float32 array, shape (n_members, dim)
        Unit vectors in the model's centred space.
    n : int
    name : str
        Of the theme, for the message.

    Raises
    ------
    EditError
        There are fewer than five different members a part.
    """
    from sklearn.cluster import KMeans

    distinct = np.unique(vectors, axis=0)
    if len(distinct) < n * _FEWEST:
        raise EditError(
            f'"{name}" has {len(distinct)} different members; {n} parts need {n * _FEWEST}. Ask for fewer parts, or '
            "give the parts by example phrases."
        )
    labels = KMeans(n, n_init=10, random_state=0).fit_predict(distinct.astype(np.float64)).astype(np.intp)
    order = np.argsort(-np.bincount(labels, minlength=n), kind="stable")
    return group_means(distinct, labels, n)[order]


def parts_by_phrases(
    vectors: NDArray[np.float32], phrases: Sequence[Sequence[str]], encoder: Encoder, centre: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Centroids (n_parts, dim) of the members nearest to each part's phrases; of the phrases where there are none."""
    owner = np.array([k for k, some in enumerate(phrases) for _ in some], dtype=np.intp)
    told = unit(encode_alone(encoder, [phrase for some in phrases for phrase in some]) - centre)
    of_phrases = group_means(told, owner, len(phrases))
    if not len(vectors):
        return of_phrases
    nearest = (vectors @ told.T).argmax(axis=1)
    of_members = group_means(vectors, owner[nearest], len(phrases))
    return np.where(of_members.any(axis=1, keepdims=True), of_members, of_phrases).astype(np.float32)


def distinctive(groups: Sequence[Sequence[str]], language: str) -> tuple[tuple[str, ...], ...]:
    """Content words of each group of texts, those first that are commoner in it than in the others.

    Examples
    --------
    >>> distinctive([["late engineer", "engineer late again"], ["rude engineer", "engineer was rude"]], "en")
    (('late', 'engineer'), ('rude', 'engineer'))
    """
    known = vocabulary(language)
    counts = [Counter(word for text in texts for word in known.content_words(text)) for texts in groups]
    found = []
    for k, own in enumerate(counts):
        n, rest = len(groups[k]) or 1, sum(len(texts) for j, texts in enumerate(groups) if j != k) or 1
        others: Counter[str] = sum((count for j, count in enumerate(counts) if j != k), Counter())
        weight = {word: own[word] / n - others[word] / rest for word in own}
        found.append(tuple(sorted(own, key=lambda word: (-weight[word], word)))[:_KEYWORDS])
    return tuple(found)
