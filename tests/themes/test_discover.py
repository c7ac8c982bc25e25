import warnings

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.text.embed import embed_spans
from verbatim.text.split import SplitOptions, split_comments
from verbatim.themes.discover import find_themes
from verbatim.themes.model_folder import theme_to_json
from verbatim.themes.options import ThemeOptions

TABLES = ("responses", "spans", "mentions", "themes")


def tables(analysis):
    """Return what a run publishes of responses, spans, mentions and themes, as text."""
    return {
        "responses": analysis.survey.responses.to_csv(),
        "spans": analysis.spans.table.to_csv(),
        "mentions": analysis.mentions.table.to_csv(),
        "themes": str([theme_to_json(theme) for theme in analysis.themes.themes]),
    }


def found(comments, encoder, options=None, language="en"):
    frame = pd.DataFrame(
        {
            "id": [f"r{i:04d}" for i in range(len(comments))],
            "NPS": [i % 11 for i in range(len(comments))],
            "why": comments,
        }
    )
    survey = vb.read_survey(frame, score="NPS", comment="why", response_id="id")
    spans = split_comments(survey, SplitOptions(language="en"))
    return find_themes(spans, embed_spans(survey, spans, encoder=encoder), encoder, language, options)


@pytest.fixture(scope="module")
def first_comments(small_analysis):
    return small_analysis.survey.responses["comment"].dropna().tolist()[:200]


def test_the_order_of_rows_does_not_matter(small_analysis, encoder):
    """A survey read from shuffled rows: the same bytes."""
    from verbatim.simulate import SimulationOptions, simulate_survey

    shuffled = simulate_survey(SimulationOptions(n=900)).table.sample(frac=1, random_state=3)
    again = tables(vb.analyze(vb.read_survey(shuffled), encoder=encoder))
    before = tables(small_analysis)
    assert [name for name in TABLES if again[name] != before[name]] == []


def test_themes_never_see_the_scores(small_survey, small_analysis, encoder):
    from dataclasses import replace

    from verbatim.nps import category

    score = small_survey.responses["score"].sample(frac=1, random_state=5).reset_index(drop=True)
    responses = small_survey.responses.assign(score=score, category=category(score))
    again = vb.analyze(replace(small_survey, responses=responses), encoder=encoder)
    columns = ["span_id", "text", "theme_id", "similarity"]
    assert again.spans.table[columns].equals(small_analysis.spans.table[columns])
    assert tables(again)["themes"] == tables(small_analysis)["themes"]
    assert not again.spans.table["sentiment"].equals(small_analysis.spans.table["sentiment"])


def leaves(themes):
    return [themes.themes[row] for row in themes.model.leaves]


def test_themes_are_numbered_by_size(small_analysis):
    themes = leaves(small_analysis.themes)
    assert [theme.theme_id for theme in themes] == [f"T{i:02d}" for i in range(1, len(themes) + 1)]
    counts = small_analysis.spans.table["theme_id"].value_counts()
    assert [theme.n_spans for theme in themes] == [counts[theme.theme_id] for theme in themes]
    assert min(theme.n_spans for theme in themes if theme.kind == "subject") >= ThemeOptions().min_spans


def test_every_exemplar_is_a_span_of_its_theme_or_of_a_part_of_it(small_analysis):
    theme_of = small_analysis.spans.table.set_index("span_id")["theme_id"]
    themes = small_analysis.themes.themes
    for theme in themes:
        parts = {part.theme_id for part in themes if part.parent_id == theme.theme_id} or {theme.theme_id}
        assert 0 < len(theme.exemplars) <= 8
        assert len(set(theme.exemplars)) == len(theme.exemplars)
        assert set(theme_of[list(theme.exemplars)]) <= parts


def test_most_comments_have_a_theme_and_some_have_several(small_analysis):
    ledger = small_analysis.manifest["ledger"]
    assert ledger["with_theme"] >= 0.9 * ledger["with_span"]
    per_response = small_analysis.mentions.table.groupby("response_id").size()
    assert (per_response > 1).mean() > 0.2


def test_a_span_of_two_themes_is_there_once_for_each(small_analysis):
    table, model = small_analysis.spans.table, small_analysis.themes.model
    said = table.dropna(subset="theme_id")
    assert table["span_id"].is_unique
    assert not said.duplicated(["response_id", "start", "end", "theme_id"]).any()
    twice = said[said.duplicated(["response_id", "start", "end"], keep=False)]
    kinds = {theme.theme_id: theme.kind for theme in small_analysis.themes.themes}
    assert 0 < len(twice) < 0.5 * len(said)
    assert set(twice["theme_id"].map(kinds)) == {"subject"}
    assert (table["similarity"].isna() == table["theme_id"].isna()).all()
    assert said.loc[said["theme_id"].map(kinds) == "subject", "similarity"].min() >= model.min_similarity


def test_what_is_not_clear_counts_only_where_nothing_in_the_comment_is_clearer(small_analysis):
    kinds = {theme.theme_id: theme.kind for theme in small_analysis.themes.themes}
    said = small_analysis.spans.table.dropna(subset="theme_id")
    said = said[said["theme_id"].map(kinds) == "subject"]
    unclear = said[said["similarity"] < small_analysis.themes.model.clear_similarity]
    assert not unclear["response_id"].duplicated().any()


def test_general_praise_and_complaint_are_kept_apart(small_analysis):
    themes = small_analysis.themes.by_id()
    general = {theme.name for theme in themes.values() if theme.kind == "general"}
    assert general <= {"General praise", "General dissatisfaction"} and general
    ids = [theme_id for theme_id, theme in themes.items() if theme.kind == "general"]
    assert not small_analysis.drivers.table["theme_id"].isin(ids).any()


def test_planted_themes_are_found_apart(small_analysis):
    """Spans that hold a planted theme's own word lie mostly in one theme."""
    table = small_analysis.spans.table.dropna(subset="theme_id")
    for word in ("substitut", "driver", "slot", "app ", "plastic", "website"):
        themes = table.loc[table["text"].str.lower().str.contains(word), "theme_id"].value_counts(normalize=True)
        assert themes.iloc[0] > 0.4, (word, themes.head().to_dict())


def test_two_hundred_comments_give_readable_themes(first_comments, encoder):
    _, themes = found(first_comments, encoder)
    subjects = [theme for theme in themes.themes if theme.kind == "subject"]
    assert 5 <= len(subjects) <= 15
    assert not any(theme.name[0].isdigit() for theme in subjects)


def test_detail_sets_how_many_are_looked_for(first_comments, encoder):
    few, normal, many = (
        len(found(first_comments, encoder, ThemeOptions(detail=detail))[1].themes) for detail in (3, "normal", "many")
    )
    assert few <= 3 + 2 < normal <= many


TWELVE = [
    "Late delivery", "The driver was rude", "App crashes", "Too expensive", "Great range", "Nobody answers the phone",
    "Love it", "10", "My parcel was lost", "Prices went up", "Website is slow", "No weekend slots",
]  # fmt: skip


@pytest.mark.parametrize(
    "comments",
    [
        ["The delivery is always late"] * 60,
        ["10", "stop", "n/a", "...", "because", "ok"] * 10,
        ["very good", "terrible", "excellent", "awful"] * 10,
        TWELVE,
        ["The engineer came late and the line is dead. " * 300],
        ["...", "!!!", ""],
        ["late delivery", "price"] * 40,
        ["😀", "👍🏽", "💥💥"] * 10,
        [f"Mail jo{i}@example.com" for i in range(30)],
        ["x" * 5_000, "\u202eright to left", "\x00null", "=1+1", "<script>alert(1)</script>"] * 4,
    ],
    ids=[
        "all alike", "content-free", "general only", "twelve", "one long", "no spans", "two texts", "emoji",
        "placeholders",
        "hostile",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "xx"])
def test_poor_surveys_give_finite_answers_and_no_warning(comments, encoder, language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spans, themes = found(comments, encoder, language=language)
    table = spans.table
    assert (table["theme_id"].isna() == table["similarity"].isna()).all()
    assert np.isfinite(themes.model.centroids).all() and np.isfinite(themes.model.centre).all()
    names = [theme.name for theme in themes.themes]
    assert all(names) and len(set(names)) == len(names)
    assert not any("<" in name for name in names)


def test_comments_all_alike_are_one_theme(encoder):
    spans, themes = found(["The delivery is always late"] * 60, encoder)
    assert [theme.n_spans for theme in themes.themes] == [60]
    assert "late" in themes.themes[0].name.lower() or "delivery" in themes.themes[0].name.lower()
    assert (spans.table["similarity"] > 0.99).all()


def test_content_free_answers_have_no_theme(encoder):
    spans, themes = found(["10", "stop", "n/a", "because"] * 20 + ["late delivery"] * 10, encoder)
    empty = spans.table["text"].isin(["10", "stop", "n/a", "because"])
    assert spans.table.loc[empty, "theme_id"].isna().all()
    assert len(themes.themes) == 1


def test_the_records_given_are_not_changed(small_analysis, encoder):
    survey = small_analysis.survey
    spans = split_comments(survey, SplitOptions(language="en"))
    embedding = embed_spans(survey, spans, encoder=encoder)
    before = embedding.of_pieces.copy(), embedding.own_words.copy()
    find_themes(spans, embedding, encoder)
    assert spans.table["theme_id"].isna().all()
    assert (embedding.of_pieces == before[0]).all() and (embedding.own_words == before[1]).all()
