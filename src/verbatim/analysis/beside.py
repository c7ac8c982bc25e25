"""Scores beside the NPS in the analysis: summarised, held against the NPS, and ranked on in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from verbatim.drivers.refusals import MIN_COMMENTERS, routed_questions
from verbatim.errors import ConfigError, TooFewResponses
from verbatim.intervals import rank_correlation, wilson
from verbatim.nps import category, net_promoter_score, points
from verbatim.records import Drivers, Survey
from verbatim.scales import Outcome, RankedOutcome, box

OUTCOME_COLUMNS = (
    "outcome", "scale", "top", "bottom", "n", "mean", "mean_low", "mean_high", "top_share", "top_low", "top_high",
    "net", "net_low", "net_high", "n_with_nps", "correlation", "correlation_low", "correlation_high",
)  # fmt: skip
STAND_INS = {100.0: 10.0, 0.0: 8.0, -100.0: 0.0}
"""What reads as a promoter, a passive and a detractor, so that one estimator serves every score."""


def outcome_table(survey: Survey) -> pd.DataFrame:
    """Summarise every further score.

    Returns
    -------
    DataFrame
        ``OUTCOME_COLUMNS``. Mean and ``top_share`` (0-1) are weighted; their intervals use Kish's effective number, by
        Student's t and by Wilson. ``net`` is top box less bottom box in points, with the interval of the NPS.
        ``correlation`` is Spearman's, of the answers with the NPS category, over the ``n_with_nps`` responses that
        have both, unweighted.
    """
    rows = [_summary(survey, outcome) for outcome in survey.outcomes]
    return pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS))


def _summary(survey: Survey, outcome: Outcome) -> list[object]:
    from scipy.stats import t

    given = survey.responses[survey.responses[outcome.name].notna() & survey.responses["weight"].gt(0)]
    boxes = [outcome.name, outcome.scale, box(outcome.top), box(outcome.bottom), len(given)]
    if given.empty:
        return [*boxes, *[np.nan] * 9, 0, *[np.nan] * 3]
    answers, w = given[outcome.name].to_numpy(dtype=float), given["weight"].to_numpy(dtype=float)
    n = float(w.sum() ** 2 / np.sum(w**2))
    mean = float(np.average(answers, weights=w))
    spread = np.sqrt(float(np.average((answers - mean) ** 2, weights=w)) / (n - 1)) if n > 1 else np.nan
    half = float(t.ppf(0.975, n - 1) * spread) if n > 1 else np.nan
    top = float(np.average(np.isin(answers, outcome.top), weights=w))
    low, high = wilson(top, n)
    net = net_promoter_score(stand_in(outcome, given), w)
    both = given[given["score"].notna()]
    related = rank_correlation(both[outcome.name], points(both["score"]))
    return [
        *boxes, mean, mean - half, mean + half, top, float(low), float(high), net.score, net.low, net.high,
        related.n, related.value, related.low, related.high,
    ]  # fmt: skip


def said_of_outcomes(table: pd.DataFrame) -> Iterator[str]:
    """Say in a sentence each what the further scores read."""
    for row in table[table["n"] > 0].to_dict("records"):
        related = "it cannot be set against the NPS"
        if row["correlation"] == row["correlation"]:
            related = (
                f"its correlation with the NPS category is {row['correlation']:.2f} "
                f"[{row['correlation_low']:.2f}, {row['correlation_high']:.2f}]"
            )
        yield (
            f"{row['outcome']} ({row['scale']}): mean {row['mean']:.2f} [{row['mean_low']:.2f}, {row['mean_high']:.2f}]"
            f", {100 * row['top_share']:.1f} % [{100 * row['top_low']:.1f}, {100 * row['top_high']:.1f}] in the top "
            f"box ({row['top']}), from {row['n']:,} answers; {related}."
        )


def stand_in(outcome: Outcome, responses: pd.DataFrame) -> pd.Series:
    """Score 10, 8 or 0 for the top box, the middle and the bottom box; null stays null.

    Examples
    --------
    >>> stand_in(Outcome("CSAT", "CSAT", "1-5", (4, 5), (1, 2)), pd.DataFrame({"CSAT": [5, 3, 1]})).tolist()
    [10.0, 8.0, 0.0]
    """
    return outcome.points(responses[outcome.name]).map(STAND_INS)


def chosen_outcome(survey: Survey, name: str | None) -> Outcome | None:
    """Score that ``drivers.outcome`` names, whatever its case; None for the NPS. Raises ConfigError for others."""
    if name is None or name.strip().casefold() == "nps":
        return None
    found = {one.casefold(): outcome for outcome in survey.outcomes for one in (outcome.name, outcome.column)}
    if name.strip().casefold() in found:
        return found[name.strip().casefold()]
    named = ", ".join(f'"{outcome.name}"' for outcome in survey.outcomes)
    raise ConfigError(
        f'{survey.reading.source}: drivers.outcome is "{name}", but '
        f"{f'the scores beside the NPS are {named}' if named else 'no score beside the NPS was found'}. Name one, or "
        'name its column in verbatim.toml:\n\n    [outcomes]\n    columns = ["..."]\n'
    )


def check_outcome(survey: Survey, name: str | None) -> None:
    """Refuse before any work a score on which no drivers can be ranked.

    Raises
    ------
    ConfigError
        No score has that name, or all gave the same answer, box by box.
    TooFewResponses
        Fewer than 60 of those who answered it left a comment.
    """
    outcome = chosen_outcome(survey, name)
    if outcome is None:
        return
    responses = survey.responses
    answered = responses[responses[outcome.name].notna() & responses["weight"].gt(0)]
    commented = answered[answered["comment"].notna()]
    if len(commented) < MIN_COMMENTERS:
        raise TooFewResponses(
            f'{survey.reading.source}: {len(commented)} responses have both a comment and an answer to "{outcome.name}"'
            f"; its drivers need at least {MIN_COMMENTERS}. Leave drivers.outcome out for the drivers of the NPS."
        )
    if outcome.points(commented[outcome.name]).nunique() < 2:
        raise ConfigError(
            f'{survey.reading.source}: all who answered "{outcome.name}" and commented are in one box ({outcome.said})'
            ", so it has no drivers. Set other boxes with outcomes.top and outcomes.bottom, or leave "
            "drivers.outcome out."
        )


def rank_on(outcome: Outcome, survey: Survey, rank: Callable[[pd.Series, tuple[str, ...]], Drivers]) -> Drivers:
    """Rank the themes on another score than the NPS.

    Parameters
    ----------
    outcome : Outcome
    survey : Survey
    rank : callable
        Scores 0-10, indexed as the mentions, and reasons against effects, to drivers.

    Returns
    -------
    Drivers
        Effects in points of the outcome; the NPS, that of the segments and the shares within NPS categories stay.
    """
    responses = survey.responses.set_index("response_id", drop=False)
    answers = stand_in(outcome, responses)
    nps = rank(responses["score"], ("counted only",))
    refusals = routed_questions(survey.answers, survey.responses)
    if not refusals:
        refusals = tuple(
            _reworded(line, outcome) for line in routed_questions(survey.answers, _by_box(survey, outcome))
        )
    drivers = rank(answers, refusals)
    ranked = RankedOutcome(outcome, drivers.nps)
    note = (
        f"The drivers are those of {outcome.name}, not of the NPS: points are its top box less its bottom box "
        f"({outcome.said}), which is {ranked.net.score:+z.1f} [{ranked.net.low:z.1f}, {ranked.net.high:z.1f}] over "
        f"{ranked.net.n:,} answers. Where an effect is split into promoters and detractors, read top and bottom box."
    )
    return replace(
        drivers,
        nps=nps.nps,
        segment_nps=nps.segment_nps,
        category_shares=nps.category_shares,
        notes=(note, *drivers.notes),
        ranked_on=ranked,
    )


def _by_box(survey: Survey, outcome: Outcome) -> pd.DataFrame:
    return survey.responses.assign(category=category(stand_in(outcome, survey.responses)))


def _reworded(line: str, outcome: Outcome) -> str:
    middle = "in the middle box"
    for kind, who in (("promoters", box(outcome.top)), ("detractors", box(outcome.bottom)), ("passives", middle)):
        line = line.replace(f" {kind}", f" with {outcome.name} {who}")
    return line.replace("on the score", f"on {outcome.name}").replace("its score", f"its {outcome.name}")
