"""Beside the effects, other ways to look: `CHECK_COLUMNS` of a level, and how well scores are accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from verbatim.drivers.checks.importance import relative_weights
from verbatim.drivers.checks.ordinal import ordinal_effects, ranked
from verbatim.drivers.checks.robustness import robustness
from verbatim.drivers.checks.silence_sensitivity import silence_sensitivity
from verbatim.drivers.commenters import Commenters
from verbatim.drivers.regressors import Regressors
from verbatim.drivers.tables import OTHER
from verbatim.records import CHECK_COLUMNS

TYPES = dict.fromkeys(CHECK_COLUMNS, "float64") | {"rank_ordinal": "Int64", "benchmark": "str"}


@dataclass(frozen=True, slots=True, eq=False)
class Checks:
    """`CHECK_COLUMNS` by theme_id, the R² of the level, and what the reader should know."""

    table: pd.DataFrame
    r_squared: float
    notes: tuple[str, ...]


def check_level(people: Commenters, themes: Regressors) -> Checks:
    """Look at the themes of a level through an ordinal logit, relative weights, robustness and silence.

    The pooled rare themes are adjusted for in all of them and ranked in none.
    """
    points, weight, covariates, mentions = people.points, people.weight, people.covariates, themes.entered
    ids, names = (list(compress(values, themes.enters)) for values in (themes.ids, themes.names))
    importance = relative_weights(points, mentions, covariates, weight, people.owner)
    ordinal = ordinal_effects(points, mentions, covariates, weight)
    sturdy = robustness(points, mentions, covariates, weight, people.owner, tuple(names))
    survey_weight = people.coded.weight[people.coded.commented]
    silence = silence_sensitivity(points, mentions, covariates, weight, survey_weight)
    effect = np.where(np.array(ids) == OTHER, np.nan, ordinal.effect)
    columns = {
        "relative_weight": importance.themes,
        "effect_ordinal": effect,
        "rank_ordinal": ranked(effect),
        "robustness_value": sturdy.value,
        "benchmark": sturdy.benchmark,
        "benchmark_strength": sturdy.benchmark_strength,
        "silence_ratio": silence,
    }
    notes = (ordinal.note,) if ordinal.note else ()
    return Checks(_table(columns, ids), importance.r_squared, notes)


def no_checks() -> Checks:
    """Return what stands where nothing was checked."""
    return Checks(_table(dict.fromkeys(CHECK_COLUMNS, ()), []), np.nan, ())


def _table(columns: Mapping[str, Any], ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype(TYPES).set_axis(pd.Index(ids, dtype="str", name="theme_id"))
