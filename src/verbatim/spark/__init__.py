"""Spark DataFrames in, Spark DataFrames out; the same stages as on one machine, on the workers of a cluster."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verbatim.spark.engine import fit
    from verbatim.spark.frames import assign, embed, mask, split
    from verbatim.spark.statistics import count_kinds, rank_kinds

_HOMES = {
    "assign": "verbatim.spark.frames",
    "count_kinds": "verbatim.spark.statistics",
    "embed": "verbatim.spark.frames",
    "fit": "verbatim.spark.engine",
    "mask": "verbatim.spark.frames",
    "rank_kinds": "verbatim.spark.statistics",
    "split": "verbatim.spark.frames",
}
__all__ = ["assign", "count_kinds", "embed", "fit", "mask", "rank_kinds", "split"]


def __getattr__(name: str) -> Any:
    """Import a function the first time it is used: workers load none of what the driver needs."""
    if name not in _HOMES:
        raise AttributeError(f"module 'verbatim.spark' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
