"""The command line: parse, call the library, print. Heavy imports wait until a command needs them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verbatim.errors import VerbatimError

if TYPE_CHECKING:
    import pandas as pd

    from verbatim.records import Analysis, Progress

app = typer.Typer(
    help="Find the themes in open-ended NPS comments and rank the pain points by the NPS points they cost.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

SurveyFile = Annotated[Path, typer.Argument(metavar="SURVEY", help="CSV, TSV, XLSX, Parquet or JSON lines.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="A verbatim.toml; see `verbatim config`.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing run folder.")]


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the simulated survey and its run.")] = Path("demo"),
    n: Annotated[int, typer.Option(min=200, help="Responses to simulate.")] = 3000,
) -> None:
    """Simulate a survey with known drivers, analyse it, and print planted beside found drivers."""
    from verbatim import demo as demonstration

    with _progress() as progress:
        result = demonstration.run_demo(out, n, progress)
    _print_recovery(result.recovery)
    typer.echo(f"\nSurvey  {result.survey}\nReport  {result.run / 'report.html'}")


@app.command()
def check(survey: SurveyFile, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show what would be read, from which columns, and what would be rejected and why. Computes nothing."""
    from verbatim.check import as_lines, check_survey
    from verbatim.config import load_config

    found = check_survey(survey, load_config(config))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else "\n".join(as_lines(found)))


@app.command()
def run(
    survey: SurveyFile,
    out: Annotated[Path, typer.Option("--out", metavar="RUN", help="Folder to write; it must not exist yet.")],
    config: ConfigFile = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="RUN0|MODEL", help="Recognise the themes of another run; nothing is fitted."),
    ] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Find themes, rank the drivers of NPS and write tables and reports into a run folder."""
    from verbatim import run_folder
    from verbatim.config import load_config
    from verbatim.survey.read import read_survey

    options = load_config(config)
    run_folder.refuse_existing(out, overwrite)
    read = read_survey(survey, options=options.survey)
    if not as_json:
        _print_reading(read)
    with _progress() as progress:
        from verbatim.pipeline import analyze
        from verbatim.report.write import write_report
        from verbatim.themes.model import ThemeModel

        analysis = analyze(read, model=ThemeModel.load(model) if model else None, config=options, progress=progress)
        progress("report", 0, 1)
        run_folder.write(
            analysis, out, lambda folder: write_report(analysis, folder, options.report), overwrite=overwrite
        )
        progress("report", 1, 1)
    typer.echo(json.dumps(_summary(analysis, out), ensure_ascii=False, indent=1)) if as_json else _print_result(
        analysis, out
    )


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    only: Annotated[list[str] | None, typer.Option(help="html, md or xlsx; repeat for several.")] = None,
    config: ConfigFile = None,
) -> None:
    """Write the reports of a run again."""
    from verbatim.config import load_config
    from verbatim.records import Analysis
    from verbatim.report.write import write_report

    for file in write_report(Analysis.load(run), run, load_config(config).report, only):
        typer.echo(str(file))


@app.command()
def config() -> None:
    """Print every option with its default and meaning, ready to paste into verbatim.toml."""
    from verbatim.config import template

    typer.echo(template())


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="CSV to write; the truth goes beside it.")],
    n: Annotated[int, typer.Option(min=50, help="Responses.")] = 3000,
    seed: Annotated[int, typer.Option(help="Seed: the same seed gives the same survey.")] = 1,
    null: Annotated[bool, typer.Option("--null", help="A world in which no theme matters.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write a simulated survey and, beside it, its planted truth."""
    from verbatim.demo import write_simulated
    from verbatim.simulate import SimulationOptions

    for file in write_simulated(out, SimulationOptions(n=n, seed=seed, null=null), overwrite):
        typer.echo(str(file))


def main() -> None:
    """Run the command line: exit 0 when done, 2 when the user's input or usage is wrong, 1 for a defect of ours."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except VerbatimError as error:
        typer.echo(f"verbatim: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("verbatim: stopped; nothing was written to the run folder.", err=True)
        sys.exit(130)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Bars on stderr, one a stage; silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[tuple[str, int], Any] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if (stage, total) not in tasks:
                tasks[stage, total] = bars.add_task(stage, total=total)
            bars.update(tasks[stage, total], completed=done)

        yield advance


def _print_reading(survey: Any) -> None:
    from verbatim.check import reading_lines

    typer.echo("\n".join(reading_lines(survey)), err=True)


def _summary(analysis: Analysis, out: Path) -> dict[str, object]:
    table = analysis.drivers.table
    return {
        "run": str(out),
        "nps": analysis.drivers.nps._asdict(),
        "ledger": analysis.manifest["ledger"],
        "drivers": json.loads(table.to_json(orient="records")),
        "notes": list(analysis.drivers.notes),
    }


def _print_result(analysis: Analysis, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    nps = analysis.drivers.nps
    console = Console()
    console.print(
        f"\nNPS {nps.score:+.1f} [{nps.low:.1f}, {nps.high:.1f}] from {nps.n:,} scored responses", highlight=False
    )
    harmful = analysis.drivers.table.query("effect < 0 and rank.notna()").head(8)
    table = Table(title="What costs most, in NPS points on the whole population", title_justify="left")
    for heading in ("rank", "theme", "mentioned by", "effect", "95 % interval", "beats the noise"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in harmful.itertuples():
        table.add_row(
            f"{row.rank:.0f}", str(row.name), f"{row.share:.1%}", f"{row.effect:+.1f}",
            f"[{row.effect_low:.1f}, {row.effect_high:.1f}]", "yes" if row.above_noise else "no",
        )  # fmt: skip
    console.print(table)
    console.print(f"Report  {out / 'report.html'}", highlight=False, soft_wrap=True)


def _print_recovery(table: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(title="Planted beside found drivers (NPS points)", title_justify="left")
    for heading in ("planted", "theme", "true effect", "found", "found theme", "effect", "95 % interval"):
        shown.add_column(heading, justify="left" if "theme" in heading else "right")
    for row, missing in zip(table.itertuples(), table["found_rank"].isna(), strict=True):
        shown.add_row(
            str(row.planted_rank), str(row.planted_name), f"{row.true_effect:+.1f}",
            *(("-", "not found", "-", "-") if missing else (
                f"{row.found_rank:.0f}", str(row.found_name), f"{row.effect:+.1f}",
                f"[{row.effect_low:.1f}, {row.effect_high:.1f}]",
            )),
        )  # fmt: skip
    Console(width=120).print(shown)
