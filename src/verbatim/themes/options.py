"""What can be set about themes."""

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Detail = Literal["few", "normal", "many"]
_FACTOR = {"few": 0.5, "normal": 1.0, "many": 1.6}
MOST_FOUND, MOST_ASKED = 40, 400
GROWTH = 0.6  # themes grow with the root of the spans: 200 comments give about 10, 2,000 about 35


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
        description="A span less similar (cosine) to its nearest theme than this has no theme.",
    )
    merge_above: float = Field(
        default=0.6, gt=0, le=1, description="Themes whose centroids are more similar (cosine) than this are one theme."
    )

    def seeds_for(self, n_spans: int) -> int:
        """Return the number of themes to start from for this many spans."""
        if isinstance(self.detail, int):
            return max(2, min(self.detail, MOST_ASKED))
        factor = _FACTOR[self.detail]
        return max(4, round(factor * min(MOST_FOUND, GROWTH * math.sqrt(n_spans))))
