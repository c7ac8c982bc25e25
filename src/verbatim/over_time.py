"""What a run says of time: trends and alerts, themes that may be new, what changed since an earlier wave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verbatim.nps import Nps

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class ProposedTheme:
    """A group of comments that fit none of a given model's themes, and are more than chance brings.

    Attributes
    ----------
    name : str
        The words that are commonest in it.
    n_comments : int
        Comments that speak of it.
    n_expected : float
        How many would, were the survey a sample of the comments the model was made from.
    p_value : float
        Chance, 0-1, of as many in such a sample, corrected for the number of groups looked at.
    keywords, quotes : tuple of str
        The quotes are the most typical first: the examples with which `ThemeModel.add` makes a theme of it.
    spans : tuple of str
        Ids of the spans that speak of it, the most typical first.
    n_scored : int
        Those who speak of it and have a score.
    nps, nps_low, nps_high : float, optional
        Their NPS and its interval; None where too few.
    effect, effect_low, effect_high : float, optional
        NPS points on the whole population, beside the other themes and the segments; None where it is too rare.
    growth_points : float, optional
        Part of the effect that its growth makes: effect x (n_comments - n_expected) / n_comments.
    """

    name: str
    n_comments: int
    n_expected: float
    p_value: float
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]
    spans: tuple[str, ...] = ()
    n_scored: int = 0
    nps: float | None = None
    nps_low: float | None = None
    nps_high: float | None = None
    effect: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    growth_points: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OverTime:
    """NPS, shares and effects by week, month or quarter, and what stands out.

    Attributes
    ----------
    trends : DataFrame
        ``period`` (its first day)``, series`` (nps, share, effect)``, theme_id, name, n`` (effective)``, value, low,
        high, smoothed, smoothed_low, smoothed_high``.
    alerts : DataFrame
        ``kind`` (spike, change point)``, period, series, theme_id, name, before, after, p_value, sentence``.
    """

    trends: pd.DataFrame
    alerts: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a waterfall, in NPS points: the NPS at either end (``end``), or a line that leads from one to the other.

    ``low`` and ``high`` are None where several lines are added up. ``sure`` says that it beats the noise: a theme's
    line with all themes looked at together, another by its interval.
    """

    name: str
    start: float
    stop: float
    low: float | None
    high: float | None
    end: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Lines of one kind added up: NPS points with their 95 % interval, and what they mean."""

    kind: str
    points: float
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Since:
    """What moved the NPS since an earlier wave, as `verbatim.compare` found it.

    Attributes
    ----------
    source : str
        File of the earlier wave.
    before, after : Nps
    change : (float, float, float)
        NPS points and the 95 % interval.
    bars : tuple of Bar
        From the NPS before to the NPS after.
    lines : tuple of ChangeLine
        Their points sum to the change.
    sentences, warnings, notes : tuple of str
        What moved, in words; whether who answered could explain it; assumptions.
    """

    source: str
    before: Nps
    after: Nps
    change: tuple[float, float, float]
    bars: tuple[Bar, ...]
    lines: tuple[ChangeLine, ...]
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
