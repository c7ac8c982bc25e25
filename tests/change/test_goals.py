"""Goals and actions: progress and chances that can be checked by hand."""

from datetime import date

import pandas as pd
import pytest

from verbatim.change.goals import ActionOptions, GoalOptions, Position, action_outcomes, goal_progress
from verbatim.errors import ConfigError
from verbatim.nps import Nps

THEMES = pd.DataFrame(
    [("T03", "Late calls", 0.10, 0.05, 0.03, 0.07, -0.05, -0.08, -0.02)],
    columns=["theme_id", "name", "share_before", "share_after", "share_low", "share_high", "share_change",
             "share_change_low", "share_change_high"],
)  # fmt: skip
POSITION = Position(Nps(10, 5, 15, 900), Nps(20, 15, 25, 900), date(2026, 6, 30), THEMES)


def test_progress_and_chance():
    goals = goal_progress(GoalOptions(nps=30, share={"Late calls": 0.05}, by=date(2026, 12, 31)), POSITION)
    assert goals["progress"].tolist() == [0.5, 1.0]
    assert goals["chance_met"].iloc[0] < 0.01 and goals["chance_met"].iloc[1] == pytest.approx(0.5)
    assert "at most 5.0 % by 2026-12-31" in goals["sentence"].iloc[1]


def test_actions():
    action = ActionOptions(theme="T03", what="Call back within a day", owner="Ann", due=date(2026, 9, 1))
    told = action_outcomes([action], POSITION)
    assert told["chance_fell"].iloc[0] > 0.99
    assert "-5.0 percentage points" in told["sentence"].iloc[0] and "after the second wave" in told["sentence"].iloc[0]


def test_unknown_themes_are_named():
    with pytest.raises(ConfigError, match=r"T99.*T03 \(Late calls\)"):
        goal_progress(GoalOptions(share={"T99": 0.1}), POSITION)
