import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

from verbatim.drivers.checks import ordinal
from verbatim.drivers.checks.ordinal import ordinal_effects
from verbatim.drivers.effects import fit_effects


def draw(seed=0, n=900, k=4):
    rng = np.random.default_rng(seed)
    plan = rng.choice([-1.0, 1.0], n)[:, None]
    mentions = rng.normal(size=(n, k)) + 0.5 * rng.normal(size=(n, 1)) > np.linspace(0.5, 1.3, k)
    latent = mentions @ np.linspace(-1.5, 0.6, k) + 0.3 * plan[:, 0] + rng.logistic(0, 0.6, size=n)
    return np.digitize(latent, [-0.9, 0.1]) * 100.0 - 100, mentions, plan, np.ones(n)


def reference(points, mentions, covariates):
    """Coefficients of statsmodels, and the effects by switching columns off."""
    x = np.column_stack([covariates, mentions.astype(float)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = OrderedModel((points / 100).astype(int), x, distr="logit")
        fit = model.fit(method="bfgs", disp=False, gtol=1e-8, maxiter=500)
    worth = np.array([-100.0, 0, 100])
    effects = []
    for at in range(covariates.shape[1], x.shape[1]):
        off = x.copy()
        off[:, at] = 0
        effects.append((fit.model.predict(fit.params, x) - fit.model.predict(fit.params, off)) @ worth)
    return np.asarray(fit.params)[covariates.shape[1] : x.shape[1]], np.mean(effects, axis=1)


def test_against_statsmodels():
    points, mentions, covariates, weight = draw()
    found = ordinal_effects(points, mentions, covariates, weight)
    coefficient, effect = reference(points, mentions, covariates)
    np.testing.assert_allclose(found.coefficient, coefficient, atol=2e-4)
    np.testing.assert_allclose(found.effect, effect, atol=2e-3)
    assert found.converged and found.note is None and found.n_used == 900


def test_whole_weights_are_repeated_rows():
    points, mentions, covariates, _ = draw(1, 400)
    times = np.random.default_rng(1).integers(1, 4, 400)
    weighted = ordinal_effects(points, mentions, covariates, times.astype(float))
    coefficient, effect = reference(*(np.repeat(each, times, axis=0) for each in (points, mentions, covariates)))
    np.testing.assert_allclose(weighted.coefficient, coefficient, atol=4e-4)
    np.testing.assert_allclose(weighted.effect, effect, atol=4e-3)


def test_the_scale_of_the_weights_does_not_matter():
    points, mentions, covariates, weight = draw(2)
    a, b = (ordinal_effects(points, mentions, covariates, w) for w in (weight, 250 * weight))
    np.testing.assert_allclose(a.effect, b.effect, atol=1e-9)


def test_near_least_squares_and_ranked_alike():
    points, mentions, covariates, weight = draw(3, 4000)
    line = fit_effects(points, mentions, covariates, weight).effect
    found = ordinal_effects(points, mentions, covariates, weight)
    assert np.abs(found.effect - line).max() < 1.0
    assert (np.argsort(found.effect) == np.argsort(line)).all()


@pytest.mark.parametrize("missing", [-100.0, 0.0, 100.0])
def test_a_category_that_nobody_is_in(missing):
    points, mentions, covariates, weight = draw(4, 500)
    points = np.where(points == missing, 100.0 if missing == 0 else 0.0, points)
    found = ordinal_effects(points, mentions, covariates, weight)
    assert found.converged and np.isfinite(found.effect).all()
    line = fit_effects(points, mentions, covariates, weight).effect
    assert np.abs(found.effect - line).max() < 2.0


def test_all_promoters():
    _, mentions, covariates, weight = draw(5, 100)
    found = ordinal_effects(np.full(100, 100.0), mentions, covariates, weight)
    assert (found.effect == 0).all() and found.converged and "one score category" in found.note


def test_a_theme_that_decides_the_category():
    points, mentions, covariates, weight = draw(6, 500)
    mentions = np.column_stack([mentions, points == -100.0])
    found = ordinal_effects(points, mentions, covariates, weight)
    assert found.converged and np.isfinite(found.coefficient).all()
    severe = mentions[:, 0] & (points == -100)
    only = np.column_stack([severe, mentions[:, 1:-1]])
    found = ordinal_effects(points, only, covariates, weight)
    assert found.converged and found.effect[0] < 0
    by_hand = -100 * severe.mean() - points[~severe].mean() * severe.mean()
    assert found.effect[0] == pytest.approx(by_hand, rel=0.15)


def test_identical_and_empty_columns():
    points, mentions, covariates, weight = draw(7, 500)
    doubled = np.column_stack([mentions, mentions[:, 0], np.zeros(500, dtype=bool), np.ones(500, dtype=bool)])
    found = ordinal_effects(points, doubled, covariates, weight)
    assert found.converged and found.effect[0] == pytest.approx(found.effect[4], abs=1e-6) and found.effect[5] == 0
    assert ordinal_effects(points, mentions[:, :0], covariates, weight).effect.shape == (0,)


def test_a_large_survey_is_sampled_and_says_so(monkeypatch):
    points, mentions, covariates, weight = draw(8, 3000)
    whole = ordinal_effects(points, mentions, covariates, weight)
    monkeypatch.setattr(ordinal, "MOST_ROWS", 1000)
    found = ordinal_effects(points, mentions, covariates, weight)
    assert found.n_used == 1000 and "1,000 of the 3,000" in found.note
    assert np.abs(found.effect - whole.effect).max() < 5


def test_a_category_that_the_sample_missed(monkeypatch):
    points, mentions, covariates, weight = draw(8, 300)
    points[points == 100] = 0.0
    points[1] = 100.0
    monkeypatch.setattr(ordinal, "MOST_ROWS", 150)
    found = ordinal_effects(points, mentions, covariates, weight)
    assert found.n_used == 150 and found.converged
    without = ordinal_effects(np.where(points > 0, 0.0, points), mentions, covariates, weight)
    np.testing.assert_allclose(found.effect, without.effect, atol=1e-3)


@pytest.mark.parametrize("limit", ["STEPS", "HALVINGS"])
def test_a_search_that_was_cut_short_has_not_converged(monkeypatch, limit):
    monkeypatch.setattr(ordinal, limit, 1 if limit == "STEPS" else 0)
    assert not ordinal_effects(*draw()).converged


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(1, 6))
def test_any_small_survey_converges(seed, n, k):
    rng = np.random.default_rng(seed)
    points, mentions = rng.choice([-100.0, 0, 100], n), rng.random((n, k)) < rng.random(k)
    found = ordinal_effects(points, mentions, np.zeros((n, 0)), rng.uniform(0.1, 5, n))
    assert found.converged and np.isfinite(found.effect).all() and np.abs(found.effect).max() <= 200
