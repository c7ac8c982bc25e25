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
