"""The commands sample and score: comments of a run for people to code, and what their codes say of the run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verbatim.coding.alpha import agreement_of_coders
from verbatim.coding.draw import draw_comments
from verbatim.coding.quality import tagging_quality
from verbatim.coding.sheet import SHEET, Coding, carried_cells, read_sheet, refuse_file, write_sheet
from verbatim.commands.recoding import options_or_defaults
from verbatim.drivers.tagging.correction import TaggingCorrection, correct_for_tagging
from verbatim.errors import ConfigError, RunFolderError, SurveyError, TooFewResponses
from verbatim.pipeline import theme_table
from verbatim.records import Analysis, Theme
from verbatim.run_folder import inert
from verbatim.survey.options import SurveyOptions
from verbatim.survey.tables import read_table
from verbatim.themes.attach import mention_matrix

QUALITY, TAGGING = "hand_coding.csv", "tagging.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """A coding file: its comments, its themes, and the comments whose codes were carried over from an earlier one."""

    comments: int
    themes: int
    carried: int


@dataclass(frozen=True, slots=True, eq=False)
class HandCoding:
    """What people's codes say of a run.

    Attributes
    ----------
    quality : DataFrame
        `verbatim.coding.quality.tagging_quality`, with ``alpha, alpha_low, alpha_high`` of
        `verbatim.coding.alpha.agreement_of_coders` where there are two coders or more, null else.
    correction : TaggingCorrection
        Effects as tagged and, once there are labels enough, as people would have coded.
    n_comments, n_coders : int
        Comments coded by the first coder, whose codes are taken as the truth; coders.
    sentences : tuple of str
        For the reader.
    """

    quality: pd.DataFrame
    correction: TaggingCorrection
    n_comments: int
    n_coders: int
    sentences: tuple[str, ...]


def sample_comments(run: Path, file: Path, n: int = 150, seed: int = 1, coded: Path | None = None) -> Sampled:
    """Write comments of a run worth coding by hand into ``file``.

    Only comments with a score are drawn, since only they have a say in effects. What the machine found is not shown.

    Parameters
    ----------
    run, file : Path
        A run folder; a new .xlsx or .csv.
    n : int
        Comments; all where there are not more.
    seed : int
        The same seed with a larger n begins with the same comments: code some now, more later.
    coded : Path, optional
        An earlier coding file of the run, whose codes are filled in.

    Raises
    ------
    RunFolderError, ConfigError
        The run or the earlier file cannot be read, or the new one not written.
    TooFewResponses
        No comment has a score, or there is no theme to ask for.
    """
    refuse_file(file)
    analysis = Analysis.load(run)
    themes = asked_themes(analysis)
    responses = _scored_comments(analysis)
    if not themes or responses.empty:
        what = "no theme to ask for" if not themes else "no comment with a score"
        raise TooFewResponses(f"{run} has {what}, so there is nothing to code.")
    ids = [theme.theme_id for theme in themes]
    drawn = draw_comments(_tagged(analysis, ids).loc[responses.index], responses["category"], n, seed)
    drawn["comment"] = drawn["response_id"].map(responses["comment"])
    carried = carried_cells(_cells(coded), ids) if coded else None
    texts = analysis.spans.table.set_index("span_id")["text"]
    examples = {theme.theme_id: str(texts[theme.exemplars[0]]) for theme in themes if theme.exemplars}
    write_sheet(drawn, themes, examples, file, carried)
    known = 0 if carried is None else int(drawn["response_id"].isin(carried.dropna(how="all").index).sum())
    return Sampled(len(drawn), len(themes), known)


def score_coding(analysis: Analysis, files: Sequence[Path]) -> HandCoding:
    """Say how well a run tags and what its effects are, from comments that people coded.

    Parameters
    ----------
    analysis : Analysis
    files : list of Path
        Coding files of `sample_comments`, one a coder. The first is taken as the truth.

    Raises
    ------
    ConfigError
        A file is not coded as it should be, or asks for other themes than the run has.
    SurveyError
        The coded comments are not the run's, or cannot have been drawn with these chances.
    """
    first = coded_of(analysis, files[0])
    codings = [first, *(read_sheet(_cells(file), file.name, first.cells.columns.tolist()) for file in files[1:])]
    quality = quality_of(analysis, first).join(_alpha(codings), on="theme_id")
    correction = _corrected(analysis, first)
    return HandCoding(quality, correction, len(first.cells), len(codings), _sentences(codings, correction))


def coded_of(analysis: Analysis, file: Path) -> Coding:
    """Read a coding file of a run.

    Raises
    ------
    ConfigError, SurveyError
        As `score_coding`.
    """
    coding = read_sheet(_cells(file), file.name, [theme.theme_id for theme in asked_themes(analysis)])
    foreign = ~coding.cells.index.isin(_scored_comments(analysis).index)
    if foreign.any():
        raise SurveyError(
            f'{coding.source}: response "{coding.cells.index[foreign][0]}" is no scored comment of the run '
            f"({int(foreign.sum())} such rows). Score the file against the run it was drawn from."
        )
    return coding


def quality_of(analysis: Analysis, coding: Coding) -> pd.DataFrame:
    """Say how well a run tags by one coder's codes: `verbatim.coding.quality.tagging_quality`."""
    machine = _tagged(analysis, coding.cells.columns.tolist()).loc[coding.cells.index]
    return tagging_quality(machine, coding.cells, coding.probability, [theme.name for theme in asked_themes(analysis)])


def asked_themes(analysis: Analysis) -> list[Theme]:
    """Return the themes people are asked for: subjects, without the broader ones, which follow from their parts."""
    broader = {theme.parent_id for theme in analysis.themes.themes}
    return [theme for theme in analysis.themes.themes if theme.kind == "subject" and theme.theme_id not in broader]


def write_coding(run: Path, found: HandCoding) -> None:
    """Write ``hand_coding.csv`` and ``tagging.csv`` into the run, both or none.

    Raises
    ------
    RunFolderError
        The disk does not let us.
    """
    tables = {QUALITY: found.quality, TAGGING: found.correction.table}
    try:
        with tempfile.TemporaryDirectory(prefix=".coding.", dir=run) as folder:
            for name, table in tables.items():
                inert(table).to_csv(Path(folder) / name, index=False)
            for name in tables:
                (Path(folder) / name).replace(run / name)
    except OSError as error:
        raise RunFolderError(f"{run} cannot be written: {error.strerror}. The run is as it was.") from None


def _scored_comments(analysis: Analysis) -> pd.DataFrame:
    """Responses by id that have a score, a positive weight and a comment with words."""
    responses = analysis.survey.responses
    spoke = analysis.spans.made_by(responses["response_id"])
    weighed = responses["weight"].fillna(1.0) > 0
    return responses[spoke & weighed & responses["score"].notna()].set_index("response_id")


def _tagged(analysis: Analysis, theme_ids: list[str]) -> pd.DataFrame:
    return mention_matrix(analysis.mentions, analysis.survey.responses["response_id"], theme_ids)


def _cells(file: Path) -> pd.DataFrame:
    options = SurveyOptions(sheet=SHEET) if file.suffix.lower() == ".xlsx" else SurveyOptions()
    try:
        cells = read_table(file, options).cells
    except SurveyError as error:
        raise ConfigError(f"{file} cannot be read as a coding file: {error}") from None
    if "response_id" not in cells:
        raise ConfigError(f'{file} has no column "response_id": it is no file that `verbatim sample` wrote.')
    return cells


def _alpha(codings: Sequence[Coding]) -> pd.DataFrame:
    """Krippendorff's alpha by theme, from the comments that all coders coded; null with one coder."""
    first = codings[0].cells
    shared = first.index
    for other in codings[1:]:
        shared = shared[shared.isin(other.cells.index)]
    if len(codings) < 2 or shared.empty:
        return pd.DataFrame(float("nan"), index=first.columns, columns=["alpha", "alpha_low", "alpha_high"])
    return agreement_of_coders([coding.cells.loc[shared] for coding in codings])


def _corrected(analysis: Analysis, coding: Coding) -> TaggingCorrection:
    """Correct the effects of a run, of its broader themes too: a comment speaks of them where it does of a part."""
    responses = analysis.survey.responses.set_index("response_id", drop=False)
    subjects = [theme for theme in analysis.themes.themes if theme.kind == "subject"]
    told = coding.cells.copy()
    for broad in (theme.theme_id for theme in subjects if theme.theme_id not in coding.cells):
        parts = [theme.theme_id for theme in subjects if theme.parent_id == broad]
        told[broad] = coding.cells[parts].max(axis=1).astype("int8")
    return correct_for_tagging(
        _tagged(analysis, [theme.theme_id for theme in analysis.themes.themes]),
        told,
        coding.probability,
        responses["score"],
        responses[list(analysis.survey.segments)] if analysis.survey.segments else None,
        weight=responses["weight"],
        commented=analysis.spans.made_by(responses["response_id"]),
        respondent=responses["account" if "account" in responses else "respondent_id"],
        themes=theme_table(analysis.themes.themes),
        options=options_or_defaults(analysis).drivers,
    )


def _sentences(codings: Sequence[Coding], correction: TaggingCorrection) -> tuple[str, ...]:
    first, table = codings[0], correction.table
    said = [f"{first.source}: {len(first.cells):,} of {first.n_rows:,} comments coded."]
    if len(codings) > 1:
        both = set.intersection(*(set(coding.cells.index) for coding in codings))
        said.append(
            f"{len(codings)} coders, {len(both):,} comments coded by all; the codes of {first.source} are taken as the "
            "truth."
        )
    enough = table["labels_needed"] == 0
    if enough.any():
        said.append(f"Effects are corrected for {int(enough.sum())} of {len(table)} themes.")
    needed = table.loc[~enough, "labels_needed"].dropna()
    if len(needed):
        least, most = int(needed.min()), int(needed.max())
        span = f"{least:,}" if least == most else f"{least:,} to {most:,}"
        said.append(
            f"Corrected effects need {span} more coded comments, drawn the same way: verbatim sample RUN --n "
            f"{len(first.cells) + least} --coded {first.source} --out FILE holds these and the next."
        )
    return tuple(said)


def coding_json(found: HandCoding) -> str:
    """Return what was found as JSON, for machines."""
    content = {
        "comments": found.n_comments,
        "coders": found.n_coders,
        "quality": json.loads(found.quality.to_json(orient="records", double_precision=15)),
        "effects": json.loads(found.correction.table.to_json(orient="records", double_precision=15)),
        "sentences": list(found.sentences),
        "notes": list(found.correction.notes),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def print_coding(found: HandCoding) -> None:
    """Print quality, effects raw and corrected, and the sentences."""
    console = Console(width=110)
    table = Table(title="Tagging against people, 95 % intervals", title_justify="left")
    headings = ["theme", "machine", "people", "both", "precision", "recall", "F1"]
    for heading in headings + (["alpha"] if found.n_coders > 1 else []):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in found.quality.to_dict("records"):
        shares = [_share(row, what) for what in ("precision", "recall", "f1")]
        alpha = [_share(row, "alpha", "{:.2f}")] if found.n_coders > 1 else []
        counts = [str(row[count]) for count in ("n_machine", "n_people", "n_both")]
        table.add_row(escape(f"{row['theme_id']} {row['name']}"), *counts, *shares, *alpha)
    console.print(table)
    corrected = found.correction.table[found.correction.table["labels_needed"] == 0]
    if len(corrected):
        console.print(_effects(corrected))
    for sentence in (*found.sentences, *found.correction.notes):
        console.print(escape(sentence), highlight=False)


def _share(row: Mapping[Any, Any], what: str, form: str = "{:.0%}") -> str:
    value, low, high = (row[name] for name in (what, f"{what}_low", f"{what}_high"))
    if pd.isna(value):
        return ""
    interval = "" if pd.isna(low) else f" [{form.format(low)}, {form.format(high)}]"
    return form.format(value) + escape(interval)


def _effects(found: pd.DataFrame) -> Table:
    table = Table(title="Effects in NPS points, as tagged and corrected", title_justify="left")
    for heading in ("theme", "as tagged", "corrected", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for _, level in found.groupby("level", sort=False):
        figures = level[["effect", "effect_corrected", "corrected_low", "corrected_high"]].to_numpy(dtype=float)
        for theme_id, name, (raw, corrected, low, high) in zip(level["theme_id"], level["name"], figures, strict=True):
            interval = escape(f"[{low:+z.1f}, {high:+z.1f}]")
            table.add_row(escape(f"{theme_id} {name}"), f"{raw:+z.1f}", f"{corrected:+z.1f}", interval)
        table.add_section()  # levels are rankings of their own
    return table


def print_trust(found: pd.DataFrame) -> None:
    """Print the precisions of a trust check."""
    console = Console(width=100)
    table = Table(title="Of the comments counted under a theme, how many speak of it", title_justify="left")
    for heading in ("theme", "yes", "of", "precision", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "theme" else "right")
    for row in found[found["n"] > 0].itertuples():
        interval = escape(f"[{row.low:.0%}, {row.high:.0%}]")
        table.add_row(
            escape(" ".join([str(row.theme_id), str(row.name)])),
            f"{row.yes}",
            f"{row.n}",
            f"{row.precision:.0%}",
            interval,
        )
    console.print(table)
    console.print(
        "It says nothing of comments that speak of a theme and are not counted: `verbatim sample` asks for those too.",
        highlight=False,
    )
