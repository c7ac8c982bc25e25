"""The same ranking within every value of every segment, raw and pooled, the NPS of each value, and what differs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers import uncertainty
from verbatim.drivers.commenters import Commenters, weigh_commenters
from verbatim.drivers.level import Level, rank_level, typed
from verbatim.drivers.moments import Array, sums_over_mentioners
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.refusals import MIN_COMMENTERS, too_few
from verbatim.drivers.segments.contrasts import Effects, contrast_values, empty_contrasts
from verbatim.drivers.segments.pooling import half_width, pool
from verbatim.drivers.tables import BLANK, Coded
from verbatim.nps import net_promoter_score
from verbatim.records import POOLED_COLUMNS, SEGMENT_COLUMNS

NPS_COLUMNS = ("segment", "value", "n", "nps", "low", "high")
LEAST_NOISE = 0.1
"""Part of an effect's variance that its coefficient has at least; the rest may come from its share."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentDrivers:
    """What the segments show.

    Attributes
    ----------
    table : DataFrame
        Rankings by segment value: `SEGMENT_COLUMNS`. Pooled columns are null where no other value ranks the theme.
    nps : DataFrame
        `NPS_COLUMNS` of every value.
    contrasts : DataFrame
        `CONTRAST_COLUMNS`.
    notes : tuple of str
        What was left out, in sentences.
    """

    table: pd.DataFrame
    nps: pd.DataFrame
    contrasts: pd.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Value:
    """A value of a segment that is ranked: weight of its responses, Kish's n and shares of all themes, its levels."""

    size: float
    kish: float
    share: dict[str, float]
    levels: list[Level]


def rank_segments(coded: Coded, levels: tuple[int, ...], options: DriverOptions) -> SegmentDrivers:
    """Rank the themes within each segment value that has enough scored responses, and compare the values.

    The other segments stay in the regression as covariates, the silence weights are those of the value, and a theme
    needs ``min_mentions`` commenters there. The noise marks of a level keep their 5 % over all values of a segment
    together, since that is what a reader compares.
    """
    small: list[str] = []
    tables, contrasts = [_empty()], [empty_contrasts()]
    for segment in map(str, coded.segments):
        found: dict[str, _Value] = {}
        for value, inside in _values(coded, segment).items():
            if inside.sum() < options.min_segment or too_few(int(coded.commented[inside].sum())):
                small.append(f"{segment} = {value} ({inside.sum()})")
            else:
                people = weigh_commenters(coded.where(inside, without=[segment]), options)
                found[value] = _ranked(people, levels, options)
        for place in range(len(levels) if found else 0):
            rows, differences = _joined(segment, found, place, options)
            tables.append(rows)
            contrasts.append(differences)
    table = _stacked(tables).sort_values(["segment", "value", "level"])
    return SegmentDrivers(
        table[list(SEGMENT_COLUMNS)].reset_index(drop=True),
        _nps_by_value(coded),
        _stacked(contrasts).sort_values(["segment", "value", "level"]).reset_index(drop=True),
        _notes(small, options),
    )


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def _ranked(people: Commenters, levels: tuple[int, ...], options: DriverOptions) -> _Value:
    weight = people.weight
    share = sums_over_mentioners(people.mentions, weight[:, None])[:, 0] / weight.sum()
    return _Value(
        size=float(people.coded.weight.sum()),
        kish=float(weight.sum() ** 2 / (weight**2).sum()),
        share=dict(zip(people.coded.themes.index, share, strict=True)),
        levels=[rank_level(people, level, options) for level in levels],
    )


def _values(coded: Coded, segment: str) -> dict[str, NDArray[np.bool_]]:
    """Which responses each value of a segment holds; blanks are no value."""
    places, found = pd.factorize(coded.segments[segment], sort=True)
    return {value: places == place for place, value in enumerate(found) if value != BLANK}


def _joined(
    segment: str, found: dict[str, _Value], place: int, options: DriverOptions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of all values of a segment at one level, their noise marks taken together, and the contrasts."""
    rng = np.random.default_rng([options.seed, place])
    blocks = {value: one.levels[place] for value, one in found.items()}
    rows = pd.concat([block.table.assign(segment=segment, value=value) for value, block in blocks.items()])
    ranked = rows["rank"].notna().to_numpy()
    variance = np.concatenate([np.diag(block.cov) for block in blocks.values()])
    drawn = np.concatenate([uncertainty.draw(block.cov, options.draws, rng) for block in blocks.values()], axis=1)
    above = np.zeros(len(rows), dtype=bool)
    above[ranked] = uncertainty.above_noise(rows["effect"].to_numpy(dtype=float)[ranked], np.sqrt(variance), drawn)
    effects, at = _effects(segment, found, rows[ranked], variance, drawn, rng)
    pooled = _pooled(effects)
    rows = rows.assign(above_noise=above)
    for name, values in zip(POOLED_COLUMNS, pooled, strict=True):
        column = np.full(len(rows), np.nan)
        column[ranked] = values[at]
        rows[name] = column
    return rows, contrast_values(effects, pooled[1])


def _effects(
    segment: str, found: dict[str, _Value], rows: pd.DataFrame, variance: Array, drawn: Array, rng: np.random.Generator
) -> tuple[Effects, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Lay the ranked rows out by value and theme; also where each row went."""
    values = tuple(found)
    names = dict(sorted(zip(rows["theme_id"], rows["name"], strict=True)))
    ids = list(names)
    at = (
        np.array([values.index(value) for value in rows["value"]], dtype=np.int64),
        np.array([ids.index(theme) for theme in rows["theme_id"]], dtype=np.int64),
    )
    shape = (len(values), len(ids))
    share = np.array([[one.share[theme] for theme in ids] for one in found.values()]).reshape(shape)
    share_variance = share * (1 - share) / np.array([one.kish for one in found.values()])[:, None]
    effect, spread, draws = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros((len(drawn), *shape))
    effect[at], spread[at] = rows["effect"].to_numpy(), variance
    draws[:, at[0], at[1]] = drawn
    return Effects(
        segment=segment,
        level=int(rows["level"].iloc[0]) if len(rows) else 0,
        values=values,
        themes=tuple(names.items()),
        size=np.array([one.size for one in found.values()]),
        share=share,
        share_variance=share_variance,
        effect=effect,
        variance=spread,
        drawn=draws,
        share_drawn=_draw_shares(share, share_variance, effect, spread, draws, rng),
    ), at


def _draw_shares(
    share: Array, share_variance: Array, effect: Array, variance: Array, drawn: Array, rng: np.random.Generator
) -> Array:
    """Deviations of the shares beside those of the effects: effect = share x coefficient, and those two are apart."""
    together = np.nan_to_num(effect / np.where(share > 0, share, np.nan)) * share_variance
    slope = np.divide(together, variance, out=np.zeros_like(share), where=np.nan_to_num(variance) > 0)
    own = np.sqrt(np.maximum(share_variance - slope * together, 0.0))
    shares: Array = slope * drawn + own * rng.standard_normal(drawn.shape)
    return shares


def _pooled(effects: Effects) -> tuple[Array, Array, Array, Array]:
    """`POOLED_COLUMNS` by value and theme: effects per mention are pooled, shares are kept as observed.

    effect = share x coefficient, and least squares leaves the two uncorrelated, so the coefficient's variance is what
    the share's leaves of the effect's. The interval adds the share's part to the noise of the pooled effect; like all
    pooled intervals it holds the truth 95 % of the time on average over values and themes, not for each.
    """
    share = np.where(np.isfinite(effects.effect), effects.share, np.nan)
    raw = effects.effect / share
    left = np.maximum(effects.variance - raw**2 * effects.share_variance, LEAST_NOISE * effects.variance)
    pooled = pool(raw, np.sqrt(left) / share)
    per_mention = np.where(np.isfinite(raw).sum(axis=0) > 1, pooled.estimate, np.nan)
    effect = share * per_mention
    noise = np.sqrt((share * pooled.noise) ** 2 + per_mention**2 * effects.share_variance)
    half = half_width(noise, share * pooled.bias, pooled.kurtosis)
    return per_mention, effect, effect - half, effect + half


def _empty() -> pd.DataFrame:
    nothing = {name: pd.Series(dtype="float64") for name in POOLED_COLUMNS}
    return typed({}).assign(segment=pd.Series(dtype="str"), value=pd.Series(dtype="str"), **nothing)


def _nps_by_value(coded: Coded) -> pd.DataFrame:
    rows = []
    for segment in coded.segments:
        for value, inside in _values(coded, str(segment)).items():
            nps = net_promoter_score(coded.score[inside], coded.weight[inside])
            rows.append((segment, value, nps.n, nps.score, nps.low, nps.high))
    types = {"segment": "str", "value": "str", "n": "int64", "nps": "float64", "low": "float64", "high": "float64"}
    return pd.DataFrame(rows, columns=list(NPS_COLUMNS)).astype(types)


def _notes(small: list[str], options: DriverOptions) -> tuple[str, ...]:
    if not small:
        return ()
    return (
        f"{len(small)} segment values have under {options.min_segment} scored responses (or {MIN_COMMENTERS} comments) "
        f"and no ranking of their own: {', '.join(small[:10])}{', ...' if len(small) > 10 else ''}.",
    )
