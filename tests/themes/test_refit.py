"""Themes fitted again keep their ids; what is new is born, what nobody speaks of is retired."""

import pytest
from tests.themes.test_proposals import wave

import verbatim as vb
from verbatim.themes.model import ThemeModel
from verbatim.themes.refit import matched


@pytest.fixture(scope="module")
def model(small_analysis):
    return small_analysis.themes.model


def test_a_refit_to_the_same_survey_keeps_every_theme(model, small_survey, small_analysis, encoder):
    edited = model.rename("T01", "The first").merge(["T02", "T03"])
    again = edited.refit(small_survey, encoder=encoder)
    names = {theme.theme_id: theme.name for theme in again.themes}
    assert {theme.theme_id: theme.name for theme in edited.themes}.items() <= names.items()
    assert "T03" not in names and "T03" in {theme.theme_id for theme in again.retired}
    assert again.history == () and again.shown == edited.shown
    spoken = lambda a: set(zip(a.mentions.table["response_id"], a.mentions.table["theme_id"], strict=True))  # noqa: E731
    before = spoken(vb.analyze(small_survey, model=edited, encoder=encoder))
    after = spoken(vb.analyze(small_survey, model=again, encoder=encoder))
    assert len(before & after) / len(before) >= 0.95


def test_edits_before_a_refit_stay_on_record(model, small_survey, encoder, tmp_path):
    edited = model.rename(model.themes[0].theme_id, "Late vans", why="the team's word")
    again = ThemeModel.load(edited.refit(small_survey, encoder=encoder).save(tmp_path / "model"))
    assert [edit.action for edit in again.past] == ["rename", "refit"] and again.past[0].why == "the team's word"
    assert again.history == () and "renamed" in again.themes[0].lineage[-1]


def test_what_is_new_is_born_with_a_new_id(model, encoder):
    whole = wave(5, extra=60)
    again = model.refit(whole, encoder=encoder)
    known = {theme.theme_id for theme in model.themes}
    born = [theme for theme in again.themes if theme.theme_id not in known]
    assert any("park" in " ".join((theme.name, *theme.keywords)).lower() for theme in born)
    assert all("born" in theme.lineage[0] for theme in born)


def test_what_nobody_speaks_of_is_retired(model, small_survey, small_analysis, encoder):
    gone = next(model.themes[row] for row in model.leaves if model.themes[row].kind == "subject")
    speak = small_analysis.mentions.table.query("theme_id == @gone.theme_id")["response_id"]
    table = small_survey.responses[~small_survey.responses["response_id"].isin(speak)]
    again = model.refit(vb.read_survey(table, score="score", comment="comment", segments=[]), encoder=encoder)
    assert gone.theme_id in {theme.theme_id for theme in again.retired}
    assert gone.theme_id not in {theme.theme_id for theme in again.themes}


def test_matching_is_one_to_one_by_centroid_and_members(model):
    rows, _ = model.nearest(model.vectors + model.centre)
    matches = matched(model, model, model.vectors, rows, rows)
    assert all(match.old == match.new and match.alike > 0.99 for match in matches)
    assert len({match.old for match in matches}) == len(matches) >= len(model.leaves) - 2
