"""AskNicely, by the field names of its "Get Responses" API, which answers in JSON or in CSV."""

from verbatim.survey.exports.tool import Drop, Tool

ASKNICELY = Tool(
    "AskNicely",
    needs=("answer", "comment", "question_type", "responded"),
    roles={
        "score": ("answer",),
        "comment": ("comment",),
        "date": ("responded",),
        "response_id": ("response_id",),
        "respondent_id": ("person_id", "contact_id"),
    },
    aside={
        "answerlabel": "made from the score",
        "answer_label": "made from the score",
        "question_type": "kind of question",
        "sent": "when the survey was sent",
        "opened": "when the survey was opened",
        "lastemailed": "when the person was last written to",
        "created": "when the person was added",
        "note": "notes of the team",
        "status": "work of the team on the answer",
        "published": "whether the answer was published",
        "publishedname": "name it was published under",
        "publishedavatar": "a picture",
        "data": "further data",
    },
    contacts=("name", "email", "phone", "contact_id"),
    drops=(Drop("question_type", r"(?!nps$).+", "no NPS question (question_type is not nps)"),),
)
