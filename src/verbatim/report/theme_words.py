"""Every sentence on one theme, made from its row of the driver table."""

import math
from collections.abc import Iterable, Sequence

from verbatim.report.formats import (
    DASH,
    UNKNOWN,
    chance,
    count,
    interval,
    listed,
    named,
    ordinal,
    percent,
    plain,
    signed,
    unclear,
    whole,
)
from verbatim.report.rows import BridgeLine, Driver

TIED_NAMED = 3
BRIDGE_LINES = 4  # sources named one by one; the others are summed
MENTIONABLE = 0.05  # NPS points that do not read as 0.0
FARTHEST_RATIO = 100  # of silent promoters to silent detractors that is looked at


def sentence_start(said: str) -> str:
    """Capitalise the first letter and leave the rest alone."""
    return said[0].upper() + said[1:]


def points(driver: Driver) -> str:
    """Effect with its interval: "−3.0 [−4.1, −2.0]"."""
    return f"{signed(driver.effect)} {interval(driver.low, driver.high)}".strip()


def noise_mark(driver: Driver) -> str:
    """Say in words whether a theme stands clear of chance."""
    if driver.rank is None:
        return "not ranked"
    return "beats the noise" if driver.above_noise else "could be chance"


def marks(driver: Driver) -> str:
    """Say whether a theme stands clear of chance, and whether its figures were chosen by looking at them."""
    return noise_mark(driver) + ("; confirm next wave" if driver.confirm_next_wave else "")


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
        who += f"; their {driver.measure or 'NPS'} is {plain(driver.nps_mentioners, 0)}"
    return f"{who}."


def outcome(driver: Driver) -> str:
    """Split the effect into promoters and detractors; the parts sum to the effect."""
    lost, made = driver.promoters_lost, driver.detractors_made
    if not (math.isfinite(lost) and math.isfinite(made)):
        return ""
    top, bottom = ("promoters", "detractors") if driver.measure is None else ("in the top box", "in the bottom box")
    promoters = f"{signed(lost)} through {'fewer' if lost < 0 else 'more'} {top}"
    detractors = f"{signed(made)} through {'more' if made < 0 else 'fewer'} {bottom}"
    return f"Of its {signed(driver.effect)} points: {promoters}, {detractors}."


def what_if(driver: Driver) -> str:
    """Say what the NPS would read with half of a pain point's mentions."""
    if driver.effect >= 0 or not math.isfinite(driver.low):
        return ""
    return (
        "If half of these mentions were absent, and those customers scored like otherwise similar customers, "
        f"{driver.measure or 'NPS'} would read {half(driver)} points."
    )


def half(driver: Driver) -> str:
    """Points that half of a theme's mentions less would read: "+1.5 [+1.0, +2.1]"."""
    return f"{signed(-driver.effect / 2)} {interval(-driver.high / 2, -driver.low / 2, sign=True)}".strip()


def leave_out(driver: Driver, bridge: Sequence[BridgeLine] = ()) -> str:
    """Explain the number most tools rank by: how much of it belongs to whatever else those customers mention."""
    if not math.isfinite(driver.leave_out):
        return ""
    said = f"Leave-out, the number most tools rank by, says {signed(driver.leave_out)}"
    others = [line for line in bridge if line.kind != "own"]
    if not others or abs(driver.leave_out - driver.effect) < 2 * MENTIONABLE:
        return f"{said}."
    same_way = [line for line in others if line.points * (driver.leave_out - driver.effect) > 0]
    largest = max(same_way, key=lambda line: abs(line.points))
    if abs(largest.points) < MENTIONABLE:
        return f"{said}: {signed(driver.effect)} is its own, the rest belongs to many others a little each."
    often = "less often" if largest.fewer else "more often"
    whose = f"which they mention {often} than others" if largest.kind == "theme" else "the segment they belong to"
    rest = driver.leave_out - driver.effect - largest.points
    more = f", and {signed(rest)} to others" if abs(rest) >= abs(largest.points) / 4 else ""
    return f"{said}; {signed(largest.points)} of it belongs to {named(largest.source)}, {whose}{more}."


def bridge_rows(bridge: Sequence[BridgeLine]) -> list[tuple[str, float]]:
    """Lines of a bridge to show: its own effect, the largest others, and the sum of the rest."""
    own = [("Its own effect", line.points) for line in bridge if line.kind == "own"]
    others = [line for line in bridge if line.kind != "own"]
    shown = [line for line in others[:BRIDGE_LINES] if abs(line.points) >= MENTIONABLE]
    rest = sum(line.points for line in others[len(shown) :])
    return [*own, *((line.source, line.points) for line in shown), ("All others together", rest)]


def tone(driver: Driver) -> str:
    """Say how the mentions sound and what each tone carries, as a bracket; no tone part is ever called significant."""
    if driver.n_negative is None or driver.n_positive is None:
        return ""
    said = f"{count(driver.n_negative, 'mention')} read as negative, {whole(driver.n_positive)} as positive"
    parts = [
        (driver.effect_negative_if_mood, driver.effect_negative, "negative"),
        (driver.effect_positive_if_mood, driver.effect_positive, "positive"),
    ]
    known = [f"{_bracket(*ends)} by {kind} ones" for *ends, kind in parts if all(map(math.isfinite, ends))]
    if known:
        said += f"; of the effect {listed(known)} (the first figure takes tone as mood, the second as the theme)"
    return f"{said}."


def _bracket(mood: float, theme: float) -> str:
    return f"{signed(mood)} to {signed(theme)} is carried"


def divided(driver: Driver) -> str:
    """Say what a theme that divides customers does."""
    return sentence_start(
        f"{named(driver.name)}: {points(driver)} in all, yet negative mentions carry {signed(driver.effect_negative)} "
        f"and positive ones {signed(driver.effect_positive)}, if tone is the theme's and not mood."
    )


def standing(driver: Driver) -> str:
    """Say how sure the rank is."""
    if driver.rank is None or driver.rank_low is None or driver.rank_high is None:
        return ""
    place = f"Ranked {driver.rank}; the data allow "
    if driver.rank_low == driver.rank_high:
        place += "no other rank"
    else:
        place += f"ranks {driver.rank_low} to {driver.rank_high}"
    if math.isfinite(driver.p_top3) and driver.effect < 0:
        place += f". Chance of being among the worst three in a like next wave: {chance(driver.p_top3)}"
    return f"{place}."


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


def ties(driver: Driver, others: Sequence[Driver]) -> str:
    """Name the themes a theme is tied with."""
    near = tied(driver, others)
    if not near:
        return ""
    return f"Tied with {named_and_counted([named(d.name) for d in near])}."


def named_and_counted(parts: list[str]) -> str:
    """Join the first few as a list and count the rest."""
    more = len(parts) - TIED_NAMED
    return listed([*parts[:TIED_NAMED], count(more, "other")] if more > 0 else parts)


def nameless(drivers: Iterable[Driver]) -> str:
    """Explain a name that only lists words, where one of the themes has such a name."""
    if not any(unclear(d.name) for d in drivers):
        return ""
    return (
        "\u201cUnclear\u201d: no short name fits these comments; their commonest words stand for one. Read them first."
    )


def confirm(driver: Driver) -> str:
    """Warn of a theme that was edited after the drivers of this survey were shown."""
    if not driver.confirm_next_wave:
        return ""
    return (
        "Edited after the drivers were shown: its figures may have been chosen by looking. Confirm with the next wave."
    )


def about(driver: Driver, others: Sequence[Driver] = (), bridge: Sequence[BridgeLine] = ()) -> list[str]:
    """Say what a theme does, a sentence each; ``others`` are those it may be tied with."""
    said = [reach(driver), outcome(driver), what_if(driver), standing(driver), ties(driver, others)]
    said += [tone(driver), leave_out(driver, bridge), nameless([driver]), confirm(driver)]
    return [sentence for sentence in said if sentence]


# What it would take to overturn the figure


def sturdiness(driver: Driver, n_silent: int) -> list[str]:
    """Say what it would take to overturn a theme's effect, a sentence each; ``n_silent`` gave only a score."""
    said = [unmeasured_cause(driver), silence(driver, n_silent), other_model(driver), importance(driver)]
    return [sentence for sentence in said if sentence]


def unmeasured_cause(driver: Driver) -> str:
    """Say how strong a cause nobody measured would have to be, beside the strongest that was measured."""
    if not math.isfinite(driver.robustness_value):
        return ""
    said = (
        f"A cause nobody measured would have to explain {percent(driver.robustness_value)} of what is left of both the "
        "mentions and the scores to bring the effect to 0"
    )
    if driver.benchmark is None or not math.isfinite(driver.benchmark_strength):
        return f"{said}."
    return (
        f"{said}; one as strong as {named(driver.benchmark)}, the strongest measured, counts as "
        f"{percent(driver.benchmark_strength)}."
    )


def silence(driver: Driver, n_silent: int) -> str:
    """Say how different the silent would have to be from the commenters before the effect is gone."""
    if n_silent == 0 or not math.isfinite(driver.effect) or math.isnan(driver.robustness_value):
        return ""
    likelier, other = ("promoters", "detractors") if driver.effect < 0 else ("detractors", "promoters")
    if not math.isfinite(driver.silence_ratio):
        return (
            f"Not even silent {likelier} {FARTHEST_RATIO} times as likely as silent {other} to have this in mind, or "
            "all of them, would bring the effect to 0."
        )
    return (
        f"The effect would be 0 only if silent {likelier} were {plain(driver.silence_ratio)} times as likely as silent "
        f"{other} to have this in mind, compared with commenters like them."
    )


def other_model(driver: Driver) -> str:
    """Say where another model, which takes the three score categories as ordered, ranks the theme."""
    if driver.rank is None or driver.rank_ordinal is None:
        return ""
    if driver.rank == driver.rank_ordinal:
        return f"A model of the ordered score categories (ordinal logit) also ranks it {ordinal(driver.rank)}."
    return f"A model of the ordered score categories (ordinal logit) ranks it {ordinal(driver.rank_ordinal)}."


def importance(driver: Driver) -> str:
    """Say how much of the differences between scores the theme accounts for."""
    if not math.isfinite(driver.relative_weight):
        return ""
    return f"It accounts for {percent(driver.relative_weight)} of the differences between scores (Johnson's weight)."
