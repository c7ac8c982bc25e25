"""A theme model fitted again to a survey: the stages before the themes, then old and new themes joined."""

from __future__ import annotations

from dataclasses import replace

from verbatim.config import Config
from verbatim.errors import ModelError
from verbatim.records import Survey
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder, load_encoder
from verbatim.text.redact import redact
from verbatim.text.split import split_comments
from verbatim.themes.discover import apply_themes, find_themes, refit_themes
from verbatim.themes.model import ThemeModel


def refit(
    model: ThemeModel, survey: Survey, config: Config | None = None, encoder: Encoder | None = None
) -> ThemeModel:
    """Fit the themes of a model to a survey, and keep the identities of those that live on.

    Themes are found in the survey anew and matched with the model's (`verbatim.themes.refit.refitted`); a matched theme
    keeps its id, its name and its edits, and follows what is said of it; the others are born or retired, with lineage.
    The edits before go into `ThemeModel.past`: `undo` goes back as far as the refit.

    Parameters
    ----------
    model : ThemeModel
    survey : Survey
        Old comments and new ones together, or new ones alone.
    config : Config, optional
    encoder : Encoder, optional
        The one the model was made with; by default the model's own, or the one that ``config.encoder`` names.

    Raises
    ------
    ModelError
        The encoder is another than the model's.
    """
    config = config or Config()
    reader = encoder or model.reader or load_encoder(config.encoder)
    if reader.card.sha256 != model.encoder.sha256:
        raise ModelError(
            f'The theme model was made with the encoder "{model.encoder.name}"; "{reader.card.name}" is another. '
            f'Set encoder.model = "{model.encoder.name}", or find the themes anew.'
        )
    survey = redact(survey, config.redact)
    spans = split_comments(survey, config.split.model_copy(update={"language": model.language}))
    embedding = embed_spans(survey, spans, config.encoder, reader, language=model.language)
    _, fresh = find_themes(spans, embedding, reader, model.language, config.themes)
    joined = refit_themes(model, fresh.model, spans, embedding, reader)
    _, themes = apply_themes(spans, embedding, reader, joined)
    return replace(joined, themes=themes.themes)
