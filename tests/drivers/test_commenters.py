"""The commenters among the responses: weighted for silence, and what is said of that."""

import numpy as np
import pandas as pd

from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.tables import read_tables

OPTIONS = DriverOptions()


def weighed(score, commented, segments=None, options=OPTIONS, weight=None):
    mentions = pd.DataFrame({"T": np.zeros(len(score), dtype=int)})
    return weigh_commenters(read_tables(mentions, score, segments, weight, commented, None, None, None), options)


def test_the_nps_of_the_commenters_is_that_of_all():
    # 30 promoters of whom 10 commented, 10 detractors who all did: NPS 50.
    people = weighed([10] * 30 + [0] * 10, [True] * 10 + [False] * 20 + [True] * 10)
    assert people.nps == 50 and np.sort(people.weight).tolist() == [1.0] * 10 + [3.0] * 10
    assert people.notes == (
        "20 of 40 scored responses have a comment. They are weighted to stand for all of them, assuming that within a "
        "cell of score category x segments the silent would have spoken of the same themes as the commenters. Under "
        "these weights they count as 16 equally weighted commenters (Kish's effective number).",
    )


def test_where_nobody_commented_the_nps_is_that_of_all():
    assert weighed([10, 10, 0], [False] * 3, weight=[1, 1, 2]).nps == 0


def test_where_all_commented_nothing_is_said_of_silence():
    assert weighed([10] * 12 + [0] * 12, None).notes == ()


def test_joined_cells_are_counted():
    people = weighed([10] * 12 + [8] * 3 + [0] * 12, [True] * 26 + [False], options=DriverOptions(min_cell=4))
    assert people.notes[1:] == (
        "1 of the 3 cells have under 4 commenters and were joined with similar ones.",
    ) and people.notes[0].startswith("26 of 27 ")


def test_the_smallest_cell_holds_for_segments_too():
    plan = pd.DataFrame({"plan": ["A"] * 5 + ["B"] * 25})
    assert weighed([10, 0] * 15, None, plan).owner == ()
    people = weighed([10, 0] * 15, None, plan, DriverOptions(min_cell=5))
    assert people.owner == ("plan",) and np.sort(people.covariates[:, 0]).tolist() == [-1.0] * 25 + [1.0] * 5


def test_a_segment_too_fine_for_the_commenters_is_named():
    fine = pd.DataFrame({"shop": [f"s{row % 8}" for row in range(60)]})
    people = weighed([10, 0] * 30, None, fine, DriverOptions(min_cell=1))
    assert people.notes == (
        'Segment "shop" is not adjusted for: it has more values than a tenth of the commenters can carry.',
    )
