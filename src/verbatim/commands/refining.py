"""The command refine: what people coded makes the themes of a run better, in a new run, and is measured there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verbatim import run_folder
from verbatim.coding.sheet import Coding
from verbatim.commands.hand_coding import coded_of, quality_of
from verbatim.commands.recoding import options_or_defaults, recoded
from verbatim.config import Config
from verbatim.records import Analysis, Progress
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder, load_encoder
from verbatim.text.split import split_comments
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.guidance import Material
from verbatim.themes.model import ThemeModel
from verbatim.themes.refine import Refined, refined
from verbatim.themes.units import units_of
from verbatim.unfinished.place import refuse_existing


@dataclass(frozen=True, slots=True, eq=False)
class Refinement:
    """A run before and after people's codes taught its model.

    Attributes
    ----------
    before, after : Analysis
        The same comments and scores. ``after`` reads the coded comments as if it had never seen their codes.
    quality : DataFrame
        ``theme_id, name, learnt`` (whether the theme is judged by what was learnt), then ``precision, recall, f1`` of
        `verbatim.coding.quality.tagging_quality`, each with ``_before``.
    sentences : tuple of str
        For the reader.
    """

    before: Analysis
    after: Analysis
    quality: pd.DataFrame
    sentences: tuple[str, ...]


def refine(
    analysis: Analysis, file: Path, encoder: Encoder | None = None, progress: Progress | None = None
) -> Refinement:
    """Improve the themes of a run by comments that people coded.

    Parameters
    ----------
    analysis : Analysis
    file : Path
        A coding file of `verbatim.commands.hand_coding.sample_comments`.
    encoder : Encoder, optional
        The one the model was made with; by default the model's own, or the one that the run's options name.
    progress : Progress, optional

    Raises
    ------
    ConfigError, SurveyError
        The file is not coded as it should be, or the coded comments are not the run's.
    TooFewResponses
        Fewer than 20 comments are coded.

    Notes
    -----
    `verbatim.themes.refine.refined` says how. Figures after are cross-fitted: each coded comment is judged without its
    own coding, in the new run's tables too, so that `score` may correct the new run's effects by the same codes.
    """
    options, coding = options_or_defaults(analysis), coded_of(analysis, file)
    model = analysis.themes.model
    reader = encoder or model.reader or load_encoder(options.encoder)
    why = f"{len(coding.cells)} comments of {coding.source}"
    found = _taught(analysis, model, coding, reader, options, why)
    after = recoded(analysis, found.model, options, f"refined with {coding.source}", progress, reader)
    guided = {"refined_by": {"coded": coding.source, "comments": len(coding.cells), "themes": list(found.learnt)}}
    after = replace(after, manifest={**after.manifest, **guided})
    quality = _side_by_side(analysis, after, coding, found.learnt)
    return Refinement(analysis, after, quality, _sentences(quality, coding))


def refine_run(
    run: Path,
    file: Path,
    out: Path,
    write_reports: Callable[[Analysis, Config, Path], object],
    progress: Progress | None = None,
) -> Refinement:
    """Refine the themes of a run folder and write a new one; the old one stays as it is.

    Raises
    ------
    RunFolderError
        The run cannot be read, or ``out`` exists or cannot be written. Else as `refine`.
    """
    refuse_existing(out, overwrite=False)
    analysis = Analysis.load(run)
    done = refine(analysis, file, progress=progress)
    run_folder.write(done.after, out, lambda folder: write_reports(done.after, options_or_defaults(analysis), folder))
    return done


def _taught(
    analysis: Analysis, model: ThemeModel, coding: Coding, reader: Encoder, options: Config, why: str
) -> Refined:
    """Read the comments as the run did and teach its model."""
    spans = split_comments(analysis.survey, options.split.model_copy(update={"language": model.language}))
    embedding = embed_spans(analysis.survey, spans, options.encoder, reader, language=model.language)
    tone = GeneralTone(reader, vocabulary(model.language))
    units = units_of(model.view, spans, embedding, tone.read(spans.table["text"].tolist(), embedding.own_words))
    tagged = analysis.mentions.table.pivot_table(index="response_id", columns="theme_id", aggfunc="size", fill_value=0)
    tagged = tagged.clip(upper=1).reindex(index=coding.cells.index, columns=coding.cells.columns, fill_value=0)
    return refined(model, Material(spans, embedding, units), tagged, coding.cells, coding.probability, why)


def _side_by_side(before: Analysis, after: Analysis, coding: Coding, learnt: tuple[str, ...]) -> pd.DataFrame:
    shares = ["precision", "recall", "f1"]
    old, new = (quality_of(analysis, coding)[["theme_id", "name", "n_people", *shares]] for analysis in (before, after))
    both = new.merge(old[["theme_id", *shares]], on="theme_id", suffixes=("", "_before"))
    both.insert(2, "learnt", both["theme_id"].isin(learnt))
    return both


def _sentences(quality: pd.DataFrame, coding: Coding) -> tuple[str, ...]:
    n = int(quality["learnt"].sum())
    told = (
        f"{n} of {len(quality)} themes are judged by what {len(coding.cells):,} coded comments taught; the others were "
        "not coded often enough, or would be no better, and are as they were."
    )
    crossed = (
        "Figures after are of coded comments judged without their own coding, and so the new run holds them: the same "
        "file may score it and correct its effects."
    )
    return told, crossed


def print_refinement(done: Refinement) -> None:
    """Print precision, recall and F1 before and after, theme by theme."""
    console = Console(width=110)
    table = Table(title="Tagging against people, before and after", title_justify="left")
    for heading in ("theme", "coded", "learnt", "precision was", "is", "recall was", "is", "F1 was", "is"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in done.quality.to_dict("records"):
        cells = [row[name] for what in ("precision", "recall", "f1") for name in (f"{what}_before", what)]
        shares = ["" if pd.isna(cell) else f"{cell:.0%}" for cell in cells]
        name = escape(f"{row['theme_id']} {row['name']}")
        table.add_row(name, f"{row['n_people']}", "yes" if row["learnt"] else "", *shares)
    console.print(table)
    for sentence in done.sentences:
        console.print(escape(sentence), highlight=False)
