"""The commands codebook export and import: the themes of a run as a file that people edit, and the run after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verbatim import run_folder
from verbatim.config import Config
from verbatim.errors import ConfigError, SurveyError
from verbatim.notebook.html import cell
from verbatim.pipeline import analyze
from verbatim.records import Analysis, Progress
from verbatim.survey.options import SurveyOptions
from verbatim.survey.tables import read_table
from verbatim.text.encoder import Encoder
from verbatim.themes.codebook import Codebook
from verbatim.themes.codebook_edits import edited_by
from verbatim.themes.codebook_file import TABLES, read_any_codebook, write_codebook
from verbatim.themes.model import ThemeModel

_SHOWN = 60


@dataclass(frozen=True, slots=True, eq=False)
class Recoded:
    """A run before and after its themes were edited.

    Attributes
    ----------
    before, after : Analysis
    ranking : DataFrame
        ``theme_id, name, rank_before, rank, effect_before, effect, share_before, share`` of every leaf theme of either,
        in today's order; null where a theme was not there. Effects in NPS points.
    """

    before: Analysis
    after: Analysis
    ranking: pd.DataFrame


def export_codebook(run: Path, file: Path) -> int:
    """Write the themes of a run into ``file`` and return how many there are.

    Raises
    ------
    RunFolderError, ConfigError
        The run cannot be read, or the file not written.
    """
    analysis = Analysis.load(run)
    spans = analysis.spans.table
    texts = dict(zip(spans["span_id"], spans["text"], strict=True))
    write_codebook(analysis.themes.themes, texts, file, analysis.survey.reading.source)
    return len(analysis.themes.themes)


def import_codebook(
    run: Path,
    file: Path,
    write_reports: Callable[[Analysis, Config, Path], object],
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> Recoded:
    """Edit the themes of a run as ``file`` says and write the run again: mentions, drivers and reports.

    The comments, the scores and the options are the run's own; nothing but the themes changes. Where anything is wrong
    the run stays as it was.

    Raises
    ------
    RunFolderError, ConfigError
        The run cannot be read or written, or the codebook cannot be followed; the message names its line.
    """
    before = Analysis.load(run)
    model = edited_by(before.themes.model, _read(file), encoder)
    if model.history == before.themes.model.history:
        raise ConfigError(f"{file} asks for no change: the themes of {run} are as it says. Edit it, then import it.")
    options = options_or_defaults(before)
    after = recoded(before, model, options, f"edited with {file.name}", progress, encoder)
    run_folder.write(after, run, lambda folder: write_reports(after, options, folder), overwrite=True)
    return Recoded(before, after, side_by_side(before, after))


def recoded(
    before: Analysis,
    model: ThemeModel,
    options: Config,
    how: str,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> Analysis:
    """Return an analysis of the same comments and scores with the themes of ``model``."""
    masked = options.model_copy(
        update={
            "redact": options.redact.model_copy(update={"kinds": ()}),  # the run's comments are masked already
            "themes": options.themes.model_copy(update={"codebook": "", "coded": ""}),
        }
    )
    again = analyze(before.survey, model=model, config=masked, encoder=encoder, progress=progress)
    kept = {key: before.manifest[key] for key in ("options", "guided_by", "themes_from") if key in before.manifest}
    guided: Any = kept.get("guided_by")
    if guided:  # people's codes were compared with the themes as they were
        kept["guided_by"] = {**guided, "agreement": []}
    manifest = {**again.manifest, **kept, "themes_from": f"{kept['themes_from']}, {how}"}
    return replace(again, survey=before.survey, manifest=manifest)


def side_by_side(before: Analysis, after: Analysis) -> pd.DataFrame:
    """Return the two rankings as `Recoded` describes them."""
    columns = ["theme_id", "name", "rank", "effect", "share"]
    old, new = (analysis.drivers.leaves()[columns] for analysis in (before, after))
    both = new.merge(old, on="theme_id", how="outer", suffixes=("", "_before"))
    both["name"] = both["name"].fillna(both["name_before"])
    both = both.sort_values(["rank", "rank_before", "theme_id"], na_position="last", ignore_index=True)
    pairs = [name for column in ("rank", "effect", "share") for name in (f"{column}_before", column)]
    return both[["theme_id", "name", *pairs]]


def print_recoded(done: Recoded) -> None:
    """Print what was edited, and the old and the new ranking side by side."""
    console = Console(width=110)
    model, known = done.after.themes.model, len(done.before.themes.model.history)
    for edit in model.history[known:]:
        ids = ", ".join((*edit.theme_ids, *(f"new {made}" for made in edit.made)))
        console.print(f"{edit.action:<9}{escape(ids)}", highlight=False)
    table = Table(title="Ranking before and after, effects in NPS points", title_justify="left")
    for heading in ("was", "rank", "theme", "was", "effect", "was", "share"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in done.ranking.head(_SHOWN).itertuples():
        table.add_row(
            cell(row.rank_before, "{:.0f}"), cell(row.rank, "{:.0f}"), escape(f"{row.theme_id} {row.name}"),
            cell(row.effect_before, "{:+z.1f}"), cell(row.effect, "{:+z.1f}"),
            cell(row.share_before, "{:.1%}"), cell(row.share, "{:.1%}"),
        )  # fmt: skip
    console.print(table)
    marked = sum(theme.confirm_next_wave for theme in done.after.themes.themes)
    if marked:
        console.print(
            f"{marked} themes changed after their drivers were shown: confirm them with the next wave.", highlight=False
        )


def _read(file: Path) -> Codebook:
    if file.suffix.lower() not in TABLES:
        return read_any_codebook(file)
    try:
        return read_any_codebook(file, read_table(file, SurveyOptions()).cells)
    except SurveyError as error:
        raise ConfigError(f"{file} cannot be read as a codebook: {error}") from None


def options_or_defaults(analysis: Analysis) -> Config:
    """Return the options of a run; today's defaults where its manifest holds options of another release."""
    try:
        return Config.model_validate(analysis.manifest["options"])
    except (KeyError, ValueError):
        return Config()
