"""Spans with themes become mentions: which response speaks of which theme, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import MENTION_COLUMNS, Mentions, Spans, Theme


def attach_themes(spans: Spans, themes: Sequence[Theme] = ()) -> Mentions:
    """One row a response and theme: the mean sentiment of its spans and their number.

    Sorted by response and theme. A response with several themes has several rows; spans without a theme have none. A
    response that speaks of a theme also speaks of the broader theme over it, once for each of its spans.
    """
    table = spans.table.loc[spans.table["theme_id"].notna()]
    parent = {theme.theme_id: theme.parent_id for theme in themes if theme.parent_id}
    over = table.assign(theme_id=table["theme_id"].map(parent).astype("str"))
    over = over.loc[over["theme_id"].notna()].drop_duplicates(["response_id", "theme_id", "start", "end"])
    grouped = pd.concat([table, over]).groupby(["response_id", "theme_id"])
    mentions = grouped.agg(sentiment=("sentiment", "mean"), n_spans=("span_id", "size")).reset_index()
    return Mentions(mentions[list(MENTION_COLUMNS)].round({"sentiment": 4}))


def mention_matrix(mentions: Mentions, response_ids: pd.Series, theme_ids: list[str]) -> pd.DataFrame:
    """0/1 table: one row a response in the given order, one column a theme.

    Examples
    --------
    >>> one = pd.DataFrame({"response_id": ["b"], "theme_id": ["T01"], "sentiment": [0.0], "n_spans": [2]})
    >>> mention_matrix(Mentions(one), pd.Series(["a", "b"]), ["T01"])["T01"].tolist()
    [0, 1]
    """
    return _matrix(mentions, response_ids, theme_ids, np.ones(len(mentions.table), np.int8), np.int8(0))


def tone_matrix(mentions: Mentions, response_ids: pd.Series, theme_ids: list[str]) -> pd.DataFrame:
    """Sentiment (-1..1) in the shape of `mention_matrix`; null where there is no mention."""
    sentiment = mentions.table["sentiment"].to_numpy(dtype=np.float32)
    return _matrix(mentions, response_ids, theme_ids, sentiment, np.float32(np.nan))


def _matrix(
    mentions: Mentions, response_ids: pd.Series, theme_ids: list[str], values: NDArray[Any], nothing: np.generic
) -> pd.DataFrame:
    """Values of the mentions, a response a row, a theme a column; ``nothing`` where there is no mention."""
    table, index = mentions.table, pd.Index(response_ids, name="response_id")
    spoke, place = np.unique(table["response_id"].to_numpy(dtype=object), return_inverse=True)
    column = pd.Index(theme_ids).get_indexer(pd.Index(table["theme_id"]))
    cells = np.full((len(spoke) + 1, len(theme_ids)), nothing, values.dtype)  # the last row: those who say nothing
    cells[place[column >= 0], column[column >= 0]] = values[column >= 0]
    return pd.DataFrame(cells[pd.Index(spoke).get_indexer(index)], index, pd.Index(theme_ids, name="theme_id"))
