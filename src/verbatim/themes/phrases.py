"""Phrases that could name a theme: who says them, and how much they are the theme's own."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from verbatim.text.vocabulary import WORD, Vocabulary
from verbatim.themes.shapes import NEGATION, means, spoken, stems_of, tokens_of

SPANS_READ = 300  # of one theme, evenly over it
_TITLES, _MOSTLY = 0.4, 0.7  # shares of capitals: of all words in titles, of a name's mentions
_FEWEST_THEMES, _MOST_THEMES = 5, 0.6  # a word that so many themes mention is no theme's own
_CLAUSE_ENDS = re.compile(r"[.,;:!?()\[\]\"\n/\u2026]+|\s[-\u2013\u2014]+\s")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate name of one theme.

    Attributes
    ----------
    text : str
        In lower case, as a name would read.
    stems : frozenset of str
        What it means: its words' stems, all negations as one; phrases of the same stems are the same name.
    said : int
        How many of the spans read say it.
    share : float
        Share of the spans read that hold all its stems, in any order.
    borne_out : float
        Share of the spans with its commonest stem that say all of it.
    lead : float
        Share of the spans read that hold its commonest stem.
    lift : float
        How much commoner its most telling stem is in the theme than in the others, as a logarithm of the ratio.
    """

    text: str
    stems: frozenset[str]
    said: int
    share: float
    borne_out: float
    lead: float
    lift: float


@dataclass(slots=True)
class _Said:
    spans: set[int] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)


class Phrases:
    """All phrases of the themes' spans, counted once for every theme.

    Examples
    --------
    >>> from verbatim.text.vocabulary import vocabulary
    >>> spans = ["the staff were really helpful", "helpful staff", "my parcel hasn't arrived"]
    >>> found = Phrases(spans, {0: np.array([0, 1]), 1: np.array([2])}, vocabulary("en"))
    >>> found.of(0)[0].text, found.of(1)[0].text
    ('helpful staff', 'parcel not arrived')
    """

    def __init__(self, texts: Sequence[str], members: Mapping[int, NDArray[np.intp]], known: Vocabulary) -> None:
        self._known = known
        self._said: dict[int, dict[frozenset[str], _Said]] = {}
        self._holding: dict[int, dict[str, set[int]]] = {}
        self._read: dict[int, int] = {}
        read_spans: list[str] = []
        for theme, rows in members.items():
            read = rows[:: max(1, len(rows) // SPANS_READ)].tolist()
            self._read[theme] = len(read)
            self._said[theme], self._holding[theme] = self._count(texts, read)
            read_spans += [texts[span] for span in read]
        self._n = sum(self._read.values())
        self._everywhere: Counter[str] = Counter()
        for holding in self._holding.values():
            self._everywhere.update({stem: len(spans) for stem, spans in holding.items()})
        self._brands = self._spread(proper_names(read_spans, known))

    def _count(
        self, texts: Sequence[str], read: Sequence[int]
    ) -> tuple[dict[frozenset[str], _Said], dict[str, set[int]]]:
        said: defaultdict[frozenset[str], _Said] = defaultdict(_Said)
        holding: defaultdict[str, set[int]] = defaultdict(set)
        for span in read:
            for clause in _CLAUSE_ENDS.split(texts[span]):
                tokens = tokens_of(clause, self._known)
                for word in tokens:
                    holding[means(word, self._known)].add(span)
                for phrase in spoken(tokens, self._known):
                    stems = stems_of(phrase, self._known)
                    if stems:
                        said[stems].spans.add(span)
                        said[stems].spellings[" ".join(phrase)] += 1
        return said, holding

    def _spread(self, stems: set[str]) -> set[str]:
        """Those of the stems that most themes mention: the company's own name says nothing about any."""
        needed = max(_FEWEST_THEMES, _MOST_THEMES * len(self._holding))
        return {stem for stem in stems if sum(stem in holding for holding in self._holding.values()) >= needed}

    def of(self, theme: int, most: int | None = None, near: Collection[int] = ()) -> list[Phrase]:
        """Phrases of a theme said by two spans or by one of those ``near`` its middle, the likeliest names first."""
        said = {stems: entry for stems, entry in self._said[theme].items() if self._brands.isdisjoint(stems)}
        often = {stems: each for stems, each in said.items() if len(each.spans) > 1 or not each.spans.isdisjoint(near)}
        found = [self._phrase(theme, stems, entry) for stems, entry in (often or said).items()]
        found.sort(key=lambda phrase: (-_promise(phrase), phrase.text))
        return found[:most]

    def _phrase(self, theme: int, stems: frozenset[str], entry: _Said) -> Phrase:
        n, holding = self._read[theme], self._holding[theme]
        together = set.intersection(*(holding.get(stem, entry.spans) for stem in stems)) | entry.spans
        denies = NEGATION in stems  # "no" somewhere else in the span denies something else
        lead = max(len(holding.get(stem, entry.spans)) for stem in stems)
        lift = max(_log_odds(len(holding.get(stem, ())), n, self._everywhere[stem], self._n) for stem in stems)
        text = min(entry.spellings.items(), key=lambda item: (-item[1], len(item[0]), item[0]))[0]
        return Phrase(
            text,
            stems,
            len(entry.spans),
            len(together) / n,
            len(entry.spans if denies else together) / lead,
            lead / n,
            lift,
        )


def _promise(phrase: Phrase) -> float:
    """Rank of a phrase before its meaning is read: often said, of two words or three, and the theme's own."""
    return (1 + math.log(phrase.said)) * (1 + min(len(phrase.stems), 3)) * (1 + max(phrase.lift, 0.0))


def _log_odds(here: int, n_here: int, everywhere: int, n_everywhere: int) -> float:
    inside = (here + 0.5) / (n_here + 1)
    outside = (everywhere - here + 0.5) / (n_everywhere - n_here + 1)
    return math.log(inside / outside)


def proper_names(texts: Sequence[str], known: Vocabulary) -> set[str]:
    """Stems mostly written with a capital inside a text; where all words are, those in capitals alone.

    Examples
    --------
    >>> from verbatim.text.vocabulary import vocabulary
    >>> sorted(proper_names(["flights with KLM", "the KLM crew", "fly with Delta", "a good crew"], vocabulary("en")))
    ['delta', 'klm']
    """
    inside = [word for text in texts if not text.isupper() for word in WORD.findall(text)[1:] if len(word) > 1]
    titled = sum(word[0].isupper() for word in inside) > _TITLES * len(inside)
    seen = Counter(means(word.lower(), known) for word in inside)
    capital = Counter(
        means(word.lower(), known) for word in inside if (word.isupper() if titled else word[0].isupper())
    )
    return {stem for stem, n in capital.items() if n >= _MOSTLY * seen[stem]}
