"""GetFeedback Digital (formerly Usabilla), by the field names of its API; no public header of its CSV is certain."""

from verbatim.survey.exports.tool import Tool

GETFEEDBACK = Tool(
    "GetFeedback",
    needs=("nps", "comment", "publicUrl", "userAgent"),
    roles={"score": ("nps",), "comment": ("comment",), "date": ("date",), "response_id": ("id",)},
    aside={
        "rating": "another rating, 1-5",
        "publicUrl": "a link",
        "url": "a link",
        "userAgent": "the browser's own name",
        "image": "a screenshot",
        "buttonId": "where the form was shown",
        "labels": "labels of the team",
        "tags": "tags of the team",
        "commentTranslated": "a translation of the comment",
        "commentTranslatedFrom": "language of the comment",
    },
    contacts=("email",),
)
