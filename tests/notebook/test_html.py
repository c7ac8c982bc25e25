"""What a notebook shows of a result."""

from dataclasses import replace

import pytest

import verbatim as vb

HOSTILE = "<script>alert('x')</script>"


def test_every_result_shows_its_table_and_its_sentence(small_analysis):
    drivers = small_analysis.drivers
    worst = drivers.leaves().sort_values("rank").iloc[0]
    answer = vb.what_if(drivers, {worst["theme_id"]: -0.5})
    for result in (small_analysis, drivers, small_analysis.themes.model, answer):
        shown = result._repr_html_()
        assert "<table" in shown and "<p>" in shown and worst["name"] in shown
    assert f"NPS {drivers.nps.score:+.1f}" in drivers._repr_html_()


def test_a_comparison_shows_its_account(small_analysis):
    shown = vb.compare(small_analysis, small_analysis)._repr_html_()
    assert "segment mix" in shown.casefold() and "<table" in shown


def test_hostile_texts_are_escaped(small_analysis):
    table = small_analysis.drivers.table.assign(name=HOSTILE)
    survey = small_analysis.survey
    reading = replace(survey.reading, source=HOSTILE)
    model = small_analysis.themes.model
    themes = tuple(replace(theme, name=HOSTILE, keywords=(HOSTILE,)) for theme in model.themes)
    hostile = replace(
        small_analysis,
        drivers=replace(small_analysis.drivers, table=table, refusals=(HOSTILE,)),
        survey=replace(survey, reading=reading),
    )
    for shown in (hostile._repr_html_(), replace(model, themes=themes)._repr_html_()):
        assert "<script" not in shown and "&lt;script&gt;" in shown


def test_what_has_no_form_is_a_type_error():
    from verbatim.notebook.html import html_of

    with pytest.raises(TypeError, match="int has no form"):
        html_of(3)
