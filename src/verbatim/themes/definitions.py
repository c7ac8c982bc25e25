"""How a name is written, and the sentence of customers' own words that says what the theme is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from verbatim.text.vocabulary import WORD, Vocabulary, words
from verbatim.themes.phrases import SPANS_READ
from verbatim.themes.shapes import stems_of
from verbatim.vectors import unit

_QUOTES_DIFFER = 0.8  # cosine; nearer spans say the same twice
_LONGEST_QUOTE = 160  # characters
_SHORT_QUOTE = 120


def as_written(phrase: str, texts: Sequence[str]) -> str:
    """Give each word the case most customers write it in ("KLM"), in sentence case; shouted spans do not count.

    Examples
    --------
    >>> as_written("klm flight", ["our KLM flight", "LOST THE FLIGHT"])
    'KLM flight'
    """
    forms = {word: Counter[str]() for word in phrase.split()}
    for text in texts[:SPANS_READ]:
        if not text.isupper():
            for place, word in enumerate(WORD.findall(text)):
                if word.lower() in forms and (place > 0 or word[1:].isupper()):
                    forms[word.lower()][word] += 1
    common = {word: max(form, key=lambda each: (form[each], each)) if form else word for word, form in forms.items()}
    cased = " ".join(common[word] for word in phrase.split())
    return cased[:1].upper() + cased[1:]


def definition(name: str, texts: Sequence[str], own_words: NDArray[np.float32], known: Vocabulary) -> str:
    """Quote two near, mutually different spans that hold the name's words, as customers said them.

    Parameters
    ----------
    name : str
        In lower case.
    texts : list of str, length n_members
        The theme's spans.
    own_words : float32 array, shape (n_members, dim)
    """
    centroid = unit(own_words.mean(axis=0, keepdims=True))[0]
    stems = stems_of(words(name), known)
    apart = np.round(-(own_words @ centroid), 4)
    near: list[int] = np.argsort(apart, kind="stable")[:SPANS_READ].tolist()
    near.sort(key=lambda i: len(texts[i]) > _SHORT_QUOTE or not stems <= {known.stem(word) for word in words(texts[i])})
    quotes = [near[0]]
    quotes += [
        i for i in near[1:40] if own_words[i] @ own_words[near[0]] < _QUOTES_DIFFER and len(texts[i]) <= _LONGEST_QUOTE
    ][:1]
    return "Customers say: " + "; ".join(f"\u201c{texts[i]}\u201d" for i in quotes)
