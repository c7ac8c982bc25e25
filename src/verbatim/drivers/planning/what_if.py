"""What the NPS would read with fewer or more mentions of some themes: arithmetic on the driver model.

In: `Drivers` and a change per theme. Out: a `WhatIf`. The model is a straight line, so points = change x effect, points
of several themes add, and their interval comes from the covariance of the effects. It is no forecast: an effect is an
association, and a mention is what was on a customer's mind, not what happened to them.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from verbatim.drivers.refusals import refuse_other_score
from verbatim.errors import ConfigError
from verbatim.nps import Z95
from verbatim.records import Drivers
from verbatim.shown import Shown

_FRACTIONS = {0.5: "half", 0.25: "a quarter", 0.75: "three quarters", 0.2: "a fifth", 1.0: "all"}
_LISTED = 8


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf(Shown):
    """What the model reads after some changes.

    Attributes
    ----------
    table : DataFrame
        ``theme_id, name, change, points, low, high, share_before, share_after``, one row a theme, as asked for.
        ``change`` -0.5 takes half of the mentions away; the shares are weighted shares of the commenters, 0..1.
    points, low, high : float
        NPS points that all changes add together, with their 95 % interval.
    nps_before, nps_after : float
        The NPS as it is, and with the points added.
    sentence : str
        All of this for the reader, with what it assumes.
    warnings : tuple of str
        What the survey can hardly carry, in sentences.
    """

    table: pd.DataFrame
    points: float
    low: float
    high: float
    nps_before: float
    nps_after: float
    sentence: str
    warnings: tuple[str, ...]


def what_if(drivers: Drivers, changes: Mapping[str, float]) -> WhatIf:
    """Say what the NPS would read if themes were mentioned less or more, and those customers scored like similar ones.

    points_k = change_k x effect_k; together sum(points_k), with variance change' C change, C the covariance of the
    effects.

    Parameters
    ----------
    drivers : Drivers
    changes : mapping of str to float
        Theme id or name (case does not matter) to the relative change of its mentions: -0.5 takes half of them away,
        0.2 adds a fifth. From -1 (none left) to what makes everybody mention the theme.

    Raises
    ------
    ConfigError
        The drivers are not those of the NPS; there is no change; a theme is unknown, not ranked, or named
        twice; a change is no number, below -1, or makes more than 100 % mention the theme; or themes
        of different levels are combined.

    Source
    ------
    The interval of a linear combination: any text on least squares, such as Greene (2018), "Econometric Analysis",
    section 5.4.

    Examples
    --------
    Waiting costs 80 points here, so half of it costs 40:

    >>> from verbatim.drivers.rank import rank_drivers
    >>> frame = pd.DataFrame({"waiting": [1] * 40 + [0] * 40})
    >>> drivers = rank_drivers(frame, [0] * 36 + [10] * 4 + [10] * 36 + [0] * 4)
    >>> answer = what_if(drivers, {"Waiting": -0.5})
    >>> round(answer.points, 6), round(answer.nps_after, 6)
    (40.0, 40.0)
    """
    refuse_other_score(drivers, "What-if")
    rows = _rows(drivers, changes)
    change = np.array(list(changes.values()), dtype=float)
    _check_changes(rows, change)
    ids = rows["theme_id"].tolist()
    covariance = drivers.covariance.loc[ids, ids].to_numpy(dtype=float)
    points = change * rows["effect"].to_numpy()
    half = Z95 * np.abs(change) * np.sqrt(np.diag(covariance))
    share = rows["share"].to_numpy(dtype=float)
    table = pd.DataFrame(
        {
            "theme_id": ids,
            "name": rows["name"].tolist(),
            "change": change,
            "points": points,
            "low": points - half,
            "high": points + half,
            "share_before": share,
            "share_after": share * (1 + change),
        }
    )
    total, reach = float(points.sum()), Z95 * math.sqrt(max(float(change @ covariance @ change), 0.0))
    before = drivers.nps.score
    return WhatIf(
        table=table,
        points=total,
        low=total - reach,
        high=total + reach,
        nps_before=before,
        nps_after=before + total,
        sentence=_sentence(table, total, reach, before),
        warnings=_warnings(rows, table, before + total),
    )


def _rows(drivers: Drivers, changes: Mapping[str, float]) -> pd.DataFrame:
    """Rows of the driver table for the themes asked for, in that order; all ranked, of one level."""
    if not changes:
        raise ConfigError('No change was named. Name at least one theme and its change, such as "T03=-50%".')
    places = [_find(drivers.table, theme) for theme in changes]
    rows = drivers.table.iloc[places]
    if rows["theme_id"].duplicated().any():
        twice = rows.loc[rows["theme_id"].duplicated(), "name"].iloc[0]
        raise ConfigError(f'"{twice}" is named twice, by its id and by its name. Name every theme once.')
    if (rows["level"] != rows["level"].iloc[0]).any():
        levels = zip(rows["name"], rows["level"], strict=True)
        listed = ", ".join(f'"{name}" (level {level})' for name, level in levels)
        raise ConfigError(
            f"{listed}: themes of different levels cannot be combined, because a mention of a theme is a mention of "
            "its broader theme too and would count twice. Ask for each level by itself."
        )
    return rows


def _find(table: pd.DataFrame, theme: str) -> int:
    """Place of a theme in the table, by its id or else by its name."""
    wanted = theme.strip().casefold()
    for column in ("theme_id", "name"):
        places = np.flatnonzero(table[column].str.casefold() == wanted)
        if len(places) > 1:
            ids = ", ".join(table["theme_id"].iloc[places])
            raise ConfigError(f'Several themes are named "{theme}": {ids}. Name the one you mean by its id.')
        if len(places):
            if pd.isna(table["rank"].iloc[places[0]]):
                raise ConfigError(
                    f'"{theme}" is not ranked, because too few customers mention it or it has no effect of its own, '
                    f"so nothing can be said of it. {_offered(table, wanted)}"
                )
            return int(places[0])
    raise ConfigError(f'There is no theme "{theme}". {_offered(table, wanted)}')


def _offered(table: pd.DataFrame, wanted: str) -> str:
    """Themes to ask for instead: those with a similar name, or else the first of the ranking."""
    ranked = table[table["rank"].notna()]
    if ranked.empty:
        return "This run has no ranked theme."
    pairs = ranked[["theme_id", "name"]].itertuples(index=False)
    shown = [(f"{theme} ({name})", str(theme), str(name)) for theme, name in pairs]
    names = {name.casefold(): label for label, _, name in shown}
    keys = names | {theme.casefold(): label for label, theme, _ in shown}
    near = [keys[key] for key in difflib.get_close_matches(wanted, keys)]
    near = near or [label for name, label in names.items() if wanted and wanted in name][:3]
    if near:
        return f"Did you mean {' or '.join(dict.fromkeys(near))}?"
    listed = ", ".join(label for label, *_ in shown[:_LISTED])
    return f"The ranked themes are {listed}{', ...' if len(shown) > _LISTED else ''}."


def _check_changes(rows: pd.DataFrame, change: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    for name, share, value in rows.assign(change=change)[["name", "share", "change"]].itertuples(index=False):
        most = 1 / share - 1
        if not np.isfinite(value):
            raise ConfigError(f'"{name}": the change is {value}. Give a number, such as -0.5 for half of the mentions.')
        if value < -1:
            raise ConfigError(
                f'"{name}": {100 * value:+.6g}% takes away more mentions than there are; the least is -100%.'
            )
        if value > most + 1e-9:
            raise ConfigError(
                f'"{name}": {100 * value:+.6g}% would make more than everybody mention it. {100 * share:.1f} % do now, '
                f"so the most is +{math.floor(100 * most + 1e-9)}%."
            )


def _sentence(table: pd.DataFrame, points: float, reach: float, before: float) -> str:
    told = _joined([_told(row) for row in table.itertuples(index=False)])
    more, less = table["change"].gt(0).any(), table["change"].lt(0).any()
    like = " without or with these mentions" if more and less else " who mention this" if more else ""
    return (
        f"If {told}, and those customers scored like otherwise similar customers{like}, NPS would read "
        f"{points:+z.1f} points [{points - reach:+z.1f}, {points + reach:+z.1f}]: {before + points:+z.1f} instead of "
        f"{before:+z.1f}. This is arithmetic on how mentions and scores go together in this survey, not a forecast."
    )


def _told(row: Any) -> str:
    amount = _FRACTIONS.get(round(abs(row.change), 9), f"{100 * abs(row.change):.3g} %")
    if row.change < 0:
        return f'{amount} of the mentions of "{row.name}" were absent'
    if row.change == 0:
        return f'the mentions of "{row.name}" stayed as they are'
    shares = f"{100 * row.share_after:.1f} % instead of {100 * row.share_before:.1f} %"
    return f'{"twice as many" if row.change == 1 else f"{amount} more"} customers mentioned "{row.name}" ({shares})'


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _warnings(rows: pd.DataFrame, table: pd.DataFrame, after: float) -> tuple[str, ...]:
    warnings = []
    doubtful = rows[~rows["above_noise"].to_numpy(dtype=bool) & (table["change"].to_numpy() != 0)]
    for row in doubtful[["name", "effect_low", "effect_high"]].itertuples(index=False):
        inside = row.effect_low <= 0 <= row.effect_high
        reason = "its 95 % interval holds 0" if inside else "among so many themes, chance gives such an interval too"
        warnings.append(f'The effect of "{row.name}" could be chance: {reason}.')
    added = table[table["change"] > 0]
    warnings += [
        f'"{name}": adding mentions assumes that customers who do not speak of it now would score like those who do; '
        "the survey cannot show that."
        for name in added["name"]
    ]
    if not -100 <= after <= 100:
        warnings.append(f"An NPS of {after:+.1f} cannot be: the change is more than the model of this survey carries.")
    return tuple(warnings)
