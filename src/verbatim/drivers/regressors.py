"""Which themes enter the regression of a level: those with enough commenters, and the rest as "Other themes"."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers.commenters import Commenters
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.refusals import decided_by_score, explain_decided, least_mentions
from verbatim.drivers.tables import COINS, OTHER
from verbatim.drivers.tones import Tones

OTHER_NAME = "Other themes"
COMMENTERS_PER_COLUMN = 5
"""The regression has at most one column for so many commenters; beyond that the rarest themes are pooled."""
NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Regressors:
    """The k themes of a level that get a row, the pooled rare ones as the last (`OTHER`).

    ``mentions`` and ``sentiment`` are (n_commenters, k); ``enters`` (k,) is False for a theme that the score decides,
    and where even the pooled theme is too rare to be a regressor.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[str | None, ...]
    level: int
    mentions: NDArray[np.bool_]
    sentiment: Tones | None
    enters: NDArray[np.bool_]
    notes: tuple[str, ...]

    @property
    def entered(self) -> NDArray[np.bool_]:
        """Mentions of the themes that enter the regression, column for column."""
        return self.mentions if self.enters.all() else self.mentions[:, self.enters]


def gather(people: Commenters, level: int, options: DriverOptions, tosses: NDArray[np.bool_] | None) -> Regressors:
    """Take the themes of a level, pool the rare ones and add coin tosses (n_commenters, 2) where asked for."""
    themes = people.coded.themes
    here = np.flatnonzero(themes["level"].to_numpy() == level)
    decided = decided_by_score(people.points, people.mentions[:, here], people.weight)
    barred, here = here[decided], here[~decided]
    count, needed = people.mentions[:, here].sum(axis=0), least_mentions(len(people.points), options.min_mentions)
    frequent = _frequent(count, themes.index[here], people, needed)
    kept, rare = here[frequent], here[~frequent & (count > 0)]
    names, parents = list(themes["name"]), list(themes["parent_id"])
    rows: list[tuple[str, str, str | None, NDArray[np.bool_], list[int]]] = [
        (themes.index[at], names[at], parents[at], people.mentions[:, at], [at]) for at in (*kept, *barred)
    ]
    if tosses is not None:
        for place, coin in enumerate(COINS):
            rows.append((coin, f"Coin toss {place + 1}", None, tosses[:, place], []))
    if rare.size:
        rows.append((OTHER, OTHER_NAME, None, people.mentions[:, rare].max(axis=1), list(rare)))
    mentions, tones = np.zeros((len(people.points), len(rows)), dtype=bool), people.sentiment
    for place, row in enumerate(rows):
        mentions[:, place] = row[3]
    pooled = bool(rare.size) and int(mentions[:, -1].sum()) >= needed
    out = {*themes.index[barred], *(() if pooled else (OTHER,))}
    reason = explain_decided(tuple(names[at] for at in barred))
    return Regressors(
        ids=tuple(row[0] for row in rows),
        names=tuple(row[1] for row in rows),
        parents=tuple(row[2] for row in rows),
        level=level,
        mentions=mentions,
        sentiment=None if tones is None else tones.means(row[4] for row in rows),
        enters=np.array([row[0] not in out for row in rows], dtype=bool),
        notes=(*_notes([names[at] for at in rare], pooled, needed), *([reason] if reason else [])),
    )


def _frequent(count: NDArray[np.int64], ids: pd.Index, people: Commenters, needed: int) -> NDArray[np.bool_]:
    """Themes with enough commenters; no more of them than the number of commenters can carry."""
    room = len(people.points) // COMMENTERS_PER_COLUMN - people.covariates.shape[1] - 2
    position = np.empty(len(count))
    position[np.lexsort((ids.to_numpy(dtype=str), -count))] = np.arange(len(count))
    chosen: NDArray[np.bool_] = (count >= needed) & (position < room)
    return chosen


def _notes(rare: list[str], pooled: bool, needed: int) -> tuple[str, ...]:
    if not rare:
        return ()
    shown = ", ".join(f'"{name}"' for name in sorted(rare)[:NAMED]) + (", ..." if len(rare) > NAMED else "")
    fate = (
        f'They are pooled as "{OTHER_NAME}", which is adjusted for but not ranked.'
        if pooled
        else f'Even pooled as "{OTHER_NAME}" they are too rare for an effect; they are part of the base.'
    )
    return (
        f"Themes with too few commenters to be ranked (under {needed}, or more themes than one for every "
        f"{COMMENTERS_PER_COLUMN} commenters): {shown}. {fate}",
    )
