"""What a reader may change about the report."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class ReportOptions(BaseModel):
    """Options of the reports, the ``[report]`` table of verbatim.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, description="Title of the report; none: the name of the survey file")
    texts: str | None = Field(
        default=None,
        description="JSON file with the page's fixed texts in another language; none: English. Sentences made from "
        "figures stay English",
    )
    locale: str = Field(
        default="en",
        description='How numbers and dates are written, such as "de", "fr" or "pt_BR"; the brief is always in English',
    )
    logo: str | None = Field(default=None, description="PNG or JPEG for page and slides; none: no logo")
    palette: tuple[Colour, Colour, Colour] = Field(
        default=("#b0481a", "#1d6a96", "#33475b"),
        description="Colours of costs, gains and everything else in slides, workbook and pictures, as #rrggbb",
    )
    quotes: bool = Field(
        default=True, description="Show customers' words; off: neither quotes nor comments are written"
    )
    quotes_per_theme: int = Field(default=3, ge=0, le=50, description="Quotes shown for each theme")
    quotes_searchable: int = Field(
        default=40, ge=0, le=200, description="Quotes of each theme that a reader of the page can search; 0: none"
    )
    filters: bool = Field(
        default=True,
        description="Let readers of the page filter by score category, segment and date; off: the page holds no counts "
        "for it",
    )
    quote_length: int = Field(
        default=280, ge=80, le=2000, description="Longest quote, in characters; longer comments are cut"
    )
    minimum_group: int = Field(
        default=5, ge=1, description="No quote or figure from a group of fewer responses than this"
    )
    themes_shown: int = Field(
        default=10, ge=1, description="Pain points, and strengths, in the charts; the rest fold away"
    )
    segment_themes: int = Field(default=3, ge=1, description="Pain points named for each value of a segment")
    segment_contrasts: int = Field(
        default=5, ge=0, description="Differences between groups that are told for each segment, the largest first"
    )
    segment_values: int = Field(
        default=12, ge=2, description="Values shown of each segment, the largest; the workbook has all"
    )
    coded_rows: int | None = Field(
        default=None, ge=0, le=1_000_000,
        description="Coded responses in the workbook, by default as many as fill 500,000 cells; coded.csv has all",
    )  # fmt: skip

    @field_validator("locale")
    @classmethod
    def _known(cls, name: str) -> str:
        if name != "en":
            from babel import Locale, UnknownLocaleError

            try:
                Locale.parse(name.replace("-", "_"))
            except (ValueError, UnknownLocaleError):
                raise ValueError(f'"{name}" is no locale that is known; write "de", "fr" or "pt_BR"') from None
        return name.replace("-", "_")
