"""The house keeps its shape: stages do not import each other, only the modules that join them know them all."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "verbatim"
WINGS = ("survey", "text", "themes", "drivers", "change", "report", "simulate", "people", "coding")
# What reads text is used by the stages after it; no stage's own verb is.
SHARED = {f"verbatim.text.{room}" for room in ("encoder", "lexical", "tags", "tone", "vocabulary")}
# A change is estimated wave by wave with the estimator of the drivers, so that both say the same of one wave.
ESTIMATION = {
    f"verbatim.drivers.{room}" for room in ("effects", "moments", "refusals", "silence", "tables", "uncertainty")
}


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("wing", WINGS)
def test_a_wing_imports_no_other_wing(wing):
    others = tuple(f"verbatim.{other}" for other in WINGS if other != wing)
    for file in (SOURCE / wing).rglob("*.py"):
        strange = {module for module in imports(file) if module.startswith(others)} - SHARED
        strange -= ESTIMATION if wing == "change" else set()
        assert not strange, f"{file.name}: {strange}"


def test_the_records_know_no_stage():
    wings = tuple(f"verbatim.{wing}." for wing in WINGS)
    for name in ("records.py", "nps.py", "errors.py", "answers.py"):
        strange = {module for module in imports(SOURCE / name) if module.startswith(wings)}
        assert strange <= {"verbatim.themes.model"}, name


def test_rooms_stay_rooms():
    for file in SOURCE.rglob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, file
