"""Noise marks, rank intervals and the next wave, on normal draws where the answer is known."""

import numpy as np
import pytest

from verbatim.drivers import uncertainty
from verbatim.drivers.effects import fit_effects


def test_covariance_sums_within_respondents() -> None:
    spread = np.array([[1.0], [2.0], [-4.0]])
    in_blocks = [(slice(0, 1), spread[:1]), (slice(1, 3), spread[1:])]
    assert uncertainty.covariance(in_blocks, np.array([0, 1, 2]), 1)[0, 0] == 21
    assert uncertainty.covariance(in_blocks, np.array([7, 7, 9]), 1)[0, 0] == 25


def test_draws_have_the_covariance() -> None:
    cov = np.array([[4.0, 1.0], [1.0, 1.0]])
    drawn = uncertainty.draw(cov, 40_000, np.random.default_rng(0))
    assert np.cov(drawn.T) == pytest.approx(cov, abs=0.1)


@pytest.mark.long
def test_standard_error_matches_resampling_with_silence() -> None:
    """The influence functions, cells included, agree with drawing whole surveys again."""

    def survey(seed: int) -> tuple[float, float]:
        rng = np.random.default_rng(seed)
        n = 600
        said = rng.random((n, 1)) < 0.3
        points = np.where(rng.random(n) < 0.35 + 0.3 * said[:, 0], -100.0, 100.0)
        commented = rng.random(n) < np.where(points > 0, 0.4, 0.8)
        cell = (points > 0).astype(int)
        factor = np.bincount(cell) / np.bincount(cell, weights=commented)
        fit = fit_effects(points[commented], said[commented], np.zeros((commented.sum(), 0)), factor[cell][commented])
        cov = uncertainty.covariance(uncertainty.influence(fit, commented, np.ones(n), cell), np.arange(n), 1)
        return fit.effect[0], np.sqrt(cov[0, 0])

    effects, errors = np.array([survey(seed) for seed in range(400)]).T
    assert effects.mean() == pytest.approx(-18, abs=0.7)
    assert errors.mean() == pytest.approx(effects.std(), rel=0.1)


@pytest.mark.long
def test_step_down_keeps_the_family_wise_error() -> None:
    rng = np.random.default_rng(1)
    cov = 0.3 + 0.7 * np.eye(10)
    drawn = uncertainty.draw(cov, 2000, rng)
    truth = np.r_[np.full(3, 5.0), np.zeros(7)]
    estimates = truth + uncertainty.draw(cov, 1000, rng)
    marks = np.array([uncertainty.above_noise(estimate, np.ones(10), drawn) for estimate in estimates])
    assert 0.02 <= marks[:, 3:].any(axis=1).mean() <= 0.065
    assert marks[:, :3].mean() > 0.95


@pytest.mark.long
def test_rank_intervals_cover_every_true_rank() -> None:
    rng = np.random.default_rng(2)
    truth, cov = np.array([-6.0, -3.0, -2.5, 0.0, 0.5, 4.0]), np.diag([1.0, 2.0, 0.5, 1.0, 1.0, 1.0])
    drawn = uncertainty.draw(cov, 2000, rng)
    bounds = [uncertainty.rank_intervals(truth + noise, cov, drawn) for noise in uncertainty.draw(cov, 300, rng)]
    low, high = (np.array(side) for side in zip(*bounds, strict=True))
    covered = (low <= np.arange(1, 7)) & (np.arange(1, 7) <= high)
    assert covered.mean(axis=0).min() >= 0.93
    assert (high - low).mean() < 3


@pytest.mark.long
def test_next_wave_is_calibrated_without_signal() -> None:
    rng = np.random.default_rng(3)
    share, cov = np.full(10, 0.1), np.eye(10)
    p = np.array([uncertainty.top_in_next_wave(e, cov, share, 1000, rng) for e in rng.standard_normal((200, 10))])
    assert p.sum(axis=1) == pytest.approx(np.full(200, 3.0))
    assert p.max(axis=1).mean() < 0.65


def test_next_wave_is_sure_of_the_sure() -> None:
    effect = np.r_[-20.0, -18.0, -16.0, np.zeros(5)]
    p = uncertainty.top_in_next_wave(effect, np.eye(8), np.full(8, 0.1), 2000, np.random.default_rng(4))
    assert p[:3].min() > 0.99


def test_nothing_varies() -> None:
    still = np.zeros((4, 4))
    drawn = uncertainty.draw(still, 500, np.random.default_rng(0))
    assert not uncertainty.above_noise(np.zeros(4), np.zeros(4), drawn).any()
    low, high = uncertainty.rank_intervals(np.zeros(4), still, drawn)
    assert (low.tolist(), high.tolist()) == ([1] * 4, [4] * 4)
    assert (
        uncertainty.top_in_next_wave(np.zeros(4), still, np.ones(4), 500, np.random.default_rng(0)).tolist()
        == [0.75] * 4
    )


def test_a_limit_is_a_draw_itself() -> None:
    drawn = np.arange(20.0)[:, None]  # 95 % of 20 lies between 18 and 19
    found = [uncertainty.step_down(np.array([value]), drawn).tolist() for value in (18.5, 19.0, 19.5)]
    assert found == [[False], [False], [True]]


def test_ranks_are_whole_numbers() -> None:
    for bounds in uncertainty.rank_intervals(np.array([-9.0, 0.0]), np.eye(2), np.zeros((200, 2))):
        assert bounds.dtype == np.int64 and bounds.tolist() == [1, 2]


def test_a_response_that_alone_decides_a_coefficient_adds_nothing_to_its_noise() -> None:
    said = np.array([[False], [False], [False], [True]])
    fit = fit_effects(np.array([100.0, 0, -100, -100]), said, np.zeros((4, 0)), np.ones(4))
    parts = uncertainty.slope_parts(fit, slice(None))
    # The mean of the three others is 0 with leverage 1/3: each adds -1/3 x its residual / (2/3).
    assert parts[:, 0] == pytest.approx([-50, 0, 50, 0], abs=1e-9)


def test_parts_go_through_cells_by_hand() -> None:
    # Cell 0: a commenter of weight 0.5 and a silent one of 1; cell 1: a silent one whom nobody stands for.
    commented, cell = np.array([True, False, False]), np.array([0, 0, 1])
    passed = uncertainty.through_cells(
        lambda rows: np.array([[3.0]])[rows], 1, np.array([1.5]), commented, np.array([0.5, 1, 1]), cell
    )
    assert [(rows, part.tolist()) for rows, part in passed] == [(slice(0, 3), [[1.5], [3.0], [0.0]])]


def test_the_surely_last_theme_has_a_chance_of_0_and_an_only_one_of_1() -> None:
    rng, share = np.random.default_rng(5), np.full(4, 0.1)
    effect = np.array([-20.0, -18.0, -16.0, 99.0])
    assert uncertainty.top_in_next_wave(effect, np.eye(4), share, 200, rng).tolist() == [1, 1, 1, 0]
    assert uncertainty.top_in_next_wave(effect[:1], np.eye(1), share[:1], 200, rng, top=1).tolist() == [1]


def test_cells_in_which_nobody_spoke_add_nothing() -> None:
    commented, cell = np.array([True, True, False, False]), np.array([0, 1, 1, 2])
    own = np.array([[2.0, 1], [4, -1]])
    passed = uncertainty.through_cells(
        lambda rows: own[rows], 2, np.array([1.0, 2]), commented, np.array([1.0, 1, 1, 1]), cell
    )
    assert [part.tolist() for _, part in passed] == [[[2, 1], [4, -1], [4, -1], [0, 0]]]


def test_the_next_wave_does_not_depend_on_the_unit_of_the_effects() -> None:
    rng, share = np.random.default_rng(8), np.full(6, 0.2)
    effect, cov = rng.normal(0, 1, 6), np.diag(rng.uniform(0.1, 0.4, 6))
    whole, small = (
        uncertainty.top_in_next_wave(effect * unit, cov * unit**2, share, 500, np.random.default_rng(1))
        for unit in (1.0, 1e-3)
    )
    assert small.tolist() == whole.tolist() and whole.min() > 0 and whole.max() < 1


@pytest.mark.parametrize("top", [1, 3, 10])
def test_the_top_of_the_next_wave_are_the_most_harmful_of_many(top: int) -> None:
    rng = np.random.default_rng(6)
    effect = rng.permutation(np.arange(200.0))
    p = uncertainty.top_in_next_wave(effect, np.eye(200) * 1e-6, np.full(200, 0.1), 50, rng, top)
    assert p.tolist() == (effect < top).tolist()


@pytest.mark.filterwarnings("error")
def test_what_does_not_vary_is_no_step_from_the_truth() -> None:
    assert uncertainty.studentize(np.array([[3.0, 3.0]]), np.array([0.0, 2.0])).tolist() == [[0, 1.5]]
    assert uncertainty.studentize(np.array([3.0]), np.array([1e-9])).tolist() == [0]


def test_a_mark_needs_an_effect_beyond_the_limit_either_way() -> None:
    drawn = np.array([[1.0, 1.0]] * 19 + [[8.0, 8.0]]) * np.array([1.0, 2.0])
    marks = [uncertainty.above_noise(np.array([x, 0.0]), np.array([1.0, 2.0]), drawn) for x in (8.0, -8.1, 8.1)]
    assert [mark.tolist() for mark in marks] == [[False, False], [True, False], [True, False]]


def test_the_sums_of_respondents_do_not_depend_on_the_blocks() -> None:
    rng = np.random.default_rng(9)
    spread, person = rng.normal(size=(30, 2)), rng.integers(0, 18, 30)
    sums = np.array([spread[person == one].sum(axis=0) for one in range(18)])
    blocks = [(slice(at, at + 7), spread[at : at + 7]) for at in range(0, 30, 7)]
    assert uncertainty.covariance(blocks, person, 2) == pytest.approx(sums.T @ sums)
