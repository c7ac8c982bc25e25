"""The fast suite with the lowest or the newest allowed versions: ``python -m benchmarks.versions --lowest``.

In an environment of its own every dependency named in `pyproject.toml` has the version of its lower bound, or the
newest that pip finds within its bounds; what those bring along is the newest that goes with them. torch is that of
`constraints.txt` in both, for it is the one library whose builds differ by machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.environments import ROOT, apart, environment

_TESTS_WITH = (
    "axe-playwright-python", "faker", "hypothesis", "openpyxl", "playwright", "polars", "psutil", "pytest",
    "pytest-socket", "pytest-xdist", "statsmodels",
)  # fmt: skip
_SUITE = ("-m", "not browser and not spark", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider")


def dependencies() -> Iterator[Requirement]:
    """Dependencies of the package and of its extra for databases, which the fast suite uses too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield from map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["sql"]])


def tested() -> dict[str, str]:
    """Versions that `constraints.txt` pins, by name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.split("==") for line in lines if "==" in line]
    return {canonicalize_name(name): version for name, version in pinned}


def constraints(lowest: bool) -> list[str]:
    """Lines for pip."""
    torch = f"torch=={tested()['torch']}"
    if not lowest:
        return [torch]
    bounds = {
        each.name: spec.version for each in dependencies() for spec in each.specifier if spec.operator in (">=", "==")
    }
    return [torch, *(f"{name}=={version}" for name, version in bounds.items() if name != "torch")]


def versions(programs: Path) -> dict[str, str]:
    """What is installed, by name."""
    asked = [str(programs / "pip"), "list", "--format", "json"]
    listed = subprocess.run(asked, env=apart(), capture_output=True, check=True)
    return {canonicalize_name(each["name"]): each["version"] for each in json.loads(listed.stdout)}


def main() -> None:
    """Install, run the suite, and print the versions that differ from the pinned ones; exits as the suite does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.versions", description=__doc__.split("\n")[0])
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--lowest", action="store_true")
    which.add_argument("--newest", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the environment in this folder")
    parser.add_argument("tests", nargs="*", default=["tests", "src"], help="what pytest runs, but browser and Spark")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder) / "environment"
        bounds = Path(folder) / "constraints.txt"
        bounds.write_text("\n".join(constraints(given.lowest)) + "\n", encoding="utf-8")
        programs = environment(place, bounds, "-e", f"{ROOT}[sql]", *_TESTS_WITH)
        suite = [str(programs / "python"), "-m", "pytest", *given.tests, *_SUITE]
        done = subprocess.run(suite, cwd=ROOT, env=apart() | {"OMP_NUM_THREADS": "1"}, check=False)
        known = tested()
        others = {name: f"{version} for {known[name]}" for name, version in versions(programs).items()
                  if known.get(name, version) != version.partition("+")[0]}  # fmt: skip
    print(json.dumps({"versions": "lowest" if given.lowest else "newest", "instead_of_pinned": others}, indent=1))
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
