import numpy as np
import pytest
import statsmodels.api as sm

from verbatim.drivers.checks.robustness import as_strong_as, robustness, robustness_value

pytestmark = pytest.mark.filterwarnings("error")
PLAN = ("plan", "plan")


def draw(seed=0, n=800):
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 3, n)
    mentions = rng.normal(size=(n, 3)) + 0.8 * rng.normal(size=(n, 1)) + 0.5 * (plan == 1)[:, None] > [0.5, 0.9, 1.2]
    covariates = np.eye(3)[plan][:, :2] - np.eye(3)[plan][:, 2:]
    latent = mentions @ [-1.2, 0.1, 0.5] + 0.8 * (plan == 1) + rng.normal(size=n)
    points = np.digitize(latent, [-0.9, 0.1]) * 100.0 - 100
    return points, mentions, covariates, rng.uniform(0.5, 2, n)


def fit(y, x, weight):
    return sm.WLS(y, sm.add_constant(np.column_stack(x)), weights=weight).fit()


def partial_r2(y, given, extra, weight):
    short, long = fit(y, given, weight), fit(y, [*given, extra], weight)
    return 1 - long.ssr / short.ssr


def test_the_published_example():
    # sensemakr, Darfur: t = 4.184, df = 783; RV 13.878 %.
    assert robustness_value(4.18445, 783) == pytest.approx(0.13878, abs=2e-5)


def test_the_value_solves_its_definition():
    value, f = robustness_value([0.5, 3.0, 40.0], 100), np.array([0.5, 3.0, 40.0]) / 10
    np.testing.assert_allclose(value**2 / (1 - value), f**2)
    assert robustness_value(0.0, 100) == 0


def test_against_t_values_of_the_weighted_regression():
    points, mentions, covariates, weight = draw()
    reference = fit(points, [covariates, mentions.astype(float)], weight)
    found = robustness(points, mentions, covariates, weight, PLAN, ("a", "b", "c"))
    np.testing.assert_allclose(found.value, robustness_value(reference.tvalues[3:], reference.df_resid), atol=1e-9)
    np.testing.assert_allclose(
        found.partial_r2, reference.tvalues[3:] ** 2 / (reference.tvalues[3:] ** 2 + reference.df_resid), atol=1e-9
    )


def bounds(points, mentions, covariates, weight, theme):
    """Cinelli and Hazlett (2020), section 4.4, by plain regressions."""
    columns = {"plan": covariates} | {name: mentions[:, [at]].astype(float) for at, name in enumerate("abc")}
    own = columns.pop(theme)
    for name, extra in columns.items():
        given = [each for other, each in columns.items() if other != name]
        d = partial_r2(own[:, 0], given, extra, weight)
        y = partial_r2(points, [own, *given], extra, weight)
        dz, zx = d / (1 - d), d**2 / (1 - d) ** 2
        yz = ((1 + np.sqrt(zx)) / np.sqrt(1 - zx)) ** 2 * y / (1 - y)
        yield yz * dz / (1 - dz), dz, yz, name


@pytest.mark.parametrize(("at", "theme"), list(enumerate("abc")))
def test_the_strongest_benchmark_by_plain_regressions(at, theme):
    survey = draw(1)
    found = robustness(*survey, PLAN, ("a", "b", "c"))
    product, dz, yz, name = max(bounds(*survey, theme))
    assert found.benchmark[at] == name
    assert found.benchmark_mentions[at] == pytest.approx(dz, abs=1e-9)
    assert found.benchmark_score[at] == pytest.approx(yz, abs=1e-9)
    strength = found.benchmark_strength[at]
    assert strength**2 / (1 - strength) == pytest.approx(product, abs=1e-9)


def test_the_bounds_of_the_published_example():
    # sensemakr's table for "1x female", from partial R² of 0.0090811 (treatment) and 0.10903 (outcome).
    of_mentions, of_score = as_strong_as(0.00908107, 0.10903)
    assert of_mentions == pytest.approx(0.00916429, abs=1e-7)
    assert of_score == pytest.approx(0.12464092, abs=2e-5)


def test_no_cause_explains_more_than_all_there_is():
    assert [part.tolist() for part in as_strong_as([0, 0.25, 0.6, 1], [0.1, 0.0, 0.6, 1])] == [
        pytest.approx([0, 1 / 3, 1, 1]), pytest.approx([1 / 9, 0, 1, 1])
    ]  # fmt: skip
    assert robustness_value([0, 3], 9).tolist() == pytest.approx([0, (np.sqrt(5) - 1) / 2])


def test_a_segment_that_does_not_vary_is_no_benchmark():
    points, mentions, covariates, weight = draw(5)
    alone = robustness(points, mentions, covariates[:, :0], weight, (), ("a", "b", "c"))
    beside = robustness(points, mentions, np.ones((len(points), 1)), weight, ("plan",), ("a", "b", "c"))
    assert beside.benchmark == alone.benchmark
    for name in ("value", "benchmark_mentions", "benchmark_score", "benchmark_strength"):
        np.testing.assert_allclose(getattr(beside, name), getattr(alone, name), atol=1e-12)


def test_an_omitted_cause_of_that_strength_does_bring_the_coefficient_to_zero():
    points, mentions, covariates, weight = draw(2)
    found = robustness(points, mentions, covariates, weight, PLAN, ("a", "b", "c"))
    rest = [covariates, mentions[:, 1:].astype(float)]
    own = mentions[:, 0].astype(float)
    d, y = fit(own, rest, weight).resid, fit(points, [own, *rest], weight).resid
    part = found.value[0]
    unit = np.sqrt(weight.sum())
    d, y = d / np.linalg.norm(np.sqrt(weight) * d) * unit, y / np.linalg.norm(np.sqrt(weight) * y) * unit
    noise = fit(np.random.default_rng(3).normal(size=len(own)), [d, y, *rest], weight).resid
    noise *= unit / np.linalg.norm(np.sqrt(weight) * noise)
    sign = np.sign(fit(points, [own, *rest], weight).params[1])
    # z explains `part` of d; what d leaves of it explains `part` of what is left of the points.
    z = np.sqrt(part) * d + np.sqrt(1 - part) * (sign * np.sqrt(part) * y + np.sqrt(1 - part) * noise)
    assert partial_r2(own, rest, z, weight) == pytest.approx(part, abs=1e-9)
    assert partial_r2(points, [own, *rest], z, weight) == pytest.approx(part, abs=1e-9)
    assert fit(points, [own, *rest, z], weight).params[1] == pytest.approx(0, abs=1e-6)


def test_collinear_constant_and_perfect():
    points, mentions, covariates, weight = draw(4)
    doubled = np.column_stack([mentions, mentions[:, 0], np.ones(len(points), dtype=bool)])
    found = robustness(points, doubled, covariates, weight, PLAN, ("a", "b", "c", "a again", "all"))
    assert np.isnan(found.value[[0, 3, 4]]).all() and np.isfinite(found.value[[1, 2]]).all()
    alone = robustness(points, mentions, covariates, weight, PLAN, ("a", "b", "c"))
    np.testing.assert_allclose(found.value[[1, 2]], alone.value[[1, 2]], atol=1e-8)
    decided = np.array([True, False] * 30)
    perfect = robustness(np.where(decided, -100.0, 100), decided[:, None], np.zeros((60, 0)), np.ones(60), (), ("a",))
    assert perfect.value == 1 and perfect.benchmark == (None,)
    silent = robustness(np.zeros(60), decided[:, None], np.zeros((60, 0)), np.ones(60), (), ("a",))
    assert silent.value == 0
    none = robustness(points, mentions[:, :0], covariates, weight, PLAN, ())
    assert none.value.shape == (0,)
