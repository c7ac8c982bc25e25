"""Wootric, now InMoment, by the field names of its API: responses with their end users."""

from verbatim.survey.exports.tool import Drop, Tool

WOOTRIC = Tool(
    "Wootric (InMoment)",
    needs=("score", "text", "origin_url", "excluded_from_calculations"),
    roles={
        "score": ("score",),
        "comment": ("text",),
        "date": ("created_at",),
        "response_id": ("id",),
        "respondent_id": ("end_user.id", "end_user_id", "end_user.external_id"),
    },
    aside={
        "origin_url": "where the survey was shown",
        "completed": "whether the answer was completed",
        "excluded_from_calculations": "whether the answer counts",
        "updated_at": "when the answer was changed",
        "survey_id": "an id",
        "tags": "tags of the team",
    },
    contacts=("ip_address", "end_user.email", "end_user.phone_number", "end_user.external_id"),
    drops=(
        Drop("excluded_from_calculations", "true|1|yes", "excluded from calculations there"),
        Drop("completed", "false|0|no", "not finished", unfinished=True),
    ),
)
