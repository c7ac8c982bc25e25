"""Broader themes over the themes that were found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from verbatim.records import Theme

_FEWEST = 12  # fewer themes are read at a glance without headings
_GROUPS = 1.3  # times the root of the number of themes: 36 themes make 8 groups, 60 make 10
_KEYWORDS = 10


def under_broader(themes: Sequence[Theme], centroids: NDArray[np.float32]) -> tuple[Theme, ...]:
    """Group subject themes by Ward's linkage of their centroids and put a broader theme over each group.

    Parameters
    ----------
    themes : list of Theme
        General themes stay on their own; with fewer than 12 subjects nothing is grouped.
    centroids : float32 array, shape (n_themes, dim)
        Unit vectors.

    Returns
    -------
    tuple of Theme
        The themes, their level 2 and ``parent_id`` filled, then the broader ones, level 1, ids ``P01``, ``P02``, ...
    """
    subjects = [row for row, theme in enumerate(themes) if theme.kind == "subject"]
    if len(subjects) < _FEWEST:
        return tuple(themes)
    groups = _groups(centroids[subjects])
    order = sorted(groups, key=lambda group: (-sum(themes[subjects[i]].n_spans for i in group), group))
    placed = list(themes)
    broader: list[Theme] = []
    for number, group in enumerate(order, 1):
        rows = sorted((subjects[i] for i in group), key=lambda row: (-themes[row].n_spans, row))
        parent = _over([themes[row] for row in rows], f"P{number:02d}", {theme.name for theme in broader})
        for row in rows:
            placed[row] = replace(themes[row], level=2, parent_id=parent.theme_id)
        broader.append(parent)
    return (*placed, *broader)


def _groups(centroids: NDArray[np.float32]) -> list[list[int]]:
    """Rows of each group; one left alone joins the group of its nearest neighbour."""
    from scipy.cluster.hierarchy import fcluster, linkage

    n = round(_GROUPS * math.sqrt(len(centroids)))
    labels = fcluster(linkage(centroids.astype(np.float64), method="ward"), n, criterion="maxclust")
    sizes = np.bincount(labels)
    cosines = np.round(centroids @ centroids.T, 5)
    for alone in np.flatnonzero(sizes[labels] == 1):
        others = np.where(sizes[labels] > 1, cosines[alone], -2)
        labels[alone] = labels[others.argmax()]
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _over(parts: Sequence[Theme], theme_id: str, taken: set[str]) -> Theme:
    """Return the broader theme of its parts, largest first, named by the two largest that have a clear name."""
    clear = [theme.name for theme in parts if not theme.name.startswith("Unclear")] or [theme.name for theme in parts]
    names = [f"{clear[0]} and {_inside(other)}" for other in clear[1:]] or [f"{clear[0]} and more"]
    name = next((name for name in names if name not in taken), f"{names[0]} ({theme_id})")
    keywords = dict.fromkeys(
        word for rank in range(_KEYWORDS) for theme in parts for word in theme.keywords[rank : rank + 1]
    )
    definition = "Holds " + ", ".join(f"\u201c{theme.name}\u201d" for theme in parts)
    return Theme(
        theme_id, name, tuple(keywords)[:_KEYWORDS], definition, None, 1, "subject", "found",
        sum(theme.n_spans for theme in parts), (), (),
    )  # fmt: skip


def _inside(name: str) -> str:
    """Return a name as it stands inside another: "Poor service" as "poor service", "TV" and "KLM" as they are."""
    first = name.split()[0]
    return name if first[1:] != first[1:].lower() else name[0].lower() + name[1:]
