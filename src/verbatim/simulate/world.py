"""SimulationOptions -> World: who the customers are, what they have to say and how they score.

The world is a supermarket that delivers. Latent satisfaction = base + sum over themes of beta_k * mention_k + segment
part + noise, in standard deviations of the noise, cut at fixed points into 0-10. Mentions are correlated (Gaussian
copula with three common causes), and their prevalence differs by segment and season.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from verbatim.nps import points

Floats = NDArray[np.float64]


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
    halo: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="Probability that the tone of a mention follows the customer's mood (the score) and not the theme.",
    )
    null: bool = Field(default=False, description="No theme moves any score: every true effect is 0.")
    typo_rate: float = Field(
        default=0.012, ge=0, le=1, description="Probability that a word of four letters or more is mistyped."
    )


@dataclass(frozen=True, slots=True)
class PlantedTheme:
    """A theme of the world.

    ``share`` is its intended prevalence, ``beta`` what a mention does to latent satisfaction, ``causes`` its loadings
    on the three common causes (an order that goes wrong, trouble with screens, warm feelings), and ``leanings`` the
    probit shifts of its prevalence for single segment values and seasons.
    """

    key: str
    share: float
    beta: float
    causes: tuple[float, float, float]
    leanings: dict[str, float]

    @property
    def is_pain_point(self) -> bool:
        """Whether customers mostly complain of it."""
        return self.beta < 0


# Pain points and delights alternate, so that every first-so-many has both.
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
# Scores of a customer with nothing to say, 0 to 10: promoters 45 %, passives 33 %, detractors 22 %.
_UNTOUCHED = (0.025, 0.01, 0.015, 0.02, 0.025, 0.05, 0.075, 0.13, 0.20, 0.17, 0.28)
CUTS = np.array([NormalDist().inv_cdf(float(p)) for p in np.cumsum(_UNTOUCHED)[:-1]])
FIRST_DAY, DAYS = "2025-01-01", 365


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything drawn before a word is written; rows are responses, in order of ``date``.

    ``untouched`` (n,) is latent satisfaction without the themes; ``mentions`` (n, n_themes) is 0/1 for everyone,
    silent or not; ``betas`` (n_themes,) are zero in a null world; ``scores`` (n,) is
    ``cut(untouched + mentions @ betas)``.
    """

    themes: tuple[PlantedTheme, ...]
    dates: pd.Series
    segments: pd.DataFrame
    untouched: Floats
    mentions: NDArray[np.int8]
    betas: Floats
    scores: NDArray[np.int8]


def draw_world(options: SimulationOptions, rng: np.random.Generator) -> World:
    """Draw customers, what each would speak of, and their scores."""
    themes = PLANTED[: options.n_themes]
    minutes = np.sort(rng.integers(0, DAYS * 24 * 60, options.n))
    dates = pd.Series(pd.Timestamp(FIRST_DAY) + pd.to_timedelta(minutes, unit="min"), name="date")
    segments = pd.DataFrame(
        {name: rng.choice(list(values), options.n, p=list(values.values())) for name, values in SEGMENTS.items()},
        dtype="str",
    )
    mentions = _mentions(themes, segments, dates, rng)
    untouched = BASE + _sum_over_values(SATISFACTION, segments) + rng.standard_normal(options.n)
    betas = np.array([0.0 if options.null else theme.beta for theme in themes])
    return World(themes, dates, segments, untouched, mentions, betas, cut(untouched + mentions @ betas))


def cut(latent: Floats) -> NDArray[np.int8]:
    """Cut latent satisfaction into scores 0-10.

    Examples
    --------
    >>> cut(np.array([-5.0, 5.0])).tolist()
    [0, 10]
    """
    return np.searchsorted(CUTS, latent, side="right").astype(np.int8)


def true_effects(world: World) -> Floats:
    """NPS as generated minus NPS with one theme's mentions switched off and every other draw kept, theme by theme.

    Over all responses, silent ones included, in NPS points (-200..200); shape (n_themes,).
    """
    latent = world.untouched + world.mentions @ world.betas
    without = [points(cut(latent - world.mentions[:, k] * beta)).mean() for k, beta in enumerate(world.betas)]
    return np.asarray(points(world.scores).mean() - np.array(without))


def _mentions(
    themes: tuple[PlantedTheme, ...], segments: pd.DataFrame, dates: pd.Series, rng: np.random.Generator
) -> NDArray[np.int8]:
    """Cut correlated normal propensities so that each theme reaches its share, leaning to its segments and season."""
    loadings = np.array([theme.causes for theme in themes])
    own = np.sqrt(1 - np.sum(loadings**2, axis=1))
    causes = rng.standard_normal((len(segments), loadings.shape[1]))
    propensity = causes @ loadings.T + own * rng.standard_normal((len(segments), len(themes)))
    groups = segments.assign(season=_seasons(dates))
    for k, theme in enumerate(themes):
        lean = _sum_over_values(theme.leanings, groups)
        propensity[:, k] += lean - lean.mean()
    thresholds = np.array([NormalDist().inv_cdf(1 - theme.share) for theme in themes])
    return np.asarray(propensity > thresholds, dtype=np.int8)


def _seasons(dates: pd.Series) -> NDArray[np.str_]:
    month = dates.dt.month
    return np.select([month >= 11, month >= 8], ["winter", "autumn"], "rest of the year")


def _sum_over_values(amounts: dict[str, float], groups: pd.DataFrame) -> Floats:
    """Add up, for each row, the amounts of the values it holds in any column."""
    total = np.zeros(len(groups))
    for name in groups.columns:
        total += groups[name].map(amounts).fillna(0.0).to_numpy(dtype=float)
    return total
