"""Two runs in, what moved the NPS between them out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from verbatim.change.codebook import codebook_lines, no_codebook_line, with_codebook
from verbatim.change.invited import largest_gap, rate_changes, said_of_rates
from verbatim.change.ledger import account_for_change
from verbatim.change.moves import mark_moves
from verbatim.change.options import ChangeOptions
from verbatim.change.standing import standing
from verbatim.change.wave import Wave, read_wave
from verbatim.change.who import WhoAnswered, who_answered
from verbatim.change.words import headline, sentences
from verbatim.nps import Nps
from verbatim.records import Analysis, Mentions, Theme
from verbatim.report.newcomers import Newcomer, read_newcomers
from verbatim.report.options import ReportOptions
from verbatim.shown import Shown
from verbatim.themes.attach import mention_matrix
from verbatim.waves.recode import Coding, one_codebook, same_themes

WAVES = ("first", "second")


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Shown):
    """What moved the NPS from one wave to another.

    Attributes
    ----------
    sources : (str, str)
        The files the waves were read from.
    before, after : Nps
    change : (float, float, float)
        NPS points and the 95 % interval; respondents of both waves are clustered.
    table : DataFrame
        ``kind, segment, value, theme_id, name, points, low, high``: lines whose points sum to the change.
    summary : DataFrame
        ``kind, points, low, high``: the lines added up by kind.
    themes : DataFrame
        Theme by theme: shares and effects of both waves, their changes with intervals, ``share_moved`` and
        ``effect_moved`` (beat the noise, all themes together), ``status`` (in both, new, gone).
    who : WhoAnswered
        Mix and comment rates, and whether they could explain the change.
    sentences, notes : tuple of str
        What moved, in words; assumptions and what could not be told.
    newcomers : tuple of Newcomer
        What may be new: groups of comments of the second wave that fit none of the themes it was coded by, with quotes.
    """

    sources: tuple[str, str]
    before: Nps
    after: Nps
    change: tuple[float, float, float]
    table: pd.DataFrame
    summary: pd.DataFrame
    themes: pd.DataFrame
    who: WhoAnswered
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    newcomers: tuple[Newcomer, ...] = ()


def compare(
    first: Analysis | str | Path,
    second: Analysis | str | Path,
    *,
    recoded: Mentions | None = None,
    options: ChangeOptions | None = None,
) -> Comparison:
    """Account for the change in NPS from one wave to the next.

    Parameters
    ----------
    first, second : Analysis or run folder
        The earlier wave and the later one. ``compare(second, first)`` has every line with its sign turned.
    recoded : Mentions, optional
        One of the waves coded by the codebook of the other, where they differ. Without it the wave with fewer spans is
        coded by the other run's model.
    options : ChangeOptions, optional

    Raises
    ------
    RunFolderError
        A run cannot be read.
    SurveyError
        ``recoded`` belongs to neither wave.

    Source
    ------
    `verbatim.change.ledger.account_for_change`; docs/waves.md.
    """
    options = options or ChangeOptions()
    waves = tuple(one if isinstance(one, Analysis) else Analysis.load(one) for one in (first, second))
    coding = one_codebook(waves[0], waves[1], recoded, options.recode_up_to)
    pair = [
        wave_of(wave, mentions, coding.themes, label)
        for wave, mentions, label in zip(waves, coding.mentions, _labels(*waves), strict=True)
    ]
    ledger = account_for_change(pair[0], pair[1], options)
    themes = _with_standing(mark_moves(ledger, options.seed), pair[1], options)
    codebook = _codebook(coding, (waves[0], waves[1]), (pair[0], pair[1]), options)
    before, after = (wave.drivers.nps for wave in waves)
    refused = tuple(f"Wave {at + 1}: {reason}" for at, wave in enumerate(waves) for reason in wave.drivers.refusals)
    return Comparison(
        (waves[0].survey.reading.source, waves[1].survey.reading.source),
        before,
        after,
        ledger.change,
        with_codebook(ledger.lines, codebook),
        ledger.summary,
        themes,
        _with_rates(who_answered(pair[0], pair[1], options), waves[0], waves[1]),
        (headline(before, after, ledger.change), *sentences(ledger, themes)),
        (coding.note, *refused, *ledger.frame.notes),
        read_newcomers(waves[1], _report_options(waves[1])),
    )


def _report_options(wave: Analysis) -> ReportOptions:
    options = wave.manifest.get("options")
    return ReportOptions(**options["report"]) if isinstance(options, dict) else ReportOptions()


def _with_rates(who: WhoAnswered, first: Analysis, second: Analysis) -> WhoAnswered:
    """Add who was invited, responded and commented, where both files say so."""
    rates = rate_changes(first.survey.rates, second.survey.rates)
    gap = largest_gap(pd.concat([wave.drivers.segment_nps for wave in (first, second)], ignore_index=True))
    said, warned = said_of_rates(rates, (first.drivers.nps.score, second.drivers.nps.score), gap)
    return replace(who, rates=rates, sentences=said, warnings=(*who.warnings, *warned))


def _with_standing(themes: pd.DataFrame, wave: Wave, options: ChangeOptions) -> pd.DataFrame:
    """Add the interval of the second wave's shares; a theme it does not know has none to speak of."""
    found = standing(wave, options).set_index("theme_id")[["share_low", "share_high"]]
    return themes.join(found, on="theme_id").fillna({"share_low": 0.0, "share_high": 0.0})


def _labels(first: Analysis, second: Analysis) -> tuple[str, str]:
    """Names of the waves for telling people apart: a run compared with itself is one wave."""
    return (
        first.survey.reading.sha256,
        second.survey.reading.sha256,
    )


def wave_of(analysis: Analysis, mentions: Mentions, themes: tuple[Theme, ...], label: str) -> Wave:
    """Read a wave from a run: found themes only, without general praise and complaint."""
    responses = analysis.survey.responses.set_index("response_id", drop=False)
    over = {theme.parent_id for theme in themes}
    found = [theme for theme in themes if theme.kind != "general" and theme.theme_id not in over]
    ids = [theme.theme_id for theme in found]
    names = pd.DataFrame({"name": [theme.name for theme in found]}, index=pd.Index(ids, name="theme_id", dtype="str"))
    segments = list(analysis.survey.segments)
    return read_wave(
        mention_matrix(mentions, responses["response_id"], ids),
        responses["score"],
        responses[segments] if segments else None,
        label=label,
        weight=responses["weight"],
        commented=analysis.spans.made_by(responses["response_id"]),
        respondent=responses["respondent_id"],
        themes=names,
    )


def _codebook(
    coding: Coding, runs: tuple[Analysis, Analysis], pair: tuple[Wave, Wave], options: ChangeOptions
) -> pd.DataFrame:
    """Lines of the codebook: one wave coded by its own codebook and by the other's, its NPS the same."""
    if coding.recoded is None:
        return no_codebook_line()
    which = coding.recoded
    run, alike = runs[which], same_themes(runs[0].themes.model, runs[1].themes.model)
    own = wave_of(run, run.mentions, run.themes.themes, _labels(*runs)[which])
    ends = (own, pair[0]) if which == 0 else (pair[1], own)
    return codebook_lines(*ends, alike, WAVES, options)
