"""What became of goals and actions between two runs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from verbatim.change.goals import Position, action_outcomes, goal_progress
from verbatim.config import Config
from verbatim.records import Analysis
from verbatim.waves.compare import Comparison


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """``goals`` and ``actions``: tables of `verbatim.change.goals`, a sentence in each row."""

    goals: pd.DataFrame
    actions: pd.DataFrame

    def sentences(self) -> list[str]:
        """Goals, then actions, in words."""
        return [*self.goals["sentence"], *self.actions["sentence"]]


def outcomes_of(comparison: Comparison, second: Analysis, config: Config) -> Outcomes:
    """Hold goals and actions of verbatim.toml against a comparison.

    Raises
    ------
    ConfigError
        A theme is named that neither wave has.
    """
    dates = second.survey.responses["date"].dropna()
    last = None if dates.empty else dates.max().date()
    position = Position(comparison.before, comparison.after, last, comparison.themes)
    return Outcomes(goal_progress(config.goals, position), action_outcomes(config.actions, position))
