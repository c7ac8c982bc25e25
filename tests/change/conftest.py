"""Pairs of coded waves of many themes, drawn once."""

from dataclasses import replace

import numpy as np
import pandas as pd
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


def odd_wave(seed, n, label, names, values, *, members=()):
    """Draw a wave with weights, silence, blanks, people who answer twice, and themes of every frequency."""
    rng = np.random.default_rng(seed)
    plan = np.where(np.arange(n) < 4, "E", rng.choice(values, n))  # four of a value that is rare in both
    chances = np.array([0.3, 0.2, 0.15, 0.25, 0.02, 0.02][: len(names)])
    commented = rng.random(n) < 0.8
    said = (rng.random((n, len(names))) < chances) & commented[:, None]
    latent = 8 - 2.5 * said[:, 0] + 1.2 * said[:, 1] - 0.8 * (plan == values[0]) + rng.normal(0, 2, n)
    score = np.clip(np.round(latent), 0, 10)
    said[:, 3] = commented & (score <= 6) if "T3" in names else said[:, 3]
    area = np.where(np.arange(n) % 3 > 0, f"{label} in", f"{label} out")  # values of one wave only
    segments = pd.DataFrame(
        {"area": area, "plan": plan, "region": rng.choice(["N", "S"], n), **dict.fromkeys(members, "x")}
    )
    person = pd.Series(rng.integers(0, 2 * n, n)).astype("str").where(np.arange(n) % 4 > 0, None)
    themes = pd.DataFrame({"name": [f"Theme {name}" for name in names]}, index=list(names))
    return read_wave(
        pd.DataFrame(said.astype(int), columns=list(names)), score, segments, label=label, commented=commented,
        weight=np.round(rng.uniform(0.5, 2, n), 2), respondent=person, themes=themes,
    )  # fmt: skip


@pytest.fixture(scope="session")
def odd_pair():
    """Return two waves that differ in themes, groups and segments."""
    first = odd_wave(1, 260, "1", ("T0", "T1", "T2", "T3", "T4", "T6"), ["A", "B", "C"], members=("only first",))
    return first, odd_wave(2, 300, "2", ("T0", "T1", "T5", "T3", "T4"), ["A", "B", "D"], members=("only second",))
