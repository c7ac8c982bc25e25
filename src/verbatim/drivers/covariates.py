"""Segment columns as regression covariates, coded to sum to zero."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """Sum-to-zero columns of the segments.

    ``matrix`` is (n, n_columns); ``owner`` names the segment of each column; ``dropped`` names the segments that the
    number of commenters cannot carry.
    """

    matrix: NDArray[np.float64]
    owner: tuple[str, ...]
    dropped: tuple[str, ...]


def code_segments(segments: pd.DataFrame, min_value: int = 10) -> Covariates:
    """Code every segment column so that the values' coefficients sum to zero.

    Values with fewer than ``min_value`` rows are one value together. Segments are dropped, the finest first, while
    there are fewer than ten rows a column.

    Source
    ------
    Deviation coding: Cohen, Cohen, West and Aiken (2003), "Applied Multiple Regression", section 8.3.

    Examples
    --------
    >>> code_segments(pd.DataFrame({"plan": ["A"] * 10 + ["B"] * 10})).matrix[[0, -1]].tolist()
    [[1.0], [-1.0]]
    """
    coded = {str(name): _deviations(segments[name], min_value) for name in segments}
    coded = {name: matrix for name, matrix in coded.items() if matrix.shape[1]}
    dropped: list[str] = []
    while sum(matrix.shape[1] for matrix in coded.values()) > len(segments) / 10:
        dropped.append(max(coded, key=lambda name: (coded[name].shape[1], name)))
        del coded[dropped[-1]]
    owner = tuple(name for name, matrix in coded.items() for _ in range(matrix.shape[1]))
    matrix = np.column_stack(list(coded.values())) if coded else np.zeros((len(segments), 0))
    return Covariates(matrix, owner, tuple(dropped))


def _deviations(values: pd.Series, min_value: int) -> NDArray[np.float64]:
    """One column a value but the last, which is -1 in all of them."""
    codes = pd.factorize(values, sort=True)[0]
    count = np.bincount(codes)
    small = count < min_value
    if small.any():
        least = int(np.argmin(np.where(small, np.inf, count)))
        gathered = int(np.argmax(small)) if count[small].sum() >= min_value else least
        codes = np.where(small[codes], gathered, codes)
    kept, codes = np.unique(codes, return_inverse=True)
    matrix = np.eye(len(kept))[codes]
    return matrix[:, :-1] - matrix[:, -1:]
