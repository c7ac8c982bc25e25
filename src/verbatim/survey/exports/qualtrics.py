"""Qualtrics: codes, questions in the exporter's language and a row of ImportIds; before 2017 codes and labels only."""

from dataclasses import replace

from verbatim.survey.exports.tool import Drop, Parted, Tool, one_line

IMPORT_ID = '{"ImportId"'
OLD_CODES = ("V1", "V2", "V3")
OLD_LABELS = frozenset(("ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "StartDate"))

QUALTRICS = Tool(
    "Qualtrics",
    needs=("ResponseId", "RecordedDate", "DistributionChannel"),
    roles={"date": ("RecordedDate", "EndDate", "StartDate"), "response_id": ("ResponseId", "ResponseID")},
    aside={
        "StartDate": "when the answer was begun",
        "EndDate": "when the answer was ended",
        "Status": "how the row came about",
        "Progress": "share of the survey that was seen",
        "Duration (in seconds)": "time taken",
        "Finished": "whether the answer was finished",
        "ResponseSet": "set of responses",
        "ExternalReference": "reference of the contact list",
        "ExternalDataReference": "reference of the contact list",
        "DistributionChannel": "how the survey was sent",
        "UserLanguage": "language of the questionnaire",
        "Q_RecaptchaScore": "check for robots",
        "Q_TotalDuration": "time taken",
        "LocationAccuracy": "place, kept out",
    },
    contacts=(
        "IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "LocationLatitude",
        "LocationLongitude", "Name", "EmailAddress",
    ),
    drops=(
        Drop("Status", r"1|9|17|.*(preview|vorschau|vista previa|apercu|aperçu|visualiza).*", "a preview, no answer"),
        Drop("Status", r"2|6|10|18|.*\btest\b.*", "a test, no answer"),
        Drop("Status", r"8|12|40|.*spam.*", "marked as spam"),
        Drop("Finished", r"0|false|falsch|falso|faux", "not finished", unfinished=True),
    ),
)  # fmt: skip


def part(lines: list[list[str]]) -> Parted | None:
    """Part a Qualtrics file by its header rows; None where they are not Qualtrics'."""
    names = one_line(lines[0])
    for k in (1, 2):
        if len(lines) > k and sum(cell.startswith(IMPORT_ID) for cell in lines[k]) > len(names) / 2:
            wordings = one_line(lines[1]) if k == 2 else names
            return Parted(QUALTRICS, names, [*wordings, *names[len(wordings) :]][: len(names)], lines[k + 1 :])
    return _legacy(lines)


def _legacy(lines: list[list[str]]) -> Parted | None:
    """V1, V2, ... over ResponseID, ResponseSet, ...: the labels name the columns Qualtrics writes itself."""
    codes = [cell.strip().strip('"') for cell in lines[0]]
    if len(lines) < 2 or not set(OLD_CODES) <= set(codes):
        return None
    labels = one_line(lines[1])
    if len(OLD_LABELS & set(labels)) < 3:
        return None
    names = [
        label if code.startswith("V") and code[1:].isdigit() and label else code
        for code, label in zip(codes, labels, strict=False)
    ]
    wordings = [label or code for code, label in zip(codes, labels, strict=False)]
    return Parted(replace(QUALTRICS, name="Qualtrics (legacy)"), names, wordings, lines[2:])
