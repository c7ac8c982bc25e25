"""Population -> Customers: who is asked, what they would speak of and how they score. No word is written here.

Latent satisfaction = base + segment part + common causes + sum over themes of beta_k * mention_k + interactions +
noise, cut at fixed points into 0-10. Mentions are correlated normals (a Gaussian copula with common causes) cut where
each theme reaches its share, leaning to segments. Every draw is kept, so that a theme can be switched off and the same
customers asked again: that difference is the truth by which estimates are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.nps import points

if TYPE_CHECKING:
    from verbatim.simulate.coded import CodedSurvey

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 200_000
"""Customers drawn at a time where a population stands for everyone."""
ROUNDED = tuple(score - 0.5 for score in range(1, 11))
"""Cut points that round latent satisfaction to the nearest score."""


@dataclass(frozen=True, slots=True)
class PlantedTheme:
    """A theme of a population.

    Attributes
    ----------
    key : str
        Its name in tables.
    share : float
        Prevalence over all customers, 0-1, whatever the mix of segments.
    beta : float
        What a mention does to latent satisfaction; of a bad experience, where the theme has both kinds.
    causes : tuple of float
        Loadings on the common causes; their squares sum to at most 1.
    leanings : mapping of str to float
        Probit shifts of its prevalence for single segment values.
    good_share, good_beta : float
        The share of its mentions that tell of a good experience (0: all are of one kind), and what those do.
    felt_by : str, optional
        The segment value whose customers alone score by it; others mention it as often.
    """

    key: str
    share: float
    beta: float
    causes: tuple[float, ...] = ()
    leanings: Mapping[str, float] = field(default_factory=dict)
    good_share: float = 0.0
    good_beta: float = 0.0
    felt_by: str | None = None

    @property
    def is_pain_point(self) -> bool:
        """Whether customers mostly complain of it."""
        return self.beta < 0


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two themes (by key) that together move latent satisfaction by ``beta`` more than their betas add up to."""

    one: str
    other: str
    beta: float


@dataclass(frozen=True, slots=True)
class Companion:
    """A theme (by key) that comes up with probability ``chance`` wherever ``leader`` is mentioned, beside its own."""

    leader: str
    follower: str
    chance: float


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody a survey could ask, and how the survey hears of them; `world` and `many_themes` make some.

    Attributes
    ----------
    themes : tuple of PlantedTheme
    segments : mapping of str to mapping of str to float
        Columns, their values and each value's share; a value's name occurs in one column only.
    satisfaction : mapping of str to float
        What a segment value itself adds to latent satisfaction.
    base, noise : float
        Mean and standard deviation of the latent satisfaction of a customer with nothing to say.
    cuts : tuple of 10 floats
        Ascending; satisfaction under the first is a 0, over the last a 10.
    strength : float
        Multiplies every beta: 0 is a null world, in which no theme moves any score.
    cause_effects : tuple of float
        What each common cause does to satisfaction: not 0 where a cause that no survey shows moves mentions and scores.
    interactions : tuple of Interaction
    companions : tuple of Companion
    comment_rates : tuple of 3 floats
        Share of detractors, passives and promoters who leave a comment.
    halo : float
        Probability that the tone of a mention follows the customer's mood (the score), not the experience.
    recall : tuple of 3 floats
        Share of a commenter's mentions that are tagged, for detractors, passives and promoters.
    precision : float
        Share of the tags that are right.

    Examples
    --------
    >>> waiting = PlantedTheme("waiting", share=0.2, beta=-2.0)
    >>> survey = Population((waiting,), base=8.3, noise=2.5).draw(1000, seed=1)
    >>> survey.score.shape, survey.mentions.shape
    ((1000,), (1000, 1))
    >>> bool(survey.customers.true_effects()[0] < -5)
    True
    """

    themes: tuple[PlantedTheme, ...]
    segments: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    satisfaction: Mapping[str, float] = field(default_factory=dict)
    base: float = 8.3
    noise: float = 2.5
    cuts: tuple[float, ...] = ROUNDED
    strength: float = 1.0
    cause_effects: tuple[float, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    companions: tuple[Companion, ...] = ()
    comment_rates: tuple[float, float, float] = (1.0, 1.0, 1.0)
    halo: float = 0.0
    recall: tuple[float, float, float] = (1.0, 1.0, 1.0)
    precision: float = 1.0

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the themes, in order."""
        return tuple(theme.key for theme in self.themes)

    def with_themes(self, *themes: PlantedTheme) -> Population:
        """Return the population with the given themes in the place of those of the same keys."""
        changed = {theme.key: theme for theme in themes}
        return replace(self, themes=tuple(changed.get(theme.key, theme) for theme in self.themes))

    def draw(self, n: int, seed: int) -> CodedSurvey:
        """Draw a survey of ``n`` responses; the same seed gives the same survey."""
        from verbatim.simulate.coded import ask

        rng = np.random.default_rng(seed)
        return ask(draw_customers(self, n, rng), rng)

    def true_effects(self, n: int = 2_000_000, seed: int = 987_654) -> Floats:
        """Effect of every theme on the NPS of the population, in points (-200..200); see `Customers.true_effects`.

        Over ``n`` customers the standard error is about 20 / sqrt(n) for a theme of one in ten, .015 by default.
        """
        return _mean_over_blocks(n, lambda size, at: _block(self, size, seed, at).true_effects())

    def true_bad_effects(self, n: int = 2_000_000, seed: int = 987_654) -> Floats:
        """Effect of every theme's bad experiences alone; see `Customers.true_bad_effects`."""
        return _mean_over_blocks(n, lambda size, at: _block(self, size, seed, at).true_bad_effects())

    def true_nps(self, n: int = 2_000_000, seed: int = 987_654) -> float:
        """NPS of the population, in points (-100..100)."""
        return float(_mean_over_blocks(n, lambda size, at: np.atleast_1d(_block(self, size, seed, at).nps()))[0])


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """n customers: everything drawn before they are asked.

    Attributes
    ----------
    population : Population
    segments : DataFrame of category, n rows
    mentions : bool array, shape (n, k)
        What each would speak of.
    good : bool array, shape (n, k)
        Whether the experience behind a mention is good, wherever the customer mentions the theme or not.
    untouched : float array, shape (n,)
        Latent satisfaction without any theme.
    """

    population: Population
    segments: pd.DataFrame
    mentions: Bools
    good: Bools
    untouched: Floats

    def scores(self, without: Bools | None = None) -> NDArray[np.int8]:
        """Scores 0-10, with the mentions ``without``, shape (n, k), switched off and every other draw kept."""
        spoken = self.mentions if without is None else self.mentions & ~without
        population, latent = self.population, self.untouched.copy()
        for k, theme in enumerate(population.themes):
            beta = np.where(self.good[:, k], theme.good_beta, theme.beta) if theme.good_share else theme.beta
            felt = spoken[:, k] & self._hold(theme.felt_by) if theme.felt_by else spoken[:, k]
            latent += population.strength * beta * felt
        for both in population.interactions:
            one, other = (population.keys.index(key) for key in (both.one, both.other))
            latent += population.strength * both.beta * (spoken[:, one] & spoken[:, other])
        return cut(latent, population.cuts)

    def nps(self) -> float:
        """NPS of these customers, silent or not, in points (-100..100)."""
        return float(points(self.scores()).mean())

    def true_effects(self) -> Floats:
        """NPS as generated minus NPS with one theme's mentions switched off and every other draw kept, theme by theme.

        Over all customers, silent ones included, in NPS points (-200..200); shape (k,).
        """
        return self._switched_off(self.mentions)

    def true_bad_effects(self) -> Floats:
        """As `true_effects`, with only those mentions of the theme switched off that tell of a bad experience."""
        return self._switched_off(self.mentions & ~self.good)

    def _switched_off(self, chosen: Bools) -> Floats:
        effects = np.zeros(chosen.shape[1])
        for k in range(chosen.shape[1]):
            some = self._take(np.flatnonzero(chosen[:, k]))
            off = np.zeros_like(some.mentions)
            off[:, k] = True
            effects[k] = (points(some.scores()) - points(some.scores(off))).sum() / max(len(self.untouched), 1)
        return effects

    def _take(self, rows: NDArray[np.int64]) -> Customers:
        return Customers(
            self.population, self.segments.iloc[rows], self.mentions[rows], self.good[rows], self.untouched[rows]
        )

    def _hold(self, value: str) -> Bools:
        """Tell who belongs to a segment value."""
        held: Bools = (self.segments == value).any(axis=1).to_numpy(dtype=bool)
        return held


def cut(latent: Floats, cuts: tuple[float, ...] = ROUNDED) -> NDArray[np.int8]:
    """Cut latent satisfaction into scores 0-10.

    Examples
    --------
    >>> cut(np.array([-5.0, 6.4, 6.6, 15.0])).tolist()
    [0, 6, 7, 10]
    """
    return np.searchsorted(np.asarray(cuts), latent, side="right").astype(np.int8)


def draw_customers(
    population: Population, n: int, rng: np.random.Generator, moments: pd.DataFrame | None = None
) -> Customers:
    """Draw ``n`` customers; ``moments`` (n rows, category) are further groups to lean to, such as the season."""
    segments = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(rng.choice(len(values), n, p=list(values.values())), pd.Index(list(values)))
            for name, values in population.segments.items()
        },
        index=range(n),
    )
    groups = segments if moments is None else pd.concat([segments, moments], axis=1)
    causes = rng.standard_normal((n, max((len(theme.causes) for theme in population.themes), default=0)))
    mentions = _mentions(population, groups, causes, rng)
    noise = rng.standard_normal(n)
    untouched = population.base + _sum_over_values(population.satisfaction, segments) + population.noise * noise
    if population.cause_effects:
        untouched = untouched + causes[:, : len(population.cause_effects)] @ np.array(population.cause_effects)
    good = np.broadcast_to(~np.array([theme.is_pain_point for theme in population.themes]), mentions.shape)
    if any(theme.good_share for theme in population.themes):
        chance = np.array([theme.good_share for theme in population.themes])
        good = np.where(chance > 0, rng.random(mentions.shape) < chance, good)
    return Customers(population, segments, mentions, good, untouched)


def _mentions(population: Population, groups: pd.DataFrame, causes: Floats, rng: np.random.Generator) -> Bools:
    """Cut correlated normal propensities so that each theme reaches its share, leaning to its segments."""
    themes, n = population.themes, len(groups)
    loadings = np.zeros((len(themes), causes.shape[1]))
    for k, theme in enumerate(themes):
        loadings[k, : len(theme.causes)] = theme.causes
    own = np.sqrt(1 - np.sum(loadings**2, axis=1))
    propensity = causes @ loadings.T + own * rng.standard_normal((n, len(themes)))
    for k, theme in enumerate(themes):
        lean = _sum_over_values(theme.leanings, groups)
        propensity[:, k] += lean - (lean.mean() if n else 0.0)
    thresholds = np.array([NormalDist().inv_cdf(1 - theme.share) for theme in themes])
    mentions: Bools = propensity > thresholds
    for pair in population.companions:
        leader, follower = population.keys.index(pair.leader), population.keys.index(pair.follower)
        mentions[:, follower] |= mentions[:, leader] & (rng.random(n) < pair.chance)
    return mentions


def _sum_over_values(amounts: Mapping[str, float], groups: pd.DataFrame) -> Floats:
    """Add up, for each row, the amounts of the values it holds in any column."""
    total = np.zeros(len(groups))
    for name in groups.columns:
        of_value = np.array([amounts.get(value, 0.0) for value in groups[name].cat.categories])
        if of_value.any():
            total += of_value[groups[name].cat.codes]
    return total


def _mean_over_blocks(n: int, measure: Callable[[int, int], Floats]) -> Floats:
    """Measure blocks of customers and average over all of them."""
    sizes = [min(BLOCK, n - start) for start in range(0, n, BLOCK)]
    total: Floats = sum((size * measure(size, at) for at, size in enumerate(sizes)), start=np.zeros(1))
    return total / n


def _block(population: Population, size: int, seed: int, at: int) -> Customers:
    return draw_customers(population, size, np.random.default_rng([seed, at]))
