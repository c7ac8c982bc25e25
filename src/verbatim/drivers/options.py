"""What a user may set about the ranking of drivers."""

from pydantic import BaseModel, ConfigDict, Field


class DriverOptions(BaseModel):
    """How themes are ranked by their effect on NPS.

    Examples
    --------
    >>> DriverOptions(min_mentions=20).min_mentions
    20
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: str | None = Field(
        default=None,
        description='Score whose drivers are ranked in the place of the NPS, such as "CSAT"; see outcomes.',
    )
    min_mentions: int = Field(
        default=15, ge=5, description='Commenters a theme needs to be ranked; rarer ones are pooled as "Other themes".'
    )
    min_cell: int = Field(
        default=10,
        ge=1,
        description="Commenters a cell of score category x segments needs for a silence weight of its own.",
    )
    min_segment: int = Field(
        default=100, ge=20, description="Scored responses a segment value needs for a ranking of its own."
    )
    neutral_band: float = Field(
        default=0.1, ge=0, lt=1, description="A mention is negative below minus this sentiment, positive above it."
    )
    checks: bool = Field(
        default=True,
        description="Whether to set an ordinal logit, relative weights, robustness and silence figures beside effects.",
    )
    draws: int = Field(
        default=4000, ge=200, description="Multiplier draws behind noise marks, rank intervals and p_top3."
    )
    seed: int = Field(default=20260101, ge=0, description="Seed of the draws and of the coin-toss themes.")
