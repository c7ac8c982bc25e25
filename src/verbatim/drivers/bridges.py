"""Why leave-out, the number other tools rank by, differs from the effect: line by line, summing exactly."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers.effects import Fit
from verbatim.drivers.moments import SMALLEST_DIRECTION, Array
from verbatim.records import BRIDGE_COLUMNS

TYPES = dict.fromkeys(BRIDGE_COLUMNS, "str") | {"points": "float64"}


def bridge_lines(fit: Fit, ids: NDArray[Any], ranked: NDArray[np.int64], owner: tuple[str, ...]) -> pd.DataFrame:
    """Lines of every ranked theme's bridge: its own effect, then other themes and segments, the largest first.

    Parameters
    ----------
    fit : Fit
    ids : array of str, shape (k,)
        Theme of each column of ``fit.mentions``.
    ranked : int array
        The columns to explain, in the order of the table.
    owner : tuple of str, length c
        Segment of each column of ``fit.covariates``; a segment's columns are one line together.

    Returns
    -------
    DataFrame
        `BRIDGE_COLUMNS`; the points of a theme sum to its leave-out impact.
    """
    lines, c = bridge(fit), len(owner)
    segments = list(dict.fromkeys(owner))
    by_segment = np.zeros((len(lines), len(segments)))
    for column, name in enumerate(owner):
        by_segment[:, segments.index(name)] += lines[:, column]
    tables = []
    for theme in ranked:
        others = np.flatnonzero((np.arange(len(ids)) != theme) & fit.estimable)
        points = np.concatenate([[fit.effect[theme]], lines[theme, c:][others], by_segment[theme]])
        sources = np.array([ids[theme], *ids[others], *segments])
        kinds = np.array(["own"] + ["theme"] * len(others) + ["segment"] * len(segments))
        order = np.lexsort((sources, -np.abs(points).round(9), kinds != "own"))
        columns = (ids[theme], sources[order], kinds[order], points[order])
        tables.append(pd.DataFrame(dict(zip(BRIDGE_COLUMNS, columns, strict=True))))
    return pd.concat(tables, ignore_index=True).astype(TYPES) if tables else no_bridges()


def no_bridges() -> pd.DataFrame:
    """Return an empty table of `BRIDGE_COLUMNS`."""
    return pd.DataFrame(columns=list(BRIDGE_COLUMNS)).astype(TYPES)


def bridge(fit: Fit) -> Array:
    """Why leave-out differs from the effect: what of it belongs to the other themes and to the segments.

    leave_out = effect + sum of the bridge, where the line of another column is
    share x its coefficient x (its mean among mentioners - its mean among the others).

    Returns
    -------
    float array, shape (k, c + k)
        NPS points of each theme's leave-out that belong to each segment column, then to each theme; 0 for itself, and
        throughout for a theme that nobody or everybody mentions.
    """
    first, total = fit.first_theme, fit.gram[0, 0]
    mentioners = fit.gram[first:]
    size = mentioners[:, [0]]
    some = (size > 0) & (total - size > SMALLEST_DIRECTION * total)
    inside = mentioners / np.where(some, size, np.inf)
    outside = (fit.gram[0] - mentioners) / np.where(some, total - size, np.inf)
    lines: Array = fit.share[:, None] * ((inside - outside) * fit.coefficients.sum(axis=1))[:, 1:]
    np.fill_diagonal(lines[:, first - 1 :], 0.0)
    return lines
