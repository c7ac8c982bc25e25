"""Environments of their own, away from this source tree, in which what a user would install is tried."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(place: Path, constraints: Path, *asked: str) -> Path:
    """Make a virtual environment and install into it: torch first and alone, as `make install` does, then the rest.

    Returns
    -------
    Path
        The folder of its programs.

    Raises
    ------
    SystemExit
        pip cannot install it; its own words say why.
    """
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "pip"), "install", "-q", "--disable-pip-version-check", "-c", str(constraints)]
    for packages in (["torch"], list(asked)):
        done = subprocess.run([*pip, *packages], env=apart(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pip install {' '.join(packages)} failed:\n{done.stdout}{done.stderr}")
    return programs


def apart() -> dict[str, str]:
    """Return the environment variables without those that lead to another Python's packages."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
