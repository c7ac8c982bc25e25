from dataclasses import astuple

import numpy as np
import pytest

from verbatim.drivers.checks.halo import MIN_PAIRS, divided, halo_index
from verbatim.drivers.tones import Tones

pytestmark = pytest.mark.filterwarnings("error")


def tones(halo, n=400, k=6, seed=0, chance=0.35):
    rng = np.random.default_rng(seed)
    mood = np.sqrt(halo) * rng.normal(size=(n, 1))
    tone = np.linspace(-1, 1, k) + 0.2 * (mood + np.sqrt(1 - halo) * rng.normal(size=(n, k)))
    return np.where(rng.random((n, k)) < chance, tone, np.nan)


@pytest.mark.parametrize("halo", [0.0, 0.3, 0.8])
def test_the_index_is_the_planted_correlation_and_its_interval_holds_it(halo):
    found = [halo_index(Tones.of(tones(halo, seed=seed))) for seed in range(150)]
    assert np.mean([each.index for each in found]) == pytest.approx(halo, abs=0.02)
    assert np.mean([each.low <= halo <= each.high for each in found]) >= 0.9


def test_differences_between_themes_are_no_halo():
    rng = np.random.default_rng(1)
    together = np.repeat(rng.random(600) < 0.5, 2).reshape(-1, 2)
    tone = np.where(np.column_stack([together, ~together]), [-0.9, -0.7, 0.9, 0.7], np.nan)
    tone += rng.normal(0, 0.1, tone.shape)
    assert abs(halo_index(Tones.of(tone)).index) < 0.1


def test_by_hand_for_pairs():
    # All comments have two tones; then the estimator is the correlation of pairs entered in both orders, nearly.
    rng = np.random.default_rng(2)
    tone = 0.4 * rng.normal(size=(5000, 1)) + 0.5 * rng.normal(size=(5000, 2))
    both = np.concatenate([tone - tone.mean(axis=0), (tone - tone.mean(axis=0))[:, ::-1]])
    assert halo_index(Tones.of(tone)).index == pytest.approx(np.corrcoef(both.T)[0, 1], abs=1e-3)
    assert halo_index(Tones.of(tone)).n_pairs == halo_index(Tones.of(tone)).n_comments == 5000


def test_the_analysis_of_variance_by_hand():
    # Sums of two tones are 1, -1 or 0: between 36 / 2 = 18 on 39 degrees, within 80 / 4 - 18 = 2 on 40.
    pairs = [[0.5, 0.5]] * 18 + [[-0.5, -0.5]] * 18 + [[0.5, -0.5]] * 2 + [[-0.5, 0.5]] * 2
    found = halo_index(Tones.of(pairs))
    index = (18 / 39 - 2 / 40) / (18 / 39 + 2 / 40)
    half = 1.959964 * np.sqrt(2 * 79 * ((1 - index) * (1 + index)) ** 2 / (2**2 * 40 * 39))
    assert astuple(found) == pytest.approx((index, index - half, index + half, 40, 40), abs=1e-6)


def test_comments_of_two_and_three_themes_by_hand():
    # Sums 1, -1 (of two), 1.5, -1.5 (of three) or 0: between 20 / 2 + 20 x 2.25 / 3 = 25, within 0.25 x 120 - 25 = 5.
    off = [[0.5, -0.5, np.nan], [-0.5, 0.5, np.nan], [np.nan, 0.5, -0.5], [np.nan, -0.5, 0.5]]
    same = [[0.5, 0.5, np.nan], [-0.5, -0.5, np.nan]] * 10
    found = halo_index(Tones.of([*same, *([[0.5] * 3, [-0.5] * 3] * 10), *(off * 2 + off[:2])]))
    size = (120 - (30 * 4 + 20 * 9) / 120) / 49
    between, within = 25 / 49, 5 / 70
    index = (between - within) / (between + (size - 1) * within)
    spread = 2 * 119 * ((1 - index) * (1 + (size - 1) * index)) ** 2 / (size**2 * 70 * 49)
    assert found.index == pytest.approx(index, abs=1e-9)
    assert found.high - found.index == pytest.approx(1.959964 * np.sqrt(spread), abs=1e-6)
    assert (found.n_pairs, found.n_comments) == (30 + 20 * 3, 50)


def test_the_interval_ends_at_1():
    few = [[0.5, 0.5, 0.5, 0.5, 0.1], [0.0] * 5, [-0.5, -0.5, -0.5, -0.5, -0.1]]
    found = halo_index(Tones.of(few))
    assert 0.5 < found.index < 0.9 and found.high == 1 and found.n_pairs == 30
    assert type(found.n_pairs) is int


def test_a_theme_nobody_gives_a_tone_counts_for_nothing():
    pairs = np.array([[0.5, 0.4], [-0.5, -0.3]] * 20)
    wider = astuple(halo_index(Tones.of(np.column_stack([pairs, np.full(40, np.nan)]))))
    assert wider == pytest.approx(astuple(halo_index(Tones.of(pairs))))


def test_pairs_are_counted_and_too_few_say_nothing():
    few = np.full((MIN_PAIRS - 1, 2), 0.3)
    assert np.isnan(halo_index(Tones.of(few)).index) and halo_index(Tones.of(few)).n_pairs == MIN_PAIRS - 1
    assert np.isnan(halo_index(Tones.of(np.full((200, 3), 0.3))).index)
    assert halo_index(Tones.of(np.array([[0.1, 0.2, -0.3], [0.1, np.nan, 0.2]]))).n_pairs == 4
    assert halo_index(Tones.of(np.zeros((0, 3)))).n_pairs == 0


def test_the_order_of_rows_does_not_matter():
    tone = tones(0.4)
    a, b = halo_index(Tones.of(tone)), halo_index(Tones.of(tone[::-1]))
    assert a.index == pytest.approx(b.index, abs=1e-12)


@pytest.mark.parametrize(
    ("low", "high", "noise", "negative", "positive", "expected"),
    [
        (-1.0, 1.0, False, -3.0, 3.0, True),
        (-1.0, 1.0, True, -3.0, 3.0, False),
        (0.2, 1.2, False, -3.0, 3.0, False),
        (-4.0, 4.0, False, -3.0, 3.0, False),
        (-0.2, 0.2, False, -0.9, 0.9, False),
        (-1.0, 1.0, False, 3.0, -3.0, False),
        (np.nan, np.nan, False, np.nan, np.nan, False),
        (-1.0, 0.5, False, -3.0, 3.0, True),
        (0.0, 2.0, False, -3.0, 3.0, True),
        (-2.0, 0.0, False, -3.0, 3.0, True),
        (-2.0, -0.1, False, -3.0, 3.0, False),
        (-2.0, 2.0, False, -2.0, 2.0, True),
        (-2.0, 2.0, False, -1.9, 2.0, False),
        (-2.0, 2.0, False, -2.0, 1.9, False),
        (-0.2, 0.2, False, -1.0, 1.0, True),
        (-0.2, 0.2, False, -1.0, 0.9, False),
    ],
)
def test_divided(low, high, noise, negative, positive, expected):
    found = divided([low], [high], np.array([noise], dtype=object), [negative], [positive])
    assert found.tolist() == [expected] and found.dtype == bool
