"""Every figure of two small waves that differ in all there is, as it was when the other tests vouched for it."""

from dataclasses import replace

import numpy as np
import pandas as pd
from tests.kept import assert_kept

from verbatim.change.alerts import find_alerts
from verbatim.change.codebook import codebook_lines, no_codebook_line, with_codebook
from verbatim.change.estimate import estimate
from verbatim.change.ledger import account_for_change
from verbatim.change.moves import mark_moves
from verbatim.change.options import ChangeOptions
from verbatim.change.periods import cut_dates, track_periods, within
from verbatim.change.standing import standing
from verbatim.change.trends import effect_rows, trend_table
from verbatim.change.wave import Wave, frame_of
from verbatim.change.who import who_answered
from verbatim.change.words import explain, sentences

OPTIONS = ChangeOptions(min_mentions=12, min_cell=5, min_period=12, min_period_effect=60)
MONTHS = tuple(f"2026-{month:02d}-01" for month in range(1, 11))


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
    from verbatim.change.ledger import KINDS

    assert_kept("change/kinds", {kind: explain(kind) for kind in KINDS})
