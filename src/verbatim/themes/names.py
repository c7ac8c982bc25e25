"""Readable names: short phrases from the spans' own words, distinct from each other, never against their tone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import WORD, Vocabulary, words
from verbatim.themes.cluster import unit

_LONGEST, _CANDIDATES, _SPANS_READ = 4, 40, 400
_INNER = frozenset({"of", "for", "to", "with", "the", "a", "my", "your", "in", "on", "is", "no", "not", "without", "de",
                    "do", "da", "la", "le", "du", "des", "del", "em", "e", "und", "et", "y", "and"})  # fmt: skip
_OPENERS = frozenset({"no", "not", "never", "não", "sem", "sin", "kein", "keine", "nicht", "pas"})
_TELLING_TONE, _MIXED = 0.1, 0.2
_HELD_BY = 0.5  # a phrase whose words half the spans hold is never unclear
_CLEAR_FROM = 0.55  # on telco the five themes read as wrongly named scored .33-.52, the others .63 and more
_ONE_WORD = -0.22  # "Phone calls" reads better than "Phone" where both fit
# In English "the delivery was really late" says "late delivery" too, and "not" opens a name only before a participle or
# an adjective ("not installed", "not plastic" is none).
_COPULAS = frozenset({"is", "are", "was", "were"})
_INTENSIFIERS = frozenset({"very", "so", "really", "too", "quite", "always", "still", "extremely", "just", "also"})
_VERBAL = ("ed", "en", "ing", "able", "ible", "ful")
_NEGATIONS = frozenset({"no", "not", "never", "none", "nothing", "nobody", "without", "nor", "neither"}) | _OPENERS


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A theme's name and a sentence of two typical spans."""

    name: str
    definition: str


@dataclass(slots=True)
class _Phrase:
    """A candidate: how often it is said, and in which spelling."""

    spans: set[int] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)


def name_themes(
    texts: Sequence[str], own_words: NDArray[np.float32], labels: NDArray[np.intp], wanted: Sequence[bool],
    encoder: Encoder, known: Vocabulary, tone: GeneralTone,
) -> dict[int, Name]:  # fmt: skip
    """Name every wanted theme.

    Candidates are the phrases of one to four words the theme's spans hold; a candidate scores by its cosine to the
    theme's centroid, how much nearer it is to this theme than to the next, and how many spans hold its words; names
    are given out by optimal assignment so that no two share the same words.

    Parameters
    ----------
    texts : list of str, length n_spans
    own_words : float32 array, shape (n_spans, dim)
    labels : int array, shape (n_spans,)
        Theme of each span, -1 for none.
    wanted : list of bool, length n_themes
        Themes to name.
    """
    themes = [theme for theme, want in enumerate(wanted) if want and (labels == theme).any()]
    if not themes:
        return {}
    middle = own_words.mean(axis=0) if len(themes) > 1 else np.zeros(own_words.shape[1], np.float32)
    centroids = unit(np.stack([own_words[labels == theme].mean(axis=0) - middle for theme in themes]))
    phrases = {theme: _candidates(texts, np.flatnonzero(labels == theme), known) for theme in themes}
    distinct = sorted({spelling for found in phrases.values() for spelling, _ in found})
    vectors = encode_alone(encoder, distinct)
    place = {spelling: row for row, spelling in enumerate(distinct)}
    cosines = unit(vectors - middle) @ centroids.T
    polarity = tone.polarity(vectors)
    scores: dict[int, list[tuple[float, str]]] = {}
    for column, theme in enumerate(themes):
        spoken = tone.polarity(own_words[labels == theme])
        telling = spoken[np.abs(spoken) > _TELLING_TONE]
        praising = float((telling > 0).mean()) if len(telling) >= 0.1 * len(spoken) else 0.5
        scores[theme] = [
            (
                _score(cosines[place[spelling]], column, len(spelling.split()), share)
                - _contradiction(float(polarity[place[spelling]]), praising),
                spelling,
            )
            for spelling, share in phrases[theme]
        ]
    chosen = _distinct(scores, known)
    for theme in themes:
        score = max((score for score, phrase in scores[theme] if phrase == chosen.get(theme)), default=0.0)
        if score < _CLEAR_FROM and dict(phrases[theme]).get(chosen.get(theme, ""), 0.0) < _HELD_BY:
            own = [texts[span] for span in np.flatnonzero(labels == theme).tolist()]
            chosen[theme] = _unclear(own, set(chosen.values()), known)
    return {
        theme: Name(
            _as_written(chosen[theme], texts, labels == theme),
            _definition(chosen[theme], texts, own_words, labels == theme, known),
        )
        for theme in themes
    }


def _candidates(texts: Sequence[str], members: NDArray[np.intp], known: Vocabulary) -> list[tuple[str, float]]:
    """Phrases of the spans with the share of spans that hold all their content stems, the commonest first."""
    step = max(1, len(members) // _SPANS_READ)
    read = members[::step]
    phrases: defaultdict[tuple[str, ...], _Phrase] = defaultdict(_Phrase)
    for span in read:
        for said in _said(words(texts[span]), known):
            stems = _stems(said, known)
            if stems:
                phrase = phrases[stems]
                phrase.spans.add(int(span))
                phrase.spellings[" ".join(said)] += 1
    stem_spans: defaultdict[str, set[int]] = defaultdict(set)
    for span in read:
        for word in words(texts[span]):
            stem_spans[_means(word, known)].add(int(span))
    found = []
    for stems, phrase in phrases.items():
        together = set.intersection(*(stem_spans[stem] for stem in stems))
        spelling = min(phrase.spellings.items(), key=lambda item: (-item[1], len(item[0]), item[0]))[0]
        found.append((spelling, len(together | phrase.spans) / len(read), len(phrase.spans)))
    often = [entry for entry in found if entry[2] >= 2] or found
    often.sort(key=lambda entry: (-entry[2] * (1 + 0.6 * min(2, entry[0].count(" "))), entry[0]))
    return [(spelling, share) for spelling, share, _ in often[:_CANDIDATES]]


def _stems(phrase: Sequence[str], known: Vocabulary) -> tuple[str, ...]:
    """Stems that identify a phrase; empty when it cannot be a name (edges must say something)."""
    first, last = phrase[0], phrase[-1]
    opens = known.is_content(first) or first in _OPENERS or first in known.evaluative
    if not opens or not known.is_content(last) or any("<" in word for word in phrase):
        return ()
    allowed = _INNER | known.evaluative
    if len(phrase) > 1 and not all(known.is_content(word) or word in allowed for word in phrase):
        return ()
    if first in ("not", "never") and not (phrase[1].endswith(_VERBAL) or phrase[1] in known.evaluative):
        return ()
    telling = _OPENERS | known.evaluative
    stems = tuple(_means(word, known) for word in phrase if known.is_content(word) or word in telling)
    return stems if len(set(stems)) == len(stems) else ()


def _said(said: Sequence[str], known: Vocabulary) -> Iterator[Sequence[str]]:
    """Phrases of one to four words in a span's words, and predicates turned round."""
    for start in range(len(said)):
        for stop in range(start + 1, min(start + _LONGEST, len(said)) + 1):
            yield said[start:stop]
    if known.language != "en":
        return
    for place, word in enumerate(said):
        if word in _COPULAS and place > 0 and known.is_content(said[place - 1]):
            after = place + 1
            while after < len(said) and said[after] in _INTENSIFIERS:
                after += 1
            if after < len(said) and (said[after] in known.evaluative or known.is_content(said[after])):
                two = place > 1 and known.is_content(said[place - 2])
                yield [said[after], *said[place - 1 - two : place]]


def _means(word: str, known: Vocabulary) -> str:
    """Stem of a word; all negations are one."""
    return "no" if word in _NEGATIONS or word.endswith("n't") else known.stem(word)


def _score(cosines: NDArray[np.float32], own: int, n_words: int, share: float) -> float:
    others = np.delete(cosines, own)
    lead = float(cosines[own] - others.max()) if len(others) else 0.0
    length = {1: _ONE_WORD, 2: 0.02, 3: 0.0}.get(n_words, -0.04)
    return float(cosines[own] + 0.25 * min(lead, 0.2) + 0.35 * share**0.5 + length)


def _contradiction(polarity: float, praising: float) -> float:
    """Take this off a name that speaks well or badly, the more the larger the share of spans that speak otherwise."""
    if abs(polarity) <= _TELLING_TONE:
        return 0.0
    otherwise = 1 - praising if polarity > 0 else praising
    return 0.6 * max(0.0, otherwise - _MIXED)


def _distinct(scores: Mapping[int, list[tuple[float, str]]], known: Vocabulary) -> dict[int, str]:
    """Give each theme one phrase so that the total score is highest and no two names share the same stems."""
    from scipy.optimize import linear_sum_assignment

    keys = {spelling: frozenset(known.stem(word) for word in spelling.split() if word not in _INNER)
            for found in scores.values() for _, spelling in found}  # fmt: skip
    columns = {key: column for column, key in enumerate(sorted(set(keys.values()), key=sorted))}
    themes = list(scores)
    table = np.full((len(themes), len(columns) + len(themes)), -1.0)
    best: dict[tuple[int, int], tuple[float, str]] = {}
    for row, theme in enumerate(themes):
        for score, spelling in scores[theme]:
            cell = row, columns[keys[spelling]]
            if cell not in best or (score, spelling) > best[cell]:
                best[cell] = (score, spelling)
                table[cell] = score
    rows, taken = linear_sum_assignment(-table)
    return {
        themes[row]: best[row, column][1]
        for row, column in zip(rows.tolist(), taken.tolist(), strict=True)
        if (row, column) in best
    }


def _unclear(texts: Sequence[str], taken: Container[str], known: Vocabulary) -> str:
    """Return a name for spans without a phrase left to call them by: their commonest words."""
    said = [word for text in texts for word in words(text) if not word.startswith("<")]
    telling = [word for word in said if known.is_content(word)] or said
    common = [word for word, _ in sorted(Counter(telling).items(), key=lambda item: (-item[1], item[0]))[:2]]
    name = "unclear: " + ", ".join(common) if common else "unclear answers"
    return next(each for each in chain([name], (f"{name} ({n})" for n in count(2))) if each not in taken)


def _as_written(phrase: str, texts: Sequence[str], members: NDArray[np.bool_]) -> str:
    """Give each word the case most customers write it in ("KLM"), in sentence case; shouted spans do not count."""
    forms = {word: Counter[str]() for word in phrase.split()}
    for span in np.flatnonzero(members).tolist()[:_SPANS_READ]:
        if not texts[span].isupper():
            for place, word in enumerate(WORD.findall(texts[span])):
                if word.lower() in forms and (place > 0 or word[1:].isupper()):
                    forms[word.lower()][word] += 1
    cased = " ".join(max(form, key=lambda each: (form[each], each)) if form else word for word, form in forms.items())
    return cased[:1].upper() + cased[1:]


def _definition(
    name: str, texts: Sequence[str], own_words: NDArray[np.float32], members: NDArray[np.bool_], known: Vocabulary
) -> str:
    """Two near, mutually different spans that hold the name's words, as customers said them."""
    rows: list[int] = np.flatnonzero(members).tolist()
    centroid = unit(own_words[rows].mean(axis=0, keepdims=True))[0]
    stems = {known.stem(word) for word in known.content_words(name)}
    apart = np.round(-(own_words[rows] @ centroid), 4)
    near = [rows[place] for place in np.argsort(apart, kind="stable")[:_SPANS_READ]]
    near.sort(key=lambda i: len(texts[i]) > 120 or not stems <= {known.stem(word) for word in words(texts[i])})
    quotes = [near[0]]
    quotes += [i for i in near[1:40] if own_words[i] @ own_words[quotes[0]] < 0.8 and len(texts[i]) <= 160][:1]
    return "Customers say: " + "; ".join(f"\u201c{texts[i]}\u201d" for i in quotes)
