"""Planned surveys: the shares and effects that are dealt out, and the responses drawn."""

import numpy as np
import pytest

from verbatim.drivers.options import DriverOptions
from verbatim.drivers.planning.planned import PowerOptions, draw_planned, planned_themes, rank_planned

NOBODY = np.zeros(0)


def test_others_are_mentioned_by_3_to_20_percent_in_equal_ratios() -> None:
    options = PowerOptions(themes=4, share=0.3, spread=10.0)
    share, effect = planned_themes(-5.0, options)
    assert share == pytest.approx([0.3, 0.03, np.sqrt(0.03 * 0.2), 0.2])
    assert effect[0] == -5.0
    # Quantiles at 1/6, 3/6 and 5/6 of a normal, times 10 points, in some order.
    assert sorted(effect[1:] / share[1:]) == pytest.approx([-9.674216, 0.0, 9.674216], abs=1e-5)
    alone = planned_themes(-5.0, PowerOptions(themes=1, share=0.3))
    assert [part.tolist() for part in alone] == [[0.3], [-5.0]]


@pytest.mark.parametrize(("nps", "promoters"), [(90.0, 0.75), (20.0, 0.475), (-90.0, 0.0)])
def test_passives_stay_as_they_are_however_good_the_score(nps: float, promoters: float) -> None:
    options = PowerOptions(nps=nps, passive=0.25, comment_rate=0.4)
    _, score, commented = draw_planned(NOBODY, NOBODY, 20_000, options, np.random.default_rng(1))
    assert set(score) <= {3.0, 8.0, 10.0}
    assert np.mean(score == 8) == pytest.approx(0.25, abs=0.01)
    assert np.mean(score == 10) == pytest.approx(promoters, abs=0.01)
    assert commented.mean() == pytest.approx(0.4, abs=0.01)


def test_mentions_come_as_often_as_planned_and_a_little_together() -> None:
    share = np.array([0.5, 0.5, 0.1])
    mentions, score, _ = draw_planned(share, -10 * share, 40_000, PowerOptions(), np.random.default_rng(2))
    assert mentions.mean(axis=0) == pytest.approx(share, abs=0.01)
    # Halves of two normals with correlation r agree with correlation 2 / pi x arcsin(r).
    assert np.corrcoef(mentions[:, :2].T)[0, 1] == pytest.approx(2 / np.pi * np.arcsin(0.15), abs=0.015)
    points = 100.0 * ((score == 10).astype(float) - (score == 3))
    design = np.column_stack([np.ones(40_000), mentions])
    assert np.linalg.lstsq(design, points)[0][1:] == pytest.approx([-10] * 3, abs=4)
    assert points.mean() == pytest.approx(20, abs=1.5)


def test_drawn_responses_are_ranked_as_asked() -> None:
    share = np.array([0.3, 0.2])
    drawn = draw_planned(share, -10 * share, 400, PowerOptions(), np.random.default_rng(3))
    quick = DriverOptions(draws=200, min_segment=10**6)
    table = rank_planned(*drawn, quick).table
    assert table["rank"].notna().all() and sorted(table["theme_id"]) == ["T000", "T001"]
    assert table["relative_weight"].notna().all()
    unchecked = rank_planned(*drawn, quick.model_copy(update={"checks": False})).table
    assert unchecked["relative_weight"].isna().all()
