"""Change the statistics a little, one change at a time: does a test notice? ``python -m benchmarks.mutation``.

mutmut makes the changes, room by room, and runs for each those tests of the room that reach the changed function and
are not marked "long"; what survives is printed. It works on a copy of the tree. Score: changes noticed / changes made.
``--sample`` takes a random part of the changes of each module; the score has a 95 % interval (Wilson) then.

Every change counts, those of words too. Modules of which nothing is counted hold options only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from verbatim.intervals import wilson

ROOT = Path(__file__).parents[1]
_MUTMUT = str(Path(sys.executable).with_name("mutmut"))
_DRIVERS = (
    "bridges", "category_shares", "commenters", "correlations", "covariates", "effects", "figures", "level", "moments",
    "rank_edges", "refusals", "regressors", "silence", "tables", "tones", "uncertainty",
)  # fmt: skip
ROOMS = {
    "nps": ("src/verbatim/nps.py", ("tests/test_nps.py",)),
    "themes": ("src/verbatim/themes/attach.py", ("tests/themes/test_attach.py",)),
    "change": ("src/verbatim/change/*.py", ("tests/change",)),
    "drivers": ("src/verbatim/drivers/*.py", tuple(f"tests/drivers/test_{name}.py" for name in _DRIVERS)),
    **{
        f"drivers/{room}": (
            f"src/verbatim/drivers/{room}/*.py", (f"tests/drivers/{room}", "tests/drivers/test_figures.py")
        )
        for room in ("checks", "planning", "segments", "tagging")
    },
}  # fmt: skip
NOTICED, SURVIVED, UNTESTED = "noticed", "survived", "no test"
_UNNOTICED = {0: SURVIVED, 5: UNTESTED, 33: UNTESTED}
_CONFIG = """

[tool.mutmut]
source_paths = ["src"]
only_mutate = {sources}
also_copy = ["tests", "pyproject.toml", "docs"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=--import-mode=importlib",
  "-o", "pythonpath=.", "-m", "not long and not data and not spark and not browser", "--hypothesis-profile=unshrunk"]
pytest_add_cli_args_test_selection = {tests}
max_children = {jobs}
"""


class Campaign:
    """The changes of the modules of one room, in a copy of the tree at ``place``."""

    def __init__(self, room: str, place: Path, jobs: int) -> None:
        pattern, tests = ROOMS[room]
        self.place = place
        self.sources = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern))
        for name in ("src", "tests", "docs"):
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        config = _CONFIG.format(sources=json.dumps(self.sources), tests=json.dumps(tests), jobs=jobs)
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (place / "pyproject.toml").write_text(project + config, encoding="utf-8")

    def changes(self) -> dict[str, list[str]]:
        """Prepare all changes mutmut can make; their names by source, without sources that have none."""
        self._run(_MUTMUT, "run", "no change of this name")
        return {source: names for source in self.sources if (names := list(self._codes(source)))}

    def run(self, source: str, changes: Sequence[str]) -> dict[str, str]:
        """Make changes of a source, one at a time: what became of each."""
        log = self._run(_MUTMUT, "run", *changes)
        codes = self._codes(source)
        found = {change: codes[change] for change in changes}
        if None in found.values():
            raise SystemExit(f"mutmut did not finish {source}.\n" + "\n".join(log.splitlines()[-25:]))
        return {change: _UNNOTICED.get(code, NOTICED) for change, code in found.items()}

    def _codes(self, source: str) -> dict[str, int | None]:
        """Exit codes of the tests by change; None where it was not made yet."""
        meta = self.place / "mutants" / f"{source}.meta"
        if not meta.exists():
            return {}
        codes: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        return codes

    def shown(self, change: str) -> list[str]:
        """Return the lines taken away and put in by a change."""
        return re.findall(r"^[-+] .*$", self._run(_MUTMUT, "show", change), flags=re.MULTILINE)

    def _run(self, *command: str) -> str:
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        told = kept | {"CI": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        return subprocess.run(
            command, cwd=self.place, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        ).stdout


def drawn(changes: Sequence[str], sample: int | None, seed: int) -> list[str]:
    """Draw some of the changes of a module; all where ``sample`` is None."""
    if sample is None or sample >= len(changes):
        return list(changes)
    return sorted(random.Random(seed).sample(list(changes), sample))


def scored(source: str, every: int, found: dict[str, str]) -> dict[str, object]:
    """Count what was noticed of the changes of a module; an interval where not all of them were made."""
    noticed = sum(what == NOTICED for what in found.values())
    score = noticed / len(found)
    told: dict[str, object] = {"module": source, "changes": every, "made": len(found), "noticed": noticed}
    told["score"] = round(score, 3)
    if len(found) < every:
        told["interval"] = [round(float(end), 3) for end in wilson(score, len(found))]
    return told


def together(modules: Sequence[dict[str, object]]) -> dict[str, object]:
    """Score of all modules by their changes: each drawn part stands for its module (a stratified sample)."""
    every, made, noticed = (np.array([told[name] for told in modules]) for name in ("changes", "made", "noticed"))
    share, part = noticed / made, every / every.sum()
    error = np.sqrt(np.sum(part**2 * share * (1 - share) / made * (1 - made / every)))
    return {
        "modules": len(modules), "changes": int(every.sum()), "made": int(made.sum()), "noticed": int(noticed.sum()),
        "score": round(float(part @ share), 3), "standard_error": round(float(error), 4),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Mutate the rooms asked for and print the scores of their modules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(ROOMS), default=list(ROOMS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="changes a module, drawn at random; all by default")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    modules = []
    for room in asked.only:
        with tempfile.TemporaryDirectory(prefix="mutation.") as place:
            campaign = Campaign(room, Path(place), asked.jobs)
            for source, names in campaign.changes().items():
                found = campaign.run(source, drawn(names, asked.sample, asked.seed))
                left = {f"{name} ({what})": campaign.shown(name) for name, what in found.items() if what != NOTICED}
                modules.append(scored(source, len(names), found))
                print(json.dumps(modules[-1] | {"left": left}, ensure_ascii=False, indent=1), flush=True)
    print(json.dumps({"together": together(modules)}))


if __name__ == "__main__":
    main()
