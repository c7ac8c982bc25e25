import numpy as np
import pandas as pd
import pytest

from verbatim.text.estimate import ESTIMATED_COLUMNS, QUALITY_COLUMNS, estimate_categories
from verbatim.text.voices import Layout


def layout_of(category, fold):
    n = len(category)
    return Layout(
        pd.Index([f"r{i:04d}" for i in range(n)]), np.arange(n), np.ones(n), np.arange(n), fold, np.asarray(category)
    )


def planted(n, told, seed=0):
    """Comments whose voices follow the category, with noise; a share ``told`` has a score."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    voices = (1 - truth)[:, None] + rng.normal(0, 0.7, (n, 3))
    known = np.where(rng.random(n) < told, truth, -1)
    return truth, layout_of(known, rng.integers(0, 5, n)), voices


def test_the_unscored_and_no_one_else_are_estimated():
    truth, layout, voices = planted(900, 0.8)
    table, quality = estimate_categories(layout, voices)
    assert list(table) == list(ESTIMATED_COLUMNS) and list(quality) == list(QUALITY_COLUMNS)
    assert table["response_id"].tolist() == layout.responses[layout.category < 0].tolist()
    assert np.allclose(table.filter(like="p_").sum(axis=1), 1, atol=2e-4)
    named = table["estimated_category"].map({"promoter": 0, "passive": 1, "detractor": 2}).to_numpy()
    assert (named == truth[layout.category < 0]).mean() > 0.7


def test_quality_is_what_the_unscored_get():
    """Accuracy and log-loss out of fold on the scored are those on the unscored, whose truth is known here."""
    truth, layout, voices = planted(6000, 0.5, seed=1)
    table, quality = estimate_categories(layout, voices)
    hidden = truth[layout.category < 0]
    chances = table[["p_promoter", "p_passive", "p_detractor"]].to_numpy()
    ours = quality.set_index("predictor").loc["sentiment"]
    assert ours["accuracy"] == pytest.approx((chances.argmax(axis=1) == hidden).mean(), abs=0.03)
    assert ours["log_loss"] == pytest.approx(-np.log(chances[np.arange(len(hidden)), hidden]).mean(), abs=0.05)


def test_voices_that_know_nothing_do_not_beat_the_shares():
    _, layout, voices = planted(900, 1.0)
    _, quality = estimate_categories(layout, np.random.default_rng(3).normal(size=voices.shape))
    ours, shares = quality["log_loss"]
    assert ours > shares - 0.005


def test_too_few_of_a_category_give_none():
    _, layout, voices = planted(900, 0.8)
    layout.category[layout.category == 1] = -1
    table, quality = estimate_categories(layout, voices)
    assert table.empty and quality.empty and list(table) == list(ESTIMATED_COLUMNS)
