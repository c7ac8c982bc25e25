"""Every figure of two small waves that differ in all there is, as it was when the other tests vouched for it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from tests.kept import assert_kept

from verbatim.change.alerts import find_alerts, holm
from verbatim.change.codebook import codebook_lines, no_codebook_line, with_codebook
from verbatim.change.estimate import estimate
from verbatim.change.goals import ActionOptions, GoalOptions, Position, action_outcomes, goal_progress
from verbatim.change.invited import gap_needed, largest_gap, rate_changes, said_of_rates
from verbatim.change.ledger import KINDS, account_for_change
from verbatim.change.moves import mark_moves
from verbatim.change.options import ChangeOptions
from verbatim.change.periods import Track, cut_dates, kish, track_periods, within
from verbatim.change.smoothing import smooth
from verbatim.change.standing import standing
from verbatim.change.trends import effect_rows, trend_table
from verbatim.change.wave import Wave, frame_of, read_wave
from verbatim.change.who import who_answered
from verbatim.change.words import explain, headline, sentences
from verbatim.errors import ConfigError
from verbatim.nps import Nps

OPTIONS = ChangeOptions(min_mentions=12, min_cell=5, min_period=12, min_period_effect=60)


def test_a_frame(odd_pair):
    frame = frame_of(*odd_pair, OPTIONS)
    counted = {"mentions": frame.mentions, "members": frame.members}
    found = {name: [one.sum(axis=0) for one in both] for name, both in counted.items()}
    found |= {"themes": frame.themes, "groups": frame.groups, "notes": frame.notes}
    assert_kept("change/frame", found | {"free themes": frame.free_themes, "free groups": frame.free_groups})


def test_estimates_of_a_wave(odd_pair):
    frame = frame_of(*odd_pair, OPTIONS)
    found = {}
    for which, wave in enumerate(odd_pair):
        one = estimate(wave, frame, which, OPTIONS)
        spread = np.concatenate([part for _, part in one.influence()])
        parts = {name: one.value[one.layout.part(name)] for name in ("shares", "commenters", "levels", "mentions")}
        found[str(which)] = [one.value, parts, one.layout.size, one.segments, spread.std(axis=0), spread[:5]]
    assert_kept("change/estimate", found)


def test_a_ledger(odd_pair):
    ledger = account_for_change(*odd_pair, OPTIONS)
    names = ("change", "lines", "summary", "themes", "share_covariance", "effect_covariance")
    marked = mark_moves(ledger, 1)
    said = sentences(ledger, marked)
    assert_kept("change/ledger", {name: getattr(ledger, name) for name in names} | {"marked": marked, "said": said})


def test_lines_of_a_codebook(odd_pair):
    first = odd_pair[0]
    other = replace(first.coded, mentions=first.coded.mentions & (np.arange(6) != 1))
    lines = codebook_lines(first, Wave(other, first.person), {"T0"}, ("old", "new"), OPTIONS)
    whole = with_codebook(account_for_change(*odd_pair, OPTIONS).lines, no_codebook_line())
    assert_kept("change/codebook", {"lines": lines, "with": whole[["kind", "theme_id"]], "none": no_codebook_line()})


def test_who_answered_both(odd_pair):
    assert_kept("change/who", {"who": who_answered(*odd_pair, OPTIONS)})


def test_where_a_wave_stands(odd_pair):
    assert_kept("change/standing", {str(at): standing(wave, OPTIONS) for at, wave in enumerate(odd_pair)})


def test_a_track(odd_pair):
    wave = odd_pair[0]
    n = len(wave.person)
    days = pd.Series(pd.date_range("2026-01-01", "2026-05-31", periods=n)).where(np.arange(n) % 9 > 0)
    code, labels = cut_dates(days, OPTIONS)
    track = track_periods(wave, code, labels, OPTIONS)
    effects = effect_rows(wave, np.arange(n) * 3 // n, ("a", "b", "c"), OPTIONS)
    found = {"code": code[::10], "track": track, "trend": trend_table(track), "effects": effects}
    part = within(wave, np.arange(n) % 3 == 0)
    assert_kept("change/track", found | {"standing of a third": standing(part, OPTIONS), "alerts": find_alerts(track)})


def test_what_kinds_mean():
    assert_kept("change/kinds", {kind: explain(kind) for kind in KINDS})


def _tracked(n=12, **changed):
    rng = np.random.default_rng(6)
    size = np.round(rng.uniform(120, 240, n), 1)
    jump = np.where(np.arange(n) < 7, 0.06, 0.2)
    spike = np.where(np.arange(n) == 9, 0.33, 0.1)
    share = np.column_stack([jump, spike, rng.uniform(0.14, 0.16, n), np.zeros(n)])
    share[::5, 1], share[1:, 2] = np.nan, np.where(np.arange(n - 1) < 9, np.nan, 0.15)
    nps = np.round(rng.normal(20, 3, n) - 40 * (np.arange(n) == 8), 1)
    nps[5:6], names = np.nan, ("Jump", "Spike", "Short", "Never")
    given = {"n": size * 1.5, "n_commenters": size, "nps": nps, "nps_se": rng.uniform(5, 7, n), "share": share}
    labels = tuple(f"2026-{month:02d}-01" for month in range(1, n + 1))
    return Track(labels=labels, theme_ids=("T0", "T1", "T2", "T3"), names=names, **given | changed)


def test_alerts_of_a_track():
    lasting = np.where(np.arange(12) < 6, 25.0, -15.0)
    found = {
        "all": find_alerts(_tracked()), "some": find_alerts(_tracked(), ChangeOptions(false_alarms=0.3, seed=3)),
        "nps": find_alerts(_tracked(nps=lasting, nps_se=np.where(np.arange(12) == 2, 0.0, 5.0))),
        "four": find_alerts(_tracked(4, share=np.array([[0.1, 0, 0, 0]] * 2 + [[0.45, 0.01, 0, 0]] * 2))),
        "holm": holm(np.array([0.2, 0.001, 0.3, 0.02, 0.9])),
    }  # fmt: skip
    assert_kept("change/alerts", found | {"trend": trend_table(_tracked())})


def test_lines_through_points():
    rng = np.random.default_rng(8)
    values, se = np.cumsum(rng.normal(0, 3, 12)), rng.uniform(1, 3, 12)
    values[[0, 4, 11]], se[6], se[7] = np.nan, np.nan, 0.0
    cases = {
        "walk": (values, se),
        "two": (values[:3], se[:3]),
        "one": (values[:2], se[:2]),
        "none": (values[:1], se[:1]),
    }
    assert_kept("change/smooth", {name: smooth(*case) for name, case in cases.items()})


def test_dates_are_cut():
    first = pd.Timestamp("2026-01-05")
    ends = {"98": 98, "99": 99, "1100": 1100, "1101": 1101, "a week": 3, "a day": 0}
    found = {}
    for name, days in ends.items():
        dates = pd.Series(pd.date_range(first, first + pd.Timedelta(days=days), periods=400, tz="UTC"))
        for every in (1, 30):
            code, labels = cut_dates(dates.iloc[::every].reset_index(drop=True), ChangeOptions())
            found[f"{name}, every {every}"] = [labels, code[::9], str(code.dtype)]
    blank = pd.Series([pd.NaT, first, pd.NaT, first + pd.Timedelta(days=40)])
    few = ChangeOptions(min_period=5)
    found["blank"], found["nothing"] = cut_dates(blank, few), cut_dates(blank[[0, 2]], few)
    assert_kept("change/dates", found | {"kish": [kish(np.array([1.0, 2, 3])), kish(np.zeros(2))]})


THEMES = pd.DataFrame(
    [
        ("T03", "Late calls", 0.10, 0.05, 0.03, 0.07, -0.05, -0.08, -0.02),
        ("T04", "Price", 0.10, 0.12, 0.11, 0.13, 0.02, 0.0, 0.04),
        ("T05", "App", 0.2, 0.2, 0.2, 0.2, 0.0, 0.0, 0.0),
    ],
    columns=["theme_id", "name", "share_before", "share_after", "share_low", "share_high", "share_change",
             "share_change_low", "share_change_high"],
)  # fmt: skip


def test_goals_and_actions():
    where = Position(Nps(10, 5, 15, 900), Nps(20, 15, 25, 900), date(2026, 6, 30), THEMES)
    fallen = Position(Nps(20, 15, 25, 900), Nps(10, 5, 15, 900), None, THEMES)
    shares = {"Late calls": 0.05, "T04": 0.11, "T05": 0.2, "App": 0.1, "Price": 0.125}
    goals = {
        "up": goal_progress(GoalOptions(nps=30, share=shares, by=date(2026, 12, 31)), where),
        "near": goal_progress(GoalOptions(nps=21), where),
        "reached": goal_progress(GoalOptions(nps=20), where),
        "down": goal_progress(GoalOptions(nps=15), fallen),
        "behind": goal_progress(GoalOptions(nps=5), fallen),
        "none": goal_progress(GoalOptions(), where),
    }
    late, soon = date(2026, 9, 1), date(2026, 6, 30)
    actions = [
        ActionOptions(theme="T03", what="Call back", owner="Ann", due=late),
        ActionOptions(theme="Price", what="Explain", due=soon), ActionOptions(theme="T05", what="Mend"),
    ]  # fmt: skip
    found = {"where": action_outcomes(actions, where), "fallen": action_outcomes(actions, fallen)}
    said = {}
    for named in ("Late cals", "T9", "zzzzz"):
        with pytest.raises(ConfigError) as raised:
            goal_progress(GoalOptions(share={named: 0.1}), where)
        said[named] = str(raised.value)
        with pytest.raises(ConfigError) as raised:
            action_outcomes([ActionOptions(theme=named, what="x")], where)
        said[f"{named}, action"] = str(raised.value)
    assert_kept("change/goals", goals | found | said)


def _rates(invited, responded, commented, small):
    rows = [("plan", "Basic", small, small // 2, small // 4), ("all", "all", invited, responded, commented),
            ("times asked", "2", invited, responded, commented), ("wave", "1", invited, responded, small)]  # fmt: skip
    return pd.DataFrame(rows, columns=["by", "value", "invited", "responded", "commented"])


def test_rates_of_two_waves():
    before = _rates(1000, 300, 150, 64)
    changes = {
        "fewer": rate_changes(before, _rates(2000, 400, 240, 60)),
        "more": rate_changes(before, _rates(900, 400, 190, 60)),
        "alike": rate_changes(before, _rates(1000, 301, 150, 29)), "small": rate_changes(before, _rates(30, 9, 3, 30)),
        "none": rate_changes(before, before.iloc[:0]), "none before": rate_changes(before.iloc[:0], before),
    }  # fmt: skip
    said = {
        f"{name} {nps} {gap}": said_of_rates(changes[name], nps, gap)
        for name in ("fewer", "more", "alike", "small")
        for nps, gap in (((10.0, 8.0), 6.0), ((8.0, 10.0), 5.0), ((8.0, 8.0), 90.0), ((8.0, 9.0), None))
    }
    groups = pd.DataFrame(
        {"segment": list("aaabbc"), "n": [30, 50, 29, 90, 31, 99], "nps": [10.0, -5.0, 90.0, 3.0, 20.5, 7.0]}
    )
    gaps = [largest_gap(groups), largest_gap(groups.iloc[:3]), largest_gap(groups.iloc[2:4])]
    unknown = largest_gap(groups.assign(nps=[np.nan, -5.0, 90.0, 3.0, np.nan, 7.0]))
    needed = [gap_needed(rates, (3.0, 8.5)) for rates in ((0.1, 0.4), (0.4, 0.1))]
    assert_kept("change/rates", {**changes, **said, "gaps": [*gaps, unknown], "needed": needed})


def test_other_people_are_warned_of():
    def wave(label, share, seed, n=300, other=0.5):
        rng = np.random.default_rng(seed)
        channel = np.where(rng.random(n) < share, "app", "mail")
        age = np.where(rng.random(n) < other, "old", "young")
        middle = np.where(channel == "app", 9.3, 6.5) + 0.5 * (age == "old")
        score = np.clip(np.round(rng.normal(middle, 1.5)), 0, 10)
        said = pd.DataFrame({"T": (rng.random(n) < 0.2).astype(int)})
        weight, commented = np.round(rng.uniform(0.5, 2, n), 1), (rng.random(n) < 0.6) | (said["T"] == 1)
        segments = pd.DataFrame({"channel": channel, "age": age, "same": "x"})
        return read_wave(said, score, segments, label=label, weight=weight, commented=commented)

    pairs = {"down": (0.7, 0.3), "up": (0.2, 0.7), "alike": (0.5, 0.5), "a little": (0.55, 0.45)}
    found = {name: who_answered(wave("1", a, 1), wave("2", b, 2)) for name, (a, b) in pairs.items()}
    down, up = wave("1", 0.7, 3), wave("2", 0.3, 4)
    bare = Wave(replace(up.coded, segments=up.coded.segments[[]]), up.person)
    only = Wave(replace(up.coded, segments=up.coded.segments[["channel"]]), up.person)
    found |= {"one": who_answered(down, only), "none": who_answered(down, bare)}
    moved = account_for_change(down, up)
    marked = mark_moves(moved, 2)
    assert_kept(
        "change/warned", {**found, "said": sentences(moved, marked), "marked": marked, "summary": moved.summary}
    )


def test_a_headline_and_sentences_that_are_sure(odd_pair):
    before, after = Nps(20, 15, 25, 900), Nps(14.04, 9, 19, 900)
    changes = [(-5.96, -10.0, -0.01), (5.96, 0.01, 12.0), (-0.04, -7.0, 7.0), (1.0, 0.0, 2.0), (-1.0, -2.0, 0.0)]
    ledger = account_for_change(*odd_pair, OPTIONS)
    wide, status = ledger.themes.assign(share_moved=True, effect_moved=False), ledger.themes["status"]
    sure = ledger.summary.assign(low=[1.0, -3.0, 0.0, -2.0, 1.0, 1.0, -9.0], high=[2.0, -1.0, 2.0, 0.0, 2.0, 2.0, -1.0])
    other = replace(ledger, summary=sure, themes=ledger.themes.assign(status="new", n_after=[3, 9, 4, 1, 7]))
    assert_kept("change/words", {
        "headlines": [headline(before, after, change) for change in changes],
        "moved": sentences(ledger, wide), "sure": sentences(other, wide.assign(share_moved=status == "new")),
        "effects": sentences(ledger, wide.assign(share_moved=False, effect_moved=True, status="in both")),
        "unknown": explain("x"),
    })  # fmt: skip
