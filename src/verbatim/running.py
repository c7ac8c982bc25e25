"""`verbatim run`: read, analyse and write, so that a run that is stopped can be continued."""

from __future__ import annotations

import sys
from pathlib import Path

from verbatim import run_folder
from verbatim.check import read_configured, reading_lines
from verbatim.config import Config, load_config, source_named
from verbatim.pipeline import analyze, check_size
from verbatim.records import Analysis, Survey
from verbatim.report.write import write_report
from verbatim.terminal import progress_bars
from verbatim.themes.model import ThemeModel
from verbatim.unfinished.folder import unfinished


def run_survey(
    survey: str | None,
    out: Path,
    *,
    query: str | None = None,
    config: Path | None = None,
    model: Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    quiet: bool = False,
) -> Analysis:
    """Analyse a survey into a run folder; see ``verbatim run --help``.

    Raises
    ------
    VerbatimError
        What the user can put right; the stages that were finished are kept in ``RUN.partial``.
    """
    options = load_config(config, query)
    run_folder.refuse_existing(out, overwrite)
    read = read_configured(source_named(survey, options), options)
    check_size(read)
    if not quiet:
        print("\n".join(reading_lines(read)), file=sys.stderr)
    with unfinished(out, resume, overwrite) as folder:
        run_folder.refuse_existing(out, overwrite)
        return _run(read, ThemeModel.load(model) if model else None, options, out, folder, overwrite)


def _run(
    survey: Survey, model: ThemeModel | None, options: Config, out: Path, folder: Path, overwrite: bool
) -> Analysis:
    with progress_bars() as progress:
        analysis = analyze(survey, model=model, config=options, progress=progress, kept_in=folder)
        progress("report", 0, 1)
        run_folder.write(analysis, out, lambda into: write_report(analysis, into, options.report), overwrite=overwrite)
        progress("report", 1, 1)
    return analysis
