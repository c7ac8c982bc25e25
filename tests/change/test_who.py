"""Who answered: another mix is warned of when it could explain the change, and only then."""

import numpy as np
import pandas as pd

from verbatim.change.wave import read_wave
from verbatim.change.who import who_answered


def wave(label, app_share, n=800, seed=0):
    rng = np.random.default_rng(seed)
    channel = np.where(rng.random(n) < app_share, "app", "mail")
    score = np.clip(np.round(rng.normal(np.where(channel == "app", 9.3, 6.5), 1.5)), 0, 10)
    said = pd.DataFrame({"T": (rng.random(n) < 0.2).astype(int)})
    return read_wave(said, score, pd.DataFrame({"channel": channel}), label=label)


def test_another_mix_is_warned_of():
    who = who_answered(wave("1", 0.7, seed=1), wave("2", 0.3, seed=2))
    assert len(who.warnings) == 1
    assert "channel" in who.warnings[0] and "With the same mix" in who.warnings[0]
    row = who.columns.iloc[0]
    assert row["mix"] < -20 and row["same_mix_low"] < 0 < row["same_mix_high"]


def test_the_same_mix_is_not():
    assert who_answered(wave("1", 0.5, seed=1), wave("2", 0.5, seed=2)).warnings == ()


def test_comment_rates_by_hand():
    said = pd.DataFrame({"T": [0] * 8})
    one = read_wave(said, [10, 10, 0, 0, 7, 7, 10, 0], label="1", commented=np.array([1, 0, 1, 1, 0, 1, 1, 1]) == 1)
    rates = who_answered(one, one).comments.set_index("category")
    assert rates.loc["all", "rate_before"] == 0.75 and rates.loc["detractor", "rate_after"] == 1.0
    assert (rates["difference"] == 0).all()
