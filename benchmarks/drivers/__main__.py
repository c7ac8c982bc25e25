"""How true the driver statistics are, on surveys whose truth was planted.

    python -m benchmarks.drivers                       200 surveys a line, some minutes
    python -m benchmarks.drivers --full                2,000 surveys and n = 10,000 for coverage, see parts.py
    python -m benchmarks.drivers --only coverage null  some parts
    python -m benchmarks.drivers --data DIR            also coin tosses on DIR/telco/telco_nps.csv

The market's number, leave-out impact, stands beside ours on the same surveys. The true effect of a theme is the NPS of
the population as generated, less its NPS with the theme's mentions switched off and every other draw kept
(docs/simulation.md). Every line is deterministic: surveys are drawn from the seeds 0, 1, ...
"""

import argparse
from pathlib import Path

from benchmarks.drivers.line import Line
from benchmarks.drivers.parts import FULL, QUICK, parts, simulate
from benchmarks.drivers.verdict import UNSURE


def show(lines: list[Line], count: int) -> None:
    """Print a table for the terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Driver statistics on planted truth, {count:,} surveys a line", show_lines=True)
    for heading in ("measure", "market's leave-out", "verbatim", "goal", ""):
        table.add_column(heading)
    for line in lines:
        table.add_row(line.measure, line.market, line.ours, line.goal, verdict(line))
    Console(width=170).print(table)


def as_markdown(lines: list[Line], asked: argparse.Namespace) -> str:
    """Make a table for docs/, its command above it."""
    command = f"python -m benchmarks.drivers {'--full' if asked.full else f'--surveys {asked.surveys}'}"
    command += f" --only {' '.join(asked.only)}" if asked.only else ""
    rows = [
        f"| {line.measure} | {line.market} | {line.ours} | {line.goal} | {verdict(line)} |".replace("<=", "≤")
        for line in lines
    ]
    head = ["| measure | market's leave-out | verbatim | goal | |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([f"`{command}`", "", *head, *rows])


def verdict(line: Line) -> str:
    """Name whether a line reaches its goal; one off by less than its simulation error does not count as reached."""
    if line.reached is None:
        return ""
    if not line.reached:
        return "MISSED"
    return "within simulation error" if UNSURE in line.ours else "reached"


def main() -> None:
    """Parse, simulate, print; exit 2 where a part is unknown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drivers", description=__doc__.split("\n")[0])
    parser.add_argument("--surveys", type=int, default=QUICK, help=f"surveys a line (default {QUICK})")
    parser.add_argument("--full", action="store_true", help=f"up to {FULL:,} surveys a line, and n = 10,000")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these parts, or all whose names begin so")
    parser.add_argument("--data", type=Path, help="folder with telco/telco_nps.csv")
    parser.add_argument("--markdown", action="store_true", help="print Markdown, as kept in docs/")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    asked = parser.parse_args()
    every = parts(asked.data)
    unknown = [name for name in asked.only or () if not any(part.name.startswith(name) for part in every)]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; the parts are {', '.join(part.name for part in every)}")
    chosen = [part for part in every if asked.full or asked.only or not part.full_only]
    if asked.only:
        chosen = [part for part in chosen if part.name.startswith(tuple(asked.only))]
    count = FULL if asked.full else asked.surveys
    lines = simulate(chosen, count, asked.jobs)
    if asked.markdown:
        print(as_markdown(lines, asked))
    else:
        show(lines, count)


if __name__ == "__main__":
    main()
