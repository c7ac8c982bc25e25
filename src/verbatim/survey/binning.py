"""Numbers become groups with readable names; small groups become one."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

Cut = int | tuple[float, ...]
OTHER = "Other"
AMOUNT = re.compile(r"^(?:[^\w\s.,-]{1,2}|R\$|[A-Z]{3})?\s*(-?\d(?:[\d.,'’]|\s(?=\d))*)\s*[^\d]{0,12}$")
THOUSANDS_COMMA = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")
THOUSANDS_POINT = re.compile(r"-?[1-9]\d{0,2}(\.\d{3}){2,}")


class GroupOptions(BaseModel):
    """How columns become groups of customers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bins: dict[str, Cut] = Field(
        default={},
        description="Number columns to cut into groups: { tenure = 4 } for so many of equal size, "
        "{ revenue = [1000, 5000] } for edges.",
    )
    names: dict[str, str] = Field(
        default={}, description='Names for segments in all that is written: { SURVEY_SUB_TYPE = "Stage" }.'
    )
    order: dict[str, tuple[str, ...]] = Field(
        default={},
        description='Segments whose values have an order, such as stages of a journey: { Stage = ["Order", "Use"] }.',
    )
    joined_bins: int = Field(
        default=4, ge=2, le=10, description="Groups of equal size into which other numbers of a joined table are cut."
    )
    smallest: int = Field(
        default=10,
        ge=1,
        description='Groups with fewer rows are pooled as "Other", in joined columns and those cut into groups.',
    )

    @field_validator("bins")
    @classmethod
    def _cuts(cls, bins: dict[str, Cut]) -> dict[str, Cut]:
        for name, how in bins.items():
            if isinstance(how, int) and not 2 <= how <= 10:
                raise ValueError(f'"{name}" is to be cut into {how} groups; 2 to 10 are possible')
            if not isinstance(how, int) and (not how or list(how) != sorted(set(how))):
                raise ValueError(f'the edges of "{name}" must rise, such as [1000, 5000]')
        return bins


def read_amounts(cells: pd.Series) -> pd.Series:
    """Read numbers that may wear currency signs, units and thousands separators; null where a cell is none.

    A separator marks thousands where the column shows it twice in a number, or with three digits after it wherever it
    stands and never otherwise; a lone point marks decimals.

    Examples
    --------
    >>> read_amounts(pd.Series(["$1,200", "€ 950", "12,500 p.a.", "?"])).tolist()
    [1200.0, 950.0, 12500.0, nan]
    >>> read_amounts(pd.Series(["1.234,50", "7,25", "level 3", "2024-05-01"])).tolist()
    [1234.5, 7.25, nan, nan]
    """
    found = cells.str.strip().str.extract(AMOUNT)[0]
    text = found.str.replace(r"[\s'’]", "", regex=True).str.rstrip(".,")
    given = text.dropna()
    comma, point = given[given.str.contains(",", regex=False)], given[given.str.contains(".", regex=False)]
    both = given[given.str.contains(",", regex=False) & given.str.contains(".", regex=False)]
    if len(both):
        decimal = "," if (both.str.rfind(",") > both.str.rfind(".")).mean() > 0.5 else "."
    elif len(comma) and not comma.str.fullmatch(THOUSANDS_COMMA).all():
        decimal = ","
    else:
        decimal = "," if len(point) and point.str.fullmatch(THOUSANDS_POINT).any() else "."
    plain = text.str.replace("." if decimal == "," else ",", "", regex=False).str.replace(",", ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype(float)


def cut_numbers(values: pd.Series, how: Cut) -> pd.Series:
    """Cut numbers into groups, at given edges or into so many of about equal size; null stays null.

    Edges of equal-sized groups are rounded to two digits, as far as the groups stay apart. An edge belongs to the group
    above it.

    Parameters
    ----------
    values : Series of float
    how : int or tuple of float
        Number of groups, or rising edges.

    Examples
    --------
    >>> cut_numbers(pd.Series([500.0, 1000, 4999, 5000, None]), (1000, 5000)).tolist()
    ['under 1,000', '1,000-4,999', '1,000-4,999', '5,000 and more', nan]
    >>> cut_numbers(pd.Series([0.5, 1.5, 2.5, 3.5]), 2).tolist()
    ['under 2', 'under 2', '2 and more', '2 and more']
    """
    given = values.dropna().to_numpy(dtype=float)
    edges = _equal_sizes(given, how) if isinstance(how, int) else np.asarray(how, dtype=float)
    whole = bool(np.all(given == np.round(given)) and np.all(edges == np.round(edges)))
    names = _names(edges, whole)
    places = np.searchsorted(edges, values.to_numpy(dtype=float), side="right")
    return pd.Series([names[k] for k in places], index=values.index, dtype="str").where(values.notna())


def _equal_sizes(given: NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    """Quantiles, rounded where that keeps them apart and every group filled."""
    if not len(given):
        return np.array([])
    exact = np.unique(np.quantile(given, np.arange(1, groups) / groups))
    above = given[given > given.min()]
    exact = exact[exact > given.min()] if exact.max() > given.min() or not len(above) else above.min(keepdims=True)
    round_ones = np.array([float(f"{edge:.2g}") for edge in exact])
    apart = len(np.unique(round_ones)) == len(exact)
    filled = apart and len(np.unique(np.searchsorted(round_ones, given, side="right"))) == len(exact) + 1
    return round_ones if filled else exact


def _names(edges: NDArray[np.float64], whole: bool) -> list[str]:
    if not len(edges):
        return ["all"]
    between = [
        (_number(low) if whole and high - low == 1 else f"{_number(low)}-{_number(high - 1)}")
        if whole
        else f"{_number(low)} to under {_number(high)}"
        for low, high in pairwise(edges)
    ]
    return [f"under {_number(edges[0])}", *between, f"{_number(edges[-1])} and more"]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.6g}"


def pool_small(values: pd.Series, smallest: int) -> tuple[pd.Series, int]:
    """Pool groups of fewer than ``smallest`` rows, where there are two or more of them, as "Other"; count them.

    Examples
    --------
    >>> pool_small(pd.Series(["a", "a", "a", "b", "c"]), 2)[0].tolist()
    ['a', 'a', 'a', 'Other', 'Other']
    """
    counts = values.value_counts()
    small = counts.index[counts < smallest]
    if len(small) < 2:
        return values, 0
    return values.where(~values.isin(small), OTHER), len(small)
