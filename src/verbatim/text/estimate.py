"""Comments without a score get an estimated category, flagged as such: it never enters the NPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.nps import CATEGORIES
from verbatim.text.voices import Array, Layout

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

ESTIMATED_COLUMNS = ("response_id", "estimated_category", "p_promoter", "p_passive", "p_detractor")
QUALITY_COLUMNS = ("predictor", "n", "accuracy", "log_loss", "brier")
_FEWEST_OF_EACH = 20


def none_estimated() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two empty tables of `estimate_categories`."""
    text = {column: pd.Series(dtype="str") for column in ("response_id", "estimated_category", "predictor")}
    tables = [pd.DataFrame(columns=list(columns), dtype=float) for columns in (ESTIMATED_COLUMNS, QUALITY_COLUMNS)]
    return tuple(table.assign(**{c: text[c] for c in table.columns if c in text}) for table in tables)  # type: ignore[return-value]


def estimate_categories(layout: Layout, voices: Array) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate promoter, passive or detractor for commented responses without a score.

    A multinomial logistic regression on what the voices say of the whole comment; the voice of the scores is read out
    of fold throughout (stacking, Wolpert 1992). No class is weighted, so that probabilities follow the survey's mix:
    they presume that those without a score are made up as those with one.

    Parameters
    ----------
    layout : Layout
    voices : float array, shape (n_comments, n_voices)

    Returns
    -------
    estimated : DataFrame
        ``ESTIMATED_COLUMNS``, sorted by response; the category is the most probable one.
    quality : DataFrame
        ``QUALITY_COLUMNS``: on the scored comments, each estimated by a model fitted on the other folds, and beside it
        the other folds' shares of the categories, said of everyone. Both tables are empty where a category has fewer
        than 20 scored comments.
    """
    known = np.flatnonzero(layout.category >= 0)
    if np.bincount(layout.category[known], minlength=3).min() < _FEWEST_OF_EACH:
        return none_estimated()
    features = _features(voices)
    ours, base = np.zeros((len(known), 3)), np.zeros((len(known), 3))
    fold, truth = layout.fold[known], layout.category[known]
    for held_out in np.unique(fold).tolist():
        here, others = fold == held_out, fold != held_out
        if len(np.unique(truth[others])) < 3:
            return none_estimated()
        ours[here] = _fit(features[known[others]], truth[others]).predict_proba(features[known[here]])
        base[here] = np.bincount(truth[others], minlength=3) / others.sum()
    rows = np.flatnonzero(layout.category < 0)
    table = none_estimated()[0]
    if len(rows):
        table = _table(layout, rows, _fit(features[known], truth).predict_proba(features[rows]))
    quality = [("sentiment", *_judged(ours, truth)), ("the survey's shares", *_judged(base, truth))]
    return table, pd.DataFrame(quality, columns=list(QUALITY_COLUMNS))


def _features(voices: Array) -> Array:
    """Voices at unit spread, and the square of their mean: passives are in the middle."""
    scaled = (voices - voices.mean(axis=0)) / np.maximum(voices.std(axis=0), 1e-12)
    return np.column_stack([scaled, scaled.mean(axis=1) ** 2])


def _fit(features: Array, truth: NDArray[np.intp]) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1.0, max_iter=500).fit(features, truth)


def _table(layout: Layout, rows: NDArray[np.intp], chances: Array) -> pd.DataFrame:
    named = np.array(CATEGORIES, dtype=object)[chances.argmax(axis=1)]
    columns = (layout.responses[rows].astype("str"), named, *np.round(chances, 4).T)
    table = pd.DataFrame(dict(zip(ESTIMATED_COLUMNS, columns, strict=True)))
    table = table.astype({"response_id": "str", "estimated_category": "str"})
    return table.sort_values("response_id", kind="stable").reset_index(drop=True)


def _judged(chances: Array, truth: NDArray[np.intp]) -> tuple[int, float, float, float]:
    """Number of comments, share of them estimated right, mean log-loss (nats), mean Brier score (0-2)."""
    right = chances[np.arange(len(truth)), truth]
    brier = ((chances - np.eye(3)[truth]) ** 2).sum(axis=1).mean()
    accuracy = (chances.argmax(axis=1) == truth).mean()
    log_loss = -np.log(np.maximum(right, 1e-12)).mean()
    return len(truth), round(float(accuracy), 4), round(float(log_loss), 4), round(float(brier), 4)
