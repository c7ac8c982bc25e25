"""The examples of docs/tables.md run, in their order."""

import re
import tomllib
from pathlib import Path

import pytest

from verbatim.config import parse_config

PAGE = (Path(__file__).parents[1] / "docs" / "tables.md").read_text(encoding="utf-8")


def test_the_python_examples_run(tmp_path, monkeypatch):
    pytest.importorskip("sqlalchemy", reason="the extra [sql] is not installed")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 6
    for block in blocks:
        exec(compile(block, "docs/tables.md", "exec"), names)


def test_the_toml_examples_are_valid():
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    [\w\[]))+", PAGE, re.MULTILINE)
    tables = [block for block in blocks if block.lstrip().startswith("[")]
    assert len(tables) == 5
    for block in tables:
        parse_config(tomllib.loads(re.sub("^    ", "", block, flags=re.MULTILINE)), "docs/tables.md")
