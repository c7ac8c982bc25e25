"""What a user may set about comparing waves."""

from pydantic import BaseModel, ConfigDict, Field


class ChangeOptions(BaseModel):
    """How waves are compared: the ``[change]`` table of verbatim.toml.

    Examples
    --------
    >>> ChangeOptions(min_mentions=20).min_mentions
    20
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_mentions: int = Field(
        default=15, ge=5, description="Commenters of a wave a theme needs there for a severity of its own."
    )
    min_cell: int = Field(
        default=10, ge=1, description="Commenters of a wave a segment value, or a silence cell, needs for its own part."
    )
    recode_up_to: int = Field(
        default=50_000,
        ge=0,
        description="Spans of a wave that may be coded anew where two waves have different codebooks; 0: never.",
    )
    min_period: int = Field(
        default=20, ge=5, description="Responses a week, month or quarter needs for a point of the trend."
    )
    min_period_effect: int = Field(
        default=200, ge=60, description="Commenters a period needs for the effects of themes within it."
    )
    false_alarms: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        description="Chance of any false alert a wave, over the NPS and all themes together.",
    )
    seed: int = Field(default=20260102, ge=0, description="Seed of the draws behind change points.")
