"""A probability sample of comments that people coded in full: checked, and placed among the scored responses.

In: the plain tables of `verbatim.drivers.tagging.correction.correct_for_tagging`. Out: a `CodedSample`. Everything a
user can get wrong about the sample is found here; the rest is `verbatim.drivers.tables.read_tables`'s.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from verbatim.drivers.tables import Coded, read_tables
from verbatim.errors import SurveyError

Values = ArrayLike | pd.Series
FAR = 5.0
"""Standard errors by which the comments that a sample stands for may miss the comments there are."""


@dataclass(frozen=True, slots=True, eq=False)
class CodedSample:
    """The scored responses of a survey, and the m commenters among them whom people coded.

    Attributes
    ----------
    coded : Coded
        All the scored responses with the machine's mentions, in an order that depends on content alone.
    row : int array, shape (m,)
        Place of each coded comment among the commenters, ascending.
    mentions : bool array, shape (m, n_themes)
        What people found in it, column for column with ``coded.themes``.
    probability : float array, shape (m,)
        Chance it had of being drawn, 0 < p <= 1.
    n_left_out : int
        Coded comments without a score or with a weight of 0.
    """

    coded: Coded
    row: NDArray[np.int64]
    mentions: NDArray[np.bool_]
    probability: NDArray[np.float64]
    n_left_out: int


def read_sample(
    mentions: pd.DataFrame,
    coded: pd.DataFrame,
    probability: Values,
    score: Values,
    segments: pd.DataFrame | None,
    weight: Values | None,
    commented: Values | None,
    respondent: Values | None,
    themes: pd.DataFrame | None,
) -> CodedSample:
    """Check the coded comments and find them among the scored responses; unscored ones are left out.

    Raises
    ------
    SurveyError
        A coded row is not among the responses or has no comment, a theme or a cell was not coded, a probability is
        not above 0 and up to 1, or the sample cannot have come about with these probabilities.
    """
    names = _themes_to_code(mentions, themes)
    _check_coding(mentions, coded, names)
    chance = _probabilities(probability, coded.index)
    place = mentions.index.get_indexer(coded.index)
    machine = read_tables(mentions, score, segments, weight, commented, respondent, themes, None)
    told = _coded_in_full(coded, names, themes)
    sampled = np.full(len(mentions), -1)
    sampled[place] = np.arange(len(coded))
    label = sampled[machine.row]
    order = _content_order(machine, label, told, chance)
    machine, label = _reordered(machine, order), label[order]
    _check_comments(machine, label, coded.index)
    inside = label[machine.commented]
    row = np.flatnonzero(inside >= 0)
    sample = CodedSample(machine, row, told[inside[row]], chance[inside[row]], len(coded) - len(row))
    _check_size(sample, len(inside))
    return sample


def _themes_to_code(mentions: pd.DataFrame, themes: pd.DataFrame | None) -> list[str]:
    """Columns of ``mentions`` that can be drivers; general praise need not be coded."""
    names = [str(column) for column in mentions.columns]
    if themes is None or "kind" not in themes:
        return names
    general = set(themes.index[themes["kind"] == "general"].astype(str))
    return [name for name in names if name not in general]


def _check_coding(mentions: pd.DataFrame, coded: pd.DataFrame, names: list[str]) -> None:
    if len(coded) == 0:
        raise SurveyError("coded has no rows. Give the comments that people coded, one row each.")
    for labels, what in ((mentions.index, "mentions"), (coded.index, "coded")):
        if not labels.is_unique:
            raise SurveyError(
                f"Several rows of {what} share the label {_label(labels, labels.duplicated())}. Coded comments are "
                "found by label: give every response one of its own, such as its response_id."
            )
    unknown = ~coded.index.isin(mentions.index)
    if unknown.any():
        raise SurveyError(
            f"coded, row {_label(coded.index, unknown)} is not among the rows of mentions ({unknown.sum()} such rows). "
            "Label the coded comments as in mentions."
        )
    columns = [str(column) for column in coded.columns]
    missing = [name for name in names if name not in columns]
    if missing:
        raise SurveyError(
            f"coded has no column {missing[0]!r} ({len(missing)} of {len(names)} themes are missing). Every theme of a "
            "comment must be coded, with 0 where the comment does not speak of it."
        )
    extra = sorted(set(columns) - {str(column) for column in mentions.columns})
    if extra:
        raise SurveyError(f"coded has a column {extra[0]!r} that mentions lacks. Rename it as there, or drop it.")
    wrong = ~coded.isin([0, 1]).to_numpy()
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        cell = "blank" if pd.isna(coded.iloc[row, column]) else coded.iloc[row, column]
        where = _label(coded.index, np.arange(len(coded)) == row)
        raise SurveyError(
            f"coded, row {where}, column {columns[column]!r} is {cell} ({wrong.sum()} such cells); allowed are 1, 0. "
            "A blank is no answer: write 0 where the comment does not speak of the theme."
        )


def _label(index: pd.Index, wrong: NDArray[np.bool_]) -> str:
    """Label of the first wrong row, as a user would write it."""
    return repr(index[wrong].tolist()[0])


def _probabilities(probability: Values, index: pd.Index) -> NDArray[np.float64]:
    """One probability a coded comment, found by label where it has labels."""
    given = probability if isinstance(probability, pd.Series) else pd.Series(np.asarray(probability, dtype=float))
    if not isinstance(probability, pd.Series):
        if len(given) != len(index):
            raise SurveyError(f"probability has {len(given)} values, coded has {len(index)} rows. Give one a row.")
        given = given.set_axis(index)
    if not given.index.is_unique:
        raise SurveyError("probability has a label more than once. Give one value a coded response.")
    chance = pd.to_numeric(given.reindex(index), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((chance > 0) & (chance <= 1))
    if wrong.any():
        raise SurveyError(
            f"probability of row {_label(index, wrong)} is {chance[wrong][0]} ({wrong.sum()} such rows); "
            "allowed is above 0 and up to 1: the chance that the response had of being drawn for coding."
        )
    return chance


def _coded_in_full(coded: pd.DataFrame, names: list[str], themes: pd.DataFrame | None) -> NDArray[np.bool_]:
    """What people found, parents included, row for row with ``coded``."""
    table = coded.set_axis([str(column) for column in coded.columns], axis=1)[names]
    told = read_tables(table, np.zeros(len(table)), None, None, None, None, themes, None)
    return told.mentions[np.argsort(told.row)]


def _content_order(
    machine: Coded, label: NDArray[np.int64], told: NDArray[np.bool_], chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Order by a hash of content, coding included, so that sums ignore the order of the input."""
    sampled = label >= 0
    person = np.where(np.bincount(machine.respondent)[machine.respondent] > 1, machine.respondent, -1)
    columns = [machine.score, machine.weight, machine.commented, person, np.where(sampled, chance[label], 0.0)]
    columns += list(np.packbits(machine.mentions, axis=1).T)
    columns += list(np.packbits(told[label] & sampled[:, None], axis=1).T)
    frame = pd.concat([pd.DataFrame(dict(enumerate(columns))), machine.segments], axis=1)
    key = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return np.argsort(key, kind="stable")


def _reordered(coded: Coded, order: NDArray[np.int64]) -> Coded:
    return replace(
        coded,
        score=coded.score[order],
        weight=coded.weight[order],
        commented=coded.commented[order],
        respondent=coded.respondent[order],
        segments=coded.segments.iloc[order].reset_index(drop=True),
        mentions=coded.mentions[order],
        row=coded.row[order],
    )


def _check_comments(machine: Coded, label: NDArray[np.int64], index: pd.Index) -> None:
    silent = (label >= 0) & ~machine.commented
    if silent.any():
        raise SurveyError(
            f"coded, row {_label(index, np.arange(len(index)) == label[silent].min())} has no comment: commented is "
            f"false ({silent.sum()} such rows). Only comments can be coded: correct one of the two."
        )


def _check_size(sample: CodedSample, n: int) -> None:
    """Comments drawn with these probabilities must stand for about as many comments as there are."""
    if len(sample.row) == 0:
        raise SurveyError(
            "None of the coded comments has a score and a positive weight, so they say nothing about effects. "
            "Draw the sample from scored responses with a comment."
        )
    each = 1 / sample.probability
    chance_error = float(np.sqrt(np.sum((1 - sample.probability) * each**2)))
    if abs(each.sum() - n) > FAR * chance_error + 0.01 * n:
        raise SurveyError(
            f"With these probabilities the {len(each):,} coded comments stand for {each.sum():,.0f} comments "
            f"(sum of 1 / probability); there are {n:,} with a score. Give the chance that each comment had of being "
            f"drawn: {len(each) / n:.4g} for all, if all had the same."
        )
