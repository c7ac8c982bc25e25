"""What chance looks like: surveys in which nothing matters, rare drivers among noise, coin tosses on real scores."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import verbatim as vb
from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import FEW_DRAWS, rank_many
from verbatim.drivers.rank import DriverOptions
from verbatim.records import DRIVER_COLUMNS
from verbatim.simulate import many_themes, world

TELCO_WORDS = ("engineer", "delay", "wait", "install", "phone", "email", "router", "speed", "price", "cancel", "staff")


def null_surveys(count: int, n: int = 2_000) -> list[Line]:
    """No theme matters; 40 are tested."""
    found = rank_many(world(many_themes(40), "null"), n, count, draws=1000)
    each = np.mean(((found.effect_low > 0) | (found.effect_high < 0)).any(axis=1))
    wrong = verdict.lower_bound((found.above_noise == 1).any(axis=1), 0.05)
    measure = f"null surveys, 40 themes, n = {n:,}: any theme marked"
    return [Line(measure, f"{each:.2f} (at 5 % each)", wrong.figures, "lower bound <= 0.05", wrong.reached)]


def rare_severe(count: int, n: int = 1_000) -> list[Line]:
    """Three themes of 3 % that cost three score points each, among 37 without effect."""
    quiet = many_themes(40)
    themes = [
        replace(theme, beta=-3.0 if place < 3 else 0.0, share=0.03 if place < 3 else theme.share)
        for place, theme in enumerate(quiet.themes)
    ]
    population = replace(quiet, themes=tuple(themes))
    found = rank_many(population, n, count, draws=1000)
    rate = float(np.mean(found.above_noise[:, :3] == 1))
    false = verdict.lower_bound((found.above_noise[:, 3:] == 1).any(axis=1), 0.05)
    points = population.true_effects(200_000)[:3].mean()
    return [
        Line(
            f"three rare severe drivers ({points:.1f} points each) among 40, n = {n:,}: marked; any other marked",
            "no mark",
            f"{rate:.2f}; {false.figures}",
            ">= 0.80; lower bound <= 0.05",
            rate >= 0.80 and false.reached,
        )
    ]


def telco_coins(count: int, data: Path) -> list[Line]:
    """Toss coins among real themes (one word each) on real scores: how often chance looks significant."""
    survey = vb.read_survey(data / "telco" / "telco_nps.csv").responses
    survey = survey[survey["score"].notna()].reset_index(drop=True)
    text = survey["comment"].fillna("").str.lower()
    frame = pd.DataFrame({word: text.str.contains(word).astype(int) for word in TELCO_WORDS})
    rng, options = np.random.default_rng(3), DriverOptions(draws=FEW_DRAWS, min_segment=10**9, checks=False)
    hits = np.zeros(count, dtype=bool)
    for toss in range(count):
        tossed = frame.assign(coin=(rng.random(len(frame)) < 0.1).astype(int))
        table = vb.rank_drivers(tossed, survey["score"], options=options).table.set_index("theme_id")
        hits[toss] = table.loc["coin", "effect_low"] > 0 or table.loc["coin", "effect_high"] < 0
    rate = verdict.at_most(hits, 0.06)
    split = [
        name
        for name in DRIVER_COLUMNS
        if ("negative" in name or "positive" in name) and name.endswith(("_low", "_high", "_noise"))
    ]
    return [
        Line(f"coin toss on telco, {count:,} tosses: interval excludes 0", "", rate.figures, "<= 0.06", rate.reached),
        Line("columns that mark or bound a tone split", "", f"{len(split)}", "0", not split),
    ]
