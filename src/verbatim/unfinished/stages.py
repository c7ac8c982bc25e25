"""The stages of one run: each is done once, timed, and kept on disk under a name that says what it came from."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from platform import python_version
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr

from verbatim.clock import Clock, Took
from verbatim.errors import RunFolderError
from verbatim.unfinished.values import pack, unpack

T = TypeVar("T")
_ENDING = ".stage"


class Stages:
    """Runs the stages of a survey in their order, and takes from ``folder`` what was done before from the same inputs.

    The name of a stage's file holds a hash of the code, of the inputs and options of this stage and of all before it:
    what came about in another way has another name and is never taken.

    Parameters
    ----------
    folder : Path or None
        Where finished stages are kept; None keeps nothing.
    packages : mapping of str to str
        Versions of the libraries that results depend on.

    Attributes
    ----------
    clock : Clock
        What the work of each stage took, also of those that an earlier process did.
    resumed : list of str
        Stages that were taken from ``folder``.
    """

    def __init__(self, folder: Path | None, packages: Mapping[str, str]) -> None:
        self._folder = folder
        self._key = hashlib.sha256(f"{code_sha256()} {python_version()} {_spelt(dict(packages))}".encode())
        self.clock = Clock()
        self.resumed: list[str] = []

    def given(self, value: Callable[[], object]) -> None:
        """Let all stages that follow depend on ``value()``; it is not asked for where nothing is kept."""
        if self._folder is not None:
            self._key.update(_spelt(value()).encode())

    def run(
        self,
        stage: str,
        work: Callable[[], T],
        *options: object,
        known: Mapping[str, object] | None = None,
        keep: bool | Callable[[T], bool] = True,
    ) -> T:
        """Do the work of a stage, or take what it gave before.

        Parameters
        ----------
        stage : str
        work : callable
        *options : object
            All it depends on beside the stages before it and what was `given`: options, or anything JSON holds.
        known : mapping of str to object, optional
            See `verbatim.unfinished.values.pack`.
        keep : bool or callable
            False for what is done again sooner than it is read; a callable is asked of the result.
        """
        self._key.update(f"\n{stage} {_spelt(options)}".encode())
        file = None
        if keep and self._folder is not None:
            file = self._folder / f"{stage.replace(' ', '-')}-{self._key.hexdigest()[:32]}{_ENDING}"
            found = _taken(file, known)
            if found is not None:
                self.resumed.append(stage)
                self.clock.note(stage, Took(*found["took"]))
                kept: T = found["value"]
                return kept
        import pyarrow as pa

        result, took = self.clock.run(stage, work)
        pa.default_memory_pool().release_unused()  # gigabytes, where the survey is large
        if file is not None and (keep is True or (callable(keep) and keep(result))):
            put(file, {"took": tuple(took), "value": result}, known)
        return result


def _taken(file: Path, known: Mapping[str, object] | None) -> dict[str, Any] | None:
    """What the file holds; None where there is none, or a damaged one, whose work is done again."""
    import pyarrow as pa

    try:
        with file.open("rb") as opened:
            found: dict[str, Any] = unpack(opened, known)
            return found
    except (OSError, zipfile.BadZipFile, pa.ArrowException, KeyError, TypeError, ValueError, EOFError):
        return None


def put(file: Path, value: object, known: Mapping[str, object] | None = None) -> None:
    """Write a value so that the file is there whole or not at all, also when the process is killed.

    Raises
    ------
    RunFolderError
        The disk does not let us write.
    """
    building = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        try:
            with building.open("wb") as opened:
                pack(value, opened, known)
                opened.flush()
                os.fsync(opened.fileno())
            building.replace(file)
        finally:
            building.unlink(missing_ok=True)
    except OSError as error:
        raise RunFolderError(
            f"{file.parent} cannot be written: {error.strerror or error}. The stages finished before are kept there: "
            "make room, then give the same command with --resume."
        ) from None


def has_stages(folder: Path) -> bool:
    """Whether a finished stage is kept in the folder."""
    return any(folder.glob(f"*{_ENDING}"))


def _spelt(value: object) -> str:
    """Spell options as they were given, secret words too; it is hashed and never shown."""
    return json.dumps(value, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        return dict(value)
    raise TypeError(f"options of a stage cannot hold a {type(value).__name__}")


@lru_cache
def code_sha256() -> str:
    """Return the sha256 of the files of this package: code, word lists and templates."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for file in sorted(root.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(root).as_posix()} {file.stat().st_size}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
