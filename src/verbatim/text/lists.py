"""Clauses become points: items of a list, and what "and", "with", a comma or nothing at all joins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verbatim.text.grammar import read
from verbatim.text.joints import Joints
from verbatim.text.sentences import Offsets

_LIST_COMMA = re.compile(r"(?<!\s)\s*,\s+(?:(?:and|e|y|et|und)\s+)?", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:and|with|plus|as well as)\b|[&/+,]", re.IGNORECASE)
_RELATIVE = re.compile(
    r"(?:who|which|where|that|whose|when|if|as|because|however|please|don't|not even)\b", re.IGNORECASE
)
_NO_ITEM = frozenset(("i", "we", "you", "they", "he", "she", "it", "don't", "won't", "can't"))


def list_items(text: str, clause: Offsets) -> list[Offsets]:
    """Three or more short items between commas are a list ("friendly staff, quick delivery, fair price")."""
    items: list[Offsets] = []
    start, end = clause
    for match in _LIST_COMMA.finditer(text, start, end):
        items.append((start, match.start()))
        start = match.end()
    items.append((start, end))
    said = [text[a:b].split() for a, b in items] if len(items) >= 3 else []
    if not said or not all(1 <= len(words) <= 5 for words in said) or sum(len(words) >= 2 for words in said) < 2:
        return [clause]
    if any(
        _RELATIVE.match(text, *item) or words[0].lower() in _NO_ITEM
        for item, words in zip(items[1:], said[1:], strict=True)
    ):
        return [clause]
    return items


def points(text: str, clause: Offsets, kept: Sequence[Offsets]) -> Iterator[Offsets]:
    """Cut an English clause where each side makes a point of its own, by the word classes on both sides."""
    for item in list_items(text, clause):
        if _JOINT.search(text, *item) or text.count(" ", *item) >= 3:
            yield from Joints(read(text, item, kept)).cut(text, item)
        else:
            yield item
