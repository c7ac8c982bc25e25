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


def test_everybody_comes_first_and_groups_in_the_order_they_had():
    groups = [("age", f"{at:02d}", 100, 50, 20) for at in range(40, 0, -1)]
    table = pd.DataFrame(
        [*groups, ("all", "all", 4000, 2000, 800)], columns=["by", "value", "invited", "responded", "commented"]
    )
    found = rate_changes(table, table)
    order = ["all", *(value for _, value, *_ in groups)]
    assert found["value"].tolist() == order * 2
    assert found["what"].tolist() == ["responded"] * 41 + ["commented"] * 41 and found.index.tolist() == list(range(82))


def test_a_rate_needs_thirty_in_both_waves():
    for sizes, n in (((30, 30), 1), ((29, 30), 0), ((30, 29), 0)):
        first, second = (rates(size, 10, 5).iloc[:1] for size in sizes)
        assert len(rate_changes(first, second)) == n


def test_a_small_group_does_not_keep_the_next_from_its_rate():
    groups = pd.DataFrame(
        [("plan", "A", 29, 9, 3), ("plan", "B", 30, 30, 3)],
        columns=["by", "value", "invited", "responded", "commented"],
    )
    assert rate_changes(groups, groups)[["value", "what"]].to_numpy().tolist() == [
        ["B", "responded"],
        ["B", "commented"],
    ]


def changed(low, high, before=0.3, after=0.2):
    """Return the response rate's row of `rate_changes`."""
    return pd.DataFrame(
        [("all", "all", "responded", 1000, 2000, before, after, after - before, low, high)],
        columns=list(rate_changes(rates(1, 1, 1).iloc[:0], rates(1, 1, 1))),
    )


@pytest.mark.parametrize(
    ("low", "high", "sure"),
    [(-0.15, -0.05, True), (-0.15, 0.0, False), (0.0, 0.1, False), (0.01, 0.1, True), (-0.1, 0.1, False)],
)
def test_a_change_is_sure_where_its_interval_leaves_0_out(low, high, sure):
    said, warned = said_of_rates(changed(low, high), (10.0, 8.0), 6.0)
    assert (len(warned), len(said)) == ((1, 0) if sure else (0, 1))
    assert ("no more than chance would make" in "".join(said)) is not sure


def test_what_those_who_answer_no_longer_would_have_to_be():
    said, warned = said_of_rates(changed(-0.15, -0.05), (10.0, 9.8), None)
    assert warned == () and said == (
        "30.0 % of the invited responded (of 1,000), then 20.0 % (of 2,000): -10.0 percentage points [-15.0, -5.0].",
        "Were the NPS of those who answer no longer 0.6 points higher than that of the others, that alone would make "
        "the -0.2 points.",
    )
    said, _ = said_of_rates(changed(0.05, 0.15, before=0.2, after=0.3), (10.0, 9.8), 0.5)
    assert said[1] == (
        "Were the NPS of those who answer only now 0.6 points lower than that of the others, that alone would make "
        "the -0.2 points."
    )
    _, warned = said_of_rates(changed(0.05, 0.15, before=0.2, after=0.3), (10.0, 10.2), 0.6)
    assert warned[0].startswith("20.0 % of the invited responded") and warned[0].endswith(
        "only now 0.6 points higher than that of the others, that alone would make the +0.2 points. Groups of this "
        "survey differ by up to 0.6 points."
    )
    assert len(said_of_rates(changed(-0.15, -0.05), (8.0, 8.0), 90.0)[0]) == 1  # the NPS did not move


def test_a_group_of_thirty_is_large():
    groups = pd.DataFrame({"segment": ["a", "a"], "n": [30, 30], "nps": [10.0, -5.0]})
    assert largest_gap(groups) == 15.0 and largest_gap(groups.assign(n=[29, 30])) is None
