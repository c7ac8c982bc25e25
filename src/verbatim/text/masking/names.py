"""Names of persons, where the user gives a model that finds them."""

from __future__ import annotations

from verbatim.errors import ConfigError

PERSON = frozenset(("PERSON", "PER", "persName"))


class NameFinder:
    """Finds names with a spaCy model on this machine: an installed package or a folder."""

    def __init__(self, model: str) -> None:
        import spacy

        try:
            self._model = spacy.load(model)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f'redact.names_model is "{model}", which spaCy cannot load: {str(error).splitlines()[0]} Install the '
                "model, name its folder, or leave the option out; names then stay in the comments."
            ) from None
        if not {label for name in self._model.pipe_names for label in self._model.get_pipe(name).labels} & PERSON:
            raise ConfigError(f'redact.names_model is "{model}", which finds no persons. Name a model with entities.')

    def find(self, text: str) -> list[tuple[int, int]]:
        """Bounds of the names."""
        return [(entity.start_char, entity.end_char) for entity in self._model(text).ents if entity.label_ in PERSON]
