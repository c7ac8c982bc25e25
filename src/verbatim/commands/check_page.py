"""The page that `verbatim check` prints: what was found, why, what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from verbatim.survey.repeats import without_row

_ROLES = {
    "score": "score",
    "comment": "comment",
    "date": "date",
    "response_id": "response id",
    "respondent_id": "respondent",
    "account": "account",
    "weight": "weight",
    "outcome": "other score",
    "invited": "invited",
    "segment": "segment",
    "contact": "kept out",
    "ignored": "left out",
}
"""Roles in the order in which a reader wants them, with the words for them."""
_SHOWN_OF_A_ROLE, _SHOWN_VALUES, _SHOWN_REASONS, _LONGEST_NAME, _SHOWN_RATES = 20, 8, 12, 44, 30
_SHOWN_SEGMENTS = 20


def print_check(found: Mapping[str, Any], console: Console | None = None) -> None:
    """Print the description that `verbatim.commands.check.check_survey` gives."""
    console = console or Console(highlight=False, soft_wrap=False)
    console.print(Text(found["source"], style="bold"))
    told = "recognised by its columns" if found["tool"] else "no survey tool recognised: names and contents tell"
    console.print(Text(f"{found['layout']}; {told}"))
    for title, content in _sections(found):
        console.print(Text(f"\n{title}", style="bold"))
        console.print(Padding(content, (0, 0, 0, 2), expand=False))


def _sections(found: Mapping[str, Any]) -> Iterator[tuple[str, RenderableType]]:
    yield "Columns", _columns(found["columns"])
    yield "Rows", _lines(_rows(found))
    if found["segments"]:
        yield "Segments", _lines(_segments(found["segments"]))
    if found["outcomes"]:
        yield "Other scores", _lines(found["outcomes_said"])
    if found["journey"]:
        yield "Stages, in their order", _lines(_stages(found["journey"]))
    if found["response_rates"]:
        yield "Who was invited", _rates(found["response_rates"])
    if found["rejected_reasons"]:
        yield "Rejected, with the reason", _lines(_rejected(found))
    if found["changed"]:
        yield "Changed on the way", _lines(f"{n:,} x {what}" for what, n in found["changed"].items())
    notes = [*found["guided_by"], *found["routed"], *found["notes"]]
    if notes:
        yield "To know", _lines(notes)
    yield "To keep these choices, save this as verbatim.toml", _lines(found["suggested_toml"].splitlines())
    name = found["source"]
    yield "Next", _lines([f"verbatim run {name} --config verbatim.toml --out run/"])


def _columns(columns: list[dict[str, str]]) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(max_width=_LONGEST_NAME, no_wrap=True, overflow="ellipsis")
    table.add_column()
    more: list[str] = []
    for role, word in _ROLES.items():
        of_role = [column for column in columns if column["role"] == role]
        for column in of_role[:_SHOWN_OF_A_ROLE]:
            style = "dim" if role in ("contact", "ignored") else ""
            name = Text(" ".join(column["name"].split()), style=style)
            table.add_row(Text(word, style=style or "cyan"), name, Text(column["reason"], style=style))
        if len(of_role) > _SHOWN_OF_A_ROLE:
            more.append(f"{len(of_role) - _SHOWN_OF_A_ROLE:,} more {word} (all with --json)")
    return Group(table, *map(Text, more))


def _rows(found: Mapping[str, Any]) -> Iterator[str]:
    ledger, nps, dates = found["ledger"], found["nps"], found["dates"]
    yield f"{ledger['rows_in']:,} rows = {ledger['responses']:,} responses + {ledger['rejected']:,} rejected"
    when = f", from {dates['first']} to {dates['last']}" if dates else ""
    yield f"{ledger['scored']:,} scored, {ledger['with_comment']:,} with a comment{when}"
    if nps:
        yield f"NPS {nps['score']:+.1f} [{nps['low']:.1f}, {nps['high']:.1f}], the 95 % interval in brackets"
    if len(found["questions"]) > 1:
        yield "Open questions, with their answers:"
        for question, n in found["questions"].items():
            yield f"  {n:,}  {question}"


def _segments(segments: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    for name, sizes in list(segments.items())[:_SHOWN_SEGMENTS]:
        shown = ", ".join(f"{value} {size:,}" for value, size in list(sizes.items())[:_SHOWN_VALUES])
        left = len(sizes) - _SHOWN_VALUES
        yield f"{name}: {shown}" + (f" and {left} more" if left > 0 else "")
    if len(segments) > _SHOWN_SEGMENTS:
        yield f"{len(segments) - _SHOWN_SEGMENTS:,} more segments (all with --json)"


def _stages(stages: list[dict[str, Any]]) -> Iterator[str]:
    for stage in stages:
        figures = "too few to show"
        if stage["n"] is not None:
            interval = f"[{stage['nps_low']:z.1f}, {stage['nps_high']:z.1f}]"
            figures = f"{stage['n']:,} scored ({stage['response_share']:.1%}), NPS {stage['nps']:+z.1f} {interval}"
        yield f"{stage['segment']} {stage['place']}. {stage['stage']}: {figures}"


def _rates(rates: list[dict[str, Any]]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", max_width=_LONGEST_NAME, no_wrap=True, overflow="ellipsis")
    for heading in ("invited", "responded, %", "commented, % of those"):
        table.add_column(heading, justify="right")
    for row in rates[:_SHOWN_RATES]:
        name = row["by"] if row["by"] == row["value"] else f"{row['by']}: {row['value']}"
        cells = []
        for what in ("response", "comment"):
            rate, low, high = (row[f"{what}_{part}"] for part in ("rate", "low", "high"))
            cells.append("" if rate is None else f"{100 * rate:.1f} [{100 * low:.1f}, {100 * high:.1f}]")
        table.add_row(Text(name), f"{row['invited']:,}", *cells)
    more = len(rates) - _SHOWN_RATES
    return Group(table, *([Text(f"{more:,} more rows (all with --json)")] if more > 0 else []))


def _rejected(found: Mapping[str, Any]) -> Iterator[str]:
    reasons = list(found["rejected_reasons"].items())
    first = {without_row(entry["reason"]): entry["row"] for entry in reversed(found["rejected_rows"])}
    for reason, n in reasons[:_SHOWN_REASONS]:
        where = f" (first in row {first[reason]:,})" if reason in first else ""
        yield f"{n:,} x {reason}{where}"
    if len(reasons) > _SHOWN_REASONS:
        yield f"and {len(reasons) - _SHOWN_REASONS:,} further reasons; `verbatim run` writes all rows to rejected.csv"


def _lines(lines: Any) -> RenderableType:
    return Group(*(Text(line) for line in lines))
