"""The commands what-if and power: changes as people type them, and what is printed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verbatim.drivers.options import DriverOptions
from verbatim.drivers.planning.power import Power, PowerOptions
from verbatim.drivers.planning.what_if import WhatIf
from verbatim.errors import ConfigError
from verbatim.records import Analysis, Drivers

_AMOUNT = re.compile(r"([+-]?)(\d+(?:\.\d*)?|\.\d+)\s*(%?)")
_WIDTH = 100


def parse_changes(texts: Sequence[str]) -> dict[str, float]:
    """Read the changes of themes.

    Raises
    ------
    ConfigError
        A text is not THEME=CHANGE, or a theme is named twice.

    Examples
    --------
    >>> parse_changes(["T03=-50%", "Billing errors = +0.2"])
    {'T03': -0.5, 'Billing errors': 0.2}
    """
    changes: dict[str, float] = {}
    for text in texts:
        theme, equals, amount = (part.strip() for part in text.rpartition("="))
        if not equals or not theme:
            raise ConfigError(f'"{text}" is no change. Write THEME=CHANGE, such as "T03=-50%" or "Late calls=+20%".')
        if theme in changes:
            raise ConfigError(f'"{theme}" is named twice. Name every theme once.')
        changes[theme] = _amount(amount, text)
    return changes


def _amount(amount: str, text: str) -> float:
    match = _AMOUNT.fullmatch(amount.replace("\N{MINUS SIGN}", "-"))
    if match is None:
        raise ConfigError(
            f'"{text}": "{amount}" is no change. Write it in percent (-50%, +20%) or as a fraction (-0.5, 0.2).'
        )
    sign, number, percent = match.groups()
    value = float(number) / (100 if percent else 1)
    if value > 1 and not percent:
        raise ConfigError(f'"{text}": write {sign}{number}% for {number} percent; fractions run from -1 to 1.')
    return -value if sign == "-" else value


def what_if_json(answer: WhatIf) -> str:
    """Return the answer as JSON, for machines."""
    content = {
        "points": answer.points,
        "low": answer.low,
        "high": answer.high,
        "nps_before": answer.nps_before,
        "nps_after": answer.nps_after,
        "sentence": answer.sentence,
        "warnings": list(answer.warnings),
        "themes": json.loads(answer.table.to_json(orient="records", double_precision=15)),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def print_what_if(answer: WhatIf) -> None:
    """Print the sentence, the themes where there are several, and the warnings."""
    console = Console(width=_WIDTH)
    console.print(escape(answer.sentence), highlight=False)
    if len(answer.table) > 1:
        console.print(_changes(answer.table))
    for warning in answer.warnings:
        console.print(f"Note: {escape(warning)}", highlight=False)


def _changes(changes: pd.DataFrame) -> Table:
    table = Table()
    for heading in ("theme", "change", "share before", "after", "points", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in changes.itertuples():
        table.add_row(
            escape(str(row.name)), f"{row.change:+.0%}", f"{row.share_before:.1%}", f"{row.share_after:.1%}",
            f"{row.points:+z.1f}", f"[{row.low:+z.1f}, {row.high:+z.1f}]",
        )  # fmt: skip
    return table


def plan_of(run: Path | None, planned: Mapping[str, float | None]) -> tuple[Drivers | None, PowerOptions]:
    """Return the drivers of ``run`` with its least mentions, or the options of a survey planned without a run.

    Raises
    ------
    ConfigError
        A run and options of a planned survey are both given.
    RunFolderError
        The run cannot be read.
    """
    given = {name: value for name, value in planned.items() if value is not None}
    if run is None:
        return None, PowerOptions.model_validate(given)
    if given:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ConfigError(f"With --run the survey's own figures are taken. Leave out {named}, or leave out --run.")
    analysis = Analysis.load(run)
    options = analysis.manifest.get("options")
    least = options["drivers"]["min_mentions"] if isinstance(options, dict) else DriverOptions().min_mentions
    return analysis.drivers, PowerOptions(min_mentions=least)


def power_json(found: Power) -> str:
    """Return the curve as JSON, for machines."""
    content = {
        "theme": found.theme,
        "effect": found.effect,
        "share": found.share,
        "themes": found.themes,
        "needed": found.needed,
        "sentence": found.sentence,
        "curve": json.loads(found.table.to_json(orient="records", double_precision=15)),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def print_power(found: Power) -> None:
    """Print the curve and what it comes to."""
    console, table = Console(width=_WIDTH), Table()
    for heading in ("responses", "who mention it", "found", "rank right", "among the first three"):
        table.add_column(heading, justify="right")
    shown = found.table.astype(float).itertuples(index=False, name=None)
    for size, mentioners, marked, right, first in shown:
        top = f"{first:.0%}" if math.isfinite(first) else "-"
        table.add_row(f"{size:,.0f}", f"{mentioners:,.0f}", f"{marked:.0%}", f"{right:.0%}", top)
    if found.theme is not None:
        console.print(f'As common as "{escape(found.theme)}" in this run.', highlight=False)
    console.print(table)
    console.print(escape(found.sentence), highlight=False)
    console.print(
        'Found: marked as above noise among all themes. Rank right: ranked exactly where it truly stands. "Among the '
        'first three" is said of a driver that truly is.',
        highlight=False,
    )
