import numpy as np
import pandas as pd
import pytest

from verbatim.coding.alpha import agreement_of_coders
from verbatim.coding.quality import tagging_quality, wilson


def test_by_hand():
    machine = pd.DataFrame({"T01": [1, 1, 1, 0, 0, 0]})
    people = pd.DataFrame({"T01": [1, 1, 0, 1, 0, 0]})
    row = tagging_quality(machine, people, np.ones(6), ["Waiting"]).iloc[0]
    assert (row.n_machine, row.n_people, row.n_both) == (3, 3, 2)
    assert row.precision == pytest.approx(2 / 3) and row.recall == pytest.approx(2 / 3)
    assert row.f1 == pytest.approx(2 * 2 / 6)
    assert row.f1_low < row.f1 < row.f1_high


def test_unlikely_comments_count_for_more():
    machine = pd.DataFrame({"T01": [1, 1]})
    row = tagging_quality(machine, pd.DataFrame({"T01": [1, 0]}), np.array([0.25, 0.75]), ["Waiting"]).iloc[0]
    assert row.precision == pytest.approx(0.75)


def test_nothing_counted_is_null_and_not_zero():
    nothing = pd.DataFrame({"T01": [0, 0]})
    row = tagging_quality(nothing, nothing, np.ones(2), ["Waiting"]).iloc[0]
    assert row[["precision", "recall", "f1", "f1_low"]].isna().all()


def test_wilson_of_all_and_none():
    assert wilson(20, 20).high == 1 and wilson(20, 20).low == pytest.approx(0.8389, abs=1e-4)
    assert wilson(0, 20).low == 0 and wilson(0, 20).high == pytest.approx(0.1611, abs=1e-4)


def test_intervals_hold_the_truth_under_unequal_chances():
    rng = np.random.default_rng(1)
    tagged = rng.random(4000) < 0.2
    told = np.where(tagged, rng.random(4000) < 0.8, rng.random(4000) < 0.05)
    truth = told[tagged].mean()
    chance = np.where(tagged, 0.08, 0.03) * rng.uniform(0.5, 1.5, 4000)
    held = 0
    for _ in range(400):
        drawn = rng.random(4000) < chance
        machine, people = (pd.DataFrame({"T01": flags[drawn]}) for flags in (tagged, told))
        row = tagging_quality(machine, people, chance[drawn], ["x"]).iloc[0]
        held += row.precision_low <= truth <= row.precision_high
    assert 0.92 <= held / 400 <= 0.99


def test_alpha_of_krippendorffs_own_binary_example():
    # Krippendorff (2011), "Computing Krippendorff's alpha-reliability", part A: ten units, two coders, alpha 0.095
    one = pd.DataFrame({"T01": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]})
    two = pd.DataFrame({"T01": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]})
    assert agreement_of_coders([one, two])["alpha"].iloc[0] == pytest.approx(0.095, abs=0.001)


def test_alpha_of_three_coders_and_of_perfect_agreement():
    one = pd.DataFrame({"T01": [0, 1, 0, 1, 0, 1, 1, 0]})
    found = agreement_of_coders([one, one, one])
    assert found.loc["T01"].tolist() == [1.0, 1.0, 1.0]
    assert np.isnan(agreement_of_coders([one * 0, one * 0])["alpha"].iloc[0])
