"""Figures that were right once are kept in tests/figures: ``KEEP_FIGURES=1 pytest ...`` writes them anew.

They stand beside the tests that say why they are right; here every column of every table is held, to 1e-6.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parent / "figures"


def assert_kept(name: str, found: Mapping[str, object]) -> None:
    """Compare tables, arrays, records and sentences with those kept as ``name``."""
    told = {key: _plain(value) for key, value in found.items()}
    place = FOLDER / f"{name}.json"
    if os.environ.get("KEEP_FIGURES"):
        place.parent.mkdir(parents=True, exist_ok=True)
        rows = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
        place.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    kept = json.loads(place.read_text(encoding="utf-8"))
    assert list(told) == list(kept)
    for key, value in kept.items():
        _same(told[key], value, key)


def _plain(value: object) -> object:
    if isinstance(value, pd.DataFrame):
        columns = {str(name): [str(value[name].dtype), _plain(value[name].tolist())] for name in value}
        return {"index": _plain(value.index.tolist()), "index name": value.index.name, **columns}
    if isinstance(value, pd.Series):
        return [str(value.dtype), value.name, _plain(value.index.tolist()), _plain(value.tolist())]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if value is pd.NA:
        return None
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.9g}") if math.isfinite(value) else str(value)
    return (
        value.item()
        if isinstance(value, np.generic)
        else value
        if isinstance(value, (bool, int, str))
        else _text(value)
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _same(found: object, kept: object, where: str) -> None:
    if isinstance(kept, dict):
        assert isinstance(found, dict) and list(found) == list(kept), where
        for key, value in kept.items():
            _same(found[key], value, f"{where}: {key}")
    elif isinstance(kept, list):
        assert isinstance(found, list) and len(found) == len(kept), where
        for at, (one, other) in enumerate(zip(found, kept, strict=True)):
            _same(one, other, f"{where}, {at}")
    elif isinstance(kept, float):
        assert found == pytest.approx(kept, rel=1e-6, abs=1e-8), where
    else:
        assert found == kept, where
