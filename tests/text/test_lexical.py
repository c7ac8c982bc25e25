import json
import shutil

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.errors import EncoderError
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import DEFAULT_MODEL, EncoderOptions, choose_encoder, encode_alone, load_encoder
from verbatim.text.lexical import LexicalEncoder
from verbatim.text.split import SplitOptions, split_comments
from verbatim.themes.discover import find_themes

# Three subjects in four languages; each comment is a subject and something said of it.
SUBJECTS = {
    "pt": (
        ["o limite do cartão é {}", "aumentem o limite do cartão, {}"],
        ["a entrega do pedido {}", "o prazo de entrega {}"],
        ["o atendimento na loja {}", "atendimento dos funcionários {}"],
        ["baixo", "ruim", "demora muito", "não mudou", "piorou", "bom demais"],
    ),
    "fi": (
        ["toimitus oli {}", "tilauksen toimitus {}"],
        ["asiakaspalvelu oli {}", "asiakaspalvelun puhelin {}"],
        ["hinta on {}", "hinnat ovat {} nykyään"],
        ["hidas", "kohtuullinen", "huono eilen", "parempi ennen", "hyvä", "liian hankala"],
    ),
    "ja": (
        ["配送が{}", "商品の配送は{}"],
        ["料金が{}", "毎月の料金は{}"],
        ["店員の対応が{}", "電話の対応は{}"],
        ["遅いです", "良くなった", "悪い", "変わらない", "普通でした", "気になる"],
    ),
    "ar": (
        ["التوصيل كان {}", "خدمة التوصيل {}"],
        ["الأسعار {} هنا", "أسعار المنتجات {}"],
        ["تطبيق الهاتف {}", "التطبيق دائما {}"],
        ["بطيء", "غير واضح", "تغير كثيرا", "أسوأ من قبل", "مقبول", "صعب"],
    ),
}


def comments_in(language):
    *subjects, said = SUBJECTS[language]
    return [form.format(word) for forms in subjects for form in forms for word in said for _ in range(2)]


def spans_of(comments, language):
    table = pd.DataFrame({"id": range(len(comments)), "NPS": [i % 11 for i in range(len(comments))], "why": comments})
    survey = vb.read_survey(table, score="NPS", comment="why", response_id="id")
    return survey, split_comments(survey, SplitOptions(language=language))


@pytest.fixture(scope="module")
def portuguese():
    return LexicalEncoder.fit(comments_in("pt"), "pt")


def test_vectors_are_unit_length_and_a_span_leans_to_its_comment(portuguese):
    comment = "o limite do cartão é baixo, a entrega do pedido demora muito"
    places = np.array([[0, 0, 26], [0, 28, len(comment)]])
    both = portuguese.encode([comment], places)
    alone = encode_alone(portuguese, [comment[:26], comment[28:]])
    assert both.dtype == np.float32 and both.shape == (2, portuguese.card.dim)
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    assert both[0] @ both[1] > alone[0] @ alone[1]
    assert (both * alone).sum(axis=1).min() > 0.8


def test_nearer_words_are_nearer_and_misspelt_ones_too(portuguese):
    limit, limits, delivery = encode_alone(portuguese, ["limite do cartão", "limites dos cartoes", "entrega do pedido"])
    assert limit @ limits > limit @ delivery + 0.3


@pytest.mark.parametrize("language", SUBJECTS)
def test_the_same_texts_in_any_order_and_number_give_the_same_bytes(language):
    texts = comments_in(language)
    shuffled = [texts[i] for i in np.random.default_rng(1).permutation(len(texts))] + texts[:7]
    one, other = LexicalEncoder.fit(texts, language), LexicalEncoder.fit(shuffled, language)
    assert one.card.sha256 == other.card.sha256
    assert encode_alone(one, texts).tobytes() == encode_alone(other, texts).tobytes()


def test_a_text_among_others_has_the_bytes_it_has_alone(portuguese):
    texts = comments_in("pt")
    assert encode_alone(portuguese, texts)[5].tobytes() == encode_alone(portuguese, texts[5:6])[0].tobytes()


@pytest.mark.parametrize("text", ["", "10", "<email>", "zzzz qqqq", "好", "\ud800", "😀"])
def test_a_text_of_unknown_words_has_the_zero_vector(portuguese, text):
    assert not encode_alone(portuguese, [text]).any()


@pytest.mark.parametrize("texts", [[], [""], ["uma"], ["uma entrega"], ["10", "9"], ["a b", "a b c"]])
def test_next_to_nothing_can_be_learned_from(texts):
    encoder = LexicalEncoder.fit(texts, "pt")
    assert np.isfinite(encode_alone(encoder, ["uma entrega", *texts])).all()
    assert encoder.encode([], np.zeros((0, 3), np.int64)).shape == (0, encoder.card.dim)


def test_what_was_saved_reads_new_texts_alike(portuguese, tmp_path):
    again = LexicalEncoder.load(portuguese.save(tmp_path / "encoder"))
    new = ["o limite não aumenta", "entregaram no prazo", "atendente da loja"]
    assert again.card.sha256 == portuguese.card.sha256
    assert encode_alone(again, new).tobytes() == encode_alone(portuguese, new).tobytes()
    assert {file.suffix for file in (tmp_path / "encoder").iterdir()} == {".safetensors", ".json"}


def test_damaged_and_foreign_folders_are_refused(portuguese, tmp_path):
    with pytest.raises(EncoderError, match="missing or damaged"):
        LexicalEncoder.load(tmp_path / "nowhere")
    folder = portuguese.save(tmp_path / "encoder")
    card = json.loads((folder / "lexical.json").read_text(encoding="utf-8"))
    for change, message in (
        ({"lexical_version": 9}, "lexical_version 9"),
        ({"words": card["words"][1:]}, "do not fit"),
        ({"words": card["words"][::-1]}, "not the one that was saved"),
        ({"words": 3}, "cannot be read"),
    ):
        altered = shutil.copytree(folder, tmp_path / str(message))
        (altered / "lexical.json").write_text(json.dumps(card | change), encoding="utf-8")
        with pytest.raises(EncoderError, match=message):
            LexicalEncoder.load(altered)


def test_english_is_read_by_the_packaged_model_and_others_by_what_does_better():
    plain = EncoderOptions(cache="")
    english, note = choose_encoder("en", plain)
    assert english.card.name == DEFAULT_MODEL and note is None
    other, note = choose_encoder("pt", plain, lambda: comments_in("pt"))
    assert other.card.name == "lexical-pt" and "reads English" in note and "multilingual model" in note
    named, note = choose_encoder("pt", EncoderOptions(model=DEFAULT_MODEL, cache=""))
    assert named.card.name == DEFAULT_MODEL and "reads English" in note
    asked, note = choose_encoder("en", EncoderOptions(model="lexical", cache=""), lambda: ["late delivery", "price"])
    assert asked.card.name == "lexical-en" and "as encoder.model asks" in note
    assert "without blanks" in choose_encoder("ja", plain, lambda: comments_in("ja"))[1]
    with pytest.raises(EncoderError, match="learned from comments"):
        load_encoder(EncoderOptions(model="lexical"))


@pytest.mark.parametrize("language", SUBJECTS)
def test_themes_are_found_in_any_language(language):
    """Every subject has themes of its own: no theme mixes the three."""
    comments = comments_in(language)
    survey, spans = spans_of(comments, language)
    encoder = LexicalEncoder.fit([*spans.table["text"], *comments], language)
    found, themes = find_themes(spans, embed_spans(survey, spans, encoder=encoder), encoder, language)
    assert 3 <= len(themes.themes) <= 12 and all(theme.name for theme in themes.themes)
    table = found.table.dropna(subset=["theme_id"])
    assert table["response_id"].nunique() >= 0.8 * len(comments)
    subject = table["response_id"].astype(int) // (len(comments) // 3)
    assert pd.crosstab(table["theme_id"], subject).max(axis=1).sum() >= 0.8 * len(table)
