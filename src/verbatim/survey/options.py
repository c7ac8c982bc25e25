"""What a user may say about a survey file: the ``[survey]`` part of verbatim.toml."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer


class SurveyOptions(BaseModel):
    """How a survey is read. Whatever is left out is recognised from the columns' names and contents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: str | None = Field(default=None, description="Column with the 0-10 answers.")
    comment: str | tuple[str, ...] | None = Field(
        default=None, description="Column, or list of columns, with the open answers."
    )
    date: str | None = Field(default=None, description="Column with the date of the answer.")
    respondent_id: str | None = Field(
        default=None, description="Column that tells the same person in several responses."
    )
    response_id: str | None = Field(default=None, description="Column with an id of its own for every response.")
    weight: str | None = Field(default=None, description="Column with survey weights, 0 or more.")
    segments: tuple[str, ...] | None = Field(default=None, description="Columns that group customers; [] for none.")
    ignore: tuple[str, ...] = Field(default=(), description="Columns to leave alone.")
    delimiter: str | None = Field(default=None, description="Character between the cells of a text file.")
    encoding: str | None = Field(default=None, description='Encoding of a text file, such as "cp1252".')
    sheet: str | int | None = Field(default=None, description="Sheet of a workbook: its name, or its number from 1.")
    url: str | None = Field(
        default=None,
        repr=False,
        description="Database to read where the command names no survey; ${NAME} stands for an environment variable.",
    )
    query: str | None = Field(default=None, description="SQL that returns the responses, one row each.")
    date_format: str | None = Field(default=None, description='How dates are written, such as "%d/%m/%Y %H:%M".')
    invalid: Literal["reject", "unscored"] = Field(
        default="reject",
        description="What to do with a score outside 0-10: reject the row, or keep its comment unscored.",
    )
    scale: Literal["0-10", "1-10", "1-5"] | None = Field(
        default=None,
        description="Scale of the score. 1-10 is read as it is; 1-5 is doubled (5 promoter, 4 passive, 1-3 detractor).",
    )
    missing_scores: tuple[str, ...] | None = Field(
        default=None, description='Cells that stand for "no score", such as ["0", "99"]; [] where 0 is an answer.'
    )
    unfinished: Literal["reject", "keep"] = Field(
        default="reject", description="What to do with rows that the survey tool marks as not finished."
    )
    repeats: Literal["reject", "keep"] = Field(
        default="reject", description="What to do with the same answer of the same respondent at the same time."
    )
    segment_values: int = Field(
        default=30, ge=2, description="A column with more different values than this is no segment."
    )

    @field_serializer("url", when_used="json")
    def _without_password(self, url: str | None) -> str | None:
        """Say which database in manifests; its password is nobody's business."""
        from verbatim.survey.sql import shown_url

        return url and shown_url(url)

    def comments(self) -> tuple[str, ...]:
        """Names of the comment columns, none where they are to be recognised."""
        if self.comment is None:
            return ()
        return (self.comment,) if isinstance(self.comment, str) else self.comment
