import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.coding.draw import draw_comments


def frame(n=300, seed=0):
    rng = np.random.default_rng(seed)
    ids = [f"r{k:04d}" for k in range(n)]
    mentions = pd.DataFrame(rng.random((n, 4)) < [0.3, 0.1, 0.05, 0.01], index=ids, columns=list("abcd")).astype(int)
    category = pd.Series(rng.choice(["detractor", "passive", "promoter"], n), index=ids)
    return mentions, category


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(0, 5))
def test_as_many_as_asked_once_each_with_chances_that_stand_for_all(n, seed):
    mentions, category = frame()
    drawn = draw_comments(mentions, category, n, seed)
    assert len(drawn) == min(n, 300) and drawn["response_id"].is_unique
    assert drawn["probability"].between(0, 1, inclusive="right").all()
    assert (category[drawn["response_id"]].to_numpy() == drawn["category"]).all()


def test_the_stated_chances_are_the_true_ones():
    draws = 500
    mentions, category = frame(120)
    times = pd.Series(0.0, index=mentions.index)
    stated = pd.Series(np.nan, index=mentions.index)
    for seed in range(draws):
        drawn = draw_comments(mentions, category, 40, seed).set_index("response_id")["probability"]
        times[drawn.index] += 1 / draws
        stated[drawn.index] = drawn
    error = np.sqrt(stated * (1 - stated) / draws)
    assert (times - stated).abs().max() < 0.08
    assert ((times - stated) / error).abs().mean() < 1.5


def test_rows_in_another_order_give_the_same_draw():
    mentions, category = frame()
    mixed = mentions.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(draw_comments(mentions, category, 50), draw_comments(mixed, category, 50))


def test_a_larger_draw_begins_with_the_smaller_one():
    mentions, category = frame()
    few, many = draw_comments(mentions, category, 50), draw_comments(mentions, category, 150)
    assert len(set(few["response_id"]) - set(many["response_id"])) == 0
    assert len(set(few["response_id"]) - set(many["response_id"][:60])) <= 3


def test_rare_themes_are_drawn_more_often():
    mentions, category = frame()
    drawn = draw_comments(mentions, category, 150).set_index("response_id")["probability"]
    rare = mentions.loc[drawn.index, "c"] == 1
    assert drawn[rare].mean() > 1.3 * drawn[~rare].mean()


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_comments_than_strata(n):
    assert len(draw_comments(*frame(), n)) == n
