"""Change the statistics a little, one change at a time: does a test notice? ``python -m benchmarks.mutation``.

mutmut makes the changes and runs, for each, those tests of the module that reach the changed function; what survives is
printed. It works on a copy of the tree. Score: changes noticed / changes made. ``--sample`` takes a random part of the
changes of each module, and the score has a 95 % interval (Wilson) then.

Changes of text count like all others. Not here: options (pydantic fields, nothing to compute), and `change/words.py`,
`segments/contrast_sentences.py` and `planning/planned.py`, which are sentences.
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

from verbatim.intervals import wilson

ROOT = Path(__file__).parents[1]
_MUTMUT = str(Path(sys.executable).with_name("mutmut"))
_DRIVERS = {
    "effects": ("effects",), "moments": ("effects",), "silence": ("silence",), "uncertainty": ("uncertainty",),
    "bridges": ("effects",), "category_shares": ("category_shares",), "commenters": (),
    "correlations": ("correlations",), "covariates": (), "level": (), "rank": (),
    "refusals": ("refusals",), "regressors": (), "tables": (),
    "checks/columns": (), "checks/halo": ("checks/halo",), "checks/importance": ("checks/importance",),
    "checks/ordinal": ("checks/ordinal",), "checks/robustness": ("checks/robustness",),
    "checks/silence_sensitivity": ("checks/silence_sensitivity",),
    "planning/planned": ("planning/power",), "planning/power": ("planning/power",),
    "planning/redraw": ("planning/power",), "planning/what_if": ("planning/what_if",),
    "segments/by_value": (), "segments/contrast_sentences": ("segments/contrasts",),
    "segments/contrasts": ("segments/contrasts",), "segments/pooling": ("segments/pooling",),
    "tagging/coded_sample": ("tagging/correction",), "tagging/correction": ("tagging/correction",),
    "tagging/surrogate": ("tagging/correction",),
}  # fmt: skip
_CHANGE = {
    "ledger": ("ledger",), "alerts": ("time",), "codebook": (), "estimate": ("ledger",), "goals": ("goals",),
    "invited": ("invited",), "moves": (), "periods": ("time",), "smoothing": ("time",), "standing": (),
    "trends": ("time",), "wave": ("ledger",), "who": ("who",), "words": (),
}  # fmt: skip


def _tests(room: str, names: Sequence[str]) -> tuple[str, ...]:
    """Kept figures first: they notice most, quickly."""
    files = (f"tests/{room}/{Path(name).parent}/test_{Path(name).name}.py" for name in ("figures", *names))
    return tuple(os.path.normpath(file) for file in files)


TESTS = {
    "nps": ("tests/test_nps.py",),
    "themes/attach": ("tests/themes/test_attach.py",),
    **{f"change/{module}": _tests("change", names) for module, names in _CHANGE.items()},
    **{f"drivers/{module}": _tests("drivers", names) for module, names in _DRIVERS.items()},
}
NOTICED, SURVIVED, UNTESTED = "noticed", "survived", "no test"
_UNNOTICED = {0: SURVIVED, 5: UNTESTED, 33: UNTESTED}
_CONFIG = """

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/verbatim/{module}.py"]
also_copy = ["tests", "pyproject.toml", "docs"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=--import-mode=importlib",
  "-o", "pythonpath=.", "-m", "not long and not data and not spark and not browser", "--hypothesis-profile=unshrunk"]
pytest_add_cli_args_test_selection = {tests}
max_children = {jobs}
"""
_LIST = """
import sys
from pathlib import Path
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name
path = Path(sys.argv[1])
for name in mutate_file_contents(str(path), path.read_text(encoding="utf-8")).mutant_names:
    print(get_mutant_name(path, name))
"""


class Campaign:
    """The changes of one module, in a copy of the tree at ``place``."""

    def __init__(self, module: str, place: Path, jobs: int) -> None:
        self.module, self.place = module, place
        self.refresh()
        config = _CONFIG.format(module=module, tests=json.dumps(TESTS[module]), jobs=jobs)
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (place / "pyproject.toml").write_text(project + config, encoding="utf-8")

    def refresh(self) -> None:
        """Copy the tree as it is now."""
        for name in ("src", "tests", "docs"):
            shutil.copytree(
                ROOT / name, self.place / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
            )

    def changes(self) -> list[str]:
        """Names of all changes mutmut can make to the module."""
        listed = self._run(sys.executable, "-c", _LIST, f"src/verbatim/{self.module}.py")
        return re.findall(r"^verbatim\.\S+__mutmut_\d+$", listed, flags=re.MULTILINE)

    def run(self, changes: Sequence[str]) -> dict[str, str]:
        """Make the changes, one at a time: what became of each."""
        log = self._run(_MUTMUT, "run", *changes)
        meta = self.place / "mutants" / "src" / "verbatim" / f"{self.module}.py.meta"
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"] if meta.exists() else {}
        if any(codes.get(change) is None for change in changes):
            raise SystemExit(f"{self.module}: mutmut did not finish.\n" + "\n".join(log.splitlines()[-25:]))
        return {change: _UNNOTICED.get(codes[change], NOTICED) for change in changes}

    def shown(self, change: str) -> list[str]:
        """Return the lines taken away and put in by a change."""
        return re.findall(r"^[-+] .*$", self._run(_MUTMUT, "show", change), flags=re.MULTILINE)

    def _run(self, *command: str) -> str:
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        told = kept | {"CI": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        return subprocess.run(
            command, cwd=self.place, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        ).stdout


def mutate(module: str, place: Path, jobs: int, sample: int | None, seed: int) -> dict[str, object]:
    """Change one module; how many changes the tests noticed, and those they did not."""
    campaign = Campaign(module, place, jobs)
    every = campaign.changes()
    chosen = sorted(random.Random(seed).sample(every, sample)) if sample and sample < len(every) else every
    found = campaign.run(chosen)
    noticed = sum(what == NOTICED for what in found.values())
    score = noticed / len(chosen)
    told: dict[str, object] = {"module": module, "changes": len(every), "made": len(chosen), "noticed": noticed}
    told["score"] = round(score, 3)
    if len(chosen) < len(every):
        told["interval"] = [round(float(end), 3) for end in wilson(score, len(chosen))]
    left = {change: what for change, what in found.items() if what != NOTICED}
    return told | {"left": {f"{change} ({what})": campaign.shown(change) for change, what in left.items()}}


def main(arguments: Sequence[str] | None = None) -> None:
    """Mutate the modules asked for and print their scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(TESTS), default=list(TESTS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="changes a module, drawn at random; all by default")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    for module in asked.only:
        with tempfile.TemporaryDirectory(prefix="mutation.") as place:
            found = mutate(module, Path(place), asked.jobs, asked.sample, asked.seed)
        print(json.dumps(found, ensure_ascii=False, indent=1), flush=True)


if __name__ == "__main__":
    main()
