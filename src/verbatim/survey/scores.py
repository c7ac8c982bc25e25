"""Cells of the score column become scores, each refusal with its reason."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

NUMBER = re.compile(r"(\d+)(?:[.,]0+)?(?:\s*/\s*10)?")
OF_FIVE = re.compile(
    r"(\d+)(?:[.,]0+)?(?:\s*(?:/|out of|von|de|sur)\s*5)?(?:\s*(?:stars?|sterne?|estrell?as?|\u2605))?"
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b]")
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
    missing : Series of bool
        Whether the cell stands for no score because the user said so.
    """

    score: pd.Series
    fault: pd.Series
    missing: pd.Series


def read_scores(cells: pd.Series, scale: str | None = None, missing: Collection[str] = ()) -> ScoreCells:
    """Read 0-10 scores from text: "10", "9.0", "10/10", " 8 ", "10 - extremely likely"; "n/a" and "-" are blank.

    Parameters
    ----------
    cells : Series of str
        Cells as found; no nulls.
    scale : str, optional
        "0-10", "1-10" or "1-5" as the user declared it: 1-5 is doubled, so that 5 is a promoter, 4 a passive and the
        rest detractors, and what is off the scale is refused.
    missing : collection of str
        Cells that stand for no score.

    Examples
    --------
    >>> read = read_scores(pd.Series(["10/10", "9.0", "n/a", "11", "great"]))
    >>> read.score.tolist()
    [10, 9, <NA>, <NA>, <NA>]
    >>> read.fault.tolist()[3:]
    ['score is "11"; NPS scores run 0-10', 'score is "great"; NPS scores run 0-10']
    """
    found = {cell: None if cell.strip() in missing else _one_score(cell, scale) for cell in cells.unique()}
    score = cells.map({cell: value for cell, value in found.items() if isinstance(value, int)})
    fault = cells.map({cell: value if isinstance(value, str) else "" for cell, value in found.items()})
    absent = cells.str.strip().isin(list(missing)) if missing else pd.Series(False, index=cells.index)
    return ScoreCells(score.astype("Float64").astype("Int8"), fault.astype("str"), absent)


def _one_score(cell: str, scale: str | None) -> int | str | None:
    """The score; None where the cell is blank; the reason where it is neither."""
    text = CONTROL.sub("", unicodedata.normalize("NFKC", cell[:200])).strip().strip("'\"").strip()
    if text.casefold() in BLANK:
        return None
    number = OF_FIVE if scale == "1-5" else NUMBER
    match = number.fullmatch(text) or NUMBER_THEN_LABEL.fullmatch(text) or LABEL_THEN_NUMBER.fullmatch(text)
    low, high = (1, 5) if scale == "1-5" else (1, 10) if scale == "1-10" else (0, 10)
    if match and len(match[1]) < 4 and low <= int(match[1]) <= high:
        return int(match[1]) * (2 if scale == "1-5" else 1)
    shown = text if len(text) <= 40 else text[:39] + "…"
    allowed = "NPS scores run 0-10" if low == 0 else f"the scale is declared as {scale}"
    return f'score is "{shown}"; {allowed}'
