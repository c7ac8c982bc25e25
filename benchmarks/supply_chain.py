"""Build the package twice and install it: equal wheels, small ones, that run: ``python -m benchmarks.supply_chain``.

The installation is into a folder of its own without this source tree in reach; the dependencies are those of the
environment, whose versions `constraints.txt` pins.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PARTS = ("src", "pyproject.toml", "README.md", "LICENSE")
_MOST_BYTES = 2_000_000
_RUNS = "import sys, verbatim; from verbatim.cli import main; sys.stderr.write(verbatim.__file__); main()"


def build(place: Path, what: str) -> Path:
    """Build a wheel or an sdist from a fresh copy of the source."""
    source = place / "source"
    source.mkdir(parents=True)
    for name in _PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
            )
        else:
            shutil.copyfile(ROOT / name, source / name)
    return _built(source, place / "dist", what)


def _built(source: Path, into: Path, what: str) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{what}", "--outdir", str(into), str(source)]
    fixed = os.environ | {"SOURCE_DATE_EPOCH": "1767225600"}
    subprocess.run(command, check=True, env=fixed, stdout=subprocess.DEVNULL)
    (made,) = into.iterdir()
    return made


def smoke(package: Path, place: Path) -> bool:
    """Install a wheel or an sdist and have it simulate, check and analyse a survey from there."""
    site, survey = place / "site", place / "survey.csv"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", str(site)]
    subprocess.run([*install, str(package)], check=True)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"PYTHONPATH": str(site)}
    for arguments in (
        ["simulate", "--out", str(survey), "--n", "120"],
        ["check", str(survey)],
        ["run", str(survey), "--out", str(place / "run")],
    ):
        done = subprocess.run(
            [sys.executable, "-c", _RUNS, *arguments], cwd=place, env=kept, capture_output=True, text=True, check=False
        )
        if done.returncode or str(site) not in done.stderr:
            raise SystemExit(f"{package.name}: verbatim {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return (place / "run" / "report.html").is_file()


def main() -> None:
    """Build, compare, install and run; exit 1 where a promise does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        first, second, sdist = (build(place / name, what) for name, what in
                                (("first", "wheel"), ("second", "wheel"), ("third", "sdist")))  # fmt: skip
        hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (first, second)]
        told = {
            "wheel": first.name, "bytes": first.stat().st_size, "sha256": hashes[0],
            "sdist_bytes": sdist.stat().st_size,
            "two_wheels_equal": hashes[0] == hashes[1], "small": first.stat().st_size < _MOST_BYTES,
            "wheel_runs": smoke(first, place / "first"), "sdist_runs": smoke(sdist, place / "third"),
        }  # fmt: skip
    print(json.dumps(told, indent=1))
    sys.exit(not (told["two_wheels_equal"] and told["small"] and told["wheel_runs"] and told["sdist_runs"]))


if __name__ == "__main__":
    main()
