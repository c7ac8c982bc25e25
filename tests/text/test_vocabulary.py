import pytest

from verbatim.text.vocabulary import detect_language, vocabulary, words

LANGUAGES = {
    "en": [
        "The delivery was late and nobody told me",
        "I am very happy with the service",
        "it is too expensive for what it is",
    ],
    "pt": [
        "A entrega não chegou no prazo",
        "o limite do cartão é muito baixo",
        "não gostei do atendimento, mas o app é bom",
    ],
    "es": [
        "La entrega llegó muy tarde y nadie me avisó",
        "el servicio es bueno pero es caro",
        "no me gusta la aplicación",
    ],
    "de": [
        "Die Lieferung war zu spät und niemand hat es mir gesagt",
        "der Service ist gut, aber zu teuer",
        "ich bin sehr zufrieden",
    ],
    "fr": [
        "La livraison était en retard et personne ne m'a prévenu",
        "le service est bon mais c'est trop cher",
        "je suis très content",
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_are_told_apart(language):
    assert detect_language(LANGUAGES[language]) == language


@pytest.mark.parametrize("texts", [[], ["", "..."], ["10", "9 8 7"], ["很好", "但是太贵了"], ["Zufall Blumenkohl"]])
def test_no_language_is_named_without_evidence(texts):
    assert detect_language(texts) is None


def test_words_straighten_apostrophes_and_keep_placeholders():
    assert words("Don\u2019t mail <email>, it's re-done 24x7 ÀÉ") == [
        "don't",
        "mail",
        "<email>",
        "it's",
        "re-done",
        "x",
        "àé",
    ]


def test_content_words_leave_out_empty_and_evaluative_words():
    known = vocabulary("en")
    assert known.content_words("Because the engineer was really great, <email> he didn't turn up") == [
        "engineer",
        "turn",
    ]
    assert known.content_words("very good, excellent, would recommend") == []
    assert vocabulary("fr").content_words("l'attente était trop longue") == ["l'attente", "longue"]


def test_stems_join_inflections_in_known_languages_only():
    assert vocabulary("en").stem("deliveries") == vocabulary("en").stem("delivery")
    assert vocabulary("pt").stem("entregas") == vocabulary("pt").stem("entrega")
    assert vocabulary("xx").stem("deliveries") == "deliveries"


@pytest.mark.parametrize("language", ["xx", "qq", "", "en.evil", "../en"])
def test_an_unknown_language_has_no_empty_words(language):
    known = vocabulary(language)
    assert not known.function_words and not known.praise
    assert known.content_words("the delivery") == ["the", "delivery"]
