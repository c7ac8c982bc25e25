"""The command line: parse, call the library, print. Heavy imports wait until a command needs them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from verbatim.commands import for_people as people
from verbatim.commands.arguments import AsJson, ConfigFile, Earlier, Engine, Overwrite, Query, RunFolder, SurveyFile
from verbatim.errors import VerbatimError

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
)

app.add_typer(people.app)


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
    from verbatim.commands.demo import run_demo
    from verbatim.commands.terminal import print_recovery, progress_bars

    with progress_bars() as progress:
        result = run_demo(out, n, progress)
    print_recovery(result.recovery)
    typer.echo(f"\nSurvey  {result.survey}\nReport  {result.run / 'report.html'}")


@app.command()
def check(survey: SurveyFile = None, query: Query = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show what would be read, from which columns, and what would be rejected and why. Computes nothing."""
    from verbatim.commands.check import check_survey
    from verbatim.commands.check_page import print_check
    from verbatim.config import load_config, source_named

    options = load_config(config, query)
    found = check_survey(source_named(survey, options), options)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print_check(found)


@app.command()
def run(
    out: Annotated[Path, typer.Option("--out", metavar="RUN", help="Folder to write; it must not exist yet.")],
    survey: SurveyFile = None,
    query: Query = None,
    config: ConfigFile = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="RUN0|MODEL", help="Recognise the themes of another run; nothing is fitted."),
    ] = None,
    compared_with: Earlier = None,
    from_manifest: Annotated[
        Path | None,
        typer.Option("--from-manifest", metavar="FILE", help="Repeat the run of a manifest.json and say what differs."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue a run that was stopped; stages done before are not done again.")
    ] = False,
    overwrite: Overwrite = False,
    engine: Engine = "local",
    as_json: AsJson = False,
) -> None:
    """Find themes, rank the drivers of NPS and write tables and reports into a run folder."""
    from verbatim.commands.running import Asked, run_survey
    from verbatim.commands.terminal import print_result, summary

    asked = Asked(survey, out, query, config, model, from_manifest, resume, overwrite, as_json, compared_with)
    if engine == "spark":
        from verbatim.commands.running_on_spark import run_on_spark

        analysis = run_on_spark(asked)
    else:
        analysis = run_survey(asked)
    if as_json:
        typer.echo(summary(analysis, out))
    else:
        print_result(analysis, out)


@app.command()
def report(
    run: RunFolder,
    only: Annotated[
        list[str] | None, typer.Option(help="html, md, xlsx, pdf, pptx, brief, charts; html,md for several.")
    ] = None,
    compared_with: Earlier = None,
    config: ConfigFile = None,
) -> None:
    """Write the reports of a run again, with the options of the run or, with --config, others."""
    from verbatim.config import load_config, options_of
    from verbatim.records import Analysis
    from verbatim.report.write import write_report
    from verbatim.waves.since import since_earlier, write_since

    analysis = Analysis.load(run)
    options = load_config(config) if config else options_of(analysis.manifest)
    if compared_with:
        analysis = since_earlier(analysis, Analysis.load(compared_with), options.change)
        write_since(analysis, run)
    for file in write_report(analysis, run, options.report, only):
        typer.echo(str(file))


@app.command("verify")
def verify_command(
    run: RunFolder,
    quick: Annotated[
        bool, typer.Option("--quick", help="Take sentiment as it stands: no comment is read again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compute every published number of a run again and find every quote in its comment; exit 2 names what differs."""
    from verbatim.commands.terminal import print_verified, progress_bars
    from verbatim.verify.run import verify

    with progress_bars() as progress:
        verified = verify(run, quick=quick, progress=progress)
    if as_json:
        typer.echo(json.dumps({"run": str(run), **asdict(verified)}, ensure_ascii=False, indent=1))
    else:
        print_verified(verified, run)


@app.command("forget")
def forget_command(
    run: RunFolder,
    respondent: Annotated[str, typer.Option("--respondent", metavar="ID", help="As the survey file has it.")],
    config: ConfigFile = None,
) -> None:
    """Erase one person from a run folder and the vector cache, and compute again what stood on them."""
    from verbatim.commands.forget import forget, lines
    from verbatim.config import load_config

    typer.echo("\n".join(lines(forget(run, respondent, load_config(config) if config else None))))


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
    from verbatim.commands.demo import write_simulated
    from verbatim.simulate import SimulationOptions, checked_world

    options = SimulationOptions(n=n, seed=seed, null=null, world=checked_world(world), halo=halo)
    for file in write_simulated(out, options, overwrite, waves):
        typer.echo(str(file))


@app.command("what-if")
def what_if_command(
    run: RunFolder,
    changes: Annotated[
        list[str], typer.Argument(metavar="THEME=CHANGE", help='Theme id or name: "T03=-50%" "Late calls=+20%".')
    ],
    as_json: AsJson = False,
) -> None:
    """Say what the NPS would read with fewer or more mentions of themes: arithmetic on the drivers, no forecast."""
    from verbatim.commands.planning import parse_changes, print_what_if, what_if_json
    from verbatim.drivers.planning.what_if import what_if
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
    from verbatim.commands.planning import plan_of, power_json, print_power
    from verbatim.drivers.planning.power import SIZES, power

    planned = {"share": share, "themes": themes, "comment_rate": comment_rate, "nps": nps}
    drivers, options = plan_of(run, planned)
    found = power(drivers, effect=effect, theme=theme, n=n or SIZES, options=options)
    if as_json:
        typer.echo(power_json(found))
    else:
        print_power(found)


@app.command("compare")
def compare_command(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN1 RUN2", help="Run folders, the earliest first, or a folder of them.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write; it must not exist yet.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what moved the NPS between waves: an account that sums to the change, and what became of goals."""
    from verbatim.waves.command import compare_runs, print_lines

    content, lines = compare_runs(runs, out, config)
    if as_json:
        typer.echo(content)
    else:
        print_lines(lines, out)


@app.command()
def handoff(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder. Nothing is written into it.")],
    contacts: Annotated[Path, typer.Option("--contacts", metavar="FILE", help="Your contacts, CSV or Excel.")],
    on: Annotated[str, typer.Option("--on", metavar="COLUMN", help="Their column with the survey's respondent ids.")],
    to: Annotated[str, typer.Option("--to", metavar="TOOL", help="hubspot, intercom, activecampaign or calls.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="CSV to write; for calls also .xlsx.")],
    config: ConfigFile = None,
    with_comments: Annotated[
        bool, typer.Option("--with-comments", help="Hand over the comments too, with personal data masked.")
    ] = False,
    consent: Annotated[
        bool, typer.Option("--i-have-consent", help="For intercom: these people agreed to be messaged.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
) -> None:
    """Write a list of whom to call back, in order and with what to say, for a CRM or as a call list."""
    from verbatim.commands.handoff import hand_over
    from verbatim.config import load_config

    settings = load_config(config)
    lines = hand_over(
        run, contacts, on, to, out, config=settings, comments=with_comments, consent=consent, overwrite=overwrite
    )
    typer.echo("\n".join(lines))


def main() -> None:
    """Run the command line: exit 0 when done, 2 when the user's input or usage is wrong, 1 for a defect of ours."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except VerbatimError as error:
        typer.echo(f"verbatim: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("verbatim: stopped.", err=True)
        sys.exit(2)
