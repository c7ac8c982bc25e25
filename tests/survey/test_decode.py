import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbatim.survey.decode import decode

SAID = [
    "Très déçu, à éviter",
    "Qualität schlägt Preis, größtenteils",
    "não recomendo, opções péssimas",
    "año tras año",
    "£5 – don’t",
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("page", ["utf-8", "cp1252", "cp850"])
def test_each_line_is_read_by_its_own_encoding(said, page):
    if page == "cp850" and "–" in said:
        pytest.skip("cp850 has no dash")
    data = "score,why\n9,schön und größer\n".encode() + f"8,{said}\n".encode(page)
    assert decode(data, "s.csv").text.splitlines()[2] == f"8,{said}"


def test_four_encodings_in_one_file_are_counted():
    data = "9,schön\n9,naïve\n".encode() + "8,garçon\n".encode("cp850") + "7,Müller\n".encode("latin-1") + b"6,plain\n"
    found = decode(data, "s.csv")
    assert found.text.split() == ["9,schön", "9,naïve", "8,garçon", "7,Müller", "6,plain"]
    assert found.encoding == "utf-8"
    assert found.changed == {
        "lines read as cp1252 in a file that is mostly utf-8": 1,
        "lines read as cp850 in a file that is mostly utf-8": 1,
    }


def test_utf16_without_a_mark():
    assert decode("score,why\n9,für\n".encode("utf-16-le"), "s.csv").text == "score,why\n9,für\n"
    assert decode("score,why\n9,für\n".encode("utf-16-be"), "s.csv").encoding == "utf-16-be"


def test_other_alphabets_are_read_whole():
    said = "score,why\n" + "9,Очень хорошее обслуживание, спасибо большое\n" * 5
    assert decode(said.encode("cp1251"), "s.csv").text == said


@given(st.binary(max_size=300))
def test_any_bytes_become_text_with_every_line_kept(data):
    found = decode(data, "s.csv")
    assert isinstance(found.text, str)
    if found.encoding in ("utf-8", "cp1252", "cp850"):
        assert found.text.count("\n") == data.removeprefix(b"\xef\xbb\xbf").count(b"\n")
