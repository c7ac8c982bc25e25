"""Vectors kept on disk by content, so that a second run embeds nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verbatim.errors import EncoderError
from verbatim.records import EncoderCard

_READ_AT_ONCE = 500


class VectorCache:
    """Span vectors of passages in one SQLite file, keyed by a hash of encoder, text and span offsets; no text.

    ``arithmetic`` names whatever else the last bits of a vector depend on (the shape of batches): vectors kept by a
    release that computed otherwise are not read.
    """

    def __init__(self, file: Path | None, card: EncoderCard, arithmetic: str = "") -> None:
        self._file = file
        self._dim = card.dim
        self._salt = f"{card.sha256} {arithmetic} ".encode()
        if file is not None:
            self._create(file)

    @classmethod
    def at(cls, folder: str | None, card: EncoderCard, arithmetic: str = "") -> VectorCache:
        """Open the cache in ``folder``; None is the user's cache folder, "" keeps nothing."""
        if folder == "":
            return cls(None, card, arithmetic)
        if folder is None:
            from platformdirs import user_cache_path

            return cls(user_cache_path("verbatim") / "vectors.sqlite", card, arithmetic)
        return cls(Path(folder) / "vectors.sqlite", card, arithmetic)

    def _create(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect(file)) as connection, connection:
                connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, floats BLOB NOT NULL)")
        except (OSError, sqlite3.Error) as error:
            raise _unusable(file, error) from None

    @staticmethod
    def _connect(file: Path) -> sqlite3.Connection:
        return sqlite3.connect(file, timeout=60)

    def key(self, text: str, spans: Sequence[tuple[int, int]]) -> bytes:
        """Hash of everything the vectors of a passage depend on."""
        digest = hashlib.sha256(self._salt)
        digest.update(np.array(spans, dtype="<i8").tobytes())
        digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def read(self, keys: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors (n_spans, dim) of those keys that are known."""
        if self._file is None:
            return {}
        try:
            return self._read(self._file, list(keys))
        except (sqlite3.Error, ValueError) as error:
            raise _unusable(self._file, error) from None

    def _read(self, file: Path, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        known: dict[bytes, NDArray[np.float32]] = {}
        with closing(self._connect(file)) as connection:
            for start in range(0, len(keys), _READ_AT_ONCE):
                some = keys[start : start + _READ_AT_ONCE]
                marks = ",".join("?" * len(some))
                for key, floats in connection.execute(f"SELECT key, floats FROM vectors WHERE key IN ({marks})", some):
                    known[key] = np.frombuffer(floats, "<f4").reshape(-1, self._dim)
        return known

    def write(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep the vectors; another run may write the same ones at the same time."""
        if self._file is None:
            return
        rows = [(key, value.astype("<f4").tobytes()) for key, value in vectors.items()]
        try:
            with closing(self._connect(self._file)) as connection, connection:
                connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise _unusable(self._file, error) from None

    def forget(self, keys: Iterable[bytes]) -> int:
        """Overwrite and remove the vectors of those keys; how many there were."""
        if self._file is None:
            return 0
        try:
            with closing(self._connect(self._file)) as connection, connection:
                connection.execute("PRAGMA secure_delete = ON")
                gone = connection.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in keys])
                return max(gone.rowcount, 0)
        except sqlite3.Error as error:
            raise _unusable(self._file, error) from None


def _unusable(file: Path, error: Exception) -> EncoderError:
    return EncoderError(
        f"The vector cache {file} cannot be used: {error}. Delete it, name another folder with encoder.cache, "
        'or set encoder.cache = "" to do without.'
    )
