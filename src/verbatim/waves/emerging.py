"""Emerging pain points: groups of comments that fit no theme, by what their growth costs."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from verbatim.change.options import ChangeOptions
from verbatim.change.standing import standing
from verbatim.nps import net_promoter_score
from verbatim.records import Analysis, Mentions, ProposedTheme, Theme, Themes
from verbatim.themes.discover import PROPOSED_FROM
from verbatim.waves.compare import wave_of

FEWEST_SCORED = 10


def rank_proposed(analysis: Analysis, options: ChangeOptions | None = None) -> Themes:
    """Join the proposed themes of a run with the scores they come with, those whose growth costs most first.

    The effect is that of the drivers (`verbatim.change.standing`), each proposed theme a theme beside the found ones;
    what of it the growth makes is ``growth_points``. Themes were proposed before a score was looked at. Those too rare
    for an effect stand after the pain points, the fastest growing first, those that add points last. Where effects are
    refused, nothing is joined.
    """
    themes = analysis.themes
    if not themes.proposed or analysis.drivers.refusals:
        return themes
    who = [_speakers(analysis, theme) for theme in themes.proposed]
    effects = _effects(analysis, who, options or ChangeOptions())
    found = [_scored(analysis, *each) for each in zip(themes.proposed, who, effects, strict=True)]
    return replace(themes, proposed=tuple(sorted(found, key=_order)))


def _order(theme: ProposedTheme) -> tuple[int, float, float, str]:
    points = theme.growth_points
    place = 1 if points is None else 0 if points < 0 else 2
    return place, points or 0.0, theme.n_expected - theme.n_comments, theme.name


def _speakers(analysis: Analysis, theme: ProposedTheme) -> pd.Series:
    """Response ids of those who speak of a proposed theme."""
    spans = analysis.spans.table
    return spans.loc[spans["span_id"].isin(theme.spans), "response_id"].drop_duplicates()


def _effects(
    analysis: Analysis, who: list[pd.Series], options: ChangeOptions
) -> list[tuple[float | None, float | None, float | None]]:
    """Effect and interval of each proposed theme; None where it is too rare, or a part of a survey was searched."""
    if analysis.spans.table["response_id"].nunique() > PROPOSED_FROM:
        return [(None, None, None)] * len(who)
    ids = [f"proposed {at}" for at in range(len(who))]
    said = [
        pd.DataFrame({"response_id": one, "theme_id": theme, "sentiment": 0.0, "n_spans": 1})
        for theme, one in zip(ids, who, strict=True)
    ]
    new = tuple(Theme(one, one, (), "", None, 1, "subject", "found", 0, (), ()) for one in ids)
    mentions = Mentions(pd.concat([analysis.mentions.table, *said], ignore_index=True))
    table = standing(wave_of(analysis, mentions, (*analysis.themes.themes, *new), ""), options).set_index("theme_id")
    rows = table[["effect", "effect_low", "effect_high"]].reindex(ids).to_numpy(dtype=float)
    return [(None, None, None) if math.isnan(row[0]) else (row[0], row[1], row[2]) for row in rows.tolist()]


def _scored(
    analysis: Analysis,
    theme: ProposedTheme,
    who: pd.Series,
    effect: tuple[float | None, float | None, float | None],
) -> ProposedTheme:
    responses = analysis.survey.responses
    spoke = responses[responses["response_id"].isin(who) & responses["score"].notna()]
    points, low, high = effect
    grown = None if points is None else points * (theme.n_comments - theme.n_expected) / theme.n_comments
    theme = replace(
        theme, n_scored=len(spoke), effect=points, effect_low=low, effect_high=high, growth_points=grown
    )  # fmt: skip
    if len(spoke) < FEWEST_SCORED or spoke["weight"].sum() <= 0:
        return theme
    nps = net_promoter_score(spoke["score"].to_numpy(dtype=float), spoke["weight"].to_numpy(dtype=float))
    return replace(theme, nps=nps.score, nps_low=nps.low, nps_high=nps.high)
