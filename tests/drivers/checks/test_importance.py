from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.drivers.checks.importance import relative_weights


def draw(seed, n=600, k=5):
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(n, 1))
    mentions = rng.normal(size=(n, k)) + 0.7 * mood > np.linspace(0.4, 1.6, k)
    plan = rng.integers(0, 3, n)
    covariates = np.eye(3)[plan][:, :2] - np.eye(3)[plan][:, 2:]
    latent = mentions @ np.linspace(-1.5, 0.6, k) + 0.4 * (plan == 1) + rng.normal(size=n)
    points = np.digitize(latent, [-0.9, 0.1]) * 100.0 - 100
    return points, mentions, covariates, rng.uniform(0.5, 2.0, n)


def r_squared(points, columns, weight):
    if not columns:
        return 0.0
    return sm.WLS(points, sm.add_constant(np.column_stack(columns)), weights=weight).fit().rsquared


def shapley(points, blocks, weight):
    """Lindeman, Merenda and Gold by brute force: mean increase in R² over all orders."""
    known, total = {}, np.zeros(len(blocks))
    orders = list(permutations(range(len(blocks))))
    for order in orders:
        before = 0.0
        for place, block in enumerate(order):
            key = frozenset(order[: place + 1])
            if key not in known:
                known[key] = r_squared(points, [blocks[each] for each in sorted(key)], weight)
            total[block] += known[key] - before
            before = known[key]
    return total / len(orders)


@pytest.mark.parametrize("seed", range(3))
def test_the_sum_is_r_squared_of_the_weighted_regression(seed):
    points, mentions, covariates, weight = draw(seed)
    found = relative_weights(points, mentions, covariates, weight, ("plan", "plan"))
    expected = r_squared(points, [mentions.astype(float), covariates], weight)
    assert found.r_squared == pytest.approx(expected, abs=1e-9)
    assert found.themes.sum() + found.segments.sum() == pytest.approx(found.r_squared, abs=1e-9)
    assert (found.themes >= 0).all() and found.names == ("plan",)


@pytest.mark.parametrize("seed", range(3))
def test_near_lindeman_merenda_gold_with_a_segment_as_one_block(seed):
    points, mentions, covariates, weight = draw(seed)
    found = relative_weights(points, mentions, covariates, weight, ("plan", "plan"))
    blocks = [covariates, *mentions.T.astype(float)]
    exact, ours = shapley(points, blocks, weight), np.concatenate([found.segments, found.themes])
    assert np.abs(ours - exact).max() < 0.02 * exact.sum()
    apart = [at for at in range(len(exact) - 1) if np.diff(np.sort(exact))[at] > 0.02 * exact.sum()]
    for at in apart:
        assert set(np.argsort(exact)[: at + 1]) == set(np.argsort(ours)[: at + 1])


def test_johnsons_formula_for_single_columns():
    points, mentions, _, weight = draw(4)
    found = relative_weights(points, mentions, np.zeros((len(points), 0)), weight, ())
    joint = np.cov(np.column_stack([mentions, points]).T, aweights=weight, ddof=0)
    joint /= np.sqrt(np.outer(np.diag(joint), np.diag(joint)))
    size, axes = np.linalg.eigh(joint[:-1, :-1])
    link = axes @ np.diag(np.sqrt(size)) @ axes.T
    expected = link**2 @ np.linalg.solve(link, joint[:-1, -1]) ** 2
    np.testing.assert_allclose(found.themes, expected, atol=1e-10)


def test_the_coding_of_a_segment_does_not_matter():
    points, mentions, covariates, weight = draw(5)
    recoded = covariates @ np.array([[1.0, 2.0], [-3.0, 0.5]])
    a, b = (relative_weights(points, mentions, x, weight, ("plan", "plan")) for x in (covariates, recoded))
    np.testing.assert_allclose(a.themes, b.themes, atol=1e-10)
    np.testing.assert_allclose(a.segments, b.segments, atol=1e-10)


def test_identical_themes_share_and_constant_ones_get_nothing():
    points, mentions, covariates, weight = draw(6)
    doubled = np.column_stack([mentions, mentions[:, 0], np.ones(len(points), dtype=bool)])
    found = relative_weights(points, doubled, covariates, weight, ("plan", "plan"))
    assert found.themes[0] == pytest.approx(found.themes[-2], abs=1e-12)
    assert found.themes[-1] == 0
    alone = relative_weights(points, mentions, covariates, weight, ("plan", "plan"))
    assert found.r_squared == pytest.approx(alone.r_squared, abs=1e-9)


def test_nothing_to_explain_and_nothing_to_explain_it_with():
    points, mentions, covariates, weight = draw(7)
    same = relative_weights(np.full(len(points), 100.0), mentions, covariates, weight, ("plan", "plan"))
    assert same.r_squared == 0 and not same.themes.any()
    none = relative_weights(points, mentions[:, :0], covariates[:, :0], weight, ())
    assert none.r_squared == 0 and none.themes.shape == (0,)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(1, 6))
def test_any_survey_sums(seed, n, k):
    rng = np.random.default_rng(seed)
    mentions = rng.random((n, k)) < rng.random(k)
    points = rng.choice([-100.0, 0.0, 100.0], n)
    found = relative_weights(points, mentions, np.zeros((n, 0)), rng.uniform(0.1, 5, n), ())
    assert found.themes.sum() == pytest.approx(found.r_squared, abs=1e-9)
    assert -1e-9 <= found.r_squared <= 1 + 1e-9
