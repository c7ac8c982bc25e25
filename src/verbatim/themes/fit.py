"""Units become a theme model: clustered, settled, described."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Embedding, Spans, Theme
from verbatim.text.encoder import Encoder
from verbatim.text.tone import COMPLAINT, PRAISE, SUBJECT, GeneralTone
from verbatim.text.vocabulary import Vocabulary
from verbatim.themes.cluster import SeededClusters
from verbatim.themes.communities import Communities
from verbatim.themes.model import ThemeModel
from verbatim.themes.names import Name, name_themes
from verbatim.themes.options import ThemeOptions
from verbatim.themes.prototypes import Prototypes
from verbatim.themes.recognise import GENERAL_NAMES, TONES, assign
from verbatim.themes.topics import fit_bertopic
from verbatim.themes.units import Units, View
from verbatim.vectors import group_means, unit

_ALIKE = 1e-4  # units whose vectors differ by less are the same words in the same comment
_MEMBERS_KEPT = 50_000
_STEPS = 8  # of the search for the resolution that gives a number of communities


def _centre(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean vector (dim,); zero where all are alike, for what would be left is rounding error."""
    if len(vectors) == 0:
        return np.zeros(vectors.shape[1], np.float32)
    centre: NDArray[np.float32] = vectors.mean(axis=0)
    return centre if np.abs(vectors - centre).max() > _ALIKE else np.zeros_like(centre)


def first_model(units: Units, view: View, embedding: Embedding, tone: GeneralTone, options: ThemeOptions) -> ThemeModel:
    """Themes not yet named: one for each group of units, the largest first."""
    subjects = np.flatnonzero(units.kinds == SUBJECT)
    centre = _centre(units.vectors[subjects])
    rows = unit(units.vectors - centre)
    groups = units.kinds.astype(object)
    if len(subjects):
        cluster = (
            _seeded(units.texts[subjects], tone.vocabulary, options) if view == "pieces" else _communities(options)
        )
        labels = cluster(rows[subjects])
        groups[subjects] = labels.astype(str)
        for label in np.unique(labels):
            members = subjects[labels == label]
            if tone.is_general(embedding.own_words[units.first_span[members]]):
                groups[members] = np.where(units.praises[members], PRAISE, COMPLAINT)
    counts = pd.Series(groups).value_counts()
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    numbers = np.array([names.index(group) for group in groups], dtype=np.intp)
    themes = tuple(
        Theme(
            f"T{number:02d}", GENERAL_NAMES.get(name, name), (), "", None, 1,
            "general" if name in GENERAL_NAMES else "subject", "found", 0, (), (), TONES.get(name),
        )
        for number, name in enumerate(names, 1)
    )  # fmt: skip
    return ThemeModel(
        themes, Prototypes.of_themes(group_means(rows, numbers, len(names))), centre, options.min_similarity,
        options.clear_similarity, view, tone.vocabulary.language, embedding.encoder, pd.DataFrame(), rows,
    )  # fmt: skip


def _seeded(
    texts: NDArray[np.object_], known: Vocabulary, options: ThemeOptions
) -> Callable[[NDArray[np.float32]], NDArray[np.intp]]:
    terms = [frozenset(known.stem(word) for word in known.content_words(text)) for text in texts]
    clusters = SeededClusters(terms, options.seeds_for(len(terms)), options.min_spans, options.merge_above)
    return lambda rows: clusters.fit(rows).labels_


def _communities(options: ThemeOptions) -> Callable[[NDArray[np.float32]], NDArray[np.intp]]:
    """Communities at the resolution of the detail; for a number, at the one whose communities come nearest to it."""

    def at(resolution: float, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        found: NDArray[np.intp] = Communities(resolution, options.min_spans).fit(rows).labels_
        return found

    def nearest_to(number: int, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        low, high = 0.05, 100.0
        tried: list[NDArray[np.intp]] = []
        for _ in range(_STEPS):
            middle = (low * high) ** 0.5
            tried.append(at(middle, rows))
            low, high = (middle, high) if tried[-1].max() + 1 < number else (low, middle)
        return min(tried, key=lambda labels: abs(int(labels.max()) + 1 - number))

    detail = options.detail
    return (
        (lambda rows: nearest_to(detail, rows))
        if isinstance(detail, int)
        else lambda rows: at(options.resolution, rows)
    )


def settled(model: ThemeModel, units: Units, options: ThemeOptions) -> ThemeModel:
    """Drop themes that too few units are near enough to, and number the others by size."""
    while True:
        rows, _ = assign(model, units)
        sizes = np.bincount(rows[rows >= 0], minlength=len(model.themes))
        needed = np.array([options.min_spans if theme.kind == "subject" else 1 for theme in model.themes], dtype=int)
        kept = np.flatnonzero(sizes >= needed)
        if len(kept) == len(sizes):
            return _taken(model, np.lexsort((kept, -sizes)), sizes)
        model = _taken(model, kept, sizes)


def _taken(model: ThemeModel, rows: NDArray[np.intp], sizes: NDArray[np.intp]) -> ThemeModel:
    """Return the model with these themes in this order, numbered anew."""
    return replace(model, themes=renumbered(model.themes, rows, sizes), prototypes=model.prototypes.in_order(rows))


def renumbered(themes: Sequence[Theme], rows: NDArray[np.intp], sizes: NDArray[np.intp]) -> tuple[Theme, ...]:
    """Return the themes in these rows, in this order: ids ``T01``, ``T02``, ... and the sizes of all rows filled in."""
    return tuple(
        replace(themes[row], theme_id=f"T{number:02d}", n_spans=int(sizes[row])) for number, row in enumerate(rows, 1)
    )


def described(
    model: ThemeModel, spans: Spans, units: Units, embedding: Embedding, encoder: Encoder, tone: GeneralTone
) -> ThemeModel:
    """Give the themes keywords, names and definitions, and the model its members."""
    if not model.themes:
        return replace(model, members=_members(np.array([], dtype=object), np.array([], dtype=object)))
    labels, _ = assign(model, units)
    topics = fit_bertopic(units.texts.tolist(), model.vectors, labels, tone.vocabulary.language)
    named = name_themes(
        units.texts.tolist(), embedding.own_words[units.first_span], labels,
        [theme.kind == "subject" for theme in model.themes], encoder, tone.vocabulary,
        spans.table["text"].to_numpy(dtype=object)[units.first_span].tolist(),
    )  # fmt: skip
    taken = {theme.name.casefold() for theme in model.themes if theme.source == "given"}
    themes = tuple(
        replace(
            theme if theme.source == "given" and theme.definition else _worded(theme, named.get(row), taken),
            keywords=topics.keywords(row) if row in topics.number_of else (),
        )
        for row, theme in enumerate(model.themes)
    )
    return with_members(replace(model, themes=themes), units.texts, model.vectors, labels)


def _worded(theme: Theme, named: Name | None, taken: set[str]) -> Theme:
    """Return the theme with what was found for it; a name that people gave stays, and no other theme has it."""
    if named is None:
        return theme if theme.source == "given" else replace(theme, definition=f"{theme.name}, with no subject named")
    if theme.source == "given":
        return replace(theme, definition=named.definition)
    name = f"{named.name} (found)" if named.name.casefold() in taken else named.name
    return replace(theme, name=name, definition=named.definition)


def with_members(
    model: ThemeModel, texts: NDArray[np.object_], vectors: NDArray[np.float32], rows: NDArray[np.intp]
) -> ThemeModel:
    """Keep units (texts, centred unit vectors, rows of their themes, -1: none) as the model's members, or a sample."""
    kept = np.arange(len(texts))[:: max(1, -(-len(texts) // _MEMBERS_KEPT))]
    ids = np.array([*(theme.theme_id for theme in model.themes), ""], dtype=object)
    return replace(model, members=_members(texts[kept], ids[rows[kept]]), vectors=_as_kept(vectors[kept]))


def _as_kept(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round vectors as files keep them, so that a loaded model divides its themes as this one does."""
    return vectors.astype(np.float16).astype(np.float32)


def _members(texts: NDArray[np.object_], theme_ids: NDArray[np.object_]) -> pd.DataFrame:
    return pd.DataFrame({"text": pd.Series(texts, dtype="str"), "theme_id": pd.Series(theme_ids, dtype="str")})
