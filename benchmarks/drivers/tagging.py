"""How true effects are when a machine tagged the comments, uncorrected and corrected from coded samples.

    python -m benchmarks.drivers.tagging                 corrections side by side at 150, 300, 600 and 1,000 labels
    python -m benchmarks.drivers.tagging --surveys 500

The machine finds 70 % of the mentions (or 85, 70 and 50 % of those of detractors, passives and promoters), and 80 % of
its tags are right. 4,000 responses, twelve correlated themes, comment rates 45/35/65 %: about 2,000 comments.
"""

import argparse
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import verbatim as vb
from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.tagging.coded_sample import read_sample
from verbatim.drivers.tagging.correction import correct_for_tagging
from verbatim.drivers.tagging.surrogate import Figure, correct
from verbatim.nps import Z95
from verbatim.simulate.coded import CodedSurvey
from verbatim.simulate.population import PlantedTheme, Population

Array = NDArray[np.float64]
N = 4000
SHARES = np.geomspace(0.05, 0.22, 12)
BETAS = (0.0, 0.0, -1.5, -0.9, -1.2, -0.6, 0.4, 0.0, -2.0, 0.0, 0.6, 0.0)
WORLD = Population(
    themes=tuple(
        PlantedTheme(f"T{k:02d}", float(share), beta, causes=(0.5,), leanings={"B": 0.25})
        for k, (share, beta) in enumerate(zip(SHARES, BETAS, strict=True))
    ),
    segments={"plan": dict.fromkeys("ABC", 1 / 3)},
    satisfaction={"B": -0.7},
    noise=2.2,
    comment_rates=(0.65, 0.35, 0.45),
    precision=0.8,
)
WORLDS = {
    "recall .7": replace(WORLD, recall=(0.7, 0.7, 0.7)),
    "recall .85/.7/.5 by score": replace(WORLD, recall=(0.85, 0.7, 0.5)),
}


class Estimate(NamedTuple):
    """Effects of all themes and half the width of their intervals."""

    effect: Array
    half: Array


def lines(count: int) -> list[Line]:
    """Root mean square error and coverage of the effects, as tagged and corrected from 600 comments or their worth."""
    measured = []
    for name, world in WORLDS.items():
        truth = world.true_effects()
        measured += [line for design in DRAWN for line in _lines(name, world, truth, design, count)]
    return measured


def _lines(name: str, world: Population, truth: Array, design: str, count: int) -> list[Line]:
    draw, size = DRAWN[design]
    market, tagged, corrected = [], [], []
    for seed in range(count):
        survey = world.draw(N, seed)
        rows, chance = draw(survey, size, np.random.default_rng([seed, 1]))
        told = pd.DataFrame(survey.mentions[rows].astype(int), index=rows, columns=list(world.keys))
        given: dict[str, Any] = {"segments": survey.segments.astype(str), "commented": survey.commented}
        naive = vb.rank_drivers(survey.mention_table, survey.score, **given, options=QUICK).table.set_index("theme_id")
        found = correct_for_tagging(survey.mention_table, told, chance, survey.score, **given).table
        found, naive = found.set_index("theme_id").loc[list(world.keys)], naive.loc[list(world.keys)]
        market.append(naive["leave_out"].to_numpy())
        tagged.append(_estimate(naive["effect"], naive["effect_low"]))
        corrected.append(_estimate(found["effect_corrected"], found["corrected_low"]))
    off, held = _judged(corrected, truth)
    off_tagged, held_tagged = _judged(tagged, truth)
    off_market = float(np.sqrt(np.mean((np.array(market) - truth) ** 2)))
    what = f"tagging {name}, {size} comments coded, {design}"
    holds, before = verdict.coverage(held), np.nanmean(held_tagged, axis=0)
    figures = f"{holds.figures} (as tagged {before.mean():.2f}, {before.min():.2f})"
    return [
        Line(f"{what}: error as tagged -> corrected", f"{off_market:.2f}", f"{off_tagged:.2f} -> {off:.2f}", "", None),
        Line(
            f"{what}: interval holds the truth: mean, worst theme",
            "no interval",
            figures,
            "0.93-0.97, >= 0.90",
            holds.reached,
        ),
    ]


QUICK = DriverOptions(draws=200, min_segment=10**9)


def _estimate(effect: pd.Series, low: pd.Series) -> Estimate:
    return Estimate(effect.to_numpy(dtype=float), (effect - low).to_numpy(dtype=float))


def _judged(found: list[Estimate], truth: Array) -> tuple[float, Array]:
    """Root mean square error over themes and surveys; whether each interval holds the truth.

    The second is (surveys, themes), NaN where a theme was given no corrected figure; it does not count there.
    """
    effect, half = np.array([each.effect for each in found]), np.array([each.half for each in found])
    given = np.isfinite(effect)
    holds = np.where(given, np.abs(effect - truth) <= half, np.nan)
    return float(np.sqrt(np.nanmean((effect - truth) ** 2))), holds


def _alike(survey: CodedSurvey, size: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], Array]:
    """Draw comments at random."""
    commenters = np.flatnonzero(survey.commented)
    return rng.choice(commenters, size, replace=False), np.full(size, size / len(commenters))


def _unlike(survey: CodedSurvey, size: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], Array]:
    """Draw comments of detractors three times as readily, and others the more readily the more tags they carry."""
    commenters = np.flatnonzero(survey.commented)
    wanted = 1 + 2.0 * (survey.score[commenters] <= 6) + 0.7 * survey.coded[commenters].sum(axis=1)
    chance = np.minimum(wanted * size / wanted.sum(), 1.0)
    drawn = rng.random(len(commenters)) < chance
    return commenters[drawn], chance[drawn]


DRAWN = {"drawn alike": (_alike, 600), "drawn unlike": (_unlike, 900)}


def compare(world: Population, count: int, sizes: tuple[int, ...] = (150, 300, 600, 1000)) -> pd.DataFrame:
    """Errors and coverage of several corrections of the same surveys from the same samples."""
    truth = world.true_effects()
    found: dict[tuple[str, int], list[Estimate]] = {}
    for seed in range(count):
        survey = world.draw(N, seed)
        for size in sizes:
            rows, chance = _alike(survey, size, np.random.default_rng([seed, size]))
            for way, estimate in _ways(survey, rows, chance).items():
                found.setdefault((way, 0 if way == "as tagged" else size), []).append(estimate)
    table = []
    for (way, size), estimates in found.items():
        off, each = _judged(estimates, truth)
        held = each.mean(axis=0)
        width = 2 * float(np.mean([estimate.half for estimate in estimates]))
        table.append((way, size, off, held.mean(), held.min(), width))
    columns = ["way", "labels", "root mean square error", "coverage", "worst theme", "width"]
    return pd.DataFrame(table, columns=columns).sort_values(["labels", "way"]).round(3)


class Material(NamedTuple):
    """What every correction starts from: n commenters, m of them coded, k themes.

    ``points``, ``weight`` (n,), ``covariates`` (n, c), ``machine`` (n, k); ``row``, ``coded_weight`` (m,), ``human``
    (m, k).
    """

    points: Array
    covariates: Array
    weight: Array
    machine: Array
    row: NDArray[np.int64]
    human: Array
    coded_weight: Array


def _ways(survey: CodedSurvey, rows: NDArray[np.int64], chance: Array) -> dict[str, Estimate]:
    told = pd.DataFrame(survey.mentions[rows].astype(int), index=rows, columns=survey.mention_table.columns)
    segments = survey.segments.astype(str)
    sample = read_sample(survey.mention_table, told, chance, survey.score, segments, None, survey.commented, None, None)
    people = weigh_commenters(sample.coded, DriverOptions())
    found = correct(people, people.mentions, sample.row, sample.mentions, sample.probability)
    alone = correct(people, np.zeros_like(people.mentions), sample.row, sample.mentions, sample.probability)
    material = Material(
        people.points,
        people.covariates,
        people.weight,
        people.mentions.astype(float),
        sample.row,
        sample.mentions.astype(float),
        people.weight[sample.row] / sample.probability,
    )
    return {
        "as tagged": _with_half(found.tagged),
        "coded comments alone": _with_half(alone.effect),
        "misclassification matrix": _matrix(material),
        "corrected moments (DSL)": _moments(material),
        "tuned difference (ours)": _with_half(found.effect),
    }


def _with_half(figure: Figure) -> Estimate:
    return Estimate(figure.value, Z95 * figure.se)


def _matrix(given: Material) -> Estimate:
    """Regress on the chance of a mention given the tag, which is taken to be the same for all scores."""
    y, w, k = given.points, given.weight, given.machine.shape[1]
    chance = np.empty_like(given.machine)
    for theme in range(k):
        for tag in (0, 1):
            alike = given.machine[given.row, theme] == tag
            right = given.coded_weight[alike] @ given.human[alike, theme] / max(given.coded_weight[alike].sum(), 1e-9)
            chance[given.machine[:, theme] == tag, theme] = right
    columns = np.column_stack([np.ones(len(y)), given.covariates, chance])
    inverse = np.linalg.pinv(columns.T @ (w[:, None] * columns))
    slope, share = inverse @ (columns.T @ (w * y)), w @ chance / w.sum()
    scores = w[:, None] * columns * (y - columns @ slope)[:, None]
    parts = w[:, None] * (chance - share) / w.sum() * slope[-k:] + (scores @ inverse)[:, -k:] * share
    return Estimate(share * slope[-k:], Z95 * np.sqrt((parts**2).sum(axis=0)))


def _moments(given: Material) -> Estimate:
    """Correct the sums of products by those of the coded comments: Egami et al. (2023) for least squares."""
    y, w, row, k = given.points, given.weight, given.row, given.machine.shape[1]
    own = given.coded_weight * w.sum() / given.coded_weight.sum()
    tagged = np.column_stack([np.ones(len(y)), given.covariates, given.machine])
    told = np.column_stack([tagged[row, :-k], given.human])
    gram = _products(tagged, w, tagged) + _products(told, own, told) - _products(tagged[row], own, tagged[row])
    with_y = _products(tagged, w, y) + _products(told - tagged[row], own, y[row])
    inverse = np.linalg.inv(gram)
    slope, share, tagged_share = inverse @ with_y, gram[0, -k:] / gram[0, 0], w @ given.machine / w.sum()
    scores = _scores(tagged, w, y, slope)
    scores[row] += _scores(told, own, y[row], slope) - _scores(tagged[row], own, y[row], slope)
    shares = w[:, None] * (given.machine - tagged_share)
    shares[row] += own[:, None] * ((given.human - share) - (given.machine[row] - tagged_share))
    parts = shares / w.sum() * slope[-k:] + (scores @ inverse)[:, -k:] * share
    return Estimate(share * slope[-k:], Z95 * np.sqrt((parts**2).sum(axis=0)))


def _products(one: Array, weight: Array, other: Array) -> Array:
    products: Array = (one * weight[:, None]).T @ other
    return products


def _scores(columns: Array, weight: Array, y: Array, slope: Array) -> Array:
    scores: Array = columns * (weight * (y - columns @ slope))[:, None]
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drivers.tagging", description=__doc__.split("\n")[0])
    parser.add_argument("--surveys", type=int, default=100, help="surveys a line")
    count = parser.parse_args().surveys
    for name, world in WORLDS.items():
        print(f"\n{name}, precision .8, {count:,} surveys\n{compare(world, count).to_string(index=False)}")


if __name__ == "__main__":
    main()
