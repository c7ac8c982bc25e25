import pytest
from tests.survey.made import survey

from verbatim.survey.read import read_survey

TABLE = survey({"NPS": "nps", "Why?": "text", "Plan": "plan"}, 400)


def with_box(name="Used", cell="Shop", ticked=200):
    return TABLE.assign(**{name: [cell if (k * 7) % 400 < ticked else "" for k in range(400)]})


def reason(survey, name="Used"):
    return next(column.reason for column in survey.reading.columns if column.name == name)


@pytest.mark.parametrize(("cell", "labels"), [("Shop", ("Shop", "not Shop")), ("x", ("ticked", "not ticked"))])
def test_a_box_to_tick_makes_two_groups(cell, labels):
    read = read_survey(with_box(cell=cell, ticked=150))
    assert read.segments == ("Plan", "Used")
    assert read.responses["Used"].value_counts().to_dict() == {labels[1]: 250, labels[0]: 150}


@pytest.mark.parametrize("ticked", [12, 390])
def test_a_box_that_nearly_nobody_or_everybody_ticked_is_left_out_with_the_true_reason(ticked):
    read = read_survey(with_box(ticked=ticked))
    assert read.segments == ("Plan",)
    assert reason(read) == f'the same in the {ticked} of 400 rows that hold something ("Shop")'


def test_boxes_of_one_question_need_fewer_ticks_and_a_named_box_none():
    name = "What did you use? - Shop"
    table = with_box(name, ticked=12).assign(**{"What did you use? - App": [("App", "")[k % 2] for k in range(400)]})
    assert read_survey(table).segments == ("Plan", name, "What did you use? - App")
    assert read_survey(with_box(ticked=5), segments=["Used"]).responses["Used"].eq("Shop").sum() == 5


def test_a_box_that_the_score_decides_is_no_segment():
    table = TABLE.assign(Used=["late" if int(score) <= 6 else "" for score in TABLE["NPS"]])
    read = read_survey(table)
    assert read.segments == ("Plan",)
    assert "determined by the score" in reason(read)
