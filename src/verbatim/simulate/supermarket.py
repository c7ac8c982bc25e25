"""SimulationOptions -> Population, World: a supermarket that delivers, what its customers speak of and how they score.

Satisfaction is in standard deviations of the noise. Beside the segments, themes lean to seasons.
"""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import ConfigError
from verbatim.simulate.population import Customers, PlantedTheme, Population, draw_customers
from verbatim.simulate.waves import MixChange, SeverityChange, ShareChange, TwoWaves
from verbatim.simulate.worlds import WorldName, world


class SimulationOptions(BaseModel):
    """What the simulated survey is like."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int = Field(default=3_000, ge=1, description="Responses in the survey, silent ones included.")
    seed: int = Field(default=7, ge=0, description="Seed of every draw: the same options give the same bytes.")
    n_themes: int = Field(
        default=12, ge=1, le=12, description="Themes customers speak of: the first so many of the planted twelve."
    )
    comment_rate_promoter: float = Field(
        default=0.45, ge=0, le=1, description="Share of promoters (9-10) who leave a comment."
    )
    comment_rate_passive: float = Field(
        default=0.35, ge=0, le=1, description="Share of passives (7-8) who leave a comment."
    )
    comment_rate_detractor: float = Field(
        default=0.65, ge=0, le=1, description="Share of detractors (0-6) who leave a comment."
    )
    halo: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Probability that the tone of a mention follows the customer's mood (the score) and not the theme; "
        "by default 0.25, in the world of halo 0.7.",
    )
    null: bool = Field(default=False, description="No theme moves any score: every true effect is 0.")
    world: WorldName = Field(
        default="plain", description="The world: plain, or one in which the driver model is wrong (docs/simulation.md)."
    )
    typo_rate: float = Field(
        default=0.012, ge=0, le=1, description="Probability that a word of four letters or more is mistyped."
    )


# Pain points and delights alternate, so that every first-so-many has both. Causes: an order that goes wrong, trouble
# with screens, warm feelings.
PLANTED = (
    PlantedTheme("late_delivery", 0.13, -1.35, (0.5, 0.0, -0.2), {"London": 0.35, "Scotland": 0.2, "winter": 0.45}),
    PlantedTheme("friendly_drivers", 0.14, 0.85, (-0.2, 0.0, 0.5), {"Regular": 0.25, "North": 0.2}),
    PlantedTheme("missing_items", 0.115, -1.2, (0.5, 0.0, 0.0), {"First order": 0.3}),
    PlantedTheme("fresh_produce", 0.12, 0.68, (-0.1, 0.0, 0.5), {"South": 0.2}),
    PlantedTheme("price_rises", 0.13, -0.65, (0.0, 0.0, -0.3), {"Pay as you go": 0.3, "Regular": 0.2, "autumn": 0.35}),
    PlantedTheme("easy_website", 0.1, 0.52, (0.0, 0.4, 0.3), {"First order": 0.35, "Regular": -0.1}),
    PlantedTheme("substitutions", 0.1, -0.74, (0.5, 0.0, 0.0), {"Midweek pass": 0.25}),
    PlantedTheme("wide_range", 0.08, 0.42, (0.0, 0.0, 0.3), {"London": 0.25}),
    PlantedTheme("call_wait", 0.08, -0.62, (0.4, 0.2, 0.0), {"First order": 0.2, "First three months": 0.2}),
    PlantedTheme("packaging", 0.05, 0.33, (0.0, 0.0, 0.2), {"London": 0.25, "South": 0.1}),
    PlantedTheme("app_crashes", 0.07, -0.4, (0.0, 0.6, 0.0), {"First order": 0.3, "Anytime pass": 0.1}),
    PlantedTheme("delivery_slots", 0.06, -0.22, (0.1, 0.3, 0.0), {"Anytime pass": 0.3, "Scotland": 0.3, "winter": 0.2}),
)
SEGMENTS = {
    "plan": {"Pay as you go": 0.45, "Midweek pass": 0.25, "Anytime pass": 0.30},
    "region": {"London": 0.20, "South": 0.27, "Midlands": 0.20, "North": 0.21, "Scotland": 0.12},
    "journey_stage": {"First order": 0.20, "First three months": 0.30, "Regular": 0.50},
}
SATISFACTION = {"Anytime pass": 0.15, "London": -0.2, "First three months": -0.1, "Regular": 0.1}
BASE = -0.05
HALO = 0.25
# Scores of a customer with nothing to say, 0 to 10: promoters 45 %, passives 33 %, detractors 22 %.
_UNTOUCHED = (0.025, 0.01, 0.015, 0.02, 0.025, 0.05, 0.075, 0.13, 0.20, 0.17, 0.28)
CUTS = tuple(NormalDist().inv_cdf(float(p)) for p in np.cumsum(_UNTOUCHED)[:-1])
FIRST_DAY, DAYS = "2025-01-01", 365
SEASONS = {"winter": 61 / DAYS, "autumn": 92 / DAYS, "rest of the year": 212 / DAYS}
# Between the waves late deliveries become rarer, a missing item weighs more, and London's share of the orders doubles.
CHANGES = (
    ShareChange("late_delivery", 0.07),
    SeverityChange("missing_items", -1.8),
    MixChange("region", {"London": 0.40, "South": 0.20, "Midlands": 0.15, "North": 0.15, "Scotland": 0.10}),
)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything drawn before a word is written; rows are responses, in order of ``dates``."""

    dates: pd.Series
    customers: Customers


def supermarket(options: SimulationOptions) -> Population:
    """Everybody who orders, as the options ask.

    Raises
    ------
    ConfigError
        The world has no words.
    """
    if options.world == "tagging":
        raise ConfigError(
            'The world "tagging" has no words: comments say what was meant, and tags are somebody\'s reading of them. '
            'Use `verbatim.simulate.world(many_themes(), "tagging")` for coded data, or another world.'
        )
    rates = (options.comment_rate_detractor, options.comment_rate_passive, options.comment_rate_promoter)
    population = Population(
        themes=PLANTED[: options.n_themes],
        segments=SEGMENTS,
        satisfaction=SATISFACTION,
        base=BASE,
        noise=1.0,
        cuts=CUTS,
        comment_rates=rates,
        halo=HALO,
    )
    made = world(population, options.world)
    made = made if options.halo is None else replace(made, halo=options.halo)
    return world(made, "null") if options.null else made


def two_waves(options: SimulationOptions) -> TwoWaves:
    """The supermarket before and after `CHANGES`; with few themes, those changes that concern them."""
    before = supermarket(options)
    concerned = [change for change in CHANGES if isinstance(change, MixChange) or change.theme in before.keys]
    return TwoWaves(before, tuple(concerned))


def draw_world(population: Population, n: int, rng: np.random.Generator, first_day: str = FIRST_DAY) -> World:
    """Draw customers over a year, what each would speak of, and how satisfied they are."""
    minutes = np.sort(rng.integers(0, DAYS * 24 * 60, n))
    dates = pd.Series(pd.Timestamp(first_day) + pd.to_timedelta(minutes, unit="min"), name="date")
    moments = pd.DataFrame({"season": pd.Categorical(_seasons(dates))})
    return World(dates, draw_customers(population, n, rng, moments))


def all_year(population: Population) -> Population:
    """The population with the season of its answer as one more segment: everyone a year of the survey could ask."""
    return replace(population, segments={**population.segments, "season": SEASONS})


def _seasons(dates: pd.Series) -> list[str]:
    month = dates.dt.month.to_numpy()
    return list(np.select([month >= 11, month >= 8], list(SEASONS)[:2], list(SEASONS)[2]))
