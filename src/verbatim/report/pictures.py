"""Every chart of the report as a picture: SVG to edit, PNG to paste."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from verbatim.report import charts
from verbatim.report.contents import Contents
from verbatim.report.course_chart import nps_course
from verbatim.report.drawing import ACCENT, COST, GAIN, PAPER
from verbatim.report.waterfall import waterfall

SCALE = 2.0  # pixels of the PNG a pixel of the drawing
_ROOT = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def write_pictures(contents: Contents, folder: Path) -> list[Path]:
    """Write every chart in the wide layout, in the colours of ``report.palette``; pictures of before are removed."""
    import vl_convert

    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.svg"), *folder.glob("*.png")):
        old.unlink()
    paths = []
    for name, picture in _pictures(contents):
        svg = _standing_alone(picture.wide, contents.options.palette)
        drawn, pasted = folder / f"{name}.svg", folder / f"{name}.png"
        drawn.write_text(svg, encoding="utf-8", newline="\n")
        pasted.write_bytes(vl_convert.svg_to_png(svg, scale=SCALE))
        paths += [drawn, pasted]
    return paths


def _pictures(contents: Contents) -> Iterator[tuple[str, charts.Picture]]:
    pains, gains, shown = contents.pains, contents.gains, contents.options.themes_shown
    extent, nps = charts.extent_of([*pains, *gains, *contents.coin_toss]), contents.analysis.drivers.nps.score
    if contents.ledger.scored:
        yield "categories", charts.split_chart(contents.split)
    if pains:
        yield "costs", charts.drivers_chart(pains[:shown], contents.coin_toss, extent)
    if gains:
        yield "strengths", charts.drivers_chart(gains[:shown], () if pains else contents.coin_toss, extent)
    broader = [theme.driver for theme in contents.broader if theme.driver.rank is not None]
    if broader:
        yield "broader-themes", charts.drivers_chart(broader, (), charts.extent_of(broader))
    for place, view in enumerate(contents.segments, start=1):  # segments by number: their names are no file names
        if any(group.nps for group in view.groups):
            yield f"segment-{place}", charts.segment_chart(view, nps)
    if contents.course.nps:
        yield "over-time", nps_course(contents.course.nps, nps)
    if contents.analysis.since:
        yield "waterfall", waterfall(contents.analysis.since.bars)


def _standing_alone(svg: str, palette: tuple[str, str, str]) -> str:
    """Give a drawing made for the page its namespaces, a background and the reader's colours."""
    whole = svg.replace("<svg", _ROOT, 1)
    start = whole.index(">") + 1
    paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    for ours, theirs in zip((COST, GAIN, ACCENT), palette, strict=True):
        whole = whole.replace(f'"{ours}"', f'"{theirs}"')
    return whole[:start] + paper + whole[start:]
