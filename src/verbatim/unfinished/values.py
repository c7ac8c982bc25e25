"""What a stage returns, as one file of data and back: exact to the bit, and nothing in it can be executed.

The file is a zip of JSON, Arrow tables and NumPy arrays, with a checksum each.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Protocol, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim import records
from verbatim.nps import Nps
from verbatim.pace import Agreement, Pace
from verbatim.scales import Outcome, RankedOutcome
from verbatim.themes.guide import Guide
from verbatim.themes.history import Edit, Origin
from verbatim.themes.language_model import ModelNames
from verbatim.themes.model import ThemeModel
from verbatim.themes.prototypes import Prototypes

_OF_RECORDS = (
    records.Column, records.Drivers, records.Embedding, records.EncoderCard, records.Halo, records.JoinReport,
    records.ProposedTheme, records.Reading, records.SentimentReading, records.Spans, records.Survey,
    records.Theme, records.Themes,
)  # fmt: skip
_OTHERS = (
    Agreement, Edit, Guide, ModelNames, Nps, Origin, Outcome, Pace, Prototypes, RankedOutcome, ThemeModel,
)  # fmt: skip
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (*_OF_RECORDS, *_OTHERS)}
_TREE = "value.json"


class Sink(Protocol):
    """What a value is written to."""

    def write(self, data: Any, /) -> int:
        """Take the bytes."""
        ...

    def flush(self) -> None:
        """Pass on what was taken."""
        ...


def pack(value: object, file: Sink, known: Mapping[str, object] | None = None) -> None:
    """Write a value: records, tables, arrays, and tuples, lists and mappings of them.

    Parameters
    ----------
    value : object
    file : file open for writing
    known : mapping of str to object, optional
        Objects that are written by their name alone; `unpack` must be given them again.

    Raises
    ------
    TypeError
        The value holds something else.
    """
    with zipfile.ZipFile(cast(IO[bytes], file), "w") as archive:
        tree = _Packer(archive, known or {}).tree(value)
        archive.writestr(zipfile.ZipInfo(_TREE), json.dumps(tree))


def unpack(file: IO[bytes], known: Mapping[str, object] | None = None) -> Any:
    """Read a value that `pack` wrote. Raises where the file is damaged."""
    with zipfile.ZipFile(file) as archive:
        return _value(json.loads(archive.read(_TREE)), archive, known or {})


def fingerprint(value: object) -> str:
    """Return the sha256 of a value, as `pack` writes it."""
    digest = _Digest()
    pack(value, digest)
    return digest.hash.hexdigest()


class _Digest:
    """A file that keeps nothing but the hash of what is written to it."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: Any, /) -> int:
        self.hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


class _Packer:
    """Writes tables and arrays into an archive and returns the JSON that says where they are."""

    def __init__(self, archive: zipfile.ZipFile, known: Mapping[str, object]) -> None:
        self._archive, self._known = archive, known

    def tree(self, value: Any) -> Any:
        for name, thing in self._known.items():
            if value is thing:
                return {"known": name}
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, pd.DataFrame):
            return self._table(value)
        if isinstance(value, np.ndarray):
            return self._array(value)
        if type(value).__name__ in _KINDS:
            return {"kind": type(value).__name__, "fields": {name: self.tree(part) for name, part in _fields(value)}}
        if isinstance(value, tuple | list):
            return {"tuple" if isinstance(value, tuple) else "list": [self.tree(part) for part in value]}
        if isinstance(value, Mapping):
            return {"mapping": [[self.tree(key), self.tree(part)] for key, part in value.items()]}
        raise TypeError(f"a stage cannot keep a {type(value).__name__}")

    def _table(self, table: pd.DataFrame) -> dict[str, Any]:
        import pyarrow as pa

        name = f"{len(self._archive.namelist())}.arrow"
        packed = pa.Table.from_pandas(table)
        with self._member(name) as member, pa.ipc.new_stream(member, packed.schema) as writer:
            writer.write_table(packed)
        objects = [
            place
            for place, dtype in enumerate(table.dtypes)
            if dtype.kind == "O" and not isinstance(dtype, pd.StringDtype)
        ]
        return {"table": name, "objects": objects}

    def _array(self, array: NDArray[Any]) -> dict[str, Any]:
        if array.dtype == object:
            return {"objects": [self.tree(each) for each in array.ravel()], "shape": list(array.shape)}
        name = f"{len(self._archive.namelist())}.npy"
        with self._member(name) as member:
            np.lib.format.write_array(member, array, allow_pickle=False)
        return {"array": name}

    def _member(self, name: str) -> IO[bytes]:
        return self._archive.open(zipfile.ZipInfo(name), "w", force_zip64=True)


def _fields(record: Any) -> list[tuple[str, Any]]:
    if isinstance(record, Nps):
        return list(record._asdict().items())
    return [(field.name, getattr(record, field.name)) for field in dataclasses.fields(record)]


def _value(tree: Any, archive: zipfile.ZipFile, known: Mapping[str, object]) -> Any:
    if not isinstance(tree, dict):
        return tree
    if "known" in tree:
        return known[tree["known"]]
    if "table" in tree:
        return _read_table(archive, tree)
    if "array" in tree:
        with archive.open(tree["array"]) as member:
            return np.lib.format.read_array(member, allow_pickle=False)
    if "shape" in tree:
        array = np.empty(len(tree["objects"]), dtype=object)
        array[:] = [_value(part, archive, known) for part in tree["objects"]]
        return array.reshape(tree["shape"])
    if "kind" in tree:
        return _KINDS[tree["kind"]](**{name: _value(part, archive, known) for name, part in tree["fields"].items()})
    if "mapping" in tree:
        return {_value(key, archive, known): _value(part, archive, known) for key, part in tree["mapping"]}
    of, parts = next(iter(tree.items()))
    return {"tuple": tuple, "list": list}[of](_value(part, archive, known) for part in parts)


def _read_table(archive: zipfile.ZipFile, tree: Mapping[str, Any]) -> pd.DataFrame:
    import pyarrow as pa

    with archive.open(tree["table"]) as member, pa.ipc.open_stream(member) as reader:
        table: pd.DataFrame = reader.read_all().to_pandas()
    for place in tree["objects"]:
        column = table.columns[place]
        table[column] = table[column].astype(object)
    return table
