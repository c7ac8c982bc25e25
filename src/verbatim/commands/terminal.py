"""What the command line prints: progress while it works, a short table at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from verbatim.records import Analysis, Drivers, Progress
from verbatim.run_folder import agreement_table

if TYPE_CHECKING:
    from verbatim.verify.run import Verification

_SHOWN = 8


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Bars on stderr, one a stage; silent where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[tuple[str, int], TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if (stage, total) not in tasks:
                tasks[stage, total] = bars.add_task(stage, total=total)
            bars.update(tasks[stage, total], completed=done)

        yield advance


def summary(analysis: Analysis, out: Path) -> str:
    """Return the result of a run as JSON, for machines."""
    content = {
        "run": str(out),
        "nps": analysis.drivers.nps._asdict(),
        "outcome": _outcome(analysis.drivers),
        "ledger": analysis.manifest["ledger"],
        "drivers": json.loads(analysis.drivers.table.to_json(orient="records")),
        "notes": list(analysis.drivers.notes),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _outcome(drivers: Drivers) -> dict[str, object] | None:
    """Score that the drivers are ranked on; None for the NPS."""
    ranked = drivers.ranked_on
    return {"name": ranked.outcome.name, "boxes": ranked.outcome.said, **ranked.net._asdict()} if ranked else None


def print_result(analysis: Analysis, out: Path) -> None:
    """Print the NPS, the themes that cost most, and where the report lies."""
    nps, console = analysis.drivers.nps, Console()
    interval = f"[{nps.low:z.1f}, {nps.high:z.1f}]"
    console.print(f"\nNPS {nps.score:+z.1f} {interval} from {nps.n:,} scored responses", highlight=False)
    beside = analysis.drivers.ranked_on
    if beside:
        net = beside.net
        console.print(
            f"{beside.outcome.name} {net.score:+z.1f} [{net.low:z.1f}, {net.high:z.1f}] from {net.n:,} answers: "
            f"{beside.outcome.said}. The drivers below are its drivers.",
            highlight=False, markup=False,
        )  # fmt: skip
    measure = beside.outcome.name if beside else "NPS"
    ranked = analysis.drivers.leaves().dropna(subset=["rank"])
    harmful = ranked[ranked["effect"] < 0].head(_SHOWN)
    if len(harmful):
        said_with = {theme.theme_id: theme.said_with for theme in analysis.themes.themes}
        console.print(_costs(harmful.assign(said_with=harmful["theme_id"].map(said_with).fillna("")), measure))
    elif analysis.drivers.refusals:
        console.print(f"No effects are given. {analysis.drivers.refusals[-1]}", highlight=False)
    else:
        reason = f"no theme lowers the {measure}" if len(ranked) else "no theme has enough mentions to be ranked"
        console.print(f'No pain points: {reason}. The report says why under "How it was made".', highlight=False)
    for theme in analysis.themes.proposed:
        console.print(
            f'New? "{theme.name}": {theme.n_comments} comments that fit no theme, {theme.n_expected:.0f} expected. See '
            "proposed_themes.csv.",
            highlight=False, markup=False,
        )  # fmt: skip
    agreement = agreement_table(analysis.manifest)
    if len(agreement):
        console.print(_agreement(agreement))
    console.print(f"Report  {out / 'report.html'}", highlight=False, soft_wrap=True)


def _costs(drivers: pd.DataFrame, measure: str) -> Table:
    table = Table(title=escape(f"What costs most, in {measure} points on the whole population"), title_justify="left")
    for heading in ("rank", "theme", "share", "effect", "95 % interval", "beats noise"):
        table.add_column(heading, justify="left" if heading == "theme" else "right", no_wrap=heading != "theme")
    for row in drivers.itertuples():
        table.add_row(
            f"{row.rank}", _titled(str(row.name), str(row.said_with)), f"{row.share:.1%}", f"{row.effect:+z.1f}",
            f"[{row.effect_low:z.1f}, {row.effect_high:z.1f}]", "yes" if row.above_noise else "no",
        )  # fmt: skip
    return table


def _titled(name: str, said_with: str) -> str:
    return f"{escape(name)} [dim]({escape(said_with)})[/dim]" if said_with else escape(name)


def _agreement(compared: pd.DataFrame) -> Table:
    table = Table(title="People's codes and ours, on the coded comments", title_justify="left")
    for heading in ("theme", "people", "ours", "both", "precision", "recall", "kappa"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in compared.itertuples():
        shares = (f"{float(str(value)):.2f}".replace("nan", "") for value in (row.precision, row.recall, row.kappa))
        table.add_row(escape(str(row.name)), f"{row.n_people}", f"{row.n_found}", f"{row.both}", *shares)
    return table


def print_verified(verified: Verification, run: Path) -> None:
    """Print how many cells and quotes of each file were found again."""
    console = Console()
    table = Table(title=f"{escape(str(run))}: computed again and found the same", title_justify="left")
    table.add_column("file")
    table.add_column("cells and lines", justify="right")
    for name, cells in verified.cells.items():
        table.add_row(escape(name), f"{cells:,}")
    console.print(table)
    console.print(f"{verified.quotes:,} quotes found word for word in their comments.", highlight=False)
    for note in verified.notes:
        console.print(note, highlight=False, markup=False)


def print_recovery(table: pd.DataFrame) -> None:
    """Print planted beside found drivers; where several themes speak of what was planted as one, their sum."""
    shown = Table(title="Planted beside found drivers (NPS points)", title_justify="left")
    for heading in ("planted", "theme", "true effect", "found", "found themes", "effect", "95 % interval"):
        shown.add_column(heading, justify="left" if "theme" in heading else "right")
    for row, missing in zip(table.itertuples(), table["found_rank"].isna(), strict=True):
        others = int(str(row.n_found)) - 1
        found = (
            ("-", "not found", "-", "-")
            if missing
            else (
                f"{row.found_rank:.0f}",
                f"{row.found_name} and {others} more" if others else str(row.found_name),
                f"{row.effect_together:+z.1f}",
                f"[{row.together_low:z.1f}, {row.together_high:z.1f}]",
            )
        )
        shown.add_row(str(row.planted_rank), str(row.planted_name), f"{row.true_effect:+z.1f}", *found)
    Console(width=110).print(shown)
