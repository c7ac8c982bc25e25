"""Whether planned power comes true: what `verbatim power` says beside surveys that are drawn and ranked in full."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import Array, rank
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.planning.planned import PowerOptions, draw_planned, planned_themes, rank_planned
from verbatim.drivers.planning.power import TOP, power
from verbatim.records import Drivers
from verbatim.simulate import many_themes

MEASURES = ("found", "rank_right", "in_top3")
SIZES = (300, 1000, 2000, 4000)
GOAL = 0.05
DRAWS = 500
PILOTS, PILOT_SIZE = 3, 20_000
PLANS = {
    "-3 points, 12 % of 20 themes": (-3.0, PowerOptions()),
    "-2 points, 5 % of 12 themes, 40 % comment, NPS -10": (
        -2.0,
        PowerOptions(share=0.05, themes=12, comment_rate=0.4, nps=-10),
    ),
}


@dataclass(frozen=True)
class Came:
    """How a driver fared in some surveys of one size: what is true, and an array (surveys, 3) of `MEASURES`."""

    true_rank: int
    hits: Array


def lines(count: int) -> list[Line]:
    """Planned surveys, and pilots of another world; ``count`` surveys of each size."""
    return [*(planned(name, count) for name in PLANS), from_pilots(count)]


def planned(name: str, count: int) -> Line:
    """A survey that does not exist yet, against surveys of the same plan."""
    effect, options = PLANS[name]
    share, true = planned_themes(effect, options)
    said = power(effect=effect, n=SIZES, options=options).table
    ranking = DriverOptions(draws=DRAWS, min_segment=10**9)
    came = [
        fared(
            [
                rank_planned(*draw_planned(share, true, n, options, np.random.default_rng([n, seed])), ranking)
                for seed in range(count)
            ],
            "T000",
            effect,
            int(1 + np.sum(true < effect)),
        )
        for n in SIZES
    ]
    return compared(f"power, planned survey, {name}", said[list(MEASURES)].to_numpy(dtype=float), came)


def from_pilots(count: int) -> Line:
    """Pilots of a latent world with segments and silence, against other surveys of that world; mean of the pilots."""
    population = replace(many_themes(), comment_rates=(0.65, 0.35, 0.45))
    effects = population.true_effects(400_000)
    place = int(np.argsort(effects)[2])
    theme, effect = population.keys[place], float(effects[place])
    said = []
    for pilot in range(PILOTS):
        drivers = rank(population.draw(PILOT_SIZE, 900_000 + pilot))
        if (drivers.table["theme_id"][drivers.table["rank"].notna()] == theme).any():
            table = power(drivers, effect=effect, theme=theme, n=SIZES, options=PowerOptions(seed=pilot)).table
            said.append(table[list(MEASURES)].to_numpy(dtype=float))
    came = []
    for n in SIZES:
        found = [rank(population.draw(n, seed), draws=DRAWS) for seed in range(count)]
        came.append(fared(found, theme, effect, int(1 + np.sum(effects < effect))))
    name = f"power, from pilots of {PILOT_SIZE:,}, {effect:.1f} points, third of 20 themes, mean of {PILOTS}"
    return compared(name, np.mean(said, axis=0), came)


def fared(found: Sequence[Drivers], theme: str, effect: float, true_rank: int) -> Came:
    """Look a driver up in every survey."""
    hits = np.zeros((len(found), len(MEASURES)))
    for survey, drivers in enumerate(found):
        row = drivers.table[(drivers.table["theme_id"] == theme) & drivers.table["rank"].notna()]
        if len(row):
            place, right_way = int(row["rank"].iloc[0]), float(row["effect"].iloc[0]) * effect > 0
            hits[survey] = bool(row["above_noise"].iloc[0]) and right_way, place == true_rank, place <= TOP
    return Came(true_rank, hits)


def compared(name: str, said: Array, came: Sequence[Came]) -> Line:
    """One line: said / came in percent for each size, and the largest gap."""
    rates = np.array([wave.hits.mean(axis=0) for wave in came])
    error = np.sqrt(np.maximum(rates * (1 - rates), 0.01) / len(came[0].hits))
    gap = np.abs(said - rates)
    pairs = [
        f"{measure.replace('_', ' ')} "
        + " ".join(f"{100 * said[row, at]:.0f}/{100 * rates[row, at]:.0f}" for row in range(len(SIZES)))
        for at, measure in enumerate(MEASURES)
    ]
    reached = bool(gap.max() <= GOAL)
    unsure = not reached and bool((gap - 1.96 * error).max() <= GOAL)
    figures = f"{'; '.join(pairs)}; largest gap {100 * gap.max():.1f}{verdict.UNSURE if unsure else ''}"
    sizes = ", ".join(f"{n:,}" for n in SIZES)
    return Line(f"{name}; said/came, percent, n = {sizes}", "none", figures, "gap <= 5", reached or unsure)
