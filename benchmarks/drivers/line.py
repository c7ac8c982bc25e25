"""One measured line of the drivers' table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured, the market's leave-out, ours, the goal, and whether ours reaches it (None: no goal)."""

    measure: str
    market: str
    ours: str
    goal: str
    reached: bool | None
