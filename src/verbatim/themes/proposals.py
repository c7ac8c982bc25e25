"""New themes: groups of comments that fit none of a given model's, and are more than chance brings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import ProposedTheme
from verbatim.text.tone import SUBJECT
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.cluster import SeededClusters
from verbatim.themes.splitting import distinctive
from verbatim.themes.units import Units
from verbatim.vectors import unit

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel

_FEWEST = 5  # comments of a group in each half
_SEEDS = 12
_APART = 0.75  # groups whose centroids are more similar (cosine) are one
_CHANCE = 0.05
_QUOTES, _LONGEST_QUOTE = 5, 300


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """Units that are clearly of no theme: centred unit vectors, texts, comments (numbers), which units they are."""

    rows: NDArray[np.float32]
    texts: NDArray[np.object_]
    comment: NDArray[np.intp]
    unit: NDArray[np.intp]


def proposals(model: ThemeModel, units: Units, span_ids: Sequence[str]) -> tuple[ProposedTheme, ...]:
    """Propose themes for the comments of a survey that fit none of the model's.

    Units with a subject that are clearly of no theme (similarity under the model's ``clear_similarity``) are pooled.
    Their comments are halved by what they say: groups are looked for in one half and counted in the other, so that the
    count is not chosen by looking. The null: the counted half and the model's own survey are one bag of comments, and
    the half is drawn from it; the chance that it would hold as many of the group is exact (hypergeometric). The model's
    own units are compared with their themes as they would be without them. A group is proposed where that chance, times
    the number of groups, is one in twenty at most, and at least five comments of each half speak of it.

    Parameters
    ----------
    model : ThemeModel
    units : Units
    span_ids : sequence of str
        Of the spans that ``units.span`` points at.

    Returns
    -------
    tuple of ProposedTheme
        The largest first.
    """
    old = _members_of_none(model)
    subjects = np.flatnonzero(units.kinds == SUBJECT)
    if not len(old) or not len(subjects):
        return ()
    rows = unit(units.vectors[subjects] - model.centre)
    none = _clearly_none(model, rows)
    pool = _Pool(rows[none], units.texts[subjects[none]], units.comment[subjects[none]], subjects[none])
    first = _first_half(pool)
    groups = _groups(pool, first, model)
    n_counted = round(len(subjects) * (1 - first.mean())) if len(first) else 0
    found = []
    for group in groups:
        near = pool.rows @ group >= model.clear_similarity
        counted = len(np.unique(pool.comment[near & ~first]))
        before = int((old & (model.vectors @ group >= model.clear_similarity)).sum())
        p_value = _p_value(counted, n_counted, before, len(old), len(groups))
        if counted >= _FEWEST and p_value <= _CHANCE:
            one = _proposed(pool, near, group, before / len(old) * len(subjects), p_value, model.language)
            found.append(replace(one, spans=_spans(pool, near, group, units, span_ids)))
    return tuple(sorted(found, key=lambda one: (-one.n_comments, one.name)))


def _clearly_none(model: ThemeModel, rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    near, similarity = model.prototypes.nearest(rows)
    clear: NDArray[np.bool_] = similarity < model.clear_similarity
    return clear | (near < 0)


def _members_of_none(model: ThemeModel) -> NDArray[np.bool_]:
    """Tell which members are clearly of no theme, each compared with its theme as it would be without it.

    A unit helped to make the theme it is in and lies nearer to it than a new one that says the same; without this,
    new comments would seem to fit less well than old ones.
    """
    none = _clearly_none(model, model.vectors)
    codes = pd.factorize(model.members["theme_id"])[0]
    sums = np.zeros((codes.max(initial=-1) + 1, model.vectors.shape[1]), np.float32)
    np.add.at(sums, codes, model.vectors)
    of_others = sums[codes] - model.vectors
    themed = (model.members["theme_id"] != "").to_numpy()
    with_others = np.einsum("ij,ij->i", unit(of_others), model.vectors)
    with_all = np.einsum("ij,ij->i", unit(sums[codes]), model.vectors)
    near, similarity = model.prototypes.nearest(model.vectors)
    alone: NDArray[np.bool_] = similarity - (with_all - with_others) < model.clear_similarity
    return none | (themed & (near >= 0) & alone)


def _first_half(pool: _Pool) -> NDArray[np.bool_]:
    """Tell which units lie in the half where groups are looked for: whole comments, by what is said in them."""
    said = pd.Series(pool.texts, dtype="str").groupby(pool.comment).agg("\n".join)
    even = said.map(lambda text: hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] % 2 == 0)
    return np.array([bool(even[comment]) for comment in pool.comment], dtype=bool)


def _groups(pool: _Pool, first: NDArray[np.bool_], model: ThemeModel) -> list[NDArray[np.float32]]:
    """Centroids of the groups in one half of the pool that have enough comments near them."""
    if first.sum() < _FEWEST:
        return []
    known = vocabulary(model.language)
    terms = [frozenset(known.stem(word) for word in known.content_words(text)) for text in pool.texts[first]]
    clusters = SeededClusters(terms, _SEEDS, _FEWEST, _APART).fit(pool.rows[first])
    near = pool.rows[first] @ clusters.centroids_.T >= model.clear_similarity
    return [
        centroid
        for column, centroid in enumerate(clusters.centroids_)
        if len(np.unique(pool.comment[first][near[:, column]])) >= _FEWEST
    ]


def _p_value(counted: int, n: int, before: int, n_before: int, n_groups: int) -> float:
    """Chance of counting as many in n units drawn from both surveys, times the number of groups (Bonferroni)."""
    from scipy.stats import hypergeom

    return min(1.0, float(hypergeom.sf(counted - 1, n + n_before, counted + before, n)) * n_groups)


def _proposed(
    pool: _Pool, near: NDArray[np.bool_], group: NDArray[np.float32], expected: float, p_value: float, language: str
) -> ProposedTheme:
    texts = pool.texts[near]
    order = _nearest_first(pool, near, group)
    (keywords,) = distinctive([texts.tolist()], language)
    quotes = tuple(dict.fromkeys(text[:_LONGEST_QUOTE] for text in texts[order]))[:_QUOTES]
    name = ", ".join(keywords[:3]) or quotes[0][:40]
    return ProposedTheme(
        name[:1].upper() + name[1:], len(np.unique(pool.comment[near])), round(expected, 1), float(f"{p_value:.2g}"),
        keywords, quotes,
    )  # fmt: skip


def _nearest_first(pool: _Pool, near: NDArray[np.bool_], group: NDArray[np.float32]) -> NDArray[np.intp]:
    order: NDArray[np.intp] = np.lexsort((pool.texts[near], -np.round(pool.rows[near] @ group, 4)))
    return order


def _spans(
    pool: _Pool, near: NDArray[np.bool_], group: NDArray[np.float32], units: Units, span_ids: Sequence[str]
) -> tuple[str, ...]:
    """Spans that the units of a group stand in, the nearest first."""
    spans_of = pd.Series(units.span).groupby(units.unit).agg(list)
    said = (spans_of[unit] for unit in pool.unit[near][_nearest_first(pool, near, group)].tolist())
    return tuple(dict.fromkeys(span_ids[row] for rows in said for row in rows))
