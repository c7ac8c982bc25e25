"""Words that carry content: tokens, stems, stop words, and the language they belong to."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, resources

from verbatim.text.languages import detect_language

__all__ = ["WORD", "Vocabulary", "detect_language", "sentences_of_all_languages", "vocabulary", "words"]

# Japanese has no blanks: runs of Chinese characters, of katakana and of hiragana stand in for words there. Chinese and
# Thai have none either, nor such runs: a stretch between two marks is one "word", and `LexicalEncoder` reads its parts.
_KANJI, _HIRAGANA, _KATAKANA = "\u3005\u3400-\u9fff", "\u3041-\u309f", "\u30a0-\u30ff"
_ALPHABETIC = rf"[^\W\d_{_KANJI}{_HIRAGANA}{_KATAKANA}]"
WORD = re.compile(rf"<[a-z]+>|{_ALPHABETIC}+(?:['\u2019-]{_ALPHABETIC}+)*|[{_KANJI}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+")
_ONLY_HIRAGANA = re.compile(rf"[{_HIRAGANA}]+")
_SYLLABLES = re.compile(rf"[{_KANJI}{_KATAKANA}\uac00-\ud7af]")  # two of these are a word
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip


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
        return _is_content(self, word)

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


@lru_cache(maxsize=100_000)
def _is_content(known: Vocabulary, word: str) -> bool:
    if word.startswith("<") or word in known.filler or word in known.evaluative:
        return False
    return any(
        _is_long_enough(part)
        and part not in known.function_words
        and part not in known.filler
        and part not in known.evaluative
        for part in re.split(r"['-]", word)
    )


def _is_long_enough(word: str) -> bool:
    """Three letters, or two characters of a script that writes syllables; hiragana alone is grammar."""
    if len(word) > 2:
        return not _ONLY_HIRAGANA.fullmatch(word)
    return len(word) == 2 and _SYLLABLES.search(word) is not None


def words(text: str) -> list[str]:
    """Lower-case words of a text, apostrophes straightened; placeholders such as ``<email>`` stay whole."""
    return [word.lower().replace("\u2019", "'") for word in WORD.findall(text)]


@lru_cache(maxsize=16)
def vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of a language; of one that is not listed, only "ok", "n/a" and their like are empty."""
    try:
        function_words: Sequence[str] = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    except (ImportError, AttributeError):
        function_words = ()
    known = _wording().get(language) or _wording()["xx"]
    filler, evaluative = (frozenset(str(known.get(kind, "")).split()) for kind in ("filler", "evaluative"))
    return Vocabulary(
        language,
        frozenset(function_words),
        filler,
        evaluative,
        tuple(known.get("praise", ())),
        tuple(known.get("complaint", ())),
    )


def sentences_of_all_languages() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sentences of general praise, and of complaint, in every listed language: for an encoder that reads them all."""
    listed = [vocabulary(language) for language in sorted(_wording())]
    praise, complaint = (
        [text for known in listed for text in getattr(known, kind)] for kind in ("praise", "complaint")
    )
    return tuple(praise), tuple(complaint)


@lru_cache(maxsize=1)
def _wording() -> dict[str, dict[str, str | list[str]]]:
    text = resources.files("verbatim.text").joinpath("wording.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str | list[str]]] = json.loads(text)
    return loaded


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word)) if language in _SNOWBALL else word


@lru_cache(maxsize=40)
def _stemmer(language: str):  # type: ignore[no-untyped-def]  # the library has no types
    import snowballstemmer

    return snowballstemmer.stemmer(_SNOWBALL[language])
