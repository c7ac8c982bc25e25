"""What is said of segments: differences that are not there, and pooled effects against raw ones.

    python -m benchmarks.drivers.segments 200       surveys a line

The true effect in a value is the NPS of the customers of that value among very many, less their NPS with the theme's
mentions switched off and every other draw kept.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.segments.by_value import SegmentDrivers, rank_segments
from verbatim.drivers.tables import read_tables
from verbatim.simulate import CodedSurvey, Customers, Population, many_themes
from verbatim.simulate.population import draw_customers

OPTIONS = DriverOptions(draws=1000)
STAGES = {"First Payment": 0.2, "Onboarding": 0.25, "Regular": 0.4, "Leaving": 0.15}
KEY = ["value", "theme_id"]
EVERYONE = 400_000
THEMES, SIZE = 20, 2_000
REACHING, FELT = (0, 8), (3, 12)
"""Places of the themes that differ in the contrasting world: spoken of more by one stage, or felt by one alone."""


def lines(count: int) -> list[Line]:
    """Every line over ``count`` simulated surveys."""
    return list(_lines(count))


def _lines(count: int) -> Iterator[Line]:
    yield false_marks("no theme matters", _found(replace(alike(), strength=0.0), count))
    same, different = _found(alike(), count), _found(contrasting(), count)
    yield false_marks("every theme matters alike everywhere", same)
    yield from pooling("alike", alike(), same)
    yield from pooling("contrasting", contrasting(), different)
    yield from found_differences(different)


def alike() -> Population:
    """Twenty themes as common and as severe in every stage."""
    plain = many_themes(THEMES)
    themes = tuple(replace(theme, leanings={}) for theme in plain.themes)
    return replace(plain, themes=themes, segments={"stage": STAGES}, satisfaction={})


def contrasting() -> Population:
    """The same, but two themes are spoken of more by one stage, and two are felt by one stage alone."""
    themes = list(alike().themes)
    for place in REACHING:
        themes[place] = replace(themes[place], beta=-1.5, share=0.10, leanings={"First Payment": 0.7})
    for place in FELT:
        themes[place] = replace(themes[place], beta=-3.0, share=0.15, felt_by="Onboarding")
    return replace(alike(), themes=tuple(themes))


def false_marks(name: str, surveys: list[SegmentDrivers]) -> Line:
    """How often any difference is marked where there is none; and how often one interval of the family excludes 0."""
    tables = [found.contrasts for found in surveys]
    each = np.mean([((t["difference_low"] > 0) | (t["difference_high"] < 0)).any() for t in tables])
    wrong = verdict.lower_bound(np.array([bool(t["above_noise"].any()) for t in tables]), 0.05)
    measure = f"{THEMES} themes x {len(STAGES)} stages, {name}, n = {SIZE:,}: any difference marked"
    return Line(measure, f"{each:.2f} (at 5 % each)", wrong.figures, "lower bound <= 0.05", wrong.reached)


def pooling(name: str, population: Population, surveys: list[SegmentDrivers]) -> list[Line]:
    """Whether pooled intervals hold the truth on average, and what pooling saves in error."""
    rows = pd.concat([found.table for found in surveys], keys=range(len(surveys)), names=["survey", None])
    rows = rows[rows["pooled_effect"].notna()].join(_truth(population), on=KEY)
    truth = rows["truth"]
    held = {kind: (rows[f"{kind}_low"] <= truth) & (truth <= rows[f"{kind}_high"]) for kind in ("effect", "pooled")}
    by_survey = held["pooled"].groupby("survey").mean()
    mean, error = float(held["pooled"].mean()), float(by_survey.std() / np.sqrt(len(by_survey)))
    worst = held["pooled"].groupby([rows["value"], rows["theme_id"]]).mean().min()
    raw, pooled = (float(((rows[kind] - truth) ** 2).mean()) for kind in ("effect", "pooled_effect"))
    length = float(
        (rows["pooled_high"] - rows["pooled_low"]).mean() / (rows["effect_high"] - rows["effect_low"]).mean()
    )
    return [
        Line(
            f"stages, {name} world: interval holds the truth of the value, mean (raw; pooled, worst cell)",
            "no interval",
            f"{held['effect'].mean():.3f}; {mean:.3f}, {worst:.2f}; {length:.2f} of the raw length",
            "pooled mean >= 0.95",
            bool(mean + 1.96 * error >= 0.95),
        ),
        Line(
            f"stages, {name} world: mean squared error of the effect in a value, raw; pooled",
            "",
            f"{raw:.2f}; {pooled:.2f}",
            "pooled < raw",
            pooled < raw,
        ),
    ]


def found_differences(surveys: list[SegmentDrivers]) -> list[Line]:
    """How often planted differences are marked, and whether the reason named is the planted one."""
    keys, lines = contrasting().keys, []
    rows = pd.concat([found.contrasts for found in surveys])
    for reason, places, value in (("reach", REACHING, "First Payment"), ("severity", FELT, "Onboarding")):
        planted = rows[rows["theme_id"].isin([keys[at] for at in places]) & (rows["value"] == value)]
        marked = planted[planted["above_noise"]]
        named = marked["reason"].value_counts(normalize=True).reindex(["reach", "severity", "both"]).fillna(0)
        away = planted["difference"].mean()
        measure = f"planted differences of {reason} ({away:+.1f} points): marked; named reach/severity/both"
        shares = "/".join(f"{share:.2f}" for share in named)
        lines.append(Line(measure, "no mark", f"{len(marked) / max(len(planted), 1):.2f}; {shares}", "", None))
    return lines


def _found(population: Population, count: int) -> list[SegmentDrivers]:
    return [_rank(population.draw(SIZE, seed)) for seed in range(count)]


def _rank(survey: CodedSurvey) -> SegmentDrivers:
    segments = survey.segments.astype("str")
    coded = read_tables(
        survey.mention_table, pd.Series(survey.score), segments, None, pd.Series(survey.commented), None, None, None
    )
    return rank_segments(coded, (0,), OPTIONS)


def _truth(population: Population) -> pd.Series:
    """True effect in every stage, by stage and theme."""
    everyone = draw_customers(population, EVERYONE, np.random.default_rng(987_654))
    effects = {}
    for value in STAGES:
        rows = np.flatnonzero((everyone.segments["stage"] == value).to_numpy())
        there = Customers(
            population,
            everyone.segments.iloc[rows],
            everyone.mentions[rows],
            everyone.good[rows],
            everyone.untouched[rows],
        )
        effects |= {(value, key): effect for key, effect in zip(population.keys, there.true_effects(), strict=True)}
    return pd.Series(effects, name="truth").rename_axis(KEY)


if __name__ == "__main__":
    for line in _lines(int(sys.argv[1]) if len(sys.argv) > 1 else 100):
        goal = "" if line.reached is None else ("reached" if line.reached else "MISSED")
        print(" | ".join(part for part in (line.measure, line.market, line.ours, line.goal, goal) if part), flush=True)
