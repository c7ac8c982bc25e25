import numpy as np
import pytest

from verbatim.text.encoder import encode_alone
from verbatim.text.lexical import LexicalEncoder
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


def test_a_language_without_sentences_borrows_those_of_all(encoder):
    """What a multilingual model can compare; here the model knows English, and "xx" has no list."""
    tone = GeneralTone(encoder, vocabulary("xx"))
    texts = ["very good", "terrible!", "10", "late delivery", "the engineer never came to us"]
    vectors = encode_alone(encoder, texts)
    assert tone.read(texts, vectors).kinds.tolist() == ["praise", "complaint", "empty", "subject", "subject"]
    assert tone.polarity(vectors)[0] > 0 > tone.polarity(vectors)[1]


def test_words_alone_know_no_tone_in_a_language_without_sentences():
    texts = ["szállítás késett", "remek volt", "magas árak"]
    lexical = LexicalEncoder.fit(texts, "hu")
    tone, vectors = GeneralTone(lexical, vocabulary("hu")), encode_alone(lexical, texts)
    assert (tone.polarity(vectors) == 0).all() and not tone.is_general(vectors)
    assert tone.read(texts, vectors).kinds.tolist() == ["subject"] * 3


GENERAL = {
    "pt": (["muito bom", "ótimo!", "estou muito satisfeito"], ["péssimo", "não gostei"]),
    "it": (["molto bene", "ottimo", "sono soddisfatta"], ["pessimo", "non mi piace"]),
    "nl": (["heel goed", "ik ben zeer tevreden", "uitstekend"], ["heel slecht", "erg teleurgesteld"]),
    "fi": (["erittäin hyvä", "olen tyytyväinen"], ["erittäin huono", "kamalaa"]),
}
SUBJECTS = {
    "pt": ["o limite do cartão", "entrega atrasada", "bom atendimento", "limite"],
    "it": ["tempi di consegna", "ottimo prezzo", "il telefono", "consegna"],
    "nl": ["de levering", "goede prijs", "wachttijden aan de telefoon", "prijs"],
    "fi": ["toimitus myöhässä", "hyvä hinta", "puhelin", "hinta"],
}


@pytest.mark.parametrize("language", GENERAL)
def test_words_alone_tell_general_answers_from_subjects_in_listed_languages(language):
    praise, complaint = GENERAL[language]
    known = vocabulary(language)
    lexical = LexicalEncoder.fit([*praise, *complaint, *SUBJECTS[language], *known.praise, *known.complaint], language)
    tone = GeneralTone(lexical, known)
    for texts, kinds in ((praise, {"praise"}), (complaint, {"complaint"}), (SUBJECTS[language], {"subject"})):
        assert set(tone.read(texts, encode_alone(lexical, texts)).kinds) == kinds, texts
    assert tone.is_general(encode_alone(lexical, praise)) and not tone.is_general(
        encode_alone(lexical, SUBJECTS[language])
    )


def test_portuguese(encoder):
    tone = GeneralTone(encoder, vocabulary("pt"))
    texts = ["muito bom", "péssimo", "o limite do cartão"]
    assert tone.read(texts, encode_alone(encoder, texts)).kinds.tolist() == ["praise", "complaint", "subject"]
