"""Comments become spans: sentences first, then clauses that turn, add or list. Offsets stay exact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import ConfigError
from verbatim.records import Progress, Spans, Survey
from verbatim.text.vocabulary import detect_language

if TYPE_CHECKING:
    from spacy.language import Language

Offsets = tuple[int, int]


class SplitOptions(BaseModel):
    """How comments are cut into spans."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = Field(
        default="auto",
        description='Language of sentence rules, stop words and stems, as spaCy\'s two-letter code; "auto" detects it; '
        '"xx" is for several at once.',
    )
    min_letters: int = Field(default=2, ge=1, description="A clause with fewer letters stays with its neighbour.")


# A clause starts before one of these. Contrast turns to another point, but not in "nothing but", "no choice but"; "and"
# does only where a new subject follows, so that "bread and butter" and "quick and easy" stay whole.
_CONTRAST = {
    "en": "but|however|although|even though|whereas|apart from|unfortunately|on the other hand|otherwise",
    "pt": "mas|porém|contudo|entretanto|no entanto|só que|embora",
    "es": "pero|sin embargo|aunque|sino",
    "fr": "mais|cependant|toutefois|par contre|en revanche",
    "de": "aber|obwohl|sondern",
}
_ANY_CONTRAST = f"{_CONTRAST['en']}|mas|porém|pero|aber"  # not "mais", which is "more" in Portuguese
_NOT_AFTER = "".join(rf"(?<!\b{word})" for word in ("nothing", "anything", "all", "choice", "option", "alternative"))
_AFTER_COMMA = r"(?:yet|though|except|while|so|which)"
_SUBJECT = (
    r"(?:i|i'm|i've|we|we've|you|your|he|she|they|it|it's|its|this|that|there|these|those|the|a|an|my|our|their|his|her|"
    r"no|not|never|very|also|then|still|now|was|were|is|are|had|have|has|could|couldn't|didn't|don't|would|will|can't)"
)
_BLANK = r"(?<!\s)\s"  # where blanks begin: a long run of them is tried once, not once for each blank
_JOINING = re.compile(
    rf"(?:{'|'.join(_CONTRAST.values())}|{_AFTER_COMMA}"
    r"|and|plus|also|as well as|because|even|still|then|too|etc|i|we|it|they|e|y|et|und)\b[\s,]*",
    re.IGNORECASE,
)
# Left on, these words make themes of their own: everybody's answer to "why?" may start with them.
_OPENER = re.compile(
    r"(?:(?:just|simply|mainly|mostly|only|it'?s|that'?s)\s+)?"
    r"(?:because(?:\s+of)?|becuase|becouse|cos|coz|cuz|due\s+to(?:\s+the\s+fact(?:\s+that)?)?"
    r"|(?:the\s+|my\s+)?(?:main\s+)?reasons?(?:\s+(?:for|behind)\s+(?:my|this|the)\s+(?:score|rating))?\s+(?:is|was|are|being)"
    r"(?:\s+(?:that|because))?|porque|pq|parce\s+que|weil)\b[\s,:;.-]*",
    re.IGNORECASE,
)
_LINE = re.compile(r"(?:\A|[\r\n\u2028]+)\s*(?:[-*\u2022\u2013]\s+|\d{1,2}[.)]\s+(?=\D))?")
_LIST_COMMA = re.compile(r",\s+(?:and\s+)?", re.IGNORECASE)
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_EDGE = _BLANKS + "\u200b.,;:!?\"'()[]*\u2022\u2026\u2013\u2014-"


def resolve_language(survey: Survey, options: SplitOptions) -> str:
    """Return the language that ``options`` name, or the one most comments are written in ("xx" when none is known)."""
    if options.language != "auto":
        return options.language
    return detect_language(survey.answers["text"]) or "xx"


def split_comments(survey: Survey, options: SplitOptions | None = None, progress: Progress | None = None) -> Spans:
    """Cut every answer into spans that make one point each.

    Parameters
    ----------
    survey : Survey
        Its ``answers`` are cut; each span lies inside one answer and knows its question.
    options : SplitOptions, optional
    progress : Progress, optional
        Called with the number of distinct answers done.

    Returns
    -------
    Spans
        Sorted by response and start; answers without a single letter or digit give none.
    """
    options = options or SplitOptions()
    options = options.model_copy(update={"language": resolve_language(survey, options)})
    answers = survey.answers.sort_values(["response_id", "start"], kind="stable").reset_index(drop=True)
    texts = answers["text"].drop_duplicates().tolist()
    cuts: dict[str, list[Offsets]] = {}
    for done, (text, offsets) in enumerate(zip(texts, split_texts(texts, options), strict=True), 1):
        cuts[text] = offsets
        if progress and (done % 500 == 0 or done == len(texts)):
            progress("split", done, len(texts))
    return Spans(_spans_table(answers, cuts))


def split_texts(texts: Sequence[str], options: SplitOptions | None = None) -> Iterator[list[Offsets]]:
    """Cut each text into ``(start, end)`` code-point offsets, in order, not overlapping.

    Examples
    --------
    >>> text = "Friendly staff, but the delivery was late. Would buy again"
    >>> [text[a:b] for a, b in next(split_texts([text]))]
    ['Friendly staff', 'but the delivery was late', 'Would buy again']
    """
    options = options or SplitOptions(language="en")
    nlp, clause_start = _sentence_rules(options.language), _clause_start(options.language)
    lines = [list(_cut(text, (0, len(text)), _LINE)) for text in texts]
    documents = nlp.pipe(text[a:b] for text, found in zip(texts, lines, strict=True) for a, b in found)
    for text, found in zip(texts, lines, strict=True):
        pieces: list[Offsets] = []
        for line, _ in found:
            for sentence in next(documents).sents:
                for clause in _cut(text, (line + sentence.start_char, line + sentence.end_char), clause_start):
                    pieces.extend(_list_items(text, clause))
        yield _joined(text, [_trimmed(text, piece) for piece in pieces], options.min_letters)


@lru_cache(maxsize=16)
def _clause_start(language: str) -> re.Pattern[str]:
    contrast = rf"(?=(?:{_CONTRAST.get(language, _ANY_CONTRAST)})\b)"
    return re.compile(
        rf"[,;:\u2013\u2014-]\s*{contrast}|{_NOT_AFTER}{_BLANK}+{contrast}|,\s*(?={_AFTER_COMMA}\b)"
        rf"|(?:,\s*|{_BLANK}+)(?=(?:and|plus|also|as well as)\s+{_SUBJECT}\b)"
        rf"|;\s+|{_BLANK}+[\u2013\u2014-]{{1,2}}\s+|(?<!\s)\s*\.{{2,}}\s*|(?<!\s)\s*\u2026\s*",
        re.IGNORECASE,
    )


@lru_cache(maxsize=4)
def _sentence_rules(language: str) -> Language:
    import spacy

    try:
        nlp = spacy.blank(language)
    except ImportError:
        raise ConfigError(
            f'split.language is "{language}", which spaCy does not know. Use a two-letter code such as "en", "pt" or '
            '"de", or "xx" for any language.'
        ) from None
    nlp.add_pipe("sentencizer")
    nlp.max_length = 20_000_000
    return nlp


def _cut(text: str, piece: Offsets, at: re.Pattern[str]) -> Iterator[Offsets]:
    start, end = piece
    for match in at.finditer(text, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


def _list_items(text: str, clause: Offsets) -> Iterator[Offsets]:
    """Three or more short items between commas are a list ("friendly staff, quick delivery, fair price")."""
    items = list(_cut(text, clause, _LIST_COMMA))
    short = [1 <= len(text[a:b].split()) <= 5 for a, b in items]
    if len(items) >= 3 and all(short) and sum(len(text[a:b].split()) >= 2 for a, b in items) >= 2:
        yield from items
    else:
        yield clause


def _trimmed(text: str, piece: Offsets) -> Offsets:
    """Take off blanks and punctuation at both ends, and openers that only answer "why?" ("Because", "Reason is")."""
    start, end = piece
    inside = text[start:end]
    start, end = start + len(inside) - len(inside.lstrip(_EDGE)), end - (len(inside) - len(inside.rstrip(_EDGE)))
    opener = _OPENER.match(text, start, end)
    if opener and sum(character.isalpha() for character in text[opener.end() : end]) > 2:
        return _trimmed(text, (opener.end(), end))
    return start, end


def _joined(text: str, pieces: list[Offsets], min_letters: int) -> list[Offsets]:
    """Drop empty pieces; a piece that says nothing by itself ("but", "and I") joins its neighbour."""
    kept: list[Offsets] = []
    waiting: int | None = None  # start of a leading piece that waits for the one after it
    for start, end in pieces:
        if start >= end or not any(character.isalnum() for character in text[start:end]):
            continue
        if _letters(text[start:end]) >= min_letters:
            kept.append((start if waiting is None else waiting, end))
            waiting = None
        elif kept:
            kept[-1] = (kept[-1][0], end)
        elif waiting is None:
            waiting = start
    if waiting is not None:
        kept.append(_trimmed(text, (waiting, pieces[-1][1])))
    return kept


def _letters(text: str) -> int:
    """Count the letters left once joining words at the start are taken away."""
    start = 0
    while match := _JOINING.match(text, start):
        start = match.end()
    return sum(character.isalpha() for character in text[start:])


def _spans_table(answers: pd.DataFrame, cuts: dict[str, list[Offsets]]) -> pd.DataFrame:
    counts = np.array([len(cuts[text]) for text in answers["text"]], dtype=int)
    offsets = np.array([piece for text in answers["text"] for piece in cuts[text]], dtype=np.int64).reshape(-1, 2)
    rows = answers.loc[np.repeat(np.arange(len(answers)), counts)].reset_index(drop=True)
    texts = [text[a:b] for text, (a, b) in zip(rows["text"], offsets, strict=True)]
    number = rows.groupby("response_id").cumcount() + 1
    return pd.DataFrame(
        {
            "span_id": rows["response_id"] + "." + number.astype("str"),
            "response_id": rows["response_id"],
            "question": rows["question"],
            "start": rows["start"].to_numpy() + offsets[:, 0],
            "end": rows["start"].to_numpy() + offsets[:, 1],
            "text": pd.Series(texts, dtype="str"),
            "theme_id": pd.Series([None] * len(rows), dtype="str"),
            "similarity": np.full(len(rows), np.nan),
            "sentiment": np.full(len(rows), np.nan),
        }
    )
