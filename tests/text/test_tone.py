import numpy as np
import pytest

from verbatim.text.encoder import encode_alone
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary

KINDS = {
    "subject": [
        "the engineer never came",
        "late delivery",
        "prices are too high",
        "great broadband",
        "router",
        "Waiting on the phone",
    ],
    "praise": [
        "very good",
        "Excellent!",
        "great, thank you",
        "love it",
        "I am very happy",
        "good,good",
        "great experience",
    ],
    "complaint": ["terrible", "very poor", "not happy", "rubbish", "the worst", "absolutely awful!"],
    "empty": ["10", "stop", "because", "STOP", "it is what it is", "7/10", "and so on", "n/a"],
}


@pytest.fixture(scope="module")
def tone(encoder):
    return GeneralTone(encoder, vocabulary("en"))


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_kinds(tone, encoder, kind, text):
    assert tone.read([text], encode_alone(encoder, [text])).kinds.tolist() == [kind]


def test_polarity_orders_praise_above_complaint(tone, encoder):
    praise, complaint = (tone.polarity(encode_alone(encoder, KINDS[kind])) for kind in ("praise", "complaint"))
    assert praise.min() > 0 > complaint.max()


def test_a_group_is_general_by_its_median(tone, encoder):
    general = encode_alone(encoder, ["very good service so far", "excellent company", "great experience"])
    subject = encode_alone(encoder, ["engineer was late", "no engineer came", "very good"])
    assert tone.is_general(general)
    assert not tone.is_general(subject)


def test_nothing_gives_nothing(tone):
    none = np.zeros((0, 384), np.float32)
    assert tone.read([], none).kinds.shape == tone.polarity(none).shape == (0,)


def test_a_language_without_sentences_has_no_tone(encoder):
    tone = GeneralTone(encoder, vocabulary("xx"))
    vectors = encode_alone(encoder, ["very good", "10"])
    assert (tone.polarity(vectors) == 0).all()
    assert tone.read(["very good", "10"], vectors).kinds.tolist() == ["subject", "empty"]


def test_portuguese(encoder):
    tone = GeneralTone(encoder, vocabulary("pt"))
    texts = ["muito bom", "péssimo", "o limite do cartão"]
    assert tone.read(texts, encode_alone(encoder, texts)).kinds.tolist() == ["praise", "complaint", "subject"]
