"""Further scores, ordered stages and invitations as they are read."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.errors import ColumnNotFound, ConfigError, SurveyError
from verbatim.survey.binning import GroupOptions
from verbatim.survey.invitations import InvitationOptions
from verbatim.survey.outcomes import OutcomeOptions
from verbatim.survey.read import read_survey

N = 60


def table(**more):
    cells = {"NPS": [str(k % 11) for k in range(N)], "Why?": [f"quick and kind, order {k}" for k in range(N)]}
    return pd.DataFrame(cells | more)


def five():
    return [str(1 + k % 5) for k in range(N)]


def test_a_csat_column_is_carried_with_its_boxes():
    survey = read_survey(table(CSAT=five()))
    (outcome,) = survey.outcomes
    assert (outcome.name, outcome.scale, outcome.top, outcome.bottom) == ("CSAT", "1-5", (4, 5), (1, 2))
    assert str(survey.responses["CSAT"].dtype) == "Int8" and survey.responses["CSAT"].mean() == 3
    assert survey.segments == ()


@pytest.mark.parametrize(
    ("values", "scale"),
    [(range(1, 6), "1-5"), (range(1, 8), "1-7"), (range(11), "0-10"), ((0, 9, 10), "0-10")],
)
def test_the_scale_is_the_one_that_the_answers_show(values, scale):
    answers = [str(list(values)[(3 * k + k // 11) % len(values)]) for k in range(N)]
    survey = read_survey(table(**{"How easy was it?": answers}), score="NPS")
    assert [outcome.scale for outcome in survey.outcomes] == [scale]


def test_a_copy_of_the_score_and_a_yes_or_no_are_no_further_scores():
    copy = [str(k % 11) for k in range(N)]
    survey = read_survey(table(**{"Rating (copy)": copy, "Satisfied": [str(k % 2) for k in range(N)]}), score="NPS")
    assert survey.outcomes == ()


def test_answers_off_a_declared_scale_are_left_out_and_said():
    answers = ["9", *five()[1:]]
    options = OutcomeOptions(columns=("Mood",), scales={"mood": "1-5"}, top={"Mood": (5,)}, bottom={"Mood": (2, 1)})
    survey = read_survey(table(Mood=answers), outcomes=options)
    assert survey.responses["Mood"].isna().sum() == 1
    assert any("1 answers are not on its scale of 1-5" in note for note in survey.reading.notes)
    assert (survey.outcomes[0].top, survey.outcomes[0].bottom) == ((5,), (1, 2))


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"columns": ("Mod",)}, ColumnNotFound, 'outcomes.columns is "Mod"'),
        ({"top": {"NPS": (10,)}}, ConfigError, "read as score"),
        ({"columns": ("Mood",), "top": {"Mood": (2,)}}, ConfigError, "none may be in both"),
        ({"columns": ("Mood",), "bottom": {"Mood": (0,)}}, ConfigError, "answers of 1-5"),
        ({"columns": ("Yes",)}, SurveyError, "show no scale that is known"),
        ({"columns": ("NPS",)}, SurveyError, "named both as"),
    ],
)
def test_what_cannot_be_a_further_score_is_refused(options, error, says):
    cells = table(Mood=five(), Yes=[str(k % 2) for k in range(N)])
    with pytest.raises(error, match=says):
        read_survey(cells, score="NPS", outcomes=OutcomeOptions(**options))


def test_stages_keep_the_declared_order_and_the_rest_comes_last():
    cells = table(Stage=[("Use", "Order", "Pay")[k % 3] for k in range(N)])
    survey = read_survey(cells, groups=GroupOptions(order={"stage": ("ORDER", "Use", "Leave")}))
    assert survey.orders == {"Stage": ("Order", "Use", "Pay")}
    assert '"Stage": not in segments.order and put last: Pay.' in survey.reading.notes
    assert '"Stage": in segments.order, but nobody has it: Leave.' in survey.reading.notes


@pytest.mark.parametrize(
    ("order", "says"), [({"Step": ("a",)}, "is no segment here"), ({"Stage": ("a",)}, "knows none")]
)
def test_an_order_of_nothing_is_refused(order, says):
    with pytest.raises(ConfigError, match=says):
        read_survey(table(Stage=[("Use", "Order")[k % 2] for k in range(N)]), groups=GroupOptions(order=order))


def invited(silent, people=None):
    cells = table(Sent=[f"2026-0{1 + k % 2}-20" for k in range(N)], id=people or [f"p{k}" for k in range(N)])
    cells.loc[silent, ["NPS", "Why?"]] = ""
    return read_survey(cells, respondent_id="id", invitations=InvitationOptions(column="sent"))


def test_rates_by_hand():
    survey = invited(range(0, N, 4), [f"p{k % 40}" for k in range(N)])
    rates = survey.rates.set_index(["by", "value"])
    assert rates.loc[("all", "all"), ["people", "invited", "responded", "commented"]].tolist() == [40, 60, 45, 45]
    assert rates.loc[("all", "all"), "response_rate"] == 0.75
    assert rates.loc["wave"]["responded"].to_dict() == {"2026-01": 15, "2026-02": 30}
    assert rates.loc["times asked"]["people"].to_dict() == {"1": 20, "2": 20}
    assert "40 people were asked; 20 were asked more than once, at most 2 times." in survey.reading.notes
    assert survey.reading.rows_in == len(survey.responses) + len(survey.rejected)


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(0, N - 1), max_size=N - 30))
def test_every_grouping_counts_the_same_invitations(silent):
    rates = invited(sorted(silent)).rates
    for _, rows in rates.groupby("by"):
        assert rows["invited"].sum() == N and rows["responded"].sum() == N - len(silent)
    assert (rates["response_low"] <= rates["response_rate"]).all()
    assert (rates["response_rate"] <= rates["response_high"]).all()


def test_a_status_lists_the_cells_that_count():
    cells = table(Status=[("sent", "bounced")[k % 2] for k in range(N)])
    found = read_survey(cells, invitations=InvitationOptions(column="Status", invited=("Sent",)))
    assert found.rates["invited"].tolist() == [30] * len(found.rates)
    assert "30 responses are not marked as invited; they are in no rate." in found.reading.notes
    with pytest.raises(SurveyError, match='no row is marked as invited in "Status", which holds "bounced", "sent"'):
        read_survey(cells, invitations=InvitationOptions(column="Status", invited=("opened",)))


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("CSAT", ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")),
        ("How easy was it?", ("Very difficult", "difficult", "Neither easy nor difficult", "Easy", "Extremely easy")),
        ("Zufriedenheit", ("sehr unzufrieden", "unzufrieden", "weder noch", "zufrieden", "sehr zufrieden")),
        ("Satisfacción", ("Muy insatisfecho", "Insatisfecha", "Neutral", "Satisfecho", "Muy satisfecha")),
    ],
)
def test_answers_in_words_are_read_by_their_step(question, steps):
    rows = 100
    numbers = [1 + (k * 7) % 5 for k in range(rows)]
    table = pd.DataFrame(
        {
            "NPS": [k % 11 for k in range(rows)],
            "Why?": [f"late and cold, order {k}" for k in range(rows)],
            question: [steps[number - 1] for number in numbers],
        }
    )
    found = read_survey(table)
    (outcome,) = found.outcomes
    assert outcome.scale == "1-5" and found.responses[outcome.name].value_counts().to_dict() == dict.fromkeys(
        range(1, 6), 20
    )
    assert "1-5 in words" in next(column.reason for column in found.reading.columns if column.role == "outcome")
    told = found.responses.set_index("comment")[outcome.name]
    assert told["late and cold, order 3"] == numbers[3]


def test_segments_bear_the_names_that_readers_know():
    cells = table(SURVEY_SUB_TYPE=["Use", "Order"] * (N // 2), region=["N", "S", "E"] * (N // 3), sent=["yes"] * N)
    plain = read_survey(cells, invitations=InvitationOptions(column="sent"))
    groups = GroupOptions(names={"survey sub type": "Stage"}, order={"SURVEY_SUB_TYPE": ("Order", "Use")})
    named = read_survey(cells, groups=groups, invitations=InvitationOptions(column="sent"))
    assert named.segments == ("Stage", "region") and named.orders == {"Stage": ("Order", "Use")}
    assert named.responses["Stage"].equals(plain.responses["SURVEY_SUB_TYPE"].rename("Stage"))
    assert set(named.rates["by"]) == {"Stage" if by == "SURVEY_SUB_TYPE" else by for by in plain.rates["by"]}
    assert {column.name for column in named.reading.columns} == {column.name for column in plain.reading.columns}


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"nope": "Stage"}, 'names "nope", which is no segment here. Segments: plan, region'),
        ({"plan": "region"}, '"plan" "region", which is the name of another column'),
        ({"plan": " "}, "which is empty"),
        ({"plan": "comment"}, "the name of another column"),
        ({"plan": "X", "region": "X"}, '"region" "X", which is the name of another column'),
    ],
)
def test_names_that_cannot_be_are_explained(names, says):
    cells = table(plan=["a", "b"] * (N // 2), region=["N", "S", "E"] * (N // 3))
    with pytest.raises(ConfigError, match=says):
        read_survey(cells, groups=GroupOptions(names=names))
    assert read_survey(cells, groups=GroupOptions(names={"plan": "region", "region": "plan"})).segments == (
        "region", "plan",
    )  # fmt: skip
