"""A difference between customers in a sentence: "“Delays” costs First Payment customers 9.1 points, others 3.2".

Theme names and segment values are free text, so names are quoted (a quoted name is singular), and values that say
nothing alone ("2", "yes", "high"), or could be taken for the theme, come with their column.
"""

from collections.abc import Mapping
from typing import Any

NEEDS_COLUMN = frozenset(
    ("yes", "no", "true", "false", "high", "medium", "low", "other", "none", "unknown", "some", "more", "less")
)
"""Values that do not read before "customers"."""
LONGEST_VALUE = 30


def contrast_sentence(row: Mapping[str, Any]) -> str:
    """Say how a theme differs between a value of a segment and the others, in pooled effects, and why.

    The raw effects stand in where there are no pooled ones, or where those no longer differ the same way.

    Parameters
    ----------
    row : mapping
        A row of `verbatim.records.CONTRAST_COLUMNS`.

    Examples
    --------
    >>> row = {"segment": "stage", "value": "First Payment", "name": "Delivery delay", "reason": "reach"}
    >>> row |= {"effect": -9.6, "effect_others": -3.0, "pooled_effect": -9.1, "pooled_effect_others": -3.2}
    >>> row |= {"share": 0.12, "share_others": 0.05, "severity_part": -0.6}
    >>> contrast_sentence(row)
    '“Delivery delay” costs First Payment customers 9.1 points, others 3.2, because more of them mention it.'
    """
    here, others = round(row["pooled_effect"], 1), round(row["pooled_effect_others"], 1)
    if not (here - others) * (row["effect"] - row["effect_others"]) > 0:
        here, others = round(row["effect"], 1), round(row["effect_others"], 1)
    name, segment, value = (str(row[key]) for key in ("name", "segment", "value"))
    plain = _reads_alone(value) and value.casefold() not in name.casefold()
    said = _compared(here, others, f"{value} customers" if plain else f"customers with {segment} = {value}", plain)
    return f"“{name}” {said}, because {_because(row)}."


def _compared(here: float, others: float, whom: str, plain: bool) -> str:
    """Say what each of the two numbers costs or adds; a plain ``whom`` stands well before the number."""
    if here == 0:
        return f"{_gives(others)} points among others, nothing among {whom}"
    if here < 0 and plain:
        costs = f"costs {whom} {-here:.1f} points"
        return f"{costs} but {_gives(others)} among others" if others > 0 else f"{costs}, others {_amount(others)}"
    said = f"{_gives(here)} points among {whom}"
    opposed = here * others < 0
    return f"{said} but {_gives(others)} among others" if opposed else f"{said}, {_amount(others)} among others"


def _gives(effect: float) -> str:
    return f"{'costs' if effect < 0 else 'adds'} {abs(effect):.1f}"


def _amount(effect: float) -> str:
    return f"{abs(effect):.1f}" if effect else "nothing"


def _because(row: Mapping[str, Any]) -> str:
    """Name reach or severity, or both."""
    reach = f"{'more' if row['share'] > row['share_others'] else 'fewer'} of them mention it"
    score = f"score {'lower' if row['severity_part'] < 0 else 'higher'}"
    both = f"{reach} and those who do {score}"
    return {"reach": reach, "severity": f"those who mention it {score}", "both": both}[row["reason"]]


def _reads_alone(value: str) -> bool:
    """Whether "<value> customers" can be read.

    Examples
    --------
    >>> [_reads_alone(value) for value in ("First Payment", "UK", "2", "18-24", "yes", "B")]
    [True, True, False, False, False, False]
    """
    words = [word.strip("'&/()") for word in value.replace("-", " ").split() if word != "&"]
    letters = words and all(map(str.isalpha, words))
    return bool(letters) and 1 < len(value) <= LONGEST_VALUE and value.casefold() not in NEEDS_COLUMN
