import numpy as np
import pandas as pd
import pytest

from verbatim.records import MENTION_COLUMNS, Mentions, Spans, Theme
from verbatim.themes.attach import attach_themes, mention_matrix, tone_matrix


def spans(rows):
    table = pd.DataFrame(rows, columns=["span_id", "response_id", "theme_id", "sentiment"])
    table = table.assign(start=range(len(table)), end=range(1, len(table) + 1))
    return Spans(table.astype({"theme_id": "str"}))


ROWS = [
    ("b.1", "b", "T02", 0.5),
    ("b.2", "b", "T01", -0.25),
    ("b.3", "b", "T02", 0.25),
    ("b.4", "b", None, 1.0),
    ("a.1", "a", "T02", -1.0),
    ("c.1", "c", None, 0.3),
    ("d.1", "d", "T01", 0.1),
    ("d.2", "d", "T01", 0.2),
    ("d.3", "d", "T01", 0.2),
]


@pytest.fixture(scope="module")
def mentions():
    return attach_themes(spans(ROWS))


def test_mean_sentiment_and_counts_by_hand(mentions):
    assert tuple(mentions.table.columns) == MENTION_COLUMNS
    assert mentions.table.to_numpy().tolist() == [
        ["a", "T02", -1.0, 1],
        ["b", "T01", -0.25, 1],
        ["b", "T02", 0.375, 2],
        ["d", "T01", 0.1667, 3],
    ]


def test_order_of_spans_does_not_matter(mentions):
    assert attach_themes(spans(ROWS[::-1])).table.equals(mentions.table)


def test_matrices_follow_the_given_order(mentions):
    ids, themes = pd.Series(["d", "c", "b", "a"]), ["T02", "T03", "T01"]
    said = mention_matrix(mentions, ids, themes)
    assert said.to_numpy().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 1], [1, 0, 0]]
    assert said.columns.tolist() == themes and said.index.tolist() == ids.tolist()
    assert set(map(str, said.dtypes)) == {"int8"}
    tone = tone_matrix(mentions, ids, themes)
    assert said.index.name == tone.index.name == "response_id"
    assert said.columns.name == tone.columns.name == "theme_id"
    assert mention_matrix(mentions, ids, ["T01"]).to_numpy().tolist() == [[1], [0], [1], [0]]
    assert np.array_equal(
        tone.to_numpy(dtype=float).round(6),
        [[np.nan, np.nan, 0.1667], [np.nan] * 3, [0.375, np.nan, -0.25], [-1.0, np.nan, np.nan]],
        equal_nan=True,
    )


def test_no_mention_at_all():
    none = attach_themes(spans([("a.1", "a", None, 0.3)]))
    assert len(none.table) == 0 and tuple(none.table.columns) == MENTION_COLUMNS
    assert mention_matrix(none, pd.Series(["a", "b"]), ["T01"]).to_numpy().tolist() == [[0], [0]]
    tone = tone_matrix(none, pd.Series(["a", "b"]), ["T01"])
    assert tone.isna().all().all() and tone.dtypes.tolist() == ["Sparse[float64, nan]"]


def test_a_broader_theme_is_mentioned_once_for_each_span_of_its_parts():
    theme = lambda name, parent, level: Theme(name, name, (), "", parent, level, "subject", "found", 0, (), ())  # noqa: E731
    themes = [theme("T01", "P01", 2), theme("T02", "P01", 2), theme("T03", None, 1), theme("P01", None, 1)]
    rows = [
        ("a.1", "a", 0, 9, "T01", -1.0),
        ("a.2", "a", 0, 9, "T02", -1.0),  # the same words
        ("a.3", "a", 10, 20, "T02", 0.5),
        ("b.1", "b", 0, 9, "T03", 0.25),
    ]
    table = pd.DataFrame(rows, columns=["span_id", "response_id", "start", "end", "theme_id", "sentiment"])
    found = attach_themes(Spans(table.astype({"theme_id": "str"})), themes)
    assert found.table.to_numpy().tolist() == [
        ["a", "P01", -0.25, 2],
        ["a", "T01", -1.0, 1],
        ["a", "T02", -0.25, 2],
        ["b", "T03", 0.25, 1],
    ]


@pytest.mark.long
def test_mentions_of_a_run_add_up(small_analysis):
    table = small_analysis.spans.table.dropna(subset="theme_id")
    mentions = small_analysis.mentions.table
    own = mentions[mentions["theme_id"].isin(set(table["theme_id"]))]
    assert own["n_spans"].sum() == len(table)
    assert len(own) == table[["response_id", "theme_id"]].drop_duplicates().shape[0]
    parent = {theme.theme_id: theme.parent_id for theme in small_analysis.themes.themes if theme.parent_id}
    over = table.assign(theme_id=table["theme_id"].map(parent)).dropna(subset="theme_id")
    assert len(mentions) - len(own) == over[["response_id", "theme_id"]].drop_duplicates().shape[0]
    assert mentions["sentiment"].between(-1, 1).all()
    assert isinstance(small_analysis.mentions, Mentions)
