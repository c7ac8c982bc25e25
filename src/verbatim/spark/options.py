"""What a user may set about runs on Spark."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SparkOptions(BaseModel):
    """How ``verbatim run --engine spark`` works."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sample: int = Field(
        default=20_000,
        ge=1_000,
        description="Commented responses on which the driver finds the themes and teaches the student that the workers "
        "read with.",
    )
    batch: int = Field(default=1_000, ge=1, description="Responses that a worker reads at a time.")
    partitions: int = Field(
        default=0, ge=0, description="Parts the survey is cut into for the workers; 0: two for every core."
    )
    most_responses: int = Field(
        default=2_000_000,
        ge=1,
        description="A run of more responses than this is refused: their tables would not fit the driver. "
        "`verbatim.spark` has functions for more.",
    )
