"""Every published number of a run folder, found again or named."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from verbatim import __version__, run_folder
from verbatim.analysis import course
from verbatim.config import Config
from verbatim.errors import RunFolderError, VerificationError
from verbatim.records import Analysis, Progress
from verbatim.report.options import ReportOptions
from verbatim.report.quotes import choose_proposed, choose_quotes
from verbatim.report.write import report_files, write_report, written_with
from verbatim.themes.model_folder import theme_to_json
from verbatim.verify.differences import Compared, Difference, compare_csv, compare_tables, compare_values
from verbatim.verify.recompute import Recomputed, recompute
from verbatim.verify.reports import compare_report

LISTED = 10  # differences that the message names
SAID = "Customers say: \u201c"  # before the quotes in the definition of a theme that was found


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at: cells by file, quotes found in their comments, and what was taken as it stands."""

    cells: dict[str, int]
    quotes: int
    notes: tuple[str, ...]


def verify(folder: Path, *, quick: bool = False, progress: Progress | None = None) -> Verification:
    """Compute every published number of a run again, and find every quote in its masked comment.

    Parameters
    ----------
    folder : Path
        A run folder.
    quick : bool
        Take sentiment and the cutting of comments as they stand, which spares reading every comment again.
    progress : Progress, optional

    Raises
    ------
    VerificationError
        Something published differs; the message names the first differences: file, row, column, found and expected.
    RunFolderError
        A file is missing or cannot be read.
    """
    with tempfile.TemporaryDirectory() as place:
        return compare(folder, expect(folder, Path(place), quick=quick, progress=progress))


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What the base tables of a run give: the analysis, its options, and the reports that were written anew."""

    analysis: Analysis
    config: Config
    reports: Mapping[str, Path]
    notes: tuple[str, ...]


def expect(folder: Path, place: Path, *, quick: bool = False, progress: Progress | None = None) -> Expected:
    """Compute a run again from its base tables, and write into ``place`` every report that it has."""
    again = recompute(Analysis.load(folder), not quick, progress)
    reports, notes = _reports(folder, place, again)
    return Expected(again.analysis, again.config, reports, (*again.notes, *notes))


def compare(folder: Path, expected: Expected) -> Verification:
    """Compare everything that a run publishes with what is expected. Raises as `verify` does."""
    compared = dict(_tables(folder, Analysis.load(folder), expected.analysis))
    compared |= {name: compare_report(name, file, folder / name) for name, file in expected.reports.items()}
    quotes, absent = _quotes(expected)
    differences = [*(d for each in compared.values() for d in each.differences), *absent]
    if differences:
        raise VerificationError(_message(folder, differences))
    return Verification({name: each.cells for name, each in compared.items()}, quotes, expected.notes)


def _message(folder: Path, differences: Sequence[Difference]) -> str:
    n = len(differences)
    more = f"\n  and {n - LISTED} more" if n > LISTED else ""
    listed = "".join(f"\n  {difference.sentence()}." for difference in differences[:LISTED])
    cells = "cell is" if n == 1 else "cells are"
    return f"{folder}: {n} published {cells} not what the run's own tables give.{listed}{more}"


def _tables(folder: Path, found: Analysis, expected: Analysis) -> Iterator[tuple[str, Compared]]:
    """Every table and manifest figure that follows from the base tables, and the base tables among themselves."""
    for name, wanted, there in (
        ("responses.parquet", expected.survey.responses, found.survey.responses),
        ("answers.parquet", _cut(found, found.survey.answers), found.survey.answers),
        ("spans.parquet", _cut(expected, expected.spans.table), found.spans.table),
        ("mentions.parquet", expected.mentions.table, found.mentions.table),
        ("drivers.parquet", expected.drivers.table, found.drivers.table),
        ("covariance.parquet", expected.drivers.covariance.reset_index(), found.drivers.covariance.reset_index()),
    ):
        yield name, compare_tables(name, wanted, there)
    for name, table in run_folder.csv_tables(expected).items():
        yield name, compare_csv(name, table, run_folder.csv_text(table), _read(folder / name))
    themes = [[theme_to_json(theme) for theme in each.themes.themes] for each in (expected, found)]
    yield "themes.json", compare_values("themes.json", themes[0], themes[1], "themes")
    files = [course.json_files(each) for each in (expected, found)]
    for name, content in files[0].items():
        yield name, compare_values(name, content, files[1][name])
    yield "manifest.json", compare_values("manifest.json", _figures(expected), _figures(found))


def _cut(analysis: Analysis, pieces: pd.DataFrame) -> pd.DataFrame:
    """Put in ``text`` what the comment really holds at the offsets of a piece: spans and answers are verbatim."""
    comments = analysis.survey.responses.set_index("response_id")["comment"].to_dict()
    length = pieces["end"] - pieces["start"] if "end" in pieces else pieces["text"].str.len()
    places = zip(pieces["response_id"], pieces["start"], length, strict=True)
    return pieces.assign(text=[str(comments.get(who) or "")[start : start + n] for who, start, n in places])


def _figures(analysis: Analysis) -> dict[str, object]:
    manifest = run_folder.manifest_of(analysis)
    return {key: manifest[key] for key in ("ledger", "nps", "drivers", "sentiment")}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RunFolderError(f"{file} cannot be read: {error}. Run the survey again into a new folder.") from None


def _reports(folder: Path, place: Path, again: Recomputed) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Write the reports that are there again, each with the options it was written with."""
    version = again.analysis.manifest.get("verbatim_version")
    if version != __version__:
        return {}, (f"Reports were not compared: verbatim {version} wrote them, this is {__version__}.",)
    options, there = written_with(folder), report_files(folder)
    alike: dict[str, tuple[ReportOptions, list[str]]] = {}
    for name in there:
        used = _usable(options.get(name, again.config.report))
        alike.setdefault(used.model_dump_json(), (used, []))[1].append(name)
    written = [
        file
        for used, names in alike.values()
        for file in write_report(again.analysis, place, used, names, record=False)
    ]
    found = {str(file) for files in there.values() for file in files}
    return {name: file for file in written if (name := str(file.relative_to(place))) in found}, ()


def _usable(options: ReportOptions) -> ReportOptions:
    """Leave a logo out that is no longer there: pictures hold no figures."""
    if options.logo and not Path(options.logo).is_file():
        return options.model_copy(update={"logo": None})
    return options


def _quotes(expected: Expected) -> tuple[int, list[Difference]]:
    """Count the quotes of the reports and of the themes' definitions, and name those that nobody wrote."""
    analysis = expected.analysis
    comments = analysis.survey.responses.set_index("response_id")["comment"].to_dict()
    options = expected.config.report
    groups = [*choose_quotes(analysis, options).values(), *choose_proposed(analysis, options)]
    chosen = [quote for quotes in groups for quote in quotes]
    absent = [
        Difference("report", f"quote of response {quote.response_id}", "", quote.text, "words of its comment")
        for quote in chosen
        if quote.text not in str(comments[quote.response_id])
    ]
    defined, written = list(_defined(analysis)), set(analysis.spans.table["text"])
    absent += [
        Difference("themes.json", f"theme {theme_id}", "definition", text, "words of a span")
        for theme_id, text in defined
        if text not in written
    ]
    return len(chosen) + len(defined), absent


def _defined(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """Quotes in the definitions of themes that were found in this survey."""
    if analysis.manifest.get("themes_from") != "found in this survey":
        return
    for theme in analysis.themes.themes:
        if theme.definition.startswith(SAID):
            for text in theme.definition[len(SAID) : -1].split("\u201d; \u201c"):
                yield theme.theme_id, text
