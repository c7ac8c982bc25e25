"""The checks of a level beside its themes: columns and their types, the pooled themes, ties."""

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.checks.columns import TYPES, Checks, check_level, no_checks
from verbatim.drivers.checks.ordinal import ranked
from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.regressors import gather
from verbatim.drivers.tables import read_tables
from verbatim.records import CHECK_COLUMNS


def level(scores: list[int]) -> Checks:
    """Forty customers: the first half speaks of waiting, three at either end of something else."""
    at = np.arange(len(scores))
    mentions = pd.DataFrame({"wait": at < 20, "left": at < 3, "right": at > 36}).astype(int)
    coded = read_tables(mentions, scores, None, None, None, None, None, None)
    options = DriverOptions(min_mentions=5)
    people = weigh_commenters(coded, options)
    return check_level(people, gather(people, 0, options, None))


@pytest.fixture
def checked() -> Checks:
    return level([0] * 18 + [10] * 20 + [0, 7])


def test_the_pooled_themes_are_beside_the_others_without_a_rank(checked: Checks) -> None:
    assert checked.table.index.tolist() == ["wait", "other"]
    assert checked.table["rank_ordinal"].tolist() == [1, pd.NA]
    assert checked.table["effect_ordinal"].notna().tolist() == [True, False]
    assert checked.table["relative_weight"].notna().all()
    assert checked.table["relative_weight"].sum() == pytest.approx(checked.r_squared)
    assert checked.table["benchmark"].tolist() == ["Other themes", "wait"]
    assert checked.notes == ()


def test_what_the_logit_has_to_say_is_passed_on() -> None:
    assert level([10] * 40).notes == (
        "All commenters are in one score category, so the ordinal logit has nothing to explain.",
    )


def test_a_level_without_checks_has_their_columns_and_types(checked: Checks) -> None:
    nothing = no_checks()
    assert len(nothing.table) == 0 and np.isnan(nothing.r_squared) and nothing.notes == ()
    for table in (nothing.table, checked.table):
        assert tuple(table) == CHECK_COLUMNS
        assert {name: str(kind) for name, kind in table.dtypes.items()} == TYPES
        assert (table.index.name, table.index.dtype) == ("theme_id", "str")


def test_effects_alike_but_for_rounding_are_ranked_in_order() -> None:
    assert ranked(np.array([3.0, 1.0 + 4e-10, 1.0, np.nan, 1.0 + 1e-8])).tolist()[:3] == [4, 1, 2]
    assert ranked(np.array([0.4, 0.2])).tolist() == [2, 1]
    assert ranked(np.zeros(0)).tolist() == []
