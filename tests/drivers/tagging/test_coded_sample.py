"""Checks of a coded sample at their limits, and an order that depends on content alone."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.tables import Coded
from verbatim.drivers.tagging.coded_sample import (
    CodedSample,
    _check_comments,
    _check_size,
    _content_order,
    _probabilities,
    _themes_to_code,
    read_sample,
)
from verbatim.errors import SurveyError

pytestmark = pytest.mark.filterwarnings("error")


def drawn(probability: list[float]) -> CodedSample:
    m = len(probability)
    return CodedSample(SimpleNamespace(), np.arange(m), np.zeros((m, 1), bool), np.array(probability), 0)  # type: ignore[arg-type]


def test_certain_comments_may_miss_one_in_a_hundred() -> None:
    _check_size(drawn([1.0] * 99), 100)
    _check_size(drawn([1.0] * 101), 100)
    with pytest.raises(SurveyError, match=r"the 98 coded comments stand for 98 comments .*there are 100 with a score"):
        _check_size(drawn([1.0] * 98), 100)


def test_drawn_comments_may_miss_five_standard_errors() -> None:
    """Fifty at one half stand for 100, give or take 5 x sqrt(50 x 0.5 x 4) = 50, and 1 % of all."""
    _check_size(drawn([0.5] * 50), 151)
    with pytest.raises(SurveyError, match=r"stand for 100 comments .*there are 152 with .*: 0.3289 for all"):
        _check_size(drawn([0.5] * 50), 152)
    _check_size(drawn([0.5] * 50), 50)
    with pytest.raises(SurveyError, match="there are 49 with"):
        _check_size(drawn([0.5] * 50), 49)
    _check_size(drawn([0.5]), 8)
    with pytest.raises(SurveyError, match="None of the coded comments"):
        _check_size(drawn([]), 8)


def test_chances_above_0_and_up_to_1() -> None:
    index = pd.Index(["a", "b"])
    assert _probabilities([1.0, 1e-9], index).tolist() == [1.0, 1e-9]
    labelled = pd.Series([0.5, 0.25, 0.75], index=["b", "a", "c"])
    assert _probabilities(labelled, index).tolist() == [0.25, 0.5]
    assert _probabilities(pd.Series(["0.5", "1"], index=index), index).tolist() == [0.5, 1.0]
    for wrong in (0.0, 1.0001, -0.5, np.nan):
        with pytest.raises(SurveyError, match=rf"probability of row 'b' is {wrong} \(1 such rows\)"):
            _probabilities([0.5, wrong], index)
    with pytest.raises(SurveyError, match="row 'b' is nan"):
        _probabilities(pd.Series([0.5, pd.NA], index=index, dtype="Float64"), index)
    with pytest.raises(SurveyError, match=r"row 'a' is nan \(2 such rows\)"):
        _probabilities(pd.Series(["x", None], index=index), index)


def test_general_praise_need_not_be_coded() -> None:
    mentions = pd.DataFrame(columns=["A", "praise", 3])
    kinds = pd.DataFrame({"kind": ["subject", "general", "general"]}, index=["A", "praise", 3])
    assert _themes_to_code(mentions, kinds) == ["A"]
    assert _themes_to_code(mentions, None) == _themes_to_code(mentions, kinds[[]]) == ["A", "praise", "3"]


LINES = [
    # score, weight, commented, person, segment, tagged, label, told, chance
    (9.0, 1.0, True, 0, "x", 0, -1, 0, 0.5),
    (8.0, 1.0, True, 1, "x", 0, -1, 0, 0.5),
    (9.0, 2.0, True, 2, "x", 0, -1, 0, 0.5),
    (9.0, 1.0, False, 3, "x", 0, -1, 0, 0.5),
    (9.0, 1.0, True, 8, "x", 0, -1, 0, 0.5),
    (8.0, 3.0, True, 8, "x", 0, -1, 0, 0.5),
    (9.0, 1.0, True, 5, "y", 0, -1, 0, 0.5),
    (9.0, 1.0, True, 6, "x", 1, -1, 0, 0.5),
    (9.0, 1.0, True, 7, "x", 2, -1, 0, 0.5),
    (9.0, 1.0, True, 9, "x", 0, 0, 0, 0.5),
    (9.0, 1.0, True, 10, "x", 0, 1, 1, 0.5),
    (9.0, 1.0, True, 11, "x", 0, 2, 0, 0.25),
]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_depends_on_content_alone(seed: int) -> None:
    """Lines that differ from the first in one thing only come in the same order however they were given."""

    def ordered(lines: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
        score, weight, commented, person, segment, tagged, label, told, chance = (
            np.array(part) for part in zip(*lines, strict=True)
        )
        sampled = np.flatnonzero(label >= 0)
        sampled = sampled[np.argsort(label[sampled])]
        machine = Coded(
            score, weight, commented, person, pd.DataFrame({"plan": segment}), (tagged[:, None] & [1, 2]) > 0, None,
            pd.DataFrame(), np.arange(len(lines)),
        )  # fmt: skip
        order = _content_order(machine, label, told[sampled][:, None] > 0, chance[sampled])
        return [lines[at][:3] + lines[at][4:] + (lines[at][3] == 8,) for at in order]

    turned = [LINES[at] for at in np.random.default_rng(seed).permutation(len(LINES))]
    assert ordered(turned) == ordered(LINES)


def test_a_sample_is_found_among_the_responses_by_label() -> None:
    mentions = pd.DataFrame({"A": [1, 0, 1, 0], "praise": 1}, index=list("wxyz"))
    themes = pd.DataFrame({"kind": ["subject", "general"]}, index=["A", "praise"])
    coded = pd.DataFrame({"A": [0, 1, 1]}, index=list("zyx"))
    score = pd.Series([10, 8, None, 0], index=list("wxyz"))
    found = read_sample(mentions, coded, [0.25, 0.5, 1.0], score, None, None, None, None, themes)
    assert found.n_left_out == 1 and len(found.row) == 2
    at = {float(found.coded.score[row]): place for place, row in enumerate(found.row)}
    assert found.probability[[at[0.0], at[8.0]]].tolist() == [0.25, 1.0]
    assert found.mentions[[at[0.0], at[8.0]], 0].tolist() == [False, True]
    assert np.diff(found.row) > 0
    assert score.iloc[found.coded.row].tolist() == found.coded.score.tolist()


def test_a_coded_response_without_a_comment_is_named() -> None:
    machine, index = SimpleNamespace(commented=np.array([True, False, False])), pd.Index(["r7", "r8"])
    _check_comments(machine, np.array([0, -1, -1]), index)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match=r"^coded, row 'r7' has no comment: commented is false \(1 such rows\)\."):
        _check_comments(machine, np.array([1, 0, -1]), index)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match=r"row 'r7' has no comment: commented is false \(2 such rows\)"):
        _check_comments(machine, np.array([-1, 1, 0]), index)  # type: ignore[arg-type]
