"""Two waves with known changes between them, and what each change did to the NPS."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np

from verbatim.errors import ConfigError
from verbatim.simulate.population import Floats, PlantedTheme, Population


@dataclass(frozen=True, slots=True)
class ShareChange:
    """A theme is spoken of more or less: its share becomes ``share``."""

    theme: str
    share: float

    def on(self, population: Population) -> Population:
        """Return the population after the change."""
        return population.with_themes(replace(_theme(population, self.theme), share=self.share))

    def told(self, population: Population) -> tuple[str, str, str, str]:
        """Return what changes, of what, from what in ``population``, to what."""
        return "share", self.theme, f"{_theme(population, self.theme).share:g}", f"{self.share:g}"


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """A mention of a theme weighs more or less: its ``beta`` becomes another."""

    theme: str
    beta: float

    def on(self, population: Population) -> Population:
        """Return the population after the change."""
        return population.with_themes(replace(_theme(population, self.theme), beta=self.beta))

    def told(self, population: Population) -> tuple[str, str, str, str]:
        """Return what changes, of what, from what in ``population``, to what."""
        return "severity", self.theme, f"{_theme(population, self.theme).beta:g}", f"{self.beta:g}"


@dataclass(frozen=True, slots=True)
class MixChange:
    """The values of a segment column get other shares. Themes keep theirs: only who says it changes."""

    segment: str
    shares: Mapping[str, float]

    def on(self, population: Population) -> Population:
        """Return the population after the change."""
        before = self._values(population)
        if set(self.shares) != set(before) or abs(sum(self.shares.values()) - 1) > 1e-9:
            raise ConfigError(
                f'The shares of segment "{self.segment}" must name {", ".join(before)} and sum to 1; '
                f"found {dict(self.shares)}."
            )
        return replace(population, segments={**population.segments, self.segment: {v: self.shares[v] for v in before}})

    def told(self, population: Population) -> tuple[str, str, str, str]:
        """Return what changes, of what, from what in ``population``, to what."""
        before = self._values(population)
        old, new = (", ".join(f"{value} {shares[value]:g}" for value in before) for shares in (before, self.shares))
        return "mix", self.segment, old, new

    def _values(self, population: Population) -> Mapping[str, float]:
        if self.segment not in population.segments:
            raise ConfigError(f'There is no segment "{self.segment}"; there are {", ".join(population.segments)}.')
        return population.segments[self.segment]


Change = ShareChange | SeverityChange | MixChange


@dataclass(frozen=True, slots=True)
class TwoWaves:
    """A population and what changes before it is asked again.

    Examples
    --------
    >>> from verbatim.simulate import many_themes
    >>> waves = TwoWaves(many_themes(4), (ShareChange("T00", 0.3), SeverityChange("T01", -3.0)))
    >>> parts, total = waves.true_contributions(20_000), waves.true_change(20_000)
    >>> bool(abs(parts.sum() - total) < 1e-9)
    True
    """

    before: Population
    changes: tuple[Change, ...]

    @property
    def after(self) -> Population:
        """Return the population of the second wave."""
        return self._with(self.changes)

    def true_change(self, n: int = 400_000, seed: int = 987_654) -> float:
        """NPS of the second wave less that of the first, in points."""
        return self.after.true_nps(n, seed) - self.before.true_nps(n, seed)

    def true_contributions(self, n: int = 400_000, seed: int = 987_654) -> Floats:
        """NPS points each change added, shape (n_changes,); they sum to `true_change` of the same ``n`` and ``seed``.

        What a change adds depends on which came before it; the mean over all orders is taken, so that the way back
        has the same contributions with the sign turned. Every other draw is kept.

        Source
        ------
        Shapley (1953), "A value for n-person games", section 3; for decompositions: Shorrocks (2013), Journal of
        Economic Inequality 11, section 3.
        """
        k = len(self.changes)
        nps = {
            chosen: self._with(tuple(self.changes[at] for at in chosen)).true_nps(n, seed)
            for size in range(k + 1)
            for chosen in combinations(range(k), size)
        }
        added = np.zeros(k)
        for chosen, without in nps.items():
            chance = factorial(len(chosen)) * factorial(k - len(chosen) - 1) / factorial(k) if len(chosen) < k else 0.0
            for at in set(range(k)) - set(chosen):
                added[at] += chance * (nps[tuple(sorted((*chosen, at)))] - without)
        return added

    def _with(self, changes: tuple[Change, ...]) -> Population:
        population = self.before
        for change in changes:
            population = change.on(population)
        return population


def _theme(population: Population, key: str) -> PlantedTheme:
    if key not in population.keys:
        raise ConfigError(f'There is no theme "{key}"; there are {", ".join(population.keys)}.')
    return population.themes[population.keys.index(key)]
