"""Kill runs at random moments, resume them, and compare every table with an undisturbed run: ``make torture``.

A run is a process of its own, forked from this one after the libraries are loaded, so that the kills fall into its
work and not into imports. It is stopped by SIGKILL, which no program can notice, as often as it takes; the last
attempt is left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from verbatim.cli import main as verbatim
from verbatim.simulate import SimulationOptions, simulate_survey

_UNLIKE = {"manifest.json", "report.xlsx"}  # they hold the time of day
_KILLS_A_RUN = 3


def prepare(place: Path, n: int) -> None:
    """Write a survey and its options: no vector cache, so that every attempt computes what it has not kept."""
    simulate_survey(SimulationOptions(n=n, seed=11)).table.to_csv(place / "survey.csv", index=False)
    (place / "verbatim.toml").write_text('[encoder]\ncache = ""\n[redact]\nwords = ["courier"]\n', encoding="utf-8")
    import bertopic  # noqa: F401
    import sentence_transformers  # noqa: F401
    import spacy  # noqa: F401

    import verbatim.running  # noqa: F401


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


def finish(place: Path, pid: int) -> None:
    """Wait for a run to end well."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise SystemExit(f"a run ended with {code}: {(place / 'log.txt').read_text()}")


def tables(run: Path) -> dict[str, bytes]:
    """Every file of a run that says nothing of the time of day."""
    files = sorted(file for file in run.rglob("*") if file.is_file() and file.name not in _UNLIKE)
    return {file.relative_to(run).as_posix(): file.read_bytes() for file in files}


def kill_and_resume(place: Path, chance: random.Random, seconds: float, seen: Counter[str]) -> int:
    """Kill a run one to three times at random moments, resume it each time; the number of kills that hit it."""
    kills = 0
    for _ in range(chance.randint(1, _KILLS_A_RUN)):
        pid = start(place, "killed", "--resume")
        time.sleep(chance.uniform(0, seconds))
        os.kill(pid, signal.SIGKILL)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        kills += ended == -signal.SIGKILL
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
        start_of_first = time.monotonic()
        finish(place, start(place, "undisturbed"))
        seconds = time.monotonic() - start_of_first
        expected, seen = tables(place / "undisturbed"), Counter[str]()
        kills = runs = 0
        different: list[str] = []
        while kills < asked.kills and time.monotonic() - began < 60 * asked.minutes:
            kills += kill_and_resume(place, chance, seconds, seen)
            runs += 1
            found = tables(place / "killed")
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
