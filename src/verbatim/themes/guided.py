"""Themes that people gave: clusters near what a codebook says become its themes; the others stay found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Theme
from verbatim.text.encoder import Encoder, encode_alone
from verbatim.themes.codebook import Codebook
from verbatim.themes.fit import renumbered
from verbatim.themes.guidance import Guidance, Material
from verbatim.themes.guide import Guide, present
from verbatim.themes.judged import guide_of, judged_units, learnt
from verbatim.themes.model import ThemeModel
from verbatim.themes.options import ThemeOptions
from verbatim.themes.prototypes import Prototypes
from verbatim.themes.recognise import assign, spans_with_themes
from verbatim.themes.units import Units
from verbatim.vectors import group_means, unit

_NEAR = 0.3  # mean cosine to the two nearest texts of a theme from which a cluster is that theme
_DISTINCT = 0.3  # the same with what all clusters have in common taken off
_TEXTS = 2
_TYPICAL = 200  # units of a cluster that are read on their own
_CODED_SO = 2.0  # standardised residual from which coded comments alone say what a cluster is


def guided(
    model: ThemeModel, material: Material, encoder: Encoder, guidance: Guidance, options: ThemeOptions
) -> ThemeModel:
    """Turn clusters into the themes that people gave, and learn which of them a comment has.

    A cluster becomes the theme whose texts it is nearest to: the mean cosine of the cluster, read in context and word
    by word, to the two nearest of the theme's name, the points of its definition and its examples. Where the codebook
    covers a part of what is said, it must be distinctly near, beyond what all clusters have in common. A cluster that
    is near none becomes what coded comments call it, if there are any, else it stays a found theme. A given theme that
    has no cluster is looked for by its texts alone.

    Parameters
    ----------
    model : ThemeModel
        One theme a cluster, unnamed.
    material : Material
        The survey.
    encoder : Encoder
    guidance : Guidance
    options : ThemeOptions

    Returns
    -------
    ThemeModel
        Its themes are the given ones and the clusters left; its guide recognises them.
    """
    leaves = guidance.codebook.leaves
    rows = unit(material.units.vectors - model.centre)
    labels = (rows @ model.centroids.T).argmax(axis=1) if len(model.themes) else np.zeros(len(rows), np.intp)
    owner = np.array([k for k, theme in enumerate(leaves) for _ in theme.texts], dtype=np.intp)
    texts = encode_alone(encoder, [text for theme in leaves for text in theme.texts])
    near = _near(_typical(model, material.units, rows, labels, encoder), texts, owner, guidance.codebook.covers)
    code = np.where(near.max(axis=1, initial=-1) >= _NEAR, near.argmax(axis=1), -1) if len(near) else np.zeros(0, int)
    truth = guidance.truth([theme.name for theme in leaves])
    if guidance.coded is not None and len(truth):
        code = np.where(code >= 0, code, _by_coded(model, guidance.coded, truth))
    model = _with_given(model, guidance.codebook, code, unit(group_means(texts, owner, len(leaves)) - model.centre))
    model = _settled(model, rows, options)
    return _by_size(learnt(model, material, guidance), material)


def _typical(
    model: ThemeModel, units: Units, rows: NDArray[np.float32], labels: NDArray[np.intp], encoder: Encoder
) -> NDArray[np.float32]:
    """Each cluster (n_clusters, dim) as its units are in context and as its most typical ones read on their own."""
    n = len(model.themes)
    similarity = np.round(np.einsum("ij,ij->i", rows, model.centroids[labels]), 4) if n else np.zeros(0)
    order = np.lexsort((units.texts, -similarity, labels))
    chosen = order[pd.Series(labels[order]).groupby(labels[order]).cumcount().to_numpy() < _TYPICAL]
    alone = encode_alone(encoder, units.texts[chosen].tolist())
    return (group_means(units.vectors, labels, n) + group_means(alone, labels[chosen], n)) / np.float32(2)


def _near(
    clusters: NDArray[np.float32], texts: NDArray[np.float32], owner: NDArray[np.intp], covers: str
) -> NDArray[np.float64]:
    """Cosine (n_clusters, n_given) of clusters to given themes; -1 where one of a part is not distinctly near."""
    near = _near_texts(clusters, texts, owner)
    if covers == "everything" or not near.size:
        return near
    middle = clusters.mean(axis=0)
    distinct = _near_texts(unit(clusters - middle), unit(texts - middle), owner)
    return np.where(distinct >= _DISTINCT, near, -1.0)


def _near_texts(
    clusters: NDArray[np.float32], texts: NDArray[np.float32], owner: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Mean cosine (n_clusters, n_given) of each cluster to the two nearest texts of each given theme."""
    cosines = np.round((clusters @ texts.T).astype(np.float64), 5)
    best = (np.sort(cosines[:, owner == theme], axis=1)[:, -_TEXTS:] for theme in np.unique(owner))
    nearest: NDArray[np.float64] = np.column_stack([cosine.mean(axis=1) for cosine in best])
    return nearest


def _by_coded(model: ThemeModel, coded: Material, truth: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Given theme that coded comments say each cluster is, -1 where they do not: by standardised residuals."""
    if not len(model.themes):
        return np.zeros(0, np.intp)
    labels = (unit(coded.units.vectors - model.centre) @ model.centroids.T).argmax(axis=1)
    has = present(coded.units.comment, labels, (len(truth), len(model.themes)))
    n, share = has.sum(axis=0, dtype=float)[:, None], truth.mean(axis=0)
    residual = (has.T @ truth - n * share) / np.sqrt(n * share * (1 - share) + 1)
    return np.where(residual.max(axis=1) >= _CODED_SO, residual.argmax(axis=1), -1)


def _with_given(
    model: ThemeModel, codebook: Codebook, code: NDArray[np.intp], of_texts: NDArray[np.float32]
) -> ThemeModel:
    """Given themes first, then the clusters left; every cluster is a prototype of its theme."""
    leaves = codebook.leaves
    left = np.flatnonzero(code < 0)
    theme_of = np.where(code >= 0, code, 0)
    theme_of[left] = len(leaves) + np.arange(len(left))
    without = np.setdiff1d(np.arange(len(leaves)), code)
    given = [Theme("", theme.name, (), theme.definition, None, 1, "subject", "given", 0, (), ()) for theme in leaves]
    themes = (*given, *(model.themes[row] for row in left))
    vectors = np.concatenate([model.centroids, of_texts[without]])
    least = np.repeat(np.array([-1, model.clear_similarity], np.float32), [len(model.centroids), len(without)])
    theme_of = np.concatenate([theme_of, without]).astype(np.intp)
    return _with_guide(model, themes, Prototypes.of_themes(vectors, theme_of, least))


def _with_guide(model: ThemeModel, themes: tuple[Theme, ...], prototypes: Prototypes) -> ThemeModel:
    """Return the model with these themes and prototypes; nothing is judged yet."""
    n, k, wide = len(themes), len(prototypes), 2 * prototypes.vectors.shape[1]
    given = np.array([theme.source == "given" for theme in themes], dtype=np.intp)
    zeros = (
        np.zeros((wide, n), np.float32),
        np.zeros((k, n), np.float32),
        np.zeros((n, n), np.float32),
        np.zeros(n, np.float32),
    )
    guide = Guide(prototypes.theme_of, *zeros, given, np.zeros(1, np.intp))
    return replace(model, themes=themes, prototypes=prototypes, guide=guide)


def _settled(model: ThemeModel, rows: NDArray[np.float32], options: ThemeOptions) -> ThemeModel:
    """Drop found themes that too few units are near enough to; number all by size, those nobody speaks of last."""
    while True:
        near, similarity = model.prototypes.nearest(rows)
        held = model.prototypes.theme_of[near][similarity >= options.min_similarity]
        sizes = np.bincount(held, minlength=len(model.themes))
        needed = [
            0 if theme.source == "given" else options.min_spans if theme.kind == "subject" else 1
            for theme in model.themes
        ]
        kept = sizes >= np.array(needed, dtype=int)
        order = np.flatnonzero(kept)
        done = bool(kept.all())
        if done:
            order = np.lexsort((order, -sizes[order]))
        model = _with_guide(model, renumbered(model.themes, order, sizes), model.prototypes.in_order(order))
        if done:
            return model


def _by_size(model: ThemeModel, material: Material) -> ThemeModel:
    """Number the themes by the spans that speak of them, now that comments are judged."""
    units, rows, similarity = judged_units(model, material, *assign(model, material.units))
    spans = spans_with_themes(material.spans, units, rows, similarity, model.themes)
    counts = spans.table["theme_id"].value_counts()
    sizes = np.array([int(counts.get(theme.theme_id, 0)) for theme in model.themes])
    order = np.lexsort((np.arange(len(sizes)), -sizes))
    themes = renumbered(model.themes, order, sizes)
    prototypes = model.prototypes.in_order(order)
    return replace(model, themes=themes, prototypes=prototypes, guide=guide_of(model).ordered(order))


def under_given(themes: tuple[Theme, ...], codebook: Codebook) -> tuple[Theme, ...]:
    """Put given themes under the parents that the codebook names; the other themes stand beside those, at level 1."""
    written = {theme.name.casefold(): theme for theme in codebook.themes}
    parent_of = {theme.name.casefold(): theme.parent for theme in codebook.themes if theme.parent}
    placed, broader = list(themes), []
    for number, key in enumerate(dict.fromkeys(parent.casefold() for parent in parent_of.values()), 1):
        parts = [row for row, theme in enumerate(themes) if parent_of.get(theme.name.casefold(), "").casefold() == key]
        name = written[key].name if key in written else next(p for p in parent_of.values() if p.casefold() == key)
        parts_named = ", ".join(f"\u201c{themes[row].name}\u201d" for row in parts)
        definition = written[key].definition if key in written else ""
        keywords = tuple(dict.fromkeys(word for row in parts for word in themes[row].keywords[:3]))[:10]
        size = sum(themes[row].n_spans for row in parts)
        theme_id = f"P{number:02d}"
        broader.append(
            Theme(
                theme_id,
                name,
                keywords,
                definition or f"Holds {parts_named}",
                None,
                1,
                "subject",
                "given",
                size,
                (),
                (),
            )
        )
        for row in parts:
            placed[row] = replace(themes[row], level=2, parent_id=theme_id)
    return (*placed, *broader)
