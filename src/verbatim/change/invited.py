"""Who was invited, responded and commented in two waves, and what that could do to the NPS."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from verbatim.nps import Z95

EVERYBODY = "all"
FEWEST_INVITED = 30
GAP_FROM = 30  # responses of a group whose NPS counts as a gap of this survey
RATE_CHANGE_COLUMNS = (
    "by", "value", "what", "n_before", "n_after", "rate_before", "rate_after", "difference", "low", "high"
)  # fmt: skip
RATES = (("responded", "invited"), ("commented", "responded"))


def rate_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare response and comment rates of two waves, `RATE_CHANGE_COLUMNS`: all first, then group by group.

    Parameters
    ----------
    before, after : DataFrame
        ``by, value, invited, responded, commented`` (`verbatim.survey.invitations.RATE_COLUMNS`); empty where a file
        does not say who was invited.

    Returns
    -------
    DataFrame
        ``what`` is "responded" (of the invited, ``n``) or "commented" (of those who responded). Groups that both waves
        have, of 30 or more in either; empty where a wave does not say.
    """
    if not len(before) or not len(after):
        return pd.DataFrame(columns=list(RATE_CHANGE_COLUMNS))
    both = before.merge(after, on=["by", "value"], suffixes=("_before", "_after"))
    rows = [row for what, of in RATES for row in _rows(both, what, of)]
    table = pd.DataFrame(rows, columns=list(RATE_CHANGE_COLUMNS))
    return table[~table["by"].isin(["wave", "times asked"])].reset_index(drop=True)


def _rows(both: pd.DataFrame, what: str, of: str) -> Iterator[tuple[object, ...]]:
    for row in both.sort_values("by", key=lambda by: by != EVERYBODY, kind="stable").to_dict("records"):
        sizes = [int(row[f"{of}_{wave}"]) for wave in ("before", "after")]
        if min(sizes) < FEWEST_INVITED:
            continue
        rates = [int(row[f"{what}_{wave}"]) / n for wave, n in zip(("before", "after"), sizes, strict=True)]
        half = Z95 * np.sqrt(sum(rate * (1 - rate) / n for rate, n in zip(rates, sizes, strict=True)))
        moved = rates[1] - rates[0]
        yield row["by"], row["value"], what, *sizes, *rates, moved, moved - half, moved + half


def gap_needed(rates: tuple[float, float], nps: tuple[float, float]) -> float:
    """NPS points by which those who answered in one wave alone must differ from the others to explain the change.

    Had the wave with the lower response rate been answered by as many as the other, the further answers would need an
    NPS so much above (or below) that of those who answered for the two waves to read the same.

    Examples
    --------
    30 % answered, then 20 %, and the NPS fell by 2: a third of the first wave's respondents would not have answered.

    >>> gap_needed((0.30, 0.20), (10.0, 8.0))
    6.0
    """
    low, high = sorted(rates)
    moved = nps[1] - nps[0]
    gap = high * moved / (high - low)
    return round(gap if rates[1] > rates[0] else -gap, 10)


def said_of_rates(
    changes: pd.DataFrame, nps: tuple[float, float], gap: float | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sentences and warnings on response rates.

    Parameters
    ----------
    changes : DataFrame
        From `rate_changes`.
    nps : (float, float)
    gap : float or None
        Largest difference in NPS between two groups of a segment in this survey; None where there are none.

    Returns
    -------
    sentences, warnings : tuples of str
        A warning where the response rate changed by more than chance, and those who answered in one wave alone need
        differ from the others by no more than groups of this survey do.
    """
    said, warned = [], []
    for row in changes[changes["by"] == EVERYBODY].to_dict("records"):
        done = {"responded": "of the invited responded", "commented": "of those who responded commented"}[row["what"]]
        sure = row["low"] > 0 or row["high"] < 0
        tail = "" if sure else ", no more than chance would make"
        said.append(
            f"{_percent(row['rate_before'])} {done} (of {row['n_before']:,}), then {_percent(row['rate_after'])} (of "
            f"{row['n_after']:,}): {100 * row['difference']:+z.1f} percentage points [{100 * row['low']:+z.1f}, "
            f"{100 * row['high']:+z.1f}]{tail}."
        )
        if row["what"] == "responded" and sure and nps[0] != nps[1]:
            needed = gap_needed((row["rate_before"], row["rate_after"]), nps)
            told = _could_explain(row["rate_after"] < row["rate_before"], needed, nps[1] - nps[0])
            if gap is not None and abs(needed) <= gap:
                warned.append(f"{said.pop()} {told} Groups of this survey differ by up to {gap:.1f} points.")
            else:
                said.append(told)
    return tuple(said), tuple(warned)


def _could_explain(fewer: bool, needed: float, change: float) -> str:
    who = "those who answer no longer" if fewer else "those who answer only now"
    return (
        f"Were the NPS of {who} {abs(needed):.1f} points {'higher' if needed > 0 else 'lower'} than that of the "
        f"others, that alone would make the {change:+z.1f} points."
    )


def largest_gap(groups: pd.DataFrame) -> float | None:
    """Largest difference in NPS between groups of one segment: ``segment, n, nps``; None without two large groups."""
    large = groups[(groups["n"] >= GAP_FROM) & groups["nps"].notna()]
    spans = large.groupby("segment")["nps"].agg(lambda nps: nps.max() - nps.min() if len(nps) > 1 else np.nan).dropna()
    return float(spans.max()) if len(spans) else None


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
