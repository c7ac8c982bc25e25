"""`phrases.json` -> PhraseBook: the phrases customers use, parsed, and the dice that choose among them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

import numpy as np

T = TypeVar("T")
# A phrase is text and choices: "{an hour|two hours} late" is a Choice of two phrases, then text.
Phrase = tuple["str | Choice", ...]


class Choice(NamedTuple):
    """One of several phrases, equally likely."""

    phrases: tuple[Phrase, ...]


class Point(NamedTuple):
    """One theme a comment speaks of, well (``positive``) or badly (``negative``)."""

    theme: str
    tone: str


@dataclass(frozen=True, slots=True, eq=False)
class PhraseBook:
    """The phrase bank, parsed. Keys of ``themes`` are (theme key, tone); of the others, score categories."""

    names: dict[str, str]
    words: dict[str, tuple[str, ...]]
    themes: dict[Point, tuple[Phrase, ...]]
    general: dict[str, tuple[Phrase, ...]]
    tails: dict[str, tuple[Phrase, ...]]
    repeated: dict[str, list[str]]
    context: tuple[Phrase, ...]
    contact: tuple[Phrase, ...]
    openers: list[str]
    joins_same: list[str]
    joins_turn: list[str]
    content_free: list[str]


class Dice:
    """Uniform draws from one generator, taken in blocks: a single draw of a Generator costs twenty times as much."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._draws = self._blocks(rng)

    @staticmethod
    def _blocks(rng: np.random.Generator) -> Iterator[float]:
        while True:
            yield from rng.random(65_536).tolist()

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return next(self._draws) < probability

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, equally likely."""
        return options[int(next(self._draws) * len(options))]


@cache
def phrase_book() -> PhraseBook:
    """Read and parse the phrase bank."""
    bank = json.loads(files("verbatim.simulate").joinpath("phrases.json").read_text(encoding="utf-8"))
    slots: dict[str, list[str]] = bank["slots"]

    def parsed(texts: list[str]) -> tuple[Phrase, ...]:
        return tuple(parse_swap(text, slots, bank["swaps"]) for text in texts)

    return PhraseBook(
        names={key: theme["name"] for key, theme in bank["themes"].items()},
        words={key: tuple(theme["words"]) for key, theme in bank["themes"].items()},
        themes={
            Point(key, tone): parsed(theme[tone])
            for key, theme in bank["themes"].items()
            for tone in ("positive", "negative")
        },
        general={category: parsed(texts) for category, texts in bank["general"].items()},
        tails={category: parsed(texts) for category, texts in bank["tails"].items()},
        repeated=bank["repeated"],
        context=parsed(bank["context"]),
        contact=parsed(bank["contact"]),
        openers=bank["openers"],
        joins_same=bank["joins_same"],
        joins_turn=bank["joins_turn"],
        content_free=bank["content_free"],
    )


def parse_phrase(text: str, slots: dict[str, list[str]]) -> Phrase:
    """Parse ``{this|that}`` (a choice, nested at will) and ``{item}`` (a choice from the slot of that name).

    Examples
    --------
    >>> parse_phrase("{very |}late on {day}", {"day": ["Monday"]})
    (Choice(phrases=(('very ',), ())), 'late on ', Choice(phrases=(('Monday',),)))
    """
    parts: list[str | Choice] = []
    for piece, depth in _top_level(text):
        if depth == 0:
            parts.append(piece)
        else:
            options = _alternatives(piece)
            texts = slots.get(piece, options) if len(options) == 1 else options
            parts.append(Choice(tuple(parse_phrase(option, slots) for option in texts)))
    return tuple(parts)


def parse_swap(text: str, slots: dict[str, list[str]], swaps: list[tuple[str, str]]) -> Phrase:
    """Parse a phrase; ``{had}`` and ``{got}`` are what was ordered and what came instead, which go together.

    Examples
    --------
    >>> parse_swap("{got} for {had}", {}, [("limes", "a lemon")])
    (Choice(phrases=(('a lemon for limes',),)),)
    """
    if "{had}" not in text and "{got}" not in text:
        return parse_phrase(text, slots)
    said = (text.replace("{had}", had).replace("{got}", got) for had, got in swaps)
    return (Choice(tuple(parse_phrase(one, slots) for one in said)),)


def _top_level(text: str) -> Iterator[tuple[str, int]]:
    """Cut a text into what stands outside braces (depth 0) and inside the outermost ones (depth 1)."""
    depth, start = 0, 0
    for position, character in enumerate(text):
        if character == "{":
            if depth == 0 and position > start:
                yield text[start:position], 0
            start = position + 1 if depth == 0 else start
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield text[start:position], 1
                start = position + 1
    if start < len(text):
        yield text[start:], 0


def _alternatives(text: str) -> list[str]:
    """Cut at the bars that stand outside inner braces."""
    options, depth = [""], 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "|" and depth == 0:
            options.append("")
        else:
            options[-1] += character
    return options


def say(phrase: Phrase, dice: Dice) -> str:
    """Render a phrase, each choice at random."""
    return "".join(part if isinstance(part, str) else say(dice.pick(part.phrases), dice) for part in phrase)
