"""Effects corrected for tagging error: plain tables and a coded sample in, `TaggingCorrection` out.

Mentions are a machine's codings. It misses some and invents others, perhaps more so in long or angry comments, and
then every effect is biased. A probability sample in which people coded every theme of a comment shows by how much,
without any assumption about how the machine errs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from verbatim.drivers.commenters import Commenters, weigh_commenters
from verbatim.drivers.moments import Array
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.regressors import Regressors, gather
from verbatim.drivers.tables import OTHER
from verbatim.drivers.tagging.coded_sample import CodedSample, read_sample
from verbatim.drivers.tagging.surrogate import Corrected, correct
from verbatim.nps import Z95

__all__ = ["TaggingCorrection", "correct_for_tagging"]

ENOUGH = 600
"""Equally likely coded comments from which corrections beat none: `python -m benchmarks.drivers.tagging`."""
STANDING_NOTES = (
    "People's coding is taken as the truth, and the coded comments as drawn independently of each other (after "
    "stratified drawing the intervals are rather too wide).",
    "Comments that taught the machine must not be among the coded ones, unless it tagged them by a model fitted "
    "without them: it would look better than it is.",
)
TAGGING_TYPES = {
    "theme_id": "str", "name": "str", "level": "int64", "n_coded": "int64", "precision": "float64", "recall": "float64",
    "share": "float64", "share_corrected": "float64", "share_low": "float64", "share_high": "float64",
    "effect_per_mention": "float64", "per_mention_corrected": "float64", "per_mention_low": "float64",
    "per_mention_high": "float64", "effect": "float64", "effect_corrected": "float64", "corrected_low": "float64",
    "corrected_high": "float64", "labels_needed": "Int64",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class TaggingCorrection:
    """What themes are worth once tagging errors are taken out.

    Attributes
    ----------
    table : DataFrame
        One row a theme, level by level, most harmful as tagged first. ``n_coded``: coded comments in which people
        found the theme. ``precision``, ``recall``: of the machine's mentions those people agree with, of people's
        mentions those the machine found; over all comments, null where there are none. ``share``,
        ``effect_per_mention``, ``effect``: as tagged, the columns of `verbatim.rank_drivers`. ``share_corrected``,
        ``per_mention_corrected``, ``effect_corrected`` with their 95 % intervals (``..._low``, ``..._high``;
        ``corrected_low``, ``corrected_high`` for the effect): as people would have coded; null while
        ``labels_needed`` is not 0. ``labels_needed``: comments still to be coded, drawn the same way; null where
        coding everything would not be enough.
    n_coded, n_commenters : int
        Coded comments used; scored commenters they stand for.
    notes : tuple of str
        What the table rests on, in sentences.
    """

    table: pd.DataFrame
    n_coded: int
    n_commenters: int
    notes: tuple[str, ...]


def correct_for_tagging(
    mentions: pd.DataFrame,
    coded: pd.DataFrame,
    probability: ArrayLike | pd.Series,
    score: ArrayLike | pd.Series,
    segments: pd.DataFrame | None = None,
    *,
    weight: ArrayLike | pd.Series | None = None,
    commented: ArrayLike | pd.Series | None = None,
    respondent: ArrayLike | pd.Series | None = None,
    themes: pd.DataFrame | None = None,
    options: DriverOptions | None = None,
) -> TaggingCorrection:
    """Correct shares and effects for the errors of the machine that tagged the comments.

    Row order does not matter. Themes enter the regression as in `verbatim.rank_drivers` on the same mentions.

    Parameters
    ----------
    mentions, score, segments, weight, commented, respondent, themes, options
        As for `verbatim.rank_drivers`; rows need labels of their own.
    coded : DataFrame of 0 and 1
        The coded comments only: rows labelled as in ``mentions``, one column a theme (general praise may be left out).
        Every theme of a comment must be coded. The comments must not have taught the machine, unless it tagged them
        by a model fitted without them.
    probability : array-like or Series
        The chance each coded comment had of being drawn, 0 < p <= 1: a Series is matched by label, anything else row
        for row with ``coded``.

    Returns
    -------
    TaggingCorrection
        Corrected figures from `ENOUGH` equally likely comments on (more, if some were likelier than others) and
        ``options.min_mentions`` coded mentions of the theme; before that, how many labels are still needed.

    Raises
    ------
    SurveyError
        The tables do not fit each other, a theme or cell was not coded, or the probabilities cannot be right.
    TooFewResponses
        No response has both a score and a positive weight.

    Source
    ------
    `verbatim.drivers.tagging.surrogate.correct`; docs/drivers.md, "Tagging error".

    Examples
    --------
    People coded all 800 comments; the machine overlooked a quarter of those that speak of waiting:

    >>> waited = pd.DataFrame({"waiting": [1] * 400 + [0] * 400})
    >>> tagged = waited.mul([1] * 300 + [0] * 500, axis=0)
    >>> scores = ([0] * 9 + [10]) * 40 + ([10] * 9 + [0]) * 40
    >>> found = correct_for_tagging(tagged, waited, [1.0] * 800, scores).table
    >>> found[["recall", "effect", "effect_corrected"]].round(1).to_numpy().tolist()
    [[0.8, -48.0, -80.0]]
    """
    options = options or DriverOptions()
    sample = read_sample(mentions, coded, probability, score, segments, weight, commented, respondent, themes)
    people = weigh_commenters(sample.coded, options)
    found = [_correct_level(people, sample, level, options) for level in _levels(sample)]
    tables = [table for table, _ in found if len(table)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(TAGGING_TYPES))
    return TaggingCorrection(
        table=table.astype(TAGGING_TYPES),
        n_coded=len(sample.row),
        n_commenters=len(people.points),
        notes=(
            *sample.coded.notes,
            *people.notes,
            *_sample_notes(sample, people),
            *(note for _, notes in found for note in notes),
            *STANDING_NOTES,
        ),
    )


def _levels(sample: CodedSample) -> list[int]:
    """Levels of the themes, the one with most themes that are nobody's parent first."""
    themes = sample.coded.themes
    leaves = themes["level"][~themes.index.isin(themes["parent_id"].dropna())].mode().min()
    return sorted({int(level) for level in themes["level"]}, key=lambda level: (level != leaves, level))


def _correct_level(
    people: Commenters, sample: CodedSample, level: int, options: DriverOptions
) -> tuple[pd.DataFrame, list[str]]:
    """Rows of the table for one level, and what is to be said about it."""
    themes = gather(people, level, options, None)
    human = _pooled_alike(sample, themes)[:, themes.enters]
    ids = np.array(themes.ids, dtype=str)[themes.enters]
    found = correct(people, themes.entered, sample.row, human, sample.probability)
    counts = human.sum(axis=0)
    total = _labels_wanted(counts, sample, len(people.points), options)
    given = found.estimable & (total <= len(sample.row))
    columns: dict[str, NDArray[Any]] = {
        "theme_id": ids,
        "name": np.array(themes.names, dtype=object)[themes.enters],
        "level": np.full(len(ids), level),
        "n_coded": counts,
        **_agreement(themes.entered[sample.row], human, 1 / sample.probability),
        "share": found.tagged_share,
        "effect_per_mention": found.tagged_per_mention,
        "effect": found.tagged.value,
        **_intervals(found, given),
        "labels_needed": np.where(np.isfinite(total), np.maximum(total - len(sample.row), 0), np.nan),
    }
    order = np.lexsort((ids, -themes.entered.sum(axis=0), np.round(found.tagged.value, 9), ids == OTHER))
    table = pd.DataFrame({name: columns[name] for name in TAGGING_TYPES}).iloc[order]
    return table, _level_notes(found, given, themes, columns["name"][np.isnan(total)], options)


def _pooled_alike(sample: CodedSample, themes: Regressors) -> NDArray[np.bool_]:
    """People's mentions for the rows of ``themes``: what was pooled as rare by the machine is pooled here too."""
    catalogue = sample.coded.themes
    place = {theme: at for at, theme in enumerate(catalogue.index)}
    pooled = [
        at
        for at, (theme, level) in enumerate(zip(catalogue.index, catalogue["level"], strict=True))
        if level == themes.level and theme not in themes.ids
    ]
    columns = [sample.mentions[:, [place[theme]] if theme != OTHER else pooled].any(axis=1) for theme in themes.ids]
    return np.column_stack([sample.mentions[:, :0], *columns])


def _agreement(machine: NDArray[np.bool_], human: NDArray[np.bool_], stands_for: Array) -> dict[str, Array]:
    """Precision and recall of the machine's mentions, each coded comment counted as often as it stands for others."""
    both, tagged, told = (stands_for @ said.astype(float) for said in (machine & human, machine, human))
    nothing = np.full(len(both), np.nan)
    return {
        "precision": np.divide(both, tagged, out=nothing.copy(), where=tagged > 0),
        "recall": np.divide(both, told, out=nothing.copy(), where=told > 0),
    }


def _labels_wanted(counts: NDArray[np.int64], sample: CodedSample, n: int, options: DriverOptions) -> Array:
    """Coded comments, drawn like these, from which a theme is corrected; NaN where all n would not do.

    They must be worth `ENOUGH` equally likely ones by Kish's effective number and hold the theme as often as
    `DriverOptions.min_mentions` asks.
    """
    m = len(sample.row)
    by_theme = np.ceil(options.min_mentions * m / np.maximum(counts, 1))
    wanted = np.maximum(by_theme, min(_worth_enough(sample), n))
    return np.where(wanted <= n, wanted, np.nan)


def _worth_enough(sample: CodedSample) -> int:
    """Comments, drawn like these, that are worth `ENOUGH` equally likely ones."""
    return int(np.ceil(ENOUGH * len(sample.row) / _effective(sample) - 1e-6))


def _effective(sample: CodedSample) -> float:
    each = 1 / sample.probability
    return float(each.sum() ** 2 / (each**2).sum())


def _intervals(found: Corrected, given: NDArray[np.bool_]) -> dict[str, Array]:
    """Corrected figures with their intervals, null where they are not given."""
    columns: dict[str, Array] = {}
    figures = (
        ("share", "share", found.share),
        ("per_mention", "per_mention", found.per_mention),
        ("effect", "corrected", found.effect),
    )
    for name, interval, figure in figures:
        ends = {
            f"{name}_corrected": figure.value,
            f"{interval}_low": figure.value - Z95 * figure.se,
            f"{interval}_high": figure.value + Z95 * figure.se,
        }
        for column, values in ends.items():
            kept = np.clip(values, 0.0, 1.0) if name == "share" else values
            columns[column] = np.where(given, kept, np.nan)
    return columns


def _sample_notes(sample: CodedSample, people: Commenters) -> list[str]:
    m, n, worth = len(sample.row), len(people.points), _effective(sample)
    alike = "" if worth > 0.99 * m else f", worth {worth:,.0f} equally likely ones,"
    notes = [f"People coded {m:,} of the {n:,} scored comments{alike} in full."]
    if sample.n_left_out:
        notes.append(f"{sample.n_left_out:,} more coded comments have no score, or no weight, and are left out.")
    wanted = min(_worth_enough(sample), n)
    if m < wanted:
        notes.append(
            f"Corrected figures are given from {wanted:,} on; {wanted - m:,} more are needed. On planted truth, "
            "corrections from fewer were often further off than the effects as tagged."
        )
    return notes


def _level_notes(
    found: Corrected, given: NDArray[np.bool_], themes: Regressors, rare: NDArray[Any], options: DriverOptions
) -> list[str]:
    notes = []
    if given.any():
        gap = (found.tagged.value - found.effect.value)[given]
        bias = max(float(np.mean(gap**2 - found.gap_variance[given])), 0.0)
        tagged = np.sqrt(bias + np.mean(found.tagged.se[given] ** 2))
        corrected = np.sqrt(np.mean(found.effect.se[given] ** 2))
        notes.append(
            f"The {given.sum()} effects of level {themes.level} that are corrected are off by an estimated "
            f"{tagged:.1f} points as tagged ({np.sqrt(bias):.1f} if tagging error were all) and {corrected:.1f} points "
            "as corrected (root mean square)."
        )
    if len(rare):
        shown = ", ".join(f'"{name}"' for name in rare[:5]) + (", ..." if len(rare) > 5 else "")
        notes.append(
            f"People find {shown} too seldom: all comments together would hold under {options.min_mentions} mentions."
        )
    return notes
