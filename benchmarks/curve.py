"""What a run costs as surveys grow: seconds and memory of each stage, on simulated surveys.

    python -m benchmarks.speed --curve [--sizes 1000 10000 100000]

Every size is read, analysed and reported in a process of its own, with no vector cache, from a simulated survey of
twice as many responses, about half of which have a comment; nine comments in ten or more differ from all others.
Seconds are by the clock, and the peak is the most memory that the main process had held when the stage ended (resident
set, files mapped included); the last lines count its helpers too.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil

if TYPE_CHECKING:
    import pandas as pd

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_DRAWN = 3  # responses simulated for each comment that is kept
_DISTINCT = 9.5  # distinct comments for each repeated one, at least


def measured(n: int) -> dict[str, dict[str, float]]:
    """Return the stages of a run on about ``n`` comments: wall seconds and peak MiB; and what it took as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.curve"]
        done = subprocess.run([*command, "simulate", folder, str(n)], check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
        before, most = resource.getrusage(resource.RUSAGE_CHILDREN), 0
        with subprocess.Popen([*command, "run", folder], stdout=subprocess.PIPE, text=True) as running:
            while running.poll() is None:
                most = max(most, _resident_kib(running.pid))
                time.sleep(0.5)
            printed = running.stdout.read() if running.stdout else ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found["whole"] = {"processor": took, "peak": most / 2**10}
    return found | json.loads(printed.splitlines()[-1])


def _resident_kib(pid: int) -> int:
    """Memory of a process and of those it started, pages that they share counted for each."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # it ended just now
                total += each.memory_info().rss
    return total // 2**10


def simulate(folder: Path, n: int) -> dict[str, dict[str, float]]:
    """Write survey.csv with about ``n`` comments; how many they are, and the share that differs from all others."""
    from verbatim.simulate import SimulationOptions, simulate_survey

    table = _mostly_distinct(simulate_survey(SimulationOptions(n=_DRAWN * n)).table, n)
    comments = table["comment"].dropna()
    table.to_csv(folder / "survey.csv", index=False)
    return {"told": {"comments": float(len(comments)), "distinct": comments.nunique() / len(comments)}}


def run(folder: Path) -> dict[str, dict[str, float]]:
    """Read survey.csv, analyse and report, in this process."""
    from verbatim import run_folder
    from verbatim.clock import Clock
    from verbatim.config import Config
    from verbatim.pipeline import analyze
    from verbatim.report.write import write_report
    from verbatim.survey.read import read_survey
    from verbatim.text.encoder import EncoderOptions

    config, clock = Config(encoder=EncoderOptions(cache="")), Clock()
    survey, _ = clock.run("read", lambda: read_survey(folder / "survey.csv"))
    analysis = analyze(survey, config=config)
    clock.run(
        "write, report",
        lambda: run_folder.write(analysis, folder / "run", lambda out: write_report(analysis, out, config.report)),
    )
    stages = {}
    for name, key, own in (("wall", "timings_s", clock.seconds), ("peak", "peak_memory_mib", clock.peak_mib)):
        inside = dict(analysis.manifest[key])  # type: ignore[call-overload]
        stages[name] = {"read": own["read"], **inside, "write, report": own["write, report"]}
    return stages


def _mostly_distinct(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """About ``n`` comments, nine in ten of which differ from all others: some repeats lose their response.

    The comments of the simulation are put together from phrases, so that short ones repeat the more the more there are.
    """
    commented = table["comment"].notna()
    repeated = (commented & table["comment"].duplicated()).to_numpy()
    share = min(1.0, (commented.sum() - repeated.sum()) / _DISTINCT / max(1, repeated.sum()))
    kept = table[~repeated | (np.random.default_rng(0).random(len(table)) < share)]
    return kept.iloc[: int(kept["comment"].notna().cumsum().searchsorted(n)) + 1]


def as_markdown(sizes: Sequence[int]) -> str:
    """Return one table: a row a stage, seconds by the clock and peak memory for each size."""
    runs = [measured(n) for n in sizes]
    told = [f"{run['told']['comments']:,.0f} comments, {run['told']['distinct']:.0%} distinct" for run in runs]
    lines = ["| stage | " + " | ".join(told) + " |", "| --- |" + " ---: |" * len(runs)]
    for stage in runs[0]["wall"]:
        cells = [f"{run['wall'][stage]:.1f} s, {run['peak'][stage]:,.0f} MiB" for run in runs]
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    whole = [run["whole"] | {"wall": sum(run["wall"].values()), "n": run["told"]["comments"]} for run in runs]
    for name, cells in {
        "all, by the clock": [f"{each['wall']:,.0f} s" for each in whole],
        "all, processor, helpers included": [f"{each['processor']:,.0f} s" for each in whole],
        "a comment, processor": [f"{1e3 * each['processor'] / each['n']:.1f} ms" for each in whole],
        "most memory, helpers included": [f"{each['peak']:,.0f} MiB" for each in whole],
    }.items():
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    place = Path(sys.argv[2])
    print(json.dumps(simulate(place, int(sys.argv[3])) if sys.argv[1] == "simulate" else run(place)))
