"""Spans and their vectors become themes. Never sees a score."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from verbatim.errors import ModelError
from verbatim.records import Embedding, Spans, Themes
from verbatim.text.encoder import Encoder
from verbatim.text.lexical import LexicalEncoder
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.agreement import AGREEMENT_COLUMNS, agreement
from verbatim.themes.codebook import Codebook
from verbatim.themes.communities import Communities
from verbatim.themes.fit import described, first_model, settled
from verbatim.themes.guidance import CodedComments, Guidance, Material
from verbatim.themes.guided import guided, under_given
from verbatim.themes.hierarchy import under_broader
from verbatim.themes.judged import judged_units
from verbatim.themes.model import ThemeModel
from verbatim.themes.options import ThemeOptions
from verbatim.themes.portions import chosen_rows, in_portions, portion
from verbatim.themes.proposals import proposals
from verbatim.themes.recognise import assign, spans_with_themes, with_exemplars
from verbatim.themes.refit import refitted
from verbatim.themes.units import View, best_view, units_of

_PLACE = ["response_id", "start", "end"]
PROPOSED_FROM = 50_000  # comments of a large survey in which new themes are looked for


def find_themes(
    spans: Spans,
    embedding: Embedding,
    encoder: Encoder,
    language: str = "en",
    options: ThemeOptions | None = None,
    codebook: Codebook | None = None,
    coded: CodedComments | None = None,
) -> tuple[Spans, Themes]:
    """Find what the spans are about.

    Parameters
    ----------
    spans : Spans
    embedding : Embedding
        Row for row with ``spans.table``.
    encoder : Encoder
        The encoder that made ``embedding``; it reads candidate names.
    language : str
        Two letters, for stop words and stems.
    options : ThemeOptions, optional
    codebook : Codebook, optional
        Themes that people gave: each stays, its name and definition word for word, also where nobody speaks of it.
    coded : CodedComments, optional
        Comments that people coded, embedded by the same encoder. Codes that the codebook lacks are given themes.

    Returns
    -------
    spans : Spans
        With ``theme_id`` and ``similarity`` filled; a span that speaks of two themes is there twice, one that says
        nothing, or nothing near a theme, has none.
    themes : Themes
        Sorted by size, ids ``T01``, ``T02``, ...; general praise and complaint are themes of kind ``general``; broader
        themes, ids ``P01``, ``P02``, ..., come last.

    Notes
    -----
    Where comments make several points, the pieces of spans are clustered from word seeds (`SeededClusters`); where each
    answer makes one point, answers are clustered by `Communities`; the text alone decides (`best_view`). Clusters that
    turn out to be praise or complaint without a subject become the general themes, and every unit goes to its nearest
    theme. BERTopic holds the topics and gives the keywords. In a large survey all this is done on some comments
    (``options.fit_on``), and the themes are recognised in all.
    """
    options = options or ThemeOptions()
    fitted_on = chosen_rows(spans, options.fit_on)
    if fitted_on is not None:
        some, vectors = portion(spans, embedding, fitted_on)
        _, found = find_themes(some, vectors, encoder, language, options, codebook, coded)
        return _recognised_in_portions(spans, embedding, GeneralTone(encoder, vocabulary(language)), found.model)
    embedding, known = embedding.whole(), vocabulary(language)
    tone = GeneralTone(encoder, known)
    tones = tone.read(spans.table["text"].tolist(), embedding.own_words)
    view = best_view(spans, embedding, tones, lambda rows: Communities(options.resolution).fit(rows).labels_)
    units = units_of(view, spans, embedding, tones)
    model = first_model(units, view, embedding, tone, options)
    guidance = guidance_of(codebook, coded, view, tone)
    if guidance:
        model = guided(model, Material(spans, embedding, units), encoder, guidance, options)
    else:
        model = settled(model, units, options)
    model = described(model, spans, units, embedding, encoder, tone)
    model = replace(model, reader=encoder if isinstance(encoder, LexicalEncoder) else None)
    model = _under_parents(model, guidance.codebook if guidance else None, options.broader)
    return _with_exemplars(_found(Material(spans, embedding, units), model), model)


def apply_themes(spans: Spans, embedding: Embedding, encoder: Encoder, model: ThemeModel) -> tuple[Spans, Themes]:
    """Recognise the themes of ``model`` in spans; nothing is fitted, ids stay. New themes are proposed beside them.

    Raises
    ------
    ModelError
        The vectors come from another encoder than the model's.
    """
    if embedding.encoder.sha256 != model.encoder.sha256:
        raise ModelError(
            f'The theme model was made with the encoder "{model.encoder.name}"; this run uses '
            f'"{embedding.encoder.name}". Set encoder.model = "{model.encoder.name}", or find the themes anew.'
        )
    tone = GeneralTone(encoder, vocabulary(model.language))
    found, themes = _recognised_in_portions(spans, embedding, tone, model)
    some = chosen_rows(spans, PROPOSED_FROM)
    spans, embedding = portion(spans, embedding, np.arange(len(spans.table)) if some is None else some)
    tones = tone.read(spans.table["text"].tolist(), embedding.own_words)
    units = units_of(model.view, spans, embedding, tones)
    ids = spans.table[_PLACE].merge(found.table.drop_duplicates(_PLACE), on=_PLACE, how="left")["span_id"].tolist()
    return found, replace(themes, proposed=proposals(model, units, ids))


def _recognised_in_portions(
    spans: Spans, embedding: Embedding, tone: GeneralTone, model: ThemeModel
) -> tuple[Spans, Themes]:
    tables = in_portions(spans, embedding, partial(_recognised, tone=tone, model=model))
    return _with_exemplars(pd.concat(list(tables), ignore_index=True), model)


def _recognised(spans: Spans, embedding: Embedding, tone: GeneralTone, model: ThemeModel) -> pd.DataFrame:
    tones = tone.read(spans.table["text"].tolist(), embedding.own_words)
    return _found(Material(spans, embedding, units_of(model.view, spans, embedding, tones)), model)


def refit_themes(
    model: ThemeModel, fresh: ThemeModel, spans: Spans, embedding: Embedding, encoder: Encoder
) -> ThemeModel:
    """Join a model with the themes found anew in a survey (`verbatim.themes.refit.refitted`)."""
    embedding, tone = embedding.whole(), GeneralTone(encoder, vocabulary(model.language))
    tones = tone.read(spans.table["text"].tolist(), embedding.own_words)
    if fresh.view != model.view:
        fresh = replace(fresh, view=model.view)
    return refitted(model, fresh, units_of(model.view, spans, embedding, tones))


def agreement_with(
    themes: Themes, encoder: Encoder, codebook: Codebook | None, coded: CodedComments | None
) -> pd.DataFrame:
    """People's coding and ours side by side (`verbatim.themes.agreement`); no row where nothing is coded."""
    tone = GeneralTone(encoder, vocabulary(themes.model.language))
    guidance = guidance_of(codebook, coded, themes.model.view, tone)
    return agreement(themes, guidance) if guidance else pd.DataFrame(columns=list(AGREEMENT_COLUMNS))


def _found(material: Material, model: ThemeModel) -> pd.DataFrame:
    units, (rows, similarity) = material.units, assign(model, material.units)
    if model.guide:
        units, rows, similarity = judged_units(model, material, rows, similarity)
    return spans_with_themes(material.spans, units, rows, similarity, model.themes).table


def _with_exemplars(table: pd.DataFrame, model: ThemeModel) -> tuple[Spans, Themes]:
    themes = with_exemplars(model.themes, table)
    return Spans(table), Themes(themes, replace(model, themes=themes))


def guidance_of(
    codebook: Codebook | None, coded: CodedComments | None, view: View, tone: GeneralTone
) -> Guidance | None:
    """Return what people gave, ready for use; None where they gave nothing."""
    if codebook is None and coded is None:
        return None
    codebook = codebook or Codebook((), covers="everything")  # a coder lists all that a comment speaks of
    if coded is None:
        return Guidance(codebook)
    tones = tone.read(coded.spans.table["text"].tolist(), coded.embedding.own_words)
    units = units_of(view, coded.spans, coded.embedding, tones)
    return Guidance(codebook.with_codes(coded.names), Material(coded.spans, coded.embedding, units), coded.codes)


def _under_parents(model: ThemeModel, codebook: Codebook | None, broader: bool) -> ThemeModel:
    """Put themes under the parents that the codebook names, and the others, if asked, under broader ones found here."""
    themes = model.themes
    if codebook and any(theme.parent for theme in codebook.themes):
        themes = under_given(themes, codebook)
    elif broader:
        themes = under_broader(themes, model.centroids)
    return replace(model, themes=themes)
