"""Two runs with different codebooks: one wave is coded by both, so that like is compared with like."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from verbatim.errors import SurveyError, VerbatimError
from verbatim.records import Analysis, Mentions, Theme
from verbatim.themes.attach import attach_themes
from verbatim.themes.model import ThemeModel

SAME, ALIKE = 0.999, 0.9
"""Cosines of two centroids of one id: renaming moves nothing; what was fitted anew or merged moves a little; what is
less alike is another theme that happens to have the same number."""


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """The two waves as they are compared.

    Attributes
    ----------
    mentions : pair of Mentions
        By one codebook.
    themes : tuple of Theme
        Of that codebook.
    recoded : int or None
        The wave that was coded by the other's codebook: 0 or 1, None where both were coded alike.
    note : str
    """

    mentions: tuple[Mentions, Mentions]
    themes: tuple[Theme, ...]
    recoded: int | None
    note: str


def one_codebook(first: Analysis, second: Analysis, recoded: Mentions | None, limit: int) -> Coding:
    """Bring two runs to one codebook.

    Parameters
    ----------
    first, second : Analysis
    recoded : Mentions, optional
        One of the waves (told by its response ids) coded by the codebook of the other.
    limit : int
        Spans of a wave that may be coded anew here, with the other run's model.

    Raises
    ------
    SurveyError
        ``recoded`` belongs to neither wave.
    """
    if recoded is not None:
        which = _whose(recoded, first, second)
        return _with(first, second, which, recoded, "given")
    if same_codebook(first.themes.model, second.themes.model):
        note = "Both waves were coded by the same codebook: no part of the change comes from it."
        return Coding((first.mentions, second.mentions), second.themes.themes, None, note)
    which = _smaller(first, second)
    wave, other = ((first, second), (second, first))[which]
    if len(wave.spans.table) > limit:
        return _same_ids(first, second, f"{len(wave.spans.table):,} spans are more than change.recode_up_to allows")
    try:
        return _with(first, second, which, _coded_by(wave, other.themes.model), "coded with the other run's model")
    except VerbatimError as error:
        return _same_ids(first, second, str(error).rstrip("."))


def in_codebook_of(wave: Analysis, other: Analysis, limit: int) -> tuple[Analysis, str | None]:
    """Return a wave as coded by the codebook of another run, and a sentence where that took coding anew.

    Where it cannot be coded anew, only the themes that are the same in both are left.
    """
    if same_codebook(wave.themes.model, other.themes.model):
        return wave, None
    source = wave.survey.reading.source
    try:
        if len(wave.spans.table) > limit:
            raise SurveyError(f"{len(wave.spans.table):,} spans are more than change.recode_up_to allows")
        mentions = _coded_by(wave, other.themes.model)
        note = f"{source} was coded anew, by the codebook of the last wave."
    except VerbatimError as error:
        alike = same_themes(wave.themes.model, other.themes.model)
        mentions = Mentions(wave.mentions.table[wave.mentions.table["theme_id"].isin(alike)])
        note = (
            f"{source} has another codebook and could not be coded by that of the last wave ({str(error).rstrip('.')})."
        )
    return replace(wave, mentions=mentions, themes=other.themes), note


def same_codebook(one: ThemeModel, other: ThemeModel) -> bool:
    """Whether two models recognise the same themes; names, order and broader themes do not matter."""
    leaves = _centroids(one).keys()
    return leaves == _centroids(other).keys() and same_themes(one, other, SAME) == set(leaves)


def _centroids(model: ThemeModel) -> dict[str, np.ndarray]:
    return {model.themes[at].theme_id: model.centroids[at].astype(float) for at in model.leaves}


def _whose(recoded: Mentions, first: Analysis, second: Analysis) -> int:
    ids = set(recoded.table["response_id"])
    known = [len(ids & set(wave.spans.table["response_id"])) for wave in (first, second)]
    if max(known) < len(ids) or known[0] == known[1]:
        raise SurveyError(
            f"recoded holds {len(ids)} responses; {known[0]} of them commented in the first wave and {known[1]} in "
            "the second. Give the mentions of one of the two waves, coded by the codebook of the other."
        )
    return int(known[1] > known[0])


def _smaller(first: Analysis, second: Analysis) -> int:
    """The wave with fewer spans; of two alike the one whose response ids come first, so that order does not matter."""
    sizes = [(len(wave.spans.table), *sorted(wave.survey.responses["response_id"])[:3]) for wave in (first, second)]
    return int(sizes[1] < sizes[0])


def _with(first: Analysis, second: Analysis, which: int, recoded: Mentions, how: str) -> Coding:
    mentions = (recoded, second.mentions) if which == 0 else (first.mentions, recoded)
    other = second if which == 0 else first
    note = (
        f"The waves have different codebooks. The {('first', 'second')[which]} was coded by the codebook of the "
        f"{('second', 'first')[which]} as well ({how}), and both are compared by that one; what the change of codebook "
        "did to the themes stands in lines of its own."
    )
    return Coding(mentions, other.themes.themes, which, note)


def _same_ids(first: Analysis, second: Analysis, reason: str) -> Coding:
    """Compare the themes whose ids and centroids agree; nothing is known of the codebook's part."""
    alike = same_themes(first.themes.model, second.themes.model)
    kept = tuple(theme for theme in second.themes.themes if theme.theme_id in alike)
    cut = [Mentions(w.mentions.table[w.mentions.table["theme_id"].isin(alike)]) for w in (first, second)]
    note = (
        f"The waves have different codebooks, and no wave was coded by both ({reason}). Only the {len(kept)} themes "
        "that are the same in both are compared, and the line of the codebook change is 0 because it is not known. "
        "Run one wave with --model of the other."
    )
    return Coding((cut[0], cut[1]), kept, None, note)


def same_themes(one: ThemeModel, other: ThemeModel, least: float = ALIKE) -> set[str]:
    """Ids that mean the same in two models: their centroids agree."""
    if one.encoder.sha256 != other.encoder.sha256:
        return set()
    mine, theirs = _centroids(one), _centroids(other)
    return {theme for theme in mine.keys() & theirs.keys() if float(mine[theme] @ theirs[theme]) >= least}


def _coded_by(wave: Analysis, model: ThemeModel) -> Mentions:
    """Code a wave's spans by a model of another run; nothing is fitted."""
    from verbatim.config import Config, options_of
    from verbatim.pipeline import reader_of
    from verbatim.text.embed import embed_spans
    from verbatim.themes.discover import apply_themes

    options = wave.manifest.get("options")
    config = options_of(wave.manifest) if isinstance(options, dict) else Config()
    language = str(wave.manifest["language"])
    bare = wave.spans.table.assign(theme_id=pd.Series(None, index=wave.spans.table.index, dtype="str"))
    spans = type(wave.spans)(bare.drop_duplicates(["response_id", "start", "end"]).reset_index(drop=True))
    reader, _ = reader_of(wave.survey, spans, language, None, model, config)
    embedding = embed_spans(wave.survey, spans, config.encoder, reader, None, language)
    found, themes = apply_themes(spans, embedding, reader, model)
    return attach_themes(found, themes.themes)
