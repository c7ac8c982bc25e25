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


def test_whatever_varies_at_all_is_there():
    """A theme of one commenter of next to no weight, one of all others, and one that nobody mentions."""
    points, mentions, covariates, weight = draw(3)
    weight[0], mentions[:] = 1e-7, False
    mentions[0, 0], mentions[1:, 1] = True, True
    known = correlate(points, mentions, covariates, weight, ("plan", "plan", "region"))
    assert known.source.tolist() == [0, 0, 1, 2, 3]
    np.testing.assert_allclose(known.among[3:, 3:], [[1, -1], [-1, 1]], atol=1e-6)


def test_a_segment_of_large_numbers_has_the_directions_it_has():
    points, mentions, covariates, weight = draw(4)
    twice = 1e6 * np.column_stack([covariates[:, 0], covariates[:, 0], covariates[:, 2]])
    known = correlate(points, mentions, twice, weight, ("plan", "plan", "region"))
    assert known.source.tolist() == [0, 1, 2, 3, 4]
    plain = correlate(points, mentions, twice[:, 1:] / 1e6, weight, ("plan", "region"))
    np.testing.assert_allclose(np.abs(known.with_points), np.abs(plain.with_points), atol=1e-9)


def test_without_segments_there_are_the_themes():
    points, mentions, _, weight = draw(5)
    known = correlate(points, mentions, np.zeros((300, 0)), weight, ())
    assert known.segments == () and known.source.tolist() == [0, 1, 2]
    np.testing.assert_allclose(np.diag(known.among), 1, atol=1e-12)
