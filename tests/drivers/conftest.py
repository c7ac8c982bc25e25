"""Small surveys with planted truth, in numbers only."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest


def plant(
    n: int, beta: list[float], seed: int = 0, *, comment_rate: float = 0.7, share: float = 0.15
) -> SimpleNamespace:
    """Plant a survey whose latent satisfaction is base + sum(beta x mention) + plan + noise, cut to 0-10."""
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 3, n)
    said = rng.random((n, len(beta))) < share + 0.05 * (plan == 1)[:, None]
    latent = 8.2 + said @ np.array(beta) - 0.6 * (plan == 1) + rng.normal(0, 2.2, n)
    commented = rng.random(n) < comment_rate
    names = [f"T{k:02d}" for k in range(len(beta))]
    mentions = pd.DataFrame((said & commented[:, None]).astype(int), columns=names)
    tone = np.clip(rng.normal(-0.1, 0.5, said.shape), -1, 1)
    return SimpleNamespace(
        mentions=mentions,
        score=pd.Series(np.clip(np.round(latent), 0, 10)).astype("Int8"),
        segments=pd.DataFrame(
            {"plan": pd.Series(plan).map({0: "A", 1: "B", 2: "C"}), "region": rng.choice(["N", "S"], n)}
        ),
        commented=pd.Series(commented),
        sentiment=pd.DataFrame(np.where(mentions == 1, tone, np.nan), columns=names),
        respondent=pd.Series(rng.integers(0, int(n * 0.8), n)).astype("str"),
    )


@pytest.fixture(scope="session")
def plant_survey() -> Callable[..., SimpleNamespace]:
    return plant


@pytest.fixture(scope="session")
def planted() -> SimpleNamespace:
    return plant(1500, [-2.5, -1.5, 0.8, 0.0, 0.0, 0.0])


def odd(n: int = 420, seed: int = 11) -> dict[str, object]:
    """Tables of a survey with everything that is treated apart: weights, blanks, twins, rare and decided themes."""
    rng = np.random.default_rng(seed)
    world = plant(n, [-2.5, -1.5, 0.8, 0.0], seed=seed, share=0.2)
    said = world.commented.to_numpy()
    score = world.score.astype("Float64")
    mentions = world.mentions.assign(
        twin=world.mentions["T03"] * (np.arange(n) % 5 > 0),
        rare=(said & (np.arange(n) % 47 == 0)).astype(int),
        odd=(said & (np.arange(n) % 31 == 3)).astype(int),
        alone=(said & (score.to_numpy(dtype=float) <= 6)).astype(int),
        praise=(said & (rng.random(n) < 0.1)).astype(int),
    )
    tone = pd.DataFrame(np.round(rng.uniform(-1, 1, mentions.shape), 2), columns=mentions.columns)
    catalogue = pd.DataFrame(
        {
            "name": ["Late calls", "Price", "Staff", "App", "App twin", "Rare", "Odd", "Alone", "Praise", "Service"],
            "level": [1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
            "parent_id": ["P", "P", None, None, None, None, None, None, None, None],
            "kind": ["subject"] * 8 + ["general", "subject"],
        },
        index=pd.Index([*mentions.columns, "P"], name="theme_id"),
    )
    score[5], plan = pd.NA, world.segments["plan"].where(np.arange(n) % 29 > 0, None)
    return {
        "mentions": mentions,
        "score": score,
        "segments": pd.DataFrame({"plan": plan, "region": world.segments["region"], "shop": rng.integers(0, 36, n)}),
        "weight": pd.Series(np.where(np.arange(n) == 7, 0.0, np.round(rng.uniform(0.5, 2, n), 2))),
        "commented": world.commented,
        "respondent": world.respondent.where(np.arange(n) % 5 > 0, None),
        "themes": catalogue,
        "sentiment": tone.where(mentions == 1),
    }


@pytest.fixture(scope="session")
def odd_survey() -> dict[str, object]:
    return odd()
