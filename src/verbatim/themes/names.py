"""Readable names: short phrases from the spans' own words, distinct from each other, never against their tone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from verbatim.text.embed import Encoder, encode_alone
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import WORD, Vocabulary
from verbatim.themes.cluster import unit

_LONGEST, _CANDIDATES, _SPANS_READ = 4, 40, 400
_INNER = frozenset({"of", "for", "to", "with", "the", "a", "my", "your", "in", "on", "is", "no", "not", "without", "de",
                    "do", "da", "la", "le", "du", "des", "del", "em", "e", "und", "et", "y", "and"})  # fmt: skip
_OPENERS = frozenset({"no", "not", "never", "não", "sem", "sin", "kein", "keine", "nicht", "pas"})
_AGAINST_TONE = 0.05


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
    middle = own_words.mean(axis=0)
    centroids = unit(np.stack([own_words[labels == theme].mean(axis=0) - middle for theme in themes]))
    phrases = {theme: _candidates(texts, np.flatnonzero(labels == theme), known) for theme in themes}
    distinct = sorted({spelling for found in phrases.values() for spelling, _ in found})
    vectors = encode_alone(encoder, distinct)
    place = {spelling: row for row, spelling in enumerate(distinct)}
    cosines = unit(vectors - middle) @ centroids.T
    polarity = tone.polarity(vectors)
    scores: dict[int, list[tuple[float, str]]] = {}
    for column, theme in enumerate(themes):
        members = np.flatnonzero(labels == theme)
        leaning = float(np.median(tone.polarity(own_words[members])))
        scores[theme] = [
            (
                _score(
                    cosines[place[spelling]], column, len(spelling.split()), share,
                    against=polarity[place[spelling]] * leaning < 0 and abs(polarity[place[spelling]]) > _AGAINST_TONE,
                ),
                spelling,
            )
            for spelling, share in phrases[theme]
        ]  # fmt: skip
    chosen = _distinct(scores, known)
    return {
        theme: Name(_sentence_case(chosen[theme]), _definition(chosen[theme], texts, own_words, labels == theme, known))
        for theme in themes
    }


def _candidates(texts: Sequence[str], members: NDArray[np.intp], known: Vocabulary) -> list[tuple[str, float]]:
    """Phrases of the spans with the share of spans that hold all their content stems, the commonest first."""
    step = max(1, len(members) // _SPANS_READ)
    read = members[::step]
    phrases: defaultdict[tuple[str, ...], _Phrase] = defaultdict(_Phrase)
    for span in read:
        written = WORD.findall(texts[span])
        lower = [word.lower().replace("\u2019", "'") for word in written]
        for start in range(len(written)):
            for stop in range(start + 1, min(start + _LONGEST, len(written)) + 1):
                stems = _stems(lower[start:stop], known)
                if stems:
                    phrase = phrases[stems]
                    phrase.spans.add(int(span))
                    phrase.spellings[" ".join(lower[start:stop])] += 1
    stem_spans: defaultdict[str, set[int]] = defaultdict(set)
    for span in read:
        for word in known.content_words(texts[span]):
            stem_spans[known.stem(word)].add(int(span))
    found = []
    for stems, phrase in phrases.items():
        content = [stem for stem in stems if stem in stem_spans]
        together = set.intersection(*(stem_spans[stem] for stem in content)) if content else phrase.spans
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
    stems = tuple(known.stem(word) for word in phrase if known.is_content(word) or word in _OPENERS | known.evaluative)
    return stems if len(set(stems)) == len(stems) else ()


def _score(cosines: NDArray[np.float32], own: int, n_words: int, share: float, *, against: bool) -> float:
    others = np.delete(cosines, own)
    lead = float(cosines[own] - others.max()) if len(others) else 0.0
    length = {1: -0.18, 2: 0.02, 3: 0.0}.get(n_words, -0.04)
    return float(cosines[own] + 0.25 * min(lead, 0.2) + 0.35 * share**0.5 + length - 0.3 * against)


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
        themes[row]: best[row, column][1] if (row, column) in best else f"unclear ({row + 1})"
        for row, column in zip(rows.tolist(), taken.tolist(), strict=True)
    }


def _sentence_case(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def _definition(
    name: str, texts: Sequence[str], own_words: NDArray[np.float32], members: NDArray[np.bool_], known: Vocabulary
) -> str:
    """Two near, mutually different spans that hold the name's words, as customers said them."""
    rows: list[int] = np.flatnonzero(members).tolist()
    centroid = unit(own_words[rows].mean(axis=0, keepdims=True))[0]
    stems = {known.stem(word) for word in known.content_words(name)}
    holds = np.array([stems <= {known.stem(word) for word in known.content_words(texts[i])} for i in rows])
    short = np.array([len(texts[i]) <= 120 for i in rows])
    order = np.lexsort((np.round(-(own_words[rows] @ centroid), 4), ~(holds & short)))
    near = [rows[place] for place in order]
    quotes = [near[0]]
    quotes += [i for i in near[1:40] if own_words[i] @ own_words[quotes[0]] < 0.8 and len(texts[i]) <= 160][:1]
    return "Customers say: " + "; ".join(f"\u201c{texts[i]}\u201d" for i in quotes)
