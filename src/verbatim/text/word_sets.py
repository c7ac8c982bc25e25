"""Sets of English words that the rooms of the splitter read."""

from __future__ import annotations

import json
from importlib import resources


def _word_sets() -> dict[str, frozenset[str]]:
    texts = (resources.files("verbatim.text").joinpath(f"{name}.json") for name in ("english", "wording"))
    english, wording = (json.loads(text.read_text(encoding="utf-8")) for text in texts)
    english["evaluative"] = wording["en"]["evaluative"]
    return {name: frozenset(words.split()) for name, words in english.items()}


WORDS = _word_sets()
