"""An Analysis becomes report.html, report.md, report.xlsx and report.pdf."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from verbatim.errors import ConfigError
from verbatim.records import Analysis
from verbatim.report.options import ReportOptions

FORMATS = ("html", "md", "xlsx", "pdf")


def write_report(
    analysis: Analysis, folder: Path, options: ReportOptions | None = None, only: Sequence[str] | None = None
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
        Some of "html", "md", "xlsx", "pdf"; all of them by default.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ConfigError
        ``only`` names another format.
    """
    from verbatim.report.contents import gather

    wanted = FORMATS if only is None else tuple(dict.fromkeys(only))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise ConfigError(f'There is no report format "{unknown[0]}". Choose from {", ".join(FORMATS)}.')
    contents = gather(analysis, options or ReportOptions())
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"report.{name}" for name in wanted]
    for name, path in zip(wanted, paths, strict=True):
        if name == "html":
            from verbatim.report.page import render_page

            path.write_text(render_page(contents), encoding="utf-8", newline="\n")
        elif name == "md":
            from verbatim.report.markdown import render_markdown

            path.write_text(render_markdown(contents), encoding="utf-8", newline="\n")
        elif name == "pdf":
            from verbatim.report.one_page import render_pdf

            path.write_bytes(render_pdf(contents))
        else:
            from verbatim.report.workbook import write_workbook

            write_workbook(contents, path)
    return paths
