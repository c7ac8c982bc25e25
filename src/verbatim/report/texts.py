"""The fixed texts of the page, in one catalogue: another language is another file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from verbatim.errors import ConfigError

_GAP = re.compile(r"\{(\w+)\}")


def load_texts(file: str | None = None) -> dict[str, str]:
    """Read the catalogue; the texts of ``file`` stand in place of the English ones, which fill what it lacks.

    Parameters
    ----------
    file : str, optional
        A JSON object of texts by key, with the keys and {gaps} of texts.json.

    Raises
    ------
    ConfigError
        The file cannot be read, or holds a key or gap that the page does not know.
    """
    english: dict[str, str] = json.loads(files("verbatim.report").joinpath("texts.json").read_text(encoding="utf-8"))
    if file is None:
        return english
    try:
        own = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"report.texts: {file} cannot be read as JSON: {error}.") from None
    if not isinstance(own, dict):
        raise ConfigError(f"report.texts: {file} holds no object of texts by key.")
    for key, text in own.items():
        if key not in english or not isinstance(text, str):
            raise ConfigError(f'report.texts: {file}: "{key}" is no text of the page. Keys are those of texts.json.')
        strange = set(_GAP.findall(text)) - set(_GAP.findall(english[key]))
        if strange:
            allowed = ", ".join(sorted(set(_GAP.findall(english[key])))) or "none"
            raise ConfigError(f'report.texts: {file}: "{key}" has the gap {{{strange.pop()}}}; allowed: {allowed}.')
    return english | own


def fill(text: str, gaps: Mapping[str, object]) -> str:
    """Fill the {gaps} of a text.

    Examples
    --------
    >>> fill("{n} quotes", {"n": 3})
    '3 quotes'
    """
    return _GAP.sub(lambda gap: str(gaps[gap[1]]), text)
