"""What would be read from a survey, said before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from verbatim.accounts import clustered
from verbatim.config import Config
from verbatim.given import Given, read_given
from verbatim.ledger import count_read
from verbatim.nps import net_promoter_score
from verbatim.records import Survey
from verbatim.survey.read import read_survey

_SHOWN_REJECTED = 10


def read_configured(source: str | Path, config: Config) -> Survey:
    """Read a survey with all the options that concern reading. Raises as `read_survey`."""
    return read_survey(
        source, options=config.survey, join=config.join, groups=config.segments, accounts=config.accounts
    )


def check_survey(source: str | Path, config: Config) -> dict[str, Any]:
    """Read a survey and describe it: columns with their roles and reasons, the row ledger, what is rejected and why.

    Raises
    ------
    SurveyError
        As `read_survey`.
    """
    given = read_given(config.themes)
    survey = read_configured(source, config)
    scored = survey.responses[survey.responses["score"].notna()]
    clusters = clustered(survey, config.accounts)
    reasons = survey.rejected["reason"].value_counts()
    return {
        "source": survey.reading.source,
        "layout": survey.reading.layout,
        "columns": [{"name": c.name, "role": c.role, "reason": c.reason} for c in survey.reading.columns],
        "notes": [*survey.reading.notes, *([clusters[1]] if clusters else [])],
        "join": asdict(survey.reading.join) if survey.reading.join else None,
        "guided_by": [*_said_of(given)],
        "ledger": count_read(survey),
        "nps": (clusters[0] if clusters else net_promoter_score(scored["score"], scored["weight"]))._asdict()
        if scored["weight"].sum() > 0
        else None,
        "segments": {name: survey.responses[name].value_counts().to_dict() for name in survey.segments},
        "rejected_reasons": {str(reason): int(n) for reason, n in reasons.items()},
        "rejected_rows": [
            {"row": int(row), "reason": str(reason)}
            for row, reason in survey.rejected[["row", "reason"]].head(_SHOWN_REJECTED).itertuples(index=False)
        ],
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
        *reading.notes,
    ]


def as_lines(found: Mapping[str, Any]) -> list[str]:
    """Lay a description out for people."""
    ledger, nps = found["ledger"], found["nps"]
    lines = [f"{found['source']}  ({found['layout']})", ""]
    width = max((len(column["name"]) for column in found["columns"]), default=0)
    width = min(width, 44)
    for column in found["columns"]:
        name = column["name"] if len(column["name"]) <= width else column["name"][: width - 1] + "\u2026"
        lines.append(f"  {name:<{width}}  {column['role']:<13} {column['reason']}")
    lines += ["", f"  {ledger['rows_in']:,} rows = {ledger['responses']:,} responses + {ledger['rejected']:,} rejected"]
    lines.append(f"  {ledger['scored']:,} scored, {ledger['with_comment']:,} with a comment")
    if nps:
        lines.append(f"  NPS {nps['score']:+.1f} [{nps['low']:.1f}, {nps['high']:.1f}]")
    for name, sizes in found["segments"].items():
        lines.append(f"  {name}: " + ", ".join(f"{value} {size:,}" for value, size in list(sizes.items())[:8]))
    lines += [f"  Rejected: {n:,} x {reason}" for reason, n in found["rejected_reasons"].items()]
    lines += [f"    row {entry['row']}: {entry['reason']}" for entry in found["rejected_rows"]]
    lines += [f"  {line}" for line in found["guided_by"]]
    return [*lines, *(f"  Note: {note}" for note in found["notes"])]
