"""An Analysis becomes report.html, report.md, report.xlsx, report.pdf, report.pptx, the brief and pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from verbatim.errors import ConfigError, RunFolderError
from verbatim.records import Analysis
from verbatim.report.contents import Contents, gather
from verbatim.report.formats import ENGLISH, in_locale
from verbatim.report.options import ReportOptions

FORMATS = ("html", "md", "xlsx", "pdf", "pptx", "brief")
ASKED = ("charts",)  # what is written when it is asked for
RECORD = "reports.json"  # with which options each report was written


def write_report(
    analysis: Analysis,
    folder: Path,
    options: ReportOptions | None = None,
    only: Sequence[str] | None = None,
    *,
    record: bool = True,
) -> list[Path]:
    """Write the reports into a folder.

    Parameters
    ----------
    analysis : Analysis
        One run's findings.
    folder : Path
        Made if it does not exist; reports of the same name are replaced.
    options : ReportOptions, optional
        Limits on what is shown.
    only : sequence of str, optional
        Some of "html", "md", "xlsx", "pdf", "pptx", "brief" and "charts"; by default all but "charts". "html,md" names
        two.
    record : bool
        Whether to note the options in reports.json, from which `verbatim verify` writes the reports again.

    Returns
    -------
    list of Path
        The reports written.

    Raises
    ------
    ConfigError
        ``only`` names another format, or the logo cannot be read.
    """
    wanted = FORMATS if only is None else tuple(dict.fromkeys(name.strip() for one in only for name in one.split(",")))
    unknown = [name for name in wanted if name not in (*FORMATS, *ASKED)]
    if unknown:
        raise ConfigError(f'There is no report format "{unknown[0]}". Choose from {", ".join((*FORMATS, *ASKED))}.')
    options = options or ReportOptions()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for locale, names in _by_locale(wanted, options.locale):
        with in_locale(locale):
            contents = gather(analysis, options)
            paths += [path for name in names for path in _write(name, contents, folder)]
    if record:
        _note(folder, dict.fromkeys(wanted, options))
    return paths


def _by_locale(wanted: Sequence[str], locale: str) -> Iterator[tuple[str, list[str]]]:
    """Formats written in the reader's locale, then those for machines and tickets, in English."""
    in_english = [name for name in wanted if name == "brief" or locale == ENGLISH]
    for name, formats in ((locale, [name for name in wanted if name not in in_english]), (ENGLISH, in_english)):
        if formats:
            yield name, formats


def _write(name: str, contents: Contents, folder: Path) -> list[Path]:
    path = folder / f"report.{name}"
    if name == "html":
        from verbatim.report.page import render_page

        path.write_text(render_page(contents), encoding="utf-8", newline="\n")
    elif name == "md":
        from verbatim.report.markdown import render_markdown

        path.write_text(render_markdown(contents), encoding="utf-8", newline="\n")
    elif name == "xlsx":
        from verbatim.report.workbook import write_workbook

        write_workbook(contents, path)
    elif name == "pdf":
        from verbatim.report.one_page import render_pdf

        path.write_bytes(render_pdf(contents))
    elif name == "pptx":
        from verbatim.report.slides import write_slides

        write_slides(contents, path)
    elif name == "brief":
        from verbatim.report.brief import write_brief

        return write_brief(contents, folder)
    else:
        from verbatim.report.pictures import write_pictures

        return write_pictures(contents, folder / "charts")
    return [path]


def report_files(folder: Path) -> dict[str, list[Path]]:
    """Reports that lie in a run folder, by format, as paths inside it."""
    files = {name: [Path(f"report.{name}")] for name in FORMATS if name != "brief"}
    files |= {"brief": [Path("brief.md"), Path("brief.json")]}
    files |= {"charts": [file.relative_to(folder) for file in sorted((folder / "charts").glob("*.*"))]}
    there = {name: [file for file in each if (folder / file).is_file()] for name, each in files.items()}
    return {name: each for name, each in there.items() if each}


def written_with(folder: Path) -> dict[str, ReportOptions]:
    """Options each report of a run was last written with, by format; empty where none are recorded.

    Raises
    ------
    RunFolderError
        The record is damaged.
    """
    record = folder / RECORD
    if not record.is_file():
        return {}
    try:
        noted = json.loads(record.read_text(encoding="utf-8"))
        return {str(name): ReportOptions.model_validate(options) for name, options in noted.items()}
    except (ValueError, AttributeError) as error:
        raise RunFolderError(f"{record} is damaged: {error}. Write the reports again: verbatim report RUN.") from None


def _note(folder: Path, written: dict[str, ReportOptions]) -> None:
    noted = {**written_with(folder), **written}
    content = {name: options.model_dump(mode="json") for name, options in sorted(noted.items())}
    (folder / RECORD).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
