"""A run folder appears whole, by one rename, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from safetensors import SafetensorError

from verbatim.errors import RunFolderError
from verbatim.unfinished.folder import BUILDING, OLD, partial_of


def refuse_existing(folder: Path, overwrite: bool) -> None:
    """Stop before any work when ``folder`` may not be written.

    Raises
    ------
    RunFolderError
        The folder exists and ``overwrite`` is false, or it holds something that is no run.
    """
    if folder.is_file():
        raise RunFolderError(f"{folder} is a file. Name a folder for the run.")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "manifest.json").is_file():
        raise RunFolderError(f"{folder} exists and is no run folder. Name a new folder; nothing was touched.")
    if not overwrite:
        raise RunFolderError(f"{folder} already holds a run. Add --overwrite to replace it, or name another folder.")


def put_in_place(folder: Path, fill: Callable[[Path], object], overwrite: bool = False) -> None:
    """Make a folder that ``fill`` writes the files of; what it replaces is there until all is written.

    Raises
    ------
    RunFolderError
        The folder exists, or the disk does not let us write.
    """
    refuse_existing(folder, overwrite)
    partial = partial_of(folder)
    try:
        partial.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=partial))
    except OSError as error:
        raise RunFolderError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    try:
        fill(building)
        building.chmod(0o755)
        _sync(building)
        _rename(building, folder)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RunFolderError(f"{folder} cannot be written: {reason}. What was there before is untouched.") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
        with suppress(OSError):
            partial.rmdir()


def _sync(folder: Path) -> None:
    """Have the disk hold every file before the folder gets its name."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())


def _rename(building: Path, folder: Path) -> None:
    if not folder.exists():
        building.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=OLD, dir=building.parent))
    folder.rename(old)
    try:
        building.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
