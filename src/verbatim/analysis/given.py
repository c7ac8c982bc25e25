"""What people give to guide the themes: read and checked before anything is computed, embedded when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from verbatim.config import Config
from verbatim.errors import ConfigError, SurveyError
from verbatim.records import Survey
from verbatim.survey.options import SurveyOptions
from verbatim.survey.read import read_survey
from verbatim.survey.tables import read_table
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder
from verbatim.text.redact import redact
from verbatim.text.split import split_comments
from verbatim.themes.codebook import Codebook, Coded, read_codebook, read_coded
from verbatim.themes.guidance import CodedComments
from verbatim.themes.options import ThemeOptions


@dataclass(frozen=True, slots=True)
class Given:
    """A codebook and coded comments, either of them or none."""

    codebook: Codebook | None = None
    coded: Coded | None = None

    def __bool__(self) -> bool:
        return self.codebook is not None or self.coded is not None


def read_given(options: ThemeOptions) -> Given:
    """Read the files that ``themes.codebook`` and ``themes.coded`` name.

    Raises
    ------
    ConfigError
        A file is missing or not as it should be, or comments are coded with a broader theme.
    """
    codebook = read_codebook(options.codebook) if options.codebook else None
    coded = _coded(Path(options.coded)) if options.coded else None
    if codebook and coded:
        broader = {name.casefold() for name in codebook.names} - {theme.name.casefold() for theme in codebook.leaves}
        broader |= {theme.parent.casefold() for theme in codebook.themes if theme.parent}
        wrong = next((name for name in coded.names if name.casefold() in broader), None)
        if wrong:
            raise ConfigError(
                f'{coded.source} codes comments with "{wrong}", which holds other themes in {codebook.source}. Code '
                "them with one of its parts, or remove the parent there."
            )
    return Given(codebook, coded)


def _coded(file: Path) -> Coded:
    try:
        table = read_table(file, SurveyOptions())
    except SurveyError as error:
        raise ConfigError(f"themes.coded: {error}") from None
    return read_coded(table.cells, file.name)


def embed_coded(coded: Coded, config: Config, encoder: Encoder, language: str) -> CodedComments:
    """Mask, split and embed coded comments like a survey's own."""
    survey = comments_alone(coded.comments, config)
    ids = survey.responses["response_id"]
    spans = split_comments(survey, config.split)
    embedding = embed_spans(survey, spans, encoder=encoder, language=language)
    return CodedComments(spans, embedding, dict(zip(ids, coded.codes, strict=True)))


def comments_alone(comments: Sequence[str], config: Config) -> Survey:
    """Return comments without scores as a masked survey, one response each, in their order."""
    n = len(comments)
    table = pd.DataFrame({"id": [f"c{row:09d}" for row in range(n)], "score": np.arange(n) % 11, "comment": comments})
    return redact(read_survey(table, response_id="id", score="score", comment="comment", segments=[]), config.redact)
