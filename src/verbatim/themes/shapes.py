"""What the words of a clause say that could be a name: cut by word class, and turned into the form a name has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from verbatim.text.tags import tag_words
from verbatim.text.vocabulary import Vocabulary, words

_LONGEST_SAID = 8  # words
_LONGEST_NAME = 4  # words that say something
NEGATION = "no"  # the stem of all of them
_NEGATED = re.compile(r"(is|are|was|were|do|does|did|has|have|had|would|could|should|must|need|ca|wo|ai)n'?t|(can)not")
_ENGLISH_NEGATIONS = frozenset(
    {"unable", "no", "not", "never", "none", "nothing", "nobody", "without", "nor", "neither"}
)
_FOREIGN_NEGATIONS = frozenset({"não", "sem", "nem", "sin", "kein", "keine", "keinen", "nicht", "ohne", "pas", "sans"})
NEGATIONS = _ENGLISH_NEGATIONS | _FOREIGN_NEGATIONS
_FOREIGN_INNER = frozenset(
    [
        "de",
        "do",
        "da",
        "dos",
        "das",
        "em",
        "no",
        "na",
        "com",
        "para",
        "la",
        "le",
        "les",
        "du",
        "des",
        "del",
        "el",
        "en",
        "à",
        "au",
        "von",
        "der",
        "die",
        "im",
        "und",
        "et",
        "y",
        "e",
    ]
)
_COPULAS = frozenset({"is", "are", "was", "were", "be", "been", "being", "seem", "seems", "seemed", "looks", "looked"})
_AUXILIARIES = frozenset({"has", "have", "had", "do", "does", "did", "ca", "can", "could", "wo", "will", "would"})
_COULD = frozenset({"ca", "can", "could", "unable"})
_PARTICIPLES = frozenset({"lost", "sent", "paid", "left", "sold", "cut", "kept", "held", "built", "bought", "made"})
_PARTICLES = frozenset({"up", "out", "off", "down", "back"})
_SUBJECTS = frozenset({"i", "we", "you", "they", "to"})
_LINKS = frozenset({"of", "for", "to", "with", "in", "on", "at", "from", "by", "about", "without"})
_LIGHT = _LINKS | _PARTICLES | {"the"}
_CLASSES = {
    "NN": "N", "NNS": "N", "NNP": "N", "NNPS": "N", "JJ": "A", "JJR": "A", "JJS": "A", "VBN": "E", "VBD": "E",
    "VBG": "G", "VB": "V", "VBP": "V", "IN": "P", "TO": "P", "DT": "D", "PRP$": "D", "CC": "K", "RB": "R",
    "RBR": "R", "RP": "U", "VBZ": "Z",
}  # fmt: skip
# N noun, A adjective, E past form, G -ing form, V base form, Z third person, P linking preposition, D determiner,
# C copula, X auxiliary, M negation, R adverb, U particle of the word before, K and, O what no phrase may hold.
_NOUN = "(?:[AEGNV]U|[AGEN])"
_NP = f"(?:{_NOUN}{{0,2}}(?:N[VZ]?|[AGNV]U))"
_SHAPES = {
    "noun phrase": re.compile("[AGEN]{0,3}(?:[AGNV]U)?[AGEN]{0,2}(?:N[VZ]?|(?<=[AEGN])G|[AGNV]U)"),
    "pair": re.compile("(?:A?NKA?N|A?KAN|AKAN)"),
    "no": re.compile(f"M{_NP}"),
    "not": re.compile("M[EG]"),
    "linked": re.compile(f"[AGEN]?NPD?{_NP}"),
    "said of": re.compile(f"{_NP}X?C{{1,2}}R*[AEG]"),
    "denied of": re.compile(f"{_NP}R?[XC]{{0,2}}MC?R*[AEGV]U?"),
    "happened": re.compile(f"{_NP}EU?"),
    "done": re.compile(f"[VG]U?P?D?{_NP}"),
    "done with": re.compile(f"ED{_NP}"),
    "could not": re.compile(f"(?:XM|AP)VU?P?D?{_NP}?"),
    "to do": re.compile("APV[PU]?"),
}


@lru_cache(maxsize=100_000)
def means(word: str, known: Vocabulary) -> str:
    """Stem of a word; all negations are one."""
    return NEGATION if word in NEGATIONS else known.stem(word)


@lru_cache(maxsize=100_000)
def is_content(word: str, known: Vocabulary) -> bool:
    """`Vocabulary.is_content`, remembered: the same words are asked about a hundred thousand times."""
    return known.is_content(word)


def stems_of(phrase: Sequence[str], known: Vocabulary) -> frozenset[str]:
    """Stems that say what a phrase means; empty when it holds no content word or says a word twice."""
    telling = [w for w in phrase if is_content(w, known) or w in known.evaluative or means(w, known) == "no"]
    stems = frozenset(means(word, known) for word in telling)
    says = len(stems) == len(telling) and any(is_content(word, known) for word in telling)
    return stems if says else frozenset()


def spoken(tokens: Sequence[str], known: Vocabulary) -> Iterator[tuple[str, ...]]:
    """Phrases that the words of a clause say, in the form a name has."""
    if known.language != "en":
        yield from _clean_runs(tokens, known)
        return
    classes = _classes(tokens, known)
    for start in range(len(tokens)):
        for stop in range(start + 1, min(start + _LONGEST_SAID, len(tokens)) + 1):
            if classes[stop - 1] == "O":
                break
            for shape in _shapes(classes[start:stop]):
                phrase = _formed(shape, tokens[start:stop], classes[start:stop])
                if phrase and sum(word not in _LIGHT for word in phrase) <= _LONGEST_NAME:
                    yield phrase


def tokens_of(clause: str, known: Vocabulary) -> list[str]:
    """Lower-case words of a clause; in English "isn't" and "isnt" are two words, and "card's" is "card"."""
    said = words(clause)
    if known.language != "en":
        return said
    tokens: list[str] = []
    for word in said:
        negated = _NEGATED.fullmatch(word)
        if negated:
            tokens += [negated[1] or negated[2], "not"]
        else:
            tokens.append(word.split("'")[0] or word)
    return tokens


def _classes(tokens: Sequence[str], known: Vocabulary) -> str:
    found = ""
    for word, tag in zip(tokens, tag_words(tokens), strict=True):
        kind = _CLASSES.get(tag, "O")
        if word.startswith("<") or (len(word) == 1 and word != "a"):
            kind = "O"
        elif word == "unable":
            kind = "A"
        elif word in _ENGLISH_NEGATIONS:
            kind = "M" if word in ("no", "not", "never") else "P" if word == "without" else "O"
        elif word in _COPULAS:
            kind = "C"
        elif word in _AUXILIARIES:
            kind = "X"
        elif word in _PARTICLES:
            kind = "U"
        elif word in ("and", "or"):
            kind = "K"
        elif kind == "P":
            kind = "P" if word in _LINKS else "O"
        elif kind in "NAEGV" and not (is_content(word, known) or word in known.evaluative):
            kind = "R" if kind in "AV" and word in known.filler and tag.startswith("R") else "O"
        found += kind
    return _corrected(found, tokens)


def _corrected(classes: str, tokens: Sequence[str]) -> str:
    """See verbs where the lexicon, which reads newspapers, sees nouns: "change my pin", "to top up", "easy to use"."""
    found = list(classes)
    for place, kind in enumerate(found):
        before, after = classes[place - 1] if place else "O", classes[place + 1 : place + 2]
        two_before = classes[place - 2] if place > 1 else "O"
        if kind == "V" and before in "AD" and after != "D":
            found[place] = "N"  # "slow install"
        elif (kind in "NAO" and two_before == "A" and tokens[place - 1] == "to") or (
            kind in "NA"
            and (
                (kind == "N" and (after == "D" or two_before + before == "XM") and before in "OXPM")
                or (after == "U" and place > 0 and tokens[place - 1] in _SUBJECTS)
            )
        ):
            found[place] = "V"
    return "".join(found)


@lru_cache(maxsize=100_000)
def _shapes(classes: str) -> tuple[str, ...]:
    return tuple(name for name, shape in _SHAPES.items() if shape.fullmatch(classes))


def _formed(shape: str, said: Sequence[str], classes: str) -> tuple[str, ...]:
    """Turn what was said into a name: "staff was helpful" -> "helpful staff"."""
    pairs = [(w, c) for w, c in zip(said, classes, strict=True) if c != "D" or w == "the"]
    if shape == "said of":
        subject = [w for w, c in pairs[:-1] if c not in "XCR"]
        return (said[-1], *subject)
    if shape == "denied of":
        end = len(said) - 1 - (classes[-1] == "U" and classes[-2] != "M")
        subject = [w for w, c in zip(said[:end], classes[:end], strict=True) if c not in "XCRM"]
        last = _gerund(said[end]) if classes[end] == "V" else said[end]
        return (*subject, "not", last, *said[end + 1 :])
    if shape == "done":
        return (_gerund(said[0]) if classes[0] == "V" else said[0], *(w for w, _ in pairs[1:]))
    if shape == "done with":
        return tuple(w for w, _ in pairs) if _is_participle(said[0]) and said[1] != "the" else ()
    if shape == "could not":
        if said[0] not in _COULD:
            return ()
        return ("unable", "to", *(w for w, c in pairs[2:]))
    if shape == "to do":
        return tuple(said) if said[1] == "to" else ()
    if shape == "no":
        return tuple(said) if said[0] == "no" else ()
    if shape == "not":
        return tuple(said) if said[0] == "not" else ()
    return tuple(w for w, _ in pairs)


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "en")) or word in _PARTICIPLES


def _gerund(verb: str) -> str:
    """Return the -ing form of an English verb: "cancel" -> "cancelling"."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb) or verb in (
        "reset",
        "cancel",
        "travel",
        "refer",
        "transfer",
        "admit",
        "submit",
        "commit",
        "forget",
        "begin",
    ):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def _clean_runs(tokens: Sequence[str], known: Vocabulary) -> Iterator[tuple[str, ...]]:
    """Runs of words that neither start nor end on a function word, for languages without word classes."""
    opening = known.evaluative | _FOREIGN_NEGATIONS
    inner = _FOREIGN_INNER | known.evaluative | _FOREIGN_NEGATIONS
    for start, first in enumerate(tokens):
        if not (is_content(first, known) or first in opening) or first.startswith("<"):
            continue
        for stop in range(start + 1, min(start + _LONGEST_NAME, len(tokens)) + 1):
            last = tokens[stop - 1]
            if not (is_content(last, known) or last in inner) or last.startswith("<"):
                break
            if is_content(last, known) or (last in known.evaluative and stop - start > 1):
                yield tuple(tokens[start:stop])
