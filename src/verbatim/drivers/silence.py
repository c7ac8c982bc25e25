"""Weights that let the commenters speak for the silent.

In: category, segments and whether a comment was left, for every scored response. Out: `Silence`, one weight a
response. The score is known for everyone; what is missing is the silent ones' themes. A commenter therefore stands for
the respondents of the same score category and segments, on the assumption that within such a cell the silent would
have spoken of the same things.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Silence:
    """Weights for silence, and the cells they come from.

    Attributes
    ----------
    weight : float array, shape (n,)
        Survey weight x (respondents / commenters) of the cell; 0 for the silent.
    cell : int array, shape (n,)
        The cell each response belongs to, after small ones were joined.
    n_cells, n_joined : int
        Cells of category x segments in the data; those among them with too few commenters.
    kish_n : float
        Kish's effective number of commenters, (sum w)^2 / sum w^2; 0 when nobody commented.
    """

    weight: NDArray[np.float64]
    cell: NDArray[np.int64]
    n_cells: int
    n_joined: int
    kish_n: float


def weigh_for_silence(
    category: NDArray[np.int64],
    segments: pd.DataFrame,
    commented: NDArray[np.bool_],
    weight: NDArray[np.float64],
    min_cell: int = 10,
) -> Silence:
    """Weigh the commenters of every cell of category x segments up to all its respondents.

    A cell with fewer than ``min_cell`` commenters gives up its finest segment and joins what else gave it up, and so
    on to the category alone; what is still too small joins the smallest cell of the nearest category.

    Parameters
    ----------
    category : int array, shape (n,)
        Ordered score category: 0 detractor, 1 passive, 2 promoter.
    segments : DataFrame, n rows
        Segment columns.
    commented : bool array, shape (n,)
    weight : float array, shape (n,)
        Survey weights, positive.
    min_cell : int
        Commenters a cell needs.

    Source
    ------
    Weighting-cell adjustment for nonresponse: Kalton and Flores-Cervantes (2003), "Weighting methods", section 2.
    Effective number: Kish (1965), "Survey Sampling", section 11.7.

    Examples
    --------
    Two promoters of whom one commented, two detractors who both did:

    >>> weigh_for_silence(
    ...     np.array([2, 2, 0, 0]), pd.DataFrame(index=range(4)), np.array([True, False, True, True]), np.ones(4), 1
    ... ).weight.tolist()
    [2.0, 0.0, 1.0, 1.0]
    """
    cell, n_cells, n_joined = _cells(category, segments, commented, min_cell)
    everyone = np.bincount(cell, weights=weight)
    commenters = np.bincount(cell, weights=weight * commented)
    factor = everyone / np.where(commenters > 0, commenters, np.inf)
    weights = weight * commented * factor[cell]
    square = float(np.sum(weights**2))
    return Silence(weights, cell, n_cells, n_joined, float(np.sum(weights)) ** 2 / square if square else 0.0)


def _cells(
    category: NDArray[np.int64], segments: pd.DataFrame, commented: NDArray[np.bool_], min_cell: int
) -> tuple[NDArray[np.int64], int, int]:
    """Give every response a cell of at least ``min_cell`` commenters; count the first cells and those joined."""
    coarse_first = sorted(segments.columns, key=lambda name: (segments[name].nunique(), str(name)))
    columns = [category, *(pd.factorize(segments[name], sort=True)[0] for name in coarse_first)]
    cell = np.full(len(category), -1)
    n_cells = n_joined = 0
    for depth in range(len(columns), 0, -1):
        open_rows = np.flatnonzero(cell < 0)
        codes = (
            pd.DataFrame(np.column_stack(columns[:depth])[open_rows]).groupby(list(range(depth))).ngroup().to_numpy()
        )
        enough = np.bincount(codes, weights=commented[open_rows]) >= min_cell
        if depth == len(columns):
            n_cells, n_joined = len(enough), int((~enough).sum())
        settled = enough[codes]
        cell[open_rows[settled]] = cell.max() + 1 + codes[settled]
    cell = _join_rest(cell, category, commented)
    return np.unique(cell, return_inverse=True)[1], n_cells, n_joined


def _join_rest(cell: NDArray[np.int64], category: NDArray[np.int64], commented: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Send what is left of a category to the smallest settled cell of the nearest category."""
    settled = np.unique(cell[cell >= 0])
    if settled.size == 0:
        return np.zeros_like(cell)
    joined = cell.copy()
    size = {code: int(commented[cell == code].sum()) for code in settled}
    home = {code: int(category[np.argmax(cell == code)]) for code in settled}
    for left in np.unique(category[cell < 0]):
        nearest = min(settled, key=lambda code: (abs(home[code] - left), size[code], code))
        joined[(cell < 0) & (category == left)] = nearest
    return joined
