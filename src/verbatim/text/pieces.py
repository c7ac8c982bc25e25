"""Spans in pieces, one for each thing they name: "waiting for an engineer | to fix the line" names two."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from verbatim.records import Spans
from verbatim.text.tags import tag_words
from verbatim.text.vocabulary import WORD, Vocabulary, vocabulary

if TYPE_CHECKING:
    import pandas as pd

# What stands before a noun and belongs to it: articles, adjectives, adverbs, participles, and the word that joins them.
_MODIFIES = frozenset({"DT", "PDT", "PRP$", "JJ", "JJR", "JJS", "RB", "RBR", "RBS", "VBN", "VBG", "CD"})
_JOINS = frozenset({"IN", "TO", "CC"})
_BINDS = frozenset({"of"})  # "lack of communication" names one thing


class Piece(NamedTuple):
    """Code-point offsets of a piece and of the noun it is about, (start, end) of the piece where it names none."""

    start: int
    end: int
    noun_start: int
    noun_end: int
    names: bool


def cut_pieces(spans: Spans, language: str) -> pd.DataFrame:
    """Cut every span where the next thing it names begins.

    Parameters
    ----------
    spans : Spans
    language : str
        Two letters. Word classes are known for English alone; in other languages a span is one piece.

    Returns
    -------
    DataFrame
        ``span`` (row of the span in ``spans.table``), ``start, end, noun_start, noun_end`` (code points of the
        comment), ``names`` (whether the piece holds a noun that can be a subject; its span in other languages,
        a content word). Every span has a piece; the pieces of a span cover it, in order.
    """
    import pandas as pd

    known = vocabulary(language)
    table = spans.table
    cut = {text: list(pieces_of(text, known)) for text in table["text"].unique()}
    rows = [
        (row, *(place + start for place in piece[:4]), piece.names)
        for row, (text, start) in enumerate(zip(table["text"], table["start"], strict=True))
        for piece in cut[text]
    ]
    columns = ["span", "start", "end", "noun_start", "noun_end"]
    frame = pd.DataFrame(rows, columns=[*columns, "names"])
    return frame.astype(dict.fromkeys(columns, "int64") | {"names": "bool"})


def pieces_of(text: str, known: Vocabulary) -> Iterator[Piece]:
    """Cut the text of one span.

    Examples
    --------
    >>> text = "waiting for an engineer to fix the phone line"
    >>> [text[piece.start : piece.end] for piece in pieces_of(text, vocabulary("en"))]
    ['waiting for an engineer to fix', 'the phone line']
    """
    places = [(match.start(), match.end()) for match in WORD.finditer(text)]
    words = [text[start:end].lower().replace("\u2019", "'") for start, end in places]
    if known.language != "en":
        yield Piece(0, len(text), 0, len(text), any(known.is_content(word) for word in words))
        return
    tags = tag_words(words)
    names = [tag.startswith("N") and known.is_content(word) for word, tag in zip(words, tags, strict=True)]
    nouns = list(_noun_runs(names))
    found = (_cut(words, tags, one, other) for one, other in pairwise(nouns))
    cuts = [0, *(cut for cut in found if cut is not None)]
    for begin, stop in zip(cuts, [*cuts[1:], len(words)], strict=True):
        start = places[begin][0] if begin else 0
        end = places[stop - 1][1] if stop < len(words) else len(text)
        run = next(((a, b) for a, b in reversed(nouns) if begin <= a and b <= stop), None)
        if run is None:
            yield Piece(start, end, start, end, False)
        else:
            yield Piece(start, end, places[run[0]][0], places[run[1] - 1][1], True)


def _noun_runs(names: list[bool]) -> Iterator[tuple[int, int]]:
    """Nouns that stand together are one name ("phone line"): (first word, word after the last) of each run."""
    start = 0
    for place, noun in enumerate([*names, False]):
        if not noun:
            if start < place:
                yield start, place
            start = place + 1


def _cut(words: list[str], tags: list[str], one: tuple[int, int], other: tuple[int, int]) -> int | None:
    """Word at which the phrase of the second noun begins; None where both belong together."""
    begin = other[0]
    while begin > one[1] and tags[begin - 1] in _MODIFIES:
        begin -= 1
    if begin > one[1] and tags[begin - 1] in _JOINS:
        begin -= 1
    return None if begin == one[1] and words[begin] in _BINDS else begin
