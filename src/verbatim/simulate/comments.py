"""Score category and points to make -> comment: phrases put together the way customers write."""

import re
from collections.abc import Sequence

from verbatim.simulate.phrases import Dice, Point, phrase_book, say

# Probabilities, a comment each.
OPENS, HAS_TAIL, HAS_CONTEXT, ELABORATES, LEAVES_CONTACT = 0.16, 0.30, 0.06, 0.20, 0.012
CONTENT_FREE, REPEATED, TWICE_IN_GENERAL = 0.11, 0.05, 0.65
LOWER, UPPER, NO_APOSTROPHES, SHORT_U, UNPUNCTUATED, EXCLAIMS = 0.17, 0.02, 0.15, 0.06, 0.42, 0.09
# These may be used any number of times in a comment, others once.
PLAIN_JOINS = {". ", ", ", " and "}


def write_comment(category: str, points: Sequence[Point], typo_rate: float, dice: Dice) -> str:
    """Write what one customer of a score category answers to "why?", given the points they make (none: general)."""
    book = phrase_book()
    if not points and dice.chance(CONTENT_FREE):
        return dice.pick(book.content_free)
    if not points and dice.chance(REPEATED):
        return dice.pick(book.repeated[category])
    text = _points_made(points, dice) if points else _in_general(category, dice)
    if dice.chance(HAS_TAIL):
        text = _with_tail(text, category, points, dice)
    if dice.chance(HAS_CONTEXT):
        text = f"{text}. {say(dice.pick(book.context), dice)}"
    if dice.chance(OPENS):
        text = dice.pick(book.openers) + text
    text = _mistyped(_in_own_style(text, dice), typo_rate, dice)
    return f"{text} {say(dice.pick(book.contact), dice)}" if dice.chance(LEAVES_CONTACT) else text


def _points_made(points: Sequence[Point], dice: Dice) -> str:
    """Join one clause a point, now and then two, with words that fit a change of tone."""
    book = phrase_book()
    text, tone, used = "", "", set[str]()
    for point in points:
        phrases = [dice.pick(book.themes[point])]
        if dice.chance(ELABORATES):
            phrases.append(dice.pick([phrase for phrase in book.themes[point] if phrase is not phrases[0]]))
        for phrase in phrases:
            if text:
                joins = book.joins_same if tone == point.tone else book.joins_turn
                join = dice.pick([join for join in joins if join not in used or join in PLAIN_JOINS])
                text, used = text + join, used | {join}
            text, tone = text + say(phrase, dice).strip(), point.tone
    return text


def _in_general(category: str, dice: Dice) -> str:
    """Speak well or badly of the company with no subject, in one clause or two."""
    phrases = phrase_book().general[category]
    first, second = dice.pick(phrases), dice.pick(phrases)
    text = say(first, dice).strip()
    if first is second or not dice.chance(TWICE_IN_GENERAL):
        return text
    return text + dice.pick([". ", ". ", ", ", " and "]) + say(second, dice).strip()


def _with_tail(text: str, category: str, points: Sequence[Point], dice: Dice) -> str:
    """Close on the customer's overall mood, which may turn against the last point made."""
    fits = {"promoter": "positive", "detractor": "negative"}.get(category)
    turns = bool(points) and fits is not None and points[-1].tone != fits
    join = dice.pick([". ", ", but ", " but ", ". Still "] if turns else [". ", ". ", ", ", " - ", "! "])
    return text + join + say(dice.pick(phrase_book().tails[category]), dice).strip()


def _in_own_style(text: str, dice: Dice) -> str:
    """Give the comment its writer's capitals, punctuation and apostrophes."""
    if dice.chance(NO_APOSTROPHES):
        text = text.replace("'", "")
    if dice.chance(SHORT_U):
        text = re.sub(r"\byou\b", "u", text)
    if not dice.chance(UNPUNCTUATED):
        text += dice.pick(["!", "!!", "!!!", "..."]) if dice.chance(EXCLAIMS) else "."
    if dice.chance(LOWER):
        return text.lower()
    if dice.chance(UPPER):
        return text.upper()
    return re.sub(r"(^|[.!] )([a-z])", lambda match: match[1] + match[2].upper(), text)


def _mistyped(text: str, rate: float, dice: Dice) -> str:
    """Swap, drop or double a letter in some of the longer words."""
    if rate == 0:
        return text
    return " ".join(
        _with_typo(word, dice) if len(word) > 3 and word.isalpha() and dice.chance(rate) else word
        for word in text.split(" ")
    )


def _with_typo(word: str, dice: Dice) -> str:
    at = dice.pick(range(1, len(word) - 1))
    kind = dice.pick(("swap", "drop", "double"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == "drop" else word[:at] + word[at] + word[at:]
