"""Sums that must be exact, and agreement with independent references: definitions, brute force, statsmodels."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import statsmodels.api as sm

from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import Array, by_theme, rank
from verbatim.nps import net_promoter_score, points
from verbatim.records import Drivers
from verbatim.simulate import CodedSurvey, many_themes

SURVEYS = 20
SUM, FIT = 1e-9, 1e-8
COMPARED = (
    "leave_out", "effect", "effect_per_mention", "promoters_lost", "detractors_made", "effect_negative",
    "effect_positive",
)  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """One survey by statsmodels and by definitions, theme by theme: nothing of `verbatim.drivers` is used."""

    coefficient: Array
    effect: Array
    promoters_lost: Array
    detractors_made: Array
    negative: Array
    neutral: Array
    positive: Array
    leave_out: Array
    base: float


def exact_sums(count: int) -> list[Line]:
    """Account, outcome split, tone parts and bridges add up; coefficients and leave-out are the references'."""
    population = replace(many_themes(12), comment_rates=(0.65, 0.35, 0.45), halo=0.3)
    population = replace(population, segments={"plan": population.segments["plan"]})
    surveys = [population.draw(3_000, seed) for seed in range(min(count, SURVEYS))]
    worst = np.max([_differences(survey) for survey in surveys], axis=0)
    sums = ("account", "outcome split", "tone parts", "bridge")
    lines = [
        Line(f"{what}: largest difference", "", f"{off:.0e}", "<= 1e-9", bool(off <= SUM))
        for what, off in zip(sums, worst[:4], strict=True)
    ]
    return [
        *lines,
        Line("leave-out against its definition", "", f"{worst[4]:.0e}", "<= 1e-9", bool(worst[4] <= SUM)),
        Line("effects and splits against statsmodels WLS", "", f"{worst[5]:.0e}", "<= 1e-8", bool(worst[5] <= FIT)),
        Line("NPS and interval against adjusted Wald", "", f"{worst[6]:.0e}", "<= 1e-9", bool(worst[6] <= SUM)),
    ]


def _differences(survey: CodedSurvey) -> Array:
    """Account, outcome split, tone parts, bridge, leave-out, regression, NPS interval: largest absolute difference."""
    # tones of -1 and 1 alone would leave no neutral mention: every third is made neutral
    neutral = np.where(np.arange(len(survey.score))[:, None] % 3 == 0, 0 * survey.tone, survey.tone)
    survey = replace(survey, tone=neutral)
    drivers, expected = rank(survey, tone=True), _by_statsmodels(survey)
    ours = {name: by_theme(drivers, name, survey.customers.population) for name in COMPARED}
    parts = ours["effect_negative"] + expected.neutral + ours["effect_positive"]
    fitted = [
        ours["effect"] - expected.effect,
        ours["effect_per_mention"] - expected.coefficient,
        ours["promoters_lost"] - expected.promoters_lost,
        ours["detractors_made"] - expected.detractors_made,
        ours["effect_negative"] - expected.negative,
        ours["effect_positive"] - expected.positive,
        np.array([drivers.base - expected.base]),
    ]
    return np.array(
        [
            abs(drivers.base + drivers.table["effect"].sum() - drivers.nps_commenters),
            np.abs(ours["promoters_lost"] + ours["detractors_made"] - ours["effect"]).max(),
            np.abs(parts - ours["effect"]).max(),
            _bridge_gap(drivers),
            np.abs(ours["leave_out"] - expected.leave_out).max(),
            max(np.abs(off).max() for off in fitted),
            _nps_gap(survey),
        ]
    )


def _by_statsmodels(survey: CodedSurvey) -> Reference:
    """Weights by counting the cells of score category x plan, then WLS."""
    plan, category = survey.segments["plan"].to_numpy(), points(survey.score)
    said = survey.commented
    cells = pd.DataFrame({"plan": plan, "category": category, "said": said})
    rate = cells.groupby(["plan", "category"])["said"].transform("mean").to_numpy(dtype=float)
    w = (1 / rate)[said]
    y, mentions, tone = category[said], survey.coded[said].astype(float), survey.tone[said]
    values = ("A", "B", "C")
    deviations = np.column_stack([(plan[said] == v) * 1.0 - (plan[said] == "C") for v in values[:2]])
    columns = np.column_stack([np.ones(len(y)), deviations, mentions])
    fit = sm.WLS(y, columns, weights=w).fit()
    up, down = (sm.WLS(side, columns, weights=w).fit() for side in (np.maximum(y, 0), np.minimum(y, 0)))
    share, b = w @ mentions / w.sum(), fit.params[3:]
    carried = [
        (w[:, None] * mentions * sign * (b + fit.resid[:, None])).sum(axis=0) / w.sum()
        for sign in (tone < 0, tone == 0, tone > 0)
    ]
    nps = w @ y / w.sum()
    return Reference(
        b, share * b, share * up.params[3:], share * down.params[3:], *carried,
        leave_out=np.array([nps - np.average(y[m == 0], weights=w[m == 0]) for m in mentions.T]),
        base=float(np.average(columns[:, :3] @ fit.params[:3], weights=w)),
    )  # fmt: skip


def _bridge_gap(drivers: Drivers) -> float:
    told = drivers.bridges.groupby("theme_id")["points"].sum()
    shown = drivers.table.dropna(subset="rank").set_index("theme_id")["leave_out"]
    return float((told.reindex(shown.index) - shown).abs().max())


def _nps_gap(survey: CodedSurvey) -> float:
    """Rocks (2016), section 3, written out: 3/4 of a promoter and of a detractor, 3/2 of a passive are added."""
    y, found = points(survey.score), net_promoter_score(survey.score)
    n = len(y) + 3
    p, d = ((y > 0).sum() + 0.75) / n, ((y < 0).sum() + 0.75) / n
    half = 1.959963984540054 * np.sqrt((p + d - (p - d) ** 2) / n)
    low, high = 100 * (p - d - half), 100 * (p - d + half)
    return float(max(abs(found.score - y.mean()), abs(found.low - low), abs(found.high - high)))
