"""The parts that rankings by value are put together from, by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers import uncertainty
from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.segments.by_value import (
    NPS_COLUMNS,
    _draw_shares,
    _empty,
    _joined,
    _notes,
    _nps_by_value,
    _pooled,
    _ranked,
    _values,
    rank_segments,
)
from verbatim.drivers.segments.contrasts import Effects
from verbatim.drivers.segments.pooling import half_width, pool
from verbatim.drivers.tables import BLANK, Coded, read_tables
from verbatim.drivers.uncertainty import draw
from verbatim.records import CONTRAST_COLUMNS, POOLED_COLUMNS, SEGMENT_COLUMNS

pytestmark = pytest.mark.filterwarnings("error")


def coded(segments: pd.DataFrame | None, *, share: float = 0.3, **given: object) -> Coded:
    rng, n = np.random.default_rng(4), 200
    mentions = pd.DataFrame(rng.random((n, 2)) < share, columns=["A", "B"]).astype(int)
    tables = {"weight": None, "commented": None, "respondent": None, "themes": None, "sentiment": None} | given
    return read_tables(mentions, list(rng.choice([0, 8, 10], n)), segments, **tables)  # type: ignore[arg-type]


def test_shares_are_drawn_with_the_effects_they_belong_to() -> None:
    """Effect -6 of a share of 0.2: -30 a mention. Then nothing is ranked, nobody mentions it, or nothing varies."""
    share, share_variance = np.array([[0.2, 0.2, 0.0, 0.2]]), np.array([[0.0016, 0.0016, 0.0, 0.0016]])
    effect, variance = np.array([[-6.0, np.nan, 0.0, -6.0]]), np.array([[4.0, np.nan, 1.0, 0.0]])
    drawn = np.full((3, 1, 4), 2.0)
    found = _draw_shares(share, share_variance, effect, variance, drawn, np.random.default_rng(5))
    slope = -30 * 0.0016 / 4
    own = np.sqrt([0.0016 - slope * -30 * 0.0016, 0.0016, 0.0, 0.0016])
    noise = np.random.default_rng(5).standard_normal((3, 1, 4))
    assert found == pytest.approx(np.array([slope * 2, 0, 0, 0]) + own * noise)


def test_a_share_that_the_effect_settles_has_no_noise_of_its_own() -> None:
    found = _draw_shares(
        *(np.array([[x]]) for x in (0.5, 0.04, -20.0, 1.0)), np.ones((2, 1, 1)), np.random.default_rng(1)
    )
    assert found.ravel() == pytest.approx([-1.6, -1.6])  # -40 x 0.04; the own part would be negative


def test_pooled_intervals_hold_the_noise_of_the_share() -> None:
    share, effect = np.array([[0.2, 0.1], [0.4, 0.1]]), np.array([[-8.0, -5.0], [-8.0, np.nan]])
    variance, share_variance = np.where(np.isfinite(effect), 1.0, np.nan), np.full((2, 2), 1e-4)
    share_variance[1, 0] = 1.0  # all of the variance and more: a tenth of it is left to the coefficient
    nothing = np.zeros((3, 2, 2))
    effects = Effects(
        "s", 0, ("x", "y"), (("A", "A"), ("B", "B")), np.ones(2), share, share_variance, effect, variance, nothing,
        nothing,
    )  # fmt: skip
    found = _pooled(effects)
    pooled = pool(np.array([[-40.0], [-20.0]]), np.array([[np.sqrt(1 - 0.16) / 0.2], [np.sqrt(0.1) / 0.4]]))
    own = share[:, :1]
    noise = np.sqrt((own * pooled.noise) ** 2 + pooled.estimate**2 * share_variance[:, :1])
    half = half_width(noise, own * pooled.bias, pooled.kurtosis)
    middle = own * pooled.estimate
    for values, expected in zip(found, (pooled.estimate, middle, middle - half, middle + half), strict=True):
        assert values[:, :1] == pytest.approx(expected)
        assert np.isnan(values[:, 1]).all()


def test_values_in_order_without_blanks() -> None:
    survey = SimpleNamespace(segments=pd.DataFrame({"plan": ["b", BLANK, "a", "b"]}))
    found = _values(survey, "plan")  # type: ignore[arg-type]
    assert {value: inside.tolist() for value, inside in found.items()} == {
        "a": [False, False, True, False], "b": [True, False, False, True]
    }  # fmt: skip
    assert list(found) == ["a", "b"]


def test_nps_of_every_value_and_of_none() -> None:
    types = dict.fromkeys(NPS_COLUMNS, "float64") | {"segment": "str", "value": "str", "n": "int64"}
    for segments, rows in ((pd.DataFrame({"plan": ["x", "y"] * 100}), 2), (None, 0)):
        table = _nps_by_value(coded(segments))
        assert len(table) == rows
        assert {name: str(kind) for name, kind in table.dtypes.items()} == types


def test_a_survey_without_segments_has_empty_tables() -> None:
    found = rank_segments(coded(None), (0,), DriverOptions(draws=200))
    assert (tuple(found.table), tuple(found.contrasts)) == (SEGMENT_COLUMNS, CONTRAST_COLUMNS)
    assert found.table.empty and found.contrasts.empty and found.notes == ()
    empty = _empty().dtypes.astype(str)
    assert empty[["segment", "value"]].tolist() == ["str", "str"]
    assert empty[list(POOLED_COLUMNS)].tolist() == ["float64"] * 4


def test_a_value_at_the_limit_is_ranked_and_one_below_is_told() -> None:
    plan = pd.DataFrame({"plan": ["x"] * 100 + ["y"] * 99 + ["z"]})
    found = rank_segments(coded(plan), (0,), DriverOptions(draws=200, min_segment=100))
    assert set(found.table["value"]) == {"x"}
    assert found.notes[0].startswith("2 segment values have under 100 scored responses")
    assert found.notes[0].endswith("no ranking of their own: plan = y (99), plan = z (1).")


def test_values_in_which_nobody_mentions_anything() -> None:
    plan = pd.DataFrame({"plan": ["x", "y"] * 100})
    silent = coded(plan, share=0.0, commented=[True] * 200)
    found = rank_segments(silent, (0,), DriverOptions(draws=200, min_segment=50))
    assert found.table["rank"].isna().all() and found.contrasts.empty
    assert not found.table["above_noise"].any()
    assert tuple(found.table) == SEGMENT_COLUMNS


def test_draws_are_those_of_the_seed_and_of_the_level(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[np.ndarray] = []

    def kept(*given: object) -> np.ndarray:
        drawn.append(draw(*given))  # type: ignore[arg-type]
        return drawn[-1]

    monkeypatch.setattr(uncertainty, "draw", kept)
    survey = coded(pd.DataFrame({"plan": ["x"] * 200}))
    found = {"x": _ranked(weigh_commenters(survey, DriverOptions()), (0, 0), DriverOptions(draws=200))}
    drawn.clear()
    for place, seed in ((0, 1), (0, 1), (1, 1), (0, 2)):
        _joined("plan", found, place, DriverOptions(draws=200, seed=seed))
    first, again, level, seed = drawn
    assert (first == again).all() and not (first == level).any() and not (first == seed).any()


def test_at_most_ten_small_values_are_named() -> None:
    names = [f"plan = {at} (1)" for at in range(11)]
    ten, eleven = (_notes(names[:n], DriverOptions())[0] for n in (10, 11))
    assert ten.startswith("10 segment values") and ten.endswith("plan = 9 (1).")
    assert eleven.startswith("11 segment values") and eleven.endswith("plan = 9 (1), ....")
    assert _notes([], DriverOptions()) == ()


def test_the_weight_and_precision_of_a_value_come_from_its_weights() -> None:
    survey = coded(None, weight=[3.0] * 50 + [1.0] * 150)
    one = _ranked(weigh_commenters(survey, DriverOptions(draws=200)), (0,), DriverOptions(draws=200))
    assert one.size == 300
    assert one.kish == pytest.approx(300**2 / (50 * 9 + 150))
    heavy = survey.weight @ survey.mentions / 300
    assert one.share == pytest.approx(dict(zip(["A", "B"], heavy, strict=True)))
