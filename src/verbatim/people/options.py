"""Who is handed over and how: the ``[handoff]`` table of verbatim.toml."""

from __future__ import annotations

from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class HandoffOptions(BaseModel):
    """Columns of the contacts file, and the order in which people are called. Column names left out are recognised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str | None = Field(default=None, description="Column of the contacts file with the e-mail address.")
    user_id: str | None = Field(default=None, description="Column with the id that Intercom knows a user by.")
    first_name: str | None = Field(default=None, description="Column with the first name.")
    last_name: str | None = Field(default=None, description="Column with the last name.")
    name: str | None = Field(default=None, description="Column with the whole name.")
    phone: str | None = Field(default=None, description="Column with the phone number.")
    opt_out: str | None = Field(
        default=None,
        description="Column that says who must not be contacted. Blank, no, false, 0 or n: may be contacted; else not.",
    )
    keep: tuple[str, ...] = Field(
        default=(), description="Other columns of the contacts file to hand over as they are."
    )
    tier: str | None = Field(default=None, description="Column with the loyalty tier, handed over and called by.")
    tiers: tuple[str, ...] = Field(
        default=(), description='Tiers in the order of calling, such as ["Gold", "Silver"]; others come after them.'
    )
    value: str | None = Field(
        default=None, description="Column with the customer's value, a number; the highest is called first."
    )
    value_bands: tuple[float, ...] = Field(
        default=(), description="Bounds of bands of value, rising, such as [500, 2000]; people are called by band."
    )
    wave: str | None = Field(default=None, description="Name of the wave; none: the quarter of each answer.")

    @field_validator("value_bands")
    @classmethod
    def _rising(cls, bands: tuple[float, ...]) -> tuple[float, ...]:
        if any(low >= high for low, high in pairwise(bands)):
            raise ValueError("bounds of bands must rise, such as [500, 2000]")
        return bands

    @model_validator(mode="after")
    def _banded(self) -> HandoffOptions:
        if self.value_bands and self.value is None:
            raise ValueError("value_bands needs value, the column with the customers' value")
        return self
