"""The judgement of a model's given themes: learnt when it is made, spoken when it is applied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.themes.guidance import Guidance, Material
from verbatim.themes.guide import Guide, comment_vectors, present
from verbatim.themes.judge import FEWEST_CODED, Judgement, Signs, from_coded, from_pieces
from verbatim.themes.model import ThemeModel
from verbatim.themes.units import Units
from verbatim.vectors import unit

_NEARLY_ALL = 0.98


def guide_of(model: ThemeModel) -> Guide:
    """Return the guide of a model that has one."""
    assert model.guide is not None  # every model in this room has one
    return model.guide


def signs_of(model: ThemeModel, material: Material) -> Signs:
    """What the judgement of comments rests on."""
    guide, comment = guide_of(model), material.units.comment
    vectors = comment_vectors(material.spans, material.embedding)
    rows, first = unit(material.units.vectors - model.centre), len(guide.theme_of)
    near = model.prototypes.parts(rows, model.prototypes.nearest(rows, first)[0], first)
    n = len(vectors)
    return Signs(
        vectors,
        present(comment, near, (n, first)),
        present(comment, guide.theme_of[near], (n, len(guide.base))),
    )


def learnt(model: ThemeModel, material: Material, guidance: Guidance) -> ThemeModel:
    """Learn the judgement; themes that no coded comment has are judged by their pieces alone."""
    signs, held_back, always = signs_of(model, material), None, False
    if not len(signs.vectors):
        return model
    judgement, weights, intercept = from_pieces(signs)
    truth = guidance.truth([theme.name for theme in model.themes])
    if guidance.coded is not None and len(truth) >= FEWEST_CODED:
        coded = signs_of(model, guidance.coded)
        learnt, held_back = from_coded(signs, coded, truth, weights, intercept)
        seen = truth.any(axis=0)
        by_pieces = judgement.of(coded)
        judgement = Judgement(*(np.where(seen, one, other) for one, other in (
            (learnt.of_vectors, judgement.of_vectors), (learnt.of_prototypes, judgement.of_prototypes),
            (learnt.of_themes, judgement.of_themes), (learnt.base, judgement.base),
        )))  # fmt: skip
        held_back = np.where(seen, held_back, by_pieces)
        always = bool(truth.any(axis=1).mean() >= _NEARLY_ALL)
    guide = replace(
        guide_of(model), of_vectors=judgement.of_vectors.astype(np.float32),
        of_prototypes=judgement.of_prototypes.astype(np.float32), of_themes=judgement.of_themes.astype(np.float32),
        base=judgement.base.astype(np.float32),
        always=np.array([int(always)], np.intp),
        held_back=held_back,
    )  # fmt: skip
    return replace(model, guide=guide)


def said(guide: Guide, judged: NDArray[np.float64], has: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Given themes that comments have: those judged so, and the likeliest one where a piece names any."""
    scores = np.where(guide.given == 1, judged, -np.inf)
    names_one = ((has * guide.given).any(axis=1, keepdims=True) & (guide.always[0] == 0)) | (guide.always[0] == 1)
    best = (scores >= scores.max(axis=1, keepdims=True, initial=-np.inf)) & np.isfinite(scores)
    spoken: NDArray[np.bool_] = (scores >= 0) | (best & names_one)
    return spoken


def judged_coded(model: ThemeModel, coded: Material) -> NDArray[np.bool_]:
    """Given themes (n_coded, n_themes) of coded comments, without its own coding where that was learnt from."""
    guide = guide_of(model)
    signs = signs_of(model, coded)
    judged = guide.held_back
    if judged is None:
        judged = guide.judged(signs.vectors, signs.near, signs.has)
    return said(guide, judged, signs.has)


def judged_units(
    model: ThemeModel, material: Material, rows: NDArray[np.intp], similarity: NDArray[np.float64]
) -> tuple[Units, NDArray[np.intp], NDArray[np.float64]]:
    """Give units the given themes that their comment has, and no other.

    A theme that a comment has and none of its units is nearest to goes to the unit most similar to it, beside the theme
    which that unit has: such units are there twice.
    """
    guide, units = guide_of(model), material.units
    signs = signs_of(model, material)
    judged = guide.blind(guide.judged(signs.vectors, signs.near, signs.has), material.spans)
    has = said(guide, judged, signs.has)
    centred = unit(units.vectors - model.centre)
    near, cosine = model.prototypes.nearest(centred)
    point = model.prototypes.parts(centred, near, len(guide.theme_of))
    first = np.minimum(point, len(guide.theme_of) - 1)  # later prototypes are of themes that nobody judges
    named = guide.theme_of[first]
    ours = (point == first) & (named >= 0) & (guide.given[named] == 1)
    keep = ours & has[units.comment, named]
    rows = np.where(keep, model.prototypes.themes(centred, near), np.where(ours, -1, rows))
    similarity = np.where(keep, cosine, similarity)
    missing = has & ~present(units.comment[keep], named[keep], has.shape).astype(bool)
    where, theme = np.nonzero(missing[units.comment])
    likeness, nearest = model.prototypes.similarity(centred[where], theme, guide.theme_of)
    now = model.prototypes.themes(centred[where], nearest)
    pairs = pd.DataFrame(
        {"unit": where, "theme": theme, "now": now, "likeness": likeness, "comment": units.comment[where]}
    )
    pairs = pairs.sort_values(["likeness", "unit"], ascending=[False, True]).drop_duplicates(["comment", "theme"])
    pairs = pairs[pairs["now"] >= 0]
    again = pairs["unit"].to_numpy(dtype=np.intp)
    return (
        units.with_copies(again),
        np.concatenate([rows, pairs["now"].to_numpy(dtype=np.intp)]),
        np.concatenate([similarity, pairs["likeness"].to_numpy(dtype=float)]),
    )
