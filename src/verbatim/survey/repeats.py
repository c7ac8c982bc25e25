"""The same answer more than once: exports that overlap, forms sent twice."""

import re

import pandas as pd

IN_ROW = re.compile(r"^(the same answer as in) row \d+ ")


def repeated(cells: pd.DataFrame, response_id: pd.Series | None, person: pd.Series | None, date: pd.Series,
             answered: pd.DataFrame) -> pd.Series:  # fmt: skip
    """Say of which rows another holds the same answer; the fullest row of each answer is kept.

    Two rows are one answer where score and comments agree and either the response id does, or the respondent and the
    time of the answer do. Dates without a time of day tell only together with a comment: nobody writes the same twice.
    Identical rows without any id are different people who answered alike, and stay.

    Parameters
    ----------
    cells : DataFrame of str
        The rows under consideration, with their index; the fullest row is told by them, then the greatest.
    response_id, person : Series of str, optional
        Blank where unknown.
    date : Series of datetime64
    answered : DataFrame
        Score first, then the comments, row for row.

    Returns
    -------
    Series of str
        The reason, empty where the row stays.

    Examples
    --------
    >>> cells = pd.DataFrame({"who": ["a", "a", "b"], "plan": ["", "pro", ""]})
    >>> date, answers = pd.Series([pd.Timestamp("2026-03-05 10:00")] * 3), pd.DataFrame({"score": [9, 9, 9]})
    >>> repeated(cells, None, cells["who"], date, answers).tolist()
    ['the same answer as in row 2 (same respondent and time)', '', '']
    """
    reasons = pd.Series("", index=cells.index, dtype="str")
    answers = [answered[name] for name in answered]
    if response_id is not None:
        reasons = _marked(reasons, cells, [response_id, *answers], response_id.ne(""), "same response id")
    if person is not None:
        timed = date.dt.normalize().ne(date) & date.notna()
        told = date.notna() & (timed.any() | (answered.iloc[:, 1:] != "").any(axis=1))
        reasons = _marked(reasons, cells, [person, date, *answers], person.ne("") & told, "same respondent and time")
    return reasons


def without_row(reason: str) -> str:
    """Leave out which row holds the same answer, so that the reasons of several rows can be counted together.

    Examples
    --------
    >>> without_row("the same answer as in row 2 (same respondent and time)")
    'the same answer as in another row (same respondent and time)'
    """
    return IN_ROW.sub(r"\1 another row ", reason)


def _marked(reasons: pd.Series, cells: pd.DataFrame, keys: list[pd.Series], known: pd.Series, why: str) -> pd.Series:
    """Add the reason to all rows of a group but one."""
    table = pd.concat(keys, axis=1)[known & reasons.eq("")]
    table.columns = pd.RangeIndex(table.shape[1])
    twice = table[table.duplicated(keep=False)]
    for _, group in twice.groupby(list(twice.columns), dropna=False, sort=False):
        rows = list(group.index)
        kept = max(rows, key=lambda row: (sum(map(bool, cells.loc[row])), tuple(cells.loc[row]), -row))
        for row in rows:
            if row != kept:
                reasons[row] = f"the same answer as in row {kept + 1} ({why})"
    return reasons
