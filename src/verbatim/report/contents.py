"""What the reports show, gathered once from an Analysis, so that page, workbook and Markdown cannot differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from verbatim.ledger import Ledger, count_rows
from verbatim.nps import CATEGORIES, Z95, Nps, net_promoter_score
from verbatim.records import Analysis, Survey, Theme
from verbatim.report.course import Course, read_course
from verbatim.report.formats import day, month, relocated
from verbatim.report.newcomers import Newcomer, read_newcomers
from verbatim.report.options import ReportOptions
from verbatim.report.quotes import Quote, choose_quotes
from verbatim.report.rows import BridgeLine, Driver, is_null, read_bridges, read_drivers

WEEKLY_UP_TO, MONTHLY_UP_TO = 98, 1100  # days between first and last date
HEAT_THEMES, HEAT_VALUES = 8, 8
UNRANKED: dict[str, Any] = {"rank": None, "rank_low": None, "rank_high": None, "p_top3": np.nan, "above_noise": False}


@dataclass(frozen=True, slots=True)
class Share:
    """One score category: responses and their weighted share."""

    category: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Period:
    """NPS of a week, month or quarter; ``nps`` is None where fewer responses than the minimum fall in it."""

    label: str
    n: int
    nps: Nps | None


@dataclass(frozen=True, slots=True)
class SegmentValue:
    """One value of a segment, its NPS (None: below the minimum) and its own worst themes."""

    value: str
    n: int
    nps: Nps | None
    worst: tuple[Driver, ...]
    effects: Mapping[str, Driver]


@dataclass(frozen=True, slots=True)
class SegmentView:
    """One segment.

    ``differ`` says whether the NPS of its values differs by more than chance, ``hidden`` how many values are too small;
    ``contrasts`` are sentences on themes that cost some of its values more than the others, beyond the noise;
    ``in_order`` says that the groups stand in an order of their own, such as the stages of a journey.
    """

    name: str
    groups: tuple[SegmentValue, ...]
    hidden: int
    differ: bool
    contrasts: tuple[str, ...] = ()
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class CategoryShares:
    """A theme's share among the commenters of each score category; None where they are too few."""

    theme_id: str
    name: str
    shares: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class Broader:
    """A broader theme, ranked among its like in a regression of its own.

    ``parts`` are the themes under it that have figures, most harmful first; ``rare`` names those that have none.
    """

    driver: Driver
    parts: tuple[Driver, ...]
    rare: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class General:
    """Praise or complaint without a subject: counted, never ranked."""

    theme_id: str
    name: str
    n: int
    share: float
    nps: Nps | None


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Everything the reports show; ``parent_of`` holds the broader theme of every theme that has one, by id.

    ``category_shares`` is empty unless effects are refused.
    """

    analysis: Analysis
    options: ReportOptions
    title: str
    dates: str
    ledger: Ledger
    split: tuple[Share, ...]
    pains: tuple[Driver, ...]
    gains: tuple[Driver, ...]
    divided: tuple[Driver, ...]
    unranked: tuple[Driver, ...]
    bridges: Mapping[str, tuple[BridgeLine, ...]]
    category_shares: tuple[CategoryShares, ...]
    coin_toss: tuple[Driver, ...]
    general: tuple[General, ...]
    broader: tuple[Broader, ...]
    parent_of: Mapping[str, Theme]
    segments: tuple[SegmentView, ...]
    periods: tuple[Period, ...]
    periods_differ: bool
    quotes: Mapping[str, tuple[Quote, ...]]
    course: Course
    newcomers: tuple[Newcomer, ...]

    @property
    def measure(self) -> str:
        """Score of the points: the NPS, or the score that the drivers are ranked on."""
        ranked = self.analysis.drivers.ranked_on
        return ranked.outcome.name if ranked else "NPS"


def gather(analysis: Analysis, options: ReportOptions) -> Contents:
    """Gather what the reports show.

    Parameters
    ----------
    analysis : Analysis
        One run's findings; nothing in it is changed.
    options : ReportOptions
        Limits on what is shown.
    """
    drivers, ranked_on = analysis.drivers, analysis.drivers.ranked_on
    rows = [driver for driver in _read_marked(drivers.leaves(), analysis) if driver.n >= options.minimum_group]
    ranked = sorted((d for d in rows if d.rank is not None), key=lambda d: d.rank or 0)
    pains = tuple(d for d in ranked if d.effect < 0)
    gains = tuple(sorted((d for d in ranked if d.effect > 0), key=lambda d: (-d.effect, d.theme_id)))
    periods = read_periods(analysis.survey, options.minimum_group)
    return Contents(
        analysis=analysis,
        options=options,
        title=options.title or f"What drives our {ranked_on.outcome.name if ranked_on else 'NPS'}",
        dates=_date_range(analysis.survey),
        ledger=count_rows(analysis.survey, analysis.spans),
        split=read_split(analysis.survey),
        pains=pains,
        gains=gains,
        divided=tuple(d for d in ranked if d.divided),
        unranked=tuple(d for d in rows if d.rank is None or d.effect == 0),
        bridges=read_bridges(drivers),
        category_shares=read_category_shares(analysis, options.minimum_group) if drivers.refusals else (),
        coin_toss=tuple(replace(d, **UNRANKED) for d in read_drivers(drivers.coin_toss)),
        general=read_general(analysis, options.minimum_group),
        broader=read_broader(analysis, rows, options.minimum_group),
        parent_of=read_parents(analysis),
        segments=read_segments(analysis, pains, options),
        periods=periods,
        periods_differ=differ([p.nps for p in periods if p.nps]),
        quotes=choose_quotes(analysis, options),
        course=read_course(
            analysis.over_time,
            [(p.label, p.n, p.nps) for p in periods],
            {d.theme_id: d.name for d in rows},
            options.minimum_group,
        ),
        newcomers=read_newcomers(analysis, options),
    )


def read_split(survey: Survey) -> tuple[Share, ...]:
    """Weighted share of promoters, passives and detractors; promoters less detractors is the NPS."""
    scored = survey.responses[survey.responses["category"].notna()]
    total = float(scored["weight"].sum())
    parts = [(name, scored[scored["category"] == name]) for name in CATEGORIES]
    return tuple(Share(name, len(part), float(part["weight"].sum()) / total if total else 0.0) for name, part in parts)


def nps_of(responses: pd.DataFrame, minimum: int) -> Nps | None:
    """NPS of a group, None where fewer than ``minimum`` of it are scored."""
    scored = responses[responses["score"].notna()]
    if len(scored) < max(minimum, 1) or scored["weight"].sum() <= 0:
        return None
    return net_promoter_score(scored["score"].to_numpy(dtype=float), scored["weight"].to_numpy(dtype=float))


def read_general(analysis: Analysis, minimum: int) -> tuple[General, ...]:
    """Count general praise and complaint among the commenters."""
    responses, mentions = analysis.survey.responses, analysis.mentions.table
    commenters = max(int(responses["comment"].notna().sum()), 1)
    found = []
    for theme in analysis.themes.themes:
        if theme.kind != "general":
            continue
        speakers = mentions.loc[mentions["theme_id"] == theme.theme_id, "response_id"]
        who = responses[responses["response_id"].isin(speakers)]
        if len(who) >= minimum:
            found.append(General(theme.theme_id, theme.name, len(who), len(who) / commenters, nps_of(who, minimum)))
    return tuple(sorted(found, key=lambda g: (-g.n, g.theme_id)))


def read_parents(analysis: Analysis) -> dict[str, Theme]:
    """Broader theme of every theme that has one."""
    known = analysis.themes.by_id()
    return {theme.theme_id: known[theme.parent_id] for theme in known.values() if theme.parent_id in known}


def _read_marked(table: pd.DataFrame, analysis: Analysis) -> tuple[Driver, ...]:
    """Read drivers with what their themes know: words to tell them by, and whether to confirm them with the next wave.

    On another score than the NPS, its name too.
    """
    ranked, edited = analysis.drivers.ranked_on, [t.theme_id for t in analysis.themes.themes if t.confirm_next_wave]
    measure = ranked.outcome.name if ranked else None
    said_with = {theme.theme_id: theme.said_with or None for theme in analysis.themes.themes}
    marked = {"confirm_next_wave": table["theme_id"].isin(edited), "said_with": table["theme_id"].map(said_with)}
    return read_drivers(table.assign(**marked, measure=measure))


def read_broader(analysis: Analysis, leaves: Sequence[Driver], minimum: int) -> tuple[Broader, ...]:
    """Gather the broader themes with their parts, in the order of their ranks, those without a rank last."""
    parents = read_parents(analysis)
    over = {parent.theme_id for parent in parents.values()}
    table = analysis.drivers.table
    rows = [d for d in _read_marked(table[table["theme_id"].isin(over)], analysis) if d.n >= minimum]
    rows.sort(key=lambda d: (d.rank is None, d.rank or 0, d.theme_id))
    return tuple(_broader(row, analysis, leaves) for row in rows)


def _broader(driver: Driver, analysis: Analysis, leaves: Sequence[Driver]) -> Broader:
    under = [theme for theme in analysis.themes.themes if theme.parent_id == driver.theme_id]
    ids = {theme.theme_id for theme in under}
    parts = sorted((d for d in leaves if d.theme_id in ids), key=lambda d: (d.rank is None, d.rank or 0, d.theme_id))
    known = {d.theme_id for d in parts}
    return Broader(driver, tuple(parts), tuple(theme.name for theme in under if theme.theme_id not in known))


def read_segments(analysis: Analysis, pains: tuple[Driver, ...], options: ReportOptions) -> tuple[SegmentView, ...]:
    """Gather each segment's values, lowest NPS first or as declared; segments whose values differ most come first."""
    scores, themes = analysis.drivers.segment_nps, analysis.drivers.segments
    themes = themes[themes["level"] == analysis.drivers.leaf_level]
    views = []
    for name in analysis.survey.segments:
        rows = scores[scores["segment"] == name]
        large = rows[rows["n"] >= options.minimum_group].sort_values(["n", "value"], ascending=[False, True])
        shown = large.head(options.segment_values)
        own = themes[themes["segment"] == name]
        groups = [_segment_value(row, own[own["value"] == row.value], options) for row in shown.itertuples()]
        places = {value: place for place, value in enumerate(analysis.survey.orders.get(name, ()))}
        groups.sort(key=lambda v, at=places: (at.get(v.value, 0), v.nps.score if v.nps else 0.0, v.value))  # type: ignore[misc]
        apart = differ([v.nps for v in groups if v.nps], len(analysis.survey.segments))
        told = read_contrasts(analysis, name, set(large["value"]), options.segment_contrasts)
        hidden = analysis.survey.responses[name].nunique() - len(large)
        views.append(SegmentView(name, tuple(groups), hidden, apart, told, bool(places)))
    return tuple(sorted(views, key=_least_alike_first))


def read_contrasts(analysis: Analysis, segment: str, large: set[str], most: int) -> tuple[str, ...]:
    """Sentences on the largest differences between a value of the segment and the others that beat the noise."""
    table = analysis.drivers.contrasts
    own = (table["segment"] == segment) & (table["level"] == analysis.drivers.leaf_level) & table["value"].isin(large)
    clear = table[own & table["above_noise"].fillna(False).astype(bool)]
    first = clear.sort_values("difference", key=np.abs, ascending=False, kind="stable").head(most)
    told = first[["effect", "effect_others", "pooled_effect", "pooled_effect_others"]].to_numpy(dtype=float)
    return tuple(relocated(sentence, row) for sentence, row in zip(first["sentence"], told.tolist(), strict=True))


def read_category_shares(analysis: Analysis, minimum: int) -> tuple[CategoryShares, ...]:
    """Share of every subject, broader ones left out, within each score category; detractors' commonest first."""
    table, broader = analysis.drivers.category_shares, {theme.parent_id for theme in analysis.themes.themes}
    subjects = {theme.theme_id for theme in analysis.themes.themes if theme.kind == "subject"} - broader
    known = table["commenters"] >= minimum
    table = table[table["theme_id"].isin(subjects)].assign(share=table["share"].where(known))
    enough = table.groupby("theme_id")["n"].sum() >= minimum
    wide = table.pivot(index=["theme_id", "name"], columns="category", values="share")[list(reversed(CATEGORIES))]
    wide = wide[enough.reindex(wide.index.get_level_values("theme_id")).to_numpy()]
    wide = wide.sort_values([*wide.columns, "theme_id"], ascending=[False] * len(wide.columns) + [True])
    kinds = [str(kind) for kind in wide.columns]
    rows = [[None if is_null(share) else float(share) for share in row] for row in wide.to_numpy()]
    return tuple(
        CategoryShares(str(theme_id), str(name), tuple(zip(kinds, row, strict=True)))
        for (theme_id, name), row in zip(wide.index, rows, strict=True)
    )


def _least_alike_first(view: SegmentView) -> tuple[float, str]:
    return -heterogeneity([group.nps for group in view.groups if group.nps]), view.name


def _segment_value(row: object, themes: pd.DataFrame, options: ReportOptions) -> SegmentValue:
    value, n, score, low, high = (getattr(row, key) for key in ("value", "n", "nps", "low", "high"))
    drivers = [d for d in read_drivers(themes) if d.n >= options.minimum_group]
    ranked = sorted((d for d in drivers if d.rank is not None and d.effect < 0), key=lambda d: d.rank or 0)
    nps = None if is_null(score) else Nps(float(score), float(low), float(high), int(n))
    worst = tuple(ranked[: options.segment_themes])
    return SegmentValue(str(value), int(n), nps, worst, {d.theme_id: d for d in drivers})


def heterogeneity(groups: list[Nps]) -> float:
    """Cochran's Q per degree of freedom: 1 where the groups differ as chance would have them.

    Source
    ------
    Cochran (1954), "The combination of estimates from different experiments", Biometrics 10.
    """
    if len(groups) < 2:
        return 0.0
    score = np.array([g.score for g in groups])
    precision = (2 * Z95 / np.maximum([g.high - g.low for g in groups], 1e-9)) ** 2
    mean = np.sum(precision * score) / np.sum(precision)
    return float(np.sum(precision * (score - mean) ** 2) / (len(groups) - 1))


def differ(groups: list[Nps], looks: int = 1) -> bool:
    """Whether groups differ by more than chance: Cochran's Q at 5 %, shared among ``looks`` comparisons."""
    from scipy.stats import chi2

    if len(groups) < 2:
        return False
    freedom = len(groups) - 1
    return bool(chi2.sf(heterogeneity(groups) * freedom, freedom) < 0.05 / looks)


def every_period(survey: Survey) -> pd.PeriodIndex:
    """Weeks, months or quarters of the scored responses, whichever suits the span of dates; empty under two."""
    dated = survey.responses[survey.responses["date"].notna() & survey.responses["score"].notna()]
    dates = pd.to_datetime(dated["date"]).dt.tz_localize(None)
    if dated.empty:
        return pd.PeriodIndex([], freq="M")
    span = (dates.max() - dates.min()).days
    freq = "W" if span <= WEEKLY_UP_TO else "M" if span <= MONTHLY_UP_TO else "Q"
    every = pd.period_range(dates.min(), dates.max(), freq=freq)
    return every if len(every) > 1 else every[:0]


def to_periods(dates: pd.Series, every: pd.PeriodIndex) -> pd.PeriodIndex:
    """Period of each date, of the kind of ``every``."""
    return pd.PeriodIndex(pd.to_datetime(dates).dt.tz_localize(None), freq=every.freq)


def read_periods(survey: Survey, minimum: int) -> tuple[Period, ...]:
    """NPS by week, month or quarter; empty periods keep their place."""
    every = every_period(survey)
    if not len(every):
        return ()
    dated = survey.responses[survey.responses["date"].notna() & survey.responses["score"].notna()]
    found = dict(list(dated.groupby(to_periods(dated["date"], every))))
    freq = every.freqstr[0]
    return tuple(_period(key, found.get(key, dated.iloc[:0]), minimum, freq) for key in every)


def _period(key: pd.Period, responses: pd.DataFrame, minimum: int, freq: str) -> Period:
    start = key.start_time
    name = {"W": day(start.date()), "M": month(start.date()), "Q": f"Q{start.quarter} {start.year}"}[freq]
    return Period(name, len(responses), nps_of(responses, minimum))


def _date_range(survey: Survey) -> str:
    dates = survey.responses["date"].dropna()
    if dates.empty:
        return ""
    first, last = day(dates.min().date()), day(dates.max().date())
    return first if first == last else f"{first} \u2013 {last}"
