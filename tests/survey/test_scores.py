import pandas as pd
import pytest

from verbatim.survey.scores import read_scores

GOOD = {"10": 10, "9.0": 9, "8,0": 8, " 8 ": 8, "10/10": 10, "7 / 10": 7, "0": 0, "'9'": 9, "９": 9, "5.00": 5, "05": 5}
GOOD |= {"10 - Extremely likely": 10, "0 = not at all likely": 0, "Not at all likely - 0": 0, "Very likely (10)": 10}
BLANK = ["", " ", "n/a", "N/A", "-", "NA", "nan", "None", "#N/A", "—"]
BAD = ["11", "-1", "8.5", "100", "great", "9/5", "1e1", "10 9", "٫", "=1+1", "999999999999999999999"]


@pytest.mark.parametrize(("cell", "score"), GOOD.items())
def test_readable(cell, score):
    assert read_scores(pd.Series([cell])).score.tolist() == [score]


@pytest.mark.parametrize("cell", BLANK)
def test_blank(cell):
    read = read_scores(pd.Series([cell]))
    assert read.score.isna().all()
    assert read.fault.tolist() == [""]


@pytest.mark.parametrize("cell", BAD)
def test_refused_with_the_cell_in_the_reason(cell):
    read = read_scores(pd.Series([cell]))
    assert read.score.isna().all()
    assert read.fault.tolist() == [f'score is "{cell}"; NPS scores run 0-10']


def test_a_long_cell_is_cut_in_the_reason():
    assert len(read_scores(pd.Series(["x" * 10_000])).fault[0]) < 90
