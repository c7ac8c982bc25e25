"""The report as one page: no request, every foreign text escaped, one script of its own that is allowed by its hash."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from verbatim.errors import ConfigError
from verbatim.report import charts, course, formats, method, newcomers, theme_words, words
from verbatim.report.contents import HEAT_THEMES, HEAT_VALUES, Contents, SegmentView
from verbatim.report.course_chart import nps_course, share_course
from verbatim.report.gaps import gaps
from verbatim.report.outcome_chart import outcome_chart
from verbatim.report.page_data import inert_json, page_data
from verbatim.report.play_rows import play_rows
from verbatim.report.reach_chart import reach_chart
from verbatim.report.rows import Driver
from verbatim.report.texts import fill, load_texts
from verbatim.report.waterfall import waterfall

if TYPE_CHECKING:
    import jinja2

_PICTURES = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8\xff"}  # how their files begin
HEAT_STEPS, GAINS_ON_MAP = 4, 5
SCRIPTS = ("numbers", "what_if", "group", "quotes", "start")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a heat table: its text, its colour class and what it says to those who cannot see the colour."""

    text: str
    shade: str
    remark: str
    n: int | None


Heat = tuple[list[tuple[str, int]], list[tuple[str, list[Cell]]]]  # columns with their n; themes with their cells


class Sliders(NamedTuple):
    """Themes that can be changed, with their place in the what-if model."""

    costs: list[tuple[int, Driver]]
    gains: list[tuple[int, Driver]]


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
        A complete page with its style, script and data inside. Its Content-Security-Policy allows that one style sheet
        and that one script, by hash, and nothing else: even markup that got past the escaping could neither run nor
        load anything. Without the script everything but sliders, filters and search is there.

    Raises
    ------
    ConfigError
        ``options.texts`` names a file that is no catalogue of texts, or ``options.logo`` none that is PNG or JPEG.
    """
    from markupsafe import Markup

    drivers, style, script = contents.analysis.drivers, page_asset("style.css"), _script()
    texts = load_texts(contents.options.texts)
    data = page_data(contents, texts)
    pains, gains = contents.pains, contents.gains
    reach_rows = [d for d in (*pains[: contents.options.themes_shown], *gains[:GAINS_ON_MAP]) if d.share > 0]
    page = _environment(texts, contents.measure).get_template("page.html").render(
        c=contents,
        style=Markup(style),
        script=Markup(script),
        data=Markup(inert_json(data)),
        logo=_embedded(contents.options.logo) if contents.options.logo else "",
        policy=content_policy(style, script, pictures=bool(contents.options.logo)),
        drivers=drivers,
        summary=words.summary(contents),
        themes=contents.analysis.themes.by_id(),
        forests=_forests(contents),
        outcomes=outcome_chart(pains[: contents.options.themes_shown]),
        reach=reach_chart(reach_rows, (texts["reach.share"], texts["reach.severity"])),
        reach_rows=reach_rows,
        split=charts.split_chart(contents.split) if contents.ledger.scored else None,
        segments=[(view, _segment_picture(contents, view), _heat(pains, view)) for view in contents.segments],
        course=nps_course(contents.course.nps, drivers.nps.score) if contents.course.nps else None,
        trends={theme: share_course(points) for theme, points in contents.course.themes.items()},
        waterfall=waterfall(contents.analysis.since.bars) if contents.analysis.since else None,
        sliders=_sliders(contents, data),
        filters=data if data["cells"] else None,
        n_quotes=len(data["quotes"]),
        searchable=_searchable(data),
        most_quotes=max(Counter(quote[0] for quote in data["quotes"]).values(), default=0),
        gaps=gaps(contents),
        plays=play_rows(contents),
        head=contents.options.themes_shown,
        n_silent=drivers.n_scored - drivers.n_commenters,
        halo=math.isfinite(drivers.halo.index),
        quoted=contents.options.quotes and contents.options.quotes_per_theme,
        on_page={d.theme_id for d in (*pains, *gains, *(b.driver for b in contents.broader))},
    )  # fmt: skip
    return formats.clean(page)


def _environment(texts: Mapping[str, str], measure: str) -> jinja2.Environment:
    import jinja2
    from markupsafe import Markup

    env = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: page_asset(f"templates/{name}")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(name=formats.label, minus=formats.with_minus, anchor=formats.anchor, word_anchor=word_anchor)
    env.globals.update(
        words=words,
        over_time=course,
        new=newcomers,
        theme=theme_words,
        method=method,
        formats=formats,
        svg=Markup,
        most=_most,
    )
    env.globals["t"] = lambda key, **gaps: fill(texts[key], {"measure": measure, **gaps})
    return env


def page_asset(name: str) -> str:
    """Return a file that pages are made of."""
    return files("verbatim.report").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _script() -> str:
    parts = "\n".join(page_asset(f"scripts/{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def content_policy(style: str, script: str = "", *, pictures: bool = False) -> str:
    """Return a Content-Security-Policy that allows a style sheet and, if any, a script, by hash, and nothing else.

    With ``pictures``, those that lie in the page itself too.
    """
    allowed = [f"style-src 'sha256-{_hash(style)}'", *(["img-src data:"] if pictures else [])]
    if script:
        allowed += [
            f"script-src 'sha256-{_hash(script)}'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _embedded(logo: str) -> str:
    """A PNG or JPEG file as an address that holds it."""
    try:
        data = Path(logo).read_bytes()
    except OSError as error:
        raise ConfigError(f"report.logo = {logo} cannot be read: {error.strerror}.") from None
    kind = next((kind for kind, start in _PICTURES.items() if data.startswith(start)), None)
    if kind is None:
        raise ConfigError(f"report.logo = {logo} is neither PNG nor JPEG. Name a file of one of these.")
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def word_anchor(term: str) -> str:
    """Name of a word's place in the glossary.

    Examples
    --------
    >>> word_anchor("[low, high]")
    'word-low-high'
    """
    return f"word-{re.sub(r'[^a-z0-9]+', '-', term.lower()).strip('-')}"


def _sliders(contents: Contents, data: Mapping[str, Any]) -> Sliders:
    """Pain points and strengths with their place in the what-if model."""
    place = {theme["theme_id"]: i for i, theme in enumerate(data["whatIf"]["themes"])}
    costs, gains = (
        [(place[d.theme_id], d) for d in some if d.theme_id in place] for some in (contents.pains, contents.gains)
    )
    return Sliders(costs, gains)


def _most(driver: Driver) -> int:
    """Largest change of mentions to offer, in percent: everybody mentions it, or twice as many."""
    return min(100, 5 * math.floor(20 * (1 / driver.share - 1) + 1e-9)) if driver.share > 0 else 0


def _searchable(data: Mapping[str, Any]) -> dict[str, int]:
    """Themes that have quotes, with their place in the data."""
    having = {quote[0] for quote in data["quotes"]}
    return {theme["id"]: i for i, theme in enumerate(data["themes"]) if i in having}


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
    largest_first = sorted((v for v in view.groups if v.effects), key=lambda v: (-v.n, v.value))[:HEAT_VALUES]
    columns = [v for v in view.groups if v in largest_first] if view.in_order else largest_first
    if len(columns) < 2 or not pains:
        return None
    shown = pains[:HEAT_THEMES]
    found = [v.effects[d.theme_id].effect for v in columns for d in shown if d.theme_id in v.effects]
    largest = max((abs(effect) for effect in found if effect == effect), default=0.0) or 1.0
    rows = [(d.name, [_cell(v.effects.get(d.theme_id), largest) for v in columns]) for d in shown]
    return [(v.value, v.n) for v in columns], rows


def _cell(driver: Driver | None, largest: float) -> Cell:
    if driver is None or driver.effect != driver.effect:
        return Cell(formats.UNKNOWN, "h0", "too few mentions", None)
    step = min(HEAT_STEPS, round(HEAT_STEPS * abs(driver.effect) / largest))
    shade = "h0" if step == 0 else f"{'cost' if driver.effect < 0 else 'gain'}{step}"
    return Cell(formats.signed(driver.effect), shade, theme_words.noise_mark(driver), driver.n)
