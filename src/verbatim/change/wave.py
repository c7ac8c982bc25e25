"""One wave, and what two waves have in common: the same themes and the same groups, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from verbatim.change.options import ChangeOptions
from verbatim.drivers.refusals import decided_by_score, least_mentions
from verbatim.drivers.tables import OTHER, Coded, read_tables
from verbatim.nps import points

Bools = NDArray[np.bool_]
ROWS_A_COLUMN = 10
"""Commenters of the smaller wave for each column of the segments, as in the ranking of drivers."""


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """One fielding of a survey: ``coded`` holds the scored responses; ``person`` names who gave each of them."""

    coded: Coded
    person: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What two waves are compared by.

    Attributes
    ----------
    themes : DataFrame
        Index ``theme_id``, sorted, `OTHER` last where rare themes are pooled; ``name``.
    groups : DataFrame
        ``segment, value``: one row a value of a segment, in name order.
    mentions : pair of bool arrays, shape (n_commenters, n_themes)
    members : pair of bool arrays, shape (n_responses, n_groups)
    free_themes, free_groups : pairs of bool arrays
        What each wave has enough of for a coefficient of its own; what it has not is taken from the other wave.
    notes : tuple of str
    """

    themes: pd.DataFrame
    groups: pd.DataFrame
    mentions: tuple[Bools, Bools]
    members: tuple[Bools, Bools]
    free_themes: tuple[Bools, Bools]
    free_groups: tuple[Bools, Bools]
    notes: tuple[str, ...]


def read_wave(
    mentions: pd.DataFrame,
    score: ArrayLike | pd.Series,
    segments: pd.DataFrame | None = None,
    *,
    label: str,
    weight: ArrayLike | pd.Series | None = None,
    commented: ArrayLike | pd.Series | None = None,
    respondent: pd.Series | None = None,
    themes: pd.DataFrame | None = None,
) -> Wave:
    """Read one wave from plain tables, as `verbatim.rank_drivers` reads a survey.

    Parameters
    ----------
    label : str
        Name of the wave. Responses without a respondent are people of their own; the same row of a wave with the same
        label is the same person, which ties one wave coded twice to itself.
    mentions, score, segments, weight, commented, respondent, themes
        See `verbatim.rank_drivers`; themes of one level only.

    Raises
    ------
    SurveyError, TooFewResponses
        See `verbatim.drivers.tables.read_tables`.

    Examples
    --------
    >>> len(read_wave(pd.DataFrame({"T01": [1, 0]}), [0, 10], label="May").coded.score)
    2
    """
    coded = read_tables(mentions, score, segments, weight, commented, respondent, themes, None)
    known = [None] * len(mentions) if respondent is None else respondent
    rows = mentions.index.astype("str")
    names = [
        f"\x00{label}\x00{row}" if pd.isna(person) else str(person) for row, person in zip(rows, known, strict=True)
    ]
    return Wave(coded, np.array(names, dtype=object)[coded.row])


def frame_of(first: Wave, second: Wave, options: ChangeOptions) -> Frame:
    """Bring two waves to the same themes and groups.

    A theme that is rare in both waves is pooled as "Other themes"; a segment is compared where both waves have it.
    """
    waves = (first.coded, second.coded)
    themes, mentions, free_themes, theme_notes = _themes(waves, options)
    groups, members, free_groups, group_notes = _groups(waves, options)
    notes = (*theme_notes, *group_notes, *first.coded.notes, *second.coded.notes)
    return Frame(themes, groups, mentions, members, free_themes, free_groups, tuple(dict.fromkeys(notes)))


def _themes(
    waves: Sequence[Coded], options: ChangeOptions
) -> tuple[pd.DataFrame, tuple[Bools, Bools], tuple[Bools, Bools], tuple[str, ...]]:
    ids = sorted({theme for coded in waves for theme in coded.themes.index})
    name = {theme: coded.themes.loc[theme, "name"] for coded in waves for theme in coded.themes.index}
    needed = [least_mentions(int(coded.commented.sum()), options.min_mentions) for coded in waves]
    said = [_spoken(coded, ids) for coded in waves]
    decided = np.array([_decided(coded, some) for coded, some in zip(waves, said, strict=True)]).any(axis=0)
    enough = np.array([some.sum(axis=0) >= least for some, least in zip(said, needed, strict=True)])
    kept = enough.any(axis=0) & ~decided
    rare = ~enough.any(axis=0) & ~decided & np.array([some.any(axis=0) for some in said]).any(axis=0)
    chosen = [ids[at] for at in np.flatnonzero(kept)]
    mentions, free = [some[:, kept] for some in said], [row[kept] for row in enough]
    if rare.any():
        pooled = [some[:, rare].any(axis=1) for some in said]
        mentions = [np.column_stack([some, other]) for some, other in zip(mentions, pooled, strict=True)]
        free = [np.append(f, o.sum() >= least) for f, o, least in zip(free, pooled, needed, strict=True)]
        chosen.append(OTHER)
    names = [name.get(theme, "Other themes") for theme in chosen]
    table = pd.DataFrame({"name": names}, index=pd.Index(chosen, name="theme_id", dtype="str"))
    barred = [str(name[ids[at]]) for at in np.flatnonzero(decided)]
    notes = (f"Decided by the score and therefore no driver: {', '.join(sorted(barred))}.",) if barred else ()
    return table, (mentions[0], mentions[1]), (free[0], free[1]), notes


def _spoken(coded: Coded, ids: Sequence[str]) -> Bools:
    """Mentions of the commenters, one column for every theme of either wave."""
    place = {theme: at for at, theme in enumerate(coded.themes.index)}
    said = np.zeros((int(coded.commented.sum()), len(ids)), dtype=bool)
    for at, theme in enumerate(ids):
        if theme in place:
            said[:, at] = coded.mentions[coded.commented, place[theme]]
    return said


def _decided(coded: Coded, said: Bools) -> Bools:
    """Themes that are a score category under another name (`verbatim.drivers.refusals.decided_by_score`)."""
    rows = coded.commented
    return decided_by_score(points(coded.score[rows]), said, coded.weight[rows])


def _groups(
    waves: Sequence[Coded], options: ChangeOptions
) -> tuple[pd.DataFrame, tuple[Bools, Bools], tuple[Bools, Bools], tuple[str, ...]]:
    shared = sorted(set(waves[0].segments.columns) & set(waves[1].segments.columns))
    single = [name for coded in waves for name in coded.segments.columns if name not in shared]
    notes = [f'Segment "{name}" is not compared: only one of the waves has it.' for name in sorted(set(single))]
    values = {name: sorted({value for coded in waves for value in coded.segments[name]}) for name in shared}
    values = {name: found for name, found in values.items() if len(found) > 1}
    room = min(int(coded.commented.sum()) for coded in waves) / ROWS_A_COLUMN
    while sum(len(found) - 1 for found in values.values()) > room:
        widest = max(values, key=lambda name: (len(values[name]), name))
        notes.append(f'Segment "{widest}" is not compared: it has more values than the commenters can carry.')
        del values[widest]
    rows = [(name, value) for name, found in values.items() for value in found]
    members = [
        np.column_stack([coded.segments[name] == value for name, value in rows])
        if rows
        else np.zeros((len(coded.score), 0), dtype=bool)
        for coded in waves
    ]
    free = [some[coded.commented].sum(axis=0) >= options.min_cell for some, coded in zip(members, waves, strict=True)]
    return (
        pd.DataFrame(rows, columns=["segment", "value"], dtype="str"),
        (members[0], members[1]),
        (free[0], free[1]),
        tuple(notes),
    )
