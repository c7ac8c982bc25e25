import numpy as np
import pytest

from verbatim.drivers.checks.silence_sensitivity import MOST, _root, silence_sensitivity

pytestmark = pytest.mark.filterwarnings("error")


def draw(seed=0, n=600, rates=(0.65, 0.35, 0.45)):
    """Commenters of a survey with a segment; weights are respondents / commenters of the cell."""
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 2, n)
    held = rng.normal(size=(n, 4)) + 0.5 * rng.normal(size=(n, 1)) + 0.3 * plan[:, None] > [0.7, 0.9, 1.1, 0.9]
    points = np.digitize(held @ [-1.2, 0.8, -0.3, 0.0] + 0.3 * plan + rng.normal(size=n), [-0.7, 0.3]) * 100.0 - 100
    survey = rng.uniform(0.5, 2, n)
    said = rng.random(n) < np.take(rates, (points / 100 + 1).astype(int))
    cell = (points / 100 + 1).astype(int) * 2 + plan
    factor = np.bincount(cell, survey) / np.bincount(cell, survey * said)
    covariates = np.where(plan == 1, 1.0, -1.0)[:, None]
    return points[said], held[said], covariates[said], (survey * factor[cell])[said], survey[said]


def effect_if(ratio, points, mentions, covariates, weight, survey_weight, theme):
    """Refit with the silent as rows of their own; a chance multiplied by a is a - 1 further rows that change sides."""
    extra = weight - survey_weight
    chance = np.where(points > 0, np.sqrt(ratio), np.where(points < 0, 1 / np.sqrt(ratio), 1.0))
    without = mentions.copy()
    without[:, theme] = False
    moved = extra * mentions[:, theme]
    rows = np.vstack([mentions, mentions, mentions, without]).astype(float)
    w = np.concatenate([survey_weight, extra, moved * (chance - 1), -moved * (chance - 1)])
    design = np.column_stack([np.ones(len(rows)), np.tile(covariates, (4, 1)), rows])
    b = np.linalg.solve(design.T @ (design * w[:, None]), design.T @ (w * np.tile(points, 4)))
    at = 1 + covariates.shape[1] + theme
    return b[at] * (w @ rows[:, theme]) / w.sum()


@pytest.mark.parametrize("seed", range(4))
def test_a_refit_at_the_ratio_gives_no_effect(seed):
    survey = draw(seed)
    found = silence_sensitivity(*survey)
    for theme in range(4):
        effect = effect_if(1.0, *survey, theme)
        if np.isnan(found[theme]):
            assert abs(effect) > 1
            continue
        assert found[theme] > 1
        r = found[theme] if effect < 0 else 1 / found[theme]
        assert effect_if(r, *survey, theme) == pytest.approx(0, abs=1e-8)
        assert np.sign(effect_if(r**0.9, *survey, theme)) == np.sign(effect)


def test_some_drivers_are_out_of_reach_and_some_are_not():
    found = silence_sensitivity(*draw(1, rates=(0.9, 0.8, 0.8)))
    assert np.isnan(found).any() and np.isfinite(found).any()


def test_more_than_all_of_the_silent_is_out_of_reach():
    points, mentions, covariates, weight, survey = draw(1)
    found = silence_sensitivity(points, mentions, covariates, weight, survey)
    for theme in np.flatnonzero(np.isfinite(found)):
        t = np.sqrt(found[theme])
        pain = effect_if(1.0, points, mentions, covariates, weight, survey, theme) < 0
        for side, factor in ((points > 0, t if pain else 1 / t), (points < 0, 1 / t if pain else t)):
            silent = (weight - survey) * side
            assert factor * (silent @ mentions[:, theme]) / silent.sum() <= 1


def test_nobody_is_silent():
    points, mentions, covariates, _, survey = draw(2)
    found = silence_sensitivity(points, mentions, covariates, survey, survey)
    assert np.isnan(found).all()


def test_fewer_silent_means_a_higher_ratio():
    points, mentions, covariates, weight, survey = draw(3, rates=(0.3, 0.3, 0.3))
    wide = silence_sensitivity(points, mentions, covariates, weight, survey)
    near = silence_sensitivity(points, mentions, covariates, weight, (weight + survey) / 2)
    assert wide[3] < near[3] or np.isnan(near[3])
    assert np.isfinite(wide).sum() >= np.isfinite(near).sum()


def test_only_promoters_are_silent():
    points, mentions, covariates, weight, survey = draw(4, rates=(1.0, 1.0, 0.3))
    found = silence_sensitivity(points, mentions, covariates, weight, survey)
    finite = np.flatnonzero(np.isfinite(found))
    assert finite.size
    for theme in finite:
        effect = effect_if(1.0, points, mentions, covariates, weight, survey, theme)
        r = found[theme] if effect < 0 else 1 / found[theme]
        assert effect_if(r, points, mentions, covariates, weight, survey, theme) == pytest.approx(0, abs=1e-8)


def test_identical_themes_no_effect_and_one_category():
    points, mentions, covariates, weight, survey = draw(5)
    doubled = np.column_stack([mentions, mentions[:, 0], np.zeros(len(points), dtype=bool)])
    found = silence_sensitivity(points, doubled, covariates, weight, survey)
    assert np.isnan(found[[0, 4, 5]]).all()
    same = silence_sensitivity(np.full(len(points), 100.0), mentions, covariates, weight, survey)
    assert (same == 1).all()
    none = silence_sensitivity(points, mentions[:, :0], covariates, weight, survey)
    assert none.shape == (0,)
    none_score = silence_sensitivity(np.zeros(len(points)), mentions, covariates, weight, survey)
    assert (none_score == 1).all()


def factor(square, linear, constant, own=1.0):
    """Root for silent promoters adding ``square``, silent detractors ``constant``, everybody else ``linear``."""
    everyone, promoters, detractors = np.diag([4.0, 1.0, 1.0]), np.zeros((3, 3)), np.zeros((3, 3))
    everyone[2, 1] = everyone[1, 2] = square + linear + constant
    promoters[2, 1], detractors[2, 1], everyone[2, 2] = square, constant, own
    return _root(2, everyone, promoters, detractors)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((-1.0, 5.0, -6.0), 2.0),  # -(t - 2)(t - 3): a pain, and the nearer root
        ((-0.1, 0.5, -0.6), 2.0),
        ((6.0, -5.0, 1.0), 0.5),  # (2t - 1)(3t - 1): a strength, and the nearer root
        ((0.6, -0.5, 0.1), 0.5),
        ((1.0, -5.0, 6.0), np.nan),  # a strength, and both roots are on the other side
        ((-6.0, 5.0, -1.0), np.nan),
        ((-1.0, 4.0, -5.0), np.nan),  # 2 +- i
        ((1.0, -10.0, 0.0), 10.0),  # at the limit, a ratio of 100
        ((1.0, -10.01, 0.0), np.nan),
        ((0.0, 10.0, -1.0), 0.1),
        ((0.0, 10.01, -1.0), np.nan),
        ((2.0, -1.0, 0.0), 0.5),  # 0 is a root too, and no answer
        ((2.0, -3.0, 1.0), 1.0),  # no effect from the start
        ((2.0, -3.0, 1.0 + 1e-13), 1.0),
        ((-1.0, 1e-14, 4.0), 0.5 * np.nan),
        ((1.0, 1e-14, -4.0), 2.0),
    ],
)
def test_the_factor_by_hand(parts, expected):
    assert MOST == 100
    assert factor(*parts) == pytest.approx(expected, nan_ok=True)


def test_a_theme_that_nothing_of_its_own_is_left_of_has_no_factor():
    assert factor(-1.0, 5.0, -6.0, own=1e-3) == pytest.approx(2.0)
    mentions = np.array([[1, 1], [1, 1], [0, 0], [0, 0]], dtype=bool)
    points, weight = np.array([-100.0, 100, -100, 100]), np.full(4, 2.0)
    assert np.isnan(silence_sensitivity(points, mentions, np.zeros((4, 0)), weight, weight / 2)).all()


@pytest.mark.parametrize(("side", "scale"), [(1.0, 1.0), (-1.0, 1.0), (1.0, 1e-3)])
def test_more_than_all_of_the_silent_cannot_hold_a_theme(side, scale):
    """40 % of the 20 on one side hold it, 80 % of the others; a fifth, then half as many as spoke there are silent."""
    points, none = side * np.repeat([-100.0, 100.0], 20), np.zeros((40, 0))
    held = np.array([True] * 16 + [False] * 4 + [True] * 8 + [False] * 12)[:, None]
    few, more = (
        silence_sensitivity(points, held, none, scale * np.repeat([2.0, 1.0 + silent], 20), np.full(40, scale))
        for silent in (0.2, 0.5)
    )
    assert np.isnan(few).all()  # the ratio would be 9: 3 x 40 % of the silent
    assert more == pytest.approx(5.302776)
