"""What English joins by "and", "with", a comma or nothing at all, and whether both sides make a point of their own."""

from __future__ import annotations

from collections.abc import Iterator

from verbatim.text.grammar import BE, COPULAS, JOINTS, Phrase, Reading, Subject
from verbatim.text.sentences import Offsets
from verbatim.text.word_sets import WORDS

_SUBORDINATORS, _SAY = WORDS["subordinators"], WORDS["say"]
_COMPLEMENTS = WORDS["complements"] | _SUBORDINATORS
_TELL = WORDS["tell"] | _SAY
_NO_END = WORDS["take_clauses"] | WORDS["moments"]
_IT_IS = BE | WORDS["it_is"]
_NOUN_TAGS = ("NN", "NNS", "NNP")
_ADJECTIVE_TAGS = ("JJ", "JJR", "JJS")
_ARTICLES = ("DT", "PRP$")


class Joints:
    """One walk over the words of a clause; what has been read since the last cut decides about the next."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words, self.tags = reading.words, reading.tags
        self._restart(0)

    def cut(self, text: str, clause: Offsets) -> Iterator[Offsets]:
        """Cut the clause that was read; joining words between two points belong to neither."""
        start, places = clause[0], self.reading.places
        for at, word in enumerate(self.words):
            right = self._right(at)
            if right is not None:
                yield start, places[at][0] if at < right else places[at - 1][1]
                start = places[right][0]
                self._restart(right)
            if at >= self.start:
                self._note(at, word)
        yield start, clause[1]

    def _restart(self, at: int) -> None:
        self.start = at
        self.verb = False  # a finite verb was read since the last word that begins a clause inside the clause
        self.any_verb = False
        self.waits = self._begins_subordinate(at)  # for its main clause
        self.so = False  # "so late that ..."
        self.inserted = False  # a relative clause after a comma

    def _begins_subordinate(self, at: int) -> bool:
        while at < self.start + 3 and at < len(self.words) and self.words[at] in WORDS["leading"]:
            at += 1
        if at + 1 >= len(self.words) or (self.words[at] == "as" and self.words[at + 1] in WORDS["as_always"]):
            return False
        word, after = self.words[at], self.words[at + 1]
        if word in WORDS["before_a_clause"]:
            commas = [place for place in range(at + 1, min(at + 25, len(self.words))) if self.words[place] == ","]
            return any(self.reading.subject(place + 1) for place in commas)
        however = word == "however" and self.tags[at + 1] in ("JJ", "RB")
        return however or word in _SUBORDINATORS or (word == "even" and after in _SUBORDINATORS)

    def _note(self, at: int, word: str) -> None:
        first = at == self.start
        relative = word == "that" and self.reading.is_finite(at + 1)
        if word in _COMPLEMENTS and not first and not relative:
            self.verb = False
            if word in _SUBORDINATORS and self.words[at - 1] in ("that", "and", "but", ","):
                self.waits = True
        elif word == "both":
            self.verb = False
        elif word in WORDS["it_is"] or self._is_verb_of(at, first):
            self.verb = self.any_verb = True
        self.so = self.so or word in ("so", "such")
        self.inserted = self.inserted or (not first and word in ("who", "which") and self.words[at - 1] == ",")
        if word == "," and self.waits and self.reading.subject(at + 1):
            self.waits = False
            self.verb = self.any_verb = False

    def _is_verb_of(self, at: int, first: bool) -> bool:
        if self.reading.is_finite(at):
            return not first or self.words[at] in WORDS["new_predicate"]
        return not first and self.tags[at] in ("VBP", "VB", "VBN") and self.tags[at - 1] == "PRP"

    def _right(self, at: int) -> int | None:
        """Where the next point begins if one does: after the joining words at ``at``, or at ``at`` itself."""
        if at <= self.start:
            return None
        if self.words[at] not in JOINTS:
            return at if self._runs_on(at) else None
        right = at + 1
        while right < min(len(self.words), at + 5) and self.words[right] in ("and", "&", ",", "plus", "also"):
            right += 1
        if right >= len(self.words) or self.words[at - 1] in JOINTS or self.waits:
            return None
        joint = self.words[at] if right == at + 1 or self.words[at] != "," else "and"
        return right if self._joins(at, right, joint) else None

    def _joins(self, at: int, right: int, joint: str) -> bool:
        if f"{self.words[at - 1]}-{self.words[right]}" in WORDS["pairs"]:
            return False
        if self.words[right] == "which":
            return self.any_verb and len(self.words) - right > 5
        if joint == "with":
            left, new = self._phrase_before(at, 0), self._new_phrase(right)
            return bool(left and left.values and new and new.values and not self.any_verb)
        if joint in ("/", "+") and self.reading.places[at - 1][1] == self.reading.places[at][0]:
            return self._two_phrases(at, right)
        clause = self._clause_after_comma(at, right) if joint == "," else self._clause_after_and(at, right)
        return (
            clause
            or self._two_phrases(at, right)
            or self._new_predicate(at, right, joint)
            or self._valued_thing(at, right)
        )

    def _new_subject(self, right: int) -> Subject | None:
        subject = self.reading.subject(right)
        if subject is None or not self.reading.agrees(subject) or self.words[right] in ("who", "that"):
            return None
        return subject

    def _clause_after_comma(self, at: int, right: int) -> bool:
        """Tell whether a new sentence begins after a comma ("the food was cold, the service was slow")."""
        subject = self._new_subject(right)
        if subject is None or self.so or self.words[at - 1] in _SAY:
            return False
        if subject.verb is not None and len(self.words) - right <= 3 and self.words[subject.verb] in _SAY:
            return False  # "it was ok, I guess"
        left = self.reading.subject(self.start)
        return self.any_verb or self._left_makes_a_point(at) or (left is not None and left.verb is None)

    def _clause_after_and(self, at: int, right: int) -> bool:
        """Tell whether subject and verb follow, and the left side is complete ("it was new and the room was clean")."""
        subject = self._new_subject(right)
        if subject is None:
            return False
        if self.verb:
            return True
        left = self.reading.subject(self.start)
        if left is not None and left.verb is None:
            return True
        if subject.head is None:  # a pronoun: not "my wife and I were"
            people = self.tags[at - 1] in (*_NOUN_TAGS, "PRP") and not self.any_verb
            quick = at - self.start <= 2 and self.tags[at - 1] in (*_ADJECTIVE_TAGS, "RB", "UH")
            return self._left_makes_a_point(at) or quick or (at - self.start >= 3 and not people)
        return self._left_makes_a_point(at) and (self.tags[right] in _ARTICLES or subject.verb is None)

    def _phrase_before(self, at: int, depth: int = 2) -> Phrase | None:
        """Return the noun phrase before a joint, unless two belong together ("a mix of ... and ...")."""
        left = self.reading.phrase_before(at, self.start, depth)
        if left and WORDS["one_thing"].isdisjoint(self.words[max(self.start, left.first - 3) : left.first + 1]):
            return left
        return None

    def _left_makes_a_point(self, at: int) -> bool:
        """Tell whether the left side is a noun phrase that makes a point without a verb ("great food")."""
        left = self._phrase_before(at)
        return bool(left and left.modified and left.values and self.tags[left.first] not in _ARTICLES)

    def _two_phrases(self, at: int, right: int) -> bool:
        """Tell whether two noun phrases with modifiers of their own meet ("great food and friendly staff")."""
        left, new = self._phrase_before(at), self._new_phrase(right)
        return bool(left and new and left.modified and (left.values or new.values))

    def _new_phrase(self, right: int) -> Phrase | None:
        """Return the modified noun phrase at ``right``, None where it shares its verb with the left."""
        new = self.reading.phrase(right)
        if not new or not new.modified:
            return None
        stop = new.stop
        while stop < len(self.words) and stop < new.stop + 2 and self.tags[stop] == "RB":
            stop += 1
        shared = self.reading.is_finite(stop) or (stop < len(self.tags) and self.tags[stop] in ("VB", "VBP"))
        return None if shared and not self.any_verb else new

    def _new_predicate(self, at: int, right: int, joint: str) -> bool:
        """Tell whether something is said without a subject of its own ("and was late", "and very efficient")."""
        word, before = self.words[right], self.words[at - 1]
        if at - self.start < 2 or right + 1 >= len(self.words) or before == word:
            return False
        if word in WORDS["new_predicate"]:
            return joint != "," or (self.any_verb and not self.inserted)
        if joint == ",":
            return False
        if word in WORDS["added"]:
            return self.words[right + 1] not in JOINTS
        past = word.endswith("ed") and self.tags[right] == "VBN" and self.tags[right + 1] in ("PRP", *_ARTICLES)
        after_verb = self.tags[at - 1] in ("VBN", "VBD", "VB", "VBP", "VBZ")
        said = self.tags[right] in ("VBD", "VBZ") or past
        return said and self.verb and not after_verb and len(self.words) - right >= 3

    def _valued_thing(self, at: int, right: int) -> bool:
        """Tell whether a valued thing follows a complete clause ("arrived on time and good quality")."""
        new = self._new_phrase(right)
        if not new or not new.values or not self.any_verb or self.words[new.first] in ("the", "this", "that"):
            return False
        if self.tags[at - 1] in _ADJECTIVE_TAGS:
            before = at - 2
            while before > self.start and self.tags[before] == "RB":
                before -= 1
            return self.words[before] in COPULAS and self.tags[new.first] != "DT"
        negated = self.words[new.first] == "no" and self.tags[at - 1] in _NOUN_TAGS
        return negated or self.tags[at - 1] in ("RB", "PRP", "VBD", "VBN") or self.words[at - 1] == "time"

    def _runs_on(self, at: int) -> bool:
        """Tell whether a new sentence begins at ``at`` although nothing says so."""
        before, word = self.words[at - 1], self.words[at]
        if before in JOINTS or "SYM" in (self.tags[at - 1], self.tags[at]) or self.waits:
            return False
        if word in WORDS["safe_openers"]:
            return self._phrase_after_phrase(at)
        if word in WORDS["will"] and at + 1 < len(self.words) and self.words[at + 1] in WORDS["used_again"]:
            return self._stands_alone(at)
        pronoun = self.tags[at] == "PRP" or word in WORDS["it_is"]
        return pronoun and self._sentence_after_sentence(at)

    def _stands_alone(self, at: int) -> bool:
        """Tell whether what was read since the last cut is complete, without a subject for the next verb at its end."""
        subject = self.tags[at - 1] in (*_NOUN_TAGS, "PRP", "WP", "WDT", "EX", "DT", "CC")
        aside = at - 2 > self.start and self.tags[at - 2] in ("IN", "TO")
        return at - self.start >= 3 and self.any_verb and self.words[at - 1] not in BE and (aside or not subject)

    def _phrase_after_phrase(self, at: int) -> bool:
        """Tell whether "friendly staff" begins right after "great service"."""
        new, left = self.reading.phrase(at), self._phrase_before(at, 0)
        return bool(left and new and left.values and new.modified and left.first == self.start)

    def _sentence_after_sentence(self, at: int) -> bool:
        """Tell whether a pronoun and a verb begin a sentence ("the food was cold I will not come back")."""
        before, subject = self.words[at - 1], self.reading.subject(at)
        if subject is None or subject.verb is None or subject.head is not None or subject.verb > at + 2 or self.so:
            return False
        if not self.verb:
            left = self._phrase_before(at, 0)
            valued = left is not None and left.values and left.modified and left.first == self.start
            return valued and self.words[subject.verb] in BE and subject.verb + 1 < len(self.words)
        if {before, self.words[at - 2]} & _TELL or before in _NO_END:
            return False
        if before in WORDS["sentence_ends_with"]:
            return at - self.start >= 3
        if self.tags[at - 1] in ("JJ", "JJR"):
            return True
        it_is = self.words[at] in ("it", "it's", "there's", "that's") and self.words[subject.verb] in _IT_IS
        return it_is and self.tags[at - 1] in _NOUN_TAGS
