"""Plain tables in, checked; `Coded` out: scored responses and what each speaks of.

Everything a user can get wrong about the tables is found here, so that the arithmetic never has to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from verbatim.drivers.tones import Tones
from verbatim.errors import SurveyError, TooFewResponses
from verbatim.nps import HIGHEST, PASSIVE_FROM, PROMOTER_FROM

OTHER, COINS = "other", ("coin_1", "coin_2")
BLANK = "(blank)"

Table = pd.DataFrame
Values = ArrayLike | pd.Series


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Scored responses of positive weight, in an order that depends on their content alone.

    Attributes
    ----------
    score : float array, shape (n,)
        0-10.
    weight : float array, shape (n,)
        Survey weights, positive.
    commented : bool array, shape (n,)
        Whether the response has a comment.
    respondent : int array, shape (n,)
        One code a respondent.
    segments : DataFrame of str, n rows
        Segment columns; blanks are a value of their own, `BLANK`.
    mentions : bool array, shape (n, n_themes)
        Whether the response speaks of the theme, column for column with ``themes``.
    sentiment : Tones, shape (n, n_themes), or None
        How it speaks of it.
    themes : DataFrame
        Index ``theme_id``; ``name``, ``level``, ``parent_id``. Subjects only: general praise is never a driver.
    row : int array, shape (n,)
        Place of each response in the tables that were read.
    notes : tuple of str
        What was set aside while reading, in sentences.
    """

    score: NDArray[np.float64]
    weight: NDArray[np.float64]
    commented: NDArray[np.bool_]
    respondent: NDArray[np.int64]
    segments: Table
    mentions: NDArray[np.bool_]
    sentiment: Tones | None
    themes: Table
    row: NDArray[np.int64]
    notes: tuple[str, ...] = ()

    def where(self, rows: NDArray[np.bool_], *, without: Sequence[str] = ()) -> Coded:
        """Keep some responses, and drop segment columns that they share."""
        return replace(
            self,
            score=self.score[rows],
            weight=self.weight[rows],
            commented=self.commented[rows],
            respondent=self.respondent[rows],
            segments=self.segments.loc[rows].drop(columns=list(without)).reset_index(drop=True),
            mentions=self.mentions[rows],
            sentiment=None if self.sentiment is None else self.sentiment.of_responses(rows),
            row=self.row[rows],
            notes=(),
        )


def read_tables(
    mentions: Table,
    score: Values,
    segments: Table | None,
    weight: Values | None,
    commented: Values | None,
    respondent: Values | None,
    themes: Table | None,
    sentiment: Table | None,
) -> Coded:
    """Check the tables of `verbatim.drivers.rank.rank_drivers` and drop the responses outside the NPS.

    Raises
    ------
    SurveyError
        Lengths or row labels differ, a mention is not 0 or 1, a score lies outside 0-10, a weight is negative.
    TooFewResponses
        No response has both a score and a positive weight.
    """
    mentioned, catalogue = _mentions(mentions, themes)
    index = mentions.index
    scores = _scores(_column(score, "score", index))
    weights = _weights(None if weight is None else _column(weight, "weight", index), len(index))
    said = _commented(None if commented is None else _column(commented, "commented", index), mentioned, index)
    person = pd.Series(None, index, dtype="str") if respondent is None else _column(respondent, "respondent", index)
    groups, notes = _segments(segments, scores, index)
    tone = None if sentiment is None else _sentiment(sentiment, mentions, mentioned)
    mentioned, tone, catalogue = _with_parents(mentioned, tone, catalogue)
    keep = np.isfinite(scores) & (weights > 0)
    if not keep.any():
        raise TooFewResponses(
            f"None of the {len(index)} responses has both a score and a positive weight, so there is nothing to rank."
        )
    labels = groups.assign(**{"": _texts(person)})
    order = np.flatnonzero(keep)[_content_order([scores, weights, said], mentioned, tone, labels, keep)]
    return Coded(
        score=scores[order],
        weight=weights[order],
        commented=said[order],
        respondent=_codes(person)[order],
        segments=groups.iloc[order].reset_index(drop=True),
        mentions=mentioned[order],
        sentiment=None if tone is None else tone.of_responses(order),
        themes=catalogue,
        row=order,
        notes=notes,
    )


def _column(values: Values, what: str, index: pd.Index) -> pd.Series:
    """One value a response, row for row with ``mentions``."""
    if isinstance(values, pd.Series):
        column = values
        _same_rows(column, what, index)
    else:
        array = np.asarray(values)
        if array.ndim != 1 or len(array) != len(index):
            raise SurveyError(
                f"{what} has shape {array.shape}; mentions has {len(index)} rows. Give one value a response."
            )
        column = pd.Series(array, index=index)
    return column


def _same_rows(table: Table | pd.Series, what: str, index: pd.Index) -> None:
    if len(table) != len(index):
        raise SurveyError(f"{what} has {len(table)} rows, mentions has {len(index)}. Give one row a response in both.")
    if not table.index.equals(index):
        place = int(np.argmax(table.index != index))
        raise SurveyError(
            f"{what} and mentions label their rows differently: row {place} is {_shown(table.index[place])} in one and "
            f"{_shown(index[place])} in the other. Align them ({what}.loc[mentions.index]), or reset both indexes."
        )


def _shown(value: object) -> str:
    """Return a cell or label as a user would write it: 11, not np.int64(11)."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def _mentions(mentions: Table, themes: Table | None) -> tuple[NDArray[np.bool_], Table]:
    columns = [str(column) for column in mentions.columns]
    _no_duplicates(columns, "mentions", "column")
    kept = [column for column in columns if column in (OTHER, *COINS)]
    if kept:
        raise SurveyError(f"mentions has a column {kept[0]!r}, a name kept for rows that are no theme. Rename it.")
    mentioned = np.empty(mentions.shape, dtype=bool)
    wrong: list[tuple[int, int]] = []
    for place in range(len(columns)):
        known = mentions.iloc[:, place].isin([0, 1]).to_numpy()
        wrong += [] if known.all() else [(int(np.argmin(known)), place)]
        mentioned[:, place] = (mentions.iloc[:, place] == 1).to_numpy(dtype=bool, na_value=False)
    if wrong:
        row, place = min(wrong)
        raise SurveyError(
            f"mentions, row {_shown(mentions.index[row])}, column {columns[place]!r} is "
            f"{_shown(mentions.iloc[row, place])}; a mention is 0 or 1. Write 1 where the response speaks of the "
            "theme and 0 everywhere else."
        )
    return mentioned, _catalogue(columns, themes)


def _catalogue(columns: list[str], themes: Table | None) -> Table:
    """Name, level, parent and kind of every theme of ``themes``, or of every column when it is not given."""
    if themes is None:
        given = pd.DataFrame(index=pd.Index(columns, dtype="str"))
    else:
        given = themes.set_axis(themes.index.astype("str"), axis=0)
        _no_duplicates(list(given.index), "themes", "theme_id")
        unknown = [column for column in columns if column not in given.index]
        if unknown:
            raise SurveyError(
                f"mentions has a column {unknown[0]!r} that the index of themes does not list "
                f"({len(unknown)} in all). Add it there, or drop it from mentions."
            )
    full = pd.DataFrame(index=given.index)
    full["name"] = (given["name"] if "name" in given else given.index.to_series()).astype("str")
    full["level"] = (given["level"] if "level" in given else pd.Series(0, index=given.index)).astype("int64")
    full["parent_id"] = _texts(given["parent_id"]) if "parent_id" in given else _texts(pd.Series(None, given.index))
    full["kind"] = given["kind"].astype("str") if "kind" in given else "subject"
    full["column"] = [columns.index(theme) if theme in columns else -1 for theme in full.index]
    return full


def _texts(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), None).astype("str")


def _no_duplicates(names: Sequence[str], table: str, what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SurveyError(f"{table} has the {what} {twice[0]!r} more than once. Keep one, or merge them.")


def _scores(score: pd.Series) -> NDArray[np.float64]:
    scores = pd.to_numeric(score, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = score.notna().to_numpy() & ~(np.isin(scores, np.arange(HIGHEST + 1)))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise SurveyError(
            f"score, row {_shown(score.index[place])} is {_shown(score.iloc[place])} ({wrong.sum()} such rows); "
            "NPS scores are whole numbers 0-10. Correct them, or make them null to leave the responses out."
        )
    return scores


def _weights(weight: pd.Series | None, n: int) -> NDArray[np.float64]:
    if weight is None:
        return np.ones(n)
    weights = pd.to_numeric(weight, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise SurveyError(
            f"weight, row {_shown(weight.index[place])} is {_shown(weight.iloc[place])}; weights are numbers of 0 or "
            "more. Give every response one (0 leaves it out)."
        )
    return weights


def _commented(commented: pd.Series | None, mentioned: NDArray[np.bool_], index: pd.Index) -> NDArray[np.bool_]:
    if commented is None:
        return np.ones(len(index), dtype=bool)
    if not commented.isin([0, 1]).all():
        raise SurveyError("commented must be true or false for every response, without blanks.")
    said: NDArray[np.bool_] = commented.to_numpy(dtype=float) == 1
    wrong = mentioned.any(axis=1) & ~said
    if wrong.any():
        raise SurveyError(
            f"row {_shown(index[int(np.argmax(wrong))])} mentions a theme but commented is false ({wrong.sum()} such "
            "rows). A response that mentions a theme has a comment: correct one of the two."
        )
    return said


def _codes(respondent: pd.Series) -> NDArray[np.int64]:
    """One code a respondent; those without an id are each their own."""
    codes = pd.factorize(respondent.astype("str"), sort=True)[0].astype(np.int64)
    blank = respondent.isna().to_numpy()
    codes[blank] = len(codes) + np.arange(blank.sum())
    return codes


def _segments(segments: Table | None, scores: NDArray[np.float64], index: pd.Index) -> tuple[Table, tuple[str, ...]]:
    """Segment columns as text, in name order, without those that the score decides."""
    if segments is None or segments.shape[1] == 0:
        return pd.DataFrame(index=index), ()
    _same_rows(segments, "segments", index)
    names = [str(column) for column in segments.columns]
    _no_duplicates(names, "segments", "column")
    filled = {name: _texts(segments.iloc[:, at]).fillna(BLANK) for at, name in enumerate(names)}
    decided = sorted(name for name in names if _decided_by_score(filled[name], scores))
    notes = tuple(
        f'"{name}" was left out of the segments: each of its values holds one score category only, '
        "so the score decides it and it cannot explain the score."
        for name in decided
    )
    return pd.DataFrame({name: filled[name] for name in sorted(names) if name not in decided}, index=index), notes


def _decided_by_score(values: pd.Series, scores: NDArray[np.float64]) -> bool:
    """Whether two or more values of ten or more responses all hold a single score category."""
    scored = np.isfinite(scores)
    category = np.digitize(scores[scored], [PASSIVE_FROM, PROMOTER_FROM])
    codes, names = pd.factorize(values[scored])
    counts = np.bincount(3 * codes + category, minlength=3 * len(names)).reshape(-1, 3)
    large = counts[counts.sum(axis=1) >= 10] > 0
    return len(large) >= 2 and len(np.unique(category)) >= 2 and bool((large.sum(axis=1) == 1).all())


def _sentiment(sentiment: Table, mentions: Table, mentioned: NDArray[np.bool_]) -> Tones:
    _same_rows(sentiment, "sentiment", mentions.index)
    if list(sentiment.columns) != list(mentions.columns):
        raise SurveyError("sentiment must have the columns of mentions, in the same order.")
    return Tones.of_columns(
        (np.where(mentioned[:, place], _tone(sentiment.iloc[:, place]), np.nan) for place in range(mentions.shape[1])),
        len(mentions),
    )


def _tone(sentiment: pd.Series) -> NDArray[np.float64]:
    """Tone of one theme, checked."""
    tone = sentiment.to_numpy(dtype=float, na_value=np.nan)
    if np.any(np.abs(tone) > 1):
        raise SurveyError(f"sentiment runs -1..1; found {tone[np.nanargmax(np.abs(tone))]}.")
    return tone


def _with_parents(
    mentioned: NDArray[np.bool_], tone: Tones | None, catalogue: Table
) -> tuple[NDArray[np.bool_], Tones | None, Table]:
    """Subjects only; a parent without a column of its own is mentioned where one of its children is."""
    subjects = {theme: _places(theme, catalogue) for theme in catalogue.index[catalogue["kind"] != "general"]}
    parts = {theme: places for theme, places in subjects.items() if places}
    kept = catalogue.loc[list(parts), ["name", "level", "parent_id"]]
    matrix = np.empty((len(mentioned), len(parts)), dtype=bool)
    for column, places in enumerate(parts.values()):
        matrix[:, column] = mentioned[:, places].any(axis=1)
    return matrix, None if tone is None else tone.means(parts.values()), kept


def _places(theme: str, catalogue: Table, below: tuple[str, ...] = ()) -> list[int]:
    """Columns of a theme: its own, or those of its children."""
    if theme in below:
        raise SurveyError(f"themes: {theme!r} is its own ancestor through parent_id. Give the top theme a null parent.")
    own = int(catalogue["column"].to_dict()[theme])
    if own >= 0:
        return [own]
    children = catalogue.index[(catalogue["parent_id"] == theme) & (catalogue["kind"] != "general")]
    return [place for child in children for place in _places(child, catalogue, (*below, theme))]


def _content_order(
    columns: Sequence[NDArray[np.generic]],
    mentioned: NDArray[np.bool_],
    tone: Tones | None,
    labels: Table,
    keep: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Order the kept rows by a hash of their content: sums and coin tosses then ignore the order of the input.

    The columns' hashes are combined as Python hashes tuples (and pandas frames).
    """
    n_tones = 0 if tone is None else tone.shape[1]
    packed = np.packbits(mentioned[keep], axis=1).T
    key: NDArray[np.uint64] = np.full(int(keep.sum()), 0x345678, np.uint64)
    factor = 1_000_003
    for left, column in zip(
        range(len(columns) + len(packed) + n_tones, 0, -1), _columns(columns, packed, tone, keep), strict=True
    ):
        key ^= pd.util.hash_array(column)
        key *= np.uint64(factor)
        factor += 82_520 + 2 * left
    key += np.uint64(97_531)
    for name in labels:
        key *= np.uint64(31)
        key += pd.util.hash_pandas_object(labels[name][keep], index=False).to_numpy()
    return np.argsort(key, kind="stable")


def _columns(
    columns: Sequence[NDArray[np.generic]], packed: NDArray[np.uint8], tone: Tones | None,
    keep: NDArray[np.bool_],
) -> Iterator[NDArray[np.generic]]:  # fmt: skip
    """One column after the other: a frame of all of them would take gigabytes for a million responses."""
    yield from (column[keep] for column in columns)
    yield from packed
    if tone is not None:
        yield from (column[keep] for column in tone.columns())
