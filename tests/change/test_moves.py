"""Marks of themes that moved: where the limit is, with certainty for tiny and none for empty tables."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from verbatim.change.moves import mark_moves


def marked(share, share_cov, effect, effect_cov, seed=1):
    themes = pd.DataFrame({"share_change": share, "effect_change": effect})
    return mark_moves(SimpleNamespace(themes=themes, share_covariance=share_cov, effect_covariance=effect_cov), seed)


def limits(seed, unit=1.0):
    """Mark 200 themes that all waver together around 1.96 standard errors: how many is a matter of the draws."""
    steps, together = np.linspace(1.86, 2.06, 200), np.ones((200, 200))
    found = marked(steps * unit, together * unit**2, -steps * unit, together * unit**2, seed)
    return found["share_moved"].tolist(), found["effect_moved"].tolist()


def test_the_seed_settles_what_is_at_the_limit():
    one, other = limits(1), limits(2)
    assert one == limits(1) and one != other
    assert one[0] == one[1] == sorted(one[0]) and 20 < sum(one[0]) < 180  # 1.96, give or take a draw


def test_the_unit_does_not_matter():
    assert limits(1, 1e-3) == limits(1) == limits(1, 1e3)


def test_shares_and_effects_are_marked_apart():
    found = marked(np.array([0.05, 0.001]), np.eye(2) * 1e-4, np.array([0.5, -9.0]), np.eye(2))
    assert found[["share_moved", "effect_moved"]].to_numpy().tolist() == [[True, False], [False, True]]
    assert found["share_change"].tolist() == [0.05, 0.001]


def test_without_themes_nothing_moved():
    found = marked(np.zeros(0), np.zeros((0, 0)), np.zeros(0), np.zeros((0, 0)))
    assert len(found) == 0 and found["share_moved"].dtype == found["effect_moved"].dtype == bool


def test_what_does_not_vary_did_not_move():
    assert not marked(np.array([0.1]), np.zeros((1, 1)), np.array([3.0]), -np.eye(1) * 1e-20)["effect_moved"].any()
