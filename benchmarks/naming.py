"""How near the names of people's own clusters come to the names people gave them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.contenders import fit_verbatim
from benchmarks.sets import Texts
from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.names import name_themes


def name_quality(texts: Texts, encoder: Encoder) -> tuple[float, float]:
    """Mean cosine of our names to the human ones, and the share whose nearest human name is the right one.

    The clusters are the true ones, so that names alone are judged: every span has the category of its text.
    """
    categories = sorted(set(texts.single()))
    place = {name: row for row, name in enumerate(categories)}
    table = fit_verbatim(texts.texts, encoder).spans.table
    labels = np.array([place[texts.single()[int(response)]] for response in table["response_id"]], dtype=np.intp)
    spans = table["text"].tolist()
    named = name_themes(
        spans, encode_alone(encoder, spans), labels, [True] * len(categories), encoder, vocabulary("en")
    )  # fmt: skip
    return _against(categories, [named[row].name for row in range(len(categories))], encoder)


def stock_name_quality(texts: Texts, encoder: Encoder) -> tuple[float, float]:
    """Return the same of BERTopic's labels: the first words by c-TF-IDF, read as a phrase, without number and bars."""
    from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction

    categories = sorted(set(texts.single()))
    truth = [categories.index(name) for name in texts.single()]
    model = BERTopic(umap_model=BaseDimensionalityReduction(), hdbscan_model=BaseCluster())
    topics, _ = model.fit_transform(list(texts.texts), embeddings=np.zeros((len(truth), 2)), y=truth)
    topic_of = dict(zip(truth, topics, strict=True))
    labels = [model.topic_labels_[topic_of[row]].split("_", 1)[1] for row in range(len(categories))]
    return _against(categories, [label.replace("_", " ") for label in labels], encoder)


def _against(categories: Sequence[str], names: Sequence[str], encoder: Encoder) -> tuple[float, float]:
    human = [name.replace("_", " ").replace("?", "").lower() for name in categories]
    cosines: NDArray[np.float32] = encode_alone(encoder, [name.lower() for name in names]) @ encode_alone(
        encoder, human
    ).T  # fmt: skip
    right = cosines.argmax(axis=1) == np.arange(len(human))
    return float(np.diag(cosines).mean()), float(right.mean())
