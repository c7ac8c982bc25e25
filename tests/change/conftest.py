"""Pairs of coded waves of many themes, drawn once."""

from dataclasses import replace

import pytest

from verbatim.change.wave import read_wave
from verbatim.simulate import MixChange, SeverityChange, ShareChange, TwoWaves, many_themes

WAVES = TwoWaves(
    many_themes(8),
    (ShareChange("T07", 0.40), SeverityChange("T06", -3.0), MixChange("plan", {"A": 0.2, "B": 0.6, "C": 0.2})),
)


def read(population, n, seed, label, **changed):
    drawn = population.draw(n, seed)
    given = {"segments": drawn.segments.astype("str"), "commented": drawn.commented} | changed
    return read_wave(drawn.mention_table, drawn.score, label=label, **given)


@pytest.fixture(scope="session")
def pair():
    return read(WAVES.before, 1200, 1, "1"), read(WAVES.after, 1500, 2, "2")


@pytest.fixture(scope="session")
def quiet_pair():
    population = replace(many_themes(8))
    return read(population, 1200, 3, "1"), read(population, 1500, 4, "2")
