"""A survey read with all the options that concern reading."""

from __future__ import annotations

from pathlib import Path

from verbatim.config import Config
from verbatim.records import Survey
from verbatim.survey.arrow import ArrowStream
from verbatim.survey.read import read_survey


def read_configured(source: str | Path | ArrowStream, config: Config) -> Survey:
    """Read a survey with all the options that concern reading. Raises as `read_survey`."""
    return read_survey(
        source,
        options=config.survey,
        join=config.join,
        groups=config.segments,
        accounts=config.accounts,
        outcomes=config.outcomes,
        invitations=config.invitations,
    )
