"""A theme model improved by comments that people coded, theme by theme and only where that tags better."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.errors import TooFewResponses
from verbatim.themes.guidance import Material
from verbatim.themes.guide import Guide, comment_keys
from verbatim.themes.history import fitted_anew
from verbatim.themes.judge import FEWEST_CODED, Signs, from_coded, from_pieces
from verbatim.themes.judged import signs_of

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel

_FEWEST_MENTIONS = 5  # coded mentions of a theme from which something can be learnt of it


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """A refined model, and the themes it judges by what was learnt; the others are recognised as before."""

    model: ThemeModel
    learnt: tuple[str, ...]


def refined(
    model: ThemeModel,
    material: Material,
    tagged: pd.DataFrame,
    told: pd.DataFrame,
    probability: NDArray[np.float64],
    why: str,
) -> Refined:
    """Learn from coded comments when a comment speaks of a theme.

    A ridge regression on what the machine sees of a comment (`verbatim.themes.judge.from_coded`) judges each coded
    comment without its own coding. Where, over all of them, that makes fewer errors than the machine made, the theme is
    judged so from now on; every other theme is left as it is. The coded comments themselves stay judged without their
    own coding wherever this model reads them, so that the same codes may measure and correct what it says of them.

    Parameters
    ----------
    model : ThemeModel
    material : Material
        The survey whose comments were coded.
    tagged, told : DataFrame of 0 and 1
        The coded comments by response id, one column a theme id: the machine's mentions, and people's.
    probability : float array
        Chance each had of being coded.
    why : str
        Kept in the model's past.

    Raises
    ------
    TooFewResponses
        Fewer than 20 comments are coded.
    """
    if len(told) < FEWEST_CODED:
        raise TooFewResponses(f"{len(told)} comments are coded; a model is refined from {FEWEST_CODED} on. Code more.")
    place = {theme.theme_id: row for row, theme in enumerate(model.themes)}
    asked = np.array([place[theme_id] for theme_id in told.columns], dtype=np.intp)
    bare = replace(model, guide=_nothing_judged(model))
    signs = signs_of(bare, material)
    row_of = pd.Series(np.arange(len(signs.vectors)), index=material.spans.table["response_id"].drop_duplicates())
    rows = row_of[told.index].to_numpy()
    truth = np.zeros((len(rows), len(model.themes)), dtype=bool)
    truth[:, asked] = told.to_numpy(dtype=bool)
    _, weights, intercept = from_pieces(signs)
    coded = Signs(signs.vectors[rows], signs.near[rows], signs.has[rows])
    judgement, held_back = from_coded(signs, coded, truth, weights, intercept, 1 / probability)
    judged = pd.DataFrame(held_back[:, asked] >= 0, index=told.index, columns=told.columns)
    better = _better(judged, tagged[told.columns].astype(bool), told.astype(bool), 1 / probability)
    given = np.zeros(len(model.themes), np.intp)
    given[asked[better]] = 1
    keys, first = np.unique(comment_keys(material.spans)[rows], return_index=True)
    guide = Guide(
        model.prototypes.theme_of, judgement.of_vectors.astype(np.float32), judgement.of_prototypes.astype(np.float32),
        judgement.of_themes.astype(np.float32), judgement.base.astype(np.float32), given, np.array([-1], np.intp),
        held_back[first], keys,
    )  # fmt: skip
    learnt = tuple(theme_id for theme_id, so in zip(map(str, told.columns), better, strict=True) if so)
    return Refined(fitted_anew(replace(model, guide=guide), "refine", (), (), why), learnt)


def _better(
    judged: pd.DataFrame, tagged: pd.DataFrame, told: pd.DataFrame, stands_for: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Themes that were mentioned often enough, and whose judgement is wrong less often than the machine was."""
    wrong, was_wrong = (stands_for @ (said != told).to_numpy(dtype=float) for said in (judged, tagged))
    enough: NDArray[np.bool_] = (told.sum(axis=0).to_numpy() >= _FEWEST_MENTIONS) & (wrong < was_wrong)
    return enough


def _nothing_judged(model: ThemeModel) -> Guide:
    n, k, wide = len(model.themes), len(model.prototypes), 2 * model.prototypes.vectors.shape[1]
    return Guide(
        model.prototypes.theme_of, np.zeros((wide, n), np.float32), np.zeros((k, n), np.float32),
        np.zeros((n, n), np.float32), np.zeros(n, np.float32), np.zeros(n, np.intp), np.array([-1], np.intp),
    )  # fmt: skip
