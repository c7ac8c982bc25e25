"""The account of a change: exact, the same whatever things are called, and what statsmodels says where it can."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from verbatim.change.ledger import KINDS, MENTIONS, MIX, REST, SEVERITY, account_for_change
from verbatim.change.wave import Wave, read_wave
from verbatim.nps import points


def test_lines_sum_to_the_change_and_turn_their_sign(pair):
    there, back = account_for_change(*pair), account_for_change(*pair[::-1])
    nps = [np.average(points(wave.coded.score), weights=wave.coded.weight) for wave in pair]
    assert there.lines["points"].sum() == pytest.approx(nps[1] - nps[0], abs=1e-9)
    assert back.lines["points"].to_numpy() == pytest.approx(-there.lines["points"].to_numpy(), abs=1e-9)
    assert back.lines["low"].to_numpy() == pytest.approx(-there.lines["high"].to_numpy(), abs=1e-6)
    assert there.summary["points"].sum() == pytest.approx(there.change[0], abs=1e-9)
    assert tuple(there.summary["kind"]) == KINDS


def test_a_wave_against_itself_is_nothing(pair):
    ledger = account_for_change(pair[0], pair[0])
    assert np.abs(ledger.lines[["points", "low", "high"]].to_numpy(dtype=float)).max() < 1e-6


def test_planted_changes_are_found(pair):
    summary = account_for_change(*pair).summary.set_index("kind")
    assert (summary.loc[[MIX, MENTIONS, SEVERITY], "high"] < 0).all()
    assert summary.loc[REST, "low"] < 0 < summary.loc[REST, "high"]


def test_names_and_order_change_nothing(pair):
    ledger = account_for_change(*pair)
    renamed = [_renamed(wave) for wave in pair]
    other = account_for_change(*renamed)
    assert other.summary["points"].to_numpy() == pytest.approx(ledger.summary["points"].to_numpy(), abs=1e-9)
    assert other.summary["low"].to_numpy() == pytest.approx(ledger.summary["low"].to_numpy(), abs=1e-6)
    mentions = ledger.lines[ledger.lines["kind"] == MENTIONS].set_index("theme_id")["points"]
    turned = other.lines[other.lines["kind"] == MENTIONS].set_index("theme_id")["points"]
    assert turned.sort_index(ascending=False).to_numpy() == pytest.approx(mentions.to_numpy(), abs=1e-9)


def _renamed(wave):
    """Turn the order of themes and of segment values by new names."""
    coded = wave.coded
    themes = coded.themes.set_axis([f"X{99 - at}" for at in range(len(coded.themes))], axis=0)
    segments = pd.DataFrame(
        {"zone": coded.segments["plan"].map({"A": "z", "B": "y", "C": "x"}), "area": "q" + coded.segments["region"]}
    )
    return Wave(replace(coded, themes=themes, segments=segments), wave.person)


def test_new_and_gone_themes_take_the_other_waves_weight(pair):
    first = pair[0].coded
    without = Wave(replace(first, mentions=first.mentions & (np.arange(8) != 7)), pair[0].person)
    ledger = account_for_change(without, pair[1])
    row = ledger.themes.set_index("theme_id").loc["T07"]
    assert (row["status"], row["severity"], row["share_before"]) == ("new", 0.0, 0.0)
    assert row["mentions"] == pytest.approx(row["effect_after"])
    assert account_for_change(pair[1], without).themes.set_index("theme_id").loc["T07", "status"] == "gone"
    assert ledger.lines["points"].sum() == pytest.approx(ledger.change[0], abs=1e-9)


def test_a_value_of_one_wave_only_and_no_segments_at_all(pair):
    coded = pair[1].coded
    plan = coded.segments["plan"].where(np.arange(len(coded.score)) % 5 > 0, "new country")
    ledger = account_for_change(
        pair[0], Wave(replace(coded, segments=coded.segments.assign(plan=plan)), pair[1].person)
    )
    assert ledger.lines["points"].sum() == pytest.approx(ledger.change[0], abs=1e-9)
    bare = [Wave(replace(wave.coded, segments=wave.coded.segments[[]]), wave.person) for wave in pair]
    assert account_for_change(*bare).lines["points"].sum() == pytest.approx(ledger.change[0], abs=1e-9)


def test_the_same_people_in_both_waves_make_a_surer_change():
    rng = np.random.default_rng(1)
    mood, n = rng.normal(8, 2, 600), 600
    people = pd.Series([f"p{at}" for at in range(n)])
    said = pd.DataFrame({"T": (rng.random(n) < 0.3).astype(int)})

    def wave(label, known):
        score = np.clip(np.round(mood + rng.normal(0, 0.3, n)), 0, 10)
        return read_wave(said, score, label=label, respondent=people if known else None)

    state = rng.bit_generator.state
    widths = []
    for known in (True, False):
        rng.bit_generator.state = state
        change = account_for_change(wave("1", known), wave("2", known)).change
        widths.append(change[2] - change[1])
    assert widths[0] < 0.5 * widths[1]


def test_oaxaca_blinder_agrees(pair):
    """Reimers: the explained part at mean coefficients is mix + mentions, where all comment and weigh alike."""
    oaxaca = pytest.importorskip("statsmodels.stats.oaxaca")
    bare = [
        Wave(replace(wave.coded, commented=np.ones(len(wave.coded.score), dtype=bool)), wave.person) for wave in pair
    ]
    ledger = account_for_change(*bare)
    wave_of = np.repeat([0, 1], [len(wave.coded.score) for wave in bare])
    coded = pd.concat([pd.DataFrame(wave.coded.mentions.astype(float)) for wave in bare], ignore_index=True)
    segments = pd.concat([wave.coded.segments for wave in bare], ignore_index=True)
    dummies = pd.get_dummies(segments, drop_first=True).astype(float)
    exog = pd.concat([coded, dummies], axis=1).set_axis(range(coded.shape[1] + dummies.shape[1]), axis=1)
    exog["wave"], exog["const"] = wave_of, 1.0
    outcome = np.concatenate([points(wave.coded.score) for wave in bare])
    model = oaxaca.OaxacaBlinder(outcome, exog, "wave", hasconst=True, swap=False)
    unexplained, explained, gap = model.two_fold(two_fold_type="self_submitted", submitted_weight=0.5).params
    summary = ledger.summary.set_index("kind")["points"]
    assert abs(gap) == pytest.approx(abs(ledger.change[0]), abs=1e-6)
    sign = np.sign(gap) * np.sign(ledger.change[0])
    assert sign * explained == pytest.approx(summary[[MIX, MENTIONS]].sum(), abs=1e-6)
    assert sign * unexplained == pytest.approx(summary.drop([MIX, MENTIONS]).sum(), abs=1e-6)
