"""What a column holds, in numbers: how full, how varied, how much of it is scores, text, dates or contact data."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from verbatim.survey.dates import read_dates
from verbatim.survey.scores import BLANK, read_scores

EMAIL, IP = r"^\S{1,99}@\S{1,255}\.\S{1,99}$", r"^\d{1,3}(?:\.\d{1,3}){3}$"
PHONE = r"^(?=(?:\D*\d){8,15}\D*$)(?:\+|00?\d|\()[\d\s().\-/]+$"
MAYBE_DATE = r"\d.*\d"
EXAMINED, FEW = 3_000, 50
ADDRESS = (
    r"^\d{1,5}[A-Za-z]?,?\s.{2,60}\b(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|close|court|ct|blvd|boulevard|place|"
    r"terrace|crescent|rue|square)\b|^(?i:rua|av|avenida|calle|c/|rue|via|viale|piazza|ul)\b\.?\s.{2,60}\d"
    r"|^.{2,60}(?i:straße|strasse|str\.|gasse|weg|platz|allee|straat|laan|gatan|vägen|vej|gata)\s\d"
)
PERSON = (
    r"^[^\W\d_a-zà-ÿ][\w'’.-]*(?:\s(?:(?:de|da|do|dos|van|von|der|den|di|la|le|del|bin|al)\s){0,2}"
    r"[^\W\d_a-zà-ÿ][\w'’.-]*){1,3}$"
)


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One column, as counted over all its rows; shares are of the filled rows, 0-1.

    Attributes
    ----------
    name, wording : str
        Column name, and its question where the export has one.
    filled, distinct : int
        Rows that hold something; different values.
    scores : Series
        How often each of 0-10 occurs, 0-10 as index.
    score_share, number_share, date_share, contact_share, name_share, prose_share : float
        Filled rows that read as a score, a number, a date, contact data, a person's name, two or more words.
    words : float
        Mean number of words.
    """

    name: str
    wording: str
    rows: int
    filled: int
    distinct: int
    scores: pd.Series
    score_share: float
    number_share: float
    date_share: float
    contact_share: float
    name_share: float
    prose_share: float
    words: float

    @property
    def variety(self) -> float:
        """Different values per filled row, 0-1."""
        return self.distinct / max(self.filled, 1)

    @property
    def is_text(self) -> bool:
        """Whether it is written, not chosen, measured or dated."""
        return self.filled > 0 and max(self.number_share, self.date_share, self.contact_share) < 0.5


def profile(cells: pd.Series, wording: str) -> Profile:
    """Count what a column of text cells holds.

    At most 3,000 different values, evenly spread over the sorted ones, are examined; every row is counted.

    Examples
    --------
    >>> found = profile(pd.Series(["10", "9", "", "3"], name="NPS"), "NPS")
    >>> found.filled, found.score_share
    (3, 1.0)
    """
    counts = cells.str.strip().value_counts().sort_index()
    counts = counts[~counts.index.isin(["", "n/a", "N/A"])]
    every = max(1, -(-len(counts) // EXAMINED))
    sample = counts.iloc[::every]
    weight = sample.to_numpy(dtype=float)
    kinds = _of_few(tuple(sample.index)) if len(sample) <= FEW else _kinds(sample.index)
    scored = ~np.isnan(kinds.score)
    scores = np.bincount(kinds.score[scored].astype(int), weight[scored], minlength=11)
    return Profile(
        name=str(cells.name),
        wording=wording,
        rows=len(cells),
        filled=int(counts.sum()),
        distinct=len(counts),
        scores=pd.Series(scores),
        score_share=_share(scored, weight * ~kinds.blank),
        number_share=_share(kinds.number, weight),
        date_share=_share(kinds.dated, weight),
        contact_share=_share(kinds.contact, weight),
        name_share=_share(kinds.person, weight),
        prose_share=_share(kinds.words >= 2, weight),
        words=_share(kinds.words, weight),
    )


class _Kinds(NamedTuple):
    """What each of a column's different values is: its score (NaN where none), its words, and yes or no to the rest."""

    score: np.ndarray
    words: np.ndarray
    blank: np.ndarray
    number: np.ndarray
    dated: np.ndarray
    contact: np.ndarray
    person: np.ndarray


@lru_cache(maxsize=1_000)
def _of_few(found: tuple[str, ...]) -> _Kinds:
    """Look once at the same few values: wide exports have thousands of columns with the same boxes to tick."""
    return _kinds(found)


def _kinds(found: Sequence[str] | pd.Index) -> _Kinds:
    values = pd.Series(found, dtype="str")
    number = numbers(values).notna().to_numpy()
    dated = _dated(values, number)
    decimal = number & values.str.contains(".", regex=False).to_numpy()
    return _Kinds(
        score=read_scores(values).score.to_numpy(dtype="float64", na_value=np.nan),
        words=values.str.count(r"\S+").to_numpy(dtype=float),
        blank=values.str.casefold().isin(BLANK).to_numpy(),
        number=number,
        dated=dated,
        contact=values.str.contains(f"{EMAIL}|{IP}|{PHONE}|{ADDRESS}", regex=True).to_numpy() & ~dated & ~decimal,
        person=values.str.contains(PERSON, regex=True).to_numpy(),
    )


def _dated(values: pd.Series, number: np.ndarray) -> np.ndarray:
    """Which values are dates; only what may be one is tried, since wide exports have thousands of columns."""
    found = np.zeros(len(values), dtype=bool)
    tried = ~number & values.str.contains(MAYBE_DATE, regex=True).to_numpy()
    if tried.any():
        found[tried] = read_dates(values[tried], numbers=False).date.notna().to_numpy()
    return found


def numbers(cells: pd.Series) -> pd.Series:
    """Read numbers, with a decimal point or comma; null where a cell is none."""
    return pd.to_numeric(cells.str.strip().str.replace(",", ".", regex=False), errors="coerce").astype(float)


def _share(holds: np.ndarray, weight: np.ndarray) -> float:
    return float(np.sum(holds * weight) / max(np.sum(weight), 1e-12))
