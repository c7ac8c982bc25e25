"""Readable names: short phrases from the spans' own words, distinct from each other, never against their tone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.vocabulary import Vocabulary, words
from verbatim.themes.definitions import as_written, definition
from verbatim.themes.leaning import share_speaking_well, speaks_otherwise
from verbatim.themes.phrases import SPANS_READ, Phrase, Phrases
from verbatim.vectors import unit

_CANDIDATES, _NEAREST_SPANS = 40, 10
# Parts of a score beside the cosines, which run to about 1. Round figures; half or twice each changes names little.
_LEAD, _COVERAGE, _SPECIFIC = 0.3, 0.2, 0.01
_ONE_WORD, _LONG, _SAID_ONCE = 0.15, 0.03, 0.05
_SOFTNESS = 0.05
_MIXED, _CONTRADICTION = 0.2, 0.8
_DIVERSE = 0.7  # length of the mean of a theme's unit vectors: shorter, and its spans say different things
_SHARED, _BORNE_OUT, _OVERCLAIM = 0.5, 0.25, 0.3
_CLOSE = 0.4  # cosine from which a span is taken to speak of its theme's name
_CLEAR_FROM = 1.0  # score plus share of spans that fit; names read as wrong had up to 1.0, good ones 1.1 and more


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A theme's name and a sentence of two typical spans.

    Attributes
    ----------
    score : float
        How well the name fits, 0 to about 1.3; 0 where no phrase was left.
    unclear : bool
        No phrase fits well enough: the name is "Unclear: " and the commonest words.
    """

    name: str
    definition: str
    score: float = 0.0
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class _Scored:
    phrase: Phrase
    score: float


def name_themes(
    texts: Sequence[str], own_words: NDArray[np.float32], labels: NDArray[np.intp], wanted: Sequence[bool],
    encoder: Encoder, known: Vocabulary, quotable: Sequence[str] | None = None,
) -> dict[int, Name]:  # fmt: skip
    """Name every wanted theme.

    Candidates are the phrases the theme's spans hold (`verbatim.themes.phrases`). One scores by its cosine to the
    theme's centroid, how much nearer it is to this theme than to the others, and how many spans hold its words; it
    loses when it contradicts how the spans speak. Names are given out by optimal assignment so that no two share the
    same words. A theme that no phrase fits is called "Unclear: " after its commonest words.

    Parameters
    ----------
    texts : list of str, length n_spans
    own_words : float32 array, shape (n_spans, dim)
    labels : int array, shape (n_spans,)
        Theme of each span, -1 for none.
    wanted : list of bool, length n_themes
        Themes to name.
    quotable : list of str, length n_spans, optional
        What definitions quote instead of ``texts``: the spans, where ``texts`` are pieces of them.
    """
    members = {theme: np.flatnonzero(labels == theme) for theme, want in enumerate(wanted) if want}
    members = {theme: rows for theme, rows in members.items() if len(rows)}
    if not members:
        return {}
    quotable = quotable or texts
    scored = _scored(texts, own_words, members, encoder, known)
    chosen = _distinct(scored)
    fitting = _fitting(own_words, members, chosen, encoder)
    named: dict[int, Name] = {}
    taken: set[str] = set()
    for theme, rows in members.items():
        own, best = [texts[row] for row in rows.tolist()], chosen.get(theme)
        unclear = best is None or best.score + fitting[theme] < _CLEAR_FROM
        plain = _unclear(own, taken, known) if best is None or unclear else best.phrase.text
        taken.add(plain)
        named[theme] = Name(
            as_written(plain, own),
            definition(
                plain.removeprefix("unclear: "), [quotable[row] for row in rows.tolist()], own_words[rows], known
            ),
            best.score if best else 0.0,
            unclear,
        )
    return named


def _scored(
    texts: Sequence[str], own_words: NDArray[np.float32], members: Mapping[int, NDArray[np.intp]],
    encoder: Encoder, known: Vocabulary,
) -> dict[int, list[_Scored]]:  # fmt: skip
    """Candidates of every theme with their scores."""
    middle = own_words.mean(axis=0) if len(members) > 1 else np.zeros(own_words.shape[1], np.float32)
    means = np.stack([own_words[rows].mean(axis=0) for rows in members.values()])
    phrases = Phrases(texts, members, known)
    candidates = {
        theme: phrases.of(theme, _CANDIDATES, _nearest(own_words, rows, mean))
        for (theme, rows), mean in zip(members.items(), means, strict=True)
    }
    distinct = sorted({phrase.text for found in candidates.values() for phrase in found})
    place = {text: row for row, text in enumerate(distinct)}
    vectors = encode_alone(encoder, distinct)
    centred = unit(vectors - middle) @ unit(means - middle).T
    cosines = (centred + vectors @ unit(means).T) / 2
    leads = _softmax(centred / _SOFTNESS)
    scored = {}
    for column, (theme, rows) in enumerate(members.items()):
        well = share_speaking_well(
            [texts[row] for row in rows[:: max(1, len(rows) // SPANS_READ)].tolist()], known.language
        )
        diverse = bool(np.linalg.norm(means[column]) < _DIVERSE)
        scored[theme] = [
            _Scored(
                phrase,
                float(cosines[place[phrase.text], column] + _LEAD * leads[place[phrase.text], column])
                + _form(phrase, diverse)
                - _CONTRADICTION * max(0.0, speaks_otherwise(phrase.text, well, known.language) - _MIXED),
            )
            for phrase in candidates[theme]
        ]
    return scored


def _nearest(own_words: NDArray[np.float32], rows: NDArray[np.intp], mean: NDArray[np.float32]) -> set[int]:
    apart = np.round(-(own_words[rows] @ mean), 4)
    return set(rows[np.argsort(apart, kind="stable")[:_NEAREST_SPANS]].tolist())


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float32]:
    if values.shape[0] == 0:
        return values
    grown = np.exp(values - values.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = grown / grown.sum(axis=1, keepdims=True)
    return shares


def _form(phrase: Phrase, diverse: bool) -> float:
    """What counts and length say for a phrase, whatever its meaning.

    Where spans that say different things share one word, "order", a name that adds to it what few of them say,
    "cancelled order", claims too much, and the word alone says enough.
    """
    shared = diverse and phrase.lead >= _SHARED
    one_word = 0.0 if shared else -_ONE_WORD
    length = {1: one_word, 2: 0.0, 3: 0.0}.get(len(phrase.stems), -_LONG)
    once = -_SAID_ONCE if phrase.said < 2 else 0.0
    claims = -_OVERCLAIM if shared and phrase.borne_out < _BORNE_OUT else 0.0
    return float(_COVERAGE * phrase.share**0.5 + _SPECIFIC * min(max(phrase.lift, 0.0), 5.0) + length + once + claims)


def _distinct(scored: Mapping[int, list[_Scored]]) -> dict[int, _Scored]:
    """Give each theme one phrase so that the total score is highest and no two names share the same stems."""
    from scipy.optimize import linear_sum_assignment

    columns: dict[frozenset[str], int] = {}
    for found in scored.values():
        for each in found:
            columns.setdefault(each.phrase.stems, len(columns))
    themes = list(scored)
    table = np.full((len(themes), len(columns) + len(themes)), -1.0)
    best: dict[tuple[int, int], _Scored] = {}
    for row, theme in enumerate(themes):
        for each in scored[theme]:
            cell = row, columns[each.phrase.stems]
            best[cell] = each
            table[cell] = each.score
    rows, taken = linear_sum_assignment(-table)
    return {
        themes[row]: best[row, column]
        for row, column in zip(rows.tolist(), taken.tolist(), strict=True)
        if (row, column) in best
    }


def _fitting(
    own_words: NDArray[np.float32], members: Mapping[int, NDArray[np.intp]], chosen: Mapping[int, _Scored],
    encoder: Encoder,
) -> dict[int, float]:  # fmt: skip
    """Share of each theme's spans that are close to its name or hold its words, whichever is more."""
    vectors = encode_alone(encoder, [best.phrase.text for best in chosen.values()])
    return {
        theme: max(best.phrase.share, float((own_words[members[theme]] @ vector >= _CLOSE).mean()))
        for (theme, best), vector in zip(chosen.items(), vectors, strict=True)
    }


def _unclear(texts: Sequence[str], taken: Container[str], known: Vocabulary) -> str:
    """Return a name for spans without a phrase left to call them by: their commonest words."""
    said = [word for text in texts for word in words(text) if not word.startswith("<")]
    telling = [word for word in said if known.is_content(word)] or said
    common = [word for word, _ in sorted(Counter(telling).items(), key=lambda item: (-item[1], item[0]))[:2]]
    name = "unclear: " + ", ".join(common) if common else "unclear answers"
    return next(each for each in chain([name], (f"{name} ({n})" for n in count(2))) if each not in taken)
