"""Every sentence of the reports, made from the figures."""

import math
from collections.abc import Sequence

from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM, Nps
from verbatim.records import Drivers
from verbatim.report.contents import Broader, CategoryShares, Contents, General, Period, SegmentValue, SegmentView
from verbatim.report.formats import (
    count,
    interval,
    label,
    listed,
    named,
    percent,
    plain,
    signed,
    unclear,
    whole,
    with_minus,
)
from verbatim.report.newcomers import named_all
from verbatim.report.quotes import Quote
from verbatim.report.rows import Driver
from verbatim.report.theme_words import TIED_NAMED, named_and_counted, sentence_start, tied

PLURALS = {"promoter": "promoters", "passive": "passives", "detractor": "detractors"}
RANGES = {"promoter": "9\u201310", "passive": "7\u20138", "detractor": "0\u20136"}
ENOUGH_TO_CITE = 30  # responses of a period that a sentence names


# The headline and the few sentences under it


def headline(nps: Nps) -> str:
    """Say the NPS with its interval.

    Examples
    --------
    >>> headline(Nps(-24.7, -27.4, -22.0, 2353))
    'NPS −25 [−27, −22] from 2,353 scored responses'
    """
    return f"NPS {plain(nps.score, 0)} {interval(nps.low, nps.high, 0)} from {count(nps.n, 'scored response')}"


def summary(contents: Contents) -> list[str]:
    """Say in a few sentences what the report found, with no more certainty than it has."""
    return [sentence for sentence, _ in findings(contents)]


def findings(contents: Contents) -> list[tuple[str, str]]:
    """Sentences of the summary, each with the file of the run folder that its figures stand in."""
    pains, refusals = contents.pains, contents.analysis.drivers.refusals
    said = [(ranked_on(contents.analysis.drivers), "outcomes.csv")]
    if refusals:
        said += [(refusals[-1], "manifest.json#drivers.refusals")]
    else:
        said += [(sentence, "drivers.csv") for sentence in (worst(pains), noise(pains), best(contents.gains))]
    for view in contents.segments[:1]:
        said += [(spread(view), "segment_nps.csv"), *((sentence, "contrasts.csv") for sentence in view.contrasts[:1])]
    if len(contents.periods) > 1:
        said.append((course(contents.periods, contents.periods_differ), "responses.parquet"))
    if since := contents.analysis.since:
        told = [f"Since {label(since.source)}: {since.sentences[0]}", *since.warnings[:1]]
        said += [(with_minus(sentence), "since.json") for sentence in told]
    said.append((named_all(contents.newcomers), "proposed_themes.csv"))
    return [(sentence, file) for sentence, file in said if sentence]


def ranked_on(drivers: Drivers) -> str:
    """Say on which score the drivers are ranked; nothing where it is the NPS."""
    if drivers.ranked_on is None:
        return ""
    outcome, net = drivers.ranked_on.outcome, drivers.ranked_on.net
    return (
        f"Points below are points of {named(outcome.name)}, not of the NPS: answers {outcome.said}, which is "
        f"{plain(net.score, 0)} {interval(net.low, net.high, 0)} from {count(net.n, 'answer')}."
    )


def costs(driver: Driver) -> str:
    """Say what a pain point costs; the interval is turned with the sign."""
    said = f"{named(driver.name)} costs {plain(-driver.effect)} points {interval(-driver.high, -driver.low)}"
    return sentence_start(said.strip())


def brings(driver: Driver) -> str:
    """Say what a strength brings."""
    said = f"{named(driver.name)} adds {plain(driver.effect)} points {interval(driver.low, driver.high)}"
    return sentence_start(said.strip())


def _with_points(name: str, points: float) -> str:
    """Name and points: "“Long waits” (2.9)"; brackets that a description ends in are shared."""
    said = named(name)
    return f"{said[:-1]}; {plain(points)})" if unclear(name) else f"{said} ({plain(points)})"


def worst(pains: Sequence[Driver]) -> str:
    """Name the costliest theme, and every theme it cannot be told apart from.

    Rank is rank: where the costliest has no clear name, that is said, and the costliest that has one is named too.
    """
    if not pains:
        return "No theme stands out as a pain point: none has a negative effect."
    first, near = pains[0], tied(pains[0], pains)
    if not near:
        return f"{costs(first)}, more than any other theme.{_clearest(pains) or _next(pains)}"
    rivals = named_and_counted([_with_points(d.name, -d.effect) for d in near])
    said = f"{costs(first)}, the largest estimate, but it is tied with {rivals}: their order is not settled."
    return said + ("" if any(not unclear(d.name) for d in near[:TIED_NAMED]) else _clearest(pains))


def _clearest(pains: Sequence[Driver]) -> str:
    """Name the costliest theme that has a clear name, where the costliest of all has none."""
    clear = [d for d in pains if not unclear(d.name)]
    if not clear or not unclear(pains[0].name):
        return ""
    points = f"{plain(-clear[0].effect)} {interval(-clear[0].high, -clear[0].low)}".strip()
    return f" Of the themes with a clear name, {named(clear[0].name)} costs most: {points}."


def _next(pains: Sequence[Driver]) -> str:
    clear = [_with_points(d.name, -d.effect) for d in pains[1:3] if d.above_noise]
    if not clear:
        return ""
    return f" The next largest {'estimate is' if len(clear) == 1 else 'estimates are'} {listed(clear)}."


def order(pains: Sequence[Driver]) -> str:
    """Say how far down the ranking the order is settled."""
    places = [(d.rank_low, d.rank_high) for d in pains]
    if len(pains) < 2 or None in places[0]:
        return ""
    settled = next((i for i, (low, high) in enumerate(places) if low != high), len(places))
    if settled == len(places):
        return "Their order is settled."
    if settled == 0:
        return "Their order is not settled: rank intervals overlap from the first place on."
    first = "The first place is" if settled == 1 else f"The first {settled} places are"
    return f"{first} settled; below, rank intervals overlap and the order could differ."


def noise(pains: Sequence[Driver]) -> str:
    """Say how many pain points stand clear of chance."""
    clear = sum(d.above_noise for d in pains)
    if not pains:
        return ""
    if clear == 0:
        return "No pain point beats the noise: any of these costs could be chance. Collect more comments before acting."
    if clear == len(pains):
        return f"All {len(pains)} pain points beat the noise." if clear > 1 else "It beats the noise."
    verb, rest = "beats" if clear == 1 else "beat", "the other" if len(pains) - clear == 1 else "the others"
    return f"{clear} of {len(pains)} pain points {verb} the noise; {rest} could be chance."


def best(gains: Sequence[Driver]) -> str:
    """Name the strongest positive theme, with the same care as the worst."""
    clear = [d for d in gains if d.above_noise]
    if not clear:
        return "No theme with a positive effect beats the noise." if gains else "No theme has a positive effect."
    near = tied(clear[0], clear)
    if near:
        rivals = named_and_counted([_with_points(d.name, d.effect) for d in near])
        return f"{brings(clear[0])}, the largest estimate among the strengths, but it is tied with {rivals}."
    others = f", the largest of {len(clear)} strengths that beat the noise" if len(clear) > 1 else ""
    return f"{brings(clear[0])}{others or ', and it beats the noise'}."


def spread(view: SegmentView) -> str:
    """Say how far apart the values of a segment are, only where they differ by more than chance."""
    values = [v for v in view.groups if v.nps is not None]
    if not view.differ or len(values) < 2:
        return ""
    low, high = min(values, key=_score), max(values, key=_score)
    return f"By {label(view.name)}, NPS runs from {_value(low)} to {_value(high)}."


def _score(value: SegmentValue) -> float:
    return value.nps.score if value.nps else math.nan


def _value(value: SegmentValue) -> str:
    nps = value.nps
    assert nps is not None
    return f"{plain(nps.score, 0)} {interval(nps.low, nps.high, 0)} ({label(value.value)}, n = {whole(value.n)})"


def course(periods: Sequence[Period], differ: bool) -> str:
    """Say how the NPS moved, and whether the periods differ by more than chance."""
    known = [p for p in periods if p.nps is not None]
    if len(known) < 2:
        return ""
    large = [p for p in known if p.n >= ENOUGH_TO_CITE]
    ends = large if len(large) > 1 else known
    first, last = ends[0], ends[-1]
    path = f"from {_reading(first)} to {_reading(last)}"
    if differ:
        return f"Over time the NPS differs by more than chance: {path}."
    return f"Over time the NPS shows no more movement than chance would give: {path}."


def _reading(period: Period) -> str:
    nps = period.nps
    assert nps is not None
    return f"{plain(nps.score, 0)} {interval(nps.low, nps.high, 0)} ({period.label}, n = {whole(period.n)})"


def attribution(quote: Quote) -> str:
    """Say under a quote how its author scored and which segments they belong to."""
    if quote.score is None:
        who = "No score given"
    else:
        kind = "promoter" if quote.score >= PROMOTER_FROM else "passive" if quote.score >= PASSIVE_FROM else "detractor"
        who = f"Scored {quote.score} ({kind})"
    return " \u00b7 ".join([who, *(f"{label(name)}: {label(value)}" for name, value in quote.segments)])


# Groups


def general_line(general: General, n_comments: int) -> str:
    """Count praise or complaint that names no subject."""
    nps, among = general.nps, f"{whole(general.n)} of {count(n_comments, 'comment')} ({percent(general.share)})"
    score = f"; their NPS is {plain(nps.score, 0)} {interval(nps.low, nps.high, 0)}" if nps else ""
    return f"{named(general.name)}: {among}{score}."


def unranked(driver: Driver) -> str:
    """Say what a theme without a rank would read, and that it has none."""
    reading = f"{signed(driver.effect)} points {interval(driver.low, driver.high)}".strip()
    return sentence_start(f"{named(driver.name)}: {count(driver.n, 'customer')}, {reading}; not ranked.")


def broader(themes: Sequence[Broader]) -> str:
    """Say what the broader themes are and how their effects go together with those of their parts."""
    parts = sum(len(theme.parts) + len(theme.rare) for theme in themes)
    under = f"{count(parts, 'theme')} {'falls' if parts == 1 else 'fall'} under {count(len(themes), 'broader one')}"
    said = (
        f"{under}, ranked apart: a customer who raises two parts of one counts once in it. These are the same comments "
        "seen from further away, so the points do not add to those above."
    )
    mixed = [theme for theme in themes if len({part.effect < 0 for part in theme.parts if part.above_noise}) == 2]
    if not mixed:
        return said
    name = sentence_start(named(mixed[0].driver.name))
    return f"{said} {name} holds costs and strengths, which offset each other: read its parts."


def mentioned_by(row: CategoryShares) -> str:
    """Say what share of the commenters of each score category mention a theme."""
    known = [f"{percent(share)} of {PLURALS[kind]}" for kind, share in row.shares if share is not None]
    return f"{sentence_start(named(row.name))}: mentioned by {listed(known)} who left a comment." if known else ""


def no_spread(view: SegmentView) -> str:
    """Say that the values of a segment cannot be told apart."""
    if len([v for v in view.groups if v.nps]) < 2:
        return "There are not two groups large enough to compare."
    return f"By {label(view.name)}, NPS differs no more than chance would make it."


def hidden(n: int, minimum: int) -> str:
    """Say how many groups are kept back because they are small."""
    return f"{count(n, 'group')} of fewer than {minimum} responses {'is' if n == 1 else 'are'} not shown."


def cut_short(shown: int, n: int) -> str:
    """Say that a table of responses does not hold all of them."""
    return f"{whole(shown)} of {count(n, 'response')} shown (report.coded_rows); coded.csv has all."
