"""Commands for those who work on themes by hand: the codebook, comments to code, what the coding says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from verbatim.commands.arguments import AsJson, RunFolder

app = typer.Typer(rich_markup_mode=None)
codebook = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(codebook, name="codebook", help="The themes of a run as a file that people edit.")


@codebook.command("export")
def export_command(
    run: RunFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file: .yaml, .csv or .xlsx.")],
) -> None:
    """Write the themes of a run into a codebook, ready to edit."""
    from verbatim.commands.recoding import export_codebook

    n = export_codebook(run, file)
    typer.echo(f"{file}: {n} themes. Edit it, then: verbatim codebook import {run} {file}")


@codebook.command("import")
def import_command(
    run: RunFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The edited codebook.")],
) -> None:
    """Edit the themes of a run as the codebook says; write its mentions, drivers and reports again."""
    from verbatim.commands.recoding import import_codebook, print_recoded
    from verbatim.commands.terminal import progress_bars
    from verbatim.report.write import write_report

    with progress_bars() as progress:
        done = import_codebook(
            run, file, lambda analysis, options, folder: write_report(analysis, folder, options.report), progress
        )
    print_recoded(done)


@app.command("sample")
def sample_command(
    run: RunFolder,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to code in: a new .xlsx or .csv.")],
    n: Annotated[int, typer.Option("--n", min=1, help="Comments.")] = 150,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed with a larger --n begins with the same comments.")
    ] = 1,
    coded: Annotated[
        Path | None, typer.Option("--coded", metavar="FILE", help="An earlier file, whose codes are filled in.")
    ] = None,
) -> None:
    """Pick comments worth coding by hand, with the chance each had, and ask for every theme."""
    from verbatim.commands.hand_coding import sample_comments

    made = sample_comments(run, out, n, seed, coded)
    already = f", {made.carried} of them coded before" if coded else ""
    typer.echo(
        f"{out}: {made.comments} comments{already}, {made.themes} themes. Code it, then: verbatim score {run} {out}"
    )


@app.command("score")
def score_command(
    run: RunFolder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Coded files, one a coder, the best first.")],
    as_json: AsJson = False,
) -> None:
    """Say how well a run tags, by people's codes, and correct its effects; writes both into the run."""
    from verbatim.commands.hand_coding import coding_json, print_coding, score_coding, write_coding
    from verbatim.records import Analysis

    found = score_coding(Analysis.load(run), files)
    write_coding(run, found)
    if as_json:
        typer.echo(coding_json(found))
    else:
        print_coding(found)


@app.command("refine")
def refine_command(
    run: RunFolder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A coded file of `verbatim sample`.")],
    out: Annotated[Path, typer.Option("--out", metavar="RUN2", help="The refined run; it must not exist yet.")],
) -> None:
    """Improve the themes of a run by people's codes, into a new run; the same codes may still correct its effects."""
    from verbatim.commands.refining import print_refinement, refine_run
    from verbatim.commands.terminal import progress_bars
    from verbatim.report.write import write_report

    with progress_bars() as progress:
        done = refine_run(
            run, file, out, lambda analysis, options, folder: write_report(analysis, folder, options.report), progress
        )
    print_refinement(done)
    typer.echo(f"{out}: the refined run. Then: verbatim score {out} {file}")


@app.command("trust")
def trust_command(
    run: RunFolder,
    themes: Annotated[int, typer.Option(min=1, help="How many of the top themes.")] = 3,
    each: Annotated[int, typer.Option(min=1, help="Comments a theme.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other comments.")] = 1,
) -> None:
    """Check in two minutes whether comments speak of the themes they are counted under: yes or no, in the terminal."""
    from verbatim.coding.trust import ask, trust_questions
    from verbatim.commands.hand_coding import print_trust
    from verbatim.records import Analysis

    analysis = Analysis.load(run)
    print_trust(ask(analysis, trust_questions(analysis, themes, each, seed)))
