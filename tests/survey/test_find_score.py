"""The NPS question among several ratings: found by what speaks for it, asked about where nothing does."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from verbatim.errors import ColumnNotFound
from verbatim.survey.read import read_survey

spec = importlib.util.spec_from_file_location("made", Path(__file__).parent / "made.py")
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

QUESTIONS = [
    "How likely is it that you would recommend us to a friend?",
    "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
    "¿Qué probabilidad hay de que nos recomiende?", "Qual a probabilidade de você nos recomendar?",
    "Recommanderiez-vous notre entreprise ?", "Con quale probabilità ci raccomanderebbe?",
    "Hoe waarschijnlijk is het dat u ons aanbeveelt?", "Hur troligt är det att du rekommenderar oss?",
    "Hvor sandsynligt er det, at du vil anbefale os?", "Kuinka todennäköisesti suosittelisit meitä?",
    "Czy poleciłbyś nas znajomym?", "Bizi tavsiye eder misiniz?", "Вы порекомендуете нас друзьям?",
    "友人にすすめたいと思いますか", "您会向朋友推荐我们吗？", "친구에게 추천하시겠습니까?",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("place", [0, 2])
def test_the_question_is_known_in_many_languages_wherever_it_stands(question, place):
    columns = [("Service 0-10", "nps2"), ("Product 0-10", "nps2"), ("Note", "text")]
    columns.insert(place, (question, "nps"))
    survey = read_survey(made.survey(dict(columns)), comment="Note")
    score = next(column for column in survey.reading.columns if column.role == "score")
    assert score.name == question
    assert "name asks about recommending" in score.reason
    assert "ahead of 2 other 0-10 questions" in score.reason


def test_the_reason_of_an_adjacent_why_is_given():
    frame = made.survey({"Rate A 0-10": "nps2", "Rate B 0-10": "nps", "Why?": "text", "Rate C 0-10": "nps2"})
    score = next(column for column in read_survey(frame).reading.columns if column.role == "score")
    assert score.name == "Rate B 0-10"
    assert "an open question follows it" in score.reason


def test_real_ambiguity_is_a_question_with_a_line_for_each():
    frame = made.survey({"Service 0-10": "nps", "Product 0-10": "nps2", "Comment": "text"})
    with pytest.raises(ColumnNotFound) as caught:
        read_survey(frame)
    assert str(caught.value).endswith('    [survey]\n    score = "Service 0-10"\n    # score = "Product 0-10"\n')
    assert '"Product 0-10": all rows; name says 0-10; an open question follows it' in str(caught.value)


def test_two_recommending_questions_are_not_guessed_between():
    frame = made.survey({"Would you recommend us?": "nps", "Would you recommend the app?": "nps2", "Age": "number"})
    frame["Note"] = made.column("text")
    with pytest.raises(ColumnNotFound, match="2 columns could be"):
        read_survey(frame, comment="Note")


@pytest.mark.parametrize("name", ["NPS", "Would you recommend us?"])
def test_ten_steps_are_read_with_a_note_where_the_name_tells_and_refused_elsewhere(name):
    made_up = pd.DataFrame(
        {name: [str(1 + k % 10) for k in range(400)], "Why?": [f"it was as it was {k}" for k in range(400)]}
    )
    assert any("no 0 among 400 scores" in note for note in read_survey(made_up).reading.notes)
    with pytest.raises(ColumnNotFound, match='scale = "1-10"'):
        read_survey(made_up.rename(columns={name: "Rating"}))
    named = read_survey(made_up.rename(columns={name: "Rating"}), score="Rating")
    assert '"Rating" runs 1-10, never 0: promoters are 9-10, passives 7-8, detractors 1-6.' in named.reading.notes
