import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.text.embed import embed_spans
from verbatim.text.split import SplitOptions, split_comments
from verbatim.text.tone import SUBJECT, GeneralTone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.communities import Communities
from verbatim.themes.units import best_view, units_of

COMMENTS = [
    "Waiting for an engineer to fix the line. It was slow",
    "Not connected yet",
    "Great!",
    "10",
    "The app crashed",
]


def read(comments, encoder):
    frame = pd.DataFrame(
        {
            "id": [f"r{i:05d}" for i in range(len(comments))],
            "nps": [i % 11 for i in range(len(comments))],
            "why": comments,
        }
    )
    survey = vb.read_survey(frame, score="nps", comment="why", response_id="id")
    spans = split_comments(survey, SplitOptions(language="en"))
    embedding = embed_spans(survey, spans, encoder=encoder)
    tones = GeneralTone(encoder, vocabulary("en")).read(spans.table["text"].tolist(), embedding.own_words)
    return spans, embedding, tones


@pytest.fixture(scope="module")
def few(encoder):
    return read(COMMENTS * 3, encoder)


def test_pieces_are_what_is_named_and_spans_that_name_nothing(few):
    units = units_of("pieces", *few)
    assert set(units.texts[units.kinds == SUBJECT]) == {
        "Waiting for an engineer to fix", "the line", "It was slow", "Not connected yet", "The app crashed",
    }  # fmt: skip
    assert "10" not in units.texts and "Great" in units.texts
    assert units.texts.tolist() == sorted(units.texts)
    assert np.allclose(np.linalg.norm(units.vectors, axis=1), 1, atol=1e-5)
    text = few[0].table["text"].to_numpy(dtype=object)
    assert all(units.texts[unit] in text[span] for unit, span in zip(units.unit, units.span, strict=True))


def test_answers_are_whole_and_every_span_of_theirs_belongs_to_them(few):
    units = units_of("answers", *few)
    assert len(units.texts) == 12
    assert units.texts.tolist().count("Waiting for an engineer to fix the line It was slow") == 3
    assert len(units.span) == len(set(units.span.tolist())) == 15


def test_a_survey_is_too_small_to_tell_whether_answers_make_one_point(few):
    assert best_view(*few, lambda rows: np.zeros(len(rows), np.intp)) == "pieces"


def test_answers_that_repeat_a_few_questions_make_one_point(encoder):
    asked = [
        "How do I change my PIN",
        "My card has not arrived",
        "Why was I charged a fee",
        "The app shows a wrong balance",
    ]
    ways = ["{}?", "Please tell me: {}", "{}, thanks", "Hello, {}", "Can you say {}?", "{} please"]
    comments = [way.format(question) for way in ways for question in asked] * 20
    spans, embedding, tones = read(comments, encoder)
    assert best_view(spans, embedding, tones, lambda rows: Communities().fit(rows).labels_) == "answers"
