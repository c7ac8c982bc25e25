"""Build the package twice and install it: equal wheels, small ones, that run: ``python -m benchmarks.supply_chain``.

The installation is into a folder of its own without this source tree in reach; the dependencies are those of this
environment. With ``--clean`` wheel and sdist are each installed as a user would: into a new virtual environment, with
the versions that `constraints.txt` pins, and the installed command also makes its demo (3 GB and minutes each).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.environments import ROOT, apart, environment

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


def beside(package: Path, place: Path) -> tuple[list[str], dict[str, str]]:
    """Install into a folder that this Python looks into first; the command and the variables it is run with."""
    site = place / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", str(site)]
    subprocess.run([*install, str(package)], check=True)
    return [sys.executable, "-c", _RUNS], apart() | {"PYTHONPATH": str(site)}


def anew(package: Path, place: Path) -> tuple[list[str], dict[str, str]]:
    """Install into a new environment; the command and the variables it is run with."""
    programs = environment(place / "site", ROOT / "constraints.txt", str(package))
    smoke([str(programs / "verbatim")], apart(), place, [["demo", "--out", "demo"]])
    return [str(programs / "python"), "-c", _RUNS], apart()


def smoke(command: list[str], variables: dict[str, str], place: Path, asked: list[list[str]]) -> str:
    """Have an installed verbatim do something; what it writes on its errors' stream."""
    told = ""
    for arguments in asked:
        done = subprocess.run(
            [*command, *arguments], cwd=place, env=variables, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"verbatim {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        told += done.stderr
    return told


def runs(package: Path, place: Path, clean: bool) -> bool:
    """Install a wheel or an sdist and have it simulate, check and analyse a survey from there."""
    command, variables = (anew if clean else beside)(package, place)
    told = smoke(command, variables, place, [
        ["simulate", "--out", "survey.csv", "--n", "120"], ["check", "survey.csv"],
        ["run", "survey.csv", "--out", "run"],
    ])  # fmt: skip
    return str(place / "site") in told and (place / "run" / "report.html").is_file()


def main() -> None:
    """Build, compare, install and run; exit 1 where a promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.supply_chain", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--clean", action="store_true", help="install each with its dependencies into a new environment"
    )
    clean = parser.parse_args().clean
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        first, second, sdist = (build(place / name, what) for name, what in
                                (("first", "wheel"), ("second", "wheel"), ("third", "sdist")))  # fmt: skip
        hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (first, second)]
        told = {
            "wheel": first.name, "bytes": first.stat().st_size, "sha256": hashes[0],
            "sdist_bytes": sdist.stat().st_size,
            "two_wheels_equal": hashes[0] == hashes[1], "small": first.stat().st_size < _MOST_BYTES,
            "wheel_runs": runs(first, place / "first", clean), "sdist_runs": runs(sdist, place / "third", clean),
            "clean": clean,
        }  # fmt: skip
    print(json.dumps(told, indent=1))
    sys.exit(not (told["two_wheels_equal"] and told["small"] and told["wheel_runs"] and told["sdist_runs"]))


if __name__ == "__main__":
    main()
