"""`verbatim run`: read, analyse and write, so that a run that is stopped can be continued."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from verbatim import run_folder
from verbatim.analysis.read import read_configured
from verbatim.commands.check import reading_lines
from verbatim.commands.reproduce import compared, differences, options_to_repeat, origin, read_manifest
from verbatim.commands.terminal import progress_bars
from verbatim.config import Config, load_config, source_named
from verbatim.errors import RunFolderError
from verbatim.pipeline import analyze, check_size
from verbatim.records import Analysis, Progress, Survey
from verbatim.report.write import write_report
from verbatim.themes.model import ThemeModel
from verbatim.unfinished.folder import unfinished
from verbatim.unfinished.place import refuse_existing
from verbatim.waves.since import since_earlier


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``verbatim run`` was asked for; see ``verbatim run --help``."""

    survey: str | None
    out: Path
    query: str | None = None
    config: Path | None = None
    model: Path | None = None
    from_manifest: Path | None = None
    resume: bool = False
    overwrite: bool = False
    quiet: bool = False
    compared_with: Path | None = None


def run_survey(asked: Asked) -> Analysis:
    """Analyse a survey into a run folder.

    Raises
    ------
    VerbatimError
        What the user can put right; the stages that were finished are kept in ``RUN.partial``.
    """
    if not asked.resume:
        refuse_existing(asked.out, asked.overwrite)
    if asked.from_manifest is None:
        return _run(asked, load_config(asked.config, asked.query))[0]
    manifest = read_manifest(asked.from_manifest)
    options = (
        load_config(asked.config, asked.query) if asked.config else options_to_repeat(manifest, asked.from_manifest)
    )
    before = manifest["origin"]
    asked = replace(
        asked,
        survey=asked.survey or before["survey"],
        model=asked.model or (Path(before["model"]) if before["model"] else None),
        compared_with=asked.compared_with or (Path(before["compared_with"]) if before.get("compared_with") else None),
    )
    analysis, doubts = _run(asked, options, manifest)
    _say(asked, compared(manifest, asked.out, doubts))
    return analysis


def _run(asked: Asked, options: Config, manifest: Mapping[str, Any] | None = None) -> tuple[Analysis, list[str]]:
    """Do what was asked; with a manifest, refuse what is another run than its, and return what may still differ."""
    source = source_named(asked.survey, options)
    earlier = run_folder.load(asked.compared_with) if asked.compared_with else None
    survey = read_configured(source, options)
    check_size(survey)
    _say(asked, *reading_lines(survey))
    model = ThemeModel.load(asked.model) if asked.model else None
    doubts: list[str] = []
    if manifest:
        other, doubts = differences(manifest, survey, model, options)
        if other:
            raise RunFolderError(
                f"{asked.from_manifest} cannot be repeated, for this differs now: {'; '.join([*other, *doubts])}. "
                "Nothing was computed. Give what it was made from, or run without --from-manifest."
            )
        _say(asked, *(f"Not as then: {doubt}" for doubt in doubts))
    with unfinished(asked.out, asked.resume, asked.overwrite) as folder:
        if asked.resume and (done := _done(asked, survey, model, options)):
            return done, doubts
        refuse_existing(asked.out, asked.overwrite)
        with progress_bars() as progress:
            analysis = analyze(survey, model=model, config=options, progress=progress, kept_in=folder)
            return write_run(analysis, asked, model, earlier, options, progress), doubts


def write_run(
    analysis: Analysis, asked: Asked, model: ThemeModel | None, earlier: Analysis | None, options: Config,
    progress: Progress,
) -> Analysis:  # fmt: skip
    """Write what was asked for, with where it came from and what changed since an earlier run; return that."""
    named = {"origin": origin(asked.survey, asked.model, model, asked.compared_with)}
    analysis = replace(analysis, manifest={**analysis.manifest, **named})
    analysis = since_earlier(analysis, earlier, options.change) if earlier else analysis
    progress("report", 0, 1)
    run_folder.write(
        analysis, asked.out, lambda into: write_report(analysis, into, options.report), overwrite=asked.overwrite
    )
    progress("report", 1, 1)
    return analysis


def _done(asked: Asked, survey: Survey, model: ThemeModel | None, options: Config) -> Analysis | None:
    """Return the run that is to be resumed where it is complete already; None where something is left to do."""
    if asked.overwrite or not (asked.out / "manifest.json").is_file():
        return None
    manifest = read_manifest(asked.out / "manifest.json")
    other, doubts = differences(manifest, survey, model, options)
    earlier = str(asked.compared_with) if asked.compared_with else None
    if earlier != manifest["origin"].get("compared_with"):
        other = [*other, f"it is compared with {manifest['origin'].get('compared_with') or 'no earlier run'}"]
    if other or doubts or options.redact.words:
        why = "; ".join([*other, *doubts]) or "redact.words is secret, so that it cannot be compared"
        raise RunFolderError(
            f"{asked.out} holds a complete run, and it may be another one: {why}. Nothing was touched. Name another "
            "folder, or add --overwrite to replace it."
        )
    _say(asked, f"{asked.out} is complete: nothing was left to do.")
    return run_folder.load(asked.out)


def _say(asked: Asked, *lines: str) -> None:
    if not asked.quiet:
        print("\n".join(lines), file=sys.stderr)
