"""Large surveys in portions: the comments that themes are looked for in, and the spans recognised at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Embedding, Spans
from verbatim.side_by_side import cores, dismiss, side_by_side
from verbatim.text.vocabulary import words
from verbatim.vectors import runs

T = TypeVar("T")

_SPANS_AT_ONCE = 50_000
_SIDE_BY_SIDE = 300_000  # spans; of fewer, sending them takes longer than it saves
_OFTEN = 20  # a comment with a word that fewer chosen ones hold is chosen, so that what is rare can be a theme
_FOR_RARE_WORDS = 0.3  # of the chosen comments at most
_SEEN = 5  # words in fewer comments than this are misspellings more often than themes


def chosen_rows(spans: Spans, most: int) -> NDArray[np.intp] | None:
    """Rows of the spans of the comments that themes are looked for in; None where that is all of them.

    Comments are drawn by a hash of their words, whatever their order and number; up to three tenths of them because
    they hold a word that fewer than twenty chosen ones do.
    """
    comment, ids = pd.factorize(spans.table["response_id"])
    if len(ids) <= most:
        return None
    said = spans.table["text"].groupby(comment).agg(" ".join).tolist()
    digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() for text in said]
    order = np.array(sorted(range(len(ids)), key=lambda row: (digests[row], ids[row])), dtype=np.intp)
    held = [sorted(set(words(said[row]))) for row in order.tolist()]
    counts = Counter(word for each in held for word in each)
    covered: Counter[str] = Counter()
    chosen = np.zeros(len(ids), dtype=bool)
    rare = 0
    for row, each in zip(order.tolist(), held, strict=True):
        if rare >= _FOR_RARE_WORDS * most:
            break
        if any(covered[word] < _OFTEN and counts[word] >= _SEEN for word in each):
            covered.update(each)
            chosen[row] = True
            rare += 1
    chosen[order[~chosen[order]][: most - rare]] = True
    return np.flatnonzero(chosen[comment])


def some_at_once(spans: Spans) -> Iterator[NDArray[np.intp]]:
    """Rows of the spans, about 50,000 at a time, the spans of a comment together."""
    if not len(spans.table):
        yield np.arange(0)
    comment, _ = pd.factorize(spans.table["response_id"])
    for rows in runs(comment, _SPANS_AT_ONCE):
        yield np.arange(rows.start, rows.stop)


def in_portions(spans: Spans, embedding: Embedding, work: Callable[[Spans, Embedding], T]) -> Iterator[T]:
    """Work on some spans with their vectors after the other, where they are many in processes side by side.

    Parameters
    ----------
    work : callable
        See `verbatim.side_by_side.side_by_side`.
    """
    parts = (
        (Spans(spans.table.iloc[rows].reset_index(drop=True)), embedding.later(rows)) for rows in some_at_once(spans)
    )
    if embedding.held or len(spans.table) < _SIDE_BY_SIDE or cores() == 1:
        yield from map(partial(_one, work), parts)
        return
    yield from side_by_side(partial(_one, work), parts)
    dismiss()


def _one(work: Callable[[Spans, Embedding], T], part: tuple[Spans, Callable[[], Embedding]]) -> T:
    spans, reading = part
    return work(spans, reading())


def portion(spans: Spans, embedding: Embedding, rows: NDArray[np.intp]) -> tuple[Spans, Embedding]:
    """Return some of the spans with their vectors; all of them as they are."""
    if len(rows) == len(spans.table):
        return spans, embedding.whole()
    return Spans(spans.table.iloc[rows].reset_index(drop=True)), embedding.take(rows)
