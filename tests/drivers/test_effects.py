"""The regression and its exact sums: by hand, against statsmodels, then as identities on any data."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.drivers import effects
from verbatim.drivers.bridges import bridge
from verbatim.drivers.effects import Fit, fit_effects
from verbatim.drivers.tones import Tones
from verbatim.drivers.uncertainty import covariance, influence


def random_fit(seed: int, n: int = 200, k: int = 5, weighted: bool = True) -> Fit:
    rng = np.random.default_rng(seed)
    mentions = rng.random((n, k)) < rng.uniform(0.1, 0.5, k)
    covariates = rng.choice([-1.0, 0.0, 1.0], (n, 2))
    weight = rng.uniform(0.2, 3.0, n) if weighted else np.ones(n)
    return fit_effects(rng.choice([-100.0, 0.0, 100.0], n), mentions, covariates, weight)


def test_by_hand() -> None:
    # Scores 10, 9 without the theme, 8, 0 with it: NPS 25; mentioners -50, the others 100.
    points, mentions = np.array([100.0, 100, 0, -100]), np.array([[False], [False], [True], [True]])
    fit = fit_effects(points, mentions, np.zeros((4, 0)), np.ones(4))
    assert fit.nps == 25
    assert fit.base == pytest.approx(100)
    assert fit.per_mention[0] == pytest.approx(-150)
    assert fit.effect[0] == pytest.approx(-75)
    lost, made = effects.outcome_split(fit)
    assert (lost[0], made[0]) == (pytest.approx(-50), pytest.approx(-25))
    assert effects.leave_out(points, mentions, np.ones(4))[0] == pytest.approx(-75)


def design(fit: Fit) -> np.ndarray:
    return np.column_stack([np.ones(len(fit.points)), fit.covariates, fit.mentions])


@pytest.mark.parametrize("seed", range(5))
def test_coefficients_equal_statsmodels(seed: int) -> None:
    fit = random_fit(seed)
    reference = sm.WLS(fit.points, design(fit), weights=fit.weight).fit()
    assert fit.per_mention == pytest.approx(reference.params[3:], abs=1e-8)
    assert fit.residual == pytest.approx(reference.resid, abs=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
def test_hc3_part_equals_statsmodels(weighted: bool) -> None:
    fit = random_fit(11, weighted=weighted)
    reference = sm.WLS(fit.points, design(fit), weights=fit.weight).fit(cov_type="HC3")
    n = len(fit.points)
    blocks = influence(fit, np.ones(n, dtype=bool), fit.weight, np.zeros(n, dtype=int))
    spread = np.concatenate([part for _, part in blocks])
    shares = (fit.mentions - fit.share) * fit.per_mention * (fit.weight / fit.weight.sum())[:, None]
    hc3 = np.sqrt(np.diag(covariance([(slice(0, n), spread - shares)], np.arange(n), 5))) / fit.share
    assert hc3 == pytest.approx(reference.bse[3:], abs=1e-8)


seeds = st.integers(0, 10_000)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_account_and_splits_sum_exactly(seed: int) -> None:
    fit = random_fit(seed, n=60)
    assert fit.base + fit.effect.sum() == pytest.approx(fit.nps, abs=1e-9)
    lost, made = effects.outcome_split(fit)
    assert lost + made == pytest.approx(fit.effect, abs=1e-9)
    tone = np.random.default_rng([seed, 1]).uniform(-1, 1, fit.mentions.shape)  # not the draws behind the mentions
    said = [fit.mentions & (tone < -0.1), fit.mentions & (tone > 0.1)]
    for read, rows in zip(effects.by_tone(fit, Tones.of(tone), 0.1), said, strict=True):
        assert read.share == pytest.approx(fit.weight @ rows / fit.weight.sum(), abs=1e-12)
        carried = (fit.weight * fit.residual) @ rows / fit.weight.sum() + read.share * fit.per_mention
        assert read.carried == pytest.approx(carried, abs=1e-9)
    bad, good = effects.by_tone(fit, Tones.of(np.full_like(tone, -1.0)), 0.1)
    assert bad.carried == pytest.approx(fit.effect, abs=1e-9)
    assert good.carried == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_leave_out_is_the_effect_and_its_bridge(seed: int) -> None:
    fit = random_fit(seed, n=80)
    for theme in range(fit.mentions.shape[1]):
        inside = fit.mentions[:, theme]
        definition = fit.nps - np.average(fit.points[~inside], weights=fit.weight[~inside])
        assert effects.leave_out(fit.points, fit.mentions, fit.weight)[theme] == pytest.approx(definition, abs=1e-9)
        assert fit.effect[theme] + bridge(fit)[theme].sum() == pytest.approx(definition, abs=1e-9)


def test_identical_themes_share_the_effect() -> None:
    one = random_fit(3, k=1)
    twice = fit_effects(one.points, np.repeat(one.mentions, 2, axis=1), one.covariates, one.weight)
    assert twice.tangled.all()
    assert twice.effect == pytest.approx(np.repeat(one.effect / 2, 2), abs=1e-9)


def test_a_theme_everybody_mentions_has_no_effect_of_its_own() -> None:
    fit = random_fit(4, k=2)
    more = fit_effects(
        fit.points, np.column_stack([fit.mentions, np.ones(200, dtype=bool)]), fit.covariates, fit.weight
    )
    assert more.estimable.tolist() == [True, True, False]
    assert more.effect[:2] == pytest.approx(fit.effect, abs=1e-9)
    assert more.effect[2] == 0


@pytest.mark.parametrize("scale", [1e-15, 1e12])
def test_the_scale_of_the_weights_does_not_matter(scale: float) -> None:
    fit = random_fit(5)
    other = fit_effects(fit.points, fit.mentions, fit.covariates, fit.weight * scale)
    assert other.estimable.all() and not other.tangled.any()
    assert other.effect == pytest.approx(fit.effect, abs=1e-9) and other.base == pytest.approx(fit.base, abs=1e-9)


@pytest.mark.filterwarnings("error")
def test_a_theme_of_nobody_has_no_nps_and_one_of_everybody_no_others() -> None:
    points, said = np.array([100.0, 0, -100]), np.array([[False, True]] * 3)
    fit = fit_effects(points, said, np.zeros((3, 0)), np.ones(3))
    assert fit.estimable.tolist() == [False, False] and fit.effect.tolist() == [0, 0] and fit.base == pytest.approx(0)
    mean = effects.mentioners_nps(points, said, np.ones(3))
    assert np.isnan(mean[0]) and mean[1] == 0
    left = effects.leave_out(points, said, np.ones(3))
    assert left[0] == 0 and np.isnan(left[1])


def test_a_mention_at_the_edge_of_the_neutral_band_is_neutral() -> None:
    points, said = np.array([100.0, 100, 0, -100, -100]), np.array([[True]] * 4 + [[False]])
    fit = fit_effects(points, said, np.zeros((5, 0)), np.ones(5))
    bad, good = effects.by_tone(fit, Tones.of([[-0.2], [0.2], [0.21], [-0.21], [np.nan]]), 0.2)
    assert (bad.share[0], good.share[0]) == (pytest.approx(0.2), pytest.approx(0.2))
    # Mentioners average 25: b = 125; the promoters' 75 more stay neutral, the passive carries 125 - 25, the other 0.
    assert (bad.carried[0], good.carried[0]) == (pytest.approx((125 - 125) / 5), pytest.approx((125 - 25) / 5))
