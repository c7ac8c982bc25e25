"""Word classes of English words, by the Brill lexicon that textblob bundles; spaCy has none without a model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textblob.en import Parser

_NEGATED = {"can't": "ca", "won't": "wo", "shan't": "sha", "ain't": "ai"}


def tag_words(words: Sequence[str]) -> list[str]:
    """Return the Penn Treebank tag of each word of one text.

    Parameters
    ----------
    words : list of str
        As `verbatim.text.vocabulary.words` gives them; of a contraction the first part is tagged ("wasn't": was).

    Examples
    --------
    >>> tag_words(["the", "staff", "wasn't", "really", "helpful"])
    ['DT', 'NN', 'VBD', 'RB', 'JJ']
    """
    return list(_tags(tuple(_first_part(word) for word in words)))


def _first_part(word: str) -> str:
    if word.endswith("n't"):
        return _NEGATED.get(word, word[:-3])
    return word.split("'")[0] or word


@lru_cache(maxsize=50_000)
def _tags(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for _, tag in _parser().find_tags(list(words))) if words else ()


@lru_cache(maxsize=1)
def _parser() -> Parser:
    from textblob.en import parser

    return parser
