"""RUN.partial: where a run is built, by one process at a time, and what is left of it when it is stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from verbatim.errors import RunFolderError, VerbatimError
from verbatim.unfinished.stages import has_stages

BUILDING, OLD = "building", "replaced"
_LOCK = "lock"


def partial_of(run: Path) -> Path:
    """Return the folder beside a run folder in which it is built."""
    return run.with_name(f"{run.name}.partial")


@contextmanager
def unfinished(run: Path, resume: bool, overwrite: bool) -> Iterator[Path]:
    """Hold the place where ``run`` is built; yields the folder for its stages, which is gone when the run is done.

    When the run is stopped by whatever means, the stages stay, unless there is none.

    Raises
    ------
    RunFolderError
        Another process builds the same run; stages are kept there and neither ``resume`` nor ``overwrite`` is given;
        the disk does not let us write.
    """
    folder = partial_of(run)
    lock = _lock(folder, run)
    try:
        put_right(run)
        if has_stages(folder) and not resume:
            if not overwrite:
                raise RunFolderError(
                    f"{folder} holds an unfinished run. Add --resume to continue it (what does not fit this command is "
                    "done anew), or --overwrite to start from nothing."
                )
            _empty(folder)
        yield from _told(folder)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        if not has_stages(folder):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _told(folder: Path) -> Iterator[Path]:
    """Yield the folder; say of what stops the run meanwhile where its stages are."""
    try:
        yield folder
    except KeyboardInterrupt:
        raise RunFolderError(f"Stopped. {_left(folder)}") from None
    except VerbatimError as error:
        if has_stages(folder) and "--resume" not in str(error):
            raise type(error)(f"{error}\n{_left(folder)}") from None
        raise


def _left(folder: Path) -> str:
    if has_stages(folder):
        return f"The stages that were finished are kept in {folder}: give the command with --resume to continue."
    return "No stage was finished and nothing is left behind: give the same command again."


def put_right(run: Path) -> None:
    """Undo what a killed process left half done: a run that was being replaced is put back, the rest removed."""
    folder = partial_of(run)
    for old in sorted(folder.glob(f"{OLD}*")):
        if not run.exists() and (old / "manifest.json").is_file():
            old.rename(run)
    for left in (*folder.glob(f"{BUILDING}*"), *folder.glob(f"{OLD}*")):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob("*.new"):
        left.unlink(missing_ok=True)


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != _LOCK:
            file.unlink()


def _lock(folder: Path, run: Path) -> int:
    """Take the lock of the folder: a file with our process id, held by the system, so that no dead process holds it."""
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise RunFolderError(f"{run} cannot be written: {error.strerror}. Name another folder.") from None
        if not _held(lock):
            holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
            os.close(lock)
            raise RunFolderError(
                f"{run} is being written by another run (process {holder or 'unknown'}). Wait until it is done, or "
                "name another folder; nothing was touched."
            )
        with suppress(OSError):
            if os.path.samestat(os.fstat(lock), (folder / _LOCK).stat()):
                os.ftruncate(lock, 0)
                os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
                return lock
        os.close(lock)


def _held(lock: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
