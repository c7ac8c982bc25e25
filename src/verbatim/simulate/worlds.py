"""Worlds by name: a population in which the driver model is right, and others in which it is wrong, each in one way."""

from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist
from typing import Literal, cast, get_args

import numpy as np

from verbatim.errors import ConfigError
from verbatim.simulate.population import Interaction, PlantedTheme, Population

WorldName = Literal["plain", "null", "interactions", "omitted", "thresholds", "strong", "halo", "tagging"]
# Scores pile up on 10, 8, 5 and 0: shares of the customers with nothing to say.
PILED = (0.06, 0.005, 0.005, 0.01, 0.01, 0.15, 0.02, 0.04, 0.30, 0.05, 0.35)


def world(population: Population, name: str) -> Population:
    """Turn a population into one of the worlds.

    - ``plain``: as given; effects add up in latent satisfaction.
    - ``null``: no theme moves any score.
    - ``interactions``: the two worst themes together hurt half as much again as the worse of them; the next two
      together hurt no more than one; one segment alone feels the fifth.
    - ``omitted``: a cause that no column shows makes customers speak of every second theme and unhappy besides.
    - ``thresholds``: people answer 10, 8, 5 or 0 and little else.
    - ``strong``: every effect is two and a half times as large, so that scores reach their ends.
    - ``halo``: mentions of most themes tell of good and of bad experiences, and seven tones in ten follow the mood.
    - ``tagging``: three mentions in ten are missed, fewer of detractors', and two tags in ten are wrong.

    Raises
    ------
    ConfigError
        There is no world of this name.

    Examples
    --------
    >>> world(many_themes(4), "null").true_effects(1000).tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    return MAKERS[checked_world(name)](population)


def checked_world(name: str) -> WorldName:
    """Return the name of a world. Raises ConfigError where there is none."""
    if name not in MAKERS:
        raise ConfigError(f'There is no world "{name}"; the worlds are {", ".join(get_args(WorldName))}.')
    return cast(WorldName, name)


def many_themes(k: int = 20, seed: int = 5) -> Population:
    """``k`` correlated themes of 3 to 20 %, a third of them harmful, some helpful, the others without effect.

    Two segments: customers of plan B score lower and speak of everything more often.
    """
    betas = np.random.default_rng(seed).permutation(np.resize([-1.5, -0.9, -0.5, 0.4, 0, 0, 0, 0], k))
    themes = tuple(
        PlantedTheme(f"T{place:02d}", float(share), float(beta), causes=(0.15**0.5,), leanings={"B": 0.25})
        for place, (share, beta) in enumerate(zip(np.geomspace(0.03, 0.20, k), betas, strict=True))
    )
    return Population(
        themes=themes,
        segments={"plan": dict.fromkeys("ABC", 1 / 3), "region": dict.fromkeys(("N", "E", "S", "W"), 0.25)},
        satisfaction={"B": -0.7},
    )


def _interactions(population: Population) -> Population:
    worst = sorted((theme for theme in population.themes if theme.is_pain_point), key=lambda theme: theme.beta)
    pairs = []
    if len(worst) > 1:
        pairs.append(Interaction(worst[0].key, worst[1].key, 0.5 * worst[0].beta))
    if len(worst) > 3:
        pairs.append(Interaction(worst[2].key, worst[3].key, -worst[3].beta))
    changed = replace(population, interactions=tuple(pairs))
    if len(worst) < 5 or not population.segments:
        return changed
    first = next(iter(next(iter(population.segments.values()))))
    return changed.with_themes(replace(worst[4], felt_by=first))


def _omitted(population: Population) -> Population:
    """Add a common cause of a weight of .4 in every second theme, worth half a standard deviation of the noise."""
    n_causes = max(len(theme.causes) for theme in population.themes)
    themes = []
    for place, theme in enumerate(population.themes):
        causes = (*theme.causes, *[0.0] * (n_causes - len(theme.causes)), 0.4 if place % 2 == 0 else 0.0)
        themes.append(replace(theme, causes=causes))
    return replace(population, themes=tuple(themes), cause_effects=(*[0.0] * n_causes, -0.5 * population.noise))


def _thresholds(population: Population) -> Population:
    below = np.cumsum(PILED)[:-1]
    cuts = [population.base + population.noise * NormalDist().inv_cdf(float(share)) for share in below]
    return replace(population, cuts=tuple(cuts))


def _halo(population: Population) -> Population:
    """Let between 3 and 7 mentions in ten of each harmful theme tell of a good experience, worth half the harm."""
    themes = []
    for place, theme in enumerate(population.themes):
        good = 0.3 + 0.1 * (place % 5) if theme.is_pain_point else 0.0
        themes.append(replace(theme, good_share=good, good_beta=-0.5 * theme.beta if good else 0.0))
    return replace(population, themes=tuple(themes), halo=0.7)


MAKERS: dict[str, Callable[[Population], Population]] = {
    "plain": lambda population: population,
    "null": lambda population: replace(population, strength=0.0),
    "interactions": _interactions,
    "omitted": _omitted,
    "thresholds": _thresholds,
    "strong": lambda population: replace(population, strength=2.5),
    "halo": _halo,
    "tagging": lambda population: replace(population, recall=(0.8, 0.7, 0.6), precision=0.8),
}
