"""Who answered, and who commented: whether another mix of people could explain a change in NPS."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from verbatim.change.ledger import MIX, REST, account_for_change
from verbatim.change.options import ChangeOptions
from verbatim.change.wave import Wave
from verbatim.nps import CATEGORIES, PASSIVE_FROM, PROMOTER_FROM, Z95, points

TOGETHER = "all columns together"
HALF = 0.5
"""Part of the change that, coming from who answered, is worth a warning."""


@dataclass(frozen=True, slots=True, eq=False)
class WhoAnswered:
    """Who answered in two waves.

    Attributes
    ----------
    columns : DataFrame
        One row a segment column, and `TOGETHER` where there are several: ``segment, value`` (whose share moved most),
        ``share_before, share_after``; ``mix, mix_low, mix_high`` (NPS points that the other mix made) and
        ``same_mix, same_mix_low, same_mix_high`` (change in NPS had both waves had the mean of their mixes).
    comments : DataFrame
        ``category, n_before, n_after, rate_before, rate_after, difference, low, high``: who commented.
    commenters : tuple of two floats
        NPS of the commenters alone less the NPS of all, in each wave: what reading the comments only would be off by.
    warnings : tuple of str
    rates : DataFrame
        Response and comment rates of both waves, `verbatim.change.invited.RATE_CHANGE_COLUMNS`; empty where a file does
        not say who was invited.
    sentences : tuple of str
        What the rates say.
    """

    columns: pd.DataFrame
    comments: pd.DataFrame
    commenters: tuple[float, float]
    warnings: tuple[str, ...]
    rates: pd.DataFrame = field(default_factory=pd.DataFrame)
    sentences: tuple[str, ...] = ()


def who_answered(first: Wave, second: Wave, options: ChangeOptions | None = None) -> WhoAnswered:
    """Compare who answered in two waves.

    Source
    ------
    Direct standardisation to the mean mix: Kitagawa (1955), Journal of the American Statistical Association 50(272).
    Several columns together: by regression on all of them, as in `verbatim.change.ledger.account_for_change`.
    """
    options = options or ChangeOptions()
    shared = sorted(set(first.coded.segments.columns) & set(second.coded.segments.columns))
    asked = [[name] for name in shared] + ([shared] if len(shared) > 1 else [])
    rows = [row for names in asked if (row := _column(first, second, names, options)) is not None]
    columns = pd.DataFrame(
        [row for row, _ in rows],
        columns=["segment", "value", "share_before", "share_after", "mix", "mix_low", "mix_high", "same_mix",
                 "same_mix_low", "same_mix_high"],
    )  # fmt: skip
    return WhoAnswered(
        columns,
        _comment_rates(first, second),
        (_commenters_gap(first), _commenters_gap(second)),
        tuple(warning for _, warning in rows if warning),
    )


def _column(
    first: Wave, second: Wave, names: list[str], options: ChangeOptions
) -> tuple[tuple[object, ...], str | None] | None:
    """Figures of one column, or of several together, and a warning where the mix could explain the change."""
    ledger = account_for_change(_only(first, names), _only(second, names), options)
    lines = ledger.lines
    if not (lines["kind"] == MIX).any():
        return None
    found = {row["kind"]: (row["points"], row["low"], row["high"]) for row in ledger.summary.to_dict("records")}
    (mix, mix_low, mix_high), (same, low, high) = found[MIX], found[REST]
    label = names[0] if len(names) == 1 else TOGETHER
    value, before, after = _moved_most(first, second, names[0]) if len(names) == 1 else ("", np.nan, np.nan)
    row = (label, value, before, after, mix, mix_low, mix_high, same, low, high)
    change, change_low, change_high = ledger.change
    real = change_low > 0 or change_high < 0
    counts = (mix_low > 0 or mix_high < 0) and mix * change > 0
    if counts and (abs(mix) >= HALF * abs(change) or (real and low <= 0 <= high)):
        return row, _warning(label, (value, before, after), (mix, mix_low, mix_high), (same, low, high), change)
    return row, None


def _warning(
    label: str,
    moved: tuple[str, float, float],
    mix: tuple[float, float, float],
    same: tuple[float, float, float],
    change: float,
) -> str:
    told = (
        f'"{label}" ({moved[0]}: {_percent(moved[1])} of the responses, then {_percent(moved[2])})'
        if moved[0]
        else label
    )
    return (
        f"Other people answered: the mix of {told} alone would have moved the NPS by {mix[0]:+z.1f} "
        f"[{mix[1]:+z.1f}, {mix[2]:+z.1f}] points; it moved by {change:+z.1f}. With the same mix in both waves it "
        f"would have moved by {same[0]:+z.1f} [{same[1]:+z.1f}, {same[2]:+z.1f}]."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _only(wave: Wave, names: list[str]) -> Wave:
    """The wave without its themes, everybody counted, and with some of its segments."""
    coded, n = wave.coded, len(wave.coded.score)
    bare = replace(
        coded,
        commented=np.ones(n, dtype=bool),
        segments=coded.segments[names],
        mentions=np.zeros((n, 0), dtype=bool),
        themes=coded.themes.iloc[:0],
        notes=(),
    )
    return Wave(bare, wave.person)


def _shares(wave: Wave, name: str) -> pd.Series:
    weight = pd.Series(wave.coded.weight)
    return weight.groupby(wave.coded.segments[name].to_numpy()).sum() / weight.sum()


def _moved_most(first: Wave, second: Wave, name: str) -> tuple[str, float, float]:
    both = pd.DataFrame({"before": _shares(first, name), "after": _shares(second, name)}).fillna(0.0).sort_index()
    at = int((both["after"] - both["before"]).abs().to_numpy().argmax())
    return str(both.index[at]), float(both["before"].iloc[at]), float(both["after"].iloc[at])


def _comment_rates(first: Wave, second: Wave) -> pd.DataFrame:
    rows = []
    for at, name in enumerate(("all", *CATEGORIES)):
        found = []
        for wave in (first, second):
            coded = wave.coded
            place = 2 - np.digitize(coded.score, [PASSIVE_FROM, PROMOTER_FROM])  # as in CATEGORIES
            here = np.ones(len(place), dtype=bool) if at == 0 else place == at - 1
            found.append((int(here.sum()), float(coded.commented[here].mean()) if here.any() else np.nan))
        (n, rate), (m, later) = found
        half = Z95 * np.sqrt(rate * (1 - rate) / max(n, 1) + later * (1 - later) / max(m, 1))
        rows.append((name, n, m, rate, later, later - rate, later - rate - half, later - rate + half))
    names = ["category", "n_before", "n_after", "rate_before", "rate_after", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def _commenters_gap(wave: Wave) -> float:
    coded, gained = wave.coded, points(wave.coded.score)
    said = coded.commented
    return float(np.average(gained[said], weights=coded.weight[said]) - np.average(gained, weights=coded.weight))
