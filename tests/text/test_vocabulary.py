import json
from importlib import resources

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


@pytest.mark.parametrize("texts", [[], ["", "..."], ["10", "9 8 7"], ["asdf", "xx"], ["😀"]])
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
    assert vocabulary("fi").stem("hinnat") == vocabulary("fi").stem("hinna")
    assert vocabulary("xx").stem("deliveries") == "deliveries"


LISTED = json.loads(resources.files("verbatim.text").joinpath("wording.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", sorted(set(LISTED) - {"xx"}))
def test_a_listed_language_has_words_and_sentences_of_its_own(language):
    known = vocabulary(language)
    assert len(known.filler) >= 10 and len(known.evaluative) >= 10
    assert len(known.praise) >= 5 and len(known.complaint) >= 5
    general = [text for text in known.praise + known.complaint if not known.content_words(text)]
    assert len(general) >= 0.7 * len(known.praise + known.complaint)


def test_japanese_words_are_runs_of_one_script():
    text = "料金が高すぎる、アプリはとても便利"
    assert words(text) == ["料金", "が", "高", "すぎる", "アプリ", "はとても", "便利"]
    assert vocabulary("ja").content_words(text) == ["料金", "アプリ", "便利"]
    assert vocabulary("ko").content_words("배송이 늦었고 값 가격") == ["배송이", "늦었고", "가격"]


@pytest.mark.parametrize("answer", ["ok", "STOP", "n/a", "10", "..."])
def test_empty_answers_are_empty_in_any_language(answer):
    assert vocabulary("xx").content_words(answer) == vocabulary("hu").content_words(answer) == []


@pytest.mark.parametrize("language", ["xx", "qq", "", "en.evil", "../en"])
def test_an_unknown_language_has_no_empty_words(language):
    known = vocabulary(language)
    assert not known.function_words and not known.praise
    assert known.content_words("the delivery") == ["the", "delivery"]
