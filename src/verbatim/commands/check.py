"""What would be read from a survey, said before anything is computed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from verbatim.analysis.accounts import clustered
from verbatim.analysis.beside import chosen_outcome, outcome_table, said_of_outcomes
from verbatim.analysis.given import Given, read_given
from verbatim.analysis.journey import stage_table
from verbatim.analysis.read import read_configured
from verbatim.config import Config
from verbatim.drivers.refusals import routed_questions
from verbatim.ledger import count_read
from verbatim.nps import net_promoter_score
from verbatim.pipeline import json_rows
from verbatim.records import Reading, Role, Survey
from verbatim.survey.attributes import JOINED
from verbatim.survey.repeats import without_row
from verbatim.text.redact import refuse_addresses
from verbatim.text.respondent_key import read_key

_SHOWN_REJECTED = 10
_ONE: tuple[Role, ...] = ("score", "comment", "date", "response_id", "respondent_id", "weight")
_READING = ("survey", "join", "segments", "accounts", "outcomes", "invitations")


def check_survey(source: str | Path, config: Config) -> dict[str, Any]:
    """Read a survey and describe it: columns with their roles and reasons, the row ledger, what is rejected and why.

    Raises
    ------
    SurveyError
        As `read_survey`.
    """
    given = read_given(config.themes)
    key = read_key(config.redact.hash_key)
    survey = read_configured(source, config)
    refuse_addresses(survey, key)
    chosen_outcome(survey, config.drivers.outcome)
    least = config.report.minimum_group
    rates = survey.rates[survey.rates["invited"] >= least] if len(survey.rates) else survey.rates
    scored = survey.responses[survey.responses["score"].notna()]
    dates = survey.responses["date"].dropna()
    clusters = clustered(survey, config.accounts)
    reasons = survey.rejected["reason"].map(without_row).value_counts()
    outcomes = outcome_table(survey)
    asked = survey.answers["question"].value_counts(sort=False)
    return {
        "source": survey.reading.source,
        "layout": survey.reading.layout,
        "tool": survey.reading.tool or None,
        "columns": [{"name": c.name, "role": c.role, "reason": c.reason} for c in survey.reading.columns],
        "questions": {str(question): int(n) for question, n in asked.items()},
        "routed": list(routed_questions(survey.answers, survey.responses)),
        "notes": [*survey.reading.notes, *([clusters[1]] if clusters else [])],
        "changed": dict(survey.reading.changed),
        "join": asdict(survey.reading.join) if survey.reading.join else None,
        "guided_by": [*_said_of(given)],
        "ledger": count_read(survey),
        "nps": (clusters[0] if clusters else net_promoter_score(scored["score"], scored["weight"]))._asdict()
        if scored["weight"].sum() > 0
        else None,
        "dates": {"first": str(dates.min().date()), "last": str(dates.max().date())} if len(dates) else None,
        "segments": {name: survey.responses[name].value_counts().to_dict() for name in survey.segments},
        "outcomes": json_rows(outcomes),
        "outcomes_said": list(said_of_outcomes(outcomes)),
        "journey": json_rows(stage_table(survey, least)),
        "response_rates": json_rows(rates),
        "rejected_reasons": {str(reason): int(n) for reason, n in reasons.items()},
        "rejected_rows": [
            {"row": int(row), "reason": str(reason)}
            for row, reason in survey.rejected[["row", "reason"]].head(_SHOWN_REJECTED).itertuples(index=False)
        ],
        "suggested_toml": suggested_toml(survey.reading, config),
    }


def _said_of(given: Given) -> Iterator[str]:
    if given.codebook:
        yield f"Codebook: {given.codebook.source}, {len(given.codebook.themes)} themes"
    if given.coded:
        named = given.codebook.names if given.codebook else ()
        new = {name.casefold() for name in given.coded.names} - {name.casefold() for name in named}
        beside = f", {len(new)} not in the codebook" if given.codebook else ""
        yield (
            f"Coded comments: {given.coded.source}, {len(given.coded.comments):,} comments, "
            f"{len(given.coded.names)} codes{beside}"
        )


def suggested_toml(reading: Reading, config: Config) -> str:
    """A verbatim.toml that says what was recognised, and all that ``config`` says already about reading."""
    taken: dict[Role, list[str]] = {}
    for column in reading.columns:
        if not column.reason.startswith(JOINED):  # the join brings those again
            taken.setdefault(column.role, []).append(column.name)
    survey: dict[str, object] = {role: taken[role][0] for role in _ONE if role in taken}
    if len(taken.get("comment", ())) > 1:
        survey["comment"] = taken["comment"]
    survey["segments"] = taken.get("segment", [])
    found = {"survey": survey, "outcomes": {"columns": taken["outcome"]} if "outcome" in taken else {}}
    said = config.model_dump(mode="json", include=set(_READING), exclude_unset=True, exclude_none=True)
    parts = {part: found.get(part, {}) | said.get(part, {}) | found.get(part, {}) for part in _READING}
    return "\n".join(
        "".join([f"[{part}]\n", *(f"{name} = {_toml(value)}\n" for name, value in options.items())])
        for part, options in parts.items()
        if options
    )


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(of)}" for key, of in value.items()) + " }"
        )
    return json.dumps(value, ensure_ascii=False)


def reading_lines(survey: Survey) -> list[str]:
    """Say in a few lines what was read from where."""
    reading = survey.reading
    roles: dict[str, list[str]] = {}
    for column in reading.columns:
        roles.setdefault(column.role, []).append(column.name)
    chosen = "; ".join(f"{role}: {', '.join(names)}" for role, names in roles.items() if role != "ignored")
    return [
        f"{reading.source} ({reading.layout}): {reading.rows_in:,} rows = {len(survey.responses):,} responses"
        f" + {len(survey.rejected):,} rejected",
        chosen,
        *(f"score: {column.reason}" for column in reading.columns if column.role == "score"),
        *(f"{n:,} x {what}" for what, n in reading.changed.items()),
        *reading.notes,
    ]
