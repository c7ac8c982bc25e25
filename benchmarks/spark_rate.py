"""Comments a second that a Spark worker reads, stage by stage, without Spark: ``python -m benchmarks.spark_rate``.

A simulated survey is fitted as the driver would; then a process of its own loads the packed files as a worker does,
with one thread and without heavy libraries, and reads the comments batch by batch. Rates are of processor time, so
that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psutil

from verbatim.spark.reader import Answer
from verbatim.spark.workers import loaded

T = TypeVar("T")
_BATCH, _BILLION, _HOUR = 1_000, 1e9, 3_600
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
STAGES = {"mask": "mask", "split": "split", "embed": "embed in context", "assign": "own words, assign"}


def prepare(n: int, folder: Path) -> tuple[Path, list[str]]:
    """Fit a simulated survey of ``n`` responses; the file that workers get, and the comments."""
    import verbatim as vb
    from verbatim.config import Config
    from verbatim.simulate import SimulationOptions, simulate_survey
    from verbatim.spark import fit
    from verbatim.spark.folder import packed
    from verbatim.text.encoder import EncoderOptions

    survey = vb.read_survey(simulate_survey(SimulationOptions(n=n)).table)
    fit(survey, folder, Config(encoder=EncoderOptions(min_agreement=0.1)))  # how well it reads is not asked here
    return packed(folder), survey.responses["comment"].dropna().tolist()


def read(archive: str, comments: list[str]) -> dict[str, Any]:
    """Read comments as a worker does: processor seconds of the stages, spans, and the memory it holds then."""
    spent: Counter[str] = Counter()

    def timed(stage: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        done = work()
        spent[stage] += time.process_time() - start
        return done

    reader = timed("load", lambda: loaded(archive))
    spans = 0
    for start in range(0, len(comments), _BATCH):
        batch = comments[start : start + _BATCH]
        masked = timed("mask", lambda batch=batch: reader.mask(batch))
        responses = [[Answer("why", one.text)] for one in masked]
        cut = timed("split", lambda responses=responses: reader.split(responses))
        vectors = timed("embed", lambda responses=responses, cut=cut: reader.embed(responses, cut))
        timed("assign", lambda cut=cut, vectors=vectors: reader.assign(cut, vectors))
        spans += len(cut.text)
    held = psutil.Process().memory_info().rss / 2**20
    return {"seconds": spent, "spans": spans, "mib": held}


def as_markdown(comments: list[str], found: dict[str, Any]) -> str:
    """Return the table of `docs/scale.md`."""
    n, seconds = len(comments), found["seconds"]
    words = sum(len(comment.split()) for comment in comments) / n
    took = {name: seconds[stage] for stage, name in STAGES.items()}
    lines = [
        f"{n:,} comments ({len(set(comments)) / n:.0%} distinct) of {words:.0f} words, {found['spans'] / n:.2f} spans "
        f"each; {found['mib']:.0f} MiB held; {seconds['load']:.0f} s to load",
        "",
        "| stage | comments a second | core-hours a billion |",
        "| --- | ---: | ---: |",
        *(f"| {name} | {n / each:,.0f} | {_BILLION * each / n / _HOUR:.0f} |"
          for name, each in (took | {"all": sum(took.values())}).items()),
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_rate", description=__doc__.split("\n")[0])
    parser.add_argument("--responses", type=int, default=5_000, help="of the simulated survey")
    parser.add_argument("--read", nargs=2, metavar=("ARCHIVE", "COMMENTS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        archive, listed = given.read
        print(json.dumps(read(archive, json.loads(Path(listed).read_text(encoding="utf-8")))))
        return
    with tempfile.TemporaryDirectory() as made:
        archive, comments = prepare(given.responses, Path(made) / "reading")
        listed = Path(made) / "comments.json"
        listed.write_text(json.dumps(comments), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.spark_rate", "--read", str(archive), str(listed)]
        done = subprocess.run(command, env=os.environ | _ONE_THREAD, stdout=subprocess.PIPE, text=True, check=True)
    print(as_markdown(comments, json.loads(done.stdout.splitlines()[-1])))


if __name__ == "__main__":
    main()
