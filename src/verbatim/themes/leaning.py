"""Whether a name or a span speaks well or badly, by words that say so wherever they occur."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from verbatim.text.vocabulary import words
from verbatim.themes.shapes import NEGATIONS

_REACH = 3  # a negation turns an opinion at most so many words after it: "not very helpful"
_FEWEST_TELLING, _FEWEST_SHARE = 2, 0.05


def leaning(text: str, language: str) -> int:
    """1 where a text speaks well, -1 where it speaks badly, 0 where it does neither or both.

    Negation turns an opinion round; a negation without one speaks badly of what it denies ("no internet").

    Examples
    --------
    >>> [leaning(text, "en") for text in ("helpful staff", "staff not helpful", "no internet", "no problems", "price")]
    [1, -1, -1, 1, 0]
    """
    opinions = _opinions(language)
    total, denials, denied = 0, 0, -1
    for place, word in enumerate(words(text)):
        opinion = (word in opinions["well"]) - (word in opinions["badly"])
        if word in NEGATIONS or word.endswith("n't"):
            denied, denials = place, denials + 1
        elif opinion and denied >= 0 and place - denied <= _REACH:
            total, denials, denied = total - opinion, denials - 1, -1
        else:
            total += opinion
    total -= denials
    return (total > 0) - (total < 0)


def speaks_otherwise(name: str, well: float, language: str) -> float:
    """Share of a theme's spans that a name would contradict, where a share ``well`` of them speaks well.

    A name of size ("high price", "small portions") may praise or blame: it contradicts the smaller side.

    Examples
    --------
    >>> [round(speaks_otherwise(name, 0.4, "en"), 1) for name in ("better price", "high price", "price")]
    [0.6, 0.4, 0.0]
    """
    says = leaning(name, language)
    if says:
        return 1 - well if says > 0 else well
    return min(well, 1 - well) if not _opinions(language)["either"].isdisjoint(words(name)) else 0.0


def share_speaking_well(texts: Iterable[str], language: str) -> float:
    """Share of the texts that speak well among those that speak well or badly; one half where hardly any does."""
    leanings = [leaning(text, language) for text in texts]
    telling = [each for each in leanings if each]
    if len(telling) < max(_FEWEST_TELLING, _FEWEST_SHARE * len(leanings)):
        return 0.5
    return sum(each > 0 for each in telling) / len(telling)


@lru_cache(maxsize=8)
def _opinions(language: str) -> dict[str, frozenset[str]]:
    text = resources.files("verbatim.themes").joinpath("leaning.json").read_text(encoding="utf-8")
    known: dict[str, dict[str, str]] = json.loads(text)
    return {kind: frozenset(known.get(language, {}).get(kind, "").split()) for kind in ("well", "badly", "either")}
