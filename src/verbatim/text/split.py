"""Comments become spans: sentences first, then clauses that turn, add or list. Offsets stay exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from verbatim.answers import says_nothing, span_ids
from verbatim.records import Progress, Spans, Survey
from verbatim.side_by_side import each_by_itself
from verbatim.text.clauses import clauses, joined_clauses
from verbatim.text.edges import whole_points
from verbatim.text.lists import list_items, points
from verbatim.text.sentences import Offsets, SentenceRules, addresses, sentence_rules, sentences
from verbatim.text.vocabulary import detect_language

if TYPE_CHECKING:
    import pandas as pd


class SplitOptions(BaseModel):
    """How comments are cut into spans."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = Field(
        default="auto",
        description='Language of sentence rules, stop words and stems, as spaCy\'s two-letter code; "auto" detects it; '
        '"xx" is for several at once.',
    )
    min_letters: int = Field(default=2, ge=1, description="A clause with fewer letters stays with its neighbour.")


def resolve_language(survey: Survey, options: SplitOptions, counts: Mapping[str, int] | None = None) -> str:
    """Return the language that ``options`` name, or the one most comments are written in ("xx" when none is known).

    ``counts`` are the survey's `language_counts`, where they are known already.
    """
    if options.language != "auto":
        return options.language
    return detect_language(survey.answers["text"], counts) or "xx"


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
        Sorted by response and start; answers that say nothing ("STOP", "n/a", digits alone) give none.
    """
    options = options or SplitOptions()
    options = options.model_copy(update={"language": resolve_language(survey, options)})
    answers = survey.answers.sort_values(["response_id", "start"], kind="stable").reset_index(drop=True)
    distinct = answers["text"].drop_duplicates()
    cuts: dict[str, list[Offsets]] = {text: [] for text in distinct if says_nothing(text)}
    texts = [text for text in distinct if text not in cuts]
    cuts |= zip(texts, each_by_itself(partial(_cut, options=options), texts, "split", progress), strict=True)
    return Spans(_spans_table(answers, cuts))


def split_texts(texts: Sequence[str], options: SplitOptions | None = None) -> Iterator[list[Offsets]]:
    """Cut each text into ``(start, end)`` code-point offsets, in order, not overlapping.

    Examples
    --------
    >>> text = "Friendly staff, but the delivery was late. Would buy again"
    >>> [text[a:b] for a, b in next(split_texts([text]))]
    ['Friendly staff', 'the delivery was late', 'Would buy again']
    """
    options = options or SplitOptions(language="en")
    rules = sentence_rules(options.language)
    for text in texts:
        yield whole_points(text, list(_points(text, rules)), options.language, options.min_letters)


def _cut(texts: Sequence[str], options: SplitOptions) -> list[list[Offsets]]:
    return list(split_texts(texts, options))


def _points(text: str, rules: SentenceRules) -> Iterator[Offsets]:
    kept, language = addresses(text), rules.language
    for sentence in sentences(text, rules, kept):
        for clause in clauses(text, sentence, language, kept):
            if language == "en":
                yield from points(text, clause, kept)
            else:
                for item in list_items(text, clause):
                    yield from joined_clauses(text, item, language)


def _spans_table(answers: pd.DataFrame, cuts: dict[str, list[Offsets]]) -> pd.DataFrame:
    import pandas as pd

    counts = np.array([len(cuts[text]) for text in answers["text"]], dtype=int)
    offsets = np.array([piece for text in answers["text"] for piece in cuts[text]], dtype=np.int64).reshape(-1, 2)
    rows = answers.loc[np.repeat(np.arange(len(answers)), counts)].reset_index(drop=True)
    texts = [text[a:b] for text, (a, b) in zip(rows["text"], offsets, strict=True)]
    return pd.DataFrame(
        {
            "span_id": span_ids(rows["response_id"]),
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
