"""What one wave says of itself: shares, coefficients, and what every response adds to each of them.

The figures of a wave stand in one vector: NPS of all, NPS of the weighted commenters, the groups' shares among all and
among the weighted commenters, the themes' shares, the groups' and the themes' coefficients. Everything that is said of
a change is a function of two such vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.change.options import ChangeOptions
from verbatim.change.wave import Frame, Wave
from verbatim.drivers.effects import Fit, fit_effects
from verbatim.drivers.moments import Array, design
from verbatim.drivers.silence import weigh_for_silence
from verbatim.drivers.uncertainty import FULL_LEVERAGE, through_cells
from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM, points


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the figures of a wave stand in their vector, for ``v`` groups and ``k`` themes."""

    v: int
    k: int

    @property
    def size(self) -> int:
        """Length of the vector."""
        return 2 + 3 * self.v + 2 * self.k

    def part(self, name: str) -> slice:
        """Return the place of ``shares``, ``commenters`` (both of groups), ``mentions``, ``levels`` or ``severity``."""
        names = ("shares", "commenters", "levels", "mentions", "severity")
        lengths = (self.v, self.v, self.v, self.k, self.k)
        at = names.index(name)
        start = 2 + sum(lengths[:at])
        return slice(start, start + lengths[at])


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """The figures of one wave.

    Attributes
    ----------
    layout : Layout
    value : float array, shape (layout.size,)
    free_themes, free_groups : bool arrays
        Which coefficients this wave could estimate; the others are 0.
    segments : tuple of bool arrays, shape (v,)
        The groups of each segment.
    wave : Wave
    """

    layout: Layout
    value: Array
    free_themes: NDArray[np.bool_]
    free_groups: NDArray[np.bool_]
    segments: tuple[NDArray[np.bool_], ...]
    wave: Wave
    _fit: Fit
    _spread: Array
    _members: NDArray[np.bool_]
    _mentions: NDArray[np.bool_]
    _survey_weight: Array
    _cell: NDArray[np.int64]

    def influence(self) -> Iterator[tuple[slice, Array]]:
        """Yield what each scored response adds to each figure, a block of responses at a time.

        Source
        ------
        As `verbatim.drivers.uncertainty.influence`: HC3, random shares (Jann 2008), weighting cells (Lumley 2010, 7.2).
        """
        coded, layout = self.wave.coded, self.layout
        total = self._survey_weight.sum()
        gained = points(coded.score)
        places = np.r_[1, np.arange(layout.size)[layout.part("commenters").start :]]
        for rows, part in through_cells(
            self._own, len(places), self._fit.weight, coded.commented, self._survey_weight, self._cell
        ):
            full = np.zeros((len(part), layout.size))
            full[:, places] = part
            share = self._survey_weight[rows] / total
            full[:, 0] = share * (gained[rows] - self.value[0])
            full[:, layout.part("shares")] = share[:, None] * (self._members[rows] - self.value[layout.part("shares")])
            yield rows, full

    def _own(self, rows: slice) -> Array:
        """What some commenters add to what is known of commenters only, per unit of weight."""
        fit, layout, value = self._fit, self.layout, self.value
        whole = fit.gram[0, 0]
        part = design(fit.covariates, fit.mentions, rows)
        reach = part @ fit.inverse
        room = 1 - fit.weight[rows] * np.einsum("ij,ij->i", reach, part)
        left = fit.residual[rows] / np.where(room > FULL_LEVERAGE, room, np.inf)
        members = self._members[self.wave.coded.commented][rows]
        return np.column_stack(
            [
                (fit.points[rows] - value[1]) / whole,
                (members - value[layout.part("commenters")]) / whole,
                (reach[:, 1 : fit.first_theme] * left[:, None]) @ self._spread.T,
                (self._mentions[rows] - value[layout.part("mentions")]) / whole,
                _placed(reach[:, fit.first_theme :] * left[:, None], self.free_themes),
            ]
        )


def estimate(wave: Wave, frame: Frame, which: int, options: ChangeOptions) -> Estimate:
    """Estimate the figures of the first (``which`` 0) or second (1) wave of a frame.

    Weighted least squares of the points on the groups, coded to sum to zero, and the themes that are frequent enough
    in this wave (`verbatim.drivers.effects.fit_effects`), over commenters weighted for silence.
    """
    coded, members, mentions = wave.coded, frame.members[which], frame.mentions[which]
    free_themes, free_groups = frame.free_themes[which], frame.free_groups[which]
    category = np.digitize(coded.score, [PASSIVE_FROM, PROMOTER_FROM])
    silence = weigh_for_silence(category, _nameless(frame, which), coded.commented, coded.weight, options.min_cell)
    said = coded.commented
    covariates, spread = _code_groups(frame.groups, members[said], free_groups)
    gained, weight = points(coded.score), silence.weight[said]
    fit = fit_effects(gained[said], mentions[:, free_themes], covariates, weight)
    layout = Layout(len(frame.groups), len(frame.themes))
    value = np.concatenate(
        [
            [np.average(gained, weights=coded.weight), np.average(gained[said], weights=weight)],
            coded.weight @ members / coded.weight.sum(),
            weight @ members[said] / weight.sum(),
            spread @ fit.coefficients[1 : fit.first_theme].sum(axis=1),
            weight @ mentions / weight.sum(),
            _placed(fit.per_mention[None, :], free_themes)[0],
        ]
    )
    names = frame.groups["segment"]
    segments = tuple((names == name).to_numpy(dtype=bool) for name in names.unique())
    return Estimate(
        layout, value, free_themes, free_groups, segments, wave, fit, spread, members, mentions, coded.weight,
        silence.cell,
    )  # fmt: skip


def _nameless(frame: Frame, which: int) -> pd.DataFrame:
    """The groups of each response, the segments in an order that does not depend on their names."""
    members = frame.members[which]
    columns = {}
    for name in frame.groups["segment"].unique():
        here = members[:, (frame.groups["segment"] == name).to_numpy()]
        size = tuple(sorted(np.concatenate([some.sum(axis=0) for some in _both(frame, name)]).tolist()))
        columns[str(name)] = (size, here.argmax(axis=1))
    ordered = sorted(columns.values(), key=lambda column: column[0])
    return pd.DataFrame({f"{at:03d}": codes for at, (_, codes) in enumerate(ordered)}, index=range(len(members)))


def _both(frame: Frame, name: object) -> list[NDArray[np.bool_]]:
    here = (frame.groups["segment"] == name).to_numpy()
    return [members[:, here] for members in frame.members]


def _code_groups(groups: pd.DataFrame, members: NDArray[np.bool_], free: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Sum-to-zero columns of the groups, and the matrix that turns their coefficients into one for every group."""
    blocks, spreads = [np.zeros((len(members), 0))], []
    for name in groups["segment"].unique():
        here = np.flatnonzero((groups["segment"] == name).to_numpy() & free)
        if len(here) < 2:
            continue
        one = members[:, here].astype(float)
        blocks.append(one[:, :-1] - one[:, -1:])
        spread = np.zeros((len(groups), len(here) - 1))
        spread[here[:-1], np.arange(len(here) - 1)] = 1
        spread[here[-1]] = -1
        spreads.append(spread)
    spread_all = np.column_stack(spreads) if spreads else np.zeros((len(groups), 0))
    return np.column_stack(blocks), spread_all


def _placed(values: Array, free: NDArray[np.bool_]) -> Array:
    """Put columns in the places of what could be estimated, 0 elsewhere."""
    full = np.zeros((len(values), len(free)))
    full[:, free] = values
    return full
