"""One level: the rows and marks of its table, by hand."""

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.level import describe_level, rank_level, typed
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.tables import read_tables
from verbatim.records import RANKING_COLUMNS

QUICK = DriverOptions(draws=400)


def people(mentions, score, **changed):
    given = dict.fromkeys(("segments", "weight", "commented", "respondent", "themes", "sentiment")) | changed
    return weigh_commenters(read_tables(pd.DataFrame(mentions), score, **given), QUICK)


def test_counts_of_a_level_are_commonest_first_without_what_nobody_mentions():
    said = {"b": [1, 1, 0, 0], "none": [0] * 4, "c": [1, 1, 1, 0], "a": [0, 0, 1, 1], "broad": [1] * 4}
    catalogue = pd.DataFrame(
        {"name": list("BNCAX"), "level": [1, 1, 1, 1, 0], "parent_id": ["broad", None, None, "broad", None]},
        index=list(said),
    )
    given = people(said, [10, 0, 0, 0], themes=catalogue, weight=[5, 1, 1, 1])
    table = describe_level(given, 1)
    assert tuple(table) == RANKING_COLUMNS
    assert table[["theme_id", "name", "n_responses", "share", "level"]].to_numpy().tolist() == [
        ["c", "C", 3, 7 / 8, 1], ["a", "A", 2, 2 / 8, 1], ["b", "B", 2, 6 / 8, 1],
    ]  # fmt: skip
    assert table["parent_id"].fillna("").tolist() == ["", "broad", "broad"]
    assert table["effect"].isna().all() and not table["above_noise"].any()
    assert describe_level(given, 0)["theme_id"].tolist() == ["broad"] and describe_level(given, 2).empty


def test_a_level_of_the_silent_is_empty():
    table = describe_level(people({"a": [0, 0]}, [10, 0], commented=[False, False]), 0)
    assert table.empty and tuple(table) == RANKING_COLUMNS


def test_what_is_left_out_is_null_or_false():
    table = typed({"theme_id": np.array(["a"]), "level": np.array([2])})
    assert table.loc[0, ["theme_id", "level", "above_noise", "divided"]].tolist() == ["a", 2, False, False]
    assert table.drop(columns=["theme_id", "level", "above_noise", "divided"]).isna().all().all()
    assert len(typed({})) == 0 and typed({})["rank"].dtype == "Int64" and typed({})["divided"].dtype == "bool"


def test_a_theme_that_some_love_and_some_hate_divides():
    # Eighty mentioners: forty promoters who praise it, forty detractors who curse it. Of the others as many each.
    rows = np.arange(160)
    score, said = np.where(rows % 2, 10, 0), (rows < 80).astype(int)
    tone = pd.DataFrame({"app": np.where(rows % 2, 0.8, -0.8), "late": np.where(rows % 3, 0.3, -0.3)})
    given = people({"app": said, "late": (rows % 5 == 0).astype(int)}, score, sentiment=tone)
    table = rank_level(given, 0, QUICK).table.set_index("theme_id")
    assert table["divided"].to_dict() == {"app": True, "late": False} and not table["above_noise"].any()
    app = table.loc["app"]
    assert app[["n_negative", "n_positive", "effect"]].tolist() == pytest.approx([40, 40, 0], abs=1e-9)
    assert app[["effect_negative", "effect_positive"]].tolist() == pytest.approx([-25, 25], abs=1e-9)
    assert not rank_level(people({"app": said}, score), 0, QUICK).table["divided"].any()


def test_a_tone_at_the_edge_of_the_neutral_band_is_neutral():
    rows = np.arange(90)
    tone = pd.DataFrame({"a": np.choose(rows % 5, [-0.1, 0.1, -0.11, 0.11, 0.0])})
    table = rank_level(people({"a": (rows < 50).astype(int)}, rows % 11, sentiment=tone), 0, QUICK).table
    assert table.loc[0, ["n_negative", "n_positive"]].tolist() == [10, 10]


def test_equal_effects_are_in_the_order_of_their_mentions():
    rows = np.arange(120)
    quiet = {"rare": (rows % 8 == 0).astype(int), "z": (rows % 4 == 1).astype(int), "often": (rows % 2).astype(int)}
    table = rank_level(people(quiet | {"a": quiet["z"]}, np.full(120, 10)), 0, QUICK).table
    assert table["theme_id"].tolist() == ["often", "a", "z", "rare"] and table["effect"].abs().max() < 1e-9
    assert table["rank"].tolist() == [1, 2, 3, 4]


def test_what_has_no_effect_of_its_own_is_said_once_each():
    rows = np.arange(120)
    plan = pd.DataFrame({"plan": np.where(rows < 60, "A", "B")})
    said = {"late": (rows % 3 == 0).astype(int), "twin": (rows % 3 == 0).astype(int), "all": np.ones(120, dtype=int)}
    level = rank_level(people(said | {"of_a": (rows < 60).astype(int)}, rows % 11, segments=plan), 0, QUICK)
    alone = "has no effect of its own: who mentions it is fixed by the segments, or everybody does."
    assert level.notes == (
        f'"all" {alone}', f'"of_a" {alone}',
        '"late", "twin" cannot be told apart, because the same responses mention them (or one is made up of others); '
        "their joint effect is shared out between them.",
    )  # fmt: skip
    assert level.table["theme_id"].tolist() == ["late", "twin", "all", "of_a"]
    assert level.table["rank"].isna().tolist() == [False, False, True, True] and level.cov.shape == (2, 2)


def test_one_score_category_has_no_effects_and_says_so():
    said = {"late": (np.arange(80) % 2).astype(int)}
    one = "All commenters are in one score category, so no theme can have an effect."
    assert rank_level(people(said, [9, 10] * 40), 0, QUICK).notes == (one,)
    assert rank_level(people(said, [9, 8] * 40), 0, QUICK).notes != (one,)
    assert rank_level(people({"few": [1] * 3 + [0] * 77}, [9, 10] * 40), 0, QUICK).notes[1:] == ()
