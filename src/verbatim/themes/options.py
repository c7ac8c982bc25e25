"""What can be set about themes."""

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Detail = Literal["few", "normal", "many"]
_FACTOR = {"few": 0.5, "normal": 1.0, "many": 1.6}
MOST_FOUND, MOST_ASKED = 56, 400
GROWTH = 0.45  # themes grow with the root of what is said: 200 comments give about ten, 2,000 about 40
RESOLUTION = 2.0


class ThemeOptions(BaseModel):
    """How finely themes are cut and when a span belongs to one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detail: Detail | int = Field(
        default="normal", description='How many themes to look for: "few", "normal", "many", or a number (2-400).'
    )
    min_spans: int = Field(default=5, ge=2, description="A theme said by fewer spans is dissolved into its neighbours.")
    min_similarity: float = Field(
        default=0.28,
        ge=0,
        le=1,
        description="What is less similar (cosine) to its nearest theme than this has no theme.",
    )
    clear_similarity: float = Field(
        default=0.45,
        ge=0,
        le=1,
        description="What is less similar to its theme than this counts only where nothing in the comment is clearer.",
    )
    merge_above: float = Field(
        default=0.75,
        gt=0,
        le=1,
        description="Themes whose centroids are more similar (cosine) than this are one theme.",
    )
    codebook: str = Field(
        default="",
        description="A codebook (YAML: name, definition, examples, parent) whose themes are looked for first; empty: "
        "none. A relative path starts at this file.",
    )
    coded: str = Field(
        default="",
        description="A table (CSV, XLSX) of comments that people coded, columns comment and theme; empty: none.",
    )
    fit_on: int = Field(
        default=50_000,
        ge=1_000,
        description="Of more comments than this, themes are looked for in so many, chosen so that rare words are among "
        "them, and recognised in all.",
    )
    broader: bool = Field(default=True, description="Group a dozen themes or more under broader ones.")

    def seeds_for(self, n_units: int) -> int:
        """Return the number of themes to start from for this many pieces."""
        if isinstance(self.detail, int):
            return max(2, min(self.detail, MOST_ASKED))
        factor = _FACTOR[self.detail]
        return max(4, round(factor * min(MOST_FOUND, GROWTH * math.sqrt(n_units))))

    @property
    def resolution(self) -> float:
        """Resolution of communities; a number asked for is searched from here."""
        return RESOLUTION * (1.0 if isinstance(self.detail, int) else _FACTOR[self.detail])
