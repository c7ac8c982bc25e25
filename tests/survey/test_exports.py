"""Every survey tool's export, from its documented layout to a survey."""

import importlib.util
from pathlib import Path

import pytest

from verbatim.errors import SurveyError
from verbatim.nps import net_promoter_score
from verbatim.survey.options import SurveyOptions
from verbatim.survey.read import read_survey

spec = importlib.util.spec_from_file_location("exports", Path(__file__).parent / "exports.py")
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

# file, its content, the tool's name, roles by column, rejected rows with a word of the reason
CASES = {
    "qualtrics": ("q.csv", made.qualtrics, "Qualtrics", {"Q1": "score", "Q2": "comment", "RecordedDate": "date",
        "ResponseId": "response_id", "Q3": "segment", "Status": "ignored", "Progress": "ignored", "Finished": "ignored",
        "IPAddress": "contact", "LocationLatitude": "contact", "RecipientEmail": "contact", "Q1_NPS_GROUP": "ignored",
        "DistributionChannel": "ignored", "ExternalReference": "ignored", "StartDate": "ignored"},
        {4: "preview", 5: "test", 6: "not finished"}),
    "qualtrics legacy": ("q.csv", made.qualtrics_legacy, "Qualtrics (legacy)", {"Q1": "score", "Q2": "comment",
        "ResponseID": "response_id", "EndDate": "date", "StartDate": "ignored", "EmailAddress": "contact",
        "Status": "ignored", "Finished": "ignored", "LocationLongitude": "contact"}, {}),
    "surveymonkey": ("s.csv", made.surveymonkey, "SurveyMonkey", {"Respondent ID": "response_id",
        "Collector ID": "ignored", "End Date": "date", "Start Date": "ignored", "IP Address": "contact",
        'How likely is it that you would recommend "Café Nord" to a friend?': "score", "Custom Data 1": "segment",
        "Why did you give this score?": "comment", "What did you use? - Shop": "segment",
        "What did you use? - Phone": "ignored"}, {}),
    "typeform": ("t.csv", made.typeform, "Typeform", {"#": "response_id", "Submit Date (UTC)": "date",
        "Tell us why": "comment", "Tell us why (2)": "comment", "How likely are you to recommend us?": "score",
        "Phone": "contact", "Network ID": "ignored", "Response Type": "ignored"}, {3: "not finished"}),
    "google forms": ("g.csv", made.google_forms, "Google Forms", {"Timestamp": "date", "Why?": "comment",
        "On a scale of 0-10, how likely are you to recommend us?": "score", "Rate the food 0-10": "outcome"}, {}),
    "delighted": ("d.json", made.delighted, "Delighted", {"score": "score", "comment": "comment", "created_at": "date",
        "id": "response_id", "person": "respondent_id", "person_properties.Plan": "segment", "permalink": "ignored",
        "tags": "ignored", "survey_type": "ignored"}, {2: "no NPS question"}),
    "wootric": ("w.json", made.wootric, "Wootric (InMoment)", {"score": "score", "text": "comment",
        "created_at": "date", "id": "response_id", "end_user.id": "respondent_id", "end_user.email": "contact",
        "end_user.properties.plan": "segment", "completed": "ignored", "ip_address": "contact"},
        {4: "not finished", 5: "excluded"}),
    "hubspot": ("h.json", made.hubspot, "HubSpot feedback submissions", {"properties.hs_value": "score",
        "properties.hs_content": "comment", "properties.hs_submission_timestamp": "date", "id": "response_id",
        "properties.hs_contact_id": "respondent_id", "properties.hs_response_group": "ignored",
        "properties.hs_survey_channel": "segment", "createdAt": "ignored"}, {3: "no NPS question"}),
    "getfeedback": ("f.json", made.getfeedback, "GetFeedback", {"nps": "score", "comment": "comment", "date": "date",
        "id": "response_id", "browser.name": "segment", "rating": "ignored", "userAgent": "ignored"}, {}),
    "asknicely csv": ("a.csv", made.asknicely, "AskNicely", {"answer": "score", "comment": "comment",
        "responded": "date", "response_id": "response_id", "person_id": "respondent_id", "answerlabel": "ignored",
        "segment": "segment", "email": "contact", "name": "contact", "sent": "ignored"}, {8: "no NPS question"}),
    "asknicely json": ("a.json", made.asknicely_json, "AskNicely", {"answer": "score", "comment": "comment",
        "responded": "date", "segment": "segment"}, {8: "no NPS question"}),
}  # fmt: skip


def read(folder, name, data, **settings):
    (folder / name).write_bytes(data)
    return read_survey(folder / name, **settings)


@pytest.mark.parametrize("case", CASES)
def test_export(case, tmp_path):
    file, make, tool, roles, rejected = CASES[case]
    survey = read(tmp_path, file, make())
    assert survey.reading.tool == tool
    assert survey.reading.layout.startswith(f"{tool} export; ")
    found = {column.name: column.role for column in survey.reading.columns}
    assert {name: found.get(name) for name in roles} == roles
    assert survey.reading.rows_in == made.N == len(survey.responses) + len(survey.rejected)
    told = dict(zip(survey.rejected["row"], survey.rejected["reason"], strict=True))
    assert list(told) == list(rejected)
    assert all(word in told[row] and tool in told[row] for row, word in rejected.items())
    expected = [made.score(i) for i in range(made.N) if i + 1 not in rejected]
    assert sorted(survey.responses["score"]) == sorted(expected)
    assert net_promoter_score(survey.responses["score"]).n == len(expected)
    assert survey.responses["comment"].notna().all()
    assert survey.responses["date"].notna().all()


def test_qualtrics_wordings_name_the_questions(tmp_path):
    assert set(read(tmp_path, "q.csv", made.qualtrics()).answers["question"]) == {"Warum?"}


def test_unfinished_answers_can_be_kept_previews_cannot(tmp_path):
    survey = read(tmp_path, "q.csv", made.qualtrics(), options=SurveyOptions(unfinished="keep"))
    assert survey.rejected["row"].tolist() == [4, 5]


def test_surveymonkey_from_an_old_mac_with_glued_ids(tmp_path):
    survey = read(tmp_path, "s.csv", made.surveymonkey(end="\r", encoding="mac_roman", glued=True))
    assert survey.reading.tool == "SurveyMonkey"
    assert survey.responses["comment"].str.endswith(" é").sum() == made.N
    assert set(survey.responses["date"].dt.month) == {3}


def test_typeform_questions_with_one_text_stay_apart(tmp_path):
    survey = read(tmp_path, "t.csv", made.typeform())
    assert set(survey.answers["question"]) == {"Tell us why", "Tell us why (2)"}
    assert survey.reading.changed["apostrophes before =, +, - or @ taken off"] == made.N


def test_google_forms_with_zeros_in_front_is_asked_about(tmp_path):
    padded = made.google_forms().replace(b"\r\n3/", b"\r\n03/")
    for day in range(1, 10):
        padded = padded.replace(b"03/%d/" % day, b"03/%02d/" % day)
    with pytest.raises(SurveyError, match=r'(?s)date_format = "%d/%m/%Y %H:%M:%S"\n    # date_format = "%m/%d'):
        read(tmp_path, "g.csv", padded)


def test_zendesk_is_refused_with_the_reason(tmp_path):
    with pytest.raises(SurveyError, match=r"(?s)good or bad, not 0-10.*\[survey\]\n    score ="):
        read(tmp_path, "z.csv", made.zendesk())


def test_names_in_the_options_win_over_the_tool(tmp_path):
    survey = read(tmp_path, "q.csv", made.qualtrics(), date="EndDate", segments=["DistributionChannel", "Q3"])
    found = {column.name: column.role for column in survey.reading.columns}
    assert found["EndDate"] == "date"
    assert found["RecordedDate"] != "date"


def test_an_unknown_file_has_no_tool(tmp_path):
    rows = [["score", "why"], *[[str(made.score(i)), made.why(i)] for i in range(made.N)]]
    assert read(tmp_path, "x.csv", made.written(rows)).reading.tool == ""
