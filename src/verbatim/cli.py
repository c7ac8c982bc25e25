"""The command line: parse, call the library, print. Heavy imports wait until a command needs them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
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
    only: Annotated[
        list[str] | None, typer.Option(help="html, md, xlsx, pptx, brief, charts; html,md for several.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Write the reports of a run again, with the options of the run or, with --config, others."""
    from verbatim.config import load_config, options_of
    from verbatim.records import Analysis
    from verbatim.report.write import write_report

    analysis = Analysis.load(run)
    options = load_config(config) if config else options_of(analysis.manifest)
    for file in write_report(analysis, run, options.report, only):
        typer.echo(str(file))


@app.command("verify")
def verify_command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    quick: Annotated[
        bool, typer.Option("--quick", help="Take sentiment as it stands: no comment is read again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compute every published number of a run again and find every quote in its comment; exit 2 names what differs."""
    from verbatim.terminal import print_verified, progress_bars
    from verbatim.verify.run import verify

    with progress_bars() as progress:
        verified = verify(run, quick=quick, progress=progress)
    if as_json:
        typer.echo(json.dumps({"run": str(run), **asdict(verified)}, ensure_ascii=False, indent=1))
    else:
        print_verified(verified, run)


@app.command()
def config() -> None:
    """Print every option with its default and meaning, ready to paste into verbatim.toml."""
    from verbatim.config import template

    typer.echo(template())


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="CSV to write; the truth goes beside it.")],
    n: Annotated[int, typer.Option(min=50, help="Responses.")] = 3000,
    seed: Annotated[int, typer.Option(min=0, help="Seed: the same seed gives the same survey.")] = 1,
    null: Annotated[bool, typer.Option("--null", help="A world in which no theme matters.")] = False,
    world: Annotated[
        str, typer.Option(metavar="WORLD", help="plain, null, interactions, omitted, thresholds, strong or halo.")
    ] = "plain",
    waves: Annotated[int, typer.Option(min=1, max=2, help="2: a second wave with known changes.")] = 1,
    halo: Annotated[
        float | None, typer.Option(min=0, max=1, help="How often a tone follows the mood, not the experience.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write a simulated survey and, beside it, its planted truth."""
    from verbatim.demo import write_simulated
    from verbatim.simulate import SimulationOptions, checked_world

    options = SimulationOptions(n=n, seed=seed, null=null, world=checked_world(world), halo=halo)
    for file in write_simulated(out, options, overwrite, waves):
        typer.echo(str(file))


@app.command("what-if")
def what_if_command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    changes: Annotated[
        list[str], typer.Argument(metavar="THEME=CHANGE", help='Theme id or name: "T03=-50%" "Late calls=+20%".')
    ],
    as_json: AsJson = False,
) -> None:
    """Say what the NPS would read with fewer or more mentions of themes: arithmetic on the drivers, no forecast."""
    from verbatim.drivers.planning.what_if import what_if
    from verbatim.planning import parse_changes, print_what_if, what_if_json
    from verbatim.records import Analysis

    asked = parse_changes(changes)
    answer = what_if(Analysis.load(run).drivers, asked)
    if as_json:
        typer.echo(what_if_json(answer))
    else:
        print_what_if(answer)


@app.command("power")
def power_command(
    run: Annotated[
        Path | None, typer.Option("--run", metavar="RUN", help="A run to plan from; without it the survey is planned.")
    ] = None,
    theme: Annotated[str | None, typer.Option(help="With --run: id of the theme; by default a common one.")] = None,
    effect: Annotated[float, typer.Option(help="NPS points of the driver to be found.")] = -3.0,
    n: Annotated[list[int] | None, typer.Option("--n", help="Responses of a wave; repeat for several.")] = None,
    share: Annotated[
        float | None, typer.Option(min=0.001, max=0.9, help="Share of commenters who mention it [default: 0.12].")
    ] = None,
    themes: Annotated[int | None, typer.Option(min=1, max=200, help="Themes in all [default: 20].")] = None,
    comment_rate: Annotated[
        float | None, typer.Option(min=0.01, max=1, help="Share of responses with a comment [default: 0.6].")
    ] = None,
    nps: Annotated[float | None, typer.Option(min=-90, max=90, help="NPS of the survey [default: 20].")] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a wave: with n responses, how often would a driver be found and its rank be right."""
    from verbatim.drivers.planning.power import SIZES, power
    from verbatim.planning import plan_of, power_json, print_power

    planned = {"share": share, "themes": themes, "comment_rate": comment_rate, "nps": nps}
    drivers, options = plan_of(run, planned)
    found = power(drivers, effect=effect, theme=theme, n=n or SIZES, options=options)
    if as_json:
        typer.echo(power_json(found))
    else:
        print_power(found)


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
