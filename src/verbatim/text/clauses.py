"""Sentences become clauses: at words of contrast, dashes and semicolons; and, by function words, at joining words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from verbatim.text.sentences import Offsets, inside
from verbatim.text.vocabulary import vocabulary, words
from verbatim.text.word_sets import WORDS

# Words that turn to another point, and those of neighbouring languages that mean nothing else in this one.
_CONTRAST = {
    "en": "but|however|although|even though|whereas|apart from|unfortunately|on the other hand|otherwise"
    "|mas|porém|pero|aber",
    "pt": "mas|porém|porem|contudo|entretanto|no entanto|só que|embora|but|pero|aber",
    "es": "pero|sin embargo|aunque|sino|but|aber|porém",
    "fr": "mais|cependant|toutefois|par contre|en revanche|aber|pero|porém",
    "de": "aber|obwohl|sondern|but|pero|porém",
}
_ANY_CONTRAST = (  # not "mais", which is "more" in Portuguese
    "but|however|although|even though|whereas|apart from|unfortunately|on the other hand|otherwise|mas|porém|pero|aber"
)
_AFTER_COMMA = r"(?:yet|though(?!\s*[,.!?])|except|while|so(?!\s+(?:far|much|many|long)\b))"
_BLANK = r"(?<!\s)\s"  # where blanks begin: a long run of them is tried once, not once for each blank

# "nothing but", "no choice but", "last but not least" turn to nothing; neither does a word inside a verb phrase
# ("I am unfortunately leaving", "it has otherwise been fine").
_NOT_BUT_AFTER = WORDS["not_but_after"]
_VERB_PHRASE = WORDS["verb_phrase"]
_OTHERWISE = WORDS["otherwise"]
# A new clause after "and": the subject pronouns and negations that begin one, articles and the verbs that show that
# what they begin has a verb of its own, singular after singular ("o prazo e a taxa são" is one subject).
_NEW_CLAUSE = {
    "pt": (
        "e",
        "eu|não|nao|nunca|ninguém|ele|ela|eles|elas|vocês|isso|ainda|já|agora|também",
        (
            "o|a|meu|minha|um|uma",
            "é|foi|está|esta|era|tem|não|nao|ficou|chegou|demora|demorou|funciona|aumentou|deveria",
        ),
        ("os|as|meus|minhas", "são|foram|estão|eram|têm|não|nao|ficaram|chegaram|demoram|deveriam"),
    ),
    "es": (
        "y|e",
        "yo|no|nunca|nadie|él|ella|ellos|ellas|además|también|todavía|me|te|se|nos",
        ("el|la|mi|su|un|una", "es|fue|está|era|tiene|no|llegó|funciona|tarda|debería|me"),
        ("los|las|mis|sus", "son|fueron|están|eran|tienen|no|llegaron|tardan|deberían"),
    ),
    "fr": (
        "et",
        "je|j'|il|elle|on|nous|vous|ils|elles|c'est|ce|ça|personne|rien|jamais",
        ("le|la|mon|ma|leur|un|une|l'", "est|était|a|ne|n'est|n'a|fonctionne|arrive|manque|reste"),
        ("les|mes|des|leurs", "sont|étaient|ont|ne|n'ont|fonctionnent|arrivent"),
    ),
    "de": (
        "und",
        "ich|wir|er|es|man|niemand|keiner|leider|trotzdem|außerdem|das ist|das war|nie",
        ("der|die|das|mein|meine|ein|eine", "ist|war|hat|kam|kommt|wird|wurde|funktioniert|geht|lässt"),
        ("die|meine|alle", "sind|waren|haben|kamen|kommen|werden|wurden|funktionieren"),
    ),
}


def clauses(text: str, sentence: Offsets, language: str, kept: Sequence[Offsets]) -> Iterator[Offsets]:
    """Cut a sentence where it turns to another point ("..., but ...", "...; ...", "... - ...")."""
    start, end = sentence
    for match in _turns(language).finditer(text, start, end):
        if match.start() > start and not inside(kept, match.start()) and _is_turn(text, start, match, end):
            yield start, match.start()
            start = match.end()
    if start < end:
        yield start, end


def joined_clauses(text: str, clause: Offsets, language: str) -> Iterator[Offsets]:
    """Cut at "e", "y", "et", "und" where a new clause, or praise or complaint of another thing, begins.

    Known for Portuguese, Spanish, French and German; in other languages the clause stays whole.
    """
    start, end = clause
    pattern = _additions(language)
    for match in pattern.finditer(text, start, end) if pattern else ():
        left, right = words(text[max(start, match.start() - 200) : match.start()]), words(text[match.end() :][:80])
        if len(left) >= 2 and (match["new"] or _another_value(left, right, language)):
            yield start, match.start()
            start = match.start("right")
    yield start, end


def _another_value(left: list[str], right: list[str], language: str) -> bool:
    """Tell whether "bom atendimento" and "ótimos preços" stand on both sides: a value and a thing each."""
    known = vocabulary(language)
    things = [sum(known.is_content(word) for word in side) for side in (left, right[:2])]
    return (
        all(things) and len(right) >= 2 and right[0] in known.evaluative and not known.evaluative.isdisjoint(left[-3:])
    )


@lru_cache(maxsize=16)
def _turns(language: str) -> re.Pattern[str]:
    contrast = rf"(?=(?:(?:and|e|y|et|und)\s+)?(?P<{{name}}>{_CONTRAST.get(language, _ANY_CONTRAST)})\b)"
    bare, marked = contrast.format(name="bare"), contrast.format(name="marked")
    return re.compile(
        rf"[,;:\u2013\u2014]\s*{marked}|(?<=\w)-(?=but\b)|{_BLANK}+{bare}|,\s*(?={_AFTER_COMMA}\b)"
        rf"|[;\uff1b\u061b]\s*(?=\S)|{_BLANK}+(?P<dash>[\u2013\u2014-]{{1,3}})\s+|\u2014",
        re.IGNORECASE,
    )


@lru_cache(maxsize=16)
def _additions(language: str) -> re.Pattern[str] | None:
    if language not in _NEW_CLAUSE:
        return None
    joints, begins, one, several = _NEW_CLAUSE[language]
    verb = "|".join(
        rf"(?:{articles})(?<=')?\s*[^\W\d_]+\s+(?:[^\W\d_]+\s+){{0,2}}(?:{verbs})\b"
        for articles, verbs in (one, several)
    )
    return re.compile(
        rf"(?:,\s*|{_BLANK}+)(?:{joints})\s+(?P<right>(?P<new>(?:(?:{begins})\b|{verb}))|(?=[^\W\d_]))", re.IGNORECASE
    )


def _is_turn(text: str, start: int, match: re.Match[str], end: int) -> bool:
    before = words(text[max(start, match.start() - 30) : match.start()])
    turn = (match["bare"] or "").lower()
    if match["dash"]:
        return not _verdict(text[start : match.start()], text[match.end() : min(end, match.end() + 60)])
    if not turn or not before:
        return True
    if turn == "but":
        after = words(text[match.end("bare") : match.end("bare") + 12])
        return before[-1] not in _NOT_BUT_AFTER and after[:1] not in (["sure"], ["surely"], ["steady"])
    if turn == "otherwise":
        after = words(text[match.end("bare") : match.end("bare") + 30])
        return before[-1] not in _VERB_PHRASE and bool(after) and after[0] in _OTHERWISE
    return turn not in ("however", "unfortunately") or before[-1] not in _VERB_PHRASE


def _verdict(left: str, right: str) -> bool:
    """Tell whether a dash stands between a thing and what is said of it ("speed - awful"), or between two numbers."""
    if len(left) > 60:
        return False
    said, verdict = left.split(), re.split(r"[,;.!?]", right)[0].split()
    if said and verdict and said[-1][-1].isdigit() and verdict[0].lstrip("\u00a3$\u20ac")[:1].isdigit():
        return True
    return len(said) == 1 and 1 <= len(verdict) <= 2 and verdict[0].lower() not in ("but", "and", "not", "aber", "mas")
