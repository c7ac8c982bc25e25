import numpy as np
import pandas as pd
import pytest

from verbatim.text.calibration import calibrate
from verbatim.text.voices import Layout


def layout_of(category):
    n = len(category)
    each, one_fold = np.arange(n), np.zeros(n, dtype=int)
    return Layout(pd.Index([f"r{i:03d}" for i in each]), each, np.ones(n), each, one_fold, np.asarray(category))


def test_shares_by_hand():
    table, auc = calibrate(layout_of([0, 0, 2, 1, 2, -1]), np.array([0.9, 0.85, 0.81, 0.5, -0.9, -0.9]))
    assert table["low"].tolist() == [-1.0, 0.4, 0.8] and table["n"].tolist() == [1, 1, 3]
    assert table["promoter_share"].tolist()[0] == 0 and table["promoter_share"].tolist()[2] == pytest.approx(0.6667)
    assert np.isnan(table["promoter_share"][1])
    assert auc == 1.0


def test_every_scored_comment_is_counted_once():
    rng = np.random.default_rng(0)
    category = rng.integers(-1, 3, 500)
    table, auc = calibrate(layout_of(category), np.round(rng.uniform(-1, 1, 500), 1))
    assert table["n"].sum() == (category >= 0).sum() == table[["promoters", "passives", "detractors"]].to_numpy().sum()
    assert abs(auc - 0.5) < 0.1


def test_the_ends_belong_to_the_outer_rows():
    table, _ = calibrate(layout_of([0, 2]), np.array([1.0, -1.0]))
    assert table[["low", "high"]].to_numpy().tolist() == [[-1.0, -0.8], [0.8, 1.0]]


def test_without_detractors_there_is_no_auc():
    assert calibrate(layout_of([0, 1]), np.array([0.5, 0.1]))[1] is None
