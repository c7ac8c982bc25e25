"""Customers -> CodedSurvey: scores, who comments, what is tagged and in which tone; still without a word."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM
from verbatim.simulate.population import Bools, Customers, Floats


@dataclass(frozen=True, slots=True, eq=False)
class CodedSurvey:
    """A survey as the driver statistics read it, and the truth behind it; n responses, k themes.

    Attributes
    ----------
    customers : Customers
        Who answered, and what silent customers would have spoken of; `Customers.true_effects` is the truth of these n,
        `Population.true_effects` that of everyone.
    score : int8 array, shape (n,)
        0-10.
    commented : bool array, shape (n,)
    coded : bool array, shape (n, k)
        What is tagged in the comments: with recall and precision 1, the commenters' mentions.
    tone : float array, shape (n, k)
        -1 or 1 where ``coded``, NaN elsewhere.

    Examples
    --------
    >>> from verbatim.simulate import many_themes
    >>> survey = many_themes(3).draw(500, seed=1)
    >>> survey.mention_table.columns.tolist(), bool((survey.mention_table.to_numpy() == survey.mentions).all())
    (['T00', 'T01', 'T02'], True)
    """

    customers: Customers
    score: NDArray[np.int8]
    commented: Bools
    coded: Bools
    tone: Floats

    @property
    def mentions(self) -> Bools:
        """Return what each customer speaks of or, silent, would have spoken of, (n, k)."""
        return self.customers.mentions

    @property
    def segments(self) -> pd.DataFrame:
        """Return the segment columns."""
        return self.customers.segments

    @property
    def mention_table(self) -> pd.DataFrame:
        """Return ``coded`` as `verbatim.rank_drivers` reads it: 0/1, one column a theme."""
        return pd.DataFrame(self.coded.astype(np.int8), columns=list(self.customers.population.keys))

    @property
    def sentiment_table(self) -> pd.DataFrame:
        """Return ``tone`` as `verbatim.rank_drivers` reads it."""
        return pd.DataFrame(self.tone, columns=list(self.customers.population.keys))


def ask(customers: Customers, rng: np.random.Generator) -> CodedSurvey:
    """Let customers answer a survey, and tag what they say."""
    population = customers.population
    score = customers.scores()
    category = np.digitize(score, [PASSIVE_FROM, PROMOTER_FROM])
    commented = who_comments(customers, score, rng)
    spoken = customers.mentions & commented[:, None]
    coded = _tagged(customers, spoken, category, commented, rng)
    good = tones(customers, score, population.halo, rng, stray=coded & ~spoken)
    tone = np.where(coded, np.where(good, 1.0, -1.0), np.nan)
    return CodedSurvey(customers, score, commented, coded, tone)


def who_comments(customers: Customers, score: NDArray[np.int8], rng: np.random.Generator) -> Bools:
    """Decide who leaves a comment: it depends on the score category alone."""
    rates = np.array(customers.population.comment_rates)[np.digitize(score, [PASSIVE_FROM, PROMOTER_FROM])]
    chosen: Bools = rng.random(len(score)) < rates
    return chosen


def tones(
    customers: Customers, score: NDArray[np.int8], halo: float, rng: np.random.Generator, stray: Bools | None = None
) -> Bools:
    """Tell whether each mention speaks well: as the experience was or, with probability ``halo``, as the mood is.

    Promoters are in a good mood, detractors in a bad one, half of the passives in either. Tags without a mention
    behind them (``stray``) sound like the mood.
    """
    happy = np.where(score >= PROMOTER_FROM, True, (score >= PASSIVE_FROM) & (rng.random(len(score)) < 0.5))
    moody = rng.random(customers.mentions.shape) < halo
    spoken: Bools = np.where(moody if stray is None else moody | stray, happy[:, None], customers.good)
    return spoken


def _tagged(
    customers: Customers, spoken: Bools, category: NDArray[np.int64], commented: Bools, rng: np.random.Generator
) -> Bools:
    """Miss mentions by the recall, and add wrong tags in other comments until the precision is as intended."""
    population = customers.population
    if min(population.recall) == 1 and population.precision == 1:
        return spoken
    found = spoken & (rng.random(spoken.shape) < np.array(population.recall)[category][:, None])
    rest = np.maximum(commented.sum() - spoken.sum(axis=0), 1)
    wrong = found.sum(axis=0) * (1 - population.precision) / population.precision / rest
    tagged: Bools = found | (~spoken & commented[:, None] & (rng.random(spoken.shape) < wrong))
    return tagged
