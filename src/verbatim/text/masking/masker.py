"""Texts with placeholders in place of personal data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from verbatim.records import Progress
from verbatim.side_by_side import each_by_itself
from verbatim.text.masking.finders import Bounds, Finder, finders
from verbatim.text.masking.names import NameFinder
from verbatim.text.masking.options import KINDS, Kind, RedactOptions

LONGEST = 4_000
_MANY = 100_000  # texts from which they are masked in several processes, each of which loads the recognisers
# What most comments lack: without a digit only addresses can be there, and those have one of these signs or words.
DIGIT = re.compile(r"\d")
ADDRESS = re.compile(r"@|://|\.[A-Za-z]{2,6}\b|[(\[{<]\s?(?:[Aa][Tt]\b|\.)")
DOTS = (" dot ", " punto ", " ponto ", " punkt ", " point ", " punt ")
# A run on which recognisers would spend minutes is masked unseen: it may be a list of numbers.
ENDLESS = re.compile(r"(?:\d[^\w\n]{0,3}){199,}\d")
PLACEHOLDER = re.compile(rf"<({'|'.join((*KINDS, 'word', 'name'))})>")
WITHOUT_DIGITS = ("url", "email")


class Masked(NamedTuple):
    """A text with placeholders, and how many of each kind were put in."""

    text: str
    counts: Counter[str]


_NOTHING: Counter[str] = Counter()


class Masker:
    """Masks texts: the user's words, then every kind of the options in the order of `KINDS`, then names.

    Examples
    --------
    >>> Masker(RedactOptions()).mask("Call me on 020 7946 0958 or jo@example.com").text
    'Call me on <phone> or <email>'
    """

    def __init__(self, options: RedactOptions) -> None:
        known = finders(options.phone_regions)
        self._finders = [(kind, known[kind]) for kind in KINDS if kind in options.kinds]
        self._words = _any_of([word.get_secret_value() for word in options.words])
        self._allowed = frozenset(map(_plain, options.allow))
        self._names = NameFinder(options.names_model) if options.names_model else None

    def mask(self, text: str) -> Masked:
        """Mask one text, in pieces where it is very long."""
        if not self.suspicious(text):
            return Masked(text, _NOTHING)
        return self._mask(text)

    def _mask(self, text: str) -> Masked:
        parts = [self._mask_part(part) for part in _parts(text)]
        return Masked("".join(part.text for part in parts), sum((part.counts for part in parts), Counter()))

    def mask_all(self, texts: Iterable[str], progress: Progress | None = None) -> list[Masked]:
        """Mask many texts, each different one once."""
        every = list(texts)
        distinct = list(dict.fromkeys(every))
        many = _MANY if self._names is None else len(distinct) + 1  # a model for names is too large to send around
        found = dict(zip(distinct, each_by_itself(self._each, distinct, "redact", progress, many), strict=True))
        return [found[text] for text in every]

    def _each(self, texts: Sequence[str]) -> list[Masked]:
        return [self.mask(text) for text in texts]

    def suspicious(self, text: str) -> bool:
        """Whether a text may hold personal data at all."""
        if self._names is not None or (self._words and self._words.search(text)):
            return True
        return any(True for _ in self._possible(text))

    def _possible(self, text: str) -> Iterator[tuple[Kind, Finder]]:
        """Finders that may find something, by the cheapest test first."""
        numbered = DIGIT.search(text) is not None
        if not numbered and ADDRESS.search(text) is None:
            lower = text.lower()
            if not any(word in lower for word in DOTS):
                return
        for kind, finder in self._finders:
            if (numbered or kind in WITHOUT_DIGITS) and finder.hint.search(text):
                yield kind, finder

    def _mask_part(self, text: str) -> Masked:
        counts: Counter[str] = Counter()
        if self._words:
            text, counts["word"] = self._words.subn("<word>", text)
        if self._finders:
            text, counts["phone"] = ENDLESS.subn("<phone>", text)
        for kind, finder in self._finders:
            if finder.hint.search(text):
                text, n = self._put(text, finder.find(text), kind)
                counts[kind] += n
        if self._names is not None:
            text, counts["name"] = self._put(text, self._names.find(text), "name")
        return Masked(text, +counts)

    def _put(self, text: str, found: list[Bounds], kind: str) -> tuple[str, int]:
        spans = [span for span in _apart(found) if _plain(text[slice(*span)]) not in self._allowed]
        for start, end in reversed(spans):
            text = f"{text[:start]}<{kind}>{text[end:]}"
        return text, len(spans)


def _any_of(words: list[str]) -> re.Pattern[str] | None:
    """Match any of the words whole, whatever their case; None where there is none."""
    known = sorted({word.strip() for word in words if word.strip()}, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.I) if known else None


def _plain(text: str) -> str:
    """Write what is allowed and what is found alike: no case, and numbers without what parts their digits."""
    bare = re.sub(r"[\s().\-/+]", "", text)
    return bare if bare.isdigit() else text.strip().casefold()


def _apart(spans: list[Bounds]) -> Iterator[Bounds]:
    """Join spans that overlap."""
    start = end = -1
    for low, high in sorted(spans):
        if low < end:
            end = max(end, high)
            continue
        if end > 0:
            yield start, end
        start, end = low, high
    if end > 0:
        yield start, end


def _parts(text: str) -> Iterator[str]:
    """Cut a very long text at white space that no number spans, so that hostile cells cost linear time."""
    start = 0
    while len(text) - start > LONGEST:
        window = text[start : start + LONGEST]
        cuts = [match.end() for match in re.finditer(r"(?<![\d\s])\s+(?![\d\s+(])", window)]
        end = start + (cuts[-1] if cuts else LONGEST)
        yield text[start:end]
        start = end
    yield text[start:]
