import numpy as np
import pytest

from verbatim.drivers.checks.halo import MIN_PAIRS, divided, halo_index
from verbatim.drivers.tones import Tones


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
    ],
)
def test_divided(low, high, noise, negative, positive, expected):
    assert divided([low], [high], [noise], [negative], [positive]).tolist() == [expected]
