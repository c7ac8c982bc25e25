"""To BERTopic and back. BERTopic numbers topics by size; the ids of the themes travel in its labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.errors import ModelError
from verbatim.records import Theme
from verbatim.text.encoder import Encoder
from verbatim.themes.options import ThemeOptions
from verbatim.themes.prototypes import Prototypes
from verbatim.vectors import group_means, unit

if TYPE_CHECKING:
    from bertopic import BERTopic

    from verbatim.themes.model import ThemeModel

_LABEL = re.compile(r"([TP]\d{2,}) (.+)")
_NONE = -1  # BERTopic's outliers


def to_bertopic(model: ThemeModel) -> BERTopic:
    """See `ThemeModel.to_bertopic`."""
    from verbatim.themes.topics import fit_bertopic

    rows = {theme.theme_id: row for row, theme in enumerate(model.themes)}
    members = model.members[model.members["theme_id"] != ""]
    labels = np.array([rows[theme_id] for theme_id in members["theme_id"]], dtype=np.intp)
    topics = fit_bertopic(members["text"].tolist(), model.vectors[members.index], labels, model.language)
    names = {topics.number_of[row]: f"{theme.theme_id} {theme.name}" for row, theme in enumerate(model.themes)
             if row in topics.number_of}  # fmt: skip
    topics.bertopic.set_topic_labels(names)
    return topics.bertopic


def from_bertopic(
    topics: BERTopic, texts: Sequence[str], encoder: Encoder, language: str
) -> tuple[ThemeModel, Mapping[int, str]]:
    """See `ThemeModel.from_bertopic`."""
    from verbatim.text.encoder import encode_alone
    from verbatim.themes.model import ThemeModel

    numbers = np.asarray(topics.topics_, dtype=np.intp)
    if len(numbers) != len(texts):
        raise ModelError(
            f"The BERTopic was fitted on {len(numbers)} texts; {len(texts)} are given. Give those it was fitted on, in "
            "their order."
        )
    labels = dict(zip(sorted(set(topics.topics_)), topics.custom_labels_ or (), strict=False))
    counts = {int(number): int((numbers == number).sum()) for number in np.unique(numbers[numbers != _NONE])}
    if not counts:
        raise ModelError("The BERTopic holds no topic but outliers. Fit it on more texts.")
    order = sorted(counts, key=lambda number: (-counts[number], number))
    ids, names = _ids_and_names(order, {number: str(labels.get(number, "")) for number in order}, topics)
    vectors = encode_alone(encoder, list(texts))
    centre = vectors[numbers != _NONE].mean(axis=0)
    centred, row = unit(vectors - centre), {number: k for k, number in enumerate(order)}
    of = np.array([row.get(int(number), -1) for number in numbers], dtype=np.intp)
    themes = tuple(
        Theme(
            ids[number], names[number], _words(topics, number), f"Topic {number} of a BERTopic", None, 1, "subject",
            "found", counts[number], (), (f"born: topic {number} of a BERTopic",),
        )
        for number in order
    )  # fmt: skip
    options = ThemeOptions()
    model = ThemeModel(
        themes, Prototypes.of_themes(group_means(centred, of, len(order))), centre.astype(np.float32),
        options.min_similarity, options.clear_similarity, "pieces", language, encoder.card, pd.DataFrame(), centred,
    )  # fmt: skip
    return _with_texts(model, np.array(list(texts), dtype=object), centred, of), ids


def _with_texts(
    model: ThemeModel, texts: NDArray[np.object_], vectors: NDArray[np.float32], of: NDArray[np.intp]
) -> ThemeModel:
    from verbatim.themes.fit import with_members

    order = np.lexsort((np.arange(len(texts)), texts))
    return with_members(model, texts[order], vectors[order], of[order])


def _words(topics: BERTopic, number: int) -> tuple[str, ...]:
    return tuple(str(word) for word, _ in topics.get_topic(number) or () if word)[:10]


def _ids_and_names(
    order: Sequence[int], labels: Mapping[int, str], topics: BERTopic
) -> tuple[dict[int, str], dict[int, str]]:
    """Ids and names of topics, from their labels where `to_bertopic` wrote them, else new ones by size."""
    kept = {number: match for number in order if (match := _LABEL.fullmatch(labels[number]))}
    last = max((int(match[1][1:]) for match in kept.values()), default=0)
    ids: dict[int, str] = {}
    names: dict[int, str] = {}
    for number in order:
        if number in kept and kept[number][1] not in ids.values():
            ids[number], name = kept[number].groups()
        else:
            last += 1
            ids[number], name = f"T{last:02d}", labels[number] or ", ".join(_words(topics, number)[:3])
        taken = {other.casefold() for other in names.values()}
        names[number] = name if name.casefold() not in taken else f"{name} ({ids[number]})"
    return ids, names
