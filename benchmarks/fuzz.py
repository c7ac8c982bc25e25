"""Fuzz the readers, the splitter, config, codebook, manifest and model loader: ``python -m benchmarks.fuzz``.

Each target runs in a process of its own under atheris, which mutates inputs towards code not yet reached. What breaks a
target is kept in a folder, once for each place in our code, and the campaign goes on; an input that takes over ten
seconds or 4 GiB ends its target. The counts are libFuzzer's own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

NAMES = ("config", "codebook", "split", "manifest", "table", "survey", "model")
_SECONDS_AN_INPUT, _MEBIBYTES, _LONGEST = 10, 4096, 20_000


def fuzz_one(name: str, seconds: int, seed: int, place: Path) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["verbatim", "benchmarks.fuzz_targets", "tomllib", "yaml"]):
        from benchmarks.fuzz_targets import tried
    seeds, found = place / "seeds" / name, place / "found" / name
    seeds.mkdir(parents=True)
    found.mkdir(parents=True)
    for number, content in enumerate(_seeds(name)):
        (seeds / str(number)).write_bytes(content)
        tried(name, content)  # what is loaded at first use is no part of an input's time
    seen: set[str] = set()

    def once(data: bytes) -> None:
        try:
            tried(name, data)
        except Exception as defect:
            where = _where(defect)
            if where not in seen:
                seen.add(where)
                (found / hashlib.sha256(where.encode()).hexdigest()[:12]).write_bytes(data)
                print(f"FOUND {name}: {where}: {str(defect)[:200]!r}", flush=True)

    options = [
        f"-max_total_time={seconds}", f"-seed={seed}", f"-timeout={_SECONDS_AN_INPUT}", f"-max_len={_LONGEST}",
        f"-rss_limit_mb={_MEBIBYTES}", f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=1", str(seeds),
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


def _where(defect: Exception) -> str:
    """Where in our code it broke, and how."""
    ours = [frame for frame in traceback.extract_tb(defect.__traceback__) if "verbatim" in frame.filename]
    last = ours[-1] if ours else traceback.extract_tb(defect.__traceback__)[-1]
    return (
        f"{type(defect).__name__} in {Path(last.filename).name}, {last.name}, line {last.lineno}: {str(defect)[:200]!r}"
    )


def _seeds(name: str) -> list[bytes]:
    """Good inputs to start from."""
    from benchmarks.fuzz_seeds import SEEDS

    return SEEDS[name]()


def campaign(names: Sequence[str], seconds: int, seed: int, place: Path) -> list[dict[str, object]]:
    """Fuzz the targets one after the other; what was run and found."""
    told = []
    for name in names:
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "benchmarks.fuzz",
            "--one",
            name,
            "--seconds",
            str(seconds),
            "--seed",
            str(seed),
        ]
        done = subprocess.run([*command, "--into", str(place)], capture_output=True, text=True, check=False)
        log = done.stdout + done.stderr
        counted = re.search(r"stat::number_of_executed_units:\s+(\d+)", log)
        told.append(
            {
                "target": name, "seed": seed, "executions": int(counted[1]) if counted else None,
                "seconds": round(time.monotonic() - began), "rc": done.returncode,
                "defects": [line for line in log.splitlines() if line.startswith("FOUND")],
                "end": [] if counted and not done.returncode else log.splitlines()[-15:],
            }
        )  # fmt: skip
        print(json.dumps(told[-1]), flush=True)
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the campaign; exit 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    parser.add_argument("--into", type=Path, help="folder for seeds and what was found")
    parser.add_argument("--one", choices=NAMES, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    place = asked.into or Path(tempfile.mkdtemp(prefix="fuzz."))
    if asked.one:
        fuzz_one(asked.one, asked.seconds, asked.seed, place)
        return
    told = campaign(asked.only, asked.seconds, asked.seed, place)
    ran = sum(int(str(each["executions"] or 0)) for each in told)
    print(f"{ran:,} executions; what was found lies in {place / 'found'}")
    sys.exit(any(each["defects"] or each["end"] for each in told))


if __name__ == "__main__":
    main()
