"""The map and the tree of themes: everything that is drawn is in the model, and nothing is hidden."""

import json

import pytest

from verbatim.errors import ModelError
from verbatim.notebook.theme_charts import HEIGHT, WIDTH
from verbatim.report.drawing import SMALL, text_width


@pytest.fixture(scope="module")
def model(small_analysis):
    return small_analysis.themes.model


def subjects(model):
    return {model.themes[row].theme_id for row in model.leaves if model.themes[row].kind == "subject"}


def values(chart, *columns):
    """Rows of all data sets of a chart that have these columns."""
    tables = chart.to_dict()["datasets"].values()
    return [row for table in tables for row in table if set(columns) <= set(row)]


def test_the_map_holds_every_theme_in_the_picture(model):
    dots = values(model.theme_map(), "theme_id")
    assert {dot["theme_id"] for dot in dots} == subjects(model)
    assert all(
        dot["radius"] <= dot["x"] <= WIDTH - dot["radius"] and dot["radius"] <= dot["y"] <= HEIGHT - dot["radius"]
        for dot in dots
    )


def test_no_name_on_the_map_hides_another(model):
    boxes = []
    for layer in model.theme_map().to_dict()["layer"][1:]:
        align = layer["mark"]["align"]
        for label in model.theme_map().to_dict()["datasets"][layer["data"]["name"]]:
            wide = text_width(label["text"], SMALL)
            left = label["x"] - {"left": 0, "right": wide, "center": wide / 2}[align]
            boxes.append((left, left + wide, label["y"] - 6, label["y"] + 6))
    assert len(boxes) >= len(subjects(model)) * 0.8
    for k, (left, right, top, bottom) in enumerate(boxes):
        assert not any(
            left < r and lf < right and top < b and t < bottom for n, (lf, r, t, b) in enumerate(boxes) if n != k
        )


def test_the_tree_follows_edits(model):
    one, two = sorted(subjects(model))[:2]
    rows = values(model.move([one, two], "Logistics").theme_tree(), "theme_id")
    assert {row["theme_id"] for row in rows} == subjects(model)
    places = [k for k, row in enumerate(rows) if row["broader"] == "Logistics"]
    assert len(places) == 2 and places[1] == places[0] + 1


@pytest.mark.parametrize("what", ["theme_map", "theme_tree"])
def test_with_drivers_the_effect_is_told(small_analysis, model, what):
    rows = values(getattr(model, what)(small_analysis.drivers), "theme_id", "effect")
    effects = small_analysis.drivers.table.set_index("theme_id")["effect"]
    told = {row["theme_id"]: row["effect"] for row in rows}
    assert set(told) == subjects(model)
    assert all(told[key].startswith(f"{effects[key]:+.1f} [") for key in told if effects.notna()[key])


def test_a_model_of_one_theme_is_drawn_and_one_of_none_is_told(model):
    one = model.drop(sorted(subjects(model))[1:])
    assert len(values(one.theme_map(), "theme_id")) == len(values(one.theme_tree(), "theme_id")) == 1
    with pytest.raises(ModelError, match="no theme with a subject"):
        one.drop(sorted(subjects(model))[:1]).theme_tree()


def test_hostile_names_are_data(model):
    one = sorted(subjects(model))[0]
    hostile = '<img src=x onerror="alert(1)">'
    drawn = json.dumps(model.rename(one, hostile).theme_map().to_dict())
    assert json.dumps(hostile)[1:-1] in drawn
