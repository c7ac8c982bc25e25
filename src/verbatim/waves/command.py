"""The command compare: runs in, a folder and a few lines out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from verbatim.config import load_config
from verbatim.errors import RunFolderError
from verbatim.records import Analysis
from verbatim.report.newcomers import named_all
from verbatim.waves.compare import Comparison, compare
from verbatim.waves.files import comparison_json, refuse_taken, write_comparison
from verbatim.waves.outcomes import Outcomes, outcomes_of
from verbatim.waves.tracker import track

_WIDTH = 110


def compare_runs(runs: list[Path], out: Path, config: Path | None) -> tuple[str, list[str]]:
    """Compare run folders and write what was found into ``out``.

    Returns
    -------
    json, lines
        The result for machines and for people.

    Raises
    ------
    RunFolderError
        ``out`` exists, or a run cannot be read.
    """
    options = load_config(config)
    refuse_taken(out)
    folders = run_folders(runs)
    waves = [Analysis.load(folder) for folder in folders]
    found = compare(waves[-2], waves[-1], options=options.change)
    outcomes = outcomes_of(found, waves[-1], options)
    several = track(waves, labels=[folder.name for folder in folders], options=options.change) if waves[2:] else None
    write_comparison(found, out, outcomes, several)
    more = [*several.alerts["sentence"], *several.notes] if several else []
    return comparison_json(found, outcomes), [*_lines(found, outcomes), *more]


def run_folders(given: list[Path]) -> list[Path]:
    """Two or more runs, or one folder that holds them, in name order.

    Raises
    ------
    RunFolderError
        Fewer than two runs are found.
    """
    if len(given) == 1 and given[0].is_dir() and not (given[0] / "manifest.json").is_file():
        inside = sorted(path.parent for path in given[0].glob("*/manifest.json"))
        if len(inside) < 2:
            raise RunFolderError(f"{given[0]} holds {len(inside)} run folders. Name a folder with two or more.")
        return inside
    if len(given) < 2:
        raise RunFolderError("One run has nothing to be compared with. Name two or more runs, or a folder of runs.")
    return given


def _lines(found: Comparison, outcomes: Outcomes) -> list[str]:
    new = named_all(found.newcomers)
    said = [*found.sentences, *found.who.warnings, *found.who.sentences, *outcomes.sentences(), *found.notes[:1]]
    return [*said, new] if new else said


def print_lines(lines: list[str], found: Path) -> None:
    """Print what moved and where it lies."""
    console = Console(width=_WIDTH)
    for line in lines:
        console.print(escape(line), highlight=False)
    console.print(f"\nPage    {escape(str(found / 'compare.html'))}", highlight=False)
