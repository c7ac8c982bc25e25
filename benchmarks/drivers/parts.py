"""The parts of the benchmark, and how they are run side by side."""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.drivers import (
    coverage,
    exactness,
    next_wave,
    noise,
    power,
    segments,
    silence,
    small,
    speed,
    tagging,
    tone,
)
from benchmarks.drivers.line import Line

QUICK, FULL = 200, 2_000


@dataclass(frozen=True)
class Part:
    """Lines that are simulated together.

    ``most`` surveys are enough for them, however many are asked for; ``full_only`` parts are too long for a quick run.
    """

    name: str
    lines: Callable[[int], list[Line]]
    most: int = FULL
    full_only: bool = False


def parts(data: Path | None) -> list[Part]:
    """All parts, in the order of the table."""
    sizes = [Part(f"coverage-{n}", partial(coverage.plain, n=n), full_only=n > 2_000) for n in coverage.PLAIN_SIZES]
    wrong = [Part(f"wrong-{name}", partial(coverage.wrong, name=name), most=500) for name in coverage.WRONG_WORLDS]
    coins = [Part("coins", partial(noise.telco_coins, data=data), most=1_000)] if data else []
    return [
        *sizes,
        Part("companion", coverage.companion, most=1_000),
        *coins,
        Part("null", noise.null_surveys, most=1_000),
        Part("rare", noise.rare_severe, most=1_000),
        Part("next-wave", next_wave.calibration, most=500),
        Part("tone", tone.bracket, most=200),
        Part("exact", exactness.exact_sums),
        Part("silence", silence.silent_customers, most=1_000),
        *wrong,
        Part("segments", segments.lines, most=QUICK),
        Part("tagging", tagging.lines, most=QUICK),
        Part("small", small.lines, most=QUICK),
        Part("power", power.lines, most=QUICK),
        Part("speed", speed.large_survey, most=1, full_only=True),
    ]


def _timed(part: Part, count: int) -> tuple[list[Line], float]:
    start = time.process_time()
    return part.lines(min(count, part.most)), time.process_time() - start


def simulate(chosen: list[Part], count: int, jobs: int) -> list[Line]:
    """Run the parts in processes of one thread each, and return their lines in the given order."""
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_timed, part, count) for part in chosen]
        lines = []
        for part, future in zip(chosen, running, strict=True):
            done, seconds = future.result()
            lines += done
            print(f"{part.name}: {seconds:.0f} s of processor time", file=sys.stderr, flush=True)
    return lines
