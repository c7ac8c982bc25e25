"""Spans with themes become mentions: which response speaks of which theme, and how."""

from __future__ import annotations

from collections.abc import Sequence

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
    table = mentions.table
    found = pd.crosstab(table["response_id"], table["theme_id"])
    rows = pd.Index(response_ids, name="response_id")
    return found.reindex(index=rows, columns=theme_ids, fill_value=0).astype("int8")


def tone_matrix(mentions: Mentions, response_ids: pd.Series, theme_ids: list[str]) -> pd.DataFrame:
    """Sentiment (-1..1) in the shape of `mention_matrix`; null where there is no mention."""
    found = mentions.table.pivot(index="response_id", columns="theme_id", values="sentiment")
    return found.reindex(index=pd.Index(response_ids, name="response_id"), columns=theme_ids).astype(float)
