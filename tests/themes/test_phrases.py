import numpy as np
import pytest

from verbatim.text.vocabulary import vocabulary
from verbatim.themes.leaning import leaning, share_speaking_well, speaks_otherwise
from verbatim.themes.phrases import Phrases
from verbatim.themes.shapes import spoken, stems_of, tokens_of

KNOWN = vocabulary("en")


def phrases(clause, known=KNOWN):
    return {" ".join(phrase) for phrase in spoken(tokens_of(clause, known), known)}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("the staff were really helpful", "helpful staff"),
        ("staff were not helpful", "staff not helpful"),
        ("my card hasn't arrived yet", "card not arrived"),
        ("my card hasnt arrived", "card not arrived"),
        ("my card still doesn't work", "card not working"),
        ("the order was cancelled", "cancelled order"),
        ("I cancelled my order", "cancelled order"),
        ("still no internet", "no internet"),
        ("a lack of communication", "lack of communication"),
        ("time on the phone", "time on the phone"),
        ("waiting for my connection", "waiting for connection"),
        ("it is easy to use", "easy to use"),
        ("how do I change my pin", "changing pin"),
        ("I want to cancel a transfer", "cancelling transfer"),
        ("can't verify my identity", "unable to verify identity"),
        ("the top up failed", "top up failed"),
        ("food and drink", "food and drink"),
        ("refund not showing up", "refund not showing up"),
    ],
)
def test_what_is_said_becomes_a_name(said, name):
    assert name in phrases(said)


@pytest.mark.parametrize("said", ["it is very easy", "I was not happy", "so it is", "not with them", "for the", "10"])
def test_no_name_without_a_thing(said):
    assert not any(stems_of(phrase.split(), KNOWN) and phrase.split()[-1] == "easy" for phrase in phrases(said))
    assert all(phrase.split()[-1] not in {"the", "them", "is", "very"} for phrase in phrases(said))


def test_a_placeholder_is_in_no_phrase():
    assert not any("<" in phrase for phrase in phrases("mail <email> bounced mail"))


def test_phrases_never_cross_a_stop():
    found = Phrases(["slow install, rude staff"] * 3, {0: np.arange(3)}, KNOWN).of(0)
    assert {phrase.text for phrase in found} >= {"slow install", "rude staff"}
    assert not any("install rude" in phrase.text for phrase in found)


def test_counts_by_hand():
    spans = ["late parcel", "my parcel was late", "a parcel", "rude staff"]
    found = {phrase.text: phrase for phrase in Phrases(spans, {0: np.array([0, 1, 2]), 1: np.array([3])}, KNOWN).of(0)}
    assert found["late parcel"].said == 2
    assert found["late parcel"].share == pytest.approx(2 / 3)
    assert found["late parcel"].lift > 0


def test_portuguese_runs_of_words():
    assert {"limite do cartão", "limite", "cartão"} <= phrases("o limite do cartão é baixo", vocabulary("pt"))


@pytest.mark.parametrize(
    ("text", "says"),
    [("no problems at all", 1), ("never any problem", 1), ("not very helpful", -1), ("no internet", -1), ("a table", 0),
     ("friendly but slow", 0), ("isn't working", -1)],
)  # fmt: skip
def test_leaning(text, says):
    assert leaning(text, "en") == says


def test_leaning_of_a_theme():
    assert share_speaking_well(["great", "awful", "awful", "table"], "en") == pytest.approx(1 / 3)
    assert share_speaking_well(["table"] * 9, "en") == 0.5
    assert speaks_otherwise("rude staff", 0.9, "en") == 0.9
    assert speaks_otherwise("staff", 0.9, "en") == 0
    assert leaning("o limite", "xx") == 0
