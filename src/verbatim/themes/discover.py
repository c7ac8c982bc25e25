"""Spans and their vectors become themes. Never sees a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.errors import ModelError
from verbatim.records import Embedding, Spans, Theme, Themes
from verbatim.text.encoder import Encoder
from verbatim.text.tone import COMPLAINT, EMPTY, PRAISE, SUBJECT, GeneralTone, Tones
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.cluster import SeededClusters, unit
from verbatim.themes.model import ThemeModel
from verbatim.themes.names import name_themes
from verbatim.themes.options import ThemeOptions
from verbatim.themes.topics import fit_bertopic

_GENERAL_NAMES = {PRAISE: "General praise", COMPLAINT: "General dissatisfaction"}
_EXEMPLARS = 8
_ALIKE = 1e-4  # spans whose vectors differ by less are the same words in the same comment
_MEMBERS_KEPT = 50_000


def find_themes(
    spans: Spans, embedding: Embedding, encoder: Encoder, language: str = "en", options: ThemeOptions | None = None
) -> tuple[Spans, Themes]:
    """Find what the spans are about.

    Parameters
    ----------
    spans : Spans
    embedding : Embedding
        Row for row with ``spans.table``.
    encoder : Encoder
        The encoder that made ``embedding``; it reads candidate names.
    language : str
        Two letters, for stop words and stems.
    options : ThemeOptions, optional

    Returns
    -------
    spans : Spans
        With ``theme_id`` and ``similarity`` filled; a span that says nothing, or nothing near a theme, has none.
    themes : Themes
        Sorted by size, ids ``T01``, ``T02``, ...; general praise and complaint are themes of kind ``general``.

    Notes
    -----
    Spans without a subject are set aside; the others are clustered from word seeds (`SeededClusters`), clusters that
    turn out to be praise or complaint without a subject join the general themes, and every span goes to its nearest
    theme. BERTopic holds the topics and gives the keywords.
    """
    options = options or ThemeOptions()
    tone = GeneralTone(encoder, vocabulary(language))
    table = spans.table
    order = np.lexsort((np.arange(len(table)), table["text"].to_numpy(dtype=object))) if len(table) else np.arange(0)
    texts = table["text"].to_numpy(dtype=object)[order].tolist()
    in_context, own_words = embedding.in_context[order], embedding.own_words[order]

    tones_in_table = tone.read(table["text"].tolist(), embedding.own_words)
    tones = tones_in_table[order]
    centre = _centre(in_context[tones.kinds == SUBJECT])
    rows = unit(in_context - centre)
    groups = _subject_groups(texts, rows, own_words, tones, tone, options)
    model = _settled(_model_of(groups, rows, centre, options, language, embedding), tones, in_context, options)
    labels, _ = _assign(model, tones, in_context)
    model = _described(model, texts, rows, own_words, labels, encoder, tone)
    return _recognised(spans, embedding, tones_in_table, model)


def apply_themes(spans: Spans, embedding: Embedding, encoder: Encoder, model: ThemeModel) -> tuple[Spans, Themes]:
    """Recognise the themes of ``model`` in spans; nothing is fitted, ids stay.

    Raises
    ------
    ModelError
        The vectors come from another encoder than the model's.
    """
    if embedding.encoder.sha256 != model.encoder.sha256:
        raise ModelError(
            f'The theme model was made with the encoder "{model.encoder.name}"; this run uses '
            f'"{embedding.encoder.name}". Set encoder.model = "{model.encoder.name}", or find the themes anew.'
        )
    tone = GeneralTone(encoder, vocabulary(model.language))
    tones = tone.read(spans.table["text"].tolist(), embedding.own_words)
    return _recognised(spans, embedding, tones, model)


def _recognised(spans: Spans, embedding: Embedding, tones: Tones, model: ThemeModel) -> tuple[Spans, Themes]:
    rows, similarity = _assign(model, tones, embedding.in_context)
    ids = np.array([theme.theme_id for theme in model.themes] + [None], dtype=object)
    table = spans.table.assign(
        theme_id=pd.Series(ids[rows], index=spans.table.index, dtype="str"),
        similarity=np.where(rows >= 0, similarity, np.nan),
    )
    themes = _with_exemplars(model.themes, table)
    return Spans(table), Themes(themes, replace(model, themes=themes))


def _centre(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean vector (dim,); zero where all are alike, for what would be left is rounding error."""
    if len(vectors) == 0:
        return np.zeros(vectors.shape[1], np.float32)
    centre: NDArray[np.float32] = vectors.mean(axis=0)
    return centre if np.abs(vectors - centre).max() > _ALIKE else np.zeros_like(centre)


def _subject_groups(
    texts: Sequence[str], rows: NDArray[np.float32], own_words: NDArray[np.float32], tones: Tones,
    tone: GeneralTone, options: ThemeOptions,
) -> NDArray[np.object_]:  # fmt: skip
    """Group name of each span: a cluster number as text, praise, complaint, or empty."""
    known = tone.vocabulary
    groups = tones.kinds.astype(object)
    subjects: list[int] = np.flatnonzero(tones.kinds == SUBJECT).tolist()
    if len(subjects) == 0:
        return groups
    terms = [frozenset(known.stem(word) for word in known.content_words(texts[i])) for i in subjects]
    clusters = SeededClusters(terms, options.seeds_for(len(subjects)), options.min_spans, options.merge_above)
    labels = clusters.fit(rows[subjects]).labels_
    groups[subjects] = labels.astype(str)
    for label in np.unique(labels):
        members = np.array(subjects)[labels == label]
        if tone.is_general(own_words[members]):
            groups[members] = np.where(tones.praises[members], PRAISE, COMPLAINT)
    return groups


def _model_of(
    groups: NDArray[np.object_], rows: NDArray[np.float32], centre: NDArray[np.float32], options: ThemeOptions,
    language: str, embedding: Embedding,
) -> ThemeModel:  # fmt: skip
    """A first model, themes not yet named: one row for each group of spans, the largest first."""
    counts = pd.Series(groups[groups != EMPTY]).value_counts()
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    themes = tuple(
        Theme(
            f"T{number:02d}", _GENERAL_NAMES.get(name, name), (), "", None, 1,
            "general" if name in _GENERAL_NAMES else "subject", "found", 0, (), (),
        )
        for number, name in enumerate(names, 1)
    )  # fmt: skip
    centroids = np.stack([rows[groups == name].mean(axis=0) for name in names]) if names else np.zeros((0, len(centre)))
    members = pd.DataFrame({"text": pd.Series([], dtype="str"), "theme_id": pd.Series([], dtype="str")})
    return ThemeModel(
        themes, unit(centroids), centre.astype(np.float32), options.min_similarity, language, embedding.encoder,
        members, np.zeros((0, len(centre)), np.float32),
    )  # fmt: skip


def _settled(model: ThemeModel, tones: Tones, in_context: NDArray[np.float32], options: ThemeOptions) -> ThemeModel:
    """Drop themes that too few spans are near enough to, and number the others by size."""
    while True:
        rows, _ = _assign(model, tones, in_context)
        sizes = np.bincount(rows[rows >= 0], minlength=len(model.themes))
        needed = np.array([options.min_spans if theme.kind == "subject" else 1 for theme in model.themes], dtype=int)
        kept = np.flatnonzero(sizes >= needed)
        if len(kept) == len(sizes):
            return _taken(model, np.lexsort((kept, -sizes)))
        model = _taken(model, kept)


def _taken(model: ThemeModel, rows: NDArray[np.intp]) -> ThemeModel:
    """Return the model with these themes in this order, numbered anew."""
    themes = tuple(replace(model.themes[row], theme_id=f"T{number:02d}") for number, row in enumerate(rows, 1))
    return replace(model, themes=themes, centroids=model.centroids[rows])


def _assign(
    model: ThemeModel, tones: Tones, in_context: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Row of each span's theme in the model (-1: none) and its similarity to that theme.

    The two general themes lie close to each other: a span near either goes to the one of its own tone.
    """
    rows, similarity = model.nearest(in_context)
    place = {theme.name: row for row, theme in enumerate(model.themes) if theme.kind == "general"}
    general = np.isin(rows, list(place.values()))
    kinds = np.where(general & (tones.kinds == SUBJECT), np.where(tones.praises, PRAISE, COMPLAINT), tones.kinds)
    for kind, name in _GENERAL_NAMES.items():
        here = kinds == kind
        rows[here] = place.get(name, -1)
        if name in place:
            similarity[here] = model.similarity(in_context[here], rows[here])
    rows[kinds == EMPTY] = -1
    return rows, similarity


def _described(
    model: ThemeModel, texts: Sequence[str], rows: NDArray[np.float32], own_words: NDArray[np.float32],
    labels: NDArray[np.intp], encoder: Encoder, tone: GeneralTone,
) -> ThemeModel:  # fmt: skip
    """Give the themes keywords, names and definitions, and the model its members."""
    if not model.themes:
        return model
    topics = fit_bertopic(texts, rows, labels, tone.vocabulary.language)
    named = name_themes(
        texts, own_words, labels, [theme.kind == "subject" for theme in model.themes], encoder, tone.vocabulary, tone
    )
    themes = tuple(
        replace(
            theme,
            keywords=topics.keywords(row) if row in topics.number_of else (),
            name=named[row].name if row in named else theme.name,
            definition=named[row].definition if row in named else f"{theme.name}, with no subject named",
        )
        for row, theme in enumerate(model.themes)
    )
    kept: list[int] = np.flatnonzero(labels >= 0)[:: max(1, len(labels) // _MEMBERS_KEPT)].tolist()
    ids = np.array([theme.theme_id for theme in themes], dtype=object)
    members = pd.DataFrame(
        {
            "text": pd.Series([texts[i] for i in kept], dtype="str"),
            "theme_id": pd.Series(ids[labels[kept]], dtype="str"),
        }
    )
    return replace(model, themes=themes, members=members, vectors=rows[kept])


def _with_exemplars(themes: Sequence[Theme], table: pd.DataFrame) -> tuple[Theme, ...]:
    """Themes with their size and exemplars: the most similar spans, each text once, readable ones first."""
    found = table.loc[table["theme_id"].notna()]
    sizes = found["theme_id"].value_counts()
    readable = found["text"].str.len().between(12, 200)
    best = (
        found.assign(readable=readable)
        .sort_values(["readable", "similarity", "text", "span_id"], ascending=[False, False, True, True])
        .drop_duplicates(["theme_id", "text"])
        .groupby("theme_id")
        .head(_EXEMPLARS)
    )
    exemplars = best.groupby("theme_id")["span_id"].agg(tuple)
    return tuple(
        replace(theme, n_spans=int(sizes.get(theme.theme_id, 0)), exemplars=exemplars.get(theme.theme_id, ()))
        for theme in themes
    )
