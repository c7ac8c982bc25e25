"""Typeform: "#", the questions as headers (some twice), times in UTC, a network id."""

from verbatim.survey.exports.tool import Drop, Tool

TYPEFORM = Tool(
    "Typeform",
    needs=("#", "Network ID", "Submit Date (UTC)"),
    roles={"date": ("Submit Date (UTC)",), "response_id": ("#",)},
    aside={
        "Response Type": "whether the form was completed",
        "Start Date (UTC)": "when the form was begun",
        "Stage Date (UTC)": "when the form was left",
        "Network ID": "identifies a network, no person",
        "Tags": "tags",
        "Ending": "the ending shown",
    },
    drops=(Drop("Response Type", "started|partial", "not finished", unfinished=True),),
)
