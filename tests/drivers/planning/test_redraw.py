"""What a survey says of its own precision, by hand, and the parts that waves are redrawn from."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.planning.redraw import (
    Precision,
    _leverage,
    _spread_change,
    first_marked,
    measure_precision,
    redraw,
)

pytestmark = pytest.mark.filterwarnings("error")
THEMES = pd.DataFrame(
    {
        "theme_id": ["A", "B"],
        "level": 1,
        "share": [0.2, 0.5],
        "effect": [-4.0, 2.0],
        "n_responses": [20, 50],
        "nps_mentioners": [-30.0, 40.0],
        "effect_per_mention": [-20.0, 4.0],
    }
)


def survey(other_level: int) -> SimpleNamespace:
    """100 commenters of 200 responses; segments with 2 values that count, with 10, and with 11, too many to enter."""
    values = [("plan", 50), ("plan", 10), ("plan", 9), *[("shop", 10)] * 10, *[("town", 10)] * 11]
    return SimpleNamespace(
        table=pd.concat([THEMES, pd.DataFrame({"theme_id": ["other"], "level": [other_level]})]),
        covariance=pd.DataFrame([[0.06, 1.0], [1.0, 4.0]], index=["B", "A"], columns=["B", "A"]),
        segment_nps=pd.DataFrame(values, columns=["segment", "n"]),
        n_commenters=100,
        n_scored=200,
        kish_n=80.0,
    )


def test_precision_by_hand() -> None:
    found = measure_precision(survey(other_level=1), THEMES)  # type: ignore[arg-type]
    assert (found.commented, found.kish, found.columns) == (0.5, 0.8, 1 + 1 + 9)
    assert found.share.tolist() == [0.2, 0.5] and found.without.tolist() == [-10.0, 36.0]
    # Less the shares' part, 16 x 0.8 / (0.2 x 80) = 0.8 of A; of B it would be 0.05, and half of 0.06 is the most.
    # The leverage: 0.64 / 20 + 0.04 / 80 + 13 / 100 of A, 0.25 / 50 + 0.25 / 50 + 13 / 100 of B, for 14 columns.
    left, fit = np.array([[3.2, 1.0], [1.0, 0.03]]), np.sqrt([1 - 0.1625, 1 - 0.14])
    assert found.variance == pytest.approx(left * np.outer(fit, fit) * 0.86 * 80)


def test_rare_themes_pooled_at_another_level_are_no_column_here() -> None:
    variance = measure_precision(survey(other_level=0), THEMES).variance  # type: ignore[arg-type]
    assert variance[0, 0] == pytest.approx(3.2 * (1 - 0.1525) * 0.87 * 80)


def test_leverage_by_hand_and_at_most_nine_tenths() -> None:
    assert _leverage(np.array([0.2]), np.array([20.0]), 14, 100) == pytest.approx(0.64 / 20 + 0.04 / 80 + 0.13)
    assert _leverage(np.array([0.01]), np.array([1.0]), 1, 100) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("without", "true", "effect", "ratio", "expected"),
    [
        (10.0, -4.0, -5.0, 1.0, 1 + 0.8 * (10**2 - 15**2) / 400),  # from -10 to -15 a mention
        (10.0, -4.0, -2.5, 0.5, 1 + 0.8 * (10**2 - 15**2) / 400),  # half as many mention it
        (10.0, -22.0, -30.0, 1.0, 1.0),  # -100 is the end
        (-10.0, 22.0, 30.0, 1.0, 1.0),
        (0.0, -19.0, -20.0, 1.0, 0.25),
        (0.0, -12.0, 0.0, 1.0, 2.0),
        (0.0, 0.0, 0.0, 0.0, 1.0),  # nobody mentions it
    ],
)
def test_the_variance_of_mentioners_by_hand(
    without: float, true: float, effect: float, ratio: float, expected: float
) -> None:
    """20 % mention it, with a variance of 100 x 0.8 / 0.2 = 400 among them."""
    precision = Precision(np.array([0.2]), np.array([[100.0]]), np.array([without]), 0.5, 1.0, 1)
    found = _spread_change(precision, *(np.array([[value]]) for value in (true, effect, ratio)))
    assert found.item() == pytest.approx(expected)


def test_waves_by_hand_where_coefficients_do_not_vary() -> None:
    precision = Precision(np.array([0.2, 0.02]), np.full((2, 2), 1e-18), np.zeros(2), 0.5, 0.8, 3)
    true = np.tile([-4.0, 0.4], (50, 1))
    found = redraw(precision, true, 1000, 10, np.random.default_rng(6))
    said = np.random.default_rng(6).binomial(500, [0.2, 0.02], (50, 2))
    assert found.effect == pytest.approx(said / [100, 10] * true, abs=1e-6)
    assert (found.ranked == (said >= 10)).all() and 0 < found.ranked[:, 1].sum() < 50
    assert found.se == pytest.approx(np.abs(found.effect) * np.sqrt([0.8 / 80, 0.98 / 8]), abs=1e-6)


def test_standard_errors_count_columns_and_leverage() -> None:
    precision = Precision(np.array([0.5, 0.5]), np.diag([100.0, 100.0]), np.zeros(2), 1.0, 1.0, 3)
    few = redraw(precision, np.zeros((400, 2)), 50, 1, np.random.default_rng(6))
    said = np.random.default_rng(6).binomial(50, [0.5, 0.5], (400, 2))
    spare = said / 25 / (1 - 5 / 50)
    leverage = 0.25 / said + 0.25 / 25 + 4 / 50
    shown = np.clip(few.effect / (said / 25 * 0.5), -100, 100)
    change = np.clip(1 - 0.5 * shown**2 / 100, 0.25, 2)
    squared = spare * 100 / 50 / (1 - leverage) * change + few.effect**2 * 0.5 / 25
    assert few.se == pytest.approx(np.sqrt(squared))
    # A wave that does not rank a theme has it among the rare ones: as many columns.
    bare = redraw(precision, np.zeros((400, 2)), 50, 25, np.random.default_rng(6))
    assert (~bare.ranked).any(axis=1).any() and not bare.ranked[:, 0].all()


def test_a_wave_that_does_not_rank_its_first_theme_does_not_mark_it() -> None:
    precision = Precision(np.array([0.5, 0.5]), np.eye(2), np.zeros(2), 1.0, 1.0, 1)
    waves = redraw(precision, np.full((20, 2), -40.0), 400, 200, np.random.default_rng(1))
    marked = first_marked(waves, precision, np.random.default_rng(2))
    assert (marked == waves.ranked[:, 0]).all() and 0 < marked.sum() < 20
