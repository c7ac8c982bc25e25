"""Every sentence of the reports, made from the figures."""

import math
from collections.abc import Iterable, Sequence

from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM, Nps
from verbatim.report.contents import Broader, Driver, General, Period, SegmentValue, SegmentView
from verbatim.report.formats import (
    DASH,
    UNKNOWN,
    chance,
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
)
from verbatim.report.quotes import Quote

PLURALS = {"promoter": "promoters", "passive": "passives", "detractor": "detractors"}
RANGES = {"promoter": "9\u201310", "passive": "7\u20138", "detractor": "0\u20136"}
TIED_NAMED = 3
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


def summary(
    pains: Sequence[Driver],
    gains: Sequence[Driver],
    segments: Sequence[SegmentView],
    periods: Sequence[Period],
    differ: bool,
) -> list[str]:
    """Say in at most five sentences what the report found, with no more certainty than it has."""
    said = [worst(pains), noise(pains), best(gains), *(spread(view) for view in segments[:1])]
    if len(periods) > 1:
        said.append(course(periods, differ))
    return [sentence for sentence in said if sentence]


def costs(driver: Driver) -> str:
    """Say what a pain point costs; the interval is turned with the sign."""
    said = f"{named(driver.name)} costs {plain(-driver.effect)} points {interval(-driver.high, -driver.low)}"
    return _sentence_start(said.strip())


def brings(driver: Driver) -> str:
    """Say what a strength brings."""
    said = f"{named(driver.name)} adds {plain(driver.effect)} points {interval(driver.low, driver.high)}"
    return _sentence_start(said.strip())


def _sentence_start(said: str) -> str:
    return said[0].upper() + said[1:]


def _with_points(name: str, points: float) -> str:
    """Name and points: "“Long waits” (2.9)"; brackets that a description ends in are shared."""
    said = named(name)
    return f"{said[:-1]}; {plain(points)})" if unclear(name) else f"{said} ({plain(points)})"


def tied(driver: Driver, others: Iterable[Driver]) -> list[Driver]:
    """Themes whose rank interval overlaps this one's: the data cannot put them in order."""
    if driver.rank_low is None or driver.rank_high is None:
        return []
    low, high = driver.rank_low, driver.rank_high
    return [d for d in others if d is not driver and _between(d, low, high)]


def _between(driver: Driver, low: int, high: int) -> bool:
    if driver.rank_low is None or driver.rank_high is None:
        return False
    return driver.rank_low <= high and low <= driver.rank_high


def worst(pains: Sequence[Driver]) -> str:
    """Name the costliest theme, and every theme it cannot be told apart from.

    Rank is rank: where the costliest has no clear name, that is said, and the costliest that has one is named too.
    """
    if not pains:
        return "No theme stands out as a pain point: none has a negative effect."
    first, near = pains[0], tied(pains[0], pains)
    if not near:
        return f"{costs(first)}, more than any other theme.{_clearest(pains) or _next(pains)}"
    rivals = _named_and_counted([_with_points(d.name, -d.effect) for d in near])
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
        rivals = _named_and_counted([_with_points(d.name, d.effect) for d in near])
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


# One theme


def noise_mark(driver: Driver) -> str:
    """Say in words whether a theme stands clear of chance."""
    if driver.rank is None:
        return "not ranked"
    return "beats the noise" if driver.above_noise else "could be chance"


def rank_range(driver: Driver) -> str:
    """Rank interval of a theme: "1" or "2–5"."""
    if driver.rank_low is None or driver.rank_high is None:
        return UNKNOWN
    if driver.rank_low == driver.rank_high:
        return str(driver.rank_low)
    return f"{driver.rank_low}{DASH}{driver.rank_high}"


def reach(driver: Driver) -> str:
    """Say who mentions the theme and how they score."""
    verb = "mentions" if driver.n == 1 else "mention"
    who = f"{count(driver.n, 'customer')} {verb} it ({percent(driver.share)} of commenters)"
    if math.isfinite(driver.nps_mentioners):
        who += f"; their NPS is {plain(driver.nps_mentioners, 0)}"
    return f"{who}."


def outcome(driver: Driver) -> str:
    """Split the effect into promoters and detractors; the parts sum to the effect."""
    lost, made = driver.promoters_lost, driver.detractors_made
    if not (math.isfinite(lost) and math.isfinite(made)):
        return ""
    promoters = f"{signed(lost)} through {'fewer' if lost < 0 else 'more'} promoters"
    detractors = f"{signed(made)} through {'more' if made < 0 else 'fewer'} detractors"
    return f"Of its {signed(driver.effect)} points: {promoters}, {detractors}."


def leave_out(driver: Driver) -> str:
    """Explain the market's number beside ours."""
    if not math.isfinite(driver.leave_out):
        return ""
    return (
        f"The common leave-out measure gives {signed(driver.leave_out)}: the NPS with and without the responses that "
        "mention it, which also counts whatever else those customers mention."
    )


def tone(driver: Driver) -> str:
    """Say how the mentions sound and what each tone carries; no tone part is ever called significant."""
    if driver.n_negative is None or driver.n_positive is None:
        return ""
    said = f"{count(driver.n_negative, 'mention')} read as negative, {whole(driver.n_positive)} as positive"
    if math.isfinite(driver.effect_negative) and math.isfinite(driver.effect_positive):
        said += f"; {signed(driver.effect_negative)} points are carried by negative mentions, "
        said += f"{signed(driver.effect_positive)} by positive ones"
    return f"{said}."


def standing(driver: Driver) -> str:
    """Say how sure the rank is."""
    if driver.rank is None or driver.rank_low is None or driver.rank_high is None:
        return ""
    place = f"Ranked {driver.rank}; the data allow "
    if driver.rank_low == driver.rank_high:
        place += "no other rank"
    else:
        place += f"ranks {driver.rank_low} to {driver.rank_high}"
    if driver.p_top3 is not None and driver.effect < 0:
        place += f". Chance of being among the worst three in a like next wave: {chance(driver.p_top3)}"
    return f"{place}."


def ties(driver: Driver, others: Sequence[Driver]) -> str:
    """Name the themes a theme is tied with."""
    near = tied(driver, others)
    if not near:
        return ""
    return f"Tied with {_named_and_counted([named(d.name) for d in near])}."


def _named_and_counted(parts: list[str]) -> str:
    """Join the first few as a list and count the rest."""
    more = len(parts) - TIED_NAMED
    return listed([*parts[:TIED_NAMED], count(more, "other")] if more > 0 else parts)


def about(driver: Driver, others: Sequence[Driver] = ()) -> list[str]:
    """Say all that is known of one theme, a sentence each; ``others`` are those it may be tied with."""
    said = [reach(driver), outcome(driver), standing(driver), ties(driver, others), tone(driver), leave_out(driver)]
    return [sentence for sentence in (*said, nameless([driver])) if sentence]


def nameless(drivers: Iterable[Driver]) -> str:
    """Explain a name that only lists words, where one of the themes has such a name."""
    if not any(unclear(d.name) for d in drivers):
        return ""
    return (
        "\u201cUnclear\u201d: no short name fits these comments; their commonest words stand for one. Read them first."
    )


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
    return _sentence_start(f"{named(driver.name)}: {count(driver.n, 'customer')}, {reading}; not ranked.")


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
    name = _sentence_start(named(mixed[0].driver.name))
    return f"{said} {name} holds costs and strengths, which offset each other: read its parts."


def points(driver: Driver) -> str:
    """Effect with its interval: "−3.0 [−4.1, −2.0]"."""
    return f"{signed(driver.effect)} {interval(driver.low, driver.high)}".strip()


def no_spread(view: SegmentView) -> str:
    """Say that the values of a segment cannot be told apart."""
    if len([v for v in view.groups if v.nps]) < 2:
        return "There are not two groups large enough to compare."
    return f"By {label(view.name)}, NPS differs no more than chance would make it."


def hidden(n: int, minimum: int) -> str:
    """Say how many groups are kept back because they are small."""
    return f"{count(n, 'group')} of fewer than {minimum} responses {'is' if n == 1 else 'are'} not shown."
