"""Cells of the score column become scores, each refusal with its reason."""

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

NUMBER = re.compile(r"(\d+)(?:[.,]0+)?(?:\s*/\s*10)?")
NUMBER_THEN_LABEL = re.compile(r"(10|\d)\s*[-–—:=(]\s*[^\d\W][^\d]*")
LABEL_THEN_NUMBER = re.compile(r"[^\d\W][^\d]*[-–—:=(]\s*(10|\d)\)?")
BLANK = frozenset(
    (
        "",
        "-",
        "--",
        "–",
        "—",
        ".",
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "nan",
        "null",
        "none",
        "<na>",
        "no answer",
        "no response",
    )
    + ("not answered", "don't know", "keine angabe", "k.a.", "s/n", "nil")
)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCells:
    """Scores row for row with the cells they come from.

    Attributes
    ----------
    score : Series of Int8
        0-10, null where the cell is blank or refused.
    fault : Series of str
        Why the cell was refused; empty where it was not.
    """

    score: pd.Series
    fault: pd.Series


def read_scores(cells: pd.Series) -> ScoreCells:
    """Read 0-10 scores from text: "10", "9.0", "10/10", " 8 ", "10 - extremely likely"; "n/a" and "-" are blank.

    Parameters
    ----------
    cells : Series of str
        Cells as found; no nulls.

    Examples
    --------
    >>> read = read_scores(pd.Series(["10/10", "9.0", "n/a", "11", "great"]))
    >>> read.score.tolist()
    [10, 9, <NA>, <NA>, <NA>]
    >>> read.fault.tolist()[3:]
    ['score is "11"; NPS scores run 0-10', 'score is "great"; NPS scores run 0-10']
    """
    found = {cell: _one_score(cell) for cell in cells.unique()}
    score = cells.map({cell: value for cell, value in found.items() if isinstance(value, int)})
    fault = cells.map({cell: value if isinstance(value, str) else "" for cell, value in found.items()})
    return ScoreCells(score.astype("Float64").astype("Int8"), fault.astype("str"))


def _one_score(cell: str) -> int | str | None:
    """The score; None where the cell is blank; the reason where it is neither."""
    text = unicodedata.normalize("NFKC", cell).strip().strip("'\"").strip()
    if text.casefold() in BLANK:
        return None
    match = NUMBER.fullmatch(text) or NUMBER_THEN_LABEL.fullmatch(text) or LABEL_THEN_NUMBER.fullmatch(text)
    if match and len(match[1]) < 4 and int(match[1]) <= 10:
        return int(match[1])
    shown = text if len(text) <= 40 else text[:39] + "…"
    return f'score is "{shown}"; NPS scores run 0-10'
