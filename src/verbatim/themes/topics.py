"""BERTopic holds the topics: our clusters inside, its c-TF-IDF for the keywords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from verbatim.text.vocabulary import vocabulary, words
from verbatim.vectors import unit

if TYPE_CHECKING:
    from bertopic import BERTopic

_KEYWORDS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """A fitted BERTopic and the map from our cluster numbers to its own, which it orders by size."""

    bertopic: BERTopic
    number_of: Mapping[int, int]

    def keywords(self, cluster: int) -> tuple[str, ...]:
        """Words of a cluster with the highest c-TF-IDF."""
        ranked: Any = self.bertopic.get_topic(self.number_of[cluster])
        return tuple(word for word, weight in ranked if word and weight > 0 and not word.startswith("("))


class GivenClusters(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """A clustering that is already known, in the form BERTopic asks for."""

    def __init__(self, labels: NDArray[np.intp]) -> None:
        self.labels = labels

    def fit(self, X: Any, y: Any = None) -> GivenClusters:
        """Take over the labels."""
        self.labels_ = np.asarray(self.labels)
        self._names = np.unique(self.labels_[self.labels_ >= 0])
        self._centroids = unit(np.stack([np.asarray(X)[self.labels_ == name].mean(axis=0) for name in self._names]))
        return self

    def predict(self, X: Any) -> NDArray[np.intp]:
        """Label of the nearest centroid for vectors (n_rows, dim): what BERTopic's ``transform`` asks for."""
        nearest: NDArray[np.intp] = self._names[(np.asarray(X) @ self._centroids.T).argmax(axis=1)]
        return nearest


def fit_bertopic(texts: Sequence[str], vectors: NDArray[np.float32], labels: NDArray[np.intp], language: str) -> Topics:
    """Fit BERTopic with named sub-models: vectors and clusters given, its own c-TF-IDF over our words.

    Parameters
    ----------
    texts : list of str, length n_spans
    vectors : float32 array, shape (n_spans, dim)
    labels : int array, shape (n_spans,)
        Cluster of each span, -1 for none.
    language : str
        Two letters; its function, filler and evaluative words are no keywords.
    """
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    known = vocabulary(language)

    def content(text: str) -> list[str]:
        said = words(text)
        found = [word for word in said if known.is_content(word)] or [word for word in said if word in known.evaluative]
        return found or ["(none)"]

    def content_and_one(text: str) -> list[str]:
        return [*content(text), "(all)"]

    lonely = len({word for text in set(texts) for word in content(text)}) < 2  # c-TF-IDF wants two words at least

    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=GivenClusters(labels),
        vectorizer_model=CountVectorizer(analyzer=content_and_one if lonely else content),
        ctfidf_model=ClassTfidfTransformer(),
        top_n_words=_KEYWORDS,
        calculate_probabilities=False,
        verbose=False,
    )
    numbers, _ = model.fit_transform(list(texts), embeddings=np.asarray(vectors))
    return Topics(model, dict(zip(labels.tolist(), numbers, strict=True)))
