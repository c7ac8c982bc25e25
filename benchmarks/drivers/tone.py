"""Whether the tone bracket holds what bad experiences cost, however far tones follow the mood.

The world: twelve themes of which customers have good and bad experiences, in shares from 2:8 to 8:2. A mention's tone
follows the customer's mood with the probability called halo, else the experience. The truth is the NPS as generated
less its NPS with the mentions that tell of a *bad experience* of the theme switched off and every other draw kept. The
bracket runs from share of negative mentions x effect per mention (tone is mood) to the effect carried by negative
mentions (tone is theme). It is an identification bracket, not a confidence interval: its ends have sampling error too,
so it is judged by its mean ends, and how often a single survey's bracket holds the truth stands beside.
"""

from dataclasses import replace

import numpy as np

from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import Array, by_theme, drawn, rank
from verbatim.simulate import PlantedTheme, Population, many_themes

HALOS = (0.25, 0.5, 0.75)


def mixed_themes() -> Population:
    """Twelve themes of 5 to 20 %, each with good and bad experiences."""
    rng = np.random.default_rng(12)
    good_shares = rng.permutation(np.linspace(0.2, 0.8, 12))
    themes = tuple(
        PlantedTheme(
            f"T{place:02d}",
            float(share),
            beta=float(rng.uniform(-2.0, -0.6)),
            causes=(0.15**0.5,),
            leanings={"B": 0.25},
            good_share=float(good_shares[place]),
            good_beta=float(rng.uniform(0.2, 1.2)),
        )
        for place, share in enumerate(np.geomspace(0.05, 0.20, 12))
    )
    return replace(many_themes(12), themes=themes)


def bracket(count: int, n: int = 2_000) -> list[Line]:
    """The bracket of negative mentions at three halo levels, and with none."""
    lines = []
    truth = mixed_themes().true_bad_effects()
    for halo in (0.0, *HALOS):
        low, high = _ends(replace(mixed_themes(), halo=halo), n, count)
        held = (low.mean(axis=0) <= truth) & (truth <= high.mean(axis=0))
        single = float(((low <= truth) & (truth <= high)).mean())
        figures = f"{held.sum()} of 12 ({low.mean():.1f} to {high.mean():.1f}, truth {truth.mean():.1f}"
        lines.append(
            Line(
                f"tone bracket, halo {halo:g}: holds the points bad experiences cost (mean bracket, mean truth)",
                "none",
                f"{figures}; single surveys {single:.2f})",
                "12 of 12" if halo else "",
                bool(held.all()) if halo else None,
            )
        )
    return lines


def _ends(population: Population, n: int, count: int) -> tuple[Array, Array]:
    """Lower and upper ends of the brackets, (surveys, themes)."""
    low, high = [], []
    for survey in drawn(population, n, count):
        drivers = rank(survey, tone=True)
        share = by_theme(drivers, "n_negative", population) / drivers.n_commenters
        mood = share * by_theme(drivers, "effect_per_mention", population)
        theme = by_theme(drivers, "effect_negative", population)
        low.append(np.minimum(mood, theme))
        high.append(np.maximum(mood, theme))
    return np.array(low), np.array(high)
