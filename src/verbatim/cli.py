"""The command line: parse, call the library, print. Heavy imports wait until a command needs them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from verbatim.errors import VerbatimError

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
)

SurveyFile = Annotated[Path, typer.Argument(metavar="SURVEY", help="CSV, TSV, XLSX, Parquet or JSON lines.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="A verbatim.toml; see `verbatim config`.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing run folder.")]


@app.callback(invoke_without_command=True)
def about(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Find the themes in open-ended NPS comments and rank the pain points by the NPS points they cost."""
    if version:
        from verbatim import __version__

        typer.echo(f"verbatim {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the simulated survey and its run.")] = Path("demo"),
    n: Annotated[int, typer.Option(min=200, help="Responses to simulate.")] = 3000,
) -> None:
    """Simulate a survey with known drivers, analyse it, and print planted beside found drivers."""
    from verbatim.demo import run_demo
    from verbatim.terminal import print_recovery, progress_bars

    with progress_bars() as progress:
        result = run_demo(out, n, progress)
    print_recovery(result.recovery)
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
    from verbatim.check import reading_lines
    from verbatim.config import load_config
    from verbatim.pipeline import analyze, check_size
    from verbatim.report.write import write_report
    from verbatim.survey.read import read_survey
    from verbatim.terminal import print_result, progress_bars, summary
    from verbatim.themes.model import ThemeModel

    options = load_config(config)
    run_folder.refuse_existing(out, overwrite)
    read = read_survey(survey, options=options.survey)
    check_size(read)
    if not as_json:
        typer.echo("\n".join(reading_lines(read)), err=True)
    with progress_bars() as progress:
        analysis = analyze(read, model=ThemeModel.load(model) if model else None, config=options, progress=progress)
        progress("report", 0, 1)
        run_folder.write(
            analysis, out, lambda folder: write_report(analysis, folder, options.report), overwrite=overwrite
        )
        progress("report", 1, 1)
    if as_json:
        typer.echo(summary(analysis, out))
    else:
        print_result(analysis, out)


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
