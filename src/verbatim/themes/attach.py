"""Spans with themes become mentions: which response speaks of which theme, and how."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

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
    index = pd.Index(response_ids, name="response_id")
    place, spoke = pd.factorize(mentions.table["response_id"])
    column = pd.Index(theme_ids).get_indexer(pd.Index(mentions.table["theme_id"]))
    cells = np.zeros((len(spoke) + 1, len(theme_ids)), np.int8)  # the last row: those who say nothing
    cells[place[column >= 0], column[column >= 0]] = 1
    return pd.DataFrame(cells[pd.Index(spoke).get_indexer(index)], index, pd.Index(theme_ids, name="theme_id"))


def tone_matrix(mentions: Mentions, response_ids: pd.Series, theme_ids: list[str]) -> pd.DataFrame:
    """Sentiment (-1..1) in the shape of `mention_matrix`, in sparse columns; null where there is no mention.

    Each response is in ``response_ids`` once.

    Examples
    --------
    >>> one = pd.DataFrame({"response_id": ["b"], "theme_id": ["T01"], "sentiment": [0.5], "n_spans": [2]})
    >>> tone_matrix(Mentions(one), pd.Series(["a", "b"]), ["T01"])["T01"].to_numpy().tolist()
    [nan, 0.5]
    """
    index = pd.Index(response_ids, name="response_id")
    place = index.get_indexer(pd.Index(mentions.table["response_id"]))
    column = pd.Index(theme_ids).get_indexer(pd.Index(mentions.table["theme_id"]))
    sentiment = mentions.table["sentiment"].to_numpy(dtype=np.float64)

    def tones(theme: int) -> pd.arrays.SparseArray:
        """Tone of every response towards one theme."""
        tone, said = np.full(len(index), np.nan), (column == theme) & (place >= 0)
        tone[place[said]] = sentiment[said]
        return pd.arrays.SparseArray(tone, fill_value=np.nan)

    columns = {theme_id: tones(theme) for theme, theme_id in enumerate(theme_ids)}
    return pd.DataFrame(columns, index, pd.Index(theme_ids, name="theme_id"))
