"""Tell subjects from general praise or complaint, and both from answers that say nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.lexical import LEXICAL
from verbatim.text.vocabulary import Vocabulary, sentences_of_all_languages, words
from verbatim.vectors import by_blocks

SUBJECT, PRAISE, COMPLAINT, EMPTY = "subject", "praise", "complaint", "empty"
_SAYS_SO = 0.45  # a span without a content word is praise or complaint from this cosine to a prototype on
_GROUP_SAYS_SO = 0.58  # the same for the median span of a group that does hold content words
_GROUP_OF_WORDS_SAYS_SO = 0.8  # the same by words alone: "bad delivery" is near "very bad" by half its words
_SHORT_SAYS_SO, _SHORT = 0.75, 3  # the same for a span of so few words where evaluative words are not all known


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """What kind of span each is, (n_spans,), and whether it is nearer praise than complaint, (n_spans,)."""

    kinds: NDArray[np.str_]
    praises: NDArray[np.bool_]

    def __getitem__(self, rows: NDArray[np.intp]) -> Tones:
        """Return the tones of some spans, in the order asked for."""
        return Tones(self.kinds[rows], self.praises[rows])


class GeneralTone:
    """Similarity of spans to sentences of praise and complaint that name no subject. Never sees a score.

    In a language whose sentences are not listed, those of all listed languages stand in: a multilingual encoder puts
    "very good" next to its like in any language. `LexicalEncoder` cannot, and knows no general tone there.
    """

    def __init__(self, encoder: Encoder, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        lexical = encoder.card.name.startswith(LEXICAL)
        self._group_says_so = _GROUP_OF_WORDS_SAYS_SO if lexical else _GROUP_SAYS_SO
        self._words_are_known = bool(vocabulary.evaluative) and not lexical
        sentences = vocabulary.praise, vocabulary.complaint
        if lexical:  # it reads the words: only sentences that hold nothing but general words are general to it
            sentences = _without_content(sentences[0], vocabulary), _without_content(sentences[1], vocabulary)
        elif not vocabulary.praise:
            sentences = sentences_of_all_languages()
        self._praise, self._complaint = (
            encode_alone(encoder, each) if each else np.zeros((1, encoder.card.dim), np.float32) for each in sentences
        )
        self.knows_sentences = bool(sentences[0]) and bool(sentences[1])
        direction = self._praise.mean(axis=0) - self._complaint.mean(axis=0)
        self._direction = direction / max(float(np.linalg.norm(direction)), 1e-12)

    def strength(self, own_words: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine (n_spans,) to the nearest sentence of general praise or complaint."""
        return by_blocks(
            own_words,
            lambda rows: np.maximum((rows @ self._praise.T).max(axis=1), (rows @ self._complaint.T).max(axis=1)),
        )

    def polarity(self, own_words: NDArray[np.float32]) -> NDArray[np.float32]:
        """Place (n_spans,) on the line from complaint to praise; above 0 is nearer praise."""
        middle = (self._praise.mean(axis=0) + self._complaint.mean(axis=0)) / 2
        return by_blocks(own_words, lambda rows: (rows - middle) @ self._direction)

    def read(self, texts: Sequence[str], own_words: NDArray[np.float32]) -> Tones:
        """Sort spans into subject, praise, complaint and empty.

        A span with a content word has a subject. One without is praise or complaint where it resembles one or holds
        an evaluative word, else empty ("10", "stop", "because"). Where evaluative words are not listed, or misspelt
        ones are read by their parts, a short span that is nearly a sentence of praise or complaint is one.
        """
        has_content = _map_distinct(texts, lambda text: bool(self.vocabulary.content_words(text)))
        evaluates = _map_distinct(texts, lambda text: not self.vocabulary.evaluative.isdisjoint(words(text)))
        strength = self.strength(own_words)
        if not self._words_are_known:
            short = _map_distinct(texts, lambda text: len(words(text)) <= _SHORT)
            has_content &= ~(short & (strength >= _SHORT_SAYS_SO))
        speaks = (strength >= _SAYS_SO) | (evaluates & (strength >= _SAYS_SO / 2))
        praises = self.polarity(own_words) > 0
        tone = np.where(praises, PRAISE, COMPLAINT)
        return Tones(np.where(has_content, SUBJECT, np.where(speaks, tone, EMPTY)), praises)

    def is_general(self, own_words: NDArray[np.float32]) -> bool:
        """Tell whether a whole group of spans is praise or complaint without a subject ("good service so far")."""
        return bool(np.median(self.strength(own_words)) >= self._group_says_so)


def _without_content(sentences: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if not vocabulary.content_words(sentence))


def _map_distinct(texts: Sequence[str], judge: Callable[[str], bool]) -> NDArray[np.bool_]:
    found = {text: judge(text) for text in dict.fromkeys(texts)}
    return np.array([found[text] for text in texts], dtype=bool)
