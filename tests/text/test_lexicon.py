import numpy as np
import pytest

from verbatim.text.lexicon import has_lexicon, read_lexicon

PRAISE = ("Great service", "Better than expected", "It couldn't be better", "Not bad at all", "We love the new app")
COMPLAINT = ("Terrible service", "Not good", "I don\u2019t love it", "The staff were rude", "don\ufffdt like it")
NOTHING = (
    "It could be better",
    "I was hoping for a great stay",
    "If it were a good price",
    "It came on Monday",
    "",
    "10",
)


@pytest.mark.parametrize(
    ("texts", "sign"), [(PRAISE, 1), (COMPLAINT, -1), (NOTHING, 0)], ids=["praise", "complaint", "nothing"]
)
def test_tone_of_a_text(texts, sign):
    tones = read_lexicon(texts)
    assert np.sign(tones).tolist() == [sign] * len(texts), tones


def test_complaint_in_a_wish_is_still_one():
    assert read_lexicon(["It could be less awful"])[0] < 0


def test_other_languages_have_none():
    assert not has_lexicon("pt") and read_lexicon(["muito bom"], "pt") is None


def test_no_texts_give_no_tones():
    assert read_lexicon([]).shape == (0,)
