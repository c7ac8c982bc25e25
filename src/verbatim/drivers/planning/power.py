"""Planning a wave: how often n responses find a driver, and how often they rank it right.

In: the drivers of a run, or a planned survey (`PowerOptions`). Out: `Power`, a curve over n. Estimates of many waves
are drawn around true effects, with the covariance that the survey's own shares and variance give at each n, and put
through the same marks and ranks as real ones.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from verbatim.drivers.moments import Array
from verbatim.drivers.planning.planned import PowerOptions, measure_planned, planned_themes
from verbatim.drivers.planning.redraw import Precision, first_marked, measure_precision, redraw
from verbatim.drivers.refusals import refuse_other_score
from verbatim.errors import ConfigError, TooFewResponses
from verbatim.records import Drivers

__all__ = ["Power", "PowerOptions", "power"]

SIZES = (200, 500, 1000, 2000, 5000, 10_000)
WANTED = 0.8
"""Four waves of five."""
TOP = 3
_SMALLEST, _LARGEST = 50, 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """How often waves of each size find a driver.

    Attributes
    ----------
    theme : str or None
        Name of the run's theme whose share and variance were taken; None for a planned survey.
    effect, share : float
        NPS points of the driver; the weighted share of the commenters who mention it.
    themes : int
        Ranked themes, the driver included.
    table : DataFrame
        One row a size: ``n`` (scored responses), ``mentioners`` (expected commenters who mention the driver),
        ``found`` (the chance that it is marked above noise, with the right sign), ``rank_right`` (that its rank is its
        true rank) and ``in_top3`` (that it ranks among the first three; null where it is truly not there).
    needed : int or None
        Responses with which it is found in four waves of five, to two digits; None where a million are not enough.
    sentence : str
    """

    theme: str | None
    effect: float
    share: float
    themes: int
    table: pd.DataFrame
    needed: int | None
    sentence: str


def power(
    drivers: Drivers | None = None,
    *,
    effect: float = -3.0,
    theme: str | None = None,
    n: Sequence[int] = SIZES,
    options: PowerOptions | None = None,
) -> Power:
    """Say how often a driver would be found, and its rank be right, in waves of n responses.

    The covariance of the estimated effects is that of the survey behind ``drivers``, or of a large planned one,
    scaled to n (`verbatim.drivers.planning.redraw` says how). The other themes' true effects are not known: of a run
    they are drawn from what its estimates leave possible (empirical Bayes); of a planned survey they spread evenly.

    Parameters
    ----------
    drivers : Drivers, optional
        A survey of the same kind; without it the planned survey of ``options``.
    effect : float
        NPS points of the driver, not 0.
    theme : str, optional
        ``theme_id`` of the ranked theme that takes the effect, its share unchanged; by default the one with the
        median share at `Drivers.leaf_level`.
    n : sequence of int
        Scored responses.
    options : PowerOptions, optional

    Raises
    ------
    ConfigError
        ``effect`` is 0 or more than mentions can make; the drivers of the run are not those of
        the NPS; ``theme`` is not ranked or has no run; a size is below 50.
    TooFewResponses
        The run has no ranked theme.

    Source
    ------
    Empirical Bayes: Efron and Morris (1975), Journal of the American Statistical Association 70, section 2.
    Power as the share of simulated studies: Arnold et al. (2011), BMC Medical Research Methodology 11, 94.

    Examples
    --------
    >>> found = power(effect=-6.0, n=[300, 3000], options=PowerOptions(themes=4)).table["found"]
    >>> bool(found[0] < 0.8 < found[1])
    True
    """
    options = options or PowerOptions()
    _check(effect, n)
    name, precision, true = (
        _of_plan(effect, theme, options) if drivers is None else _of_run(drivers, effect, theme, options)
    )
    share = float(precision.share[0])
    _check_reach(effect, share)
    needed = _needed(precision, true, options)
    return Power(
        theme=name,
        effect=effect,
        share=share,
        themes=len(precision.share),
        table=pd.DataFrame([_chances(precision, true, size, options) for size in n]),
        needed=needed,
        sentence=_sentence(effect, share, needed, len(precision.share)),
    )


def _of_plan(effect: float, theme: str | None, options: PowerOptions) -> tuple[None, Precision, Array]:
    """Precision and true effects of a planned survey."""
    if theme is not None:
        raise ConfigError(f'There is no run to take theme "{theme}" from. Name the run, or leave the theme out.')
    _check_reach(effect, options.share)
    share, true = planned_themes(effect, options)
    drivers = measure_planned(share, true, options)
    rows = drivers.table[drivers.table["rank"].notna()].sort_values("theme_id")
    precision = replace(measure_precision(drivers, rows), share=share)
    return None, precision, np.broadcast_to(true, (options.waves, len(true)))


def _of_run(drivers: Drivers, effect: float, theme: str | None, options: PowerOptions) -> tuple[str, Precision, Array]:
    """Name of the theme that takes the effect, precision of the run, and what its themes' true effects may be."""
    refuse_other_score(drivers, "Power")
    rows = _level_of(drivers, theme)
    chosen = rows["theme_id"] == _chosen(rows, theme)
    rows = pd.concat([rows[chosen], rows[~chosen]])
    variance = np.diag(drivers.covariance.loc[rows["theme_id"], rows["theme_id"]].to_numpy(dtype=float))
    rng = np.random.default_rng(options.seed)
    true = _possible(rows["effect"].to_numpy(dtype=float), variance, options.waves, rng)
    true[:, 0] = effect
    return str(rows["name"].iloc[0]), measure_precision(drivers, rows), true


def _check(effect: float, n: Sequence[int]) -> None:
    if not np.isfinite(effect) or effect == 0:
        raise ConfigError(f"The effect is {effect}; a driver has an effect that is not 0, such as -3 NPS points.")
    for size in n:
        if not _SMALLEST <= size <= _LARGEST:
            raise ConfigError(f"n is {size:,}; a wave has from {_SMALLEST} to {_LARGEST:,} responses.")


def _check_reach(effect: float, share: float) -> None:
    if abs(effect) > 100 * share:
        raise ConfigError(
            f"{100 * share:.1f} % mention the theme, so an effect of {effect:+g} points would be "
            f"{abs(effect) / share:.0f} points a mention; 100 is the most. Name a smaller effect or a commoner theme."
        )


def _level_of(drivers: Drivers, theme: str | None) -> pd.DataFrame:
    """Ranked themes of the level of ``theme``."""
    ranked = drivers.table[drivers.table["rank"].notna()]
    if ranked.empty:
        raise TooFewResponses("This run has no ranked theme to plan with. Plan without a run, from its shares.")
    if theme is None:
        rows = ranked[ranked["level"] == drivers.leaf_level]
        return rows if len(rows) else ranked[ranked["level"] == ranked["level"].iloc[0]]
    own = ranked.loc[ranked["theme_id"] == theme, "level"]
    if own.empty:
        listed = ", ".join(ranked["theme_id"])
        raise ConfigError(f'There is no ranked theme "{theme}"; the ids of the ranked themes are {listed}.')
    level = int(own.iloc[0])
    return ranked[ranked["level"] == level]


def _chosen(rows: pd.DataFrame, theme: str | None) -> str:
    """Id of ``theme``, or of the theme with the median share."""
    if theme is not None:
        return theme
    ordered = rows.sort_values(["share", "theme_id"])
    return str(ordered["theme_id"].iloc[(len(ordered) - 1) // 2])


def _possible(estimate: Array, variance: Array, waves: int, rng: np.random.Generator) -> Array:
    """Draw true effects that the estimates leave possible: normal around estimates pulled to their common mean."""
    centre = float(np.mean(estimate))
    spread = max(float(np.mean((estimate - centre) ** 2) - np.mean(variance)), 0.0)
    kept = spread / (spread + variance) if spread else np.zeros_like(variance)
    noise = rng.standard_normal((waves, len(estimate)))
    return centre + kept * (estimate - centre) + np.sqrt(kept * variance) * noise


def _chances(precision: Precision, true: Array, n: int, options: PowerOptions) -> dict[str, float]:
    """One row of `Power.table`."""
    rng = np.random.default_rng(options.seed)
    waves = redraw(precision, true, n, options.min_mentions, rng)
    found = first_marked(waves, precision, rng) & (waves.effect[:, 0] * true[:, 0] > 0)
    ranked, effect = waves.ranked[:, 0], np.where(waves.ranked, waves.effect, np.inf)
    rank, true_rank = (1 + (values[:, 1:] < values[:, :1]).sum(axis=1) for values in (effect, true))
    first = true_rank <= TOP
    return {
        "n": n,
        "mentioners": n * precision.commented * float(precision.share[0]),
        "found": float(found.mean()),
        "rank_right": float(np.mean(ranked & (rank == true_rank))),
        "in_top3": float(np.mean((ranked & (rank <= TOP))[first])) if first.any() else float("nan"),
    }


def _needed(precision: Precision, true: Array, options: PowerOptions) -> int | None:
    """Smallest n, to two digits, that finds the driver often enough."""
    return _smallest(lambda n: _chances(precision, true, n, options)["found"] >= WANTED)


def _smallest(enough: Callable[[int], bool]) -> int | None:
    """Smallest size, to two digits, that is enough, as all larger ones are; None where a million is not.

    Examples
    --------
    >>> _smallest(lambda n: n > 1234), _smallest(lambda n: n > 2e6)
    (1300, None)
    """
    sizes = [digits * 10**zeros for zeros in range(5) for digits in range(10, 100)] + [_LARGEST]
    sizes = [size for size in sizes if size >= _SMALLEST]
    place = bisect_left(sizes, True, key=enough)
    return sizes[place] if place < len(sizes) else None


def _sentence(effect: float, share: float, needed: int | None, themes: int) -> str:
    among = f"among {themes} themes" if themes > 1 else "the only theme"
    driver = f"a driver of {effect:+g} points that {100 * share:.3g} % of the commenters mention, {among},"
    if needed is None:
        return f"Even {_LARGEST:,} responses do not find {driver} in 4 waves of 5."
    return f"To find {driver} in 4 waves of 5 you need about {needed:,} responses."
