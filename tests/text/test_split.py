import itertools
import json
import re
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import verbatim as vb
from verbatim.errors import ConfigError
from verbatim.records import SPAN_COLUMNS
from verbatim.text.split import SplitOptions, resolve_language, split_comments, split_texts

CASES = json.loads((Path(__file__).parent / "split_cases.json").read_text(encoding="utf-8"))
JOINING = "and|but|however|mas|aber|e|und"  # spans do without them where they begin
WORDS = (
    "but", "mas", "aber", "however", "and", "the", "slow", "price", "good", "e.g.", "3.5",
    "😀", "👨‍👩‍👧", "é", "e\u0301",
    "n't", "<email>", ",", ", ", ". ", "...", "…", ";", " - ",
    "\n", "\n- ", "\r\n2. ", "\u200b", "(", ")", "!", '"', " ",
    "𝒢", "好", "\x00", "\ufffd", "\u2028",
)  # fmt: skip


def spans_of(text: str, language: str = "en") -> list[str]:
    return [text[a:b] for a, b in next(split_texts([text], SplitOptions(language=language)))]


def as_parameter(case):
    return pytest.param(case, id=f"{case['language']} {case['text'][:40]!r}")


@pytest.mark.parametrize("case", [as_parameter(case) for case in CASES])
def test_cases(case):
    assert spans_of(case["text"], case["language"]) == case["spans"]


def test_offsets_count_code_points():
    placed = [case for case in CASES if "offsets" in case]
    assert len(placed) >= 3
    for case in placed:
        found = next(split_texts([case["text"]], SplitOptions(language=case["language"])))
        assert [list(offsets) for offsets in found] == case["offsets"]


def test_there_are_enough_cases_of_both_sorts():
    whole = sum(len(case["spans"]) <= 1 for case in CASES)
    assert len(CASES) >= 170
    assert 90 <= whole <= len(CASES) - 90
    assert {case["language"] for case in CASES} >= {"en", "pt", "es", "de", "fr", "xx"}


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)),
    language=st.sampled_from(["en", "pt", "de", "xx"]),
)
def test_spans_are_ordered_apart_and_lose_no_word(text, language):
    offsets = next(split_texts([text], SplitOptions(language=language)))
    assert offsets == sorted(offsets)
    assert all(0 <= a < b <= len(text) for a, b in offsets)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(offsets))
    assert all(text[a:b] == text[a:b].strip() for a, b in offsets)
    edges = [0, *itertools.chain.from_iterable(offsets), len(text)]
    outside = " ".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert re.fullmatch(rf"(?:\W|[\d_]|\b(?:{JOINING})\b)*", outside, re.IGNORECASE)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)),
        min_size=1,
        max_size=6,
    )
)
def test_spans_are_exact_and_lie_inside_their_answer(rows):
    frame = pd.DataFrame(
        {"NPS": [i % 11 for i in range(len(rows))], "why": [a for a, _ in rows], "improve": [b for _, b in rows]}
    )
    survey = vb.read_survey(frame, score="NPS", comment=["why", "improve"])
    table = split_comments(survey, SplitOptions(language="en")).table
    comments = survey.responses.set_index("response_id")["comment"]
    answers = survey.answers.set_index(["response_id", "question"])
    for span in table.itertuples():
        assert comments[span.response_id][span.start : span.end] == span.text
        answer = answers.loc[(span.response_id, span.question)]
        assert answer["start"] <= span.start < span.end <= answer["start"] + len(answer["text"])


@pytest.fixture(scope="module")
def table():
    frame = pd.DataFrame(
        {
            "id": ["b", "a", "c", "d"],
            "NPS": [3, 9, 7, 0],
            "why": ["Slow, but cheap. Fine", "😀 great app, but 💥 crashes", "...", "Slow, but cheap. Fine"],
            "improve": ["Lower the price; answer the phone", "", "", ""],
        }
    )
    survey = vb.read_survey(frame, score="NPS", comment=["why", "improve"], response_id="id")
    return split_comments(survey, SplitOptions(language="en")).table


def test_table_is_sorted_and_numbered(table):
    assert tuple(table.columns) == SPAN_COLUMNS
    assert table["span_id"].tolist() == ["a.1", "a.2", "b.1", "b.2", "b.3", "b.4", "b.5", "d.1", "d.2", "d.3"]
    assert table["span_id"].is_unique
    assert table.equals(table.sort_values(["response_id", "start"], kind="stable"))


def test_each_span_knows_its_question(table):
    b = table[table["response_id"] == "b"]
    assert b["question"].tolist() == ["why"] * 3 + ["improve"] * 2
    assert b["text"].tolist() == ["Slow", "cheap", "Fine", "Lower the price", "answer the phone"]


def test_an_answer_without_a_letter_or_digit_gives_none(table):
    assert "c" not in set(table["response_id"])


def test_later_stages_columns_are_empty(table):
    assert table[["theme_id", "similarity", "sentiment"]].isna().all().all()
    assert str(table["theme_id"].dtype) == "str"


def test_no_answers_at_all():
    survey = vb.read_survey(pd.DataFrame({"NPS": [3, 9], "why": ["", ""]}), score="NPS", comment="why")
    empty = split_comments(survey).table
    assert len(empty) == 0 and tuple(empty.columns) == SPAN_COLUMNS


def test_progress_counts_distinct_answers():
    frame = pd.DataFrame({"NPS": range(9), "why": ["slow", "dear", "slow"] * 3})
    told = []
    split_comments(vb.read_survey(frame, score="NPS", comment="why"), progress=lambda *step: told.append(step))
    assert told == [("split", 2, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 50_000 + "b",
        "and " * 20_000,
        "x" * 200_000,
        "a." * 20_000,
        ", " * 30_000 + "b",
        "\n " * 30_000 + "b",
        "a@" * 50_000,
        "so if " * 20_000,
        "nice " * 20_000,
    ],
    ids=[
        "blanks",
        "joining words",
        "one word",
        "full stops",
        "commas",
        "lines",
        "addresses",
        "conditions",
        "adjectives",
    ],
)
def test_hostile_texts_take_no_time(text):
    spans_of("warm up")
    start = time.perf_counter()
    assert len(spans_of(text)) == 1
    assert time.perf_counter() - start < 3


def test_short_pieces_follow_the_option():
    text = "Up, but ok"
    assert [text[a:b] for a, b in next(split_texts([text], SplitOptions(language="en", min_letters=3)))] == [text]


def test_the_language_is_found_or_given():
    frame = pd.DataFrame({"NPS": [1, 2], "why": ["o limite é muito pouco", "não gostei do cartão, mas é bonito"]})
    survey = vb.read_survey(frame, score="NPS", comment="why")
    assert resolve_language(survey, SplitOptions()) == "pt"
    assert resolve_language(survey, SplitOptions(language="en")) == "en"
    assert split_comments(survey).table["text"].tolist().count("é bonito") == 1


def test_an_unknown_language_is_refused_with_the_way_out():
    with pytest.raises(ConfigError, match=r'"qq".*two-letter code.*"xx"'):
        spans_of("hello", "qq")


def test_answers_that_say_nothing_give_no_span():
    survey = vb.read_survey(
        pd.DataFrame({"NPS": [9, 3, 0, 5] * 5, "Why?": ["STOP", "Stop calling me", "n/a", "10"] * 5})
    )
    assert set(split_comments(survey).table["text"]) == {"Stop calling me"}
