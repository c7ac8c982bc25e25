import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text import embed
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import EncoderOptions
from verbatim.text.split import SplitOptions, split_comments
from verbatim.themes import portions
from verbatim.themes.discover import apply_themes, find_themes
from verbatim.themes.options import ThemeOptions
from verbatim.themes.portions import chosen_rows, some_at_once

ENGLISH = SplitOptions(language="en")


def spans_of(comments):
    frame = pd.DataFrame(
        {
            "id": [f"r{i:05d}" for i in range(len(comments))],
            "NPS": [i % 11 for i in range(len(comments))],
            "why": comments,
        }
    )
    return split_comments(vb.read_survey(frame, score="NPS", comment="why", response_id="id"), ENGLISH)


def test_rare_words_are_among_the_comments_chosen_and_no_comment_is_torn():
    comments = [f"The van was late and the bags were torn {i}" for i in range(3000)]
    comments[::500] = [f"A wasp nest in the porch {i}" for i in range(6)]
    spans = spans_of(comments)
    rows = chosen_rows(spans, 1000)
    chosen = spans.table.iloc[rows]
    assert chosen["response_id"].nunique() == 1000
    assert chosen["text"].str.contains("wasp").sum() == 6
    whole = spans.table[spans.table["response_id"].isin(chosen["response_id"])]
    assert len(whole) == len(chosen)
    assert chosen_rows(spans, 3000) is None


def test_the_choice_depends_on_no_order():
    comments = [f"The van was late {i}" for i in range(1500)]
    said = []
    for some in (comments, comments[::-1]):
        spans = spans_of(some)
        said.append(sorted(spans.table["text"].iloc[chosen_rows(spans, 1000)]))
    assert said[0] == said[1]


def test_spans_are_recognised_in_portions_that_cover_them_all(monkeypatch):
    spans = spans_of(["The van was late. The bags were torn"] * 10)
    monkeypatch.setattr(portions, "_SPANS_AT_ONCE", 6)
    found = list(some_at_once(spans))
    assert len(found) > 2 and np.concatenate(found).tolist() == list(range(len(spans.table)))
    for rows in found:
        inside = set(spans.table["response_id"].iloc[rows])
        assert not inside & set(spans.table["response_id"].drop(index=rows))


@pytest.fixture(scope="module")
def read(encoder):
    survey = vb.read_survey(simulate_survey(SimulationOptions(n=3000)).table)
    spans = split_comments(survey, ENGLISH)
    return spans, embed_spans(survey, spans, encoder=encoder)


def test_themes_found_in_some_comments_are_recognised_in_all(read, encoder, monkeypatch):
    spans, embedding = read
    everything, all_themes = find_themes(spans, embedding, encoder)
    some, themes = find_themes(spans, embedding, encoder, options=ThemeOptions(fit_on=1000))
    assert set(some.table["response_id"]) == set(everything.table["response_id"])
    assert abs(some.table["theme_id"].isna().mean() - everything.table["theme_id"].isna().mean()) < 0.05
    assert {"General praise", "General dissatisfaction"} <= {theme.name for theme in themes.themes}
    assert abs(len(themes.themes) - len(all_themes.themes)) <= 12
    assert sum(theme.n_spans for theme in themes.themes) > 0.9 * sum(theme.n_spans for theme in all_themes.themes)
    monkeypatch.setattr(portions, "_SPANS_AT_ONCE", 500)
    again, _ = find_themes(spans, embedding, encoder, options=ThemeOptions(fit_on=1000))
    pd.testing.assert_frame_equal(again.table, some.table)


def test_processes_side_by_side_recognise_the_same(encoder, small_survey, monkeypatch):
    spans = split_comments(small_survey, ENGLISH)
    fast = EncoderOptions(speed="fast", fast_from=1, taught=200, min_agreement=0.1)
    monkeypatch.setattr(embed, "MOST_HELD", 100)
    embedding = embed_spans(small_survey, spans, fast, encoder)
    found = find_themes(spans, embedding, encoder, options=ThemeOptions(fit_on=1000))[1].model
    one, _ = apply_themes(spans, embedding, encoder, found)
    monkeypatch.setattr(portions, "_SPANS_AT_ONCE", 200)
    monkeypatch.setattr(portions, "_SIDE_BY_SIDE", 1)
    shared, _ = apply_themes(spans, embedding, encoder, found)
    assert not embedding.held and len(spans.table) > 400
    pd.testing.assert_frame_equal(shared.table, one.table)
