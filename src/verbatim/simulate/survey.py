"""SimulationOptions -> SimulatedSurvey: the survey as a user would export it, and the truth behind it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.nps import category
from verbatim.simulate.comments import write_comment
from verbatim.simulate.phrases import Dice, Point, phrase_book
from verbatim.simulate.world import SimulationOptions, World, draw_world, true_effects


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSurvey:
    """A survey whose drivers are known.

    Attributes
    ----------
    table : DataFrame
        ``response_id, date, nps_score, comment, plan, region, journey_stage``: one row a response, in order of date;
        ``comment`` is null where nothing was answered.
    truth : DataFrame
        One row a theme, the most harmful first: ``rank, theme, name, words, beta, true_effect, share, n_mentions``.
        ``theme`` is the column of ``mentions``, ``words`` the words and expressions that give the theme away (joined by
        ", "), ``beta`` the change of latent satisfaction in standard deviations, ``true_effect`` in NPS points on the
        whole population, ``share`` (0-1) and ``n_mentions`` over all responses, silent ones included.
    mentions : DataFrame
        0/1, index ``response_id``, one column a theme: what each customer speaks of or, silent, would have spoken of.
    """

    table: pd.DataFrame
    truth: pd.DataFrame
    mentions: pd.DataFrame


def simulate_survey(options: SimulationOptions | None = None) -> SimulatedSurvey:
    """Simulate an NPS survey of a supermarket that delivers, with planted drivers.

    The true effect of a theme is the NPS as generated minus the NPS with this theme's mentions switched off and every
    other draw kept, over all responses (docs/methods.md, "What is estimated"). Whether a customer comments depends on
    the score alone; a comment speaks of every theme the customer has to speak of, and of no other.

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
    world = draw_world(options, rng)
    ids = pd.Index([f"R{i:07d}" for i in range(1, options.n + 1)], name="response_id")
    table = pd.DataFrame({"response_id": ids, "date": world.dates, "nps_score": world.scores})
    table["comment"] = _comments(world, options, rng)
    mentions = pd.DataFrame(world.mentions, index=ids, columns=[theme.key for theme in world.themes])
    return SimulatedSurvey(table.join(world.segments), _truth(world), mentions)


def _truth(world: World) -> pd.DataFrame:
    book, keys = phrase_book(), [theme.key for theme in world.themes]
    truth = pd.DataFrame(
        {
            "theme": keys,
            "name": [book.names[key] for key in keys],
            "words": [", ".join(book.words[key]) for key in keys],
            "beta": world.betas,
            "true_effect": true_effects(world),
            "share": world.mentions.mean(axis=0),
            "n_mentions": world.mentions.sum(axis=0, dtype=int),
        }
    ).sort_values("true_effect", kind="stable", ignore_index=True)
    truth.insert(0, "rank", np.arange(1, len(truth) + 1))
    return truth


def _comments(world: World, options: SimulationOptions, rng: np.random.Generator) -> pd.Series:
    """Decide who comments, choose the tone of each mention, and write."""
    categories = category(pd.Series(world.scores)).to_numpy()
    rates = {
        "promoter": options.comment_rate_promoter,
        "passive": options.comment_rate_passive,
        "detractor": options.comment_rate_detractor,
    }
    comments = rng.random(options.n) < np.array([rates[name] for name in categories])
    positive, order = _tones(world, categories, options.halo, rng), rng.random(world.mentions.shape)
    dice, written = Dice(rng), np.full(options.n, None, dtype=object)
    keys = [theme.key for theme in world.themes]
    for row in np.flatnonzero(comments):
        spoken = sorted(np.flatnonzero(world.mentions[row]), key=lambda k: order[row, k])
        made = [Point(keys[k], "positive" if positive[row, k] else "negative") for k in spoken]
        written[row] = write_comment(categories[row], made, options.typo_rate, dice)
    return pd.Series(written, dtype="str")


def _tones(world: World, categories: NDArray[np.object_], halo: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whether each mention speaks well: as its theme asks or, with probability ``halo``, as the mood does."""
    by_theme = np.array([not theme.is_pain_point for theme in world.themes])
    in_good_mood = np.where(categories == "passive", rng.random(len(categories)) < 0.5, categories == "promoter")
    return np.where(rng.random(world.mentions.shape) < halo, in_good_mood[:, None], by_theme)
