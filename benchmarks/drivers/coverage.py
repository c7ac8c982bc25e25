"""Whether the interval of the effect holds the truth: in the plain world, beside a companion, in wrong worlds."""

import numpy as np

from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import Array, Found, rank_many
from verbatim.simulate import Companion, PlantedTheme, Population, many_themes, world

PLAIN_SIZES = (500, 2_000, 10_000)
WRONG_WORLDS = {
    "interactions": "pairs of themes that hurt more, or less, together; a theme one plan alone feels",
    "omitted": "an unseen cause moves every second theme and the score",
    "thresholds": "people answer 10, 8, 5 or 0",
    "strong": "effects 2.5 times as large",
    "halo": "themes with good and bad experiences",
    "tagging": "recall .8/.7/.6 (detractors to promoters), precision .8, not corrected",
}


def plain(count: int, n: int) -> list[Line]:
    """Coverage, bias and rank intervals of 20 themes of 3 to 20 %."""
    population = many_themes(20)
    truth, found = population.true_effects(), rank_many(population, n, count, draws=1000)
    held = verdict.coverage(found.holds(truth))
    ours, market = found.bias(truth), found.market_bias(truth)
    judged = n >= 2_000
    return [
        Line(
            f"n = {n:,}: interval of effect holds the truth: mean, worst of 20 themes",
            "no interval",
            held.figures,
            "0.93-0.97, >= 0.90",
            held.reached,
        ),
        Line(
            f"n = {n:,}: bias in points: mean, worst theme",
            f"{market.mean():.2f}, {market.max():.2f}",
            f"{ours.mean():.2f}, {ours.max():.2f}",
            "mean <= 0.1" if judged else "",
            bool(ours.mean() <= 0.1) if judged else None,
        ),
        *_ranks(found, truth, n),
    ]


def _ranks(found: Found, truth: Array, n: int) -> list[Line]:
    """Rank intervals, among the themes ranked in each survey; equal truths are equal ranks, and all must be inside."""
    ranked = np.isfinite(found.effect)
    first = 1 + ((truth[None, :] < truth[:, None]) & ranked[:, None, :]).sum(axis=2)
    last = ranked.sum(axis=1)[:, None] - ((truth[None, :] > truth[:, None]) & ranked[:, None, :]).sum(axis=2)
    inside = (found.rank_low <= first) & (last <= found.rank_high)
    held = verdict.at_least(np.where(ranked, inside, np.nan), 0.93)
    width = float(np.nanmean(found.rank_high - found.rank_low) + 1)
    return [
        Line(
            f"n = {n:,}: rank interval holds the true rank: mean, worst theme; width",
            "no interval",
            f"{held.figures}; {width:.1f} of {ranked.sum(axis=1).mean():.0f} ranks",
            "every theme >= 0.93",
            held.reached,
        )
    ]


def companion(count: int, n: int = 2_000) -> list[Line]:
    """A costs points; B costs nothing but comes up with A."""
    themes = [("A", 0.12, -1.9), ("B", 0.08, 0.0), ("C", 0.10, -0.8), ("D", 0.10, 0.4)]
    causes = (0.15**0.5,)
    population = Population(
        tuple(PlantedTheme(key, share, beta, causes, {"B plan": 0.25}) for key, share, beta in themes),
        segments={"plan": dict.fromkeys(("A plan", "B plan", "C plan"), 1 / 3)},
        satisfaction={"B plan": -0.7},
        companions=(Companion("A", "B", 0.5),),
    )
    truth, found = population.true_effects(), rank_many(population, n, count)
    held = verdict.coverage(found.holds(truth)[:, [1]])
    shown = float(found.effect[:, 1].mean())
    return [
        Line(
            f"innocent companion of a theme worth {truth[0]:.1f}: shown at; interval covers 0",
            f"{found.leave_out[:, 1].mean():+.2f}",
            f"{shown:+.2f}; {held.figures}",
            "within 0.5; 0.93-0.97",
            abs(shown) <= 0.5 and held.reached,
        )
    ]


def wrong(count: int, name: str, n: int = 2_000) -> list[Line]:
    """Coverage and bias in a world in which the driver model is wrong: what happens, without a goal."""
    population = world(many_themes(20), name)
    truth, found = population.true_effects(), rank_many(population, n, count)
    held = found.holds(truth)
    ours, market = found.bias(truth), found.market_bias(truth)
    rates = np.nanmean(held, axis=0)
    return [
        Line(
            f"wrong model, {WRONG_WORLDS[name]}: holds the truth: mean, worst; bias: mean, worst",
            f"no interval; {market.mean():.2f}, {market.max():.2f}",
            f"{rates.mean():.3f}, {rates.min():.3f}; {ours.mean():.2f}, {ours.max():.2f}",
            "",
            None,
        )
    ]
