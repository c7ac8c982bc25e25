"""Goals and actions: how far, and with what certainty given the noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import ConfigError
from verbatim.nps import Z95, Nps

GOAL_COLUMNS = (
    "goal",
    "theme_id",
    "target",
    "by",
    "before",
    "now",
    "low",
    "high",
    "progress",
    "chance_met",
    "sentence",
)
ACTION_COLUMNS = (
    "theme_id", "name", "what", "owner", "due", "before", "now", "change", "low", "high", "chance_fell", "sentence"
)  # fmt: skip


class GoalOptions(BaseModel):
    """What is to be reached, the ``[goals]`` table of verbatim.toml.

    Examples
    --------
    >>> GoalOptions(nps=30, share={"T03": 0.05}).share["T03"]
    0.05
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    nps: float | None = Field(default=None, ge=-100, le=100, description="NPS to reach, -100 to 100; none: no goal.")
    share: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict,
        description="Share (0-1) of the commenters a theme may have at most, by id or name: { T03 = 0.05 }.",
    )
    by: date | None = Field(default=None, description="Date the goals are to be reached by, such as 2026-12-31.")


class ActionOptions(BaseModel):
    """What is done about a theme, one ``[[actions]]`` table of verbatim.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: str = Field(description="Id or name of the theme.")
    what: str = Field(description="What is done.")
    owner: str = Field(default="", description="Who does it.")
    due: date | None = Field(default=None, description="When it is done, such as 2026-03-01.")


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """Where two waves stand: NPS, the second wave's last date (None: unknown), and the themes.

    ``themes`` has one row a theme: ``theme_id, name, share_before, share_after, share_low, share_high`` (interval of
    the second wave's share) and ``share_change, share_change_low, share_change_high``.
    """

    before: Nps
    after: Nps
    last: date | None
    themes: pd.DataFrame


def goal_progress(goals: GoalOptions, position: Position) -> pd.DataFrame:
    """Say of every goal how far it is and the chance that it is met: `GOAL_COLUMNS`.

    ``progress`` is the part of the way from the first wave to the target, 1 where reached. ``chance_met`` is the
    probability that the true figure of the second wave meets the target, with nothing known beforehand (the normal
    approximation of the interval read as a posterior).

    Raises
    ------
    ConfigError
        A goal names a theme that neither wave has.
    """
    rows = []
    if goals.nps is not None:
        now = position.after
        rows.append(_goal("NPS", None, goals.nps, goals.by, position.before.score, (now.score, now.low, now.high), 1))
    for named, target in goals.share.items():
        theme = _theme(named, position.themes, "goals.share")
        ends = (float(theme["share_after"]), float(theme["share_low"]), float(theme["share_high"]))
        name, before = str(theme["name"]), float(theme["share_before"])
        rows.append(_goal(f"Share of {name}", str(theme["theme_id"]), target, goals.by, before, ends, -1))
    return pd.DataFrame(rows, columns=list(GOAL_COLUMNS))


def _goal(
    name: str,
    theme: str | None,
    target: float,
    by: date | None,
    before: float,
    now: tuple[float, float, float],
    up: int,
) -> tuple[object, ...]:
    """One goal; ``up`` is 1 where the figure is to reach the target from below, -1 where it is to stay under it."""
    value, low, high = now
    chance = _above(up * (value - target), (high - low) / (2 * Z95))
    way = up * (target - before)
    progress = 1.0 if up * (value - target) >= 0 else up * (value - before) / way if way > 0 else 0.0
    show = _percent if theme else _plain
    until = f" by {by.isoformat()}" if by else ""
    sentence = (
        f"{name}: {'at least' if up > 0 else 'at most'} {show(target)}{until}; it was {show(before)} and is "
        f"{show(value)} [{show(low)}, {show(high)}]. The chance that the goal is met is {_chance(chance)}."
    )
    return name, theme, target, by, before, value, low, high, progress, chance, sentence


def action_outcomes(actions: Sequence[ActionOptions], position: Position) -> pd.DataFrame:
    """Say of every action whether its theme is spoken of less since, by how much and how surely: `ACTION_COLUMNS`.

    ``chance_fell`` is the probability that the true share fell, as for `goal_progress`. It says nothing of why.
    """
    rows = []
    for action in actions:
        theme = _theme(action.theme, position.themes, "actions.theme")
        change, low, high = (float(theme[f"share_change{end}"]) for end in ("", "_low", "_high"))
        fell = 1.0 - _above(change, (high - low) / (2 * Z95))
        before, now, name = float(theme["share_before"]), float(theme["share_after"]), str(theme["name"])
        rows.append(
            (theme["theme_id"], name, action.what, action.owner, action.due, before, now, change, low, high,
             fell, _action_sentence(action, name, (before, now), (change, low, high), fell, position.last))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(ACTION_COLUMNS))


def _action_sentence(
    action: ActionOptions, name: str, shares: tuple[float, float], moved: tuple[float, float, float], fell: float,
    last: date | None,
) -> str:  # fmt: skip
    who = f" ({action.owner})" if action.owner else ""
    early = (
        f" It was due on {action.due.isoformat()}, after the second wave."
        if (action.due and last and action.due > last)
        else ""
    )
    change, low, high = (100 * value for value in moved)
    return (
        f'{action.what}{who}, about "{name}": its share went from {_percent(shares[0])} to {_percent(shares[1])}, '
        f"{change:+z.1f} percentage points [{low:+z.1f}, {high:+z.1f}]. The chance that it truly fell is "
        f"{_chance(fell)}.{early}"
    )


def _theme(named: str, themes: pd.DataFrame, where: str) -> pd.Series:
    found = themes[(themes["theme_id"] == named) | (themes["name"] == named)]
    if found.empty:
        known = ", ".join(f"{row.theme_id} ({row.name})" for row in themes.head(8).itertuples(index=False))
        near = get_close_matches(named, [*themes["name"], *themes["theme_id"]], n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are {known}, ..."
        raise ConfigError(f'{where}: there is no theme "{named}" in these waves. {hint}')
    return found.iloc[0]


def _above(distance: float, se: float) -> float:
    from scipy.stats import norm

    return float(norm.cdf(distance / se)) if se > 0 else float(distance >= 0)


def _chance(value: float) -> str:
    return "over 99 %" if value > 0.99 else "under 1 %" if value < 0.01 else f"{value:.0%}".replace("%", " %")


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _plain(value: float) -> str:
    return f"{value:z.1f}"
