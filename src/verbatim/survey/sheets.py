"""Which sheet of a workbook holds the survey."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from verbatim.errors import ColumnNotFound
from verbatim.survey.scores import read_scores

Rows = list[list[str]]
EXAMINED, FEWEST, SCORES, WORDS = 500, 2, 0.6, 1.5


def choose_sheet(sheets: Mapping[str, Rows], source: str) -> tuple[str, str]:
    """Choose the one sheet that looks like a survey; the first with cells where none does.

    Parameters
    ----------
    sheets : mapping of str to rows of cells
        Sheets that hold cells, in the order of the workbook; not empty.

    Returns
    -------
    tuple of str
        The sheet's name, and what to say about the choice.

    Raises
    ------
    ColumnNotFound
        Several sheets look like a survey.
    """
    if len(sheets) == 1:
        return next(iter(sheets)), ""
    plausible = [name for name, rows in sheets.items() if looks_like_a_survey(rows)]
    if len(plausible) > 1:
        listed = ", ".join(f'"{name}" ({len(sheets[name]) - 1:,} rows)' for name in plausible)
        lines = "\n    # ".join(f"sheet = {_toml(name)}" for name in plausible)
        raise ColumnNotFound(
            f"{source}: {len(plausible)} sheets could be the survey: {listed}. Keep one of these lines in "
            f"verbatim.toml:\n\n    [survey]\n    {lines}\n"
        )
    if plausible:
        return plausible[0], f", the only one of {len(sheets)} that looks like a survey"
    return next(iter(sheets)), f", the first of {len(sheets)}"


def looks_like_a_survey(rows: Rows) -> bool:
    """Whether a sheet has column names, a column of numbers within 0-10 and another of texts.

    Examples
    --------
    >>> looks_like_a_survey([["NPS", "Why?"], ["9", "quick and kind"], ["2", "they came late"]])
    True
    >>> looks_like_a_survey([["plan", "customers"], ["basic", "120"], ["pro", "80"]])
    False
    """
    width = max(map(len, rows))
    if width < 2 or len(rows) <= FEWEST:
        return False
    body = pd.DataFrame([[*row, *[""] * (width - len(row))] for row in rows[1 : EXAMINED + 1]], dtype="str")
    columns = [body[name][body[name].str.strip().ne("")] for name in body]
    filled = [column for column in columns if len(column) >= FEWEST]
    scored = [column for column in filled if read_scores(column).score.notna().mean() >= SCORES]
    worded = [column for column in filled if column.str.count(r"\S+").mean() >= WORDS]
    return bool(scored) and any(column.name not in {s.name for s in scored} for column in worded)


def _toml(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
