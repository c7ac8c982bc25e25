"""SimulationOptions -> SimulatedSurvey: the survey as a user would export it, and the truth behind it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from verbatim.nps import category
from verbatim.simulate.coded import tones, who_comments
from verbatim.simulate.comments import write_comment
from verbatim.simulate.phrases import Dice, Point, phrase_book
from verbatim.simulate.population import Bools, Customers, Population
from verbatim.simulate.supermarket import SimulationOptions, World, all_year, draw_world, supermarket, two_waves
from verbatim.simulate.waves import TwoWaves

SECOND_YEAR = "2026-01-01"
POPULATION = 400_000
"""Customers over whom the contributions of changes are taken; their standard error is about .05 points."""


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSurvey:
    """A survey whose drivers are known.

    Attributes
    ----------
    table : DataFrame
        ``response_id, date, nps_score, comment, plan, region, journey_stage``: one row a response, in order of date;
        ``comment`` is null where nothing was answered.
    truth : DataFrame
        One row a theme, the most harmful first: ``rank, theme, name, words, beta, true_effect, share, n_mentions,
        true_effect_bad``. ``theme`` is the column of ``mentions``, ``words`` the words and expressions that give the
        theme away (joined by ", "), ``beta`` the change of latent satisfaction in standard deviations, ``true_effect``
        in NPS points on the whole population, ``share`` (0-1) and ``n_mentions`` over all responses, silent ones
        included; ``true_effect_bad`` is the effect of the mentions that tell of a bad experience.
    mentions : DataFrame
        0/1, index ``response_id``, one column a theme: what each customer speaks of or, silent, would have spoken of.
    """

    table: pd.DataFrame
    truth: pd.DataFrame
    mentions: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedWaves:
    """Two waves with known changes between them.

    Attributes
    ----------
    first, second : SimulatedSurvey
        A year apart, with no response in common.
    changes : DataFrame
        ``change, of, before, after, true_contribution``: what became of what, and the NPS points it added in the
        population, every other draw kept; the last row is their sum, the true change of the NPS. The change between
        the two surveys adds chance.
    """

    first: SimulatedSurvey
    second: SimulatedSurvey
    changes: pd.DataFrame


def simulate_survey(options: SimulationOptions | None = None) -> SimulatedSurvey:
    """Simulate an NPS survey of a supermarket that delivers, with planted drivers.

    The true effect of a theme is the NPS as generated minus the NPS with this theme's mentions switched off and every
    other draw kept, over all responses (docs/simulation.md). Whether a customer comments depends on the score alone; a
    comment speaks of every theme the customer has to speak of, and of no other.

    Raises
    ------
    ConfigError
        The world has no words.

    Examples
    --------
    >>> simulated = simulate_survey(SimulationOptions(n=200))
    >>> simulated.table.columns.tolist()
    ['response_id', 'date', 'nps_score', 'comment', 'plan', 'region', 'journey_stage']
    >>> simulated.truth["name"].iloc[0]
    'Late deliveries'
    """
    options = options or SimulationOptions()
    rng = np.random.default_rng(options.seed)
    return _answered(draw_world(supermarket(options), options.n, rng), options.typo_rate, rng)


def simulate_waves(options: SimulationOptions | None = None, population: int | None = None) -> SimulatedWaves:
    """Simulate two waves of the survey: one theme becomes rarer, one more severe, and the mix of regions shifts.

    The first wave is `simulate_survey` of the same options. The contribution of each change is taken over
    ``population`` customers (by default `POPULATION`), in the mean over all orders of the changes
    (`TwoWaves.true_contributions`).
    """
    options = options or SimulationOptions()
    waves, population = two_waves(options), population or POPULATION
    rng = np.random.default_rng([options.seed, 2])
    later = draw_world(waves.after, options.n, rng, SECOND_YEAR)
    second = _answered(later, options.typo_rate, rng, first_id=options.n + 1)
    truth = TwoWaves(all_year(waves.before), waves.changes)
    parts = truth.true_contributions(population)
    rows = [(*change.told(waves.before), points) for change, points in zip(waves.changes, parts, strict=True)]
    before, after = (f"{wave.true_nps(population):.1f}" for wave in (truth.before, truth.after))
    changes = pd.DataFrame(
        [*rows, ("all", "NPS", before, after, parts.sum())],
        columns=["change", "of", "before", "after", "true_contribution"],
    )
    return SimulatedWaves(simulate_survey(options), second, changes)


def _answered(world: World, typo_rate: float, rng: np.random.Generator, first_id: int = 1) -> SimulatedSurvey:
    customers, n = world.customers, len(world.dates)
    ids = pd.Index([f"R{i:07d}" for i in range(first_id, first_id + n)], name="response_id")
    table = pd.DataFrame({"response_id": ids, "date": world.dates, "nps_score": customers.scores()})
    table["comment"] = _comments(customers, typo_rate, rng)
    mentions = pd.DataFrame(customers.mentions.astype(np.int8), index=ids, columns=list(customers.population.keys))
    return SimulatedSurvey(table.join(customers.segments.astype("str")), _truth(customers), mentions)


def _truth(customers: Customers) -> pd.DataFrame:
    book, population = phrase_book(), customers.population
    truth = pd.DataFrame(
        {
            "theme": population.keys,
            "name": [book.names[key] for key in population.keys],
            "words": [", ".join(book.words[key]) for key in population.keys],
            "beta": [population.strength * theme.beta for theme in population.themes],
            "true_effect": customers.true_effects(),
            "share": customers.mentions.mean(axis=0),
            "n_mentions": customers.mentions.sum(axis=0, dtype=int),
            "true_effect_bad": customers.true_bad_effects(),
        }
    ).sort_values("true_effect", kind="stable", ignore_index=True)
    truth.insert(0, "rank", np.arange(1, len(truth) + 1))
    return truth


def _comments(customers: Customers, typo_rate: float, rng: np.random.Generator) -> pd.Series:
    """Decide who comments, choose the tone of each mention, and write."""
    population: Population = customers.population
    scores = customers.scores()
    categories = category(pd.Series(scores)).to_numpy()
    comments = who_comments(customers, scores, rng)
    positive: Bools = tones(customers, scores, population.halo, rng)
    order = rng.random(customers.mentions.shape)
    dice, written = Dice(rng), np.full(len(scores), None, dtype=object)
    for row in np.flatnonzero(comments):
        spoken = sorted(np.flatnonzero(customers.mentions[row]), key=lambda k: order[row, k])
        made = [Point(population.keys[k], "positive" if positive[row, k] else "negative") for k in spoken]
        written[row] = write_comment(categories[row], made, typo_rate, dice)
    return pd.Series(written, dtype="str")
