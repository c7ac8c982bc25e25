"""Which language each comment is written in, and which one the survey is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from verbatim.side_by_side import each_by_itself

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "unknown"
# On 126 test sentences of 17 languages 123 are named and right from this probability on, none is wrong, and no
# fragment such as "ok" or "STOP" gets a language (tests/text/language_cases.json); from 0.7 on 121 are named.
_SURE_FROM = 0.5
_MENTIONED_FROM = 0.05
_LETTERS_READ = 400  # more of a comment says nothing more about its language
_NO_LANGUAGE = re.compile(r"<[a-z]+>|(?:https?://|www\.)\S+|\S+@\S+|[\d_]+")
_LETTER = re.compile(r"[^\W\d_]")


def detect_languages(texts: Iterable[str]) -> list[str | None]:
    """Two-letter code of each text's language; None where it is too short, or too mixed, to tell.

    Each text is judged by itself: the answer does not depend on the others. Placeholders, links, addresses and digits
    are left out. Known are the languages that both py3langid and spaCy know, 69 of them.

    Source
    ------
    Lui and Baldwin (2012), "langid.py: An Off-the-shelf Language Identification Tool"; model of py3langid 0.4.

    Examples
    --------
    >>> detect_languages(["o limite do cartão é muito baixo", "the price is too high", "ok", "10"])
    ['pt', 'en', None, None]
    """
    every = list(texts)
    distinct = list(dict.fromkeys(every))
    known = dict(zip(distinct, each_by_itself(_languages_of, distinct), strict=True))
    return [known[text] for text in every]


def detect_language(texts: Iterable[str], counts: Mapping[str, int] | None = None) -> str | None:
    """Language most of the texts are written in, None when nothing tells.

    Where no single text is long enough, all of them together are read as one. ``counts`` are the texts'
    `language_counts`, where they are known already.

    Examples
    --------
    >>> detect_language(["o limite do cartão é muito baixo", "não gostei do cartão", "very expensive and slow"])
    'pt'
    """
    read = list(texts)
    named = {code: n for code, n in (counts or language_counts(read)).items() if code != UNKNOWN}
    if named:
        return next(iter(named))
    return _language_of("\n".join(sorted({text for text in read if _LETTER.search(text)})))


def language_counts(texts: Iterable[str]) -> dict[str, int]:
    """Count the texts in each language, the commonest first; those too short to tell come last as "unknown".

    Examples
    --------
    >>> language_counts(["o limite do cartão é muito baixo", "the price is too high", "não gostei do cartão", "ok"])
    {'pt': 2, 'en': 1, 'unknown': 1}
    """
    counts = Counter(code or UNKNOWN for code in detect_languages(texts))
    return dict(sorted(counts.items(), key=lambda item: (item[0] == UNKNOWN, -item[1], item[0])))


def other_languages_note(counts: Mapping[str, int], language: str) -> str | None:
    """Say how many comments are in other languages than the survey's; None when they are less than 5 %.

    Examples
    --------
    >>> other_languages_note({"en": 80, "de": 15, "fr": 4, "unknown": 9}, "en")
    '19 of 99 comments that tell their language are in others than "en" (de 15, fr 4).'
    """
    told = {code: n for code, n in counts.items() if code != UNKNOWN}
    others = {code: n for code, n in told.items() if code != language}
    total, strange = sum(told.values()), sum(others.values())
    if strange < _MENTIONED_FROM * total or not strange:
        return None
    listed = ", ".join(f"{code} {n:,}" for code, n in list(others.items())[:5])
    more = ", ..." if len(others) > 5 else ""
    return (
        f'{strange:,} of {total:,} comments that tell their language are in others than "{language}" ({listed}{more}).'
    )


def _languages_of(texts: Sequence[str]) -> list[str | None]:
    return [_language_of(text) for text in texts]


def _language_of(text: str) -> str | None:
    said = _NO_LANGUAGE.sub(" ", text[: 4 * _LETTERS_READ])[:_LETTERS_READ].strip().lower()
    if not _LETTER.search(said):
        return None
    code, probability = _identifier().classify(said)
    return str(code) if probability >= _SURE_FROM else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    spec = find_spec("spacy")
    if spec is not None and spec.origin is not None:
        folders = {folder.name for folder in (Path(spec.origin).parent / "lang").iterdir() if folder.is_dir()}
        identifier.set_languages(sorted(folders & set(identifier.labels)))
    return identifier
