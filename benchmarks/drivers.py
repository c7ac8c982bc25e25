"""How true the driver statistics are, on surveys whose truth was planted.

    python -m benchmarks.drivers                     200 surveys a line, a few minutes
    python -m benchmarks.drivers --full              2,000 surveys a line, and n = 10,000
    python -m benchmarks.drivers --data DIR          also coin tosses on DIR/telco/telco_nps.csv

The market's number, leave-out impact, stands beside ours on the same surveys. The true effect of a theme is the NPS of
a very large survey as generated, less its NPS with the theme's mentions switched off and every other draw kept.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import verbatim as vb
from verbatim.drivers.rank import DriverOptions
from verbatim.nps import points
from verbatim.records import Drivers

Array = NDArray[np.float64]
POPULATION = 400_000


@dataclass(frozen=True)
class World:
    """A survey population: latent = base + sum(beta x mention) + plan + noise, rounded and cut to 0-10.

    Mentions come from correlated normals (``factor`` is the part they share), more often in plan B; ``pairs`` lists
    themes that come up together; ``comment_rates`` are those of detractors, passives and promoters.
    """

    shares: tuple[float, ...]
    beta: tuple[float, ...]
    factor: float = 0.15
    base: float = 8.3
    noise: float = 2.5
    pairs: tuple[tuple[int, int], ...] = ()
    comment_rates: tuple[float, float, float] = (1.0, 1.0, 1.0)
    plan: float = -0.7

    def draw(self, n: int, seed: int, without: int | None = None) -> "Drawn":
        """Draw ``n`` responses; the same seed gives the same draws whichever theme is switched off."""
        rng = np.random.default_rng(seed)
        plan = rng.integers(0, 3, n)
        region = rng.integers(0, 4, n)
        shared = rng.standard_normal((n, 1)) * np.sqrt(self.factor)
        latent = shared + rng.standard_normal((n, len(self.shares))) * np.sqrt(1 - self.factor)
        limit = _normal_quantile(1 - np.array(self.shares)) - 0.25 * (plan == 1)[:, None]
        mentions = latent > limit
        for leader, follower in self.pairs:
            mentions[:, follower] |= mentions[:, leader] & (rng.random(n) < 0.5)
        noise, silence = rng.standard_normal(n) * self.noise, rng.random(n)
        effective = mentions.copy()
        if without is not None:
            effective[:, without] = False
        satisfaction = self.base + effective @ np.array(self.beta) + self.plan * (plan == 1) + noise
        score = np.clip(np.round(satisfaction), 0, 10)
        rate = np.array(self.comment_rates)[np.digitize(score, [7, 9])]
        return Drawn(mentions, score, plan, region, silence < rate)

    def truth(self) -> Array:
        """True effect of every theme, in NPS points."""
        whole = points(self.draw(POPULATION, 987_654).score).mean()
        themes = range(len(self.shares))
        return np.array([whole - points(self.draw(POPULATION, 987_654, k).score).mean() for k in themes])


@dataclass(frozen=True)
class Drawn:
    """One survey, with the mentions of the silent too."""

    mentions: NDArray[np.bool_]
    score: Array
    plan: NDArray[np.int64]
    region: NDArray[np.int64]
    commented: NDArray[np.bool_]

    def ranked(self, *, silence: str = "ours") -> Drivers:
        """Rank its drivers, the silent weighted for ("ours"), left out ("unweighted") or without mentions ("none")."""
        seen = self.mentions & self.commented[:, None]
        rows = self.commented if silence == "unweighted" else np.ones(len(self.score), dtype=bool)
        frame = pd.DataFrame(seen[rows].astype(int), columns=[f"T{k:02d}" for k in range(seen.shape[1])])
        segments = pd.DataFrame({"plan": self.plan[rows].astype(str), "region": self.region[rows].astype(str)})
        commented = self.commented[rows] if silence == "ours" else None
        return vb.rank_drivers(frame, self.score[rows], segments, commented=commented, options=OPTIONS)


OPTIONS = DriverOptions(draws=1000, min_segment=10**9)


def _normal_quantile(p: Array) -> Array:
    return np.array([NormalDist().inv_cdf(float(q)) for q in p])


def many_themes(k: int, *, null: bool = False, seed: int = 5) -> World:
    """``k`` correlated themes of 3 to 20 %, a third of them harmful, some helpful, the rest without effect."""
    rng = np.random.default_rng(seed)
    shares = np.geomspace(0.03, 0.20, k)
    beta = np.zeros(k) if null else rng.permutation(np.resize([-1.5, -0.9, -0.5, 0.4, 0, 0, 0, 0], k))
    return World(tuple(shares), tuple(beta))


def per_theme(drivers: Drivers, column: str, k: int) -> Array:
    """A column of the driver table in theme order; NaN where a theme was too rare to be ranked."""
    values = drivers.table.set_index("theme_id")[column].astype(float)
    return values.reindex([f"T{theme:02d}" for theme in range(k)]).to_numpy()


def surveys(world: World, n: int, count: int) -> Iterator[Drawn]:
    """Draw ``count`` surveys of ``n`` responses."""
    return (world.draw(n, seed) for seed in range(count))


@dataclass(frozen=True)
class Line:
    """One measured line: what, the market's leave-out, ours, the goal, and whether ours reaches it."""

    measure: str
    market: str
    ours: str
    goal: str
    reached: bool | None


def coverage(n: int, count: int) -> list[Line]:
    """How often the intervals of effect and rank hold the truth, and how far off the estimates are on average."""
    world = many_themes(20)
    truth = world.truth()
    found = [drawn.ranked() for drawn in surveys(world, n, count)]
    columns = ("effect", "effect_low", "effect_high", "leave_out", "rank_low", "rank_high")
    effect, low, high, market, best, worst = (np.array([per_theme(d, c, 20) for d in found]) for c in columns)
    held = np.nanmean(np.where(np.isfinite(effect), (low <= truth) & (truth <= high), np.nan), axis=0)
    off, market_off = (np.abs(np.nanmean(values, axis=0) - truth) for values in (effect, market))
    lines = [
        Line(
            f"n = {n:,}: interval of effect holds the truth: mean, worst of 20 themes",
            "no interval",
            f"{held.mean():.3f}, {held.min():.3f}",
            "0.93-0.97, >= 0.90",
            bool(0.93 <= held.mean() <= 0.97 and held.min() >= 0.90),
        ),
        Line(
            f"n = {n:,}: bias in points: mean, worst theme",
            f"{market_off.mean():.2f}, {market_off.max():.2f}",
            f"{off.mean():.2f}, {off.max():.2f}",
            "mean <= 0.1" if n >= 2000 else "",
            bool(off.mean() <= 0.1) if n >= 2000 else None,
        ),
    ]
    complete = np.isfinite(effect).all(axis=1)
    if complete.any():
        first = 1 + (truth[None, :] < truth[:, None]).sum(axis=1)
        last = 20 - (truth[None, :] > truth[:, None]).sum(axis=1)
        ranks = ((best <= first) & (last <= worst))[complete].mean(axis=0)
        measure = f"n = {n:,}: rank interval holds the true rank: mean, worst theme"
        result = f"{ranks.mean():.3f}, {ranks.min():.3f}"
        lines.append(Line(measure, "no interval", result, "every theme >= 0.93", bool(ranks.min() >= 0.93)))
    return lines


def next_wave(count: int, n: int = 1500) -> Line:
    """Whether ``p_top3`` is the frequency of being among the three worst of the next wave."""
    said, came = [], []
    for seed in range(count):
        world = many_themes(20, seed=seed)
        now, later = (world.draw(n, place).ranked() for place in (2 * seed, 2 * seed + 1))
        probability = per_theme(now, "p_top3", 20)
        both = np.isfinite(probability)
        said.append(probability[both])
        came.append((per_theme(later, "rank", 20) <= 3)[both])
    p, hit = np.concatenate(said), np.concatenate(came)
    tenth = np.minimum((p * 10).astype(int), 9)
    gaps = {t: hit[tenth == t].mean() - p[tenth == t].mean() for t in np.unique(tenth) if (tenth == t).sum() >= 30}
    result = " ".join(f"{100 * gap:+.0f}" for gap in gaps.values())
    within = bool(max(abs(gap) for gap in gaps.values()) <= 0.05)
    return Line("p_top3 by tenths: came true less said, in percent", "none", result, "within 5 in every tenth", within)


def companion(count: int, n: int = 2000) -> Line:
    """A costs points; B costs nothing but comes up with A."""
    world = World((0.12, 0.08, 0.1, 0.1), (-1.9, 0.0, -0.8, 0.4), pairs=((0, 1),))
    found = [drawn.ranked() for drawn in surveys(world, n, count)]
    effect, low, high, market = (
        np.array([per_theme(d, c, 4)[1] for d in found]) for c in ("effect", "effect_low", "effect_high", "leave_out")
    )
    holds = float(np.mean((low <= 0) & (high >= 0)))
    return Line(
        f"innocent companion of a theme worth {world.truth()[0]:.1f}: shown at; interval covers 0",
        f"{market.mean():+.2f}",
        f"{effect.mean():+.2f}; {holds:.3f}",
        "within 0.5; 0.93-0.97",
        bool(abs(effect.mean()) <= 0.5 and 0.93 <= holds <= 0.97),
    )


def null_surveys(count: int, n: int = 2000) -> Line:
    """No theme matters; 40 are tested."""
    world = many_themes(40, null=True)
    tables = [drawn.ranked().table for drawn in surveys(world, n, count)]
    each = np.mean([((t["effect_low"] > 0) | (t["effect_high"] < 0)).any() for t in tables])
    wrong = int(sum(t["above_noise"].any() for t in tables))
    rate = wrong / count
    lower = max(0.0, rate - NormalDist().inv_cdf(0.975) * np.sqrt(rate * (1 - rate) / count))
    return Line(
        f"null surveys, 40 themes, n = {n:,}: any theme marked",
        f"{each:.2f} (at 5 % each)",
        f"{rate:.3f} (lower bound {lower:.3f})",
        "lower bound <= 0.05",
        bool(lower <= 0.05),
    )


def rare_severe(count: int, n: int = 1000) -> Line:
    """Three themes of 3 % that cost four score points each, among 40."""
    quiet = many_themes(37, null=True)
    world = World((0.03, 0.03, 0.03, *quiet.shares), (-3.0, -3.0, -3.0, *quiet.beta), factor=0.1)
    found = [per_theme(drawn.ranked(), "above_noise", 40)[:3] for drawn in surveys(world, n, count)]
    rate = float(np.mean(np.array(found) == 1))
    measure = f"three rare severe drivers ({world.truth()[0]:.1f} points each) among 40, n = {n:,}: marked"
    return Line(measure, "no mark", f"{rate:.2f}", ">= 0.80", rate >= 0.80)


def silent_customers(count: int, n: int = 4000) -> list[Line]:
    """Comment rates 45/35/65 % for promoters, passives and detractors."""
    world = World((0.2, 0.15, 0.1, 0.15, 0.1, 0.2), (-1.2, -1.0, -1.5, 0.5, 0.0, 0.0), comment_rates=(0.65, 0.35, 0.45))
    truth = world.truth()
    error, market, held = {}, np.nan, np.nan
    for way in ("none", "unweighted", "ours"):
        found = [drawn.ranked(silence=way) for drawn in surveys(world, n, count)]
        columns = ("effect", "effect_low", "effect_high", "leave_out")
        effect, low, high, out = (np.array([per_theme(d, c, 6) for d in found]) for c in columns)
        error[way] = float(np.abs(effect.mean(axis=0) - truth).mean())
        if way == "none":
            market = float(np.abs(out.mean(axis=0) - truth).mean())
        held = float(np.mean((low <= truth) & (truth <= high)))
    return [
        Line(
            "comments 45/35/65 %, silence as no mention: mean bias", f"{market:.2f}", f"{error['none']:.2f}", "", None
        ),
        Line("comments 45/35/65 %, commenters unweighted: mean bias", "", f"{error['unweighted']:.2f}", "", None),
        Line(
            "comments 45/35/65 %, weighted for silence: mean bias; interval holds the truth",
            "",
            f"{error['ours']:.2f}; {held:.3f}",
            "<= 0.1; 0.93-0.97",
            error["ours"] <= 0.1 and 0.93 <= held <= 0.97,
        ),
    ]


TELCO_WORDS = ("engineer", "delay", "wait", "install", "phone", "email", "router", "speed", "price", "cancel", "staff")


def telco_coins(data: Path, count: int) -> Line:
    """Coin tosses among real themes (one word each) on real scores: how often chance looks significant."""
    survey = vb.read_survey(data / "telco" / "telco_nps.csv").responses
    survey = survey[survey["score"].notna()].reset_index(drop=True)
    text = survey["comment"].fillna("").str.lower()
    frame = pd.DataFrame({word: text.str.contains(word).astype(int) for word in TELCO_WORDS})
    rng, hits = np.random.default_rng(3), []
    for _ in range(count):
        table = vb.rank_drivers(frame.assign(coin=rng.random(len(frame)) < 0.1), survey["score"], options=OPTIONS).table
        low, high = table.loc[table["theme_id"] == "coin", ["effect_low", "effect_high"]].iloc[0]
        hits.append(low > 0 or high < 0)
    rate = float(np.mean(hits))
    return Line(
        f"coin toss on telco, {count:,} tosses: interval excludes 0", "", f"{rate:.3f}", "<= 0.06", rate <= 0.06
    )


def show(lines: list[Line], count: int) -> None:
    table = Table(title=f"Driver statistics on planted truth, {count:,} surveys a line")
    for heading in ("measure", "market's leave-out", "verbatim", "goal", ""):
        table.add_column(heading)
    for line in lines:
        verdict = "" if line.reached is None else ("reached" if line.reached else "MISSED")
        table.add_row(line.measure, line.market, line.ours, line.goal, verdict)
    Console(width=170).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drivers", description=__doc__.split("\n")[0])
    parser.add_argument("--surveys", type=int, default=200, help="surveys a line")
    parser.add_argument("--full", action="store_true", help="2,000 surveys a line, and n = 10,000")
    parser.add_argument("--data", type=Path, help="folder with telco/telco_nps.csv")
    chosen = parser.parse_args()
    count = 2000 if chosen.full else chosen.surveys
    lines = [line for n in ((500, 2000, 10_000) if chosen.full else (500, 2000)) for line in coverage(n, count)]
    lines += [companion(count), null_surveys(count), rare_severe(count), *silent_customers(count), next_wave(count)]
    lines += [telco_coins(chosen.data, count)] if chosen.data else []
    show(lines, count)


if __name__ == "__main__":
    main()
