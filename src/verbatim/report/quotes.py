"""Customers' own words for each theme: exact pieces of their masked comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from verbatim.records import Analysis, Theme
from verbatim.report.formats import clean
from verbatim.report.options import ReportOptions

FEWEST_WORDS, FEWEST_LETTERS = 3, 12
ALIKE = 0.6  # shared words of two quotes above which the second adds nothing
TRIED_PER_THEME = 200
SEGMENTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a comment.

    ``text`` is ``comment[start : start + len(text)]``; ``text[mark_start:mark_end]`` is the span that made the theme.
    ``segments`` names only segments that still hold the minimum group together.
    """

    response_id: str
    theme_id: str
    text: str
    start: int
    mark_start: int
    mark_end: int
    cut_before: bool
    cut_after: bool
    score: int | None
    segments: tuple[tuple[str, str], ...]


def choose_quotes(analysis: Analysis, options: ReportOptions) -> dict[str, tuple[Quote, ...]]:
    """Choose quotes for every theme: its exemplars first, then by closeness to the theme; never by score.

    Parameters
    ----------
    analysis : Analysis
        Its comments are masked already.
    options : ReportOptions
        ``quotes``, ``quotes_per_theme``, ``quote_length`` and ``minimum_group`` apply.

    Returns
    -------
    dict
        Quotes by ``theme_id``, each of another response and in other words; none for themes too small to quote.
    """
    if not options.quotes or options.quotes_per_theme == 0:
        return {}
    people = _people(analysis, options.minimum_group)
    size = analysis.mentions.table.groupby("theme_id").size()
    coded = analysis.spans.table[analysis.spans.table["theme_id"].notna()]
    spans_of = {str(theme_id): spans for theme_id, spans in coded.groupby("theme_id")}
    quotes = {}
    for theme in analysis.themes.themes:
        if theme.theme_id in spans_of and size.get(theme.theme_id, 0) >= options.minimum_group:
            candidates = _quotes(_in_order(theme, spans_of[theme.theme_id]), people, options.quote_length)
            quotes[theme.theme_id] = _distinct(candidates, options.quotes_per_theme)
    return quotes


def choose_proposed(analysis: Analysis, options: ReportOptions) -> list[tuple[Quote, ...]]:
    """Choose quotes for every proposed theme, the most typical first; ``theme_id`` is its name."""
    if not options.quotes or options.quotes_per_theme == 0:
        return [() for _ in analysis.themes.proposed]
    people, spans = _people(analysis, options.minimum_group), analysis.spans.table.set_index("span_id", drop=False)
    found = []
    for theme in analysis.themes.proposed:
        own = spans.loc[list(theme.spans)].assign(theme_id=theme.name) if len(theme.spans) else spans.iloc[:0]
        large = theme.n_comments >= options.minimum_group
        candidates = _quotes(own.head(TRIED_PER_THEME), people, options.quote_length)
        found.append(_distinct(candidates, options.quotes_per_theme) if large else ())
    return found


def _people(analysis: Analysis, minimum: int) -> pd.DataFrame:
    """Scores, comments and, as far as the group stays large enough, segments, by response."""
    shown = list(analysis.survey.segments[:SEGMENTS_SHOWN])
    responses = large_groups(analysis.survey.responses, shown, minimum)
    return responses[["response_id", "score", "comment", *shown]].set_index("response_id")


def large_groups(responses: pd.DataFrame, segments: Sequence[str], minimum: int) -> pd.DataFrame:
    """Keep a segment's value only where, with those before it, it still holds ``minimum`` responses together.

    Examples
    --------
    >>> people = pd.DataFrame({"plan": ["A", "A", "A", "B"], "town": ["X", "X", "Y", "X"]})
    >>> large_groups(people, ["plan", "town"], 2).fillna("").to_numpy().tolist()
    [['A', 'X'], ['A', 'X'], ['A', ''], ['', '']]
    """
    kept = responses.copy()
    for depth, name in enumerate(segments, 1):
        keys = [responses[key].fillna("").to_numpy() for key in segments[:depth]]
        size = responses.groupby(keys)[name].transform("size").to_numpy()
        kept[name] = responses[name].where(size >= minimum)
    return kept


def _in_order(theme: Theme, spans: pd.DataFrame) -> pd.DataFrame:
    place = {span_id: position for position, span_id in enumerate(theme.exemplars)}
    ordered = spans.assign(
        place=spans["span_id"].map(place).fillna(len(place)), nearness=-spans["similarity"].astype(float).fillna(-1.0)
    )
    return ordered.sort_values(["place", "nearness", "span_id"]).head(TRIED_PER_THEME)


def _quotes(spans: pd.DataFrame, people: pd.DataFrame, length: int) -> Iterator[Quote]:
    for span in spans.itertuples():
        person = people.loc[str(span.response_id)]
        comment, start, end = person["comment"], int(str(span.start)), int(str(span.end))
        if not isinstance(comment, str) or not _readable(comment[start:end], length):
            continue
        first, last = passage(comment, start, end, length)
        text = comment[first:last]
        if clean(text) != text:
            continue
        yield Quote(
            response_id=str(span.response_id),
            theme_id=str(span.theme_id),
            text=text,
            start=first,
            mark_start=start - first,
            mark_end=end - first,
            cut_before=bool(comment[:first].strip()),
            cut_after=bool(comment[last:].strip()),
            score=None if pd.isna(person["score"]) else int(person["score"]),
            segments=tuple((str(name), str(cell)) for name, cell in person.iloc[2:].items() if not pd.isna(cell)),
        )


def _readable(text: str, length: int) -> bool:
    letters = sum(map(str.isalpha, text))
    words = len(text.split())
    return letters >= FEWEST_LETTERS and len(text) <= length and (words >= FEWEST_WORDS or words * 8 < len(text))


def passage(comment: str, start: int, end: int, length: int) -> tuple[int, int]:
    """Bounds of the passage around a span that fits in ``length`` characters, cut between words.

    Examples
    --------
    >>> passage("It is fine. The engineer never came. Cheap.", 12, 36, 32)
    (12, 36)
    >>> passage("  short  ", 2, 7, 100)
    (2, 7)
    """
    first = len(comment) - len(comment.lstrip())
    last = len(comment.rstrip())
    if last - first > length:
        room = max(length - (end - start), 0) // 2
        if start - room > first:
            gap = re.search(r"\s\S", comment[start - room : start])
            first = start - room + gap.start() + 1 if gap else start
        if end + room < last:
            gaps = list(re.finditer(r"\S\s", comment[end - 1 : end + room]))
            last = end - 1 + gaps[-1].start() + 1 if gaps else end
    return min(first, start), max(last, end)


def _distinct(quotes: Iterator[Quote], wanted: int) -> tuple[Quote, ...]:
    chosen: list[Quote] = []
    seen: list[set[str]] = []
    for quote in quotes:
        words = set(re.findall(r"\w+", quote.text[quote.mark_start : quote.mark_end].casefold()))
        again = any(quote.response_id == other.response_id for other in chosen)
        if again or any(len(words & other) > ALIKE * max(len(words | other), 1) for other in seen):
            continue
        chosen.append(quote)
        seen.append(words)
        if len(chosen) == wanted:
            break
    return tuple(chosen)
