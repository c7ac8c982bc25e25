"""Words that carry content: tokens, stems, stop words, and the language they belong to."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, resources

WORD = re.compile(r"<[a-z]+>|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
# Languages whose filler and evaluative words are known; others use spaCy's stop words alone.
_SNOWBALL = {"en": "english", "pt": "portuguese", "es": "spanish", "fr": "french", "de": "german"}
_FUNCTION_WORDS_SEEN = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What a language calls empty (function and filler words) and evaluative ("great", "awful", "company")."""

    language: str
    function_words: frozenset[str]
    filler: frozenset[str]
    evaluative: frozenset[str]
    praise: tuple[str, ...]
    complaint: tuple[str, ...]

    def is_content(self, word: str) -> bool:
        """Tell whether a lower-case word can say what a span is about; of "l'attente" or "you're" each part counts."""
        if word.startswith("<") or word in self.filler or word in self.evaluative:
            return False
        return any(
            len(part) > 2
            and part not in self.function_words
            and part not in self.filler
            and part not in self.evaluative
            for part in re.split(r"['-]", word)
        )

    def content_words(self, text: str) -> list[str]:
        """Lower-case content words of a text, in order.

        Examples
        --------
        >>> vocabulary("en").content_words("Because the delivery was really late!")
        ['delivery', 'late']
        """
        return [word for word in words(text) if self.is_content(word)]

    def stem(self, word: str) -> str:
        """Snowball stem of a word; the word itself where the language has no stemmer."""
        return _stem(word, self.language)


def words(text: str) -> list[str]:
    """Lower-case words of a text, apostrophes straightened; placeholders such as ``<email>`` stay whole."""
    return [word.lower().replace("\u2019", "'") for word in WORD.findall(text)]


def detect_language(texts: Iterable[str]) -> str | None:
    """Two-letter code of the language whose function words are most common in the texts, None when none is.

    Examples
    --------
    >>> detect_language(["o limite é muito pouco", "não gostei do cartão"])
    'pt'
    """
    counts = Counter(word for text in texts for word in words(text))
    total = sum(counts.values())
    if not total:
        return None
    shares = {
        code: sum(n for word, n in counts.items() if word in vocabulary(code).function_words) / total
        for code in _SNOWBALL
    }
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= _FUNCTION_WORDS_SEEN else None


@lru_cache(maxsize=16)
def vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of a language; an unknown one has no words that are known to be empty."""
    try:
        function_words: Sequence[str] = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    except (ImportError, AttributeError):
        function_words = ()
    known = _wording().get(language, {})
    filler, evaluative = (frozenset(str(known.get(kind, "")).split()) for kind in ("filler", "evaluative"))
    return Vocabulary(
        language,
        frozenset(function_words),
        filler,
        evaluative,
        tuple(known.get("praise", ())),
        tuple(known.get("complaint", ())),
    )


@lru_cache(maxsize=1)
def _wording() -> dict[str, dict[str, str | list[str]]]:
    text = resources.files("verbatim.text").joinpath("wording.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str | list[str]]] = json.loads(text)
    return loaded


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word)) if language in _SNOWBALL else word


@lru_cache(maxsize=8)
def _stemmer(language: str):  # type: ignore[no-untyped-def]  # the library has no types
    import snowballstemmer

    return snowballstemmer.stemmer(_SNOWBALL[language])
