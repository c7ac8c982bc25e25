"""Plain tables are checked and put in an order of their own; what is wrong is named with its place."""

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.tables import BLANK, read_tables
from verbatim.errors import SurveyError

GIVEN = dict.fromkeys(("segments", "weight", "commented", "respondent", "themes", "sentiment"))
MENTIONS = pd.DataFrame({"A": [1, 0, 1], "B": [0, 0, 1]})


def read(mentions=MENTIONS, score=(10, 9, 0), **changed):
    return read_tables(mentions, list(score) if isinstance(score, tuple) else score, **GIVEN | changed)


def as_given(coded, values):
    """Values of coded responses in the order of the tables."""
    return np.asarray(values)[np.argsort(coded.row)].tolist()


def test_plain_tables_by_hand():
    coded = read(weight=[1, 2, 0.5], commented=[True, False, True], respondent=["p", None, "p"])
    assert as_given(coded, coded.score) == [10, 9, 0] and as_given(coded, coded.weight) == [1, 2, 0.5]
    assert as_given(coded, coded.commented) == [True, False, True]
    first, second, third = as_given(coded, coded.respondent)
    assert first == third != second
    assert as_given(coded, coded.mentions) == [[True, False], [False, False], [True, True]]
    assert coded.themes[["name", "level"]].to_numpy().tolist() == [["A", 0], ["B", 0]]
    assert coded.themes["parent_id"].isna().all()
    assert coded.sentiment is None and coded.segments.shape == (3, 0) and coded.notes == ()


def test_without_columns_everybody_commented_alike_and_alone():
    coded = read()
    assert coded.commented.all() and coded.weight.tolist() == [1, 1, 1] and len(set(coded.respondent)) == 3


def test_no_theme_at_all():
    coded = read(pd.DataFrame(index=range(3)))
    assert coded.mentions.shape == (3, 0) and len(coded.themes) == 0 and coded.themes.index.dtype == "str"


def test_what_the_nps_leaves_out_is_left_out():
    coded = read(score=[10, None, 0], weight=[1, 1, 0])
    assert coded.row.tolist() == [0] and coded.score.tolist() == [10]


@pytest.mark.parametrize("name", ["score", "weight", "commented", "respondent"])
def test_columns_of_another_length_are_named(name):
    with pytest.raises(
        SurveyError, match=rf"^{name} has shape \(2,\); mentions has 3 rows\. Give one value a response"
    ):
        read(**{name: [1, 0]})
    with pytest.raises(SurveyError, match=rf"^{name} and mentions label their rows differently: row 1 is 7 in one and"):
        read(**{name: pd.Series([1, 1, 1], index=[0, 7, 2])})


def test_segments_are_text_with_blanks_as_a_value():
    table = pd.DataFrame({"z": [1, None, 2], "plan": ["x", "y", None]})
    coded = read(segments=table)
    assert coded.segments.columns.tolist() == ["plan", "z"] and coded.segments.index.tolist() == [0, 1, 2]
    assert as_given(coded, coded.segments["plan"]) == ["x", "y", BLANK]
    assert as_given(coded, coded.segments["z"]) == ["1.0", BLANK, "2.0"]


def decided(plan, score):
    table = pd.DataFrame({"plan": plan})
    return read(pd.DataFrame({"A": [0] * len(plan)}), score, segments=table)


def test_a_segment_that_the_score_decides_is_left_out():
    coded = decided(["in"] * 10 + ["out"] * 10, [10] * 10 + [0] * 10)
    assert coded.segments.shape == (20, 0)
    assert coded.notes == (
        '"plan" was left out of the segments: each of its values holds one score category only, so the score decides '
        "it and it cannot explain the score.",
    )


@pytest.mark.parametrize(
    ("plan", "score"),
    [
        (["in"] * 10 + ["out"] * 9, [10] * 10 + [0] * 9),  # one value of ten responses is no proof
        (["in"] * 10 + ["out"] * 10, [10] * 10 + [0] * 9 + [8]),  # one response in another category
        (["in"] * 10 + ["out"] * 10, [10] * 20),  # there is one category only
        (["in"] * 20, [10] * 10 + [0] * 10),
    ],
)
def test_other_segments_are_kept(plan, score):
    assert decided(plan, score).segments.columns.tolist() == ["plan"]


def test_small_values_and_unscored_responses_decide_nothing():
    plan, score = ["in"] * 10 + ["out"] * 10 + ["few"] * 2 + ["in"], [10] * 10 + [0] * 10 + [0, 10] + [None]
    assert decided(plan, score).segments.shape == (22, 0)


def test_tones_are_read_where_a_theme_is_mentioned():
    tone = pd.DataFrame({"A": [0.5, 0.9, -1.0], "B": [0.1, 0.1, 1.0]})
    for table in (tone, tone.astype("Float64"), tone.astype(pd.SparseDtype(float, np.nan))):
        coded = read(sentiment=table)
        found = as_given(coded, coded.sentiment.block(slice(None)))
        np.testing.assert_array_equal(found, [[0.5, np.nan], [np.nan, np.nan], [-1.0, 1.0]])


def test_a_tone_outside_its_range_is_told():
    with pytest.raises(SurveyError, match=r"^sentiment runs -1\.\.1; found -1\.5\.$"):
        read(sentiment=pd.DataFrame({"A": [0.5, 1.0, -1.5], "B": [None, None, 0.0]}))


def test_a_parent_is_mentioned_where_a_child_is():
    catalogue = pd.DataFrame(
        {"parent_id": ["P", "P", "Q", None, "P"], "kind": ["subject"] * 4 + ["general"], "level": [2, 2, 1, 0, 2]},
        index=["A", "B", "P", "Q", "C"],
    )
    mentions = MENTIONS.assign(C=[0, 1, 0])
    tone = pd.DataFrame({"A": [0.5, 0, -1.0], "B": [0, 0, 0.5], "C": [0, 0.3, 0]})
    coded = read(mentions, themes=catalogue, sentiment=tone)
    assert coded.themes.index.tolist() == ["A", "B", "P", "Q"] and coded.themes["level"].tolist() == [2, 2, 1, 0]
    assert as_given(coded, coded.mentions) == [[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]
    found = as_given(coded, coded.sentiment.block(slice(None)))
    np.testing.assert_array_equal(found, [[0.5, np.nan, 0.5, 0.5], [np.nan] * 4, [-1.0, 0.5, -0.25, -0.25]])


def test_a_parent_with_a_column_is_mentioned_where_that_says_so():
    catalogue = pd.DataFrame({"parent_id": ["B", None]}, index=["A", "B"])
    coded = read(themes=catalogue)
    assert as_given(coded, coded.mentions[:, 1]) == [False, False, True]


def test_parts_of_the_responses():
    plan = pd.DataFrame({"plan": ["x", "y", "x"], "area": ["N", "N", "S"]})
    tone = pd.DataFrame({"A": [0.5, 0, -1.0], "B": [0, 0, 0.5]})
    coded = read(segments=plan, sentiment=tone, respondent=["p", "q", "p"], weight=[1, 2, 3])
    rows = coded.segments["plan"].to_numpy() == "x"
    part, whole = coded.where(rows, without=["plan"]), coded.where(rows)
    assert part.segments.columns.tolist() == ["area"] and whole.segments.columns.tolist() == ["area", "plan"]
    assert part.segments.index.tolist() == [0, 1] and part.notes == ()
    for name in ("score", "weight", "commented", "respondent", "mentions", "row"):
        np.testing.assert_array_equal(getattr(part, name), getattr(coded, name)[rows])
    np.testing.assert_array_equal(part.sentiment.block(slice(None)), coded.sentiment.block(slice(None))[rows])
    assert read().where(np.array([True, False, False])).sentiment is None


def test_the_order_of_responses_is_that_of_their_content():
    rng = np.random.default_rng(3)
    n = 60
    mentions = pd.DataFrame(rng.integers(0, 2, (n, 9)), columns=list("ABCDEFGHI"))
    given = {
        "segments": pd.DataFrame({"plan": rng.choice(["x", "y", None], n)}), "weight": pd.Series(rng.integers(1, 4, n)),
        "commented": pd.Series([True] * n), "respondent": pd.Series(rng.integers(0, 40, n)).astype("str"),
        "sentiment": pd.DataFrame(rng.uniform(-1, 1, (n, 9)).round(2), columns=mentions.columns),
    }  # fmt: skip
    score, turned = pd.Series(rng.integers(0, 11, n)), rng.permutation(n)
    one = read(mentions, score, **given)
    other = read(mentions.iloc[turned], score.iloc[turned], **{key: table.iloc[turned] for key, table in given.items()})
    assert turned[other.row].tolist() == one.row.tolist() != list(range(n))


@pytest.mark.parametrize(
    "changed",
    [
        {"score": [10, 10, 9]}, {"weight": [1, 1, 2]}, {"commented": [True, True, False]},
        {"respondent": ["p", "q", "r"]}, {"segments": pd.DataFrame({"plan": ["x", "x", "y"]})},
        {"segments": pd.DataFrame({"area": ["x", "y", "x"], "plan": ["x", "x", "x"]})},
        {"mentions": pd.DataFrame({"A": [0, 0, 1]})}, {"mentions": pd.DataFrame({"A": [0, 1, 1], "B": [1, 0, 1]})},
        {"sentiment": pd.DataFrame({"A": [0.1, 0.1, 0.2]}), "mentions": pd.DataFrame({"A": [1, 1, 1]})},
    ],
)  # fmt: skip
def test_every_column_counts_for_the_order(changed):
    """Responses that differ in one column only are told apart: their order does not depend on that of the tables."""
    given = {"mentions": pd.DataFrame({"A": [0, 0, 0]}), "score": [10, 10, 10]} | changed
    content = [str([np.asarray(values)[row] for values in changed.values()]) for row in range(3)]
    found = set()
    for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]):
        turned = {
            key: values.iloc[order].reset_index(drop=True)
            if isinstance(values, pd.DataFrame)
            else [values[row] for row in order]
            for key, values in given.items()
        }
        found.add(tuple(content[order[row]] for row in read(**turned).row))
    assert len(found) == 1
