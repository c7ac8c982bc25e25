import numpy as np

from verbatim.vectors import group_means, unit


def test_unit_keeps_rows_of_zeros():
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[np.float32(0.6), np.float32(0.8)], [0, 0]]


def test_group_means_are_the_unit_mean_of_each_group_s_rows():
    rows = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    labels = np.random.default_rng(1).integers(-1, 4, 50)
    means = group_means(rows, labels, 5)
    for group in range(4):
        mean = rows[labels == group].mean(axis=0)
        assert np.allclose(means[group], mean / np.linalg.norm(mean), atol=1e-5)
    assert not means[4].any()
