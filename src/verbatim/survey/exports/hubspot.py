"""HubSpot feedback submissions, by the internal names of their properties."""

from verbatim.survey.exports.tool import Drop, Tool

HUBSPOT = Tool(
    "HubSpot feedback submissions",
    needs=("hs_value", "hs_content"),
    roles={
        "score": ("hs_value",),
        "comment": ("hs_content",),
        "date": ("hs_submission_timestamp", "createdAt", "hs_createdate"),
        "response_id": ("hs_object_id", "id", "hs_ingestion_id"),
        "respondent_id": ("hs_contact_id",),
    },
    aside={
        "hs_response_group": "made from the score",
        "hs_sentiment": "made after the answer",
        "hs_ingestion_id": "an id",
        "hs_survey_id": "an id",
        "hs_survey_type": "kind of survey",
        "hs_submission_name": "a name made from the survey's",
        "hs_lastmodifieddate": "when the record was changed",
        "updatedAt": "when the record was changed",
        "createdAt": "when the record was made",
        "hs_createdate": "when the record was made",
        "archived": "state of the record",
    },
    contacts=("hs_contact_email_rollup", "hs_contact_firstname", "hs_contact_lastname"),
    drops=(Drop("hs_survey_type", r"(?!nps$).+", "no NPS question (hs_survey_type is not NPS)"),),
)
