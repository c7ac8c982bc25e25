from hypothesis import given
from hypothesis import strategies as st

from verbatim.report.options import ReportOptions
from verbatim.report.quotes import choose_quotes, passage


def test_quotes_are_pieces_of_their_own_comment_and_hold_their_span(analysis):
    comments = analysis.survey.responses.set_index("response_id")["comment"]
    spans = set(zip(analysis.spans.table["theme_id"], analysis.spans.table["text"], strict=True))
    chosen = choose_quotes(analysis, ReportOptions())
    assert len(chosen) == 11
    for theme_id, quotes in chosen.items():
        assert len({quote.response_id for quote in quotes}) == len(quotes) <= 3
        for quote in quotes:
            assert comments[quote.response_id][quote.start :].startswith(quote.text)
            assert (theme_id, quote.text[quote.mark_start : quote.mark_end]) in spans


def test_segments_are_named_only_while_the_group_is_large_enough(analysis):
    responses = analysis.survey.responses
    quotes = [q for quotes in choose_quotes(analysis, ReportOptions(minimum_group=25)).values() for q in quotes]
    assert any(quote.segments for quote in quotes) and any(len(quote.segments) < 3 for quote in quotes)
    for quote in quotes:
        group = responses
        for name, value in quote.segments:
            group = group[group[name] == value]
        assert len(group) >= 25


def test_themes_too_small_are_not_quoted(analysis):
    assert choose_quotes(analysis, ReportOptions(minimum_group=10_000)) == {}
    assert choose_quotes(analysis, ReportOptions(quotes=False)) == {}


@given(st.text(max_size=400), st.data())
def test_a_passage_always_holds_its_span(comment, data):
    start = data.draw(st.integers(0, len(comment)))
    end = data.draw(st.integers(start, len(comment)))
    first, last = passage(comment, start, end, 80)
    assert 0 <= first <= start <= end <= last <= len(comment)
    assert last - first <= max(80, len(comment.strip()) if len(comment.strip()) <= 80 else 80, end - start) + 80


def test_a_passage_is_cut_between_words():
    comment = " ".join(f"word{i}" for i in range(200))
    start = comment.index("word90")
    first, last = passage(comment, start, start + 6, 100)
    assert last - first <= 100
    assert comment[first:last].split() == [w for w in comment.split() if w in comment[first:last].split()]
