"""Work shared out to processes gives what one process gives."""

import os
import signal
from functools import partial

import pytest

from verbatim.side_by_side import each_by_itself, side_by_side
from verbatim.text.languages import detect_languages
from verbatim.text.lexicon import _tones
from verbatim.text.masking.masker import Masker
from verbatim.text.masking.options import RedactOptions
from verbatim.text.split import SplitOptions, _cut


@pytest.mark.parametrize(
    "work",
    [detect_languages, _tones, partial(_cut, options=SplitOptions(language="en")), Masker(RedactOptions())._each],
    ids=["languages", "tones", "cut", "masked"],
)
def test_processes_change_nothing(work, small_survey):
    texts = list(dict.fromkeys(small_survey.answers["text"])) * 12
    told = []
    shared = each_by_itself(work, texts, "read", lambda *progress: told.append(progress), many=len(texts))
    assert shared == list(work(texts))
    assert told[-1] == ("read", len(texts), len(texts)) and len(told) > 2


def test_what_a_process_leaves_undone_is_done_here():
    here = os.getpid()

    def squared(number):
        if number == 7 and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number**2

    assert list(side_by_side(squared, range(30))) == [number**2 for number in range(30)]


def test_no_text_is_no_work():
    assert each_by_itself(detect_languages, [], many=0) == []
