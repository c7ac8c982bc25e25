"""Which comments people should code: a stratified draw with known chances that tells most about every theme."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
GUESS = 0.8
"""Precision and recall the design expects; a wrong guess costs labels, never truth."""
RAREST = 15
"""Themes with fewer mentions are sampled as if they had as many: `drivers.min_mentions`."""


def draw_comments(mentions: pd.DataFrame, category: pd.Series, n: int, seed: int = 1) -> pd.DataFrame:
    """Draw n comments to be coded by hand, with the chance that each had.

    The chance of a comment grows with what coding it tells about precision and recall, each theme counting alike:
    comments of rare themes are likelier, and none is left out. Strata are the score categories. Any first part of the
    draw is a draw of that many comments with chances in proportion, and a larger draw by the same seed begins with a
    smaller one, but for one or two comments a stratum.

    Parameters
    ----------
    mentions : DataFrame of 0 and 1
        One row a scored comment, labelled by its response id, one column a theme: the machine's mentions.
    category : Series
        Score category by the same labels.
    n : int
        Comments to draw; all where there are not more.
    seed : int
        With the response id alone it decides what is drawn: row order does not matter.

    Returns
    -------
    DataFrame
        ``response_id, category, probability`` (0 < p <= 1) in the order in which they are to be coded.

    Source
    ------
    Chances: Neyman allocation by anticipated variance, Isaki and Fuller (1982), Journal of the American Statistical
    Association 77(377). Draw: sequential Poisson sampling with permanent random numbers, Ohlsson (1998), Journal of
    Official Statistics 14(2).

    Examples
    --------
    >>> told = pd.DataFrame({"T01": [1, 0, 0, 0]}, index=list("abcd"))
    >>> draw_comments(told, pd.Series(["passive"] * 4, index=list("abcd")), 9)["probability"].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    size = pd.Series(_sizes(mentions.to_numpy(dtype=float)), index=mentions.index)
    luck = pd.Series([_luck(str(one), seed) for one in mentions.index], index=mentions.index)
    groups = {
        str(name): ids for name, ids in category.reindex(mentions.index).groupby(category, sort=True).groups.items()
    }
    shares = _allocate(min(n, len(mentions)), [(float(size[ids].sum()), len(ids)) for ids in groups.values()])
    parts = []
    for (name, ids), take in zip(groups.items(), shares, strict=True):
        chance = inclusion(np.asarray(size[ids], dtype=np.float64), take)
        key = luck[ids].to_numpy() / np.maximum(chance, 1e-300)
        certain = chance >= 1
        picked = np.argsort(np.where(certain, -1.0, key), kind="stable")[:take]
        part = {"response_id": ids[picked], "category": name, "probability": chance[picked], "key": key[picked]}
        parts.append(pd.DataFrame(part))
    drawn = pd.concat(parts, ignore_index=True).sort_values(["key", "response_id"], ignore_index=True)
    return drawn.drop(columns="key").astype({"response_id": "str", "category": "str"})


def inclusion(size: Array, n: int) -> Array:
    """Chances in proportion to ``size`` that add up to n, none above 1.

    Examples
    --------
    >>> inclusion(np.array([6.0, 1.0, 1.0]), 2).tolist()
    [1.0, 0.5, 0.5]
    """
    chance = np.zeros(len(size))
    certain = np.zeros(len(size), dtype=bool)
    while True:
        rest = ~certain
        chance[certain] = 1.0
        chance[rest] = (n - certain.sum()) * size[rest] / max(size[rest].sum(), 1e-300)
        above = rest & (chance >= 1)
        if not above.any():
            return chance
        certain |= above


def _sizes(mentions: Array) -> Array:
    """Square root of what a comment is expected to add to the variances of all precisions and recalls."""
    n = len(mentions)
    held = mentions.sum(axis=0)
    often = np.clip(held, RAREST, None)
    missed = (1 - GUESS) * often / np.maximum(n - held, 1)  # chance that an untagged comment speaks of it
    wrong = GUESS * (1 - GUESS) * (1 + GUESS)  # a tagged comment tells about precision and, if it is right, recall
    found = mentions @ (wrong / often**2) + (1 - mentions) @ (GUESS**2 * missed / often**2)
    return np.sqrt(found) if mentions.shape[1] else np.ones(n)


def _allocate(n: int, strata: list[tuple[float, int]]) -> list[int]:
    """Comments of each stratum in proportion to its size: one at least, all at most, n together."""
    room = np.array([count for _, count in strata])
    wanted = _shared(np.array([size for size, _ in strata]), room, n)
    take = np.clip(np.floor(wanted).astype(int), 1, room)
    while take.sum() != n:
        step = 1 if take.sum() < n else -1
        open_ = (take < room) if step > 0 else (take > 0)
        gap = np.where(open_, (wanted - take) * step, -np.inf)
        take[int(np.argmax(gap))] += step
    return [int(one) for one in take]


def _shared(size: Array, room: NDArray[np.int64], n: int) -> Array:
    """Share n among strata in proportion to ``size``; what a full stratum cannot take goes to the others."""
    full = np.zeros(len(size), dtype=bool)
    while True:
        left = n - room[full].sum()
        wanted = np.where(full, room, left * size / max(size[~full].sum(), 1e-300))
        above = ~full & (wanted > room)
        if not above.any():
            return wanted.astype(float)
        full |= above


def _luck(label: str, seed: int) -> float:
    """Permanent random number of a response, 0..1."""
    return int.from_bytes(hashlib.sha256(f"{seed} {label}".encode()).digest()[:7]) / 2**56
