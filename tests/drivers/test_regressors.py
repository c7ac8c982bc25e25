"""Which themes enter the regression of a level, at the exact limits, and what is said of the others."""

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.regressors import gather
from verbatim.drivers.tables import read_tables

N = 60
OPTIONS = DriverOptions()
RULE = "Themes with too few commenters to be ranked (under 6, or more themes than one for every 5 commenters): "
POOLED = 'They are pooled as "Other themes", which is adjusted for but not ranked.'
ALONE = 'Even pooled as "Other themes" they are too rare for an effect; they are part of the base.'


def gathered(counts, *, segments=None, themes=None, sentiment=None, score=None, tosses=None, options=OPTIONS):
    """Sixty commenters, the first so many of whom speak of each theme; a theme needs six of them."""
    rows = np.arange(N)
    mentions = pd.DataFrame({name: (rows < count).astype(int) for name, count in counts.items()}, index=rows)
    score = np.where(rows % 3, 10, 0) if score is None else score
    coded = read_tables(mentions, score, segments, None, None, None, themes, sentiment)
    return gather(weigh_commenters(coded, options), 0, options, tosses)


def test_a_theme_needs_a_tenth_of_the_commenters():
    found = gathered({"six": 6, "five": 5, "none": 0})
    assert found.ids == ("six", "other") and found.enters.tolist() == [True, False]
    assert found.mentions.sum(axis=0).tolist() == [6, 5] and found.entered.sum(axis=0).tolist() == [6]
    assert found.notes == (f'{RULE}"five". {ALONE}',)
    assert found.names == ("six", "Other themes") and found.sentiment is None


def test_rare_themes_are_pooled_where_together_they_are_enough():
    found = gathered({"a": 5, "b": 3, "six": 6}, score=[0, 10] * 30)
    assert found.mentions.sum(axis=0).tolist() == [6, 5] and not found.enters[1]  # the same five
    apart = pd.DataFrame({"a": np.arange(N) < 5, "b": np.arange(N) == 5, "six": np.arange(N) < 6}).astype(int)
    coded = read_tables(apart, [0, 10] * 30, None, None, None, None, None, None)
    found = gather(weigh_commenters(coded, OPTIONS), 0, OPTIONS, None)
    assert found.ids == ("six", "other") and found.enters.all() and found.mentions.sum(axis=0).tolist() == [6, 6]
    assert found.notes == (f'{RULE}"a", "b". {POOLED}',)


def test_the_rarest_give_way_where_there_are_too_many():
    counts = {f"T{at:02d}": 30 - at for at in range(12)}
    assert gathered(counts).ids == (*list(counts)[:10], "other")  # 60 / 5, less two for the intercept and the rest
    assert gathered(counts).notes == (f'{RULE}"T10", "T11". {POOLED}',)
    plan = pd.DataFrame({"plan": np.repeat(["A", "B", "C"], 20)})
    assert gathered(counts, segments=plan).ids == (*list(counts)[:8], "other")
    assert gathered(dict(list(counts.items())[:10])).ids == tuple(counts)[:10]


def test_of_equally_common_themes_the_first_by_name_stay():
    counts = dict.fromkeys([f"T{at:02d}" for at in range(11, -1, -1)], 20)
    assert sorted(gathered(counts).ids) == [*sorted(counts)[:10], "other"]


def test_five_rare_themes_are_named():
    five = dict.fromkeys("edcba", 2)
    assert gathered(five).notes == (f'{RULE}"a", "b", "c", "d", "e". {ALONE}',)
    assert gathered(five | {"A": 1}).notes == (f'{RULE}"A", "a", "b", "c", "d", .... {ALONE}',)
    assert gathered({"six": 6}).notes == ()


def test_a_theme_that_the_score_decides_has_a_row_but_does_not_enter():
    found = gathered({"unhappy": 25, "late": 30}, score=np.where(np.arange(N) < 25, 0, 10))
    assert found.ids == ("late", "unhappy") and found.enters.tolist() == [True, False]
    assert found.entered.sum(axis=0).tolist() == [30] and len(found.notes) == 1
    assert found.notes[0].startswith('"unhappy" has no effect: ')


def test_coins_come_before_the_pooled_themes_and_have_no_tone():
    tosses = np.column_stack([np.arange(N) < 7, np.arange(N) < 9])
    tone = pd.DataFrame({"late": np.full(N, 0.5), "a": np.full(N, -0.4), "b": np.full(N, 0.2)})
    found = gathered({"late": 20, "a": 4, "b": 2}, tosses=tosses, sentiment=tone)
    assert found.ids == ("late", "coin_1", "coin_2", "other")
    assert found.names == ("late", "Coin toss 1", "Coin toss 2", "Other themes")
    np.testing.assert_array_equal(found.mentions[:, 1:3], tosses)
    tones = found.sentiment.block(slice(None))
    assert np.isfinite(tones).sum(axis=0).tolist() == [20, 0, 0, 4]
    pooled = tones[np.isfinite(tones[:, 3]), 3]
    assert np.sort(pooled).tolist() == pytest.approx([-0.4, -0.4, -0.1, -0.1])  # two speak of both
    assert np.nanmax(tones[:, 0]) == 0.5


def test_only_themes_of_the_level_are_taken_with_their_parents():
    catalogue = pd.DataFrame({"name": ["Late", "Price"], "level": [0, 1], "parent_id": ["P", None]}, index=["a", "b"])
    found = gathered({"a": 20, "b": 20}, themes=catalogue)
    assert (found.ids, found.names, found.parents, found.level) == (("a",), ("Late",), ("P",), 0)
    assert found.mentions.shape == (N, 1) and found.mentions.dtype == bool


def test_without_a_theme_nothing_enters():
    found = gathered({})
    assert found.ids == () and found.notes == () and found.entered.shape == (N, 0)
    assert found.enters.tolist() == [] and found.enters.dtype == bool
