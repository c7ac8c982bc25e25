"""Spans become unit vectors, in the context of their comment and by their own words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from verbatim.records import Embedding, Progress, Spans, Survey
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder


def embed_spans(
    survey: Survey,
    spans: Spans,
    options: EncoderOptions | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Embedding:
    """Embed every span twice: in the context of its comment, and by its own words alone.

    Parameters
    ----------
    survey : Survey
        Gives the whole comments.
    spans : Spans
    options : EncoderOptions, optional
    encoder : Encoder, optional
        Used instead of the model that ``options`` name.

    Raises
    ------
    EncoderError
        The model cannot be found, or its weights are not the ones that were published.
    """
    encoder = encoder or load_encoder(options or EncoderOptions())
    table = spans.table
    commented = survey.responses.loc[survey.responses["response_id"].isin(table["response_id"])]
    index = pd.Series(np.arange(len(commented)), index=commented["response_id"])
    places = np.column_stack([index.loc[table["response_id"]].to_numpy(), table["start"], table["end"]]).astype(
        np.int64
    )
    in_context = encoder.encode(commented["comment"].tolist(), places, progress)
    return Embedding(in_context, encode_alone(encoder, table["text"].tolist(), progress), encoder.card)
