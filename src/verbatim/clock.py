"""What each stage of a run took: wall time, processor time, and the most memory held so far."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Took(NamedTuple):
    """Seconds by the clock and of the processor; the most MiB held when the stage ended, None if nobody tells."""

    seconds: float
    processor_seconds: float
    peak_mib: int | None


class Clock:
    """Seconds and memory of stages; ``run`` does the work and notes them.

    Attributes
    ----------
    seconds, processor_seconds : dict of str to float
        Wall time, and processor time of all threads.
    peak_mib : dict of str to int
        The most memory the process had held when the stage ended, in MiB; empty where the system does not tell.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor_seconds: dict[str, float] = {}
        self.peak_mib: dict[str, int] = {}

    def run(self, stage: str, work: Callable[[], T]) -> tuple[T, Took]:
        """Return what the work returns, and what it took."""
        start, used = time.perf_counter(), time.process_time()
        result = work()
        took = Took(round(time.perf_counter() - start, 3), round(time.process_time() - used, 3), _peak_mib())
        self.note(stage, took)
        return result, took

    def note(self, stage: str, took: Took) -> None:
        """Write down what a stage took."""
        self.seconds[stage] = took.seconds
        self.processor_seconds[stage] = took.processor_seconds
        if took.peak_mib is not None:
            self.peak_mib[stage] = took.peak_mib


def _peak_mib() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak // 2**20 if sys.platform == "darwin" else peak // 2**10)
