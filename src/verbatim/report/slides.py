"""The report as six to eight slides that a manager can present, with native charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from verbatim.report import method, theme_words, words
from verbatim.report.contents import Contents
from verbatim.report.formats import UNKNOWN, count, interval, label, named, percent, plain, whole
from verbatim.report.quotes import Quote
from verbatim.report.rows import Driver
from verbatim.report.slide_parts import HEIGHT, MARGIN, TOP, WIDTH, Bar, Box, Deck, bars, line, quote, table, write

SHOWN = 8  # bars of a chart
QUOTED = 4
SHARES = ACTIONS = 6  # rows of a table
BODY = HEIGHT - TOP - 0.65  # inches between title and footer
FULL = WIDTH - 2 * MARGIN
SOLID = "Solid bars beat the noise; pale ones could be chance. Lines are 95 % intervals."


def write_slides(contents: Contents, path: Path) -> None:
    """Write report.pptx: headline, costs, strengths, groups, course, quotes, what-if, and what cannot be told.

    A slide that would say nothing is left out, such as the course of a survey without dates.
    Where effects are refused, the reasons and the shares within score categories take the place of costs, strengths and
    what-if.

    Raises
    ------
    ConfigError
        The logo cannot be read.
    """
    survey = contents.analysis.survey.reading
    footer = " \u00b7 ".join(filter(None, [label(contents.title), label(survey.source), contents.dates]))
    deck = Deck(contents.options, footer)
    deck.book.core_properties.title = label(contents.title)
    _headline(deck, contents)
    if contents.analysis.drivers.refusals:
        _refused(deck, contents)
    else:
        _forest(deck, contents, contents.pains, "What costs us", contents.options.palette[0])
        _forest(deck, contents, contents.gains, "What works", contents.options.palette[1])
    _groups(deck, contents)
    _course(deck, contents)
    _quotes(deck, contents)
    _actions(deck, contents)
    _limits(deck, contents)
    deck.book.save(str(path))


def _headline(deck: Deck, contents: Contents) -> None:
    drivers = contents.analysis.drivers
    slide = deck.slide(words.headline(drivers.nps), "NPS: manifest.json, nps. Categories: responses.parquet, category.")
    write(slide, words.summary(contents), Box(MARGIN, TOP, 7.6, BODY))
    cost, gain, _ = contents.options.palette
    colours = {"promoter": gain, "passive": "#C3C8CE", "detractor": cost}
    rows = [
        Bar(f"{words.PLURALS[part.category].capitalize()}  {whole(part.n)} ({percent(part.share)})", part.n,
            math.nan, math.nan, colours[part.category])
        for part in contents.split
    ]  # fmt: skip
    bars(slide, "Responses", rows, Box(8.5, TOP, WIDTH - 8.5 - MARGIN, 3.6), signs=False)


def _forest(deck: Deck, contents: Contents, drivers: Sequence[Driver], title: str, colour: str) -> None:
    slide = deck.slide(
        f"{title}, in NPS points", "Effects and intervals: drivers.csv, effect, effect_low, effect_high."
    )
    cost = drivers is contents.pains
    said = [words.order(drivers), words.noise(drivers)] if cost else [words.best(drivers)]
    shown = drivers[:SHOWN]
    if len(drivers) > len(shown):
        said.append(f"{count(len(drivers) - len(shown), 'smaller one')} in report.html.")
    if not drivers:
        write(slide, [words.worst(drivers) if cost else words.best(drivers)], Box(MARGIN, TOP, FULL, BODY))
        return
    rows = [
        Bar(f"{label(d.name)}  {theme_words.points(d)}", d.effect, d.low, d.high, colour, d.above_noise) for d in shown
    ]
    bars(slide, f"{title}: effect in NPS points", rows, Box(MARGIN, TOP, FULL, BODY - 1.2))
    write(slide, [" ".join(filter(None, said)), SOLID], Box(MARGIN, TOP + BODY - 1.1, FULL, 1.05), 14)


def _refused(deck: Deck, contents: Contents) -> None:
    slide = deck.slide("No effects are given", "Shares: category_shares.csv. Reasons: manifest.json, drivers.refusals.")
    write(slide, contents.analysis.drivers.refusals, Box(MARGIN, TOP, FULL, 1.3), 18)
    rows = contents.category_shares[:SHARES]
    if not rows:
        return
    kinds = [words.PLURALS[kind].capitalize() for kind, _ in rows[0].shares]
    cells = [[label(r.name), *(UNKNOWN if s is None else percent(s) for _, s in r.shares)] for r in rows]
    head = ["Share of the commenters who mention", *kinds]
    table(slide, head, cells, Box(MARGIN, TOP + 1.4, FULL, 0), [3, 1, 1, 1])
    _more(slide, len(contents.category_shares) - len(rows))


def _more(slide: object, n: int) -> None:
    if n > 0:
        write(slide, [f"{count(n, 'more theme')} in report.html."], Box(MARGIN, TOP + BODY - 0.35, FULL, 0.35), 12)


def _groups(deck: Deck, contents: Contents) -> None:
    views = [view for view in contents.segments if any(group.nps for group in view.groups)]
    if not views:
        return
    view = views[0]
    slide = deck.slide(f"For whom: {label(view.name)}", "segment_nps.csv; differences: contrasts.csv.")
    colour = contents.options.palette[2]
    rows = [
        Bar(f"{label(group.value)}  {plain(nps.score, 0)} {interval(nps.low, nps.high, 0)}, n = {whole(group.n)}",
            nps.score, nps.low, nps.high, colour)
        for group in view.groups for nps in (group.nps,) if nps
    ]  # fmt: skip
    bars(slide, f"NPS by {label(view.name)}", rows, Box(MARGIN, TOP, 7.4, BODY), signs=False)
    said = [words.spread(view) or words.no_spread(view), *view.contrasts]
    said += [words.hidden(view.hidden, contents.options.minimum_group)] if view.hidden else []
    said += [words.spread(other) or words.no_spread(other) for other in views[1:]]
    write(slide, said, Box(8.2, TOP, WIDTH - 8.2 - MARGIN, BODY), 16)


def _course(deck: Deck, contents: Contents) -> None:
    said = words.course(contents.periods, contents.periods_differ)
    if not said:
        return
    slide = deck.slide("Over time", "NPS of each period: responses.parquet, score and date.")
    nothing, colour = math.nan, contents.options.palette[2]
    rows = [Bar(p.label, *(p.nps[:3] if p.nps else (nothing, nothing, nothing)), colour) for p in contents.periods]
    line(slide, "NPS over time", rows, Box(MARGIN, TOP, FULL, BODY - 1.0))
    write(slide, [f"{said} Lines are 95 % intervals."], Box(MARGIN, TOP + BODY - 0.95, FULL, 0.9), 14)


def _quotes(deck: Deck, contents: Contents) -> None:
    cost, gain, other = contents.options.palette
    ranked = (*contents.pains[: QUOTED - 1], *contents.gains[:1])
    themes = [(f"{label(d.name)} {theme_words.points(d)}", d.theme_id, cost if d.effect < 0 else gain) for d in ranked]
    themes = themes or [(label(row.name), row.theme_id, other) for row in contents.category_shares[:QUOTED]]
    told = [(name, colour, quotes[0]) for name, key, colour in themes if (quotes := contents.quotes.get(key))]
    if not told:
        return
    where = "; ".join(f"response {said.response_id} from character {said.start}" for _, _, said in told)
    slide = deck.slide("In customers' words", f"responses.parquet, comment: {where}.")
    height = BODY / QUOTED
    for place, (name, colour, said) in enumerate(told):
        top = TOP + place * height
        write(slide, [name], Box(MARGIN, top, 3.4, height - 0.1), 16, colour)
        quote(slide, _marked(said), words.attribution(said), Box(4.1, top, WIDTH - 4.1 - MARGIN, height - 0.1), colour)


def _marked(quote_: Quote) -> tuple[str, str, str]:
    """Words of a quote before, in and after the span that made its theme; cuts are shown."""
    before, after = "\u2026 " if quote_.cut_before else "", " \u2026" if quote_.cut_after else ""
    start, end, text = quote_.mark_start, quote_.mark_end, quote_.text
    return before + text[:start], text[start:end], text[end:] + after


def _actions(deck: Deck, contents: Contents) -> None:
    every = [d for d in contents.pains if d.above_noise]
    sure = every[:ACTIONS]
    if not sure:
        return
    slide = deck.slide("What to look at first, and what it could be worth", "drivers.csv: effect / 2 of each theme.")
    rows = [
        [label(d.name), whole(d.n), theme_words.points(d), theme_words.rank_range(d), theme_words.half(d)] for d in sure
    ]
    head = ["Pain point that beats the noise", "Customers", "Effect", "Rank", "With half of the mentions"]
    table(slide, head, rows, Box(MARGIN, TOP, FULL, 0), [4, 1.1, 2, 0.9, 2.2])
    limit = dict(method.limits(contents.analysis.drivers.n_scored, contents.analysis.drivers.n_commenters))
    first = f"{theme_words.sentence_start(named(sure[0].name))}: {theme_words.what_if(sure[0])}"
    top = TOP + 0.45 * (len(rows) + 1) + 0.4
    write(slide, [first, limit["An association, not a forecast"]], Box(MARGIN, top, FULL, HEIGHT - 1.05 - top), 16)
    _more(slide, len(every) - len(sure))


def _limits(deck: Deck, contents: Contents) -> None:
    drivers = contents.analysis.drivers
    slide = deck.slide("What we cannot tell", "The same sentences stand in report.html and docs/drivers.md.")
    told = method.limits(drivers.n_scored, drivers.n_commenters)
    write(slide, [f"{title}. {text}" for title, text in told], Box(MARGIN, TOP, FULL, BODY), 16)
