"""The report as one page: no script, no request, every foreign text escaped."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from verbatim.report import charts, formats, method, theme_words, words
from verbatim.report.contents import HEAT_THEMES, HEAT_VALUES, Contents, SegmentView
from verbatim.report.rows import Driver

HEAT_STEPS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a heat table: its text, its colour class and what it says to those who cannot see the colour."""

    text: str
    shade: str
    remark: str


Heat = tuple[list[tuple[str, int]], list[tuple[str, list[Cell]]]]  # columns with their n; themes with their cells


@dataclass(frozen=True, slots=True)
class Forests:
    """The forest charts of the page; None where there is nothing to draw."""

    pains: charts.Picture | None
    more: charts.Picture | None
    gains: charts.Picture | None
    broader: charts.Picture | None


def render_page(contents: Contents) -> str:
    """Write report.html.

    Parameters
    ----------
    contents : Contents
        What the reports show.

    Returns
    -------
    str
        A complete page with its style inside. Its Content-Security-Policy allows that one style sheet, by hash, and
        nothing else: even markup that got past the escaping could neither run nor load anything.
    """
    import jinja2
    from markupsafe import Markup

    drivers, style = contents.analysis.drivers, page_asset("style.css")
    env = jinja2.Environment(
        loader=jinja2.FunctionLoader(page_asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(name=formats.label, anchor=formats.anchor)
    env.globals.update(words=words, theme=theme_words, method=method, formats=formats, svg=Markup)
    page = env.get_template("page.html").render(
        c=contents,
        style=Markup(style),
        policy=content_policy(style),
        drivers=drivers,
        summary=words.summary(contents),
        themes=contents.analysis.themes.by_id(),
        forests=_forests(contents),
        split=charts.split_chart(contents.split) if contents.ledger.scored else None,
        segments=[(view, _segment_picture(contents, view), _heat(contents.pains, view)) for view in contents.segments],
        periods=charts.periods_chart(contents.periods, drivers.nps.score) if contents.periods else None,
        head=contents.options.themes_shown,
        n_silent=drivers.n_scored - drivers.n_commenters,
        halo=math.isfinite(drivers.halo.index),
        on_page={d.theme_id for d in (*contents.pains, *contents.gains, *(b.driver for b in contents.broader))},
    )  # fmt: skip
    return formats.clean(page)


def page_asset(name: str) -> str:
    """Return a file that pages are made of."""
    return files("verbatim.report").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def content_policy(style: str) -> str:
    """Return a Content-Security-Policy that allows one style sheet, by its hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _forests(contents: Contents) -> Forests:
    pains, gains, coins, shown = contents.pains, contents.gains, contents.coin_toss, contents.options.themes_shown
    extent = charts.extent_of([*pains, *gains, *coins])
    broader = [theme.driver for theme in contents.broader if theme.driver.rank is not None]
    return Forests(
        pains=charts.drivers_chart(pains[:shown], coins, extent) if pains else None,
        more=charts.drivers_chart(pains[shown:], (), extent) if pains[shown:] else None,
        gains=charts.drivers_chart(gains[:shown], () if pains else coins, extent) if gains else None,
        broader=charts.drivers_chart(broader, (), charts.extent_of(broader)) if broader else None,
    )


def _segment_picture(contents: Contents, view: SegmentView) -> charts.Picture | None:
    known = any(value.nps for value in view.groups)
    return charts.segment_chart(view, contents.analysis.drivers.nps.score) if known else None


def _heat(pains: Sequence[Driver], view: SegmentView) -> Heat | None:
    """Effects of the worst themes within the largest values of a segment; None where there is nothing to compare."""
    columns = sorted((v for v in view.groups if v.effects), key=lambda v: (-v.n, v.value))[:HEAT_VALUES]
    if len(columns) < 2 or not pains:
        return None
    shown = pains[:HEAT_THEMES]
    found = [v.effects[d.theme_id].effect for v in columns for d in shown if d.theme_id in v.effects]
    largest = max((abs(effect) for effect in found if effect == effect), default=0.0) or 1.0
    rows = [(d.name, [_cell(v.effects.get(d.theme_id), largest) for v in columns]) for d in shown]
    return [(v.value, v.n) for v in columns], rows


def _cell(driver: Driver | None, largest: float) -> Cell:
    if driver is None or driver.effect != driver.effect:
        return Cell(formats.UNKNOWN, "h0", "too few mentions")
    step = min(HEAT_STEPS, round(HEAT_STEPS * abs(driver.effect) / largest))
    shade = "h0" if step == 0 else f"{'cost' if driver.effect < 0 else 'gain'}{step}"
    return Cell(formats.signed(driver.effect), shade, theme_words.noise_mark(driver))
