"""The names a language model gives, put in place of ours."""

from __future__ import annotations

from dataclasses import replace

from verbatim.records import Spans, Theme, Themes
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.language_model import ModelNames, NamingOptions, ThemeToName, ask_for_names


def ask_language_model(themes: Themes, spans: Spans, options: NamingOptions) -> tuple[Themes, ModelNames]:
    """Have the configured language model name the subjects that were found; given names are left alone.

    Parameters
    ----------
    themes : Themes
    spans : Spans
        Already masked; their texts are what is quoted to the model.
    options : NamingOptions

    Returns
    -------
    themes : Themes
        Renamed where the answers will do, the model in it too.
    answers : ModelNames
        What was sent, and what went wrong.
    """
    text = spans.table.set_index("span_id")["text"]
    asked = {
        theme.theme_id: ThemeToName(theme.name, theme.definition, theme.keywords, tuple(text[list(theme.exemplars)]))
        for theme in themes.themes
        if theme.kind == "subject" and theme.source == "found" and theme.exemplars
    }
    answers = ask_for_names(asked, vocabulary(themes.model.language), options)

    def renamed(theme: Theme) -> Theme:
        name, definition = answers.names.get(theme.theme_id, (theme.name, theme.definition))
        return replace(theme, name=name, definition=definition)

    named = tuple(renamed(theme) for theme in themes.themes)
    return Themes(named, replace(themes.model, themes=named)), answers
