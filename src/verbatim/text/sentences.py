"""Answers become lines, numbered items and sentences; what a full stop ends depends on the words around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from verbatim.errors import ConfigError
from verbatim.text.vocabulary import vocabulary
from verbatim.text.word_sets import WORDS

Offsets = tuple[int, int]

_LINE = re.compile(
    r"(?:\A|[\r\n\u2028]+)\s*(?:[-*\u2022\u2013\u00b7]\s+)?"
    r"|[\u2022\u25aa\u25cf\u25e6\u2023\u2713\u2714\u2717\u2718\u2705\u274c]\ufe0f?|(?<!\s)\s+[*\u00b7]\s+"
)
_NUMBER = re.compile(r"(?<![\w.,(\u00a3$\u20ac-])(?:\d{1,2}[.)](?=\s*[^\s\d.,)])|[a-h]\)(?=\s))")
_STOP = re.compile(r"[.!?\u2026]+|[\u3002\uff01\uff1f\uff61\u061f\u0964\u06d4]+")
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
_AFTER_DOT = re.compile(r"[^\W\d_]+")
_NEXT = re.compile(r"[\s\"')\]\u201d\u2019(\u201c\u2018]*([^\W_]+)")
_BEFORE_DOT = re.compile(r"[^\s(\"'/,;:!?\u2026-]*\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_NOT_A_WORD = WORDS["not_a_word"]
_TIME = re.compile(
    r"\s+\d+\s+(?:\w+\s+)?(?:min|hour|day|week|month|year|time|call|people|visit|engineer)", re.IGNORECASE
)
# Besides the abbreviations that spaCy's languages list. Those of the second set may also end a sentence.
_ABBREVIATIONS = WORDS["abbreviations"]
_DAYS = WORDS["days"]
_MAY_END = WORDS["may_end"] | _DAYS
_GERMAN_DATE = re.compile(
    r"\s+(?:Jan|Feb|M\u00e4rz|April|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Mal|Tag|Stock|Klasse|Versuch|Woche)"
)
# Faces, hands, hearts and the like say how the words before them are meant; other pictures may stand for a word.
_FEELING = re.compile(
    "[\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001f44c-\U0001f44f\U0001f4a9\U0001f4af"
    "\U0001f493-\U0001f49f\U0001f494\U0001f525\U0001f389\U0001f4aa\u2764\u2665\u2b50\u263a\u2639]"
    "[\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001f44c-\U0001f44f\U0001f4a9\U0001f4af"
    "\U0001f493-\U0001f49f\U0001f494\U0001f525\U0001f389\U0001f4aa\u2764\u2665\u2b50\u263a\u2639"
    "\ufe0f\u200d\U0001f3fb-\U0001f3ff]*"
)
_STANDS_FOR_A_WORD_AFTER = WORDS["stands_for_a_word_after"]
_GOES_ON_WITH = WORDS["goes_on_with"]


@dataclass(frozen=True, slots=True)
class SentenceRules:
    """What a language abbreviates, and the words that may follow a full stop without a blank or capital."""

    language: str
    abbreviations: frozenset[str]
    function_words: frozenset[str]


@lru_cache(maxsize=16)
def sentence_rules(language: str) -> SentenceRules:
    """Return the rules of a language: abbreviations as spaCy lists them, function words as its stop words.

    Raises
    ------
    ConfigError
        spaCy knows no such language.
    """
    from spacy.util import get_lang_class

    try:
        exceptions = get_lang_class(language).Defaults.tokenizer_exceptions
    except ImportError:
        raise ConfigError(
            f'split.language is "{language}", which spaCy does not know. Use a two-letter code such as "en", "pt" or '
            '"de", or "xx" for any language.'
        ) from None
    listed = frozenset(form[:-1] for form in exceptions if form.endswith(".") and len(form) > 2)
    return SentenceRules(language, listed, vocabulary("en" if language == "xx" else language).function_words)


def addresses(text: str) -> list[Offsets]:
    """Places of web and mail addresses, in which nothing is cut: ASCII runs around "://", "www." and "@"."""
    found: list[Offsets] = []
    for match in _ADDRESS.finditer(text):
        if found and match.start() < found[-1][1]:
            continue
        start, end = match.span()
        while (
            start > (found[-1][1] if found else 0) and "!" <= text[start - 1] <= "~" and text[start - 1] not in "(<,;"
        ):
            start -= 1
        while end < len(text) and "!" <= text[end] <= "~":
            end += 1
        while end > match.end() and text[end - 1] in ".,;:!?)\"'>":
            end -= 1
        found.append((start, end))
    return found


def inside(places: Sequence[Offsets], position: int) -> bool:
    """Tell whether a position lies inside one of the sorted places (not at its edge)."""
    row = bisect_right(places, (position, position)) - 1
    return row >= 0 and places[row][0] < position < places[row][1]


def sentences(text: str, rules: SentenceRules, kept: Sequence[Offsets]) -> Iterator[Offsets]:
    """Cut a text into sentences: at line ends, bullets, numbers in sequence, full stops and emoji.

    Parameters
    ----------
    text : str
    rules : SentenceRules
    kept : list of (start, end)
        Places that stay whole, as `addresses` finds them.
    """
    for line in _lines(text):
        for item in _numbered(text, line):
            start = item[0]
            for match in _STOP.finditer(text, *item):
                if match.start() > start and not inside(kept, match.start()) and _ends(text, match, rules):
                    yield from _felt(text, (start, match.end()))
                    start = match.end()
            yield from _felt(text, (start, item[1]))


def _lines(text: str) -> Iterator[Offsets]:
    start = 0
    for match in _LINE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _numbered(text: str, line: Offsets) -> Iterator[Offsets]:
    """Cut before "1.", "2." and so on where at least two follow each other in sequence."""
    marks = list(_NUMBER.finditer(text, *line))
    values = [_value(mark.group()) for mark in marks]
    first = line[0] + len(text[line[0] : line[1]]) - len(text[line[0] : line[1]].lstrip())
    sequence = [
        place
        for place, value in enumerate(values)
        if marks[place].start() == first
        or value + 1 in values[place + 1 : place + 2]
        or (place > 0 and values[place - 1] == value - 1)
    ]
    start = line[0]
    for place in sequence:
        yield start, marks[place].start()
        start = marks[place].end()
    yield start, line[1]


def _value(mark: str) -> int:
    return int(mark[:-1]) if mark[0].isdigit() else 1000 + ord(mark[0])


def _felt(text: str, sentence: Offsets) -> Iterator[Offsets]:
    """Cut after emoji that stand between two points; before them where the sentence begins with one."""
    start, end = sentence
    leads = _FEELING.match(text, start + len(text[start:end]) - len(text[start:end].lstrip()), end) is not None
    for match in _FEELING.finditer(text, start, end):
        at = match.start() if leads else match.end()
        before = _AFTER_DOT.findall(text[max(start, match.start() - 40) : match.start()])
        after = _NEXT.match(text, match.end(), min(end, match.end() + 40))
        if not before or not after or before[-1].lower() in _STANDS_FOR_A_WORD_AFTER:
            continue
        if after.group(1).lower() not in _GOES_ON_WITH:
            yield start, at
            start = at
    yield start, end


def _ends(text: str, match: re.Match[str], rules: SentenceRules) -> bool:
    """Tell whether a run of full stops, question and exclamation marks ends a sentence."""
    mark, start, end = match.group(), match.start(), match.end()
    following = text[end : end + 1]
    if mark[0] not in ".!?\u2026":
        return True
    if mark == "?" and re.match(r"(?:t|s|re|ve|ll|d|m)\b", text[end : end + 3]) and text[start - 1].isalpha():
        return False  # a broken apostrophe
    if mark != ".":
        return not (following.isdigit() and text[start - 1].isdigit())
    if following and not following.isspace() and following not in "\"')]\u201d\u2019":
        return _unspaced_end(text, start, end, rules)
    return _spaced_end(text, start, end, rules)


def _unspaced_end(text: str, start: int, end: int, rules: SentenceRules) -> bool:
    """Decide about "slow.Staff" and "slow.the" (an end), "3.5", "v2.0", "e.g." and "shop.com" (none)."""
    match = _AFTER_DOT.match(text, end, end + 30)
    if not match:
        return not text[end].isalnum() and not text[start - 1].isalnum()
    word, before = match.group(), text[max(0, start - 2) : start]
    if word.lower() in _NOT_A_WORD or text[match.end() : match.end() + 1] == ".":
        return False
    if before[-1].isspace():
        return True
    if not before[-1].isalnum():
        return before[-1] in ")]%\"'"
    if len(before) == 2 and not before[0].isalnum():
        return False  # one letter: an abbreviation
    if word[0].isupper() and (word[1:].islower() or word in ("I", "A") or (len(word) > 2 and before.islower())):
        return True
    return before.isalpha() and len(word) >= 3 and word.lower() in rules.function_words


def _spaced_end(text: str, start: int, end: int, rules: SentenceRules) -> bool:
    before = _BEFORE_DOT.search(text, max(0, start - 15), start)
    word = before.group() if before else ""
    next_word = _NEXT.match(text, end, end + 40)
    if not next_word or not word:
        return True
    upper = next_word.group(1)[0].isupper()
    if word.isdigit():
        if rules.language == "de" and _GERMAN_DATE.match(text, end):
            return False
        return not next_word.group(1)[0].isdigit()
    dotted, low = _DOTTED.fullmatch(word) is not None, word.lower()
    if low == "no":
        return not next_word.group(1).isdigit() or _TIME.match(text, end) is not None
    if low == "st" and upper:
        return False
    listed = low in _ABBREVIATIONS or word in rules.abbreviations
    capital = upper and next_word.group(1).lower() in rules.function_words
    if dotted or low in _MAY_END:
        return capital
    if low == "est" and rules.language == "fr":
        return True
    if len(word) == 1:
        return not (upper and word.isupper() and word != "I" and _initial(text, start, next_word.group(1), rules))
    return not listed or (upper and low in _WORDS_TOO) or (capital and low not in _TITLES)


_TITLES = WORDS["titles"]
_LETTERED = WORDS["lettered"]
# Abbreviated states and months that are everyday words as well.
_WORDS_TOO = WORDS["words_too"]


def _initial(text: str, start: int, following: str, rules: SentenceRules) -> bool:
    """Tell whether the single letter before a full stop is a person's ("J. Smith", not "plan A. Bad")."""
    before = text[max(0, start - 15) : start - 1].lower().split()
    return following.lower() not in rules.function_words and (not before or before[-1] not in _LETTERED)
