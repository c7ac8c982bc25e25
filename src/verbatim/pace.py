"""How the spans of a survey were read: by the encoder itself, or by a student that it taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class EncoderCard:
    """Which model made the vectors: its name, the sha256 of its weights (of its files, for foreign models), width."""

    name: str
    sha256: str
    dim: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike a student's and its teacher's vectors are, on texts that the student was not taught.

    Attributes
    ----------
    n : int
        Texts compared.
    cosine : float
        Mean cosine of the two vectors of a text.
    neighbours : float
        Share (0-1) of a text's ten nearest among these texts that are the same for both.
    """

    n: int
    cosine: float
    neighbours: float


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """How the spans were read.

    Attributes
    ----------
    speed : "exact" or "fast"
        By the encoder itself, or by a student that it taught.
    agreement : mapping of str to Agreement
        Of texts "alone" and of spans "in context"; empty where no student was taught.
    note : str or None
        What is to be said of it, a sentence for the reader.
    """

    speed: Literal["exact", "fast"] = "exact"
    agreement: Mapping[str, Agreement] = field(default_factory=dict)
    note: str | None = None
