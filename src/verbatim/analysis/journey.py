"""The stages of a journey in their order: how many, their NPS, and what drives it in each."""

from __future__ import annotations

import pandas as pd

from verbatim.analysis.accounts import group_nps
from verbatim.records import Drivers, Survey

TOP = 3
_DRIVER = ("theme_id", "name", "effect", "effect_low", "effect_high")
JOURNEY_COLUMNS = (
    "segment", "place", "stage", "n", "response_share", "nps", "nps_low", "nps_high",
    *(f"driver_{k}_{part}" for k in range(1, TOP + 1)
      for part in ("theme_id", "name", "effect", "low", "high")),
)  # fmt: skip


def journey_table(survey: Survey, drivers: Drivers, minimum: int = 1) -> pd.DataFrame:
    """Follow each ordered segment, stage by stage.

    Parameters
    ----------
    survey : Survey
    drivers : Drivers
        Its drivers.
    minimum : int
        ``report.minimum_group``: smaller stages keep their place without figures.

    Returns
    -------
    DataFrame
        ``JOURNEY_COLUMNS``, a row a stage. ``n`` counts scored responses, ``response_share`` (0-1) is their part of
        those with a stage; then the three worst pain points within the stage, worst first; null where it has too few
        comments to be ranked.
    """
    stages = stage_table(survey, minimum)
    rows = [_worst(drivers, str(row.segment), str(row.stage)) for row in stages.itertuples()]
    return stages.join(pd.DataFrame(rows, columns=list(JOURNEY_COLUMNS[len(stages.columns) :])))


def stage_table(survey: Survey, minimum: int = 1) -> pd.DataFrame:
    """Columns of `journey_table` that need no drivers: for a first look."""
    rows = [
        [segment, place, stage, *_standing(survey, segment, stage, minimum)]
        for segment, stages in survey.orders.items()
        for place, stage in enumerate(stages, start=1)
    ]
    return pd.DataFrame(rows, columns=list(JOURNEY_COLUMNS[:8])).astype({"n": "Int64"})


def _standing(survey: Survey, segment: str, stage: str, minimum: int) -> list[float | None]:
    """Scored responses of a stage, their share, and their NPS with its interval."""
    scored = survey.responses[survey.responses["score"].notna() & survey.responses[segment].notna()]
    own = scored[scored[segment] == stage]
    if len(own) < max(minimum, 1) or own["weight"].sum() <= 0:
        return [None] * 5
    nps = group_nps(own)
    return [len(own), len(own) / len(scored), nps.score, nps.low, nps.high]


def _worst(drivers: Drivers, segment: str, stage: str) -> list[object]:
    """The three worst pain points within a stage, themes and figures in one row; null where there are fewer."""
    table = drivers.segments
    own = table[(table["segment"] == segment) & (table["value"] == stage) & (table["level"] == drivers.leaf_level)]
    own = own[own["effect"] < 0].nsmallest(TOP, "rank")
    found = [cell for row in own[list(_DRIVER)].itertuples(index=False) for cell in row]
    return [*found, *[None] * (TOP * len(_DRIVER) - len(found))]
