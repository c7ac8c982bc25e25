"""What a column holds, in numbers: how full, how varied, how much of it is scores, text, dates or contact data."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from verbatim.survey.dates import read_dates
from verbatim.survey.scores import BLANK, read_scores

EMAIL, IP = r"^\S+@\S+\.\S+$", r"^\d{1,3}(?:\.\d{1,3}){3}$"
PHONE = r"^(?=(?:\D*\d){8,15}\D*$)(?:\+|00?\d|\()[\d\s().\-/]+$"
ADDRESS = (
    r"^\d{1,5}[A-Za-z]?,?\s.{2,60}\b(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|close|court|ct|blvd|boulevard|place|"
    r"terrace|crescent|rue|square)\b|^(?i:rua|av|avenida|calle|c/|rue|via|viale|piazza|ul)\b\.?\s.{2,60}\d"
    r"|^.{2,60}(?i:straße|strasse|str\.|gasse|weg|platz|allee|straat|laan|gatan|vägen|vej|gata)\s\d"
)
PERSON = (
    r"^[^\W\d_a-zà-ÿ][\w'’.-]*(?:\s(?:(?:de|da|do|dos|van|von|der|den|di|la|le|del|bin|al)\s){0,2}"
    r"[^\W\d_a-zà-ÿ][\w'’.-]*){1,3}$"
)
EXAMINED = 3_000


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
    sample, values = counts.iloc[::every], pd.Series(counts.index[::every], dtype="str")
    weight = sample.to_numpy(dtype=float)
    read = read_scores(values)
    blank = values.str.casefold().isin(BLANK).to_numpy()
    words = values.str.count(r"\S+").to_numpy(dtype=float)
    dated = read_dates(values, numbers=False).date.notna().to_numpy()
    decimal = numbers(values).notna().to_numpy() & values.str.contains(".", regex=False).to_numpy()
    contact = values.str.contains(f"{EMAIL}|{IP}|{PHONE}|{ADDRESS}", regex=True).to_numpy() & ~dated & ~decimal
    scores = pd.Series(weight).groupby(read.score.to_numpy(dtype="float64", na_value=np.nan)).sum()
    return Profile(
        name=str(cells.name),
        wording=wording,
        rows=len(cells),
        filled=int(counts.sum()),
        distinct=len(counts),
        scores=scores.reindex(range(11), fill_value=0.0),
        score_share=_share(read.score.notna().to_numpy(), weight * ~blank),
        number_share=_share(numbers(values).notna().to_numpy(), weight),
        date_share=_share(dated, weight),
        contact_share=_share(contact, weight),
        name_share=_share(values.str.contains(PERSON, regex=True).to_numpy(), weight),
        prose_share=_share(words >= 2, weight),
        words=_share(words, weight),
    )


def numbers(cells: pd.Series) -> pd.Series:
    """Read numbers, with a decimal point or comma; null where a cell is none."""
    return pd.to_numeric(cells.str.strip().str.replace(",", ".", regex=False), errors="coerce").astype(float)


def _share(holds: np.ndarray, weight: np.ndarray) -> float:
    return float(np.sum(holds * weight) / max(np.sum(weight), 1e-12))
