"""What a run costs as surveys grow: seconds and memory of each stage, on simulated surveys.

    python -m benchmarks.speed --curve [--sizes 1000 10000 100000]

Every size is read, analysed and reported in a process of its own, with no vector cache, from a simulated survey of
twice as many responses, about half of which have a comment. Processor seconds are those of all threads; the peak is the
most memory held until the stage ended (resident set, files mapped included).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SIZES = (1_000, 10_000, 100_000)


def measured(n: int) -> dict[str, dict[str, float]]:
    """Return the stages of a run on about ``n`` comments: wall seconds, processor seconds, peak MiB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.curve", str(n), folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def one_run(n: int, folder: Path) -> dict[str, dict[str, float]]:
    """Simulate, read, analyse and report, in this process."""
    from verbatim import run_folder
    from verbatim.clock import Clock
    from verbatim.config import Config
    from verbatim.pipeline import analyze
    from verbatim.report.write import write_report
    from verbatim.simulate import SimulationOptions, simulate_survey
    from verbatim.survey.read import read_survey
    from verbatim.text.encoder import EncoderOptions

    table = simulate_survey(SimulationOptions(n=2 * n)).table
    comments = table["comment"].dropna()
    told = {"comments": float(len(comments)), "distinct": comments.nunique() / len(comments)}
    file = folder / "survey.csv"
    table.to_csv(file, index=False)
    del table, comments
    config, clock = Config(encoder=EncoderOptions(cache="")), Clock()
    survey = clock.run("read", lambda: read_survey(file))
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
    return {"told": told, **stages}


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
    print(json.dumps(one_run(int(sys.argv[1]), Path(sys.argv[2]))))
