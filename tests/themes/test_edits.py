"""Edits of a theme model: what each does, and that any sequence of them replays and reverses."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import verbatim as vb
from verbatim.errors import EditError
from verbatim.text.embed import embed_spans
from verbatim.text.split import split_comments
from verbatim.themes.discover import apply_themes
from verbatim.themes.history import replayed
from verbatim.themes.model import ThemeModel


@pytest.fixture(scope="module")
def model(small_analysis):
    return small_analysis.themes.model


@pytest.fixture(scope="module")
def applied(small_analysis, encoder):
    """Recognise themes in the survey the model comes from: spans by theme id."""
    spans = split_comments(small_analysis.survey)
    embedding = embed_spans(small_analysis.survey, spans, encoder=encoder)

    def spoken(model):
        table = apply_themes(spans, embedding, encoder, model)[0].table.dropna(subset=["theme_id"])
        keys = table["response_id"] + " " + table["start"].astype("str")
        return {theme_id: set(part) for theme_id, part in keys.groupby(table["theme_id"])}

    return spoken


def subjects(model):
    return [model.themes[row].theme_id for row in model.leaves if model.themes[row].kind == "subject"]


def state(model):
    """All that makes a model what it is, but for the ids that undone edits used up."""
    prototypes = model.prototypes
    return (
        model.themes, model.retired, model.history, model.members["theme_id"].tolist(), prototypes.theme_of.tolist(),
        prototypes.within.tolist(), prototypes.vectors.tobytes(), prototypes.least.tolist(),
    )  # fmt: skip


def as_text(model):
    return repr(state(model))


def test_a_rename_keeps_the_id_and_tells_the_old_name(model):
    old = model.themes[0]
    new = model.rename(old.theme_id, "Late vans", why="the team's word")
    assert new.themes[0].name == "Late vans" and new.themes[0].theme_id == old.theme_id
    assert f"renamed from \u201c{old.name}\u201d (the team's word)" in new.themes[0].lineage[-1]
    assert model.themes[0] == old and not new.themes[0].confirm_next_wave


def test_themes_are_found_by_name_too(model):
    name = model.themes[0].name
    assert as_text(model.rename(name, "Late vans")) == as_text(model.rename(model.themes[0].theme_id, "Late vans"))


def test_general_themes_are_recognised_under_any_name(model, applied):
    general = [theme for theme in model.themes if theme.kind == "general"]
    assert {theme.tone for theme in general} == {"praise", "complaint"}
    before, renamed = applied(model), model
    for theme in general:
        renamed = renamed.rename(theme.theme_id, f"Mood {theme.tone}")
    assert applied(renamed) == before


def test_what_is_merged_is_the_union(model, applied):
    one, two = subjects(model)[:2]
    before, after = applied(model), applied(model.merge([one, two]))
    assert after[one] == before[one] | before[two] and two not in after
    assert {k: v for k, v in after.items() if k != one and not k.startswith("P")} == {
        k: v for k, v in before.items() if k not in (one, two)
    }


def test_the_parts_of_a_split_are_the_whole_and_merge_back_to_it(model, applied):
    whole = max(subjects(model), key=lambda i: (model.members["theme_id"] == i).sum())
    parts = model.split(whole, 3, why="too broad")
    made = parts.history[-1].made
    before, after = applied(model), applied(parts)
    assert set.union(*(after.get(i, set()) for i in made)) == before[whole] and len(made) == 3
    assert all(after[i] for i in made) and whole not in after
    assert applied(parts.merge(made))[made[0]] == before[whole]
    assert "split from" in next(t for t in parts.themes if t.theme_id == made[0]).lineage[0]


def test_a_split_by_phrases_names_its_parts(model, encoder):
    whole = max(subjects(model), key=lambda i: (model.members["theme_id"] == i).sum())
    parts = model.split(whole, {"Late": ["it came late"], "Never": ["it never came"]}, encoder=encoder)
    assert [theme.name for theme in parts.themes if theme.theme_id in parts.history[-1].made] == ["Late", "Never"]


def test_what_is_dropped_speaks_of_nothing(model, applied):
    gone = subjects(model)[0]
    before, after = applied(model), applied(model.drop(gone))
    assert gone not in after
    assert after == {k: v for k, v in before.items() if k != gone}


def test_an_added_theme_is_found_by_its_phrases(model, applied, encoder):
    texts = model.members["text"].tolist()
    added = model.add("As said", texts[:3], definition="what they said", encoder=encoder)
    theme = next(theme for theme in added.themes if theme.name == "As said")
    assert theme.source == "given" and theme.theme_id in added.history[-1].made
    near, similarity = added.nearest(added.prototypes.vectors[-1:] + added.centre)
    assert added.themes[near[0]].theme_id == theme.theme_id and similarity[0] == pytest.approx(1, abs=1e-3)


def test_a_broader_theme_is_made_and_goes_with_its_last_part(model):
    one, two = subjects(model)[:2]
    moved = model.move([one, two], "Logistics")
    over = next(theme for theme in moved.themes if theme.name == "Logistics")
    assert over.level == 1 and {t.theme_id for t in moved.themes if t.parent_id == over.theme_id} == {one, two}
    assert {t.level for t in moved.themes if t.theme_id in (one, two)} == {2}
    back = moved.move([one, two], None)
    assert over.theme_id not in {theme.theme_id for theme in back.themes}
    assert over.theme_id in {theme.theme_id for theme in back.retired}
    assert back.move(one, "Logistics").history[-1].made[0] != over.theme_id


def test_retired_and_undone_ids_are_never_given_again(model):
    one = subjects(model)[0]
    parts = model.split(one, 2)
    made = set(parts.history[-1].made)
    again = parts.undo().split(one, 2).undo().drop(one)
    assert made.isdisjoint(again.split(subjects(again)[0], 2).history[-1].made)
    with pytest.raises(EditError, match=rf"{one} is no theme any more\..*dropped"):
        again.rename(one, "Back")


def test_only_edits_after_the_drivers_were_shown_are_marked(small_survey, small_analysis, encoder, model):
    one, two, three = subjects(model)[:3]
    assert model.shown  # an analysis shows its drivers
    unseen = replace(model, shown=()).merge([one, two])
    assert not any(theme.confirm_next_wave for theme in unseen.themes)
    again = vb.analyze(small_survey, model=model.merge([one, two]).rename(three, "Third"), encoder=encoder)
    marked = {theme.theme_id for theme in again.themes.themes if theme.confirm_next_wave}
    assert one in marked and three not in marked
    other = vb.read_survey(small_survey.responses.iloc[:600], score="score", comment="comment", segments=[])
    later = vb.analyze(other, model=again.themes.model, encoder=encoder)
    assert not any(theme.confirm_next_wave for theme in later.themes.themes)


MISTAKES = {
    "no such theme": (lambda m: m.rename("T99", "A"), r'There is no theme "T99"'),
    "a near name": (lambda m: m.rename(m.themes[0].name[:-1] + "x", "A"), r"Did you mean T\d+"),
    "a name taken": (lambda m: m.rename("T01", m.themes[1].name), r"is the name of T\d+ already"),
    "no name": (lambda m: m.rename("T01", "  "), "this one is empty"),
    "a long name": (lambda m: m.rename("T01", "x" * 81), "has 81 characters; at most 80"),
    "a merge of one": (lambda m: m.merge(["T01"]), "two themes at least"),
    "a merge of letters": (lambda m: m.merge("T01"), "in a list"),
    "one part": (lambda m: m.split("T01", 1), "2 to 12 parts, not 1"),
    "too many undone": (lambda m: m.undo(1), "cannot be undone: the model has had 0"),
    "no phrases": (lambda m: m.add("New", []), "no example phrases"),
    "under a leaf": (lambda m: m.move("T01", "T02"), "no broader theme"),
    "all dropped": (lambda m: m.drop([t.theme_id for t in m.themes]), "one theme at least"),
}


@pytest.mark.parametrize(("edit", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told(model, edit, message):
    with pytest.raises(EditError, match=message):
        edit(model)


@st.composite
def plans(draw):
    return draw(st.lists(st.tuples(st.sampled_from(["rename", "merge", "split", "move", "drop"]), st.integers(0, 99),
                                   st.integers(0, 99)), min_size=1, max_size=7))  # fmt: skip


def carried_out(model, plan):
    for k, (action, one, two) in enumerate(plan):
        ids = subjects(model)
        first, second = ids[one % len(ids)], ids[two % len(ids)]
        try:
            if action == "rename":
                model = model.rename(first, f"Name {k}")
            elif action == "merge":
                model = model.merge([first, second])
            elif action == "split":
                model = model.split(first, 2 + two % 2)
            elif action == "move":
                model = model.move(first, None if two % 3 == 0 else f"Broader {two % 2}")
            else:
                model = model.drop(first)
        except EditError:  # too small to split, a theme merged with itself
            continue
    return model


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans())
def test_any_sequence_replays_to_the_same_model_and_reverses_to_the_original(model, plan, tmp_path_factory):
    after = carried_out(model, plan)
    assert as_text(replayed(after, after.history)) == as_text(after)
    assert as_text(after.undo(len(after.history))) == as_text(model)
    loaded = ThemeModel.load(after.save(tmp_path_factory.mktemp("model")))
    assert as_text(loaded) == as_text(after)
    assert as_text(loaded.undo(len(after.history))) == as_text(model)
    ids = [theme.theme_id for theme in (*after.themes, *after.retired)]
    assert len(ids) == len(set(ids))
    rows = after.vectors[:50] + after.centre
    assert np.array_equal(after.nearest(rows)[0], loaded.nearest(rows)[0])
