"""Differences between the customers of a segment: exact arithmetic, marks, sentences."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.segments import contrasts
from verbatim.drivers.segments.contrast_sentences import contrast_sentence
from verbatim.drivers.segments.contrasts import Effects, _reason, contrast_values, gather_others
from verbatim.records import CONTRAST_COLUMNS

pytestmark = pytest.mark.filterwarnings("error")

SIZE = np.array([200.0, 300.0, 500.0])
SHARE = np.array([[0.30, 0.10, 0.08], [0.10, 0.12, 0.01], [0.10, 0.10, 0.02]])
PER_MENTION = np.array([[-50.0, 40.0, -60.0], [-50.0, 10.0, np.nan], [-40.0, -5.0, np.nan]])


def three_values(se: float = 0.5) -> Effects:
    """Three values and themes; the third theme is ranked in the first value alone."""
    effect = SHARE * PER_MENTION
    variance = np.where(np.isfinite(effect), se**2, np.nan)
    drawn = np.random.default_rng(1).standard_normal((2000, 3, 3)) * np.sqrt(np.nan_to_num(variance))
    themes = (("T1", "Delivery delay"), ("T2", "Friendly drivers"), ("T3", "Router setup"))
    values, zero = ("First", "Next", "Last"), np.zeros((3, 3))
    return Effects("stage", 0, values, themes, SIZE, SHARE, zero, effect, variance, drawn, 0 * drawn)


@pytest.fixture
def table() -> pd.DataFrame:
    effects = three_values()
    pooled = np.where(np.arange(3) < 2, effects.effect, np.nan)
    return contrast_values(effects, pooled).set_index(["value", "theme_id"])


def test_others_are_the_response_weighted_mean(table: pd.DataFrame) -> None:
    row = table.loc[("First", "T1")]
    assert row["effect_others"] == pytest.approx((300 * -5.0 + 500 * -4.0) / 800)
    assert row["share_others"] == pytest.approx(0.10)
    assert row["difference"] == pytest.approx(-15.0 - row["effect_others"])
    half = 1.959964 * 0.5 * np.sqrt(1 + (3 / 8) ** 2 + (5 / 8) ** 2)
    assert row["difference_high"] - row["difference"] == pytest.approx(half, abs=1e-5)
    assert row["pooled_effect_others"] == pytest.approx(row["effect_others"])


def test_parts_sum_to_the_difference(table: pd.DataFrame) -> None:
    assert np.allclose(table["reach_part"] + table["severity_part"], table["difference"], rtol=0, atol=1e-12)
    assert table.loc[("First", "T1"), "reason"] == "reach"
    assert table.loc[("First", "T2"), "reason"] == "severity"
    assert table.loc[("First", "T2"), "severity_part"] > 0


def test_a_theme_ranked_in_one_value_alone_differs_by_reach(table: pd.DataFrame) -> None:
    row = table.loc[("First", "T3")]
    share = (300 * 0.01 + 500 * 0.02) / 800
    assert row["share_others"] == pytest.approx(share)
    assert row["effect_others"] == pytest.approx(-60 * share)
    assert row["severity_part"] == pytest.approx(0, abs=1e-12)
    assert row["difference_high"] - row["difference"] == pytest.approx(1.959964 * 0.5 * (1 - share / 0.08), abs=1e-5)
    assert np.isnan(row["pooled_effect"]) and np.isnan(row["pooled_effect_others"])
    assert ("Next", "T3") not in table.index
    assert row["sentence"].startswith("“Router setup” costs First customers 4.8 points, others 1.0, because more")


def test_a_share_among_the_others_makes_a_difference_uncertain() -> None:
    """T3 has -60 a mention; the share in Next, 3/8 of the others, has a standard error of 0.01."""
    whole, share_variance = three_values(), np.zeros((3, 3))
    share_variance[1, 2] = 1e-4
    found = contrast_values(replace(whole, variance=0 * whole.variance, share_variance=share_variance), whole.effect)
    row = found.set_index(["value", "theme_id"]).loc[("First", "T3")]
    assert row["difference_high"] - row["difference"] == pytest.approx(1.959964 * 60 * 3 / 8 * 0.01, abs=1e-6)


def test_standard_errors_count_the_shares() -> None:
    """Every difference against its spread over redrawn shares and coefficients, those being apart."""
    rng, whole = np.random.default_rng(3), three_values()
    share_variance = SHARE * (1 - SHARE) / 400
    per_mention_variance = np.where(np.isfinite(PER_MENTION), 25.0, np.nan)
    variance = np.nan_to_num(PER_MENTION) ** 2 * share_variance + SHARE**2 * per_mention_variance

    def redrawn(share: np.ndarray, per_mention: np.ndarray) -> np.ndarray:
        effects = replace(whole, share=share, effect=share * per_mention)
        return effects.effect - gather_others(effects).effect

    found = replace(whole, share_variance=share_variance, variance=variance)
    said = contrast_values(found, SHARE * np.nan).pivot(index="value", columns="theme_id", values="difference_high")
    se = (said.loc[["First", "Next", "Last"]].to_numpy() - redrawn(SHARE, PER_MENTION)) / 1.959964
    noise = rng.standard_normal((1000, 2, 3, 3))
    spread = np.std(
        [
            redrawn(SHARE + np.sqrt(share_variance) * one, PER_MENTION + np.sqrt(per_mention_variance) * other)
            for one, other in noise
        ],
        axis=0,
    )
    assert np.allclose(se, spread, rtol=0.1, equal_nan=True)


def test_chance_moves_a_difference_as_its_parts_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws so small that a difference is a straight line: computed anew from each draw's effects and shares."""
    whole, rng = three_values(), np.random.default_rng(8)
    ranked = np.isfinite(whole.effect)
    drawn, share_drawn = 1e-7 * rng.standard_normal((2, 200, 3, 3))
    effects = replace(whole, drawn=drawn * ranked, share_drawn=share_drawn)
    seen: list[np.ndarray] = []
    monkeypatch.setattr(contrasts, "above_noise", lambda *given: seen.extend(given) or np.zeros(ranked.sum(), bool))
    contrast_values(effects, effects.effect)

    def difference(effect: np.ndarray, share: np.ndarray) -> np.ndarray:
        moved = replace(whole, effect=effect, share=share)
        return (moved.effect - gather_others(moved).effect)[ranked]

    here = difference(whole.effect, SHARE)
    moved = [
        difference(whole.effect + one, SHARE + other) for one, other in zip(effects.drawn, share_drawn, strict=True)
    ]
    assert seen[0] == pytest.approx(here)
    assert seen[2] == pytest.approx(np.array(moved) - here, abs=1e-9)


@pytest.mark.parametrize(
    ("reach", "severity", "reason"),
    [
        (2.0, 1.0, "reach"), (1.0, 2.0, "severity"), (2.0, 1.01, "both"), (-1.01, -2.0, "both"), (2.0, -2.0, "reach"),
        (0.0, 0.0, "reach"), (0.5, 0.4, "both"), (3.0, -2.0, "reach"), (-2.0, 3.0, "severity"),
    ],
)  # fmt: skip
def test_a_part_of_more_than_a_third_is_worth_a_word(reach: float, severity: float, reason: str) -> None:
    assert _reason(reach, severity) == reason


def test_only_what_beats_the_noise_is_said(table: pd.DataFrame) -> None:
    assert list(table.reset_index()[list(CONTRAST_COLUMNS)].columns) == list(CONTRAST_COLUMNS)
    assert (table["sentence"].notna() == table["above_noise"]).all()
    assert table.loc[("First", "T1"), "above_noise"]
    noisy = contrast_values(three_values(se=30.0), np.full((3, 3), np.nan))
    assert not noisy["above_noise"].any()
    assert noisy["sentence"].isna().all()


def test_two_values_mirror_each_other() -> None:
    whole = three_values()
    two = Effects(
        "stage", 0, ("First", "Next"), whole.themes[:2], SIZE[:2], SHARE[:2, :2], SHARE[:2, :2] * 0,
        whole.effect[:2, :2], whole.variance[:2, :2], whole.drawn[:, :2, :2], whole.share_drawn[:, :2, :2],
    )  # fmt: skip
    table = contrast_values(two, whole.effect[:2, :2]).set_index(["value", "theme_id"])
    assert table.loc["First", "difference"].to_dict() == pytest.approx((-table.loc["Next", "difference"]).to_dict())
    assert table.loc["First", "above_noise"].to_dict() == table.loc["Next", "above_noise"].to_dict()


def test_one_value_has_no_others() -> None:
    one = Effects(
        "stage", 0, ("First",), (("T1", "Delay"),), SIZE[:1], SHARE[:1, :1], SHARE[:1, :1] * 0,
        np.array([[-5.0]]), np.array([[1.0]]), np.zeros((200, 1, 1)), np.zeros((200, 1, 1)),
    )  # fmt: skip
    assert contrast_values(one, np.array([[np.nan]])).empty


def said(name: str, value: str, here: float, others: float, reason: str = "reach", share: float = 0.2) -> str:
    row = {"segment": "tenure", "value": value, "name": name, "reason": reason, "share": share, "share_others": 0.1}
    row |= {"effect": here, "effect_others": others, "severity_part": here - others}
    return contrast_sentence(row | {"pooled_effect": here, "pooled_effect_others": others})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            ("Delivery delay", "First Payment", -9.1, -3.2),
            "“Delivery delay” costs First Payment customers 9.1 points, others 3.2, because more of them mention it.",
        ),
        (
            ("Waiting on hold", "UK", -3.2, -9.1, "severity"),
            "“Waiting on hold” costs UK customers 3.2 points, others 9.1, because those who mention it score higher.",
        ),
        (
            ("Late vans", "2", -9.1, -3.2, "both"),
            "“Late vans” costs 9.1 points among customers with tenure = 2, 3.2 among others, because more of them "
            "mention it and those who do score lower.",
        ),
        (
            ("Friendly help", "New", 5.0, 2.1),
            "“Friendly help” adds 5.0 points among New customers, 2.1 among others, because more of them mention it.",
        ),
        (
            ("Price", "New", -4.1, 0.6, "severity"),
            "“Price” costs New customers 4.1 points but adds 0.6 among others, because those who mention it score "
            "lower.",
        ),
        (
            ("Price", "yes", 1.2, -4.1, "severity"),
            "“Price” adds 1.2 points among customers with tenure = yes but costs 4.1 among others, because those who "
            "mention it score higher.",
        ),
        (
            ("Price", "New", -4.1, -0.04),
            "“Price” costs New customers 4.1 points, others nothing, because more of them mention it.",
        ),
        (
            ("Order", "order", -8.0, -2.0),
            "“Order” costs 8.0 points among customers with tenure = order, 2.0 among others, because more of them "
            "mention it.",
        ),
        (
            ("Price", "New", 0.0, -4.0, "reach", 0.05),
            "“Price” costs 4.0 points among others, nothing among New customers, because fewer of them mention it.",
        ),
        (
            ("Price", "New", 0.0, 4.0, "reach", 0.1),
            "“Price” adds 4.0 points among others, nothing among New customers, because fewer of them mention it.",
        ),
        (
            ("Price", "New", -4.0, 0.0),
            "“Price” costs New customers 4.0 points, others nothing, because more of them mention it.",
        ),
        (
            ("Price", "New", 0.5, -0.5),
            "“Price” adds 0.5 points among New customers but costs 0.5 among others, because more of them mention it.",
        ),
        (
            ("Price", "New", 0.5, 0.0, "severity"),
            "“Price” adds 0.5 points among New customers, nothing among others, because those who mention it score "
            "higher.",
        ),
        (
            ("Price", "no", -0.5, 0.2),
            "“Price” costs 0.5 points among customers with tenure = no but adds 0.2 among others, because more of them "
            "mention it.",
        ),
    ],
)
def test_sentences(given: tuple[str, str, float, float], expected: str) -> None:
    assert said(*given) == expected


@pytest.mark.parametrize("value", ["UK", "R & D", "(New)", "'Gold'", "Mid-West", "/UK", "(Mid)-West", "XX", "a" * 30])
def test_values_that_read_alone(value: str) -> None:
    assert f"costs {value} customers 9.0 points" in said("Price", value, -9.0, -3.0)


@pytest.mark.parametrize("value", ["B", "18-24", "Other", "a" * 31, "!!", "--", "& &", "&&", "More", "some"])
def test_values_that_need_their_column(value: str) -> None:
    assert f"among customers with tenure = {value}, " in said("Price", value, -9.0, -3.0)


def test_no_difference_is_that_of_the_raw_effects() -> None:
    row = {"segment": "s", "value": "New", "name": "Price", "reason": "severity", "share": 0.1, "share_others": 0.1}
    row |= {"severity_part": 0.0, "pooled_effect": -2.0, "pooled_effect_others": -2.4, "effect": 0.06}
    assert "costs New customers 2.0 points, others 2.4" in contrast_sentence(row | {"effect_others": -0.34})
    assert "adds 0.1 points among New customers, nothing among others" in contrast_sentence(
        row | {"effect_others": 0.04, "pooled_effect": -2.44}
    )
    little = row | {"effect": 0.04, "effect_others": -4.0, "pooled_effect_others": -1.0}
    assert "costs 4.0 points among others, nothing among New customers" in contrast_sentence(little)
    assert "those who mention it score higher" in contrast_sentence(row | {"effect_others": 0.04})


def test_raw_effects_stand_in_where_pooling_hides_the_difference() -> None:
    row = {"segment": "s", "value": "New", "name": "Price", "reason": "reach", "share": 0.2, "share_others": 0.1}
    row |= {"effect": -6.4, "effect_others": -2.6, "severity_part": 0.0}
    for pooled in ((np.nan, np.nan), (-3.02, -3.01), (-2.0, -3.0)):
        row |= dict(zip(("pooled_effect", "pooled_effect_others"), pooled, strict=True))
        assert "6.4 points, others 2.6" in contrast_sentence(row)
    assert "6.4 points, others 6.4" in contrast_sentence(row | {"effect_others": -6.4})
