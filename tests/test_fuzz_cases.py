"""Inputs that once ended in a traceback or a hang: each is a result now, or one message."""

import gzip
import io
import time
import zipfile

import pytest
from benchmarks.fuzz_targets import CASES, ENDINGS, TARGETS, tried


def ending(which, data):
    return bytes([ENDINGS.index(which)]) + data


def archive(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(name, "score,why\n9,fast\n")
    return file.getvalue()


def wrapped(data, times):
    for _ in range(times):
        data = gzip.compress(data, 1)
    return data


MADE = {
    "JSON nested too deeply": ("table", ending(".json", b"[" * 100_000)),
    "a line of JSON nested too deeply": ("table", ending(".jsonl", b"{}\n" + b'{"a":' * 100_000)),
    "half a character as a name": ("table", ending(".json", rb'[{"\ud800": 1, "b": 2}]')),
    "half a character as a value": ("table", ending(".json", rb'[{"a": "\uDC00x", "b": "\ud83d\ude00"}]')),
    "a name longer than a file's can be": ("table", ending(".csv", archive("a" * 5_000 + ".csv"))),
    "archives in archives": ("table", ending(".txt.gz", wrapped(b"score,why\n9,fast\n", 2_000))),
    "a codebook nested too deeply": ("codebook", b"[" * 100_000),
    "a theme twice in a line": ("codebook", b"[Price, price]"),
    "a config nested too deeply": ("config", b"x = " + b"[" * 100_000),
    "a key of half a million parts": ("config", b"a." * 450_000 + b"a = 1"),
    "a manifest nested too deeply": ("manifest", b'{"a":' * 100_000),
}
FOUND = sorted(file for file in CASES.rglob("*") if file.is_file())


@pytest.mark.parametrize("case", MADE)
def test_made_to_harm(case):
    began = time.monotonic()
    tried(*MADE[case])
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("file", FOUND, ids=[file.name for file in FOUND])
def test_found_by_fuzzing(file):
    assert file.parent.name in TARGETS
    tried(file.parent.name, file.read_bytes())


def test_a_theme_twice_is_refused_wherever_it_stands():
    assert not tried("codebook", MADE["a theme twice in a line"][1])
