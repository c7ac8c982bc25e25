"""The house keeps its shape: stages do not import each other, only the modules that join them know them all."""

import ast
import re
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


def floors():
    """Return the floor of every room, as docs/architecture.md has it."""
    page = (SOURCE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = re.split(r"^### (\d)\..*$", page.split("## Where a thing goes")[0], flags=re.M)[1:]
    return {
        room: int(floor)
        for floor, text in zip(told[::2], told[1::2], strict=True)
        for line in text.splitlines()
        if line.startswith("- ")
        for part in line[2:].split(". ")
        for room in re.findall(r"`(\w+)`", part.split(": ")[0])
    }


def rooms():
    return {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()} - {
        "__init__"
    }


def at_the_top(file):
    """Modules that are imported when the file is, not inside functions or for types alone."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module == "verbatim":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("verbatim."):
            yield node.module.split(".")[1]


def test_the_page_on_architecture_names_every_room():
    assert set(floors()) == rooms()


def test_rooms_import_from_their_own_floor_or_from_below():
    floor = floors()
    for file in SOURCE.rglob("*.py"):
        room = file.relative_to(SOURCE).parts[0].removesuffix(".py")
        above = {other for other in at_the_top(file) if floor.get(other, 0) > floor.get(room, 5)}
        assert not above, f"{file.relative_to(SOURCE)} imports from above: {above}"


def test_the_picture_shows_every_wing():
    picture = (SOURCE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    assert all(re.search(rf"\b{wing}\b", picture) for wing in WINGS)
