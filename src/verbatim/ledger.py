"""Every row of the input is accounted for: where each one went."""

from typing import NamedTuple

from verbatim.records import Spans, Survey


class Ledger(NamedTuple):
    """Counts of rows; ``rows_in = responses + rejected``, always."""

    rows_in: int
    responses: int
    rejected: int
    scored: int
    with_comment: int
    with_span: int
    with_theme: int


def count_read(survey: Survey) -> dict[str, int]:
    """Count what is known once a survey is read: the first five entries of the ledger."""
    return {
        "rows_in": survey.reading.rows_in,
        "responses": len(survey.responses),
        "rejected": len(survey.rejected),
        "scored": int(survey.responses["score"].notna().sum()),
        "with_comment": int(survey.responses["comment"].notna().sum()),
    }


def count_rows(survey: Survey, spans: Spans) -> Ledger:
    """Count the whole ledger, from the tables themselves."""
    table = spans.table
    return Ledger(
        **count_read(survey),
        with_span=int(table["response_id"].nunique()),
        with_theme=int(table.loc[table["theme_id"].notna(), "response_id"].nunique()),
    )
