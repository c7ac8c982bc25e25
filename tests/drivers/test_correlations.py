import numpy as np

from verbatim.drivers.correlations import correlate


def draw(seed=0, n=300):
    rng = np.random.default_rng(seed)
    plan, region = rng.integers(0, 3, n), rng.choice([-1.0, 1.0], n)
    covariates = np.column_stack([np.eye(3)[plan][:, :2] - np.eye(3)[plan][:, 2:], region])
    mentions = rng.random((n, 3)) < 0.3
    return rng.choice([-100.0, 0, 100], n), mentions, covariates, rng.uniform(0.5, 2, n)


def test_themes_are_correlated_as_numpy_does():
    points, mentions, covariates, weight = draw()
    known = correlate(points, mentions, covariates, weight, ("plan", "plan", "region"))
    columns = np.column_stack([covariates[:, 2], mentions, points])
    covariance = np.cov(columns.T, aweights=weight, ddof=0)
    expected = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    signs = np.sign([known.among[2, 3] * expected[0, 1], 1, 1, 1])
    np.testing.assert_allclose(known.among[2:, 2:], expected[:4, :4] * np.outer(signs, signs), atol=1e-10)
    np.testing.assert_allclose(known.with_points[2:], expected[:4, 4] * signs, atol=1e-10)


def test_a_segment_becomes_uncorrelated_columns():
    points, mentions, covariates, weight = draw(1)
    known = correlate(points, mentions, covariates, weight, ("plan", "plan", "region"))
    np.testing.assert_allclose(known.among[:2, :2], np.eye(2), atol=1e-10)
    assert known.source.tolist() == [0, 0, 1, 2, 3, 4] and known.segments == ("plan", "region")


def test_what_does_not_vary_is_not_there():
    _, mentions, covariates, weight = draw(2)
    mentions[:, 1] = True
    covariates[:, 1] = covariates[:, 0]
    known = correlate(np.zeros(300), mentions, covariates, weight, ("plan", "plan", "region"))
    assert known.source.tolist() == [0, 1, 2, 4]
    assert not known.with_points.any()
