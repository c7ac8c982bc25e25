"""Whether ``p_top3`` is the frequency of being among the three worst of an equal-sized, unchanged next wave."""

import numpy as np
import pandas as pd

from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import Array, by_theme, rank
from verbatim.nps import points
from verbatim.simulate import CodedSurvey, many_themes

NEXT_WAVES, TOP, FEWEST = 10, 3, 30


def calibration(count: int, n: int = 1_500, k: int = 20) -> list[Line]:
    """``count`` populations, one survey of each, and ten next waves of each: said beside came true."""
    said, came = np.full((count, k), np.nan), np.full((count, k), np.nan)
    for seed in range(count):
        population = many_themes(k, seed)
        said[seed] = by_theme(rank(population.draw(n, 1_000_000 + seed), draws=4000), "p_top3", population)
        waves = [_worst(population.draw(n, NEXT_WAVES * seed + wave)) for wave in range(NEXT_WAVES)]
        came[seed] = np.where(np.isfinite(said[seed]), np.mean(waves, axis=0), np.nan)
    gaps, errors = by_tenth(said, came)
    figures = " ".join(f"{100 * gap:+.0f}" for gap in gaps)
    exact = bool(np.abs(gaps).max() <= 0.05)
    reached = exact or verdict.within(gaps, errors, 0.05)
    return [
        Line(
            "p_top3 by tenths: came true less said, in percent",
            "none",
            figures if exact or not reached else figures + verdict.UNSURE,
            "within 5 in every tenth",
            reached,
        )
    ]


def by_tenth(said: Array, came: Array) -> tuple[Array, Array]:
    """Mean of came less said in every tenth of what was said, and its standard error over populations."""
    gaps, errors = [], []
    tenth = np.minimum(np.floor(said * 10), 9)
    for t in range(10):
        inside = tenth == t
        if inside.sum() < FEWEST:
            continue
        off = np.where(inside, came - said, 0.0)
        gap = off.sum() / inside.sum()
        spread = (off - np.where(inside, gap, 0.0)).sum(axis=1)
        gaps.append(gap)
        errors.append(np.sqrt(np.sum(spread**2)) / inside.sum())
    return np.array(gaps), np.array(errors)


def _worst(survey: CodedSurvey) -> Array:
    """1 for the three most negative effects of a survey in which everybody comments, by plain least squares."""
    dummies = pd.get_dummies(survey.segments, drop_first=True, dtype=float).to_numpy()
    columns = np.column_stack([np.ones(len(survey.score)), dummies, survey.coded.astype(float)])
    coefficients = np.linalg.solve(columns.T @ columns, columns.T @ points(survey.score))
    effect = survey.coded.mean(axis=0) * coefficients[-survey.coded.shape[1] :]
    worst = np.zeros(len(effect))
    worst[np.argpartition(effect, TOP - 1)[:TOP]] = 1.0
    return worst
