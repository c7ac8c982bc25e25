"""Two pictures of a theme model for notebooks: the map of its themes, and their hierarchy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from verbatim.errors import ModelError
from verbatim.records import Drivers
from verbatim.report.drawing import (
    CHANCE,
    COST,
    GAIN,
    INK,
    MUTED,
    PAPER,
    SMALL,
    Text,
    down,
    pixels,
    text_width,
    texts,
)
from verbatim.report.formats import label
from verbatim.report.labels import Box, place_label
from verbatim.themes.layout import Node, grow, lay_out

if TYPE_CHECKING:
    import altair as alt

    from verbatim.report.drawing import Chart
    from verbatim.themes.model import ThemeModel

WIDTH, HEIGHT, LARGEST, SMALLEST = 760.0, 520.0, 24.0, 4.0
LINE_HEIGHT, BARS, BRANCHES, LONGEST_NAME = 20, 110, 250, 42
MOST_ALIKE = 4  # with so few themes, the three nearest are all there are
ALONE = "no broader theme"
GROUPS = ("#33475b", "#b0481a", "#1d6a96", "#7a6a00", "#6b4a8a", "#2f7a5f", "#a33a6a", "#5f5f5f", "#8a5a2b", "#3a6f8f")


def theme_map(model: ThemeModel, drivers: Drivers | None) -> Chart:
    """See `ThemeModel.theme_map`."""
    import altair as alt

    table = _subjects(model, drivers)
    found = lay_out(model.centroids[table["row"]])
    table["radius"] = SMALLEST + (LARGEST - SMALLEST) * np.sqrt(table["spans"] / max(table["spans"].max(), 1))
    table[["x", "y"]] = _in_pixels(found.places)
    table["area"] = np.pi * table["radius"] ** 2
    dots = alt.Chart(table).mark_point(opacity=1, fillOpacity=0.75, strokeWidth=2)
    placed = dots.encode(
        x=pixels("x"), y=down("y"), size=alt.Size("area:Q", scale=None, legend=None), tooltip=_tooltip(table),
        order=alt.Order("area:Q", sort="descending"), **_coloured(table),
    )  # fmt: skip
    said = ["Near is alike, and the axes mean nothing else. Larger is said more often" + _about_colour(drivers)]
    if len(table) > MOST_ALIKE:
        said.append(f"{found.kept} of {len(table)} themes have the theme most like them among the three nearest here.")
    title = alt.TitleParams("Map of the themes", subtitle=said, anchor="start", offset=12)
    return alt.layer(placed, *_labels(table)).properties(width=WIDTH, height=HEIGHT, title=title)


def theme_tree(model: ThemeModel, drivers: Drivers | None) -> alt.HConcatChart:
    """See `ThemeModel.theme_tree`."""
    import altair as alt

    table = _subjects(model, drivers)
    groups = table["broader"].unique().tolist()
    tree = grow(model.centroids[table["row"]], [groups.index(name) for name in table["broader"]])
    rows = table.iloc[list(tree.order)].reset_index(drop=True)
    rows["listed"] = [f"{key} {_short(name)}" for key, name in zip(rows["theme_id"], rows["name"], strict=True)]
    height = LINE_HEIGHT * len(rows)
    axis = alt.Axis(labelLimit=330, ticks=False, domain=False, labelPadding=6)
    bars = alt.Chart(rows).mark_bar(fillOpacity=0.75, strokeWidth=1.5).encode(
        x=alt.X("spans:Q", title="spans", axis=alt.Axis(tickCount=3, grid=False)),
        y=alt.Y("listed:N", sort=rows["listed"].tolist(), title=None, axis=axis, scale=alt.Scale(padding=0.15)),
        tooltip=_tooltip(rows), **_coloured(table),
    )  # fmt: skip
    said = "Each broader theme in one colour" + _about_colour(drivers)
    title = alt.TitleParams("Hierarchy of the themes", subtitle=said, anchor="start", offset=12)
    beside = [bars.properties(width=BARS, height=height)]
    if tree.joints:
        beside.append(_branches(tree.joints, groups, len(rows)).properties(width=BRANCHES, height=height))
    drawn: alt.HConcatChart = alt.hconcat(*beside, spacing=8, title=title).configure_view(stroke=None)
    return drawn


def _subjects(model: ThemeModel, drivers: Drivers | None) -> pd.DataFrame:
    """A row for each theme with a subject that is no broader one, with its colours."""
    names = {theme.theme_id: theme.name for theme in model.themes}
    shown = [(row, model.themes[row]) for row in model.leaves.tolist() if model.themes[row].kind == "subject"]
    if not shown:
        raise ModelError("The model has no theme with a subject, so there is nothing to draw. Add one, or find themes.")
    cells = [
        (row, theme.theme_id, theme.name, names.get(theme.parent_id or "", ALONE), theme.n_spans,
         ", ".join(theme.keywords[:5]))
        for row, theme in shown
    ]  # fmt: skip
    table = pd.DataFrame(cells, columns=["row", "theme_id", "name", "broader", "spans", "keywords"])
    return table if drivers is None else _with_effects(table, drivers)


def _with_effects(table: pd.DataFrame, drivers: Drivers) -> pd.DataFrame:
    effects = drivers.table.set_index("theme_id").reindex(table["theme_id"])
    figures = effects[["effect", "effect_low", "effect_high"]].to_numpy(dtype=float)
    points, sure = figures[:, 0], effects["above_noise"].eq(True).to_numpy()
    colour = np.select([np.isnan(points), points < 0], [CHANCE, COST], GAIN)
    told = [
        "not estimated" if np.isnan(effect) else f"{effect:+.1f} [{low:+.1f}, {high:+.1f}]"
        for effect, low, high in figures
    ]
    return table.assign(colour=colour, fill=np.where(sure, colour, PAPER), effect=told)


def _colours(groups: Sequence[str]) -> dict[str, str]:
    named = [group for group in groups if group != ALONE]
    colours = {group: GROUPS[k % len(GROUPS)] for k, group in enumerate(named)}
    return {group: colours.get(group, CHANCE) for group in groups}


def _about_colour(drivers: Drivers | None) -> str:
    if drivers is None:
        return "."
    return "; orange costs NPS points, blue adds them, filled is beyond chance."


def _coloured(table: pd.DataFrame) -> dict[str, Any]:
    """Stroke and fill: effects as they stand in the table, else broader themes with a legend."""
    import altair as alt

    if "effect" in table:
        plain: dict[str, Any] = {"scale": None, "legend": None}
        return {"stroke": alt.Stroke("colour:N", **plain), "fill": alt.Fill("fill:N", **plain)}
    colours = _colours(table["broader"].unique().tolist())
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    legend = alt.Legend(title="broader theme", orient="bottom", columns=2, labelLimit=360, symbolStrokeWidth=0)
    return {
        "stroke": alt.Stroke("broader:N", scale=scale, legend=None),
        "fill": alt.Fill("broader:N", scale=scale, legend=legend if len(colours) > 1 else None),
    }


def _tooltip(table: pd.DataFrame) -> list[str]:
    return [f"{name}:N" for name in ("theme_id", "name", "broader", "effect", "keywords") if name in table] + [
        "spans:Q"
    ]


def _in_pixels(places: np.ndarray) -> np.ndarray:
    """Spread places over the picture, with room for the largest dot at its edges."""
    low, wide = places.min(axis=0), np.maximum(np.ptp(places, axis=0), 1e-9)
    room = np.array([WIDTH, HEIGHT]) - 2 * (LARGEST + 4)
    shares = np.where(np.ptp(places, axis=0) > 0, (places - low) / wide, 0.5)
    pixel: np.ndarray = LARGEST + 4 + room * np.column_stack([shares[:, 0], 1 - shares[:, 1]])
    return pixel


def _labels(table: pd.DataFrame) -> list[alt.Chart]:
    """Name every dot where that hides nothing, the largest first, by its id where the name has no room."""
    spots = table[["x", "y", "radius"]].to_numpy(dtype=float)
    taken = [Box(x - radius, y - radius, x + radius, y + radius) for x, y, radius in spots]
    sides: dict[str, list[Text]] = {"left": [], "right": [], "center": []}
    for k in np.argsort(-spots[:, 2], kind="stable"):
        x, y, radius = spots[k]
        for said in (_short(str(table["name"].iloc[k])), str(table["theme_id"].iloc[k])):
            others = [*taken[:k], *taken[k + 1 :]]
            place = place_label((x, y), radius, text_width(said, SMALL), others, _inside)
            if place:
                sides[place.align].append(Text(*place.at, said))
                taken.append(place.box)
                break
    return [texts(said, align=side, fontSize=SMALL, color=INK) for side, said in sides.items() if said]


def _inside(box: Box) -> bool:
    return box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= HEIGHT


def _short(name: str) -> str:
    said = label(name)
    return said if len(said) <= LONGEST_NAME else f"{said[: LONGEST_NAME - 1].rstrip()}\u2026"


def _branches(joints: Sequence[tuple[Node, Node, Node]], groups: Sequence[str], n: int) -> alt.Chart:
    """Draw the tree, a bracket a joint, over the mean cosine at which it joins; the leaves are to the left."""
    import altair as alt

    colours = _colours(groups)
    cosines = [1 - joint.height for _, _, joint in joints]
    leaf = min(1.0, max(cosines) + 0.1)
    cells = []
    for number, (one, other, joint) in enumerate(joints):
        broader = groups[joint.group] if joint.group >= 0 else "several broader themes"
        corners = [(one, one.height), (one, joint.height), (other, joint.height), (other, other.height)]
        for step, (node, height) in enumerate(corners):
            colour = colours.get(broader, MUTED)
            cells.append((number, step, 1 - height if height else leaf, node.at + 0.5, colour, broader))
    table = pd.DataFrame(cells, columns=["joint", "step", "cosine", "place", "colour", "broader"])
    along = alt.Scale(domain=[leaf, min(cosines) - 0.02], nice=False)
    drawn: alt.Chart = alt.Chart(table).mark_line(strokeWidth=1.6).encode(
        x=alt.X("cosine:Q", scale=along, title="joined at a mean cosine of", axis=alt.Axis(tickCount=5, grid=False)),
        y=alt.Y("place:Q", scale=alt.Scale(domain=[0, n], reverse=True), axis=None),
        detail="joint:N", order="step:Q", color=alt.Color("colour:N", scale=None, legend=None), tooltip="broader:N",
    )  # fmt: skip
    return drawn
