"""The report on one page of paper: five sentences and the chart of what costs most, as PDF, drawn without a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from verbatim.nps import Nps
from verbatim.report import words
from verbatim.report.charts import drivers_chart, extent_of
from verbatim.report.contents import Contents
from verbatim.report.drawing import FONT, INK, MUTED, RULE, WIDE, wrap
from verbatim.report.formats import interval, label, listed, named, percent, plain, signed
from verbatim.report.gaps import gaps
from verbatim.report.rows import Driver
from verbatim.report.theme_words import named_and_counted, sentence_start, tied

WIDTH, HEIGHT, MARGIN = 794, 1123, 70  # A4 at 96 pixels an inch
POINTS = 0.75  # points a pixel
BODY, HEADING, BIG, LEADING = 15, 12, 44, 22
DRAWN, GAPS_NAMED = 8, 3
FIXED = "what fixing a theme would bring"


def five_sentences(contents: Contents) -> list[tuple[str, str]]:
    """Say the NPS, the worst three themes, for whom, what changed and what cannot be told: heading and sentence."""
    drivers = contents.analysis.drivers
    shares = listed([f"{percent(part.share)} {words.PLURALS[part.category]}" for part in contents.split])
    views = [view for view in contents.segments if words.spread(view)]
    whom = words.spread(views[0]) if views else "No group of customers differs from the others by more than chance."
    course = words.course(contents.periods, contents.periods_differ)
    costs = " ".join(drivers.refusals[-1:]) or worst_three(contents.pains)
    return [
        ("Where we stand", f"{_standing(drivers.nps)}: {shares}."),
        ("What costs most", label(costs)),
        ("For whom", whom),
        ("What changed", course or "The responses hold no dates over two periods, so no change can be told."),
        ("What we cannot tell", cannot_tell(contents)),
    ]


def _standing(nps: Nps) -> str:
    return (
        f"The NPS is {plain(nps.score, 0)}, with 95 % confidence between {plain(nps.low, 0)} and {plain(nps.high, 0)}"
    )


def worst_three(pains: Sequence[Driver]) -> str:
    """Name the three costliest themes with their intervals, and whoever could take one of their places.

    Examples
    --------
    >>> worst_three(())
    'No theme stands out as a pain point.'
    """
    if not pains:
        return "No theme stands out as a pain point."
    first, rest = list(pains[:3]), pains[3:]
    costs = [f"{named(d.name)} ({signed(d.effect)} points {interval(d.low, d.high)})" for d in first]
    said = f"{sentence_start(listed(costs))} cost{'s' if len(first) == 1 else ''} most"
    chance = [named(d.name) for d in first if not d.above_noise]
    if chance:
        said += f", though {listed(chance)} could be chance"
    rivals = [d for d in rest if d.rank_low is not None and d.rank_low <= len(first)]
    notes = ["their order is not settled"] if any(tied(d, first) for d in first) else []
    if rivals:
        notes.append(f"{named_and_counted([named(d.name) for d in rivals])} could be among them too")
    return f"{said}; {' and '.join(notes)}." if notes else f"{said}, in this order."


def cannot_tell(contents: Contents) -> str:
    """Name the first questions that the survey leaves open, and the one it always does."""
    questions = [f"{gap.question[0].lower()}{gap.question[1:]}" for gap in gaps(contents)]
    chosen = [question for question in questions if question != FIXED][:GAPS_NAMED]
    return f"This survey cannot tell {'; '.join(chosen)}; nor {FIXED}, for its figures are associations."


def render_pdf(contents: Contents) -> bytes:
    """Write report.pdf.

    Parameters
    ----------
    contents : Contents
        What the reports show.

    Returns
    -------
    bytes
        One A4 page. Its text can be selected and searched; nothing in it is active.
    """
    import vl_convert

    parts = "".join(_parts(contents))
    size = f'width="{WIDTH * POINTS}" height="{HEIGHT * POINTS}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    pdf: bytes = vl_convert.svg_to_pdf(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}">{parts}</svg>'
    )
    return pdf


def _parts(contents: Contents) -> Iterator[str]:
    nps, y = contents.analysis.drivers.nps, float(MARGIN)
    yield _text(MARGIN, y, label(contents.title), HEADING + 1, MUTED)
    y += 52
    yield _text(MARGIN, y, f"NPS {plain(nps.score, 0)} {interval(nps.low, nps.high, 0)}", BIG, INK, bold=True)
    y += 40
    for heading, sentence in five_sentences(contents):
        yield _text(MARGIN, y, heading, HEADING, MUTED)
        for line in wrap(sentence, WIDTH - 2 * MARGIN, BODY, most=6):
            y += LEADING
            yield _text(MARGIN, y, line, BODY, INK)
        y += 32
    source = " \u00b7 ".join(part for part in (label(contents.analysis.survey.reading.source), contents.dates) if part)
    yield from _chart(contents, y)
    yield f'<rect x="{MARGIN}" y="{HEIGHT - 62}" width="{WIDTH - 2 * MARGIN}" height="1" fill="{RULE}"/>'
    yield _text(MARGIN, HEIGHT - 42, f"{source}. Square brackets hold 95 % intervals.", HEADING, MUTED)


def _chart(contents: Contents, top: float) -> Iterator[str]:
    """Draw the costliest themes as far as the page has room for them."""
    room = HEIGHT - 80 - top
    scale = (WIDTH - 2 * MARGIN) / WIDE
    for shown in range(min(DRAWN, len(contents.pains)), 2, -1):
        pains = contents.pains[:shown]
        picture = drivers_chart(pains, contents.coin_toss[:1], extent_of([*pains, *contents.coin_toss[:1]]))
        if float(picture.wide.split('height="', 1)[1].split('"', 1)[0]) * scale <= room:
            yield f'<g transform="translate({MARGIN} {top}) scale({scale})">{picture.wide}</g>'
            return


def _text(x: float, y: float, text: str, size: int, colour: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}"{weight}>{escape(text)}</text>'
