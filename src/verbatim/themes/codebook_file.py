"""The themes of a model as a codebook that people edit: YAML, CSV or a workbook, one format whatever the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from verbatim.errors import ConfigError
from verbatim.records import Theme
from verbatim.themes.codebook import KEYS, LONGEST, Codebook, codebook_of, read_codebook

if TYPE_CHECKING:
    from yaml.nodes import ScalarNode

TABLES = (".csv", ".xlsx")
_YAML = (".yaml", ".yml")
_BETWEEN = " | "
_EXAMPLES = 5
_FORMULA_STARTS = ("=", "+", "-", "@")
_HOW = """\
# The themes of {source}. Edit what you like, then: verbatim codebook import RUN {file}
#
# rename, describe   change name or definition
# move               change parent to another broader theme, or to a new name; remove it: to the top
# merge              one entry with several ids, the first of which stays:  id: T03 + T07
# split              two entries or more with the same id, each with a name and examples of its own
# drop               remove the entry
# add                an entry without id, with examples of what customers say
#
# keywords are for you to read. examples tell the parts of a split and added themes; others are for you to read.
"""


def write_codebook(themes: Sequence[Theme], texts: Mapping[str, str], file: Path, source: str) -> None:
    """Write themes as a codebook.

    Parameters
    ----------
    themes : list of Theme
    texts : mapping of span id to text
        Of their exemplars.
    file : Path
        ``.yaml``, ``.yml``, ``.csv`` or ``.xlsx``.
    source : str
        Whose themes they are, for the first line.

    Raises
    ------
    ConfigError
        The file has another ending, exists, or cannot be written.
    """
    if file.suffix.lower() not in (*_YAML, *TABLES):
        raise ConfigError(f"{file} ends with {file.suffix!r}; a codebook ends with .yaml, .csv or .xlsx.")
    if file.exists():
        raise ConfigError(f"{file} exists already. Name another file, or remove it; nothing was touched.")
    entries = [_entry(theme, themes, texts) for theme in themes]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix.lower() in _YAML:
            file.write_text(_as_yaml(entries, source, file.name), encoding="utf-8")
        elif file.suffix.lower() == ".csv":
            _as_table(entries).to_csv(file, index=False, encoding="utf-8-sig")
        else:
            _as_table(entries).to_excel(file, index=False, sheet_name="themes", engine="xlsxwriter")
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}. Name another file.") from None


def _entry(theme: Theme, themes: Sequence[Theme], texts: Mapping[str, str]) -> dict[str, str | list[str]]:
    parent = next((each.name for each in themes if each.theme_id == theme.parent_id), "")
    quoted = [" ".join(texts[span].split())[: LONGEST["examples"]] for span in theme.exemplars if span in texts]
    return {
        "id": theme.theme_id,
        "name": theme.name,
        "definition": as_exported(theme.definition),
        "parent": parent,
        "kind": "general" if theme.kind == "general" else "",
        "keywords": ", ".join(theme.keywords),
        "examples": quoted[:_EXAMPLES],
    }


def as_exported(definition: str) -> str:
    """Return a definition as a codebook holds it: on one line, of bounded length."""
    return " ".join(definition.split())[: LONGEST["definition"]].rstrip()


def _as_yaml(entries: Sequence[Mapping[str, str | list[str]]], source: str, file: str) -> str:
    import yaml

    full = [{key: value for key, value in entry.items() if value} for entry in entries]
    text: str = yaml.safe_dump(
        {"themes": full}, allow_unicode=True, sort_keys=False, width=120, default_flow_style=False
    )
    return _HOW.format(source=source, file=file) + text


def _as_table(entries: Sequence[Mapping[str, str | list[str]]]) -> pd.DataFrame:
    """One row a theme; lists in one cell, " | " between their entries; no cell is a formula."""

    def cell(value: str | list[str]) -> str:
        text = value if isinstance(value, str) else _BETWEEN.join(value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text

    return pd.DataFrame([{key: cell(entry[key]) for key in KEYS} for entry in entries], columns=list(KEYS))


def read_any_codebook(file: Path, cells: pd.DataFrame | None = None) -> Codebook:
    """Read a codebook from YAML, or from the cells of a table with the columns that `write_codebook` writes.

    Raises
    ------
    ConfigError
        An entry is not as it should be; the message names the line, of a table its row in the spreadsheet.
    """
    if cells is None:
        return read_codebook(file)
    from yaml.error import Mark
    from yaml.nodes import MappingNode, SequenceNode

    names = [str(name).strip() for name in cells.columns]
    rows = []
    for number, row in enumerate(cells.itertuples(index=False, name=None), 1):
        mark = Mark(file.name, 0, number, 0, None, 0)
        texts = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        if any(texts.values()):
            pairs = [(_scalar(name, mark), _value(name, text, mark)) for name, text in texts.items() if text]
            rows.append(MappingNode("tag:yaml.org,2002:map", pairs, mark, mark))
    return codebook_of(SequenceNode("tag:yaml.org,2002:seq", rows), file.name)


def _plain(value: object) -> str:
    text = "" if pd.isna(value) else str(value).strip()  # type: ignore[call-overload]
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _scalar(text: str, mark: object) -> ScalarNode:
    from yaml.nodes import ScalarNode

    return ScalarNode("tag:yaml.org,2002:str", text, mark, mark)


def _value(name: str, text: str, mark: object) -> object:
    from yaml.nodes import SequenceNode

    if name != "examples":
        return _scalar(text, mark)
    parts = [_scalar(part.strip(), mark) for part in text.split("|") if part.strip()]
    return SequenceNode("tag:yaml.org,2002:seq", parts, mark, mark)
