"""What may be new: groups of comments that fit no theme of the earlier wave, with their scores and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from verbatim.over_time import ProposedTheme
from verbatim.records import Analysis
from verbatim.report.formats import chance, count, interval, label, plain, signed, whole
from verbatim.report.options import ReportOptions
from verbatim.report.quotes import Quote, choose_proposed


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A proposed theme and quotes of those who speak of it."""

    theme: ProposedTheme
    quotes: tuple[Quote, ...]


def read_newcomers(analysis: Analysis, options: ReportOptions) -> tuple[Newcomer, ...]:
    """Proposed themes that enough comments speak of, those whose growth costs most first."""
    found = zip(analysis.themes.proposed, choose_proposed(analysis, options), strict=True)
    return tuple(Newcomer(theme, quotes) for theme, quotes in found if theme.n_comments >= options.minimum_group)


def lead(newcomers: Sequence[Newcomer]) -> str:
    """Say how many groups may be new, and in what order they stand."""
    n = len(newcomers)
    fit, are = ("fits", "is") if n == 1 else ("fit", "are")
    return (
        f"{count(n, 'group')} of comments {fit} none of the themes, which were found in another wave, and {are} larger "
        "than that wave would lead one to expect. They were found by their words, not by their scores; what costs "
        "most by its growth comes first."
    )


def about(newcomer: Newcomer, minimum: int = 1) -> list[str]:
    """Say of a group how much it grew and which scores it comes with; no NPS of fewer than ``minimum`` people.

    Examples
    --------
    >>> theme = ProposedTheme("App", 60, 2.4, 1e-9, (), (), (), 58, -31.0, -52.0, -10.0, -2.5, -4.0, -1.0, -2.4)
    >>> for sentence in about(Newcomer(theme, ())):
    ...     print(sentence)
    60 comments speak of it; 2 would, had nothing changed (chance of as many: under 1 %).
    The NPS of those who do and gave a score is −31 [−52, −10], from 58.
    Its effect on the NPS of everyone is −2.5 points [−4.0, −1.0], −2.4 of them by its growth.
    """
    t = newcomer.theme
    said = [
        f"{count(t.n_comments, 'comment')} {'speaks' if t.n_comments == 1 else 'speak'} of it; "
        f"{whole(t.n_expected)} would, had nothing changed (chance of as many: {chance(t.p_value)})."
    ]
    if t.nps is not None and t.nps_low is not None and t.nps_high is not None and t.n_scored >= minimum:
        said.append(
            f"The NPS of those who do and gave a score is {plain(t.nps, 0)} {interval(t.nps_low, t.nps_high, 0)}, from "
            f"{whole(t.n_scored)}."
        )
    if t.effect is not None and t.growth_points is not None:
        ends = interval(_or_nan(t.effect_low), _or_nan(t.effect_high), sign=True)
        tail = "" if sure(t) else "; it could be chance"
        said.append(
            f"Its effect on the NPS of everyone is {signed(t.effect)} points {ends}, {signed(t.growth_points)} of them "
            f"by its growth{tail}."
        )
    else:
        said.append("It has no effect of its own: too rare, or searched for in a part of a large survey.")
    return said


def sure(theme: ProposedTheme) -> bool:
    """Whether the interval of the effect leaves 0 out."""
    return theme.effect is not None and (_or_nan(theme.effect_low) > 0 or _or_nan(theme.effect_high) < 0)


def named_all(newcomers: Sequence[Newcomer]) -> str:
    """Name the groups in one sentence; nothing where there are none."""
    told = [f"\u201c{label(one.theme.name)}\u201d ({whole(one.theme.n_comments)} comments)" for one in newcomers[:3]]
    return f"May be new since the themes were found: {', '.join(told)}." if told else ""


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
