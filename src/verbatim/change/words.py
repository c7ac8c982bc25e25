"""A change in sentences: what moved, by how much, how sure, and what could not be told."""

from __future__ import annotations

import pandas as pd

from verbatim.change.ledger import CODEBOOK, LEVEL, MENTIONS, MIX, REST, SEVERITY, Ledger
from verbatim.nps import Nps

NAMED = 3


def headline(before: Nps, after: Nps, change: tuple[float, float, float]) -> str:
    """Say how the NPS moved.

    Examples
    --------
    >>> headline(Nps(20, 15, 25, 900), Nps(14, 9, 19, 900), (-6.0, -13.0, 1.0))
    'The NPS went from 20.0 to 14.0: -6.0 points [-13.0, +1.0], which chance alone could have made.'
    """
    points, low, high = change
    sure = low > 0 or high < 0
    tail = "more than chance alone would make" if sure else "which chance alone could have made"
    return (
        f"The NPS went from {before.score:z.1f} to {after.score:z.1f}: {points:+z.1f} points "
        f"[{low:+z.1f}, {high:+z.1f}], {tail}."
    )


def sentences(ledger: Ledger, moved: pd.DataFrame) -> tuple[str, ...]:
    """Say what the lines come to; ``moved`` is the ledger's ``themes`` with the marks of `verbatim.change.moves`."""
    return (*_new_and_gone(ledger.themes), *_parts(ledger.summary), *_themes(moved))


def _new_and_gone(themes: pd.DataFrame) -> list[str]:
    told = []
    for status, count, when in (("new", "n_after", "the second"), ("gone", "n_before", "the first")):
        for row in themes[themes["status"] == status].sort_values(count, ascending=False).head(NAMED).itertuples():
            told.append(
                f'"{row.name}" is {status}: {getattr(row, count)} comments of {when} wave speak of it, '
                f"none of the other ({_points(row.effect_change)} points "
                f"[{_points(row.effect_change_low)}, {_points(row.effect_change_high)}])."
            )
    return told


def _parts(summary: pd.DataFrame) -> list[str]:
    what = {
        MIX: "Who answered (segment mix)",
        MENTIONS: "Themes spoken of more or less often",
        SEVERITY: "Themes that weigh more or less when spoken of",
        REST: "What neither themes nor segments account for",
    }
    return [
        f"{what[str(row.kind)]}: {_points(row.points)} points [{_points(row.low)}, {_points(row.high)}]"
        f"{'' if _sure(row.low, row.high) else ', within noise'}."
        for row in summary.itertuples()
        if row.kind in what
    ]


def _themes(moved: pd.DataFrame) -> list[str]:
    chosen = moved[(moved["share_moved"] | moved["effect_moved"]) & (moved["status"] == "in both")]
    chosen = chosen.reindex(chosen["effect_change"].abs().sort_values(ascending=False).index)
    told = [
        f'"{row.name}": mentioned by {row.share_before:.1%} of the commenters, then by {row.share_after:.1%}; '
        f"its effect went from {_points(row.effect_before)} to {_points(row.effect_after)} points, "
        f"{_points(row.mentions)} by frequency and {_points(row.severity)} by severity."
        for row in chosen.head(NAMED).itertuples()
    ]
    return told or ["No single theme in both waves moved by more than the noise, all themes looked at together."]


def explain(kind: str) -> str:
    """Say what a kind of line means."""
    return {
        MIX: "Other customers answered: the shares of the groups changed, each valued at its own level.",
        MENTIONS: "A theme is spoken of by more or fewer commenters, at the mean of its weight in both waves.",
        SEVERITY: "A mention of the theme goes with more or fewer points, at the mean of its share in both waves.",
        LEVEL: "One group gained on the others with the same themes; these lines sum to zero within a segment.",
        CODEBOOK: "The same comments coded by another codebook; these lines sum to zero, only their places move.",
        REST: "What moved everyone alike: no theme and no segment accounts for it.",
    }.get(kind, "What the weights of the commenters do not carry over to all who answered.")


def _points(value: object) -> str:
    return f"{float(value):+z.1f}"  # type: ignore[arg-type]


def _sure(low: object, high: object) -> bool:
    return float(low) > 0 or float(high) < 0  # type: ignore[arg-type]
