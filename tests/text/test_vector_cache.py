import sqlite3

import numpy as np
import pytest

from verbatim.errors import EncoderError
from verbatim.records import EncoderCard
from verbatim.text.vector_cache import VectorCache

CARD = EncoderCard("m", "0" * 64, 3)
VECTORS = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_what_is_written_is_read(tmp_path):
    cache = VectorCache.at(str(tmp_path / "new" / "folder"), CARD)
    key = cache.key("slow", [(0, 2), (2, 4)])
    assert cache.read([key]) == {}
    cache.write({key: VECTORS})
    assert VectorCache.at(str(tmp_path / "new" / "folder"), CARD).read([key])[key].tobytes() == VECTORS.tobytes()


def test_writing_twice_keeps_the_first(tmp_path):
    cache = VectorCache.at(str(tmp_path), CARD)
    cache.write({b"k": VECTORS})
    cache.write({b"k": VECTORS + 1})
    assert cache.read([b"k"])[b"k"].tobytes() == VECTORS.tobytes()


def test_keys_differ_by_text_spans_encoder_and_arithmetic():
    cache = VectorCache.at("", CARD)
    keys = {
        cache.key("slow", [(0, 4)]),
        cache.key("slow!", [(0, 4)]),
        cache.key("slow", [(0, 3)]),
        cache.key("slow", [(0, 2), (2, 4)]),
        VectorCache.at("", EncoderCard("m", "1" * 64, 3)).key("slow", [(0, 4)]),
        VectorCache.at("", CARD, "16 x 8").key("slow", [(0, 4)]),
    }
    assert len(keys) == 6
    assert cache.key("slow", [(0, 4)]) == VectorCache.at("", CARD).key("slow", [(0, 4)])


def test_no_folder_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cache = VectorCache.at("", CARD)
    cache.write({b"k": VECTORS})
    assert cache.read([b"k"]) == {}
    assert list(tmp_path.iterdir()) == []


def test_the_file_holds_no_text(tmp_path):
    cache = VectorCache.at(str(tmp_path), CARD)
    cache.write({cache.key("a very private remark", [(0, 4)]): VECTORS})
    assert b"private" not in (tmp_path / "vectors.sqlite").read_bytes()


def test_more_keys_than_one_query_takes(tmp_path):
    cache = VectorCache.at(str(tmp_path), CARD)
    keys = [cache.key(str(i), [(0, 1)]) for i in range(1_203)]
    cache.write(dict.fromkeys(keys, VECTORS))
    assert set(cache.read(keys)) == set(keys)


WAY_OUT = r"cannot be used: .*encoder\.cache = \"\" to do without"


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EncoderError, match=WAY_OUT):
        VectorCache.at(str(tmp_path / "file"), CARD)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "vectors.sqlite").write_text("not a database, long enough to be looked at " * 40)
    with pytest.raises(EncoderError, match=WAY_OUT):
        VectorCache.at(str(tmp_path), CARD)


def test_damage_found_while_reading_or_writing_is_refused(tmp_path):
    cache = VectorCache.at(str(tmp_path), CARD)
    cache.write({b"k": VECTORS})
    with sqlite3.connect(tmp_path / "vectors.sqlite") as connection:
        connection.execute("UPDATE vectors SET floats = x'0102'")
    with pytest.raises(EncoderError, match=WAY_OUT):
        cache.read([b"k"])
    with sqlite3.connect(tmp_path / "vectors.sqlite") as connection:
        connection.execute("DROP TABLE vectors")
    with pytest.raises(EncoderError, match=WAY_OUT):
        cache.read([b"k"])
    with pytest.raises(EncoderError, match=WAY_OUT):
        cache.write({b"k": VECTORS})
