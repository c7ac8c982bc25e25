"""What two waves have in common, at the exact limits, and what is said of the rest."""

import numpy as np
import pandas as pd

from verbatim.change.codebook import codebook_lines
from verbatim.change.estimate import estimate
from verbatim.change.ledger import account_for_change
from verbatim.change.options import ChangeOptions
from verbatim.change.wave import frame_of, read_wave
from verbatim.nps import points

OPTIONS = ChangeOptions(min_mentions=10, min_cell=5)


def wave(counts, n=100, segments=None, score=None, label="1", **changed):
    """The first so many of n responses speak of each theme; a theme needs ten of a hundred."""
    rows = np.arange(n)
    said = pd.DataFrame({name: (rows < count).astype(int) for name, count in counts.items()}, index=rows)
    return read_wave(said, rows * 7 % 11 if score is None else score, segments, label=label, **changed)


def in_row_order(one, values):
    return np.asarray(values)[np.argsort(one.coded.row)]


def test_a_theme_needs_its_mentions_in_each_wave_for_a_severity_there():
    frame = frame_of(wave({"A": 10, "B": 9, "C": 0}), wave({"A": 9, "B": 9, "D": 10}), OPTIONS)
    assert frame.themes["name"].to_dict() == {"A": "A", "D": "D", "other": "Other themes"}  # nobody speaks of C
    assert [some.sum(axis=0).tolist() for some in frame.mentions] == [[10, 0, 9], [9, 10, 9]]
    assert [free.tolist() for free in frame.free_themes] == [[True, False, False], [False, True, False]]
    assert frame.notes == () and frame.themes.index.name == "theme_id"


def test_pooled_themes_need_as_many_together():
    apart = pd.DataFrame({"A": np.arange(100) < 5, "B": (np.arange(100) >= 5) & (np.arange(100) < 10)}).astype(int)
    first = read_wave(apart, np.arange(100) % 11, label="1")
    frame = frame_of(first, wave({"A": 5, "B": 4}), OPTIONS)
    assert frame.themes.index.tolist() == ["other"]
    assert [some.sum() for some in frame.mentions] == [10, 5]
    assert [free.tolist() for free in frame.free_themes] == [[True], [False]]


def test_what_the_score_decides_in_either_wave_is_set_aside_by_name():
    names = pd.DataFrame({"name": ["Would not buy", "Angry", "Late"]}, index=["N", "A", "L"])
    first = wave({"N": 40, "A": 3, "L": 60}, score=np.where(np.arange(100) < 40, 0, 10), themes=names)
    second = wave({"N": 70, "A": 30, "L": 60}, score=np.where(np.arange(100) < 30, 0, 10), themes=names)
    frame = frame_of(first, second, OPTIONS)
    assert frame.themes.index.tolist() == ["L"]
    assert frame.notes == ("Decided by the score and therefore no driver: Angry, Would not buy.",)


def test_the_silent_are_members_of_groups_but_mention_nothing():
    commented = np.arange(100) < 50
    plan = pd.DataFrame({"plan": np.where(np.arange(100) % 10 == 0, "A", "B")})
    one = wave({"T": 20}, segments=plan, commented=commented)
    frame = frame_of(one, wave({"T": 20}, segments=plan), OPTIONS)
    assert frame.groups.to_numpy().tolist() == [["plan", "A"], ["plan", "B"]]
    assert frame.mentions[0].shape == (50, 1) and frame.mentions[0].dtype == frame.members[0].dtype == bool
    assert frame.members[0].sum(axis=0).tolist() == [10, 90]
    assert [free.tolist() for free in frame.free_groups] == [[True, True], [True, True]]  # five of A have commented
    more = ChangeOptions(min_cell=6)
    assert [free.tolist() for free in frame_of(one, one, more).free_groups] == [[False, True]] * 2


def test_segments_that_cannot_be_compared_are_named():
    rows = np.arange(100)
    first = pd.DataFrame({"plan": rows % 2, "same": 1, "mine": rows % 2, "also": rows % 2}).astype("str")
    second = pd.DataFrame({"plan": rows % 3, "same": 1, "yours": rows % 2}).astype("str")
    frame = frame_of(wave({}, segments=first), wave({}, segments=second), OPTIONS)
    assert frame.groups.to_numpy().tolist() == [["plan", "0"], ["plan", "1"], ["plan", "2"]]
    assert frame.notes == tuple(
        f'Segment "{name}" is not compared: only one of the waves has it.' for name in ("also", "mine", "yours")
    )
    assert [free.tolist() for free in frame.free_groups] == [[True, True, False], [True] * 3]


def test_the_widest_segments_are_dropped_until_the_commenters_can_carry_the_rest():
    rows = np.arange(100)
    table = pd.DataFrame({"a": rows % 5, "z": rows % 2, "b": rows % 5, "fine": rows % 6}).astype("str")  # 4 + 1 + 4 + 5
    few, enough = wave({}, segments=table), wave({}, n=140, segments=table.iloc[rows.tolist() + list(range(40))]
                                                 .reset_index(drop=True))  # fmt: skip
    fine = 'Segment "fine" is not compared: it has more values than the commenters can carry.'
    assert frame_of(enough, enough, OPTIONS).notes == ()  # 14 columns of 140
    frame = frame_of(enough, few, OPTIONS)  # ten of the smaller wave
    assert frame.notes == (fine,) and frame.groups["segment"].unique().tolist() == ["a", "b", "z"]
    fewer = wave({}, n=89, segments=table.iloc[:89])
    frame = frame_of(fewer, enough, OPTIONS)
    assert frame.notes == (fine, fine.replace("fine", "b")) and frame.groups["segment"].unique().tolist() == ["a", "z"]


def test_notes_of_the_waves_are_given_once():
    plan = pd.DataFrame({"plan": np.repeat(["in", "out"], 50)})
    one = wave({"T": 20}, segments=plan, score=np.repeat([10, 0], 50))
    assert frame_of(one, one, OPTIONS).notes == one.coded.notes != ()


def test_people_are_known_by_name_or_by_wave_and_row():
    people = pd.Series(["p", None, "q"])
    one = read_wave(pd.DataFrame({"T": [1, 0, 1]}), [10, 0, 5], label="May", respondent=people)
    assert in_row_order(one, one.person).tolist() == ["p", "\x00May\x001", "q"]
    assert one.person.dtype == object  # one long name does not make all of them long
    none = read_wave(pd.DataFrame({"T": [1, 0]}, index=["x", "y"]), [10, 0], label="May")
    assert in_row_order(none, none.person).tolist() == ["\x00May\x00x", "\x00May\x00y"]


def test_a_segment_with_one_free_value_does_not_keep_the_next_from_its_levels():
    # "area" has one value in the first wave. All of plan A score 10; of B ten do and forty score 0: NPS 100 and -60.
    rows = np.arange(100)
    first = pd.DataFrame({"area": "N", "plan": np.where(rows % 2, "A", "B")})
    some = wave({}, segments=first, score=np.where((rows % 2 == 1) | (rows < 20), 10, 0), label="1")
    other = wave({}, segments=first.assign(area=np.where(rows < 50, "N", "S")), label="2")
    frame = frame_of(some, other, OPTIONS)
    assert frame.groups["value"].tolist() == ["N", "S", "A", "B"]
    found = estimate(some, frame, 0, OPTIONS)
    levels = found.value[found.layout.part("levels")]
    np.testing.assert_allclose(levels, [0, 0, 80, -80], atol=1e-9)  # from 20, the middle of both


def test_the_change_is_that_of_all_who_answered():
    """Three of the twenty detractors of the first wave speak: too few for a cell of their own."""
    score = np.repeat([10, 8, 0], [60, 20, 20])
    first = wave({"T": 30}, score=score, commented=np.arange(100) < 83, label="1")
    second = wave({"T": 40}, score=np.repeat([0, 8, 10], [60, 20, 20]), label="2")
    nps = [np.average(points(one.coded.score)) for one in (first, second)]
    assert nps == [40, -40]
    for pair, change in (((first, second), -80), ((second, first), 80)):
        ledger = account_for_change(*pair, OPTIONS)
        assert round(ledger.change[0], 9) == change and round(ledger.lines["points"].sum(), 9) == change


def test_themes_of_two_codebooks_are_told_apart_by_their_prefix():
    first, second = wave({"A": 30, "B": 20}), wave({"A": 25, "B": 40})
    lines = codebook_lines(first, second, {"A"}, ("old", "new"), OPTIONS)
    assert lines["theme_id"].fillna("-").tolist() == ["A", "new:B", "old:B", "-"]
    assert lines["name"].tolist() == ["A", "B", "B", "not in any theme"]
    assert round(lines["points"].sum(), 9) == 0
