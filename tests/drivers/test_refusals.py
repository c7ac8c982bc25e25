from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from verbatim.drivers.refusals import (
    MIN_COMMENTERS,
    decided_by_score,
    explain_decided,
    least_mentions,
    refuse_other_score,
    routed_questions,
    tied_for_first,
    too_few,
)
from verbatim.errors import ConfigError
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


def answered(*rows):
    """Answers to two questions, "love" and "wrong": (category, responses, answers to each)."""
    responses, answers = [], []
    for category, size, *given in rows:
        ids = [f"{category} {at}" for at in range(size)]
        responses += [(row, category) for row in ids]
        answers += [(row, name) for name, n in zip(("love", "wrong"), given, strict=False) for row in ids[:n]]
    return (
        pd.DataFrame(answers, columns=["response_id", "question"]),
        pd.DataFrame(responses, columns=["response_id", "category"]),
    )


def test_a_category_that_answered_nothing_at_all_is_counted():
    found = routed_questions(*answered(("promoter", 40, 40), ("passive", 1000, 0), ("detractor", 30, 0)))
    assert found[0] == '"love" was answered by 40 of 40 promoters, but 0 of 1,000 passives and 0 of 30 detractors.'


def test_a_handful_of_whom_nobody_answered_is_not_spoken_of():
    found = routed_questions(*answered(("promoter", 40, 40, 0), ("passive", 3, 0, 0), ("detractor", 40, 0, 40)))
    assert found[:2] == (
        '"love" was answered by 40 of 40 promoters, but 0 of 40 detractors.',
        '"wrong" was answered by 40 of 40 detractors, but 0 of 40 promoters.',
    )


@pytest.mark.parametrize(
    ("passives", "withheld"),
    [
        ((1000, 10), True),  # 1 % answered
        ((1000, 11), False),
        ((20, 0), False),  # 0.8 ** 20 is 1.2 %
        ((21, 0), True),  # 0.8 ** 21 is 0.9 %
    ],
)
def test_a_question_is_withheld_from_where_its_limits_say(passives, withheld):
    found = routed_questions(*answered(("promoter", 40, 40), ("passive", *passives), ("detractor", 40, 40)))
    assert bool(found) is withheld


def test_answers_twice_count_once_and_those_without_a_score_not():
    answers, responses = answered(("promoter", 40, 40), ("detractor", 40, 0))
    more = pd.concat([answers, answers, pd.DataFrame({"response_id": ["x"], "question": ["love"]})])
    unscored = pd.concat([responses, pd.DataFrame({"response_id": ["x"], "category": [None]})])
    assert routed_questions(more, unscored) == routed_questions(answers, responses) != ()


@pytest.mark.filterwarnings("error")
def test_each_category_may_be_the_one_that_decides():
    points = np.repeat([-100.0, 0, 100], [30, 40, 50])
    mentions = np.column_stack([points < 0, points == 0, points > 0, points >= 0, points < 100, points != 0])
    assert decided_by_score(points, mentions, np.ones(120)).all()
    assert not decided_by_score(points, np.roll(mentions, 20, axis=0), np.ones(120)).any()
    nobody_and_all = np.column_stack([np.zeros(120, dtype=bool), np.ones(120, dtype=bool)])
    assert not decided_by_score(points, nobody_and_all, np.ones(120)).any()


def test_twenty_mentioners_each_are_needed_as_proof():
    points = np.repeat([-100.0, 0, 100], [19, 20, 60])
    mentions = np.column_stack([points < 0, points == 0, points > 0])
    assert decided_by_score(points, mentions, np.ones(99)).tolist() == [False, True, True]


def test_agreement_is_weighted():
    # One promoter in forty mentions it too: phi 0.951; should she weigh twice as much, 0.94.
    points = np.repeat([-100.0, 100.0], [40, 40])
    mentions, weight = (np.arange(80) < 41)[:, None], np.ones(80)
    found = [decided_by_score(points, mentions, np.where(np.arange(80) == 40, heavy, weight)).all() for heavy in (1, 9)]
    assert found == [True, False]


def test_what_is_said_of_the_decided():
    tail = "almost everyone in one score category mentions {0} and almost nobody else, so the score decides {0} and {1}"
    assert explain_decided(("A",)) == f'"A" has no effect: {tail.format("it", "it cannot")} explain the score.'
    assert explain_decided(tuple("ABCDE")) == (
        f'"A", "B", "C", "D" and "E" have no effect: {tail.format("them", "they cannot")} explain the score.'
    )


def test_where_a_category_has_no_responses_the_others_are_counted_and_the_reason_is_given():
    assert routed_questions(*answered(("promoter", 40, 40), ("detractor", 40, 0))) == (
        '"love" was answered by 40 of 40 promoters, but 0 of 40 detractors.',
        "The follow-up question depends on the score, so what a response speaks of follows from its score and not the "
        "other way round. No effects on the NPS can be given; shares are given within each score category instead.",
    )


def test_drivers_of_another_score_say_nothing_of_the_nps():
    refuse_other_score(SimpleNamespace(ranked_on=None), "what-if")
    other = SimpleNamespace(ranked_on=SimpleNamespace(outcome=SimpleNamespace(name="CSAT")))
    with pytest.raises(ConfigError) as raised:
        refuse_other_score(other, "what-if")
    assert str(raised.value) == (
        "what-if speaks of the NPS, but the drivers of this run are those of CSAT. Run the survey without "
        "drivers.outcome into another folder and name that."
    )
