import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.refusals import (
    MIN_COMMENTERS,
    decided_by_score,
    explain_decided,
    least_mentions,
    routed_questions,
    tied_for_first,
    too_few,
)
from verbatim.nps import CATEGORIES


def survey(sizes, rates, seed=0):
    """Answers by question; ``rates`` gives, for each question, the answer rate of promoters, passives, detractors."""
    rng = np.random.default_rng(seed)
    responses = pd.DataFrame({"category": np.repeat(CATEGORIES, sizes)})
    responses["response_id"] = [f"R{at}" for at in range(len(responses))]
    answers = [
        responses.loc[rng.random(len(responses)) < np.repeat(rate, sizes), ["response_id"]].assign(question=question)
        for question, rate in rates.items()
    ]
    return pd.concat(answers, ignore_index=True), responses


ROUTED = [
    ((300, 200, 100), {"love": (0.6, 0, 0), "wrong": (0, 0, 0.7), "better": (0, 0.5, 0)}, 3),
    ((300, 200, 100), {"love": (0.6, 0.5, 0), "wrong": (0, 0, 0.7)}, 2),
    ((60, 40, 30), {"love": (0.9, 0.9, 0), "wrong": (0, 0, 0.9)}, 2),
    ((300, 200, 100), {"why": (0.5, 0.4, 0.6), "wrong": (0, 0, 0.5)}, 1),
    ((300, 200, 100), {"wrong": (0, 0, 0.6)}, 1),
    ((2000, 1000, 1000), {"love": (0.5, 0.5, 0.003), "wrong": (0.002, 0.002, 0.6)}, 2),
]
NOT_ROUTED = [
    ((300, 200, 100), {"why": (0.45, 0.35, 0.65)}),
    ((300, 200, 100), {"why": (0.5, 0.4, 0.6), "improve": (0.06, 0.2, 0.5)}),
    ((300, 200, 100), {"why": (0.5, 0.4, 0.6), "anything else": (0.02, 0.02, 0.02)}),
    ((300, 200, 8), {"love": (0.5, 0.5, 0.0), "why": (0.5, 0.5, 0.5)}),
    ((12, 5, 6), {"love": (1, 1, 0), "wrong": (0, 0, 1)}),
    ((300, 0, 100), {"why": (0.5, 0.4, 0.6)}),
]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("sizes", "rates", "n"), ROUTED)
def test_routed_questions_are_found(sizes, rates, n, seed):
    found = routed_questions(*survey(sizes, rates, seed))
    assert len(found) == n + 1 and "No effects on the NPS" in found[-1]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("sizes", "rates"), NOT_ROUTED)
def test_questions_for_everyone_are_not(sizes, rates, seed):
    assert routed_questions(*survey(sizes, rates, seed)) == ()


def test_the_sentence_counts():
    answers, responses = survey((40, 40, 40), {"wrong": (0, 0, 1), "love": (1, 1, 0)})
    assert routed_questions(answers, responses)[:2] == (
        '"love" was answered by 40 of 40 promoters and 40 of 40 passives, but 0 of 40 detractors.',
        '"wrong" was answered by 40 of 40 detractors, but 0 of 40 promoters and 0 of 40 passives.',
    )


def test_unscored_responses_and_row_order_do_not_count():
    answers, responses = survey((100, 100, 100), {"why": (1, 1, 1), "other channel": (0, 0, 1)})
    unscored = responses.assign(category=responses["category"].where(responses["category"] != "detractor"))
    assert routed_questions(answers, unscored) == ()
    assert routed_questions(answers[::-1], responses[::-1]) == routed_questions(answers, responses) != ()
    assert routed_questions(answers.iloc[:0], responses) == ()


def draw(n=400, seed=0):
    rng = np.random.default_rng(seed)
    return rng.choice([-100.0, 0, 100], n, p=[0.4, 0.2, 0.4]), rng.uniform(0.5, 2, n), rng


def test_a_category_under_another_name_is_decided():
    points, weight, rng = draw()
    slip = rng.random((len(points), 3)) < 0.01
    same = np.column_stack([points < 0, points == 0, points < 100]) ^ slip
    assert decided_by_score(points, same[:, :1], weight).all() and decided_by_score(points, same[:, 2:], weight).all()
    assert not decided_by_score(points, same ^ (rng.random(same.shape) < 0.1), weight).any()


def test_a_severe_theme_is_not_decided_and_neither_is_a_tiny_one():
    points, weight, rng = draw(1000)
    severe = (points < 0) & (rng.random(1000) < 0.7)
    assert not decided_by_score(points, severe[:, None], weight).any()
    few = np.repeat([-100.0, 100.0], [15, 60])
    assert not decided_by_score(few, (few < 0)[:, None], np.ones(75)).any()
    assert decided_by_score(few, (few > 0)[:, None], np.ones(75)).all()
    nothing = np.column_stack([np.ones(75, dtype=bool), np.zeros(75, dtype=bool)])
    assert not decided_by_score(few, nothing, np.ones(75)).any()


def test_the_decided_are_named():
    assert explain_decided(()) is None
    assert explain_decided(("A", "B")).startswith('"A" and "B" have no effect')
    assert '"E" and 2 more have' in explain_decided(tuple("ABCDEFG"))


def test_too_few():
    assert too_few(MIN_COMMENTERS) is None
    assert too_few(12).startswith("12 scored responses")


def test_a_small_survey_asks_less_of_a_theme_but_never_more():
    assert [least_mentions(n, 15) for n in (10, 49, 60, 149, 150, 10**6)] == [5, 5, 6, 14, 15, 15]
    assert least_mentions(1000, 8) == 8


def test_ties():
    table = pd.DataFrame({"theme_id": list("abcd"), "name": list("ABCD"), "rank": pd.array([2, 1, 3, None], "Int64")})
    tied = tied_for_first(table.assign(rank_low=pd.array([1, 1, 1, None], "Int64")))
    assert tied.theme_ids == ("b", "a", "c") and "any of the 3 themes" in tied.sentence
    tied = tied_for_first(table.assign(rank_low=pd.array([1, 1, 2, None], "Int64")))
    assert tied.sentence == 'The first place is open: "B" or "A" could be the most harmful.'
    assert tied_for_first(table.assign(rank_low=pd.array([2, 1, 3, None], "Int64"))) == (("b",), None)
    assert tied_for_first(table.iloc[:0].assign(rank_low=pd.array([], "Int64"))) == ((), None)


def test_names_with_and_stay_whole():
    table = pd.DataFrame({"theme_id": ["a", "b", "c"], "name": ["Bits and bobs", "Price", "App"], "rank": [1, 2, 3]})
    tied = tied_for_first(table.assign(rank_low=[1, 1, 3]))
    assert tied.sentence == 'The first place is open: "Bits and bobs" or "Price" could be the most harmful.'
