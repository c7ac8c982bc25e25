"""A comparison on disk: tables, page and text, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from verbatim.errors import RunFolderError
from verbatim.run_folder import inert
from verbatim.waves.compare import Comparison
from verbatim.waves.outcomes import Outcomes
from verbatim.waves.tracker import Tracker


def refuse_taken(folder: Path) -> None:
    """Stop before any work when ``folder`` exists and is not empty. Raises RunFolderError."""
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise RunFolderError(f"{folder} exists already. Name a new folder; nothing was touched.")


def write_whole(folder: Path, fill: Callable[[Path], object]) -> Path:
    """Let ``fill`` write into a folder that appears when all is written.

    Raises
    ------
    RunFolderError
        The folder exists, or the disk does not let us write.
    """
    refuse_taken(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise RunFolderError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    try:
        fill(building)
        building.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except OSError as error:
        raise RunFolderError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def write_comparison(
    comparison: Comparison, folder: Path, outcomes: Outcomes | None = None, tracker: Tracker | None = None
) -> Path:
    """Write compare.json, compare.csv, themes.csv, compare.html and compare.md into a new folder.

    With a tracker of several waves also waves.csv, tracker.csv, trends.csv and alerts.csv.

    Raises
    ------
    RunFolderError
        See `write_whole`.
    """
    return write_whole(folder, lambda into: _fill(comparison, into, outcomes, tracker))


def _fill(comparison: Comparison, folder: Path, outcomes: Outcomes | None, tracker: Tracker | None) -> None:
    from verbatim.waves.markdown import render_markdown
    from verbatim.waves.page import render_comparison

    inert(comparison.table).to_csv(folder / "compare.csv", index=False)
    inert(comparison.themes).to_csv(folder / "themes.csv", index=False)
    if tracker is not None:
        tables = {"waves": tracker.waves, "tracker": tracker.table, "trends": tracker.trends, "alerts": tracker.alerts}
        for name, table in tables.items():
            inert(table).to_csv(folder / f"{name}.csv", index=False)
    texts = {
        "compare.json": comparison_json(comparison, outcomes) + "\n",
        "compare.html": render_comparison(comparison, outcomes, tracker),
        "compare.md": render_markdown(comparison, outcomes),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def comparison_json(comparison: Comparison, outcomes: Outcomes | None = None) -> str:
    """Return a comparison as JSON, for machines."""
    who = comparison.who
    content = {
        "sources": list(comparison.sources),
        "before": comparison.before._asdict(),
        "after": comparison.after._asdict(),
        "change": dict(zip(("points", "low", "high"), comparison.change, strict=True)),
        "lines": _records(comparison.table),
        "summary": _records(comparison.summary),
        "themes": _records(comparison.themes),
        "who_answered": {
            "columns": _records(who.columns),
            "comments": _records(who.comments),
            "commenters_less_all": list(who.commenters),
            "rates": _records(who.rates),
            "sentences": list(who.sentences),
            "warnings": list(who.warnings),
        },
        "proposed": [
            asdict(one.theme) | {"quotes": [quote.text for quote in one.quotes]} for one in comparison.newcomers
        ],
        "goals": _records(outcomes.goals) if outcomes else [],
        "actions": _records(outcomes.actions) if outcomes else [],
        "sentences": list(comparison.sentences),
        "notes": list(comparison.notes),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _records(table: pd.DataFrame) -> object:
    return json.loads(table.to_json(orient="records", double_precision=15, date_format="iso"))
