from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import verbatim as vb
from verbatim.text.pieces import cut_pieces, pieces_of
from verbatim.text.split import split_comments
from verbatim.text.vocabulary import vocabulary

CASES = {
    "waiting for an engineer to fix the phone line": [
        ("waiting for an engineer to fix", "engineer"),
        ("the phone line", "phone line"),
    ],
    "great food and friendly staff in a lovely room": [
        ("great food", "food"),
        ("and friendly staff", "staff"),
        ("in a lovely room", "room"),
    ],
    "lack of communication": [("lack of communication", "communication")],
    "The bag drop queue was endless": [("The bag drop queue was endless", "bag drop queue")],
    "It was slow": [("It was slow", None)],
    "customer service was very poor and my order got cancelled": [
        ("customer service was very poor", "customer service"),
        ("and my order got cancelled", "order"),
    ],
    "<email> no internet": [("<email> no internet", "internet")],
    "10": [("10", None)],
}


@pytest.mark.parametrize("text", CASES)
def test_a_piece_names_one_thing(text):
    found = [
        (text[piece.start : piece.end].strip(), text[piece.noun_start : piece.noun_end] if piece.names else None)
        for piece in pieces_of(text, vocabulary("en"))
    ]
    assert found == CASES[text]


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["the", "staff", "was", "rude", "and", "late", "delivery", "of", "no", "app"])).map(
        " ".join
    )
)
@pytest.mark.parametrize("language", ["en", "pt", "xx"])
def test_pieces_cover_the_span_in_order(language, text):
    pieces = list(pieces_of(text, vocabulary(language)))
    assert pieces[0].start == 0 and pieces[-1].end == len(text)
    assert all(one.start <= one.noun_start <= one.noun_end <= one.end for one in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    between = [text[one.end : other.start] for one, other in pairwise(pieces)]
    assert not any(character.isalpha() for gap in between for character in gap)


def test_offsets_are_those_of_the_comment():
    survey = vb.read_survey(
        pd.DataFrame({"nps": [3, 9], "why": ["Nobody came. The engineer lost my order", "😀 Great range"]}),
        score="nps", comment="why",
    )  # fmt: skip
    spans = split_comments(survey)
    pieces = cut_pieces(spans, "en")
    comments = survey.responses.set_index("response_id")["comment"]
    said = [comments[spans.table["response_id"].iloc[row]] for row in pieces["span"]]
    nouns = {
        text[a:b]
        for text, a, b, names in zip(said, pieces["noun_start"], pieces["noun_end"], pieces["names"], strict=True)
        if names
    }
    assert nouns == {"engineer", "order", "range"}
