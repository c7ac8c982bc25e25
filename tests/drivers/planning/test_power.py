"""Planning a wave: against surveys that are ranked in full, the same marks, invariants, users' mistakes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.planning.planned import PowerOptions, draw_planned, planned_themes, rank_planned
from verbatim.drivers.planning.power import (
    WANTED,
    _chances,
    _check,
    _check_reach,
    _chosen,
    _level_of,
    _possible,
    _sentence,
    _smallest,
    power,
)
from verbatim.drivers.planning.redraw import Precision, Waves, first_marked
from verbatim.drivers.uncertainty import LEVEL, draw, step_down
from verbatim.errors import ConfigError, TooFewResponses

SMALL = PowerOptions(themes=6, share=0.15, waves=1000)
QUICK = DriverOptions(draws=400, min_segment=10**6)


@pytest.mark.long
def test_what_is_said_comes_true() -> None:
    n, count, effect = 500, 60, -5.0
    share, true = planned_themes(effect, SMALL)
    said = power(effect=effect, n=[n], options=SMALL).table.iloc[0]
    hits = []
    for seed in range(count):
        drawn = draw_planned(share, true, n, SMALL, np.random.default_rng([3, seed]))
        table = rank_planned(*drawn, QUICK).table.set_index("theme_id")
        hits.append([table.loc["T000", "above_noise"], table.loc["T000", "rank"] == 1 + (true < effect).sum()])
    for measure, came in zip(("found", "rank_right"), np.mean(np.array(hits, dtype=float), axis=0), strict=True):
        error = np.sqrt(max(said[measure] * (1 - said[measure]), 0.02) / count)
        assert abs(said[measure] - came) <= 0.05 + 2.5 * error, measure


@pytest.mark.long
def test_planned_effects_are_what_regression_finds() -> None:
    share, true = planned_themes(-3.0, SMALL)
    drivers = rank_planned(*draw_planned(share, true, 60_000, SMALL, np.random.default_rng(1)), QUICK)
    found = drivers.table.set_index("theme_id").sort_index()
    error = np.sqrt(np.diag(drivers.covariance.loc[found.index, found.index]))
    assert (np.abs(found["effect"] - true) <= 4 * error).all()
    assert found["share"].to_numpy() == pytest.approx(share, abs=0.01)
    assert drivers.nps.score == pytest.approx(SMALL.nps, abs=2)
    assert drivers.n_commenters / drivers.n_scored == pytest.approx(SMALL.comment_rate, abs=0.02)


def test_marks_are_those_of_the_step_down() -> None:
    rng = np.random.default_rng(2)
    k, waves = 5, 60
    variance = 0.3 + 0.7 * np.eye(k)
    effect, ranked = rng.normal(0, 2, (waves, k)), rng.random((waves, k)) < 0.8
    precision = Precision(np.full(k, 0.1), variance, np.zeros(k), 1.0, 1.0, 1)
    marked = first_marked(Waves(effect, np.ones((waves, k)), ranked), precision, np.random.default_rng(9))
    chance = np.abs(draw(variance, 2000, np.random.default_rng(9)))
    for wave in range(waves):
        family = ranked[wave]
        alone = np.zeros(k, dtype=bool)
        alone[family] = step_down(np.abs(effect[wave, family]), chance[:, family])
        assert marked[wave] == alone[0]
    assert LEVEL == 0.95 and 0 < marked.sum() < waves


@pytest.mark.long
def test_more_responses_find_more() -> None:
    answer = power(effect=-4.0, n=[200, 800, 3200, 12_800], options=SMALL)
    found = answer.table["found"].to_numpy()
    assert (np.diff(found) >= 0).all() and found[0] < WANTED < found[-1]
    assert answer.needed is not None
    at_needed = power(effect=-4.0, n=[answer.needed], options=SMALL).table["found"].iloc[0]
    assert WANTED <= at_needed <= WANTED + 0.05
    assert f"about {answer.needed:,} responses" in answer.sentence and "-4 points that 15 %" in answer.sentence


@pytest.mark.long
def test_a_run_plans_its_next_wave(planted: SimpleNamespace) -> None:
    drivers = vb.rank_drivers(
        planted.mentions, planted.score, planted.segments, commented=planted.commented, options=QUICK
    )
    answer = power(drivers, effect=-3.0, theme="T03", n=[400, 4000], options=SMALL)
    again = power(drivers, effect=-3.0, theme="T03", n=[400, 4000], options=SMALL)
    pd.testing.assert_frame_equal(answer.table, again.table)
    row = drivers.table.set_index("theme_id").loc["T03"]
    assert (answer.theme, answer.themes, answer.share) == (row["name"], 6, row["share"])
    expected = 4000 * drivers.n_commenters / drivers.n_scored * row["share"]
    assert answer.table["mentioners"].iloc[1] == pytest.approx(expected)
    assert answer.table["found"].is_monotonic_increasing
    median = power(drivers, n=[400], options=SMALL).share
    assert (drivers.table["share"] <= median).sum() == 3


@pytest.mark.long
def test_at_the_runs_own_size_the_standard_errors_are_its_own(planted: SimpleNamespace) -> None:
    from verbatim.drivers.planning.redraw import measure_precision, redraw

    drivers = vb.rank_drivers(planted.mentions, planted.score, planted.segments, options=QUICK)
    true = np.tile(drivers.table["effect"].to_numpy(), (4000, 1))
    waves = redraw(measure_precision(drivers, drivers.table), true, drivers.n_scored, 15, np.random.default_rng(1))
    own = np.sqrt(np.diag(drivers.covariance))
    assert np.sqrt((waves.se**2).mean(axis=0)) == pytest.approx(own, rel=0.05)
    assert waves.effect.std(axis=0) == pytest.approx(own, rel=0.08)


@pytest.mark.long
def test_helpful_drivers_are_found_but_never_first() -> None:
    answer = power(effect=5.0, n=[3000], options=SMALL).table.iloc[0]
    assert answer["found"] > 0.9 and np.isnan(answer["in_top3"])


@pytest.mark.long
def test_what_a_million_responses_do_not_find_is_said() -> None:
    answer = power(effect=-0.05, n=[1000], options=SMALL)
    assert answer.needed is None and answer.sentence.startswith("Even 1,000,000 responses")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"effect": 0.0}, "not 0"),
        ({"effect": -30.0}, "points a mention"),
        ({"n": [20]}, "from 50 to 1,000,000"),
        ({"theme": "T03"}, "no run"),
    ],
)
def test_mistakes(given: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        power(**given, options=SMALL)  # type: ignore[arg-type]


@pytest.mark.long
def test_runs_that_cannot_plan(planted: SimpleNamespace) -> None:
    drivers = vb.rank_drivers(planted.mentions, planted.score, options=QUICK)
    with pytest.raises(ConfigError, match="T00"):
        power(drivers, theme="T99", options=SMALL)
    silent = vb.rank_drivers(0 * planted.mentions, planted.score, commented=[False] * 1500, options=QUICK)
    with pytest.raises(TooFewResponses, match="no ranked theme"):
        power(silent, options=SMALL)


@pytest.mark.parametrize(
    ("enough", "said"),
    [
        (0, 50), (50, 50), (51, 51), (98.5, 99), (99.5, 100), (100.5, 110), (991, 1000), (1001, 1100), (9901, 10_000),
        (890_001, 900_000), (990_000, 990_000), (990_001, 1_000_000), (1_000_000, 1_000_000), (1_000_001, None),
    ],
)  # fmt: skip
def test_the_size_needed_has_two_digits(enough: float, said: int | None) -> None:
    assert _smallest(lambda n: n >= enough) == said


def test_sizes_and_effects_at_the_limit_are_allowed() -> None:
    _check(-3.0, [50, 1_000_000])
    _check_reach(-15.0, 0.15)
    with pytest.raises(ConfigError, match="101 points a mention; 100 is the most"):
        _check_reach(-15.1, 0.15)


def test_true_effects_that_estimates_leave_possible() -> None:
    """Estimates of 10, -10, 6 and -6 around 0, mean square 68, variance 34: half of each is kept."""
    drawn = _possible(np.array([11.0, -9.0, 7.0, -5.0]), np.full(4, 34.0), 20_000, np.random.default_rng(1))
    assert drawn.mean(axis=0) == pytest.approx([6, -4, 4, -2], abs=0.15)
    assert drawn.var(axis=0) == pytest.approx([17] * 4, rel=0.05)
    alike = _possible(np.array([1.0, 3.0]), np.array([4.0, 0.0]), 3, np.random.default_rng(1))
    assert alike.tolist() == [[2, 2]] * 3


RANKED = pd.DataFrame(
    {
        "theme_id": ["P", "D", "A", "C", "B", "Q"],
        "level": [0, 1, 1, 1, 1, 1],
        "share": [0.5, 0.1, 0.3, 0.2, 0.2, 0.9],
        "rank": [1, 1, 2, 3, 4, None],
    }
)


def test_the_theme_with_the_median_share_and_its_level() -> None:
    run = SimpleNamespace(table=RANKED, leaf_level=1)
    rows = _level_of(run, None)  # type: ignore[arg-type]
    assert rows["theme_id"].tolist() == ["D", "A", "C", "B"]
    assert _chosen(rows, None) == "B" and _chosen(rows, "D") == "D"
    assert _chosen(rows.iloc[:3], None) == "C"
    assert _level_of(run, "P")["theme_id"].tolist() == ["P"]  # type: ignore[arg-type]
    run.leaf_level = 2
    assert _level_of(run, None)["theme_id"].tolist() == ["P"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("true", "least", "n", "found", "rank_right", "in_top3"),
    [
        ([-5.0, -6.0, 1.0, 2.0], 15, 1000, 1.0, 1.0, 1.0),
        ([-5.0, -6.0, -7.0, 2.0], 15, 1000, 1.0, 1.0, 1.0),
        ([-5.0, -6.0, -7.0, -8.0], 15, 1000, 1.0, 1.0, np.nan),
        ([5.0, 4.0, 7.0, 8.0], 15, 1000, 1.0, 1.0, 1.0),
        ([-5.0, -6.0, 1.0, 2.0], 10**6, 1000, 0.0, 0.0, 0.0),
    ],
)
def test_chances_where_nothing_but_the_shares_varies(
    true: list[float], least: int, n: int, found: float, rank_right: float, in_top3: float
) -> None:
    precision = Precision(np.full(4, 0.9), np.full((4, 4), 1e-18) + 1e-18 * np.eye(4), np.zeros(4), 0.5, 1.0, 1)
    options = SMALL.model_copy(update={"waves": 200, "min_mentions": least})
    row = _chances(precision, np.tile(true, (200, 1)), n, options)
    expected = {"n": n, "mentioners": 450, "found": found, "rank_right": rank_right, "in_top3": in_top3}
    assert row == pytest.approx(expected, nan_ok=True)


def test_a_plan_in_words() -> None:
    assert _sentence(-3.0, 0.1234, 1200, 20) == (
        "To find a driver of -3 points that 12.3 % of the commenters mention, among 20 themes, in 4 waves of 5 you "
        "need about 1,200 responses."
    )
    assert _sentence(2.5, 0.1, None, 1) == (
        "Even 1,000,000 responses do not find a driver of +2.5 points that 10 % of the commenters mention, the only "
        "theme, in 4 waves of 5."
    )
    assert ", among 2 themes," in _sentence(2.5, 0.1, None, 2)


def test_a_run_on_another_score_plans_nothing() -> None:
    other = SimpleNamespace(ranked_on=SimpleNamespace(outcome=SimpleNamespace(name="csat")))
    with pytest.raises(ConfigError, match=r"^Power speaks of the NPS, but the drivers of this run are those of csat\."):
        power(other, options=SMALL)  # type: ignore[arg-type]
