"""One level of themes, from coded responses to the rows of ``drivers.csv``."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers import effects, uncertainty
from verbatim.drivers.bridges import bridge_lines
from verbatim.drivers.checks.halo import divided
from verbatim.drivers.commenters import Commenters
from verbatim.drivers.effects import Fit
from verbatim.drivers.moments import Array, sums_over_mentioners
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.regressors import Regressors, gather
from verbatim.drivers.tables import COINS, OTHER
from verbatim.nps import Z95
from verbatim.records import RANKING_COLUMNS

TYPES = (
    dict.fromkeys(RANKING_COLUMNS, "float64")
    | dict.fromkeys(("rank", "n_responses", "rank_low", "rank_high", "n_negative", "n_positive"), "Int64")
    | dict.fromkeys(("theme_id", "name", "parent_id"), "str")
    | {"level": "int64", "above_noise": "bool", "divided": "bool"}
)
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The themes of one level and what stands behind them.

    Attributes
    ----------
    table : DataFrame
        `RANKING_COLUMNS`: the ranked themes, most harmful first, then the unranked ones.
    base : float
        NPS of the commenters less all effects.
    cov : float array, shape (k, k)
        Covariance of the effects of the k ranked themes, in squared NPS points.
    bridges : DataFrame
        `BRIDGE_COLUMNS`: what of each ranked theme's leave-out belongs to what.
    regressors : Regressors
        Who mentions which of the themes.
    notes : tuple of str
    """

    table: pd.DataFrame
    base: float
    cov: Array
    bridges: pd.DataFrame
    regressors: Regressors
    notes: tuple[str, ...]


def rank_level(
    people: Commenters, level: int, options: DriverOptions, tosses: NDArray[np.bool_] | None = None
) -> Level:
    """Rank the themes of one level by their effect on the NPS.

    Parameters
    ----------
    people : Commenters
    level : int
        Each level is a regression of its own.
    options : DriverOptions
    tosses : bool array, shape (n_commenters, 2), optional
        Mentions of two more themes, `COINS`, to be ranked among the others.
    """
    themes = gather(people, level, options, tosses)
    fit = effects.fit_effects(people.points, themes.entered, people.covariates, people.weight)
    cov = uncertainty.covariance(
        uncertainty.influence(fit, people.coded.commented, people.coded.weight, people.silence.cell),
        people.coded.respondent,
        len(fit.share),
    )
    fitted = np.flatnonzero(themes.enters)
    columns = _described(people, themes) | _effects(fit, cov, themes, options)
    places = _most_harmful_first(columns)
    ranked = np.searchsorted(fitted, places)
    cov = cov[np.ix_(ranked, ranked)]
    columns |= _ranks(columns, places, cov, options)
    if themes.sentiment is not None:
        toned = (columns["effect_negative"], columns["effect_positive"])
        columns["divided"] = divided(columns["effect_low"], columns["effect_high"], columns["above_noise"], *toned)
    unranked = np.setdiff1d(np.arange(len(themes.ids)), places)
    return Level(
        table=typed(columns).iloc[np.concatenate([places, unranked])].reset_index(drop=True),
        base=fit.base,
        cov=cov,
        regressors=themes,
        bridges=bridge_lines(fit, np.array(themes.ids, dtype=object)[fitted], ranked, people.owner),
        notes=themes.notes + _fit_notes(themes, fit, fitted, people),
    )


def describe_level(people: Commenters, level: int) -> pd.DataFrame:
    """Count the themes of a level, the commonest first, with `RANKING_COLUMNS` of which no effect is filled."""
    themes = people.coded.themes
    here = np.flatnonzero(themes["level"].to_numpy() == level)
    count, weight = people.mentions[:, here].sum(axis=0), people.weight
    here, count = here[count > 0], count[count > 0]
    order = np.lexsort((themes.index[here].to_numpy(dtype=str), -count))
    chosen = themes.iloc[here[order]]
    share = sums_over_mentioners(people.mentions[:, here[order]], weight[:, None])[:, 0] / max(weight.sum(), 1e-300)
    return typed(
        {
            "theme_id": chosen.index.to_numpy(dtype=object),
            "name": chosen["name"].to_numpy(dtype=object),
            "level": np.full(len(order), level),
            "parent_id": chosen["parent_id"].to_numpy(dtype=object),
            "n_responses": count[order],
            "share": share,
        }
    )


def typed(columns: Columns) -> pd.DataFrame:
    """Make a table of `RANKING_COLUMNS` with their types; all but ``level`` may be left out, and are null.

    Examples
    --------
    >>> typed({"theme_id": np.array(["T1"]), "level": np.array([0])})["rank"].tolist()
    [<NA>]
    """
    n = len(columns.get("theme_id", ()))
    full = {name: columns.get(name, np.full(n, np.nan)) for name in RANKING_COLUMNS}
    full |= {name: columns.get(name, np.zeros(n, dtype=bool)) for name in ("above_noise", "divided")}
    return pd.DataFrame(full).astype(TYPES)


def _described(people: Commenters, themes: Regressors) -> Columns:
    """What needs no regression: names, counts, shares, NPS of the mentioners, leave-out."""
    total = people.weight.sum()
    reached = sums_over_mentioners(themes.mentions, people.weight[:, None])[:, 0]
    columns: Columns = {
        "theme_id": np.array(themes.ids, dtype=object),
        "name": np.array(themes.names, dtype=object),
        "level": np.full(len(themes.ids), themes.level),
        "parent_id": np.array(themes.parents, dtype=object),
        "n_responses": themes.mentions.sum(axis=0),
        "share": reached / total,
        "nps_mentioners": effects.mentioners_nps(people.points, themes.mentions, people.weight),
        "leave_out": effects.leave_out(people.points, themes.mentions, people.weight),
    }
    return columns


def _effects(fit: Fit, cov: Array, themes: Regressors, options: DriverOptions) -> Columns:
    """Effects with their intervals and splits; null for themes that have none."""
    half = Z95 * np.sqrt(np.diag(cov))
    lost, made = effects.outcome_split(fit)
    columns: Columns = {
        "effect_per_mention": fit.per_mention,
        "effect": fit.effect,
        "effect_low": fit.effect - half,
        "effect_high": fit.effect + half,
        "promoters_lost": lost,
        "detractors_made": made,
    }
    counts: Columns = {}
    if themes.sentiment is not None:
        tone, band = themes.sentiment, options.neutral_band
        spoken = effects.by_tone(fit, tone if themes.enters.all() else tone.of_themes(themes.enters), band)
        for name, tones in zip(("negative", "positive"), spoken, strict=True):
            columns[f"effect_{name}"] = tones.carried
            columns[f"effect_{name}_if_mood"] = tones.share * fit.per_mention
        counts = {"n_negative": tone.count(-np.inf, -band), "n_positive": tone.count(band, np.inf)}
    rows = np.flatnonzero(themes.enters)[fit.estimable]
    return counts | {name: _placed(values[fit.estimable], rows, themes.enters) for name, values in columns.items()}


def _placed(values: NDArray[Any], rows: NDArray[np.int64], like: NDArray[Any]) -> Array:
    """Values in their rows, null elsewhere."""
    column = np.full(len(like), np.nan)
    column[rows] = values
    return column


def _most_harmful_first(columns: Columns) -> NDArray[np.int64]:
    """Rows with an effect, without the pooled ones, in rank order; ties go to the theme mentioned more."""
    ids = columns["theme_id"].astype(str)
    order = np.lexsort((ids, -columns["n_responses"], np.round(columns["effect"], 9)))
    ranked: NDArray[np.int64] = order[np.isfinite(columns["effect"][order]) & (ids[order] != OTHER)]
    return ranked


def _ranks(columns: Columns, places: NDArray[np.int64], cov: Array, options: DriverOptions) -> Columns:
    """Ranks, their intervals, noise marks and the next wave."""
    rng = np.random.default_rng(options.seed)
    effect, share = columns["effect"][places], columns["share"][places]
    drawn = uncertainty.draw(cov, options.draws, rng)
    low, high = uncertainty.rank_intervals(effect, cov, drawn)
    ranks: Columns = {
        "rank": np.arange(1, len(places) + 1),
        "rank_low": low,
        "rank_high": high,
        "p_top3": uncertainty.top_in_next_wave(effect, cov, share, options.draws, rng),
    }
    above = np.zeros(len(columns["effect"]), dtype=bool)
    above[places] = uncertainty.above_noise(effect, np.sqrt(np.diag(cov)), drawn)
    return {name: _placed(values, places, above) for name, values in ranks.items()} | {"above_noise": above}


def _fit_notes(themes: Regressors, fit: Fit, fitted: NDArray[np.int64], people: Commenters) -> tuple[str, ...]:
    notes = [
        f'"{themes.names[row]}" has no effect of its own: who mentions it is fixed by the segments, or everybody does.'
        for row in fitted[~fit.estimable]
        if themes.ids[row] not in COINS
    ]
    tangled = [f'"{themes.names[row]}"' for row in fitted[fit.tangled]]
    if tangled:
        notes.append(
            f"{', '.join(tangled)} cannot be told apart, because the same responses mention them (or one is made up "
            "of others); their joint effect is shared out between them."
        )
    if len(fitted) and np.ptp(people.points) == 0:
        notes.append("All commenters are in one score category, so no theme can have an effect.")
    return tuple(notes)
