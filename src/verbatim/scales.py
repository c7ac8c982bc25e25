"""Scores beside the NPS: on which scale, and which answers make the top and the bottom box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verbatim.nps import Nps

if TYPE_CHECKING:
    import pandas as pd

BOXES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "0-10": ((9, 10), (0, 1, 2, 3, 4, 5, 6)),
    "1-10": ((9, 10), (1, 2, 3, 4, 5, 6)),
    "1-7": ((5, 6, 7), (1, 2, 3)),
    "1-5": ((4, 5), (1, 2)),
}
"""Top and bottom box of each scale: as the NPS has them, or either side of the middle."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A further score that customers gave.

    Attributes
    ----------
    name : str
        Column of ``responses``.
    column : str
        Column of the input.
    scale : str
        "0-10", "1-10", "1-7" or "1-5".
    top, bottom : tuple of int
        Answers that count as good and as bad, rising.
    """

    name: str
    column: str
    scale: str
    top: tuple[int, ...]
    bottom: tuple[int, ...]

    def points(self, answers: pd.Series) -> pd.Series:
        """Points an answer adds to top box less bottom box: 100, 0 or -100; null stays null.

        Examples
        --------
        >>> import pandas as pd
        >>> csat = Outcome("CSAT", "CSAT", "1-5", (4, 5), (1, 2))
        >>> csat.points(pd.Series([5, 3, 1, None])).tolist()
        [100.0, 0.0, -100.0, nan]
        """
        import pandas as pd

        gained = np.where(answers.isin(self.top), 100.0, np.where(answers.isin(self.bottom), -100.0, 0.0))
        return pd.Series(gained, index=answers.index).where(answers.notna())

    @property
    def said(self) -> str:
        """Its boxes in words."""
        return f"{box(self.top)} less {box(self.bottom)} on a scale of {self.scale}"


@dataclass(frozen=True, slots=True)
class RankedOutcome:
    """The score that drivers were ranked on, and its top box less bottom box in points, like an NPS."""

    outcome: Outcome
    net: Nps


def box(answers: tuple[int, ...]) -> str:
    """Write the answers of a box: "4-5", "1".

    Examples
    --------
    >>> box((4, 5)), box((1,)), box((1, 3))
    ('4-5', '1', '1, 3')
    """
    if len(answers) > 1 and answers[-1] - answers[0] == len(answers) - 1:
        return f"{answers[0]}-{answers[-1]}"
    return ", ".join(map(str, answers))
