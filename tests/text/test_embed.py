import shutil

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.errors import EncoderError
from verbatim.text import encoder as encoder_module
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import DEFAULT_MODEL, EncoderOptions, encode_alone, load_encoder
from verbatim.text.split import SplitOptions, split_comments
from verbatim.text.transformer import TransformerEncoder
from verbatim.text.vector_cache import VectorCache

SUBJECTS = ("delivery", "driver", "app", "price", "phone line", "invoice", "range of fruit", "substitutes")
COMMENTS = [
    f"The {subject} was {word}, but {more}. {'I waited a long time ' * (i % 4)}😀"
    for i, subject in enumerate(SUBJECTS)
    for word in ("late", "fine")
    for more in ("nobody said so", "I do not mind")
]


def survey_of(comments):
    frame = pd.DataFrame(
        {
            "id": [f"r{i:03d}" for i in range(len(comments))],
            "NPS": [i % 11 for i in range(len(comments))],
            "why": comments,
        }
    )
    return vb.read_survey(frame, score="NPS", comment="why", response_id="id")


def spans_of(survey):
    return split_comments(survey, SplitOptions(language="en"))


def with_cache(encoder, folder):
    """Return the same model behind another cache."""
    return TransformerEncoder(encoder._model, encoder.card, VectorCache.at(folder, encoder.card))


@pytest.fixture(scope="module")
def uncached(encoder):
    return with_cache(encoder, "")


@pytest.fixture
def computed(monkeypatch):
    """Count the passages the model reads."""
    read = []
    original = TransformerEncoder._token_vectors

    def counted(self, ids, width):
        read.append(len(ids))
        return original(self, ids, width)

    monkeypatch.setattr(TransformerEncoder, "_token_vectors", counted)
    return read


def test_vectors_are_unit_length_and_belong_to_their_span(encoder):
    survey = survey_of(COMMENTS)
    spans = spans_of(survey)
    embedding = embed_spans(survey, spans, encoder=encoder)
    assert embedding.in_context.shape == embedding.own_words.shape == (len(spans.table), 384)
    assert embedding.of_pieces.shape == (len(embedding.pieces), 384)
    assert set(embedding.pieces["span"]) == set(range(len(spans.table)))
    for vectors in (embedding.in_context, embedding.own_words, embedding.of_pieces):
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedding.encoder.name == DEFAULT_MODEL
    assert embedding.encoder.sha256 == encoder_module.DEFAULT_WEIGHTS_SHA256
    own = embedding.own_words[(spans.table["text"] == "nobody said so").to_numpy()]
    assert len(own) == len(SUBJECTS) * 2 and (own == own[0]).all()
    context = embedding.in_context[(spans.table["text"] == "nobody said so").to_numpy()]
    assert not (context[0] == context[-1]).all()


def test_a_text_alone_is_the_mean_of_its_token_vectors(encoder):
    """Against the library's own token embeddings, special tokens left out."""
    text = "The delivery was late"
    tokens = encoder._model.encode(text, output_value="token_embeddings").numpy()[1:-1]
    expected = tokens.mean(axis=0) / np.linalg.norm(tokens.mean(axis=0))
    assert np.allclose(encode_alone(encoder, [text])[0], expected, atol=1e-5)


def test_nearer_meaning_is_nearer(encoder):
    late, delayed, price = encode_alone(encoder, ["delivery was late", "the parcel was delayed", "cheap prices"])
    assert late @ delayed > late @ price + 0.2


@pytest.mark.parametrize("cached_share", [0.0, 0.5, 1.0])
def test_bytes_do_not_depend_on_order_or_cache(encoder, uncached, tmp_path, cached_share):
    cold = encode_alone(uncached, COMMENTS)
    warm = with_cache(encoder, str(tmp_path))
    encode_alone(warm, COMMENTS[: int(cached_share * len(COMMENTS))])
    order = np.random.default_rng(1).permutation(len(COMMENTS))
    found = encode_alone(warm, [COMMENTS[i] for i in order])
    assert found.tobytes() == cold[order].tobytes()


def test_a_text_on_its_own_has_the_same_bytes_as_among_others(uncached):
    among = encode_alone(uncached, COMMENTS)
    assert encode_alone(uncached, COMMENTS[5:6])[0].tobytes() == among[5].tobytes()


def test_a_second_run_computes_nothing(encoder, tmp_path, computed):
    survey = survey_of(COMMENTS)
    spans = spans_of(survey)
    first = embed_spans(survey, spans, encoder=with_cache(encoder, str(tmp_path)))
    assert sum(computed) > 0
    computed.clear()
    told = []
    again = with_cache(encoder, str(tmp_path))
    second = embed_spans(survey, spans, encoder=again, progress=lambda *step: told.append(step))
    assert computed == [] and told == []
    assert first.in_context.tobytes() == second.in_context.tobytes()
    assert first.own_words.tobytes() == second.own_words.tobytes()


def test_repeated_texts_are_computed_once(uncached, computed):
    encode_alone(uncached, ["the same words"] * 50)
    assert sum(computed) == 1


def test_spans_beyond_what_the_model_reads_get_their_own_vectors(uncached):
    """A comment of several windows: late spans equal themselves, not the comment's beginning."""
    filler = "The engineer came to the house again and looked at the line. " * 25
    comment = filler + "Prices are too high. 😀 " + filler + "The app never crashes"
    survey = survey_of([comment])
    spans = spans_of(survey)
    vectors = embed_spans(survey, spans, encoder=uncached).in_context
    late = spans.table["text"].isin(["Prices are too high", "The app never crashes"]).to_numpy()
    assert late.sum() == 2 and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = encode_alone(uncached, ["Prices are too high", "The app never crashes"])
    assert np.diag(vectors[late] @ alone.T).min() > 0.6
    assert np.diag(vectors[late] @ alone.T).min() > (vectors[late] @ alone[::-1].T).diagonal().max() + 0.2


def test_one_span_longer_than_the_model_is_read_as_far_as_it_goes(uncached):
    vector = encode_alone(uncached, ["waiting for the line " * 120])
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)


@pytest.mark.parametrize("text", ["\u200d", "\ufe0f", "\x00", "   ", "\ud800 broken", "好", "😀"])
def test_odd_texts_have_finite_vectors(uncached, text):
    assert np.isfinite(encode_alone(uncached, [text.encode("utf-8", "replace").decode()])).all()


def test_nothing_to_embed(encoder):
    survey = survey_of(["...", "..."])
    embedding = embed_spans(survey, spans_of(survey), encoder=encoder)
    assert embedding.in_context.shape == embedding.own_words.shape == (0, 384)


def test_progress_ends_at_the_number_of_passages(uncached):
    told = []
    encode_alone(uncached, COMMENTS, progress=lambda *step: told.append(step))
    assert told[-1] == ("embed", len(COMMENTS), len(COMMENTS))


def test_altered_weights_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "model"
    shutil.copytree(encoder_module._packaged_folder(), folder)
    weights = folder / "model.safetensors"
    weights.chmod(0o644)
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    monkeypatch.setattr(encoder_module, "_packaged_folder", lambda: folder)
    with pytest.raises(EncoderError, match=r"sha256 .*expected 53aa51172d14.*Reinstall"):
        load_encoder(EncoderOptions(cache=""))


def test_an_unknown_model_says_the_way_out(tmp_path):
    with pytest.raises(EncoderError, match=r'encoder\.model ".*no-such-model" cannot be loaded: .*Give the folder'):
        load_encoder(EncoderOptions(model=str(tmp_path / "no-such-model"), cache=""))


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(EncoderError, match=r"Give the folder of a sentence-transformers"):
        load_encoder(EncoderOptions(model=str(tmp_path), cache=""))


def test_a_model_folder_gives_the_packaged_vectors_under_its_own_name(encoder, uncached, tmp_path):
    folder = tmp_path / "my-model"
    shutil.copytree(encoder_module._packaged_folder(), folder)
    own = load_encoder(EncoderOptions(model=str(folder), cache=""))
    assert own.card.name == "my-model" and own.card.dim == 384
    assert own.card.sha256 != encoder.card.sha256
    assert encode_alone(own, COMMENTS[:3]).tobytes() == encode_alone(uncached, COMMENTS[:3]).tobytes()
