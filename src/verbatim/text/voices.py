"""The voices that say how spans speak: the survey's scores, the lexicon, and what the lexicon taught the vectors."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.nps import CATEGORIES, category
from verbatim.records import Spans, Survey
from verbatim.text.vocabulary import words
from verbatim.vectors import by_blocks, let_go

Array = NDArray[np.float64]

_PENALTY = 1.0  # inverse strength, of the regression on scores: 1, 3 and 10 were tried, 1 transfers best
_TAUGHT_PENALTY = 20.0  # of the ridge on the lexicon: 3 to 40 give the same within .003
_SAYS_NOTHING = 0.3  # weight of spans without a listed word as lessons
_MOST_LESSONS = 20_000  # comments, and distinct spans, learned from


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which comment each span stands in, which fold each comment is in, and what its respondent's score says.

    Attributes
    ----------
    responses : Index
        ``response_id`` of the commented responses, in the order of the spans.
    comment : int array, shape (n_spans,)
        Place in ``responses``.
    length : float array, shape (n_spans,)
        Characters: the weight of a span in its comment.
    text : int array, shape (n_spans,)
        Same number, same words.
    fold : int array, shape (n_comments,)
        Respondents are split by fold.
    category : int array, shape (n_comments,)
        Place in `CATEGORIES`; -1 without a score.
    """

    responses: pd.Index
    comment: NDArray[np.intp]
    length: Array
    text: NDArray[np.intp]
    fold: NDArray[np.intp]
    category: NDArray[np.intp]

    @property
    def sign(self) -> NDArray[np.int64]:
        """Return +1 for promoters, -1 for detractors, 0 for passives and the unscored, (n_comments,)."""
        return np.array([1, 0, -1, 0], dtype=np.int64)[self.category]

    def mean(self, values: Array, kept: NDArray[np.bool_] | None = None) -> Array:
        """Mean (n_comments,) of a value of the spans by their length; of the kept ones, 0 where none is."""
        weight = self.length if kept is None else self.length * kept
        total = np.bincount(self.comment, weight, len(self.fold))
        return np.bincount(self.comment, weight * values, len(self.fold)) / np.maximum(total, 1e-12)

    def vectors(
        self, own_words: NDArray[np.float32], spans: NDArray[np.bool_], comments: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Unit vectors (n_comments, dim) of some comments: the length-weighted sum of those of their spans."""
        from scipy.sparse import csr_matrix

        place = np.full(len(self.fold), -1)
        place[comments] = np.arange(len(comments))
        rows = np.flatnonzero(spans & (place[self.comment] >= 0))
        weight = self.length[rows].astype(np.float32)
        gather = csr_matrix((weight, (place[self.comment[rows]], np.arange(len(rows)))), (len(comments), len(rows)))
        sums = gather @ own_words[rows]
        let_go(own_words)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        return (sums / np.maximum(norms, 1e-12)).astype(np.float32)  # type: ignore[no-any-return]


def lay_out(survey: Survey, spans: Spans, n_folds: int) -> Layout:
    """Say where spans stand and which respondents are read together."""
    table = spans.table
    comment, ids = pd.factorize(table["response_id"])
    people = survey.responses.set_index("response_id").loc[ids]
    named = category(people["score"])
    normal, _ = pd.factorize(np.array([" ".join(words(text)) for text in table["text"]], dtype=object), sort=True)
    return Layout(
        responses=pd.Index(ids),
        comment=comment,
        length=np.maximum(table["text"].str.len().to_numpy(dtype=np.float64), 1.0),
        text=normal,
        fold=np.array([crc32(str(one).encode()) for one in people["respondent_id"]], dtype=np.intp) % n_folds,
        category=pd.Categorical(named, categories=list(CATEGORIES)).codes.astype(np.intp),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """A linear reading of vectors that never saw the scores of one fold."""

    fold: int
    coef: NDArray[np.float32]
    intercept: float

    def read(self, vectors: NDArray[np.float32]) -> Array:
        """Log-odds (n,) of promoter against detractor."""
        return by_blocks(vectors, lambda rows: rows @ self.coef).astype(np.float64) + self.intercept


def judges(layout: Layout, own_words: NDArray[np.float32]) -> tuple[Judge, ...]:
    """Learn, once a fold, to tell promoters' from detractors' comments, from the spans' own words.

    Comments of the fold take no part, nor do spans anywhere whose words occur in the fold: a copy never meets its own
    score. Whole comments carry the score better than their spans one by one (AUC of labelled sentences .920/.916/.873
    and .911/.899/.848), and the mean of its spans does as well as the comment read as a whole (.915/.914/.866).
    """
    return tuple(_judge(layout, own_words, fold) for fold in np.unique(layout.fold).tolist())


def _judge(layout: Layout, own_words: NDArray[np.float32], fold: int) -> Judge:
    from sklearn.linear_model import LogisticRegression

    here = layout.fold[layout.comment] == fold
    kept = ~here & (layout.sign[layout.comment] != 0) & ~np.isin(layout.text, layout.text[here])
    told = np.unique(layout.comment[kept])
    told = told[:: len(told) // _MOST_LESSONS + 1]
    kept &= np.isin(layout.comment, told)
    vectors, sign = layout.vectors(own_words, kept, told), layout.sign[told]
    if len(np.unique(sign)) < 2:
        return Judge(fold, np.zeros(own_words.shape[1], np.float32), 0.0)
    model = LogisticRegression(C=_PENALTY, class_weight="balanced", max_iter=500)
    model.fit(vectors.astype(np.float64), sign)
    return Judge(fold, model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def taught(layout: Layout, own_words: NDArray[np.float32], lexicon: Array, n_folds: int) -> Array:
    """What the vectors make of the lexicon's readings, (n_spans,): tone for words that no dictionary lists.

    Ridge regression, each distinct text once and read by a model that did not learn from it. No score is seen.
    """
    _, first = np.unique(layout.text, return_index=True)
    first = first[:: len(first) // _MOST_LESSONS + 1]
    fold, weight = layout.text % n_folds, np.where(lexicon[first] == 0, _SAYS_NOTHING, 1.0)
    grams = [_moments(own_words, lexicon, weight, first, fold[first] == part) for part in range(n_folds)]
    whole = [np.sum([gram[each] for gram in grams], axis=0) for each in (0, 1)]
    penalty = np.diag([*np.full(own_words.shape[1], _TAUGHT_PENALTY), 1e-6])
    coef = np.stack([np.linalg.solve(whole[0] - inner + penalty, whole[1] - outer) for inner, outer in grams], axis=1)
    turned = coef[:-1].astype(np.float32)
    read = by_blocks(own_words, lambda rows: rows @ turned)
    return np.asarray(read[np.arange(len(fold)), fold] + coef[-1, fold], dtype=np.float64)


def _moments(
    vectors: NDArray[np.float32], target: Array, weight: Array, rows: NDArray[np.intp], part: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Weighted cross-products of vectors with an intercept: with themselves and with the target."""
    lessons = np.column_stack([vectors[rows[part]].astype(np.float64), np.ones(int(part.sum()))])
    let_go(vectors)
    weighted = lessons * weight[part, None]
    return lessons.T @ weighted, weighted.T @ target[rows[part]]
