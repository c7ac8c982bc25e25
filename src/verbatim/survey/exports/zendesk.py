"""Zendesk satisfaction ratings: good or bad, which is no 0-10 answer."""

from verbatim.survey.exports.tool import Tool

GOOD_OR_BAD = (
    "these are Zendesk satisfaction ratings: good or bad, not 0-10, so no NPS can be computed from them. "
    "(Zendesk's own NPS surveys ended in April 2023.) Give a file with 0-10 answers, or name such a column"
)
ASIDE = {"reason_id": "an id", "url": "a link", "updated_at": "when the rating was changed"}
ZENDESK = Tool("Zendesk satisfaction ratings", needs=("score", "ticket_id", "requester_id"), aside=ASIDE,
               refusal=GOOD_OR_BAD)  # fmt: skip
ZENDESK_TICKETS = Tool(
    "Zendesk tickets with satisfaction ratings", needs=("satisfaction_rating.score",), aside=ASIDE, refusal=GOOD_OR_BAD
)
