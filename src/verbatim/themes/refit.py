"""Themes fitted again to more comments: those that live on keep their ids, the others are born or retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verbatim.records import Theme
from verbatim.text.tone import SUBJECT
from verbatim.themes.edits import new_ids
from verbatim.themes.fit import with_members
from verbatim.themes.history import fitted_anew, today
from verbatim.themes.prototypes import Prototypes
from verbatim.themes.recognise import assign
from verbatim.themes.units import Units
from verbatim.vectors import group_means, unit

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel

_ALIKE = 0.5  # mean of the cosine of two themes' centroids and the overlap of their members from which they are one
_NEW = 0.5  # part of a found theme's units that no old theme has, from which it is new and not an old one cut anew
_FEWEST = 5  # units of a found theme that lives on
_UNREACHABLE = 2.0


@dataclass(frozen=True, slots=True)
class Match:
    """An old theme and the newly found one it was matched with: row in each model, and how alike they are (0-1)."""

    old: int
    new: int
    alike: float


def refitted(model: ThemeModel, fresh: ThemeModel, units: Units) -> ThemeModel:
    """Join a model and the themes that were found anew in a survey.

    The two are matched one to one so that their likeness sums to the most (linear assignment), likeness being the
    mean of the cosine of their centroids and the overlap (Jaccard) of their members. Each old prototype moves half way
    to the mean of the units nearest to it: themes follow what is said, and what was merged or split stays so. An old
    theme with no match and fewer than five units is retired; a found theme with no match, most of whose units no old
    theme has, is born.

    Parameters
    ----------
    model : ThemeModel
        As it was.
    fresh : ThemeModel
        Found in the survey without it.
    units : Units
        Of the survey.
    """
    when = today()
    old_rows, _ = assign(model, units)
    new_rows, _ = assign(fresh, units)
    matches = matched(model, fresh, units.vectors, old_rows, new_rows)
    sizes = np.bincount(old_rows[old_rows >= 0], minlength=len(model.themes))
    with_match = {match.old for match in matches}
    gone = [
        row for row in model.leaves.tolist()
        if row not in with_match and model.themes[row].source == "found" and sizes[row] < _FEWEST
    ]  # fmt: skip
    born = _born(fresh, new_rows, old_rows, {match.new for match in matches})
    moved = replace(model, prototypes=_moved(model, units))
    grown = _with_born(moved, fresh, born, unit(units.vectors - model.centre), new_rows, when)
    kept = _without(grown, gone, when)
    rows, _ = assign(kept, units)
    whole = with_members(kept, units.texts, unit(units.vectors - kept.centre), rows)
    ids = [{theme.theme_id for theme in one.themes} for one in (model, whole)]
    return fitted_anew(whole, "refit", sorted(ids[1] - ids[0]), sorted(ids[0] - ids[1]), f"{len(units.texts):,} units")


def matched(
    model: ThemeModel,
    fresh: ThemeModel,
    vectors: NDArray[np.float32],
    old_rows: NDArray[np.intp],
    new_rows: NDArray[np.intp],
) -> list[Match]:
    """Match the leaf themes of two models by the units (vectors and rows in each) they have in common."""
    from scipy.optimize import linear_sum_assignment

    n, m = len(model.themes), len(fresh.themes)
    both = (old_rows >= 0) & (new_rows >= 0)
    shared = np.zeros((n, m))
    np.add.at(shared, (old_rows[both], new_rows[both]), 1)
    sizes = [np.bincount(rows[rows >= 0], minlength=k) for rows, k in ((old_rows, n), (new_rows, m))]
    overlap = shared / np.maximum(sizes[0][:, None] + sizes[1][None] - shared, 1)
    centred = unit(vectors - vectors.mean(axis=0))
    cosine = group_means(centred, old_rows, n) @ group_means(centred, new_rows, m).T
    alike = np.round((np.clip(cosine, 0, 1) + overlap) / 2, 6)
    same_kind = np.array(
        [[old.kind == new.kind and old.tone == new.tone for new in fresh.themes] for old in model.themes]
    )
    alike = np.where(same_kind, alike, 0)[np.ix_(model.leaves, fresh.leaves)]
    pairs = zip(*linear_sum_assignment(-alike), strict=True)
    return [
        Match(int(model.leaves[i]), int(fresh.leaves[j]), float(alike[i, j])) for i, j in pairs if alike[i, j] >= _ALIKE
    ]


def _moved(model: ThemeModel, units: Units) -> Prototypes:
    """Prototypes half way to the means of the units nearest to them; those that judge or divide stay."""
    every = model.prototypes
    if model.guide:
        return every
    rows = unit(units.vectors - model.centre)
    near, similarity = every.nearest(rows)
    near = np.where((similarity >= model.min_similarity) & (units.kinds == SUBJECT), near, -1)
    means = group_means(rows, near, len(every))
    divided = np.isin(np.arange(len(every)), every.within) | (every.theme_of < 0)
    enough = (np.bincount(near[near >= 0], minlength=len(every)) >= _FEWEST) & ~divided
    half = unit(every.vectors + means)
    return replace(every, vectors=np.where(enough[:, None], half, every.vectors))


def _born(fresh: ThemeModel, new_rows: NDArray[np.intp], old_rows: NDArray[np.intp], with_match: set[int]) -> list[int]:
    """Rows of the found themes that are new: no old theme is matched with them or has most of their units."""
    found = []
    for row in fresh.leaves.tolist():
        here = new_rows == row
        new = row not in with_match and fresh.themes[row].kind == "subject" and here.sum() >= _FEWEST
        if new and (old_rows[here] < 0).mean() >= _NEW:
            found.append(row)
    return found


def _with_born(
    model: ThemeModel, fresh: ThemeModel, born: Sequence[int], rows: NDArray[np.float32],
    new_rows: NDArray[np.intp], when: str,
) -> ThemeModel:  # fmt: skip
    """Add found themes, under the broader theme that is nearest where there are any."""
    if not born:
        return model
    ids = new_ids(model, "T", len(born))
    points = np.concatenate([group_means(rows[new_rows == row], np.zeros((new_rows == row).sum(), np.intp), 1)
                             for row in born])  # fmt: skip
    broader = np.setdiff1d(np.arange(len(model.themes)), model.leaves)
    nearest = (points @ model.centroids[broader].T).argmax(axis=1) if len(broader) else np.zeros(len(born), int)
    names = {theme.name.casefold() for theme in model.themes}
    added: list[Theme] = []
    for theme_id, row, over in zip(ids, born, nearest, strict=True):
        theme, parent = fresh.themes[row], model.themes[broader[over]].theme_id if len(broader) else None
        name = theme.name if theme.name.casefold() not in names else f"{theme.name} ({theme_id})"
        names.add(name.casefold())
        told = (f"{when}: born: found in a refit",)
        added.append(
            replace(theme, theme_id=theme_id, name=name, parent_id=parent, level=2 if parent else 1, lineage=told)
        )
    n = len(model.leaves)
    order = [*model.leaves.tolist(), *broader.tolist()]
    place = np.empty(len(order) + 1, np.intp)
    place[order] = [*range(n), *range(n + len(born), len(order) + len(born))]
    place[-1] = -1
    themes = tuple(model.themes[row] for row in order)
    moved = model.prototypes.with_themes(place[model.prototypes.theme_of])
    return replace(
        model,
        themes=(*themes[:n], *added, *themes[n:]),
        prototypes=moved.with_more(points, n + np.arange(len(born)), -1.0, np.full(len(born), -1)),
    )


def _without(model: ThemeModel, gone: Sequence[int], when: str) -> ThemeModel:
    """Retire themes that nobody speaks of; what is near their points goes to the next theme."""
    if not gone:
        return model
    told = [
        replace(theme, lineage=(*theme.lineage, f"{when}: retired: a refit found nobody who speaks of it"))
        for theme in (model.themes[row] for row in gone)
    ]
    kept = [row for row in range(len(model.themes)) if row not in gone]
    place = np.full(len(model.themes) + 1, -1)
    place[kept] = np.arange(len(kept))
    every = model.prototypes
    least = np.where(np.isin(every.theme_of, gone), _UNREACHABLE, every.least).astype(np.float32)
    return replace(
        model,
        themes=tuple(model.themes[row] for row in kept),
        prototypes=replace(every, theme_of=place[every.theme_of], least=least),
        retired=(*model.retired, *told),
    )
