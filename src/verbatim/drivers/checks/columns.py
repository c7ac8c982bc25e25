"""Beside the effects, other ways to look: `CHECK_COLUMNS` of a level, and how well scores are accounted for."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from verbatim.drivers.checks.importance import relative_weights
from verbatim.drivers.checks.ordinal import ordinal_effects
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
    ids, names = (
        [value for value, enters in zip(values, themes.enters, strict=True) if enters]
        for values in (themes.ids, themes.names)
    )
    importance = relative_weights(points, mentions, covariates, weight, people.owner)
    ordinal = ordinal_effects(points, mentions, covariates, weight)
    sturdy = robustness(points, mentions, covariates, weight, people.owner, tuple(names))
    survey_weight = people.coded.weight[people.coded.commented]
    silence = silence_sensitivity(points, mentions, covariates, weight, survey_weight)
    effect = np.where(np.array(ids) == OTHER, np.nan, ordinal.effect)
    columns = (
        importance.themes, effect, pd.Series(effect).round(9).rank(method="first"), sturdy.value, sturdy.benchmark,
        sturdy.benchmark_strength, silence,
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(CHECK_COLUMNS, columns, strict=True))).astype(TYPES)
    return Checks(
        table.set_axis(pd.Index(ids, dtype="str", name="theme_id"), axis=0),
        importance.r_squared,
        (ordinal.note,) if ordinal.note else (),
    )


def no_checks() -> Checks:
    """Return what stands where nothing was checked."""
    table = pd.DataFrame(columns=list(CHECK_COLUMNS), index=pd.Index([], dtype="str", name="theme_id"))
    return Checks(table.astype(TYPES), float("nan"), ())
