"""What a run costs as surveys grow: seconds and memory of each stage, on simulated surveys.

    python -m benchmarks.speed --curve [--sizes 1000 10000 100000]

Every size is read, analysed and reported in a process of its own, with no vector cache, from a simulated survey of
twice as many responses, about half of which have a comment; nine comments in ten or more differ from all others.
Processor seconds are those of all threads; the peak is the
most memory held until the stage ended (resident set, files mapped included).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_DRAWN = 3  # responses simulated for each comment that is kept
_DISTINCT = 9.5  # distinct comments for each repeated one, at least


def measured(n: int) -> dict[str, dict[str, float]]:
    """Return the stages of a run on about ``n`` comments: wall seconds, processor seconds, peak MiB."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for stage in ("simulate", "run"):
            command = [sys.executable, "-m", "benchmarks.curve", stage, folder, str(n)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found |= json.loads(done.stdout.splitlines()[-1])
    return found


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
    for name, key in (("wall", "timings_s"), ("processor", "processor_s"), ("peak", "peak_memory_mib")):
        own = {"wall": clock.seconds, "processor": clock.processor_seconds, "peak": clock.peak_mib}[name]
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
    """Return one table: a row a stage, processor seconds and peak memory for each size."""
    runs = [measured(n) for n in sizes]
    told = [f"{run['told']['comments']:,.0f} comments, {run['told']['distinct']:.0%} distinct" for run in runs]
    lines = ["| stage | " + " | ".join(told) + " |", "| --- |" + " ---: |" * len(runs)]
    for stage in runs[0]["wall"]:
        cells = [f"{run['processor'][stage]:.1f} s, {run['peak'][stage]:,.0f} MiB" for run in runs]
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    totals = [(sum(run["processor"].values()), sum(run["wall"].values()), run["told"]["comments"]) for run in runs]
    lines.append("| all, processor | " + " | ".join(f"{total:,.0f} s" for total, _, _ in totals) + " |")
    lines.append("| all, by the clock | " + " | ".join(f"{wall:,.0f} s" for _, wall, _ in totals) + " |")
    lines.append("| a comment, processor | " + " | ".join(f"{1e3 * t / n:.1f} ms" for t, _, n in totals) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    place = Path(sys.argv[2])
    print(json.dumps(simulate(place, int(sys.argv[3])) if sys.argv[1] == "simulate" else run(place)))
