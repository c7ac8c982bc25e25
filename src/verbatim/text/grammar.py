"""Noun phrases and clauses of English, read off word classes: enough to tell what stands on each side of an "and"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from verbatim.text.sentences import Offsets
from verbatim.text.tags import tag_words
from verbatim.text.word_sets import WORDS

_TOKEN = re.compile(r"<[a-z]+>|\d+(?:[.,:]\d+)*[^\W\d_]*|[^\W\d_]+(?:['\u2019\ufffd\u00b4`-][^\W\d_]+)*|[^\w\s]")
_APOSTROPHE = re.compile("(?<=[a-z])[\u2019\ufffd\u00b4`](?=[a-z])")
_NOUNS = frozenset(("NN", "NNS", "NNP", "NNPS"))
_ADJECTIVES = frozenset(("JJ", "JJR", "JJS"))
_PARTICIPLES = frozenset(("VBN", "VBG", "VBD"))
_DETERMINERS = frozenset(("DT", "PRP$", "PDT"))
_AFTER_A_VERB = frozenset(("DT", "PRP$", "PRP", "CC", "RB"))
_LONGEST_PHRASE = 9
JOINTS = frozenset((",", "and", "&", "plus", "/", "+", "with", "as-well-as"))
FINITE = WORDS["finite"]
BE = WORDS["be"]
COPULAS = BE | WORDS["copulas"]
_SUBJECTS = WORDS["subjects"]
_SUBJECT_AND_VERB = WORDS["subject_and_verb"]
_PLURAL_VERBS = WORDS["plural_verbs"]
# Staff and the like take plural verbs by themselves.
_COLLECTIVE = WORDS["collective"]
# Singular verbs that the tagger takes for plural nouns.
_VERBS_IN_S = WORDS["verbs_in_s"]
# Also nouns, verbs or adverbs; adjectives only where a noun follows.
_NOT_ALWAYS_ADJECTIVES = WORDS["not_always_adjectives"]
# Adjectives that pick out rather than describe; a phrase does not make a point by them.
_PICKING = WORDS["picking"]
_VALUES = WORDS["values"] | WORDS["evaluative"]
_VERDICTS = _VALUES - {"no", "lack", "zero"}
_DESCRIBING = _ADJECTIVES | _PARTICIPLES
_LINKING = FINITE | COPULAS


class Phrase(NamedTuple):
    """A noun phrase: its first word, one past its last, its head; whether it has a modifier, and one that values."""

    first: int
    stop: int
    head: int
    modified: bool
    values: bool


class Subject(NamedTuple):
    """The beginning of a clause: head noun of the subject (None for a pronoun) and its verb (None for "staff rude")."""

    head: int | None
    verb: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause with the word class of each of its words and signs."""

    words: Sequence[str]
    tags: Sequence[str]
    places: Sequence[Offsets]

    def is_boundary(self, at: int) -> bool:
        """Tell whether the clause, or a part of it, ends before this word."""
        return at >= len(self.words) or self.words[at] in JOINTS or self.tags[at] == "SYM"

    def is_finite(self, at: int) -> bool:
        """Tell whether a word is a verb that has a subject."""
        return at < len(self.words) and (self.words[at] in FINITE or self.tags[at] in ("VBD", "VBZ", "MD"))

    def phrase(self, first: int) -> Phrase | None:
        """Return the noun phrase that begins at a word."""
        at, head, modified, values = first, -1, False, False
        if at < len(self.words) and (self.tags[at] in _DETERMINERS or self.words[at] in ("no", "zero")):
            modified = values = self.words[at] in ("no", "zero")
            at += 1
        stop = min(len(self.words), at + _LONGEST_PHRASE)
        while at < stop:
            tag, word = self.tags[at], self.words[at]
            if tag in _NOUNS or tag == "POS":
                if word in _SUBJECT_AND_VERB or word in _SUBJECTS:
                    break
                if word in ("lack", "lots", "plenty"):
                    modified = values = True
                head = at
            elif head >= 0 or not self._modifies(at):
                break
            else:
                modified |= tag in _DESCRIBING and word not in _PICKING
                values |= word in _VALUES
            at += 1
        return Phrase(first, head + 1, head, modified, values) if head >= 0 else None

    def phrase_before(self, stop: int, start: int, depth: int = 2) -> Phrase | None:
        """Return the noun phrase that ends before ``stop``; of "good views of the sea" the modified one."""
        head = at = stop - 1
        if at < start or self.tags[at] not in _NOUNS or self.words[at] in _SUBJECTS:
            return None
        while at > start and self.tags[at - 1] in _NOUNS and self.words[at - 1] not in _SUBJECTS:
            at -= 1
        modified = values = any(word in ("lack", "plenty") for word in self.words[at:stop])
        while at > max(start, stop - _LONGEST_PHRASE) and self._modifies(at - 1):
            at -= 1
            modified |= self.tags[at] in _DESCRIBING and self.words[at] not in _PICKING
            values |= self.words[at] in _VALUES
        if at > start and (self.tags[at - 1] in _DETERMINERS or self.words[at - 1] in ("no", "zero")):
            at -= 1
            if self.words[at] in ("no", "zero"):
                modified = values = True
        if not modified and depth and at > start + 1 and self.tags[at - 1] in ("IN", "TO"):
            outer = self.phrase_before(at - 1, start, depth - 1)
            if outer:
                return outer._replace(stop=stop)
        return Phrase(at, stop, head, modified, values)

    def subject(self, first: int) -> Subject | None:
        """Return the beginning of the clause that starts at a word, None where there is no clause."""
        at = first
        while at < first + 3 and at < len(self.words) and self.tags[at] == "RB" and self.words[at] not in ("no", "not"):
            at += 1
        if at >= len(self.words):
            return None
        if self.words[at] in _SUBJECT_AND_VERB:
            return Subject(None, at)
        if self.words[at : at + 2] == ["no", "one"]:
            verb = self._verb(at + 2)
            return Subject(None, verb) if verb is not None else None
        if self.words[at] in _SUBJECTS:
            pronoun = self._verb(at + 1, self.tags[at] == "PRP")
            return Subject(None, pronoun) if pronoun is not None else self._of_a_noun(at)
        if self._is_short_it_is(at):
            return Subject(None, at)
        return self._of_a_noun(at)

    def agrees(self, subject: Subject) -> bool:
        """Tell whether the verb fits the head alone; "the service were" needs what stands before the "and" as well."""
        if subject.head is None or subject.verb is None:
            return True
        singular = self.tags[subject.head] in ("NN", "NNP") and self.words[subject.head] not in _COLLECTIVE
        return not (singular and self.words[subject.verb] in _PLURAL_VERBS)

    def _of_a_noun(self, first: int) -> Subject | None:
        phrase = self.phrase(first)
        for _ in range(3):
            if phrase is None:
                return None
            verb = self._verb(phrase.stop)
            if verb is not None:
                return Subject(phrase.head, verb)
            if self._is_verdict(phrase):
                return Subject(phrase.head, None)
            if (
                phrase.stop >= len(self.words)
                or self.tags[phrase.stop] != "IN"
                or self.words[phrase.stop] in ("with", "as")
            ):
                return None
            inner = self.phrase(phrase.stop + 1)
            phrase = inner and inner._replace(head=phrase.head, modified=True)
        return None

    def _is_verdict(self, phrase: Phrase) -> bool:
        """Tell whether nothing but a valuing adjective follows a bare noun ("delivery late", "staff very rude")."""
        at = phrase.stop
        if phrase.modified:
            return False
        while at < len(self.words) and self.tags[at] == "RB" and at < phrase.stop + 2 and self.words[at] not in _VALUES:
            at += 1
        return at < len(self.words) and self.words[at] in _VERDICTS and self.is_boundary(at + 1)

    def _verb(self, at: int, after_pronoun: bool = False) -> int | None:
        """Place of the finite verb that follows a subject, adverbs between them allowed."""
        for place in range(at, min(at + 3, len(self.words))):
            if self.is_finite(place) or (after_pronoun and self.tags[place] in ("VBP", "VB", "VBN")):
                return place
            if self.tags[place] != "RB":
                return None
        return None

    def _is_short_it_is(self, at: int) -> bool:
        """Tell whether "its" is written for "it's" ("its very slow", "its a shame")."""
        if self.words[at] != "its" or at + 1 >= len(self.words):
            return False
        tag = self.tags[at + 1]
        return tag in ("DT", "RB") or (tag in _ADJECTIVES and self.is_boundary(at + 2))

    def _modifies(self, at: int) -> bool:
        tag, after = self.tags[at], self.tags[at + 1] if at + 1 < len(self.tags) else ""
        if tag in _ADJECTIVES or tag == "CD":
            return True
        if tag in _PARTICIPLES:
            return (after in _NOUNS or after in _ADJECTIVES) and self.words[at] not in _LINKING
        if tag == "RB":
            return after in _ADJECTIVES or after in ("VBN", "RB")
        between = self.words[at] in (",", "and", "&", "but") and at > 0 and self.tags[at - 1] in _ADJECTIVES
        return between and (after in _ADJECTIVES or after == "RB")


def read(text: str, clause: Offsets, kept: Sequence[Offsets]) -> Reading:
    """Tag the words of a clause; an address is one word, "as well as" another."""
    words: list[str] = []
    places: list[Offsets] = []
    for match in _TOKEN.finditer(text, *clause):
        start, end = match.span()
        if places and start < places[-1][1]:
            continue
        word = _APOSTROPHE.sub("'", match.group().lower())
        address = next((place for place in kept if place[0] <= start < place[1]), None) if kept else None
        if address:
            word, end = "address", address[1]
        if word == "as" and words[-2:] == ["as", "well"]:
            del words[-2:]
            word, start = "as-well-as", places[-2][0]
            del places[-2:]
        words.append(word)
        places.append((start, end))
    return Reading(words, _tags(words), places)


def _tags(words: Sequence[str]) -> list[str]:
    """Tag words, and mend what the tagger gets wrong in comments."""
    tags = tag_words(words)
    for at, word in enumerate(words):
        before, after = tags[at - 1] if at else "", tags[at + 1] if at + 1 < len(tags) else ""
        if not word[0].isalnum() and word[0] != "<":
            tags[at] = "CC" if word in JOINTS else "SYM"
        elif word == "as-well-as":
            tags[at] = "CC"
        elif word == "may" and before == "IN":
            tags[at] = "NNP"
        elif word in FINITE:
            tags[at] = "MD"
        elif word in _VALUES and tags[at] not in _ADJECTIVES and tags[at] != "DT":
            if word not in _NOT_ALWAYS_ADJECTIVES or after in _NOUNS:
                tags[at] = "JJ"
            elif before == "PRP" and word in WORDS["plain_verbs"]:
                tags[at] = "VBP"
        elif word in WORDS["plain_verbs"] and before == "PRP":
            tags[at] = "VBP"
        elif word in _VERBS_IN_S and (before in _NOUNS or before == "PRP"):
            tags[at] = "VBZ"
        elif tags[at] == "VBN" and (before == "PRP" or (before in _NOUNS and after in _AFTER_A_VERB)):
            tags[at] = "VBD"
        elif tags[at] == "VB" and words[at - 1] in ("no", "the"):
            tags[at] = "NN"
    return tags
