"""Boxes to tick: a column that holds one text or nothing becomes two groups of customers."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

LEAST, MOST = 0.05, 0.95
"""Shares of ticked rows between which a column of its own is a box to tick."""
FEWEST = 10
"""Rows ticked, and rows not, from which a box of a question with several is a segment."""
LONGEST = 60
MARKS = frozenset(
    ("x", "1", "yes", "true", "ticked", "checked", "selected", "ja", "oui", "si", "sim", "wahr", "vrai", "✓", "✔", "☑")
)


def tick_labels(values: pd.Series) -> pd.Series:
    """Write blanks as "not Shop" where all else is "Shop"; a bare mark is "ticked". Other columns stay as they are.

    Examples
    --------
    >>> tick_labels(pd.Series(["Shop", None])).tolist(), tick_labels(pd.Series([None, "x"])).tolist()
    (['Shop', 'not Shop'], ['not ticked', 'ticked'])
    """
    ticked = values.notna()
    found = values.dropna().unique()
    if len(found) != 1 or ticked.all():
        return values
    text = str(found[0])
    label = "ticked" if text.casefold() in MARKS else text
    return pd.Series(label, index=values.index, name=values.name, dtype="str").where(ticked, f"not {label}")


def is_tick(values: pd.Series, of_several: bool) -> bool:
    """Whether a column is a box to tick: one short text and blanks, in enough rows each.

    Parameters
    ----------
    values : Series of str
        Null where blank.
    of_several : bool
        Whether the column is one of several with the same question.
    """
    found, ticked = values.dropna().unique(), int(values.notna().sum())
    if len(found) != 1 or len(str(found[0])) > LONGEST:
        return False
    if of_several and min(ticked, len(values) - ticked) >= FEWEST:
        return True
    return LEAST * len(values) <= ticked <= MOST * len(values)


def of_one_question(wordings: Iterable[str]) -> frozenset[str]:
    """Columns that are parts of one question, by their wordings: "Used? - Shop" and "Used? - App".

    Examples
    --------
    >>> sorted(of_one_question(["Used? - Shop", "Used? - App", "Plan"]))
    ['Used? - App', 'Used? - Shop']
    """
    parts = {wording: wording.rpartition(" - ")[0] for wording in wordings}
    several = Counter(parts.values())
    return frozenset(wording for wording, question in parts.items() if question and several[question] > 1)
