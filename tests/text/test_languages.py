import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbatim.text.languages import detect_language, detect_languages, language_counts

CASES = json.loads((Path(__file__).parent / "language_cases.json").read_text(encoding="utf-8"))
WRITTEN = {code: texts for code, texts in CASES.items() if code != "none"}


def test_nearly_every_sentence_is_told_and_none_is_wrong():
    pairs = [(code, text) for code, texts in WRITTEN.items() for text in texts]
    found = detect_languages(text for _, text in pairs)
    wrong = [(code, text, got) for (code, text), got in zip(pairs, found, strict=True) if got not in (code, None)]
    assert not wrong
    assert sum(got is None for got in found) <= 0.03 * len(pairs)


def test_fragments_have_no_language():
    assert detect_languages(CASES["none"]) == [None] * len(CASES["none"])


@pytest.mark.parametrize("code", WRITTEN)
def test_the_survey_is_in_the_language_of_most_comments(code):
    others = [text for other, texts in WRITTEN.items() if other != code for text in texts[:1]]
    assert detect_language(WRITTEN[code] * 5 + others + CASES["none"]) == code


def test_placeholders_links_and_digits_say_nothing():
    text = "o limite do cartão é muito baixo"
    assert detect_languages([f"{text} <email> https://www.the-best-of-them.com/because 24x7 900"]) == ["pt"]
    assert detect_languages(["https://www.the-best-of-them.com/because-it-is"]) == [None]


def test_short_answers_together_tell_what_each_alone_does_not():
    texts = ["atendimento", "preço", "qualidade", "não", "muito bom", "demora"]
    assert detect_language([text[:7] for text in texts]) in ("pt", None)
    assert detect_language(texts) == "pt"


@pytest.mark.parametrize("texts", [[], ["", "..."], ["10", "9 8 7"], ["😀"]])
def test_no_language_without_words(texts):
    assert detect_language(texts) is None
    assert sum(language_counts(texts).values()) == len(texts)


def test_counts_add_up_commonest_first_unknown_last():
    texts = [*CASES["en"], *CASES["de"][:5], *CASES["none"]]
    assert list(language_counts(texts).items()) == [
        ("en", len(CASES["en"])),
        ("de", 5),
        ("unknown", len(CASES["none"])),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_is_judged_by_itself(texts):
    assert detect_languages(texts) == [detect_languages([text])[0] for text in texts]
