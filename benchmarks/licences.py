"""Licences of what verbatim needs to run: ``python -m benchmarks.licences > docs/licences.md``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

_PROJECT = Path(__file__).parents[1] / "pyproject.toml"
_HEAD = """# Licences of the dependencies

What `pip install verbatim-nps` brings, with the licence each package states in its own metadata; made by
`python -m benchmarks.licences`. verbatim itself is under the Apache License 2.0. Versions are in `constraints.txt`;
packages that torch brings along on other machines (CUDA) are not listed.

| package | licence |
| --- | --- |
"""


def needed() -> list[str]:
    """Names of all packages that are installed with this one, each once."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    found: dict[str, None] = {}
    waiting = [Requirement(line) for line in project["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found[name] = None
            waiting += [Requirement(line) for line in metadata.requires(name) or ()]
    return sorted(found)


def licence(name: str) -> str:
    """What the package says: its licence expression, else its classifiers, else the first line of its licence field."""
    told = metadata.metadata(name)
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    written = str(told.get("License") or "").strip().splitlines()
    if classified and classified != ["OSI Approved"]:
        return ", ".join(classified)
    return written[0][:60] if written else "not stated in its metadata"


def lines() -> Iterator[str]:
    """Rows of the table."""
    for name in needed():
        yield f"| {name} | {licence(name)} |"


if __name__ == "__main__":
    print(_HEAD + "\n".join(lines()))
