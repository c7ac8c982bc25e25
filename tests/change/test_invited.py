"""Response rates of two waves: counted by hand, and a warning only where it is due."""

import pandas as pd
import pytest

from verbatim.change.invited import gap_needed, largest_gap, rate_changes, said_of_rates


def rates(invited, responded, commented, small=0):
    rows = [("all", "all", invited, responded, commented), ("plan", "Basic", small, small // 2, 1),
            ("wave", "2026-01", invited, responded, commented)]  # fmt: skip
    return pd.DataFrame(rows, columns=["by", "value", "invited", "responded", "commented"])


def test_rates_by_hand():
    found = rate_changes(rates(1000, 300, 150, small=40), rates(2000, 400, 240, small=20))
    assert found[["by", "what", "n_before", "n_after"]].to_numpy().tolist() == [
        ["all", "responded", 1000, 2000], ["all", "commented", 300, 400],
    ]  # fmt: skip
    assert found["difference"].tolist() == pytest.approx([-0.1, 0.1])
    half = 1.959964 * (0.3 * 0.7 / 1000 + 0.2 * 0.8 / 2000) ** 0.5
    assert found["high"].iloc[0] == pytest.approx(-0.1 + half, abs=1e-6)
    assert rate_changes(pd.DataFrame(), rates(10, 5, 2)).empty


@pytest.mark.parametrize(
    ("before", "after", "nps"), [(0.3, 0.2, (10, 8)), (0.2, 0.3, (10, 8)), (0.25, 0.2, (-5, 4)), (0.1, 0.4, (3, 30))]
)
def test_with_the_gap_needed_the_waves_read_the_same(before, after, nps):
    gap = gap_needed((before, after), nps)
    low, high, at = min(before, after), max(before, after), nps[0] if after > before else nps[1]
    filled = (low * at + (high - low) * (at + gap)) / high
    assert filled == pytest.approx(nps[1] if after > before else nps[0])


def test_a_warning_only_where_groups_differ_as_much():
    changes = rate_changes(rates(1000, 300, 150), rates(2000, 400, 240))
    said, warned = said_of_rates(changes, (10.0, 8.0), 9.0)
    assert "6.0 points higher" in warned[0] and "up to 9.0 points" in warned[0] and len(said) == 1
    said, warned = said_of_rates(changes, (10.0, 8.0), 5.0)
    assert not warned and any("6.0 points higher" in sentence for sentence in said)
    still = rate_changes(rates(1000, 300, 150), rates(1000, 310, 150))
    assert said_of_rates(still, (10.0, 8.0), 99.0)[1] == ()


def test_the_gap_of_a_survey_is_that_of_its_large_groups():
    groups = pd.DataFrame({"segment": ["a", "a", "a", "b"], "n": [40, 50, 5, 90], "nps": [10.0, -5.0, 90.0, 3.0]})
    assert largest_gap(groups) == 15.0
    assert largest_gap(groups.iloc[3:]) is None
