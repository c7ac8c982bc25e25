"""Delighted, by the field names of its API: a list of survey responses."""

from verbatim.survey.exports.tool import Drop, Tool

DELIGHTED = Tool(
    "Delighted",
    needs=("score", "comment", "survey_type", "permalink"),
    roles={
        "score": ("score",),
        "comment": ("comment",),
        "date": ("created_at",),
        "response_id": ("id",),
        "respondent_id": ("person.id", "person"),
    },
    aside={
        "survey_type": "kind of survey",
        "permalink": "a link",
        "updated_at": "when the answer was changed",
        "notes": "notes of the team",
        "tags": "tags of the team",
        "additional_answers": "answers to further questions, as JSON",
    },
    contacts=("person.email", "person.name", "person.phone_number"),
    drops=(Drop("survey_type", r"(?!nps$).+", "no NPS question (survey_type is not nps)"),),
)
