"""Kill runs at random moments, resume them, and compare every table with an undisturbed run: ``make torture``.

A run is a process of its own, forked from this one after the libraries are loaded, so that the kills fall into its
work and not into imports. It is stopped by SIGKILL, which no program can notice, as often as it takes; the last
attempt is left alone.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from verbatim.cli import main as verbatim
from verbatim.simulate import SimulationOptions, simulate_survey

_FONTS_NAMED_ANEW = "report.pdf"  # by the library that draws it, each time
_OF_THE_DAY = ("created", "timings_s", "processor_s", "peak_memory_mib", "resumed")  # in the manifest
_TIME_WRITTEN = "docProps/core.xml"  # in office files
_OPTIONS = """
[encoder]
cache = ""
[redact]
words = ["courier"]
[outcomes]
columns = ["csat"]
[invitations]
column = "sent"
[segments.order]
journey_stage = ["First order", "First three months", "Regular"]
"""
_KILLS_A_RUN = 10


def prepare(place: Path, n: int) -> None:
    """Write a survey and its options: no vector cache, so that every attempt computes what it has not kept.

    Beside the NPS it has a further score, stages in their order, dates and people who never answered, so that a run
    of it writes all tables there are.
    """
    table = simulate_survey(SimulationOptions(n=n, seed=11)).table
    csat = (table["nps_score"] // 2 + np.arange(n) % 2).clip(1, 5)
    table = table.assign(csat=csat, sent=table["date"].dt.strftime("%Y-%m-%d"))
    silent = table.head(n // 5).assign(nps_score=None, comment=None, csat=None)
    silent["response_id"] = "S" + silent["response_id"]
    pd.concat([table, silent]).to_csv(place / "survey.csv", index=False)
    (place / "verbatim.toml").write_text(_OPTIONS, encoding="utf-8")
    import bertopic  # noqa: F401
    import sentence_transformers  # noqa: F401
    import spacy  # noqa: F401

    import verbatim.commands.running  # noqa: F401


def start(place: Path, out: str, *more: str) -> int:
    """Start a run in a forked process; its id."""
    pid = os.fork()
    if pid:
        return pid
    os.chdir(place)
    with (place / "log.txt").open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.argv = ["verbatim", "run", "survey.csv", "--config", "verbatim.toml", "--out", out, *more]
    try:
        verbatim()
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    sys.stdout.flush()
    os._exit(code)


def finish(place: Path, pid: int) -> float:
    """Wait for a run to end well; the processor seconds it took."""
    _, status, used = os.wait4(pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"a run ended with {code}: {(place / 'log.txt').read_text()}")
    return used.ru_utime + used.ru_stime


def kill_after(pid: int, seconds: float) -> bool:
    """Kill a process when it has used so many processor seconds, however busy the machine is; whether it hit it."""
    stat = Path(f"/proc/{pid}/stat")
    while sum(map(int, (fields := stat.read_text().split())[13:15])) < seconds * os.sysconf("SC_CLK_TCK"):
        if fields[2] == "Z":
            break
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def contents(run: Path) -> dict[str, object]:
    """Every file of a run, without what it says of the time of day."""
    files = sorted(file for file in run.rglob("*") if file.is_file() and file.name != _FONTS_NAMED_ANEW)
    found: dict[str, object] = {
        file.relative_to(run).as_posix(): _timeless(file.name, file.read_bytes()) for file in files
    }
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    found["manifest.json"] = {key: value for key, value in manifest.items() if key not in _OF_THE_DAY}
    return found


def _timeless(name: str, content: bytes) -> object:
    """Members of an office file, those of the workbooks behind its charts too; any other file as it is."""
    if not name.endswith((".xlsx", ".pptx")):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part: _timeless(part, archive.read(part)) for part in archive.namelist() if part != _TIME_WRITTEN}


def kill_and_resume(place: Path, chance: random.Random, seconds: float, seen: Counter[str]) -> int:
    """Kill a run one to ten times at random moments, resume it each time; the number of kills that hit it."""
    kills = 0
    for _ in range(chance.randint(1, _KILLS_A_RUN)):
        # what is done is kept, so that later stages are hit too
        kills += kill_after(start(place, "killed", "--resume"), chance.uniform(0, seconds / 2))
        partial = place / "killed.partial"
        stages = [file.name.rsplit("-", 1)[0] for file in partial.glob("*.stage")] if partial.exists() else []
        if (place / "killed").exists():
            seen["finished"] += 1
            break
        seen[f"{len(stages)} stages kept"] += 1
    if not (place / "killed").exists():
        finish(place, start(place, "killed", "--resume"))
    return kills


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the campaign and print its counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="kills in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--responses", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=240, help="start no further run after so long")
    asked = parser.parse_args(arguments)
    place, chance, began = Path(tempfile.mkdtemp(prefix="torture.")), random.Random(asked.seed), time.monotonic()
    try:
        prepare(place, asked.responses)
        seconds = finish(place, start(place, "undisturbed"))
        expected, seen = contents(place / "undisturbed"), Counter[str]()
        kills = runs = 0
        different: list[str] = []
        while kills < asked.kills and time.monotonic() - began < 60 * asked.minutes:
            kills += kill_and_resume(place, chance, seconds, seen)
            runs += 1
            found = contents(place / "killed")
            different += [name for name in {*found, *expected} if found.get(name) != expected.get(name)]
            left = sorted(file.name for file in place.glob("*killed*"))
            different += [name for name in left if name != "killed"]
            shutil.rmtree(place / "killed")
            told = {"kills": kills, "runs": runs, "different": different, "seed": asked.seed, "at": dict(seen)}
            print(json.dumps(told), flush=True)
        sys.exit(bool(different))
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
