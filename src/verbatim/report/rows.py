"""Rows of the driver tables with Python's own types, and the lines that explain them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from verbatim.records import BRIDGE_COLUMNS, Drivers

COUNTS = ("rank", "n_responses", "rank_low", "rank_high", "n_negative", "n_positive", "rank_ordinal")
WORDS = ("theme_id", "name", "benchmark", "measure", "said_with")
MARKS = ("above_noise", "divided", "confirm_next_wave")
SHORT = {"n_responses": "n", "effect_low": "low", "effect_high": "high"}


@dataclass(frozen=True, slots=True)
class Driver:
    """One row of a driver table: points and shares NaN, all else None, where the table is null or lacks the column.

    ``measure`` names the score of the points; None is the NPS. ``said_with`` are words that tell what the name leaves
    open, where the survey's own customers gave it; otherwise None.
    """

    theme_id: str
    name: str
    rank: int | None
    n: int
    share: float
    nps_mentioners: float
    leave_out: float
    effect: float
    low: float
    high: float
    rank_low: int | None
    rank_high: int | None
    p_top3: float
    above_noise: bool
    promoters_lost: float
    detractors_made: float
    n_negative: int | None
    n_positive: int | None
    effect_negative: float
    effect_positive: float
    effect_negative_if_mood: float
    effect_positive_if_mood: float
    divided: bool
    relative_weight: float
    rank_ordinal: int | None
    robustness_value: float
    benchmark: str | None
    benchmark_strength: float
    silence_ratio: float
    pooled_effect: float
    pooled_low: float
    pooled_high: float
    confirm_next_wave: bool
    measure: str | None = None
    said_with: str | None = None


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """NPS points of a theme's leave-out impact that belong to ``source``: itself ("own"), a theme or a segment.

    ``fewer`` says that the theme's mentioners speak of ``source`` less often than others do.
    """

    source: str
    kind: str
    points: float
    fewer: bool = False


def read_drivers(table: pd.DataFrame) -> tuple[Driver, ...]:
    """Read a table with columns of drivers.csv into typed rows, in their order."""
    long = {short: name for name, short in SHORT.items()}
    names = [long.get(field.name, field.name) for field in fields(Driver)]
    columns = [table[name].tolist() if name in table else [None] * len(table) for name in names]
    return tuple(
        Driver(*(_cell(name, cell) for name, cell in zip(names, row, strict=True)))  # type: ignore[arg-type]
        for row in zip(*columns, strict=True)
    )


def _cell(name: str, cell: object) -> object:
    null = is_null(cell)
    if name in WORDS:
        return None if null else str(cell)
    if name in MARKS:
        return not null and bool(cell)
    if name in COUNTS:
        return (0 if name == "n_responses" else None) if null else round(float(cell))  # type: ignore[arg-type]
    return float("nan") if null else float(cell)  # type: ignore[arg-type]


def is_null(cell: object) -> bool:
    """Whether a cell of a table holds nothing.

    Examples
    --------
    >>> is_null(None), is_null(float("nan")), is_null(0)
    (True, True, False)
    """
    return cell is None or cell is pd.NA or cell != cell


def read_bridges(drivers: Drivers) -> dict[str, tuple[BridgeLine, ...]]:
    """Lines of every ranked theme's bridge, its own first, then the largest."""
    table = drivers.bridges
    themes = {driver.theme_id: driver for driver in read_drivers(drivers.table)}
    lines: dict[str, list[BridgeLine]] = {}
    for theme_id, source, kind, points in table[list(BRIDGE_COLUMNS)].itertuples(index=False):
        other = themes.get(source) if kind != "segment" else None
        fewer = kind == "theme" and other is not None and points * other.effect < 0
        line = BridgeLine(other.name if other else source, kind, points, fewer)
        lines.setdefault(theme_id, []).append(line)
    return {theme_id: tuple(found) for theme_id, found in lines.items()}
