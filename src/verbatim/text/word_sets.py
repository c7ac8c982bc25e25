"""Sets of English words that the rooms of the splitter read, from one file."""

from __future__ import annotations

import json
from importlib import resources


def _word_sets() -> dict[str, frozenset[str]]:
    text = resources.files("verbatim.text").joinpath("english.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return {name: frozenset(words.split()) for name, words in loaded.items()}


WORDS = _word_sets()
