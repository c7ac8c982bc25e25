"""The lines of a bridge: by hand, and where there is nothing to explain."""

from dataclasses import replace

import numpy as np
import pytest

from verbatim.drivers.bridges import bridge, bridge_lines, no_bridges
from verbatim.drivers.effects import fit_effects, leave_out
from verbatim.records import BRIDGE_COLUMNS

pytestmark = pytest.mark.filterwarnings("error")
POINTS = np.array([100.0, 100, 100, 0, -100, -100, 100, -100])
LATE = np.array([0, 0, 0, 0, 1, 1, 1, 1], dtype=bool)
PRICE = np.array([0, 0, 0, 1, 1, 1, 0, 0], dtype=bool)
PLAN = np.where(np.arange(8) % 2, -1.0, 1.0)[:, None]


def fitted(*themes, covariates=None):
    return fit_effects(POINTS, np.column_stack(themes), np.zeros((8, 0)) if covariates is None else covariates,
                       np.ones(8))  # fmt: skip


def test_by_hand():
    fit = fitted(LATE, PRICE)
    # Half of those who speak of lateness speak of the price, one in four of the others: 0.5 x (1/2 - 1/4) x its points.
    assert bridge(fit) == pytest.approx(
        np.array([[0, 0.125 * fit.per_mention[1]], [3 / 8 * (2 / 3 - 2 / 5) * fit.per_mention[0], 0]]), abs=1e-12
    )


def test_a_theme_of_nobody_or_everybody_has_nothing_to_explain():
    fit = fitted(LATE, np.ones(8, dtype=bool), np.zeros(8, dtype=bool), covariates=PLAN)
    lines = bridge(fit)
    assert not lines[1:].any() and lines[0, 0] == pytest.approx(0, abs=1e-12)


def test_lines_are_a_tables_rows():
    fit = fitted(LATE, PRICE, covariates=np.column_stack([PLAN, np.arange(8) < 3]))
    ids, owner = np.array(["T1", "T2"], dtype=object), ("plan", "plan")
    table = bridge_lines(fit, ids, np.array([1, 0]), owner)
    assert tuple(table) == BRIDGE_COLUMNS and table.index.tolist() == list(range(6))
    assert table.dtypes.astype("str").tolist() == ["str", "str", "str", "float64"]
    assert table["theme_id"].tolist() == ["T2"] * 3 + ["T1"] * 3
    assert sorted(table["kind"][:3]) == ["own", "segment", "theme"] and set(table["source"][:3]) == {"T1", "T2", "plan"}
    assert table["points"][:3].sum() == pytest.approx(leave_out(POINTS, fit.mentions, np.ones(8))[1], abs=1e-9)
    segment = table[(table["theme_id"] == "T1") & (table["kind"] == "segment")]["points"].item()
    assert segment == pytest.approx(bridge(fit)[0, :2].sum(), abs=1e-12)


def test_lines_that_differ_by_rounding_only_are_in_name_order():
    fit = fitted(LATE, PRICE, PRICE)
    ids, at = np.array(["T1", "T3", "T2"], dtype=object), np.array([0])
    for more, names in ((0, ["T2", "T3"]), (1.6e-9, ["T2", "T3"]), (1.6e-7, ["T3", "T2"])):
        more *= np.sign(fit.per_mention[1])
        apart = fit.coefficients + np.array([[0, 0], [0, 0], [more, 0], [0, 0]])  # an eighth of it on the line
        lines = bridge_lines(replace(fit, coefficients=apart), ids, at, ())
        assert lines["source"].tolist() == ["T1", *names]


def test_a_theme_without_an_effect_explains_nothing():
    fit = fitted(LATE, np.ones(8, dtype=bool))
    assert bridge_lines(fit, np.array(["T1", "T2"]), np.array([0]), ())["source"].tolist() == ["T1"]


def test_nothing_ranked_has_no_lines():
    none = bridge_lines(fitted(LATE), np.array(["T1"]), np.zeros(0, dtype=int), ())
    assert len(none) == len(no_bridges()) == 0 and tuple(none) == tuple(no_bridges()) == BRIDGE_COLUMNS
    assert no_bridges()["points"].dtype == none["points"].dtype == "float64" and none["kind"].dtype == "str"
