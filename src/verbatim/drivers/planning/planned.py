"""A survey that does not exist yet: its options, its themes, and responses drawn from it in numbers only."""

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from verbatim.drivers.moments import Array
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.rank import rank_drivers
from verbatim.records import Drivers

_POPULATION = 40_000
_TOGETHER = 0.15
"""Correlation of the normals behind the planned mentions: themes come up together a little."""
_RAREST, _COMMONEST = 0.03, 0.20


class PowerOptions(BaseModel):
    """How waves are drawn, and what a survey looks like that does not exist yet.

    Examples
    --------
    >>> PowerOptions(themes=12).themes
    12
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(
        default=0.12, gt=0, lt=1, description="Planned survey: share of the commenters who mention the driver."
    )
    themes: int = Field(
        default=20,
        ge=1,
        le=200,
        description="Planned survey: themes, the driver included; the others are mentioned by 3 to 20 %.",
    )
    comment_rate: float = Field(
        default=0.6, gt=0, le=1, description="Planned survey: share of the responses that leave a comment."
    )
    nps: float = Field(default=20.0, ge=-90, le=90, description="Planned survey: its NPS.")
    passive: float = Field(default=0.25, ge=0, lt=1, description="Planned survey: share of passives (scores 7 and 8).")
    spread: float = Field(
        default=10.0,
        ge=0,
        le=60,
        description="Planned survey: standard deviation, over the other themes, of the points a mention costs or adds.",
    )
    min_mentions: int = Field(
        default=DriverOptions().min_mentions, ge=1, description="Commenters a theme needs to be ranked."
    )
    waves: int = Field(default=4000, ge=200, description="Waves drawn for each n.")
    seed: int = Field(default=20260101, ge=0, description="Seed of the draws.")


def planned_themes(effect: float, options: PowerOptions) -> tuple[Array, Array]:
    """Return the share and the true effect (NPS points) of every planned theme, the driver first.

    The others' shares run from 3 to 20 % in equal ratios; the points a mention of them costs or adds are normal
    quantiles, dealt out at random.
    """
    others = options.themes - 1
    quantiles = [NormalDist().inv_cdf((place + 0.5) / others) for place in range(others)]
    dealt = np.random.default_rng(options.seed).permutation(np.array(quantiles))
    share = np.geomspace(_RAREST, _COMMONEST, others)
    return np.append(options.share, share), np.append(effect, share * options.spread * dealt)


def measure_planned(share: Array, effect: Array, options: PowerOptions) -> Drivers:
    """Rank the drivers of one large planned survey; its themes are named so that their ids sort as ``share`` does."""
    mentions, score, commented = draw_planned(share, effect, _POPULATION, options, np.random.default_rng(options.seed))
    return rank_planned(mentions, score, commented, DriverOptions(draws=200))


def rank_planned(
    mentions: NDArray[np.bool_], score: Array, commented: NDArray[np.bool_], options: DriverOptions
) -> Drivers:
    """Rank the drivers of what `draw_planned` drew."""
    names = [f"T{place:03d}" for place in range(mentions.shape[1])]
    frame = pd.DataFrame((mentions & commented[:, None]).astype("int8"), columns=names)
    return rank_drivers(frame, score, commented=commented, options=options)


def draw_planned(
    share: Array, effect: Array, n: int, options: PowerOptions, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], Array, NDArray[np.bool_]]:
    """Draw ``n`` responses of a planned survey: mentions, scores, and who left a comment.

    A mention moves the chances of promoting and detracting by half of its points each, and passives stay as they are,
    so that effects are exactly share x points, as far as chances stay within 0..1.
    """
    together = np.sqrt(_TOGETHER) * rng.standard_normal((n, 1))
    likely = together + np.sqrt(1 - _TOGETHER) * rng.standard_normal((n, len(share)))
    mentions = likely > np.array([NormalDist().inv_cdf(1 - value) for value in share])
    mean = options.nps + (mentions - share) @ (effect / share)
    promoter = np.minimum((1 - options.passive + mean / 100) / 2, 1 - options.passive)
    luck = rng.random(n)
    score = np.where(luck < promoter, 10.0, np.where(luck < 1 - options.passive, 3.0, 8.0))
    return mentions, score, rng.random(n) < options.comment_rate
