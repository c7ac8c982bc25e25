"""Change the statistics a little, one change at a time: does a test notice? ``python -m benchmarks.mutation``.

mutmut makes the changes and runs, for each, the tests of that module alone; what survives is printed. It works on a
copy of the tree. Score: changes noticed / changes made.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = {
    "nps": ["tests/test_nps.py"],
    "drivers/effects": ["tests/drivers/test_effects.py"],
    "drivers/moments": ["tests/drivers/test_effects.py", "tests/drivers/test_uncertainty.py"],
    "drivers/silence": ["tests/drivers/test_silence.py"],
    "drivers/uncertainty": ["tests/drivers/test_uncertainty.py"],
    "themes/attach": ["tests/themes/test_attach.py"],
    "change/ledger": ["tests/change/test_ledger.py"],
}
_CONFIG = """

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/verbatim/{module}.py"]
also_copy = ["tests", "pyproject.toml", "docs"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib"]
pytest_add_cli_args_test_selection = {tests}
max_children = {jobs}
"""


def mutate(module: str, place: Path, jobs: int) -> dict[str, object]:
    """Change one module in every way mutmut knows; how many changes the tests noticed, and those they did not."""
    for name in ("src", "tests", "docs"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    config = _CONFIG.format(module=module, tests=json.dumps(TESTS[module]), jobs=jobs)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (place / "pyproject.toml").write_text(project + config, encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    told = {"cwd": place, "env": kept | {"CI": "1"}, "text": True, "stdout": subprocess.PIPE}
    log = subprocess.run(["mutmut", "run"], stderr=subprocess.STDOUT, check=False, **told).stdout
    counts = re.findall(r"(\d+)/(\d+)  🎉 (\d+) .*?⏰ (\d+)", log)
    if not counts:
        return {"module": module, "failed": log.splitlines()[-15:]}
    _, made, killed, late = map(int, counts[-1])
    results = subprocess.run(["mutmut", "results"], stderr=subprocess.DEVNULL, check=False, **told).stdout
    left = [_shown(name, told) for name in re.findall(r"(\S+): (?:survived|no tests)", results)]
    return {"module": module, "made": made, "noticed": killed + late, "survived": left}


def _shown(name: str, told: dict[str, object]) -> list[str]:
    shown = subprocess.run(["mutmut", "show", name], stderr=subprocess.DEVNULL, check=False, **told).stdout
    return [line for line in shown.splitlines() if re.match(r"[-+] ", line)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Mutate the modules asked for and print their scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(TESTS), default=list(TESTS))
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    for module in asked.only:
        with tempfile.TemporaryDirectory(prefix="mutation.") as place:
            found = mutate(module, Path(place), asked.jobs)
        print(json.dumps(found, ensure_ascii=False, indent=1), flush=True)


if __name__ == "__main__":
    main()
