"""Whether the account of a change finds what was planted, and whether alerts are as rare as they say.

    python -m benchmarks.waves                 100 pairs of waves for each kind of change, 500 null trackers
    python -m benchmarks.waves --runs 20       fewer
    python -m benchmarks.waves --only mix      one kind: mix, mentions, severity, comments, codebook, nothing, alerts

Pairs of waves of 3,000 responses, eight correlated themes, two segments, comment rates 65/35/45 %. The truth of mix,
mentions and severity is the contribution of the change to the NPS of the population, every other draw kept
(docs/simulation.md); that of a codebook is its effect on the themes of a wave of 200,000.
"""

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from verbatim.change.alerts import find_alerts
from verbatim.change.codebook import codebook_lines
from verbatim.change.ledger import MENTIONS, MIX, REST, SEVERITY, account_for_change
from verbatim.change.periods import track_periods
from verbatim.change.wave import Wave, read_wave
from verbatim.change.who import who_answered
from verbatim.simulate import MixChange, Population, SeverityChange, ShareChange, TwoWaves, many_themes

N, THEMES, PERIODS, A_PERIOD = 3_000, 8, 12, 250
BASE = replace(many_themes(THEMES), comment_rates=(0.65, 0.35, 0.45))
CHANGES = {
    "mix": (MixChange("plan", {"A": 0.15, "B": 0.70, "C": 0.15}),),
    "mentions": (ShareChange("T07", 0.45),),
    "severity": (SeverityChange("T06", -3.2),),
    "nothing": (),
}
LINES = (MIX, MENTIONS, SEVERITY, REST)
SILENT = (0.40, 0.50, 0.60)
ALIKE = frozenset(f"T{at:02d}" for at in (0, 1, 4, 6))


@dataclass(frozen=True)
class Found:
    """One run: of the planted line whether it is told from 0 and whether it holds the truth; which others are not 0.

    ``sums`` is by how much the lines miss the change, ``back`` by how much the way back misses its sign turned.
    """

    moved: bool
    held: bool
    off: float
    others: tuple[bool, ...]
    sums: float
    back: float


def wave_of(population: Population, n: int, seed: int, label: str) -> Wave:
    """Draw a wave and read it."""
    drawn = population.draw(n, seed)
    return read_wave(
        drawn.mention_table, drawn.score, drawn.segments.astype("str"), label=label, commented=drawn.commented
    )


def one_change(kind: str, truth: float, seed: int) -> Found:
    """Draw two waves with a change of a kind and account for it."""
    waves = TwoWaves(BASE, CHANGES[kind])
    pair = (wave_of(waves.before, N, 2 * seed, "1"), wave_of(waves.after, N, 2 * seed + 1, "2"))
    line, theme = {"mix": (MIX, None), "mentions": (MENTIONS, "T07"), "severity": (SEVERITY, "T06")}.get(
        kind, (REST, None)
    )
    ledger = account_for_change(*pair)
    if theme is None:
        table = ledger.summary[ledger.summary["kind"] == line]
    else:
        table = ledger.lines[(ledger.lines["kind"] == line) & (ledger.lines["theme_id"] == theme)]
    points, low, high = (float(table[column].iloc[0]) for column in ("points", "low", "high"))
    rest = ledger.summary.set_index("kind").loc[[name for name in LINES if name != line or kind == "nothing"]]
    others = ((rest["low"] > 0) | (rest["high"] < 0)).tolist()
    back = account_for_change(pair[1], pair[0]).lines["points"] + ledger.lines["points"]
    sums = abs(float(ledger.lines["points"].sum()) - ledger.change[0])
    return Found(
        low > 0 or high < 0, low <= truth <= high, points - truth, tuple(others), sums, float(back.abs().max())
    )


def comments_change(seed: int) -> Found:
    """Other customers comment; nothing else changes: the rates move, the account does not."""
    pair = (wave_of(BASE, N, 2 * seed, "1"), wave_of(replace(BASE, comment_rates=SILENT), N, 2 * seed + 1, "2"))
    ledger, who = account_for_change(*pair), who_answered(*pair)
    rates = who.comments.set_index("category").loc[["detractor", "passive", "promoter"]]
    truth = np.subtract(SILENT, BASE.comment_rates)
    held = (rates["low"] <= truth) & (truth <= rates["high"])
    rest = ledger.summary.set_index("kind").loc[list(LINES)]
    others = ((rest["low"] > 0) | (rest["high"] < 0)).tolist()
    back = account_for_change(pair[1], pair[0]).lines["points"] + ledger.lines["points"]
    sums = abs(float(ledger.lines["points"].sum()) - ledger.change[0])
    moved = bool(((rates["low"] > 0) | (rates["high"] < 0)).all())
    off = float((rates["difference"] - truth).iloc[0])
    return Found(moved, bool(held.iloc[0]), off, tuple(others), sums, float(back.abs().max()))


def coded_twice(n: int, seed: int) -> tuple[Wave, Wave]:
    """One wave by two codebooks: the second merges T02 and T03, splits T07, and finds 70 % of T05."""
    drawn = BASE.draw(n, seed)
    table = drawn.mention_table
    rng = np.random.default_rng(seed + 77_777)
    part, found = rng.random(n) < 0.5, rng.random(n) < 0.7
    other = table[["T00", "T01", "T04", "T06"]].assign(
        T02=table[["T02", "T03"]].max(axis=1),
        T05=table["T05"] * found,
        T07=table["T07"] * part,
        T08=table["T07"] * ~part,
    )
    read = partial(read_wave, score=drawn.score, segments=drawn.segments.astype("str"), label="1",
                   commented=drawn.commented)  # fmt: skip
    return read(table), read(other.astype("int8"))


def by_theme(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of the codebook by theme; the last, of no theme, as "none"."""
    return lines.set_index(lines["theme_id"].fillna("none")).sort_index()[["points", "low", "high"]]


def codebook_truth() -> pd.Series:
    """Each theme's line by the codebook, in a wave of 200,000."""
    return by_theme(codebook_lines(*coded_twice(200_000, 987_654), ALIKE, ("old", "new")))["points"]


def codebook_change(truth: pd.Series, seed: int) -> Found:
    """Another codebook and nothing else: its lines move and sum to zero, the account between the waves does not."""
    old, new = coded_twice(N, 2 * seed)
    lines = by_theme(codebook_lines(old, new, ALIKE, ("old", "new")))
    worst = str(truth.drop("none").abs().idxmax())
    points, low, high = (float(lines.loc[worst, column]) for column in ("points", "low", "high"))
    second = coded_twice(N, 2 * seed + 1)[1]
    others_wave = Wave(second.coded, np.array([f"2{person}" for person in second.person], dtype=object))
    rest = account_for_change(new, others_wave).summary.set_index("kind").loc[list(LINES)]
    others = ((rest["low"] > 0) | (rest["high"] < 0)).tolist()
    back = by_theme(codebook_lines(new, old, ALIKE, ("new", "old")))
    held = low <= truth[worst] <= high
    return Found(low > 0 or high < 0, held, points - truth[worst], tuple(others), abs(float(lines["points"].sum())),
                 float((back["points"] + lines["points"]).abs().max()))  # fmt: skip


def null_tracker(seed: int) -> tuple[int, int, bool]:
    """Follow a wave in which nothing changes: periods tested, those with a false spike, whether a change point."""
    wave = wave_of(BASE, PERIODS * A_PERIOD, 1_000_000 + seed, "1")
    code = np.random.default_rng(seed).integers(0, PERIODS, len(wave.person))
    found = find_alerts(track_periods(wave, code, tuple(f"{at:02d}" for at in range(PERIODS))))
    spikes = found.loc[found["kind"] == "spike", "period"].nunique()
    return PERIODS - 2, int(spikes), bool((found["kind"] == "change point").any())


def row_of(name: str, found: list[Found]) -> tuple[str, ...]:
    """Sum runs up: moved, held, bias, worst rate of another line off 0, exactness."""
    others = np.mean([run.others for run in found], axis=0)
    return (
        name, f"{np.mean([run.moved for run in found]):.2f}", f"{np.mean([run.held for run in found]):.2f}",
        f"{np.mean([run.off for run in found]):+.2f}", f"{others.max():.2f}",
        f"{max(run.sums for run in found):.0e}", f"{max(run.back for run in found):.0e}",
    )  # fmt: skip


def jobs_of(kind: str) -> Callable[[int], Found]:
    """What a run of a kind does, its truth found beforehand."""
    if kind == "comments":
        return comments_change
    if kind == "codebook":
        return partial(codebook_change, codebook_truth())
    changes = TwoWaves(BASE, CHANGES[kind])
    truth = float(changes.true_contributions()[0]) if changes.changes else 0.0
    print(f"{kind}: true contribution {truth:+.2f} points", flush=True)
    return partial(one_change, kind, truth)


def main() -> None:
    """Parse, simulate, print."""
    kinds = ("mix", "mentions", "severity", "comments", "codebook", "nothing", "alerts")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.waves", description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=100, help="pairs of waves a kind (default 100)")
    parser.add_argument("--trackers", type=int, default=500, help="null trackers (default 500)")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    asked = parser.parse_args()
    print("| change | line told from 0 | holds the truth | bias | worst other line off 0 | sums | way back |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with ProcessPoolExecutor(asked.jobs) as pool:
        for kind in (kind for kind in kinds if kind in asked.only and kind != "alerts"):
            cells = row_of(kind, list(pool.map(jobs_of(kind), range(asked.runs))))
            print("| " + " | ".join(cells) + " |", flush=True)
        if "alerts" in asked.only:
            found = np.array(list(pool.map(null_tracker, range(asked.trackers))), dtype=float)
            print(f"\n{asked.trackers} null trackers of {PERIODS} periods, {THEMES} themes and the NPS:")
            print(f"periods with a false spike {found[:, 1].sum() / found[:, 0].sum():.3f} (stated: at most 0.05)")
            print(f"trackers with a false change point {found[:, 2].mean():.3f} (stated: 0.05 to 0.07)")


if __name__ == "__main__":
    main()
