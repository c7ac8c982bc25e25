"""Arithmetic on the driver model: by hand, what adds, the page's model, users' mistakes, words."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.planning.what_if import _check_changes, _offered, _told, what_if
from verbatim.errors import ConfigError
from verbatim.nps import Z95
from verbatim.records import Drivers
from verbatim.report.page_data import what_if_model


@pytest.fixture(scope="module")
def drivers(planted: SimpleNamespace) -> Drivers:
    themes = pd.DataFrame(
        {
            "name": ["Billing errors", "Late calls", "Staff", "Price", "Website", "Shop", "Service"],
            "level": [2, 2, 2, 2, 2, 2, 1],
            "parent_id": [None, "P1", "P1", None, None, None, None],
        },
        index=pd.Index([*planted.mentions.columns, "P1"], name="theme_id"),
    )
    mentions = planted.mentions.assign(P1=planted.mentions[["T01", "T02"]].max(axis=1))
    return vb.rank_drivers(
        mentions, planted.score, planted.segments, commented=planted.commented, themes=themes,
        options=DriverOptions(draws=500, min_segment=10**6),
    )  # fmt: skip


def row(drivers: Drivers, theme: str) -> pd.Series:
    return drivers.table.set_index("theme_id").loc[theme]


def test_half_of_the_mentions_is_half_of_the_effect(drivers: Drivers) -> None:
    theme = row(drivers, "T00")
    answer = what_if(drivers, {"T00": -0.5})
    assert answer.points == pytest.approx(-0.5 * theme["effect"], abs=1e-12)
    assert (answer.low, answer.high) == pytest.approx((-0.5 * theme["effect_high"], -0.5 * theme["effect_low"]))
    assert (answer.nps_before, answer.nps_after - answer.nps_before) == pytest.approx(
        (drivers.nps.score, answer.points)
    )
    line = answer.table.iloc[0]
    assert (line["name"], line["change"]) == ("Billing errors", -0.5)
    assert (line["share_before"], line["share_after"]) == pytest.approx((theme["share"], theme["share"] / 2))
    assert line[["points", "low", "high"]].tolist() == pytest.approx([answer.points, answer.low, answer.high])


def test_all_themes_gone_leaves_the_base(drivers: Drivers) -> None:
    leaves = drivers.leaves()
    answer = what_if(drivers, dict.fromkeys(leaves["theme_id"], -1.0))
    assert answer.nps_after == pytest.approx(drivers.base + drivers.nps.score - drivers.nps_commenters, abs=1e-9)


def test_combinations_add_and_their_interval_comes_from_the_covariance(drivers: Drivers) -> None:
    changes = {"T00": -0.5, "T03": 0.2}
    answer = what_if(drivers, changes)
    assert answer.points == pytest.approx(sum(what_if(drivers, {k: v}).points for k, v in changes.items()))
    weights, cov = np.array(list(changes.values())), drivers.covariance.loc[list(changes), list(changes)].to_numpy()
    assert answer.high - answer.points == pytest.approx(Z95 * np.sqrt(weights @ cov @ weights))


def test_names_serve_as_well_as_ids(drivers: Drivers) -> None:
    by_name, by_id = (what_if(drivers, {key: -0.25}) for key in ("billing ERRORS", "t00"))
    assert by_name.sentence == by_id.sentence


def test_the_sentence_says_what_it_assumes(drivers: Drivers) -> None:
    answer = what_if(drivers, {"T00": -0.5})
    assert answer.sentence == (
        'If half of the mentions of "Billing errors" were absent, and those customers scored like otherwise similar '
        f"customers, NPS would read {answer.points:+.1f} points [{answer.low:+.1f}, {answer.high:+.1f}]: "
        f"{answer.nps_after:+.1f} instead of {answer.nps_before:+.1f}. "
        "This is arithmetic on how mentions and scores go together in this survey, not a forecast."
    )
    assert not answer.warnings
    mixed = what_if(drivers, {"T00": -0.3, "T02": 0.2, "T03": 0.0})
    assert 'If 30 % of the mentions of "Billing errors" were absent, a fifth more customers mentioned' in mixed.sentence
    assert 'and the mentions of "Price" stayed as they are' in mixed.sentence


def test_what_the_survey_can_hardly_carry_is_said(drivers: Drivers) -> None:
    chance = what_if(drivers, {"T03": -0.5})
    assert not row(drivers, "T03")["above_noise"] and "could be chance" in chance.warnings[0]
    assert "adding mentions assumes" in what_if(drivers, {"T00": 0.5}).warnings[0]
    fewer = replace(drivers, nps=drivers.nps._replace(score=99.0))
    assert "cannot be" in what_if(fewer, {"T00": -1.0}).warnings[-1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ["at least one theme"]),
        ({"T00": -1.2}, ["-120%", "-100%"]),
        ({"T00": 50.0}, ["more than everybody", "the most is"]),
        ({"T00": float("nan")}, ["the change is nan"]),
        ({"T00": -0.5, "Billing errors": -0.5}, ["named twice"]),
        ({"T01": -0.5, "P1": -0.5}, ["different levels", '"Late calls" (level 2)', '"Service" (level 1)']),
        ({"Biling error": -0.5}, ['no theme "Biling error"', "Did you mean T00 (Billing errors)?"]),
        ({"xyz": -0.5}, ["The ranked themes are T00 (Billing errors)"]),
    ],
)
def test_mistakes(drivers: Drivers, changes: dict[str, float], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        what_if(drivers, changes)
    for word in words:
        assert word in str(caught.value)


def test_unranked_and_ambiguous_themes_are_refused() -> None:
    frame = pd.DataFrame(np.random.default_rng(1).random((300, 3)) < [0.3, 0.3, 0.02], columns=["A", "B", "C"])
    themes = pd.DataFrame({"name": ["Same", "Same", "Rare"]}, index=frame.columns)
    drivers = vb.rank_drivers(frame, np.random.default_rng(2).integers(0, 11, 300), themes=themes)
    with pytest.raises(ConfigError, match="A, B"):
        what_if(drivers, {"same": -0.5})
    for unranked in set(drivers.table.loc[drivers.table["rank"].isna(), "theme_id"]):
        with pytest.raises(ConfigError, match="not ranked"):
            what_if(drivers, {unranked: -0.5})


def test_as_many_mentions_as_there_are_customers_is_the_most() -> None:
    rows = pd.DataFrame({"name": ["A", "B", "C"], "share": [0.25, 0.3, 1.0]})
    _check_changes(rows, np.array([3.0, 7 / 3, 0.0]))
    _check_changes(rows, np.array([-1.0, -1.0, -1.0]))
    for change, words in (
        ([3.001, 0, 0], '"A": +300.1% would make more than everybody mention it. 25.0 % do now, so the most is +300%.'),
        ([0, 2.34, 0], '"B": +234% would make more than everybody mention it. 30.0 % do now, so the most is +233%.'),
        ([0, 0, 0.01], "the most is +0%."),
        ([-1.004, 0, 0], '"A": -100.4% takes away more mentions than there are; the least is -100%.'),
    ):
        with pytest.raises(ConfigError) as caught:
            _check_changes(rows, np.array(change, dtype=float))
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (-0.5, "half of the mentions of"), (-0.2500000004, "a quarter of the"), (-0.250000001, "25 % of the"),
        (-0.75, "three quarters of the"), (-0.2, "a fifth of the"), (-1.0, "all of the"), (-0.12345, "12.3 % of the"),
        (1.0, "twice as many customers mentioned"), (0.999, "99.9 % more customers"), (0.5, "half more customers"),
        (2.0, "200 % more customers mentioned \"A\" (30.0 % instead of 10.0 %)"),
    ],
)  # fmt: skip
def test_amounts_in_words(change: float, words: str) -> None:
    row = SimpleNamespace(name="A", change=change, share_before=0.1, share_after=0.1 * (1 + change))
    assert _told(row).startswith(words)


def test_at_most_eight_themes_are_offered() -> None:
    table = pd.DataFrame({"theme_id": [f"X{at}" for at in range(9)], "name": [f"N{at}" for at in range(9)], "rank": 1})
    eight = "The ranked themes are " + ", ".join(f"X{at} (N{at})" for at in range(8))
    assert _offered(table, "zzz") == eight + ", ...."
    assert _offered(table.iloc[:8], "zzz") == _offered(table.iloc[:8], "") == eight + "."
    assert _offered(table.assign(rank=None), "zzz") == "This run has no ranked theme."
    calls = table.assign(name=[f"many late calls {at}" for at in range(9)])
    three = " or ".join(f"X{at} (many late calls {at})" for at in range(3))
    assert _offered(calls, "calls") == f"Did you mean {three}?"


def test_where_chance_could_be_and_where_no_nps_can_be(drivers: Drivers) -> None:
    at_zero = drivers.table.assign(above_noise=False, effect=-4.0, effect_low=-8.0, effect_high=0.0)
    holds = 'The effect of "Billing errors" could be chance: its 95 % interval holds 0.'
    flat = replace(drivers, table=at_zero, nps=drivers.nps._replace(score=98.0))
    assert what_if(flat, {"T00": -0.5}).warnings == (holds,)  # to 100 exactly
    mirrored = replace(flat, table=at_zero.assign(effect=4.0, effect_low=0.0, effect_high=8.0))
    assert what_if(mirrored, {"T00": -0.5}).warnings == (holds,)
    low = replace(mirrored, nps=drivers.nps._replace(score=-98.0))
    assert what_if(low, {"T00": -0.5}).warnings == (holds,)  # to -100
    assert what_if(low, {"T00": -0.6}).warnings[1:] == (
        "An NPS of -100.4 cannot be: the change is more than the model of this survey carries.",
    )
    assert "NPS of +100.4 cannot be" in what_if(flat, {"T00": -0.6}).warnings[1]
    beside = replace(flat, table=at_zero.assign(effect_high=-0.1))
    many = 'The effect of "Billing errors" could be chance: among so many themes, chance gives such an interval too.'
    assert what_if(beside, {"T00": -0.5}).warnings == (many,)
    assert what_if(flat, {"T00": 0.0}).warnings == ()


def test_the_model_of_a_page_gives_the_same_numbers(drivers: Drivers) -> None:
    model = json.loads(json.dumps(what_if_model(drivers)))
    leaves = drivers.leaves()
    assert [theme["theme_id"] for theme in model["themes"]] == leaves["theme_id"].tolist()
    change = np.random.default_rng(4).uniform(-1, 0.5, len(leaves))
    points = sum(x * theme["effect"] for x, theme in zip(change, model["themes"], strict=True))
    half = model["z"] * np.sqrt(change @ np.array(model["covariance"]) @ change)
    answer = what_if(drivers, dict(zip(leaves["theme_id"], change, strict=True)))
    ours = (answer.points, answer.low, answer.high, answer.nps_after)
    assert (points, points - half, points + half, model["nps"] + points) == pytest.approx(ours, abs=1e-9)
    assert len(what_if_model(drivers, level=1)["themes"]) == 1


def test_drivers_of_another_score_are_refused() -> None:
    other = SimpleNamespace(ranked_on=SimpleNamespace(outcome=SimpleNamespace(name="csat")))
    with pytest.raises(
        ConfigError, match=r"^What-if speaks of the NPS, but the drivers of this run are those of csat\."
    ):
        what_if(other, {"T00": -0.5})  # type: ignore[arg-type]
