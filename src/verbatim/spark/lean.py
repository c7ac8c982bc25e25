"""Workers of a cluster read comments without the heavy libraries that others of this package bring along."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType

HEAVY = ("bertopic", "numba", "pandas", "torch", "transformers", "umap")


class _Refusing:
    """Answers imports of some libraries as if they were not installed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in HEAVY:
            raise ModuleNotFoundError(f"A Spark worker of verbatim does without {name}.", name=name)
        return None


@contextmanager
def lean() -> Iterator[None]:
    """Leave `HEAVY` out while modules are imported.

    spaCy and presidio take torch, transformers and pandas along where they find them, half a gibibyte and seconds for
    every worker process, and run without.
    """
    refusing = _Refusing()
    sys.meta_path.insert(0, refusing)
    try:
        yield
    finally:
        sys.meta_path.remove(refusing)
