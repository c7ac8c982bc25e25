import numpy as np

from verbatim.records import Theme
from verbatim.themes.hierarchy import under_broader
from verbatim.vectors import unit


def theme(number, name, kind="subject", n_spans=10):
    return Theme(f"T{number:02d}", name, ("word",), "", None, 1, kind, "found", n_spans, (), ())


def made(n, seed=0):
    """``n`` themes around four directions, and general praise."""
    rng = np.random.default_rng(seed)
    directions = np.eye(12, dtype=np.float32)[:4]
    centroids = unit(directions[np.arange(n) % 4] + 0.3 * rng.normal(size=(n, 12)).astype(np.float32) / 4)
    themes = [theme(i + 1, f"Theme {i}", n_spans=100 - i) for i in range(n)]
    return [*themes, theme(n + 1, "General praise", "general")], np.vstack(
        [centroids, np.ones((1, 12)) / 12**0.5]
    ).astype(np.float32)


def test_a_dozen_themes_get_broader_ones_that_part_them():
    themes = under_broader(*made(20))
    broader = [each for each in themes if each.theme_id.startswith("P")]
    parts = [each for each in themes if each.parent_id]
    assert {each.theme_id for each in broader} == {each.parent_id for each in parts}
    assert len(parts) == 20 and {each.level for each in parts} == {2} and {each.level for each in broader} == {1}
    assert all(sum(part.parent_id == each.theme_id for part in parts) >= 2 for each in broader)
    assert all(
        each.n_spans == sum(part.n_spans for part in parts if part.parent_id == each.theme_id) for each in broader
    )
    assert len({each.name for each in broader}) == len(broader)
    assert next(each for each in themes if each.kind == "general").parent_id is None


def test_what_is_near_is_under_one_broader_theme():
    themes = under_broader(*made(16))
    parents = {}
    for row, each in enumerate(themes[:16]):
        parents.setdefault(row % 4, set()).add(each.parent_id)
    assert all(len(found) == 1 for found in parents.values())


def test_a_broader_theme_is_named_by_its_two_largest_parts_that_have_a_clear_name():
    themes, centroids = made(12)
    themes[0] = theme(1, "Unclear: half, hold", n_spans=500)
    themes[4] = theme(5, "Poor service", n_spans=90)
    themes[8] = theme(9, "Rude staff", n_spans=80)
    named = {each.name for each in under_broader(themes, centroids) if each.theme_id.startswith("P")}
    assert any(name.startswith("Poor service and ") for name in named)
    assert not any("nclear" in name for name in named)


def test_few_themes_have_no_broader_ones():
    themes, centroids = made(11)
    assert list(under_broader(themes, centroids)) == themes
