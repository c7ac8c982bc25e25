"""Which columns may be segments: groups of customers that the score did not make."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.survey import wording
from verbatim.survey.profile import Profile, numbers

MOST_NUMBERS = 12
MOST_VALUES = 1_000  # beyond, a column is no segment whatever the score says
DETERMINED = 0.95
MISSING = frozenset(("", "n/a", "#n/a", "nan", "null", "<na>", "-", "--"))
DATED = "dates that are written in no one way that is known"
LIKE_A_DATE = (
    r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|^\d{1,2}/\d{1,2}/\d{2}\b|^\d{4}[/.-]\d{1,2}[/.-]\d{1,2}\b"
    r"|\b\d{1,2}[.\w]{0,2}[\s-]+(?:de\s+)?[^\W\d]{3,}\.?,?[\s-]+(?:de\s+)?(?:19|20)\d{2}\b"
)


def segment_values(cells: pd.Series) -> pd.Series:
    """Strip the cells; null where nothing is given."""
    text = cells.str.strip()
    return text.where(~text.str.casefold().isin(MISSING))


def why_no_segment(column: Profile, values: pd.Series, score: pd.Series, most_values: int) -> str | None:
    """Say why a column cannot be a segment, in words for the user; None where it can.

    Parameters
    ----------
    column : Profile
        What it holds.
    values : Series of str
        Its cells, null where blank.
    score : Series of Int8
        Scores of the same rows.
    most_values : int
        The largest number of different values a segment may have.
    """
    distinct, filled = int(values.nunique()), int(values.notna().sum())
    if filled == 0:
        return "empty"
    if distinct == 1:
        where = (
            "everywhere" if filled == len(values) else f"in the {filled:,} of {len(values):,} rows that hold something"
        )
        return f'the same {where} ("{_short(str(values.dropna().iloc[0]))}")'
    if determined := determined_by_score(values, score):
        return determined
    name = wording.plain(column.wording)
    if wording.RECOMMEND.search(name) or wording.RATING.search(name):
        return "another rating: an answer given with the score, not a group of customers"
    if column.date_share >= 0.9:
        return "another date"
    if not_quite_dated(column, values):
        return f"{DATED}: {column.date_share * column.filled:,.0f} of {column.filled:,} cells were understood"
    if column.number_share >= 0.9 and distinct > MOST_NUMBERS:
        return f"{distinct:,} different numbers; more than {MOST_NUMBERS} are not cut into groups yet"
    if column.score_share >= 0.9 and _moves_with(values, score):
        return "another rating: numbers within 0-10 that move with the score"
    if column.words >= 3 and column.variety > 0.3:
        return "mostly different texts: another open question, or a description"
    if distinct > most_values or filled < 3 * distinct:
        return f"{distinct:,} different values in {filled:,} rows, too many for a segment"
    if filled < 0.05 * len(values):
        return f"filled in only {filled:,} of {len(values):,} rows"
    return None


def not_quite_dated(column: Profile, values: pd.Series) -> bool:
    """Whether a column holds dates, by its cells or by its name, that are written in no one known way.

    Examples
    --------
    >>> from verbatim.survey.profile import profile
    >>> cells = pd.Series(["7 Maaliskuu 2026", "12 Kesäkuu 2026", "9 Kesäkuu 2026"], name="When")
    >>> not_quite_dated(profile(cells, "When"), cells)
    True
    """
    if column.number_share >= 0.5:
        return False
    given = values.dropna()
    looks = max(column.date_share, float(given.str.contains(LIKE_A_DATE, regex=True).mean()))
    called = wording.CALLED_DATE.search(wording.plain(column.wording))
    return looks >= 0.5 or bool(called and given.str.contains(r"\d", regex=True).mean() >= 0.5)


def determined_by_score(values: pd.Series, score: pd.Series) -> str | None:
    """Say so when the score decides the column, or the column the score's category; None otherwise.

    The share of errors saved by knowing the score (Goodman and Kruskal's lambda, 1954, section 5) must be 0.95;
    where there are fewer than four rows a score, each value must also fill a range of scores of its own.

    Examples
    --------
    >>> scores = pd.Series([0, 3, 6, 7, 8, 9, 10] * 5, dtype="Int8")
    >>> determined_by_score(scores.map(lambda s: "good" if s > 6 else "bad").astype("str"), scores)
    'determined by the score: each score has one value (bad 0-6, good 7-10)'
    """
    known = (values.notna() & score.notna()).to_numpy()
    codes, names = pd.factorize(values[known], sort=True)
    if len(codes) < 8 or not 2 <= len(names) <= MOST_VALUES:
        return None
    places = score[known].to_numpy(dtype=int) * len(names) + codes
    table = np.bincount(places, minlength=11 * len(names)).reshape(11, len(names))
    apart, given = _ranges_apart(table), int(table.any(axis=1).sum())
    if _errors_saved(table) >= DETERMINED and (apart or len(codes) >= 4 * given):
        shown = pd.DataFrame(table, columns=names).iloc[np.flatnonzero(table.any(axis=1))]
        return f"determined by the score: each score has one value{_ranges(shown)}"
    groups = np.add.reduceat(table, [0, 7, 9]).T
    if _errors_saved(groups) >= DETERMINED and len(codes) >= 5 * len(names) and apart:
        return "determined by the score: each value belongs to promoters, passives or detractors alone"
    return None


def _errors_saved(table: NDArray[np.int64]) -> float:
    """Goodman and Kruskal's lambda of the columns given the rows."""
    total, known, unknown = table.sum(), table.max(axis=1).sum(), table.sum(axis=0).max()
    return float((known - unknown) / (total - unknown)) if total > unknown else 0.0


def _ranges_apart(table: NDArray[np.int64]) -> bool:
    """Whether each value has a range of scores of its own; scores are the rows."""
    low, high = (table > 0).argmax(axis=0), 10 - (table[::-1] > 0).argmax(axis=0)
    order = np.lexsort((high, low))
    return bool((low[order][1:] > high[order][:-1]).all())


def _ranges(table: pd.DataFrame) -> str:
    """Write the scores of each value: "(Detractor 0-6, Passive 7-8)"; nothing where there are many values."""
    if table.shape[1] > 4:
        return ""
    usual = table.idxmax(axis=1)
    ends = usual.index.to_series().groupby(usual).agg(["min", "max"]).sort_values("min")
    parts = [f"{_short(str(v))} {low}" + (f"-{high}" if high > low else "") for v, low, high in ends.itertuples()]
    return f" ({', '.join(parts)})"


def _moves_with(values: pd.Series, score: pd.Series) -> bool:
    both = pd.DataFrame({"value": numbers(values), "score": score.astype("Float64")}).dropna().astype(float)
    if len(both) < 8 or both["value"].nunique() < 3:
        return False
    return abs(float(both["value"].corr(both["score"], method="pearson"))) >= 0.4


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
