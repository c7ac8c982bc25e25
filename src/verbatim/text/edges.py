"""Where a span begins and ends: without joining words, never a fragment that means nothing without its neighbour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from verbatim.text.sentences import Offsets

_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_SIGNS = (
    ".,;:!?\"'()[]*\u2022\u2026\u2013\u2014-\u3002\uff01\uff1f\uff61\u061f\u0964\u06d4\uff0c\u3001\u061b\u060c\uff1b"
)
_EDGE = _BLANKS + "\u200b" + _SIGNS
_START = re.compile(r"[&+/]+\s*(?=[^\W\d_])")
# A quote that begins with one of these reads badly and says no less without it. "Although" and "so" say something, and
# so do "but for", "however long", "plus size" and "yet to arrive".
_BEGINNING = (
    r"(?:(?:i|we|it|they|you|he|she|the|this|that|there|my|our|their|a|an|no|not|very|also|then|still|now|is|are|was|were)"
    r"\b|it's|that's|i'm)"
)
_JOINS = {
    "en": r"mas|porém|pero|aber|and(?!/)"
    r"|but(?!\s+for\s+(?:the|that|this|a|my|one)\b|-)|also"
    r"|however(?!\s+(?:long|much|many|hard|far|often|good|bad|fast|small|big)\b)"
    rf"|on\s+the\s+other\s+hand|as\s+well\s+as|(?:plus|yet)(?=[\s,]+{_BEGINNING})",
    "pt": r"e|mas|porém|porem|contudo|entretanto|no\s+entanto|só\s+que",
    "es": r"y|pero|sin\s+embargo|sino(?:\s+que)?",
    "fr": r"et|mais|cependant|toutefois|par\s+contre|en\s+revanche",
    "de": r"und|aber|sondern",
}
_ANY_JOINS = rf"{_JOINS['en']}|und|y|et"
# Words that say nothing at the start of a piece: what follows them must, or the piece joins its neighbour.
_EMPTY = re.compile(
    r"(?:but|however|although|even though|whereas|apart from|unfortunately|on the other hand|otherwise"
    r"|mas|porém|contudo|entretanto|no entanto|só que|embora|pero|sin embargo|aunque|sino|mais|cependant|toutefois"
    r"|par contre|en revanche|aber|obwohl|sondern|yet|though|except|while|so|which"
    r"|and|plus|also|as well as|because|even|still|then|too|etc|i|we|it|they|e|y|et|und)\b[\s,]*",
    re.IGNORECASE,
)
# Left on, these words make themes of their own: everybody's answer to "why?" may start with them.
_OPENER = re.compile(
    r"(?:(?:just|simply|mainly|mostly|only|it'?s|that'?s)\s+)?"
    r"(?:because(?:\s+of)?|becuase|becouse|cos|coz|cuz|due\s+to(?:\s+the\s+fact(?:\s+that)?)?"
    r"|(?:the\s+|my\s+)?(?:main\s+)?reasons?(?:\s+(?:for|behind)\s+(?:my|this|the)\s+(?:score|rating))?\s+(?:is|was|are|being)"
    r"(?:\s+(?:that|because))?|porque|pq|parce\s+que|weil)\b[\s,:;.-]*",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"as (?:promised|expected|described|advertised|agreed|always|usual|ordered|stated|planned|normal|requested|shown"
    r"|mentioned|per usual|i said|i expected)(?: (?:earlier|above|before|by \w+))?"
    r"|(?:better |worse |more |less )?than (?:i |we )?(?:expected|anticipated|promised|before|usual|stated|thought)"
    r"|(?:when|while|after|before|until|once|since|if|where) (?:i|we|they|you|he|she|it) \w+(?: \w+)?"
    r"|to be (?:\w+ )?(?:honest|fair|frank)|tbh|imo|imho|in my (?:humble |honest )?(?:opinion|view|experience|case)"
    r"|(?:so )?i (?:think|guess|suppose|believe|hope|must say|would say)|honestly|personally|overall|in general"
    r"|which (?:is|was|were|are|makes?|made) (?:\w+ )?\w+|of course|for (?:example|instance|me)|and so on|all in all"
    r"|that'?s (?:all|it)|at all|so far|at the moment|anyway|actually|basically|though|too|as well|either|etc|so"
    r"|como (?:prometido|prometieron|esperado|sempre|siempre|combinado)|na minha opinião|sinceramente|(?:pra|para) mim"
    r"|por exemplo|por ejemplo|en mi opinión|la verdad|à mon avis|selon moi|comme (?:prévu|promis|d'habitude|toujours)"
    r"|franchement|par exemple|meiner meinung nach|wie (?:versprochen|immer|erwartet|beschrieben)|ehrlich gesagt"
    r"|zum beispiel|z\.b",
    re.IGNORECASE,
)
_LONGEST_FRAGMENT = 40
_SENTENCE_END = re.compile(r"[.!?\u2026\n\r]")


def whole_points(text: str, pieces: Sequence[Offsets], language: str, min_letters: int) -> list[Offsets]:
    """Trim pieces; those that say nothing by themselves ("but", "and I", "as promised") join a neighbour.

    A fragment joins the piece after it where only that one is in its sentence, else the piece before it.
    """
    trimmed = [trim(text, piece, language) for piece in pieces]
    trimmed = [(start, end) for start, end in trimmed if any(character.isalnum() for character in text[start:end])]
    kept: list[Offsets] = []
    waiting: int | None = None  # start of a piece that waits for the one after it
    for row, (start, end) in enumerate(trimmed):
        if _letters(text[start:end]) >= min_letters and not _is_fragment(text, start, end):
            kept.append((start, end) if waiting is None else trim(text, (waiting, end), language))
            waiting = None
        elif kept and waiting is None and not _leans_on_next(text, kept[-1], trimmed, row):
            kept[-1] = (kept[-1][0], end)
        elif waiting is None:
            waiting = start
    if waiting is not None:
        end = trimmed[-1][1]
        if kept:
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((waiting, end))
    return kept


def trim(text: str, piece: Offsets, language: str) -> Offsets:
    """Take off blanks, punctuation and joining words, and openers that only answer "why?" ("Because", "Reason is")."""
    start, end = piece
    joins = _joins(language)
    while True:
        inside = text[start:end]
        start, end = start + len(inside) - len(inside.lstrip(_EDGE)), end - (len(inside) - len(inside.rstrip(_EDGE)))
        word = _START.match(text, start, end) or _OPENER.match(text, start, end) or joins.match(text, start, end)
        if not word or not _says_something(text, word.end(), end):
            return start, end
        start = word.end()


@lru_cache(maxsize=16)
def _joins(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_JOINS.get(language, _ANY_JOINS)})\b(?![\"\u201d\'])[\s,:]*", re.IGNORECASE)


def _says_something(text: str, start: int, end: int) -> bool:
    """Tell whether more than two letters are left, or any of a script that writes words with fewer."""
    letters = 0
    for place in range(start, end):
        letters += text[place].isalpha()
        if letters > 2:
            return True
    return False


def _letters(text: str) -> int:
    """Count the letters left once joining words at the start are taken away."""
    start = 0
    while match := _EMPTY.match(text, start):
        start = match.end()
    return sum(character.isalpha() for character in text[start:])


def _is_fragment(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_FRAGMENT and _FRAGMENT.fullmatch(text, start, end) is not None


def _leans_on_next(text: str, before: Offsets, pieces: Sequence[Offsets], row: int) -> bool:
    """Tell whether a sentence ends before a fragment and none between it and the next piece."""
    if row + 1 >= len(pieces) or not _SENTENCE_END.search(text, before[1], pieces[row][0]):
        return False
    return not _SENTENCE_END.search(text, pieces[row][1], pieces[row + 1][0])
