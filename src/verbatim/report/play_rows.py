"""Who is to do what about how many customers, as the reports show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from verbatim.report import words
from verbatim.report.contents import Contents
from verbatim.report.formats import count


class PlayRow(NamedTuple):
    """One play; what is not set is empty, and ``n`` is None for groups too small to be counted out."""

    play: str
    whom: str
    n: int | None
    owner: str
    deadline: str


def play_rows(contents: Contents) -> list[PlayRow]:
    """Plays in the order in which they are tried; none where the run knows of no plays."""
    plays: Any = contents.analysis.manifest.get("plays") or []
    least = contents.options.minimum_group
    return [
        PlayRow(play["play"], _whom(play), play["n"] if play["n"] >= least else None, play["owner"] or "", _due(play))
        for play in plays
    ]


def _whom(play: Mapping[str, Any]) -> str:
    group = ": ".join(filter(None, [play["segment"], play["value"]]))
    who = words.PLURALS[play["category"]] if play["category"] else "everybody"
    return ", ".join(filter(None, [who, play["theme"], group]))


def _due(play: Mapping[str, Any]) -> str:
    if play["within_days"] is None:
        return play["deadline"] or ""
    return f"{count(play['within_days'], 'day')} after the hand-off"
