"""The parts of a correction of tagging, by hand: labels wanted, intervals, pooled themes, notes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.options import DriverOptions
from verbatim.drivers.tagging.coded_sample import CodedSample
from verbatim.drivers.tagging.correction import (
    TAGGING_TYPES,
    _agreement,
    _intervals,
    _labels_wanted,
    _level_notes,
    _levels,
    _pooled_alike,
    _sample_notes,
    correct_for_tagging,
)
from verbatim.drivers.tagging.surrogate import Corrected, Figure

pytestmark = pytest.mark.filterwarnings("error")
OPTIONS = DriverOptions(min_mentions=15)


def sample(probability: list[float], left_out: int = 0, **coded: object) -> CodedSample:
    m = len(probability)
    mentions = coded.pop("mentions", np.zeros((m, 1), dtype=bool))
    return CodedSample(SimpleNamespace(**coded), np.arange(m), mentions, np.array(probability), left_out)  # type: ignore[arg-type]


def test_labels_wanted() -> None:
    """650 alike are enough, unless a theme was found 14 times: 650 x 15 / 14 = 696.4; never, then once in 9,750."""
    enough = sample([0.5] * 650)
    wanted = _labels_wanted(np.array([100, 15, 14, 1, 0]), enough, 9750, OPTIONS)
    assert wanted[2:].tolist() == [697, 9750, 9750] and (wanted[:2] <= 650).all()
    assert np.isnan(_labels_wanted(np.array([1, 0]), enough, 9749, OPTIONS)).all()
    assert _labels_wanted(np.array([50]), sample([0.5] * 300), 9750, OPTIONS).tolist() == [600]
    assert _labels_wanted(np.array([50]), sample([0.5] * 300), 400, OPTIONS).tolist() == [400]
    # 1 and 1/3 in turn are worth (1 + 3)^2 / 2 / (1 + 9) = 4/5 of as many.
    assert _labels_wanted(np.array([50]), sample([1.0, 1 / 3] * 150), 9750, OPTIONS).tolist() == [750]


def corrected(**changed: object) -> Corrected:
    some = Figure(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]))
    given = dict.fromkeys(("share", "per_mention", "effect", "tagged"), some)
    arrays = dict.fromkeys(("tagged_share", "tagged_per_mention", "gap_variance"), np.zeros(3))
    return Corrected(**(given | arrays | {"estimable": np.ones(3, dtype=bool)} | changed))  # type: ignore[arg-type]


def test_intervals_end_where_shares_end() -> None:
    share = Figure(np.array([0.99, 0.01, 0.5]), np.array([0.1, 0.1, 0.1]))
    slope = Figure(np.array([-150.0, 0.0, 9.0]), np.array([100.0, 1.0, 9.0]))
    effect = Figure(np.array([-9.0, 0.0, 9.0]), np.array([10.0, 1.0, 9.0]))
    found = _intervals(corrected(share=share, per_mention=slope, effect=effect), np.array([True, True, False]))
    z = 1.959964
    expected = {
        "share_corrected": [0.99, 0.01],
        "share_low": [0.99 - z * 0.1, 0],
        "share_high": [1, 0.01 + z * 0.1],
        "per_mention_corrected": [-150, 0],
        "per_mention_low": [-150 - z * 100, -z],
        "per_mention_high": [-150 + z * 100, z],
        "effect_corrected": [-9, 0],
        "corrected_low": [-9 - z * 10, -z],
        "corrected_high": [-9 + z * 10, z],
    }
    assert list(found) == list(expected)
    for name, values in found.items():
        assert values == pytest.approx([*expected[name], np.nan], abs=1e-4, nan_ok=True), name


def test_agreement_counts_what_comments_stand_for() -> None:
    machine = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0]], dtype=bool)
    human = np.array([[1, 1, 0], [0, 0, 0], [1, 0, 0]], dtype=bool)
    found = _agreement(machine, human, np.array([1.0, 2.0, 4.0]))
    assert found["precision"].tolist() == pytest.approx([1 / 3, np.nan, 0], nan_ok=True)
    assert found["recall"].tolist() == pytest.approx([1 / 5, 0, np.nan], nan_ok=True)
    light = _agreement(machine, human, np.array([0.1, 0.2, 0.4]))
    assert light["precision"].tolist() == pytest.approx([1 / 3, np.nan, 0], nan_ok=True)


CATALOGUE = pd.DataFrame(
    {"level": [1, 1, 1, 0, 2], "parent_id": ["P", "P", None, None, "A"]}, index=["A", "B", "C", "P", "Z"]
)


def test_what_is_rare_by_machine_is_pooled_in_peoples_coding() -> None:
    told = np.eye(5, dtype=bool)
    found = _pooled_alike(
        sample([1.0] * 5, mentions=told, themes=CATALOGUE), SimpleNamespace(ids=("C", "other"), level=1)
    )  # type: ignore[arg-type]
    assert found.T.astype(int).tolist() == [[0, 0, 1, 0, 0], [1, 1, 0, 0, 0]]
    none = _pooled_alike(sample([1.0] * 5, mentions=told, themes=CATALOGUE), SimpleNamespace(ids=(), level=1))  # type: ignore[arg-type]
    assert none.shape == (5, 0)


def test_the_level_of_most_leaves_comes_first() -> None:
    assert _levels(sample([1.0], themes=CATALOGUE)) == [1, 0, 2]
    assert _levels(sample([1.0], themes=CATALOGUE.iloc[:4])) == [1, 0]


def test_notes_of_a_sample() -> None:
    people = SimpleNamespace(points=np.zeros(2400))
    assert _sample_notes(sample([0.25] * 600), people) == ["People coded 600 of the 2,400 scored comments in full."]  # type: ignore[arg-type]
    short = _sample_notes(sample([0.25] * 599, left_out=1200), people)  # type: ignore[arg-type]
    assert short[1] == "1,200 more coded comments have no score, or no weight, and are left out."
    assert short[2].startswith("Corrected figures are given from 600 on; 1 more are needed. On planted truth,")
    uneven = _sample_notes(sample([1.0, 1 / 3] * 400), people)  # type: ignore[arg-type]
    assert uneven == ["People coded 800 of the 2,400 scored comments, worth 640 equally likely ones, in full."]
    nearly = _sample_notes(sample([0.5, 0.46] * 400), people)  # type: ignore[arg-type]
    assert nearly == ["People coded 800 of the 2,400 scored comments in full."]
    few = SimpleNamespace(points=np.zeros(400))
    assert "from 400 on; 100 more are needed" in _sample_notes(sample([0.75] * 300), few)[1]  # type: ignore[arg-type]


def test_how_far_off_the_effects_of_a_level_are() -> None:
    """Gaps of 3 and 5, mean square 17, less a variance of 8: 9 of bias, beside standard errors of 4 and of 2."""
    found = corrected(
        tagged=Figure(np.array([3.0, 5.0, 99.0]), np.array([4.0, 4.0, 99.0])),
        effect=Figure(np.array([0.0, 0.0, 0.0]), np.array([2.0, 2.0, 99.0])),
        gap_variance=np.array([10.0, 6.0, 99.0]),
    )
    themes, given = SimpleNamespace(level=1), np.array([True, True, False])
    assert _level_notes(found, given, themes, np.array([]), OPTIONS) == [  # type: ignore[arg-type]
        "The 2 effects of level 1 that are corrected are off by an estimated 5.0 points as tagged (3.0 if tagging "
        "error were all) and 2.0 points as corrected (root mean square)."
    ]
    sure = corrected(gap_variance=np.full(3, 99.0))
    assert "1.0 points as tagged (0.0 if" in _level_notes(sure, given, themes, np.array([]), OPTIONS)[0]  # type: ignore[arg-type]
    nothing = np.zeros(3, dtype=bool)
    five, six = (_level_notes(found, nothing, themes, np.array(list(names)), OPTIONS) for names in ("abcde", "abcdef"))  # type: ignore[arg-type]
    told = 'People find "a", "b", "c", "d", "e"{} too seldom: all comments together would hold under 15 mentions.'
    assert (five, six) == ([told.format("")], [told.format(", ...")])


def test_a_survey_of_praise_has_an_empty_table() -> None:
    praise = pd.DataFrame({"praise": [1, 0] * 30})
    themes = pd.DataFrame({"kind": ["general"]}, index=["praise"])
    found = correct_for_tagging(praise, praise, [1.0] * 60, [10, 0] * 30, themes=themes)
    assert found.table.empty
    assert {name: str(kind) for name, kind in found.table.dtypes.items()} == TAGGING_TYPES


def test_themes_of_one_effect_come_commonest_first() -> None:
    at = np.arange(120)
    mentions = pd.DataFrame({"A": at % 6 == 0, "B": at % 3 == 1, "C": at % 3 == 2}).astype(int)
    found = correct_for_tagging(mentions, mentions, [1.0] * 120, [10] * 120).table
    assert found["theme_id"].tolist() == ["B", "C", "A"] and found["effect"].abs().max() < 1e-9


def test_what_the_machine_tells_by_a_segment_alone_is_not_corrected() -> None:
    """The machine tags A wherever the plan is x; people tell it apart."""
    rng = np.random.default_rng(1)
    said, plan = rng.random((200, 2)) < 0.3, np.arange(200) % 2 == 0
    human = pd.DataFrame(said, columns=["A", "B"]).astype(int)
    machine = human.assign(A=plan.astype(int))
    score = np.where(rng.random(200) < 0.3 + 0.4 * said[:, 1], 0, 10)
    segments = pd.DataFrame({"plan": np.where(plan, "x", "y")})
    found = correct_for_tagging(machine, human, [1.0] * 200, list(score), segments).table.set_index("theme_id")
    assert (found["labels_needed"] == 0).all()
    assert found["effect_corrected"].notna().to_dict() == {"A": False, "B": True}
