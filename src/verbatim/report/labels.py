"""Labels beside the dots of a map, where they hide nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from verbatim.report.drawing import LINE


class Box(NamedTuple):
    """A rectangle in pixels that a label or dot takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two boxes overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Place(NamedTuple):
    """Where a label goes: how it is aligned, the pixel it starts, ends or centres on, and the box it takes."""

    align: str
    at: tuple[float, float]
    box: Box


def place_label(
    spot: tuple[float, float],
    radius: float,
    width: float,
    taken: Sequence[Box],
    holds: Callable[[Box], bool],
) -> Place | None:
    """Return the first free place for a label ``width`` pixels wide beside a dot; None where there is none.

    Parameters
    ----------
    spot : (float, float)
        Middle of the dot.
    radius : float
        Of the dot.
    width : float
    taken : list of Box
        What must not be hidden.
    holds : callable
        Whether a box lies inside the picture.

    Examples
    --------
    >>> place_label((50, 50), 5, 20, [Box(55, 40, 90, 60)], lambda box: True).align
    'right'
    """
    x, y = spot
    gap, half = radius + 3, LINE / 2 - 3
    ways = [
        Place("left", (x + gap, y), Box(x + gap, y - half, x + gap + width, y + half)),
        Place("right", (x - gap, y), Box(x - gap - width, y - half, x - gap, y + half)),
        Place("center", (x, y - gap - half), Box(x - width / 2, y - gap - 2 * half, x + width / 2, y - gap)),
        Place("center", (x, y + gap + half), Box(x - width / 2, y + gap, x + width / 2, y + gap + 2 * half)),
    ]
    for d in (-radius - 4, radius + 4):
        ways.append(Place("left", (x + radius, y + d), Box(x + radius, y + d - half, x + radius + width, y + d + half)))
        right = Box(x - radius - width, y + d - half, x - radius, y + d + half)
        ways.append(Place("right", (x - radius, y + d), right))
    return next((way for way in ways if holds(way.box) and not any(way.box.meets(other) for other in taken)), None)
