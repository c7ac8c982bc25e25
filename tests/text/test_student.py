from functools import partial

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.config import Config
from verbatim.errors import EncoderError
from verbatim.records import Analysis
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text import embed
from verbatim.text.embed import OnDemand, embed_spans
from verbatim.text.encoder import EncoderOptions, encode_alone
from verbatim.text.lexical import LexicalEncoder
from verbatim.text.pace import choose_reader
from verbatim.text.split import SplitOptions, split_comments
from verbatim.text.teaching import covering, places_among, teach
from verbatim.text.wording import Wording

TAUGHT = 150


@pytest.fixture(scope="module")
def material(small_survey):
    """Comments, the places of their spans, and the spans' texts."""
    table = split_comments(small_survey, SplitOptions(language="en")).table
    comments = small_survey.responses.dropna(subset="comment").set_index("response_id")["comment"]
    comment = pd.Series(np.arange(len(comments)), index=comments.index).loc[table["response_id"]]
    places = np.column_stack([comment, table["start"], table["end"]]).astype(np.int64)
    return comments.tolist(), places, table["text"].tolist()


@pytest.fixture(scope="module")
def taught(encoder, material):
    comments, places, texts = material
    return teach(encoder, comments, partial(places_among, comments, places), texts, TAUGHT)


def test_it_reads_unseen_texts_much_as_its_teacher_does(encoder, taught):
    student, agreement = taught
    assert set(agreement) == {"alone", "in context"}
    assert all(each.n > 10 and each.cosine > 0.6 for each in agreement.values())
    late, delayed, price = encode_alone(student, ["my delivery was late", "a late van", "prices are too high"])
    assert late @ delayed > late @ price + 0.2
    both = [encode_alone(each, ["the delivery was very late again"])[0] for each in (encoder, student)]
    assert both[0] @ both[1] > 0.7


def test_a_text_has_the_same_bytes_in_any_company(taught, material):
    student, (comments, places, _) = taught[0], material
    among = student.encode(comments, places)
    rows = np.random.default_rng(1).permutation(len(places))[:40]
    apart = np.concatenate([student.encode(comments, places[row : row + 1]) for row in rows])
    assert among.dtype == np.float32 and apart.tobytes() == among[rows].tobytes()
    assert np.allclose(np.linalg.norm(among, axis=1), 1, atol=1e-5)


def test_what_it_learns_depends_on_no_order_and_no_repeats(encoder, taught, material):
    comments, places, texts = material
    order = np.random.default_rng(2).permutation(len(comments))
    back = np.argsort(order)
    moved = np.column_stack([back[places[:, 0]], places[:, 1:]])
    others = [comments[row] for row in order] + comments[:9]
    again, agreement = teach(encoder, others, partial(places_among, others, moved), texts[::-1], TAUGHT)
    assert agreement == taught[1]
    assert again.encode(comments, places).tobytes() == taught[0].encode(comments, places).tobytes()


@pytest.mark.parametrize("text", ["", "...", "😀", "\x00", "¿qué?", "a" * 5000])
def test_any_text_has_a_vector(taught, text):
    vector = encode_alone(taught[0], [text])[0]
    assert np.isfinite(vector).all() and abs(np.linalg.norm(vector) - 1) < 1e-5


def test_words_that_few_texts_hold_are_covered():
    texts = {f"the van was late {i}" for i in range(200)} | {"rotten pears", "pears again"}
    assert {"rotten pears", "pears again"} <= set(covering(texts, 20))
    assert len(covering(texts, 20)) == 20


def test_unknown_words_are_read_by_their_parts():
    wording = Wording.learnt(["ab", "cd"], lambda words: [[len(word)] for word in words], 9)
    row = wording.rows(["xyz"]).toarray()[0]
    assert row[: wording.n_known].tolist() == [0, 0] and row[wording.n_known + 3] == 1


def test_what_is_read_on_demand_is_what_is_held(encoder, small_survey, monkeypatch):
    spans = split_comments(small_survey, SplitOptions(language="en"))
    fast = EncoderOptions(speed="fast", fast_from=1, taught=TAUGHT, min_agreement=0.1)
    held = embed_spans(small_survey, spans, fast, encoder)
    monkeypatch.setattr(embed, "MOST_HELD", 100)
    monkeypatch.setattr(embed, "_SPANS_AT_ONCE", 30)
    demanded = embed_spans(small_survey, spans, fast, encoder)
    assert isinstance(demanded, OnDemand) and not isinstance(held, OnDemand)
    rows = np.flatnonzero(np.arange(len(spans.table)) % 7 < 3)
    for one, other in ((held.take(rows), demanded.take(rows)), (held.whole(), demanded.whole())):
        pd.testing.assert_frame_equal(one.pieces, other.pieces)
        for name in ("in_context", "own_words", "of_pieces"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


def test_who_reads_what(encoder, material):
    comments, places, texts = material
    inside = partial(places_among, comments, places)

    def chosen(reader=encoder, **options):
        return choose_reader(reader, comments, inside, texts, EncoderOptions(taught=TAUGHT, **options))

    assert chosen()[0] is encoder and chosen()[1].note is None
    assert chosen(speed="exact", fast_from=1)[0] is encoder
    reader, pace = chosen(fast_from=100, min_agreement=0.1)
    assert reader is not encoder and pace.speed == "fast" and "held out" in pace.note
    reader, pace = chosen(fast_from=100, min_agreement=0.999)
    assert reader is encoder and pace.speed == "exact" and "too unlike" in pace.note and pace.agreement
    with pytest.raises(EncoderError, match="min_agreement"):
        chosen(speed="fast", min_agreement=0.999)
    few = choose_reader(encoder, comments[:50], inside, texts, EncoderOptions(speed="fast"))
    assert few[0] is encoder and "changed nothing" in few[1].note
    lexical = LexicalEncoder.fit(texts, "en")
    assert chosen(lexical, speed="fast")[0] is lexical


def tables(analysis: Analysis) -> tuple[str, ...]:
    return (
        analysis.spans.table.to_csv(),
        analysis.mentions.table.to_csv(),
        analysis.drivers.table.to_csv(),
        repr(analysis.themes.themes),
    )


def test_a_fast_run_of_shuffled_rows_and_a_cold_cache_gives_the_same_bytes(encoder, small_survey, tmp_path):
    fast = {"speed": "fast", "taught": TAUGHT, "min_agreement": 0.1}
    config = Config(encoder=EncoderOptions(**fast))
    warm = vb.analyze(small_survey, encoder=encoder, config=config)
    told = warm.manifest["encoder"]
    assert told["speed"] == "fast" and told["agreement"]["alone"]["cosine"] > 0.6
    shuffled = simulate_survey(SimulationOptions(n=900)).table.sample(frac=1, random_state=3)
    cold = Config(encoder=EncoderOptions(cache=str(tmp_path), **fast))
    assert tables(vb.analyze(vb.read_survey(shuffled), config=cold)) == tables(warm)
