"""Files as survey tools export them, built from their documented layouts, with invented answers."""

import csv
import io
import json

WHY = ("the engineer never came and nobody called", "quick and friendly, thank you", "billing was wrong twice, again")
SCORES = [10, 9, 0, 8, 7, 3, 10, 9, 6, 1, 5, 10]
N = 60


def score(i):
    return SCORES[i % len(SCORES)]


def why(i):
    return f"{WHY[i % 3]}, visit {i}"


def written(rows, end="\r\n", bom=False, encoding="utf-8"):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(rows)
    return b"\xef\xbb\xbf" * bom + text.getvalue().encode(encoding)


def qualtrics():
    codes = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished"]
    codes += ["RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail"]
    codes += ["ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage"]
    labels = ["Anfangsdatum", "Enddatum", "Antworttyp", "IP-Adresse", "Fortschritt", "Dauer", "Beendet", "Erfasst"]
    labels += ["Antwort-ID", "Nachname", "Vorname", "E-Mail", "Referenz", "Breite", "Länge", "Kanal", "Sprache"]
    head = [[*codes, "Q1_NPS_GROUP", "Q1", "Q2", "Q3"]]
    head += [[*labels, "Gruppe", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Warum?", "Tarif"]]
    head += [[json.dumps({"ImportId": f"QID{k}"}) for k in range(len(head[0]))]]
    groups = {True: "Detractor"}
    rows = [
        ["2026-03-05 08:28:09", "2026-03-05 08:29:48", ("0", "1", "2")[(i == 3) + 2 * (i == 4)], f"192.0.2.{i}"]
        + ["40" if i == 5 else "100", "99", "0" if i == 5 else "1", f"2026-03-{i % 28 + 1:02d} 08:29:48", f"R_{i:05d}"]
        + [f"Muster{i}", "Jo", f"jo{i}@example.com", f"c{i}", "47.1150", "7.2315", "email", "DE"]
        + [
            groups.get(score(i) < 7, "Passive" if score(i) < 9 else "Promoter"),
            str(score(i)),
            why(i),
            ("a", "b")[i % 2],
        ]
        for i in range(N)
    ]
    return written([*head, *rows])


def qualtrics_legacy():
    codes = [f"V{k}" for k in range(1, 11)] + ["Q1", "Q2", "LocationLatitude", "LocationLongitude", ""]
    labels = ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status"]
    labels += ["StartDate", "EndDate", "Finished", "How likely are you to recommend us?", "Why is that?"]
    rows = [
        [f"R_{i}", "Default", "Jo Doe", "", f"jo{i}@example.com", f"192.0.2.{i}", "0", "2015-03-05 08:28:09"]
        + ["2015-03-05 08:29:09", "1", str(score(i)), why(i), "51.5", "-0.1", ""]
        for i in range(N)
    ]
    return written([codes, [*labels, "LocationLatitude", "LocationLongitude", ""], *rows], bom=True)


def surveymonkey(end="\r\n", encoding="utf-8", glued=False):
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name"]
    own = [name.replace(" ", "") if glued and name.endswith("ID") else name for name in [*own, "Last Name"]]
    first = [*own, "Custom Data 1", "How likely is it that you would recommend &quot;Café Nord&quot; to a friend?"]
    first += ["Why did you give this score?", "What did you use?", "", ""]
    second = [""] * 9 + ["Response", "Open-Ended Response", "Shop", "App", "Phone"]
    rows = [
        [str(11_000_000 + i), "400", f"03/{i % 12 + 1:02d}/2026 02:43:29 PM", f"03/{i % 12 + 1:02d}/2026 02:50:29 PM"]
        + [
            f"192.0.2.{i}",
            f"jo{i}@example.com",
            "Jo",
            "Doe",
            "north" if i % 2 else "south",
            str(score(i)),
            why(i) + " é",
        ]
        + ["Shop" if i % 2 else "", "App" if i % 3 else "", ""]
        for i in range(N)
    ]
    return written([first, second, *rows], end=end, encoding=encoding)


def typeform():
    head = ["#", "How likely are you to recommend us?", "Tell us why", "Tell us why", "Phone", "Response Type"]
    head += ["Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"]
    rows = [
        [f"abc{i:04d}", str(score(i)), why(i) if score(i) > 6 else "", why(i) if score(i) <= 6 else ""]
        + [f"'+34 600 000 {i:03d}", "partial" if i == 2 else "completed", "2026-01-23 06:24:12", ""]
        + [f"2026-01-{i % 28 + 1:02d} 06:27:59", f"{i:010x}", "", "thanks"]
        for i in range(N)
    ]
    return written([head, *rows])


def google_forms():
    head = ["Timestamp", "On a scale of 0-10, how likely are you to recommend us?", "Why?", "Rate the food 0-10"]
    rows = [[f"3/{i % 12 + 1}/2026 8:{i % 60:02d}:12", str(score(i)), why(i), str(score(i + 5))] for i in range(N)]
    return written([head, *rows])


def delighted():
    return json.dumps(
        [
            {"id": str(5000 + i), "person": str(9000 + i), "survey_type": "csat" if i == 1 else "nps"}
            | {"score": score(i), "comment": why(i), "permalink": f"https://example.com/r/{i}"}
            | {"created_at": 1_772_668_800 + 3600 * i, "updated_at": None, "notes": [], "tags": [{"name": "x"}]}
            | {"person_properties": {"Plan": ("basic", "pro")[i % 2]}, "additional_answers": []}
            for i in range(N)
        ]
    ).encode()


def wootric():
    return json.dumps(
        [
            {"id": i, "score": score(i), "text": why(i), "ip_address": "192.0.2.1", "origin_url": "https://example.com"}
            | {"completed": i != 3, "excluded_from_calculations": i == 4, "created_at": 1_772_668_800 + 3600 * i}
            | {"updated_at": 1_772_668_900 + 3600 * i}
            | {"end_user": {"id": 700 + i, "email": f"jo{i}@example.com", "properties": {"plan": ("a", "b")[i % 2]}}}
            for i in range(N)
        ]
    ).encode()


def hubspot():
    group = {True: "DETRACTOR"}
    results = [
        {"id": str(i), "createdAt": "2026-03-05T10:00:00.000Z", "updatedAt": "2026-03-06T10:00:00.000Z"}
        | {"properties": {"hs_value": str(score(i)), "hs_content": why(i), "hs_survey_type": "CES" if i == 2 else "NPS"}
        | {"hs_response_group": group.get(score(i) < 7, "PASSIVE" if score(i) < 9 else "PROMOTER")}
        | {"hs_submission_timestamp": f"2026-03-{i % 28 + 1:02d}T10:00:00Z", "hs_contact_id": str(80 + i)}
        | {"hs_survey_id": "7", "hs_survey_name": "Relationship", "hs_survey_channel": ("EMAIL", "WEB")[i % 2]}}
        for i in range(N)
    ]  # fmt: skip
    return json.dumps({"results": results, "paging": {"next": {"after": "60"}}}).encode()


def zendesk():
    head = ["id", "assignee_id", "group_id", "requester_id", "ticket_id", "score", "created_at", "comment", "reason"]
    rows = [
        [str(i), "1", "2", str(i + 900), str(i + 40), ("good", "bad")[i % 2], "2026-03-05T10:00:00Z", why(i), "Other"]
        for i in range(N)
    ]
    return written([head, *rows])


def getfeedback():
    items = [
        {"id": f"5de7{i:04d}", "userAgent": "Mozilla/5.0", "comment": why(i), "location": "Amsterdam, Netherlands"}
        | {"browser": {"name": ("Chrome", "Safari")[i % 2]}, "date": f"2026-03-{i % 28 + 1:02d}T13:20:18.688Z"}
        | {
            "email": "",
            "labels": [],
            "nps": score(i),
            "publicUrl": None,
            "rating": 1 + i % 5,
            "buttonId": "a31",
            "tags": [],
        }
        for i in range(N)
    ]
    return json.dumps({"items": items, "count": N, "hasMore": False}).encode()


def asknicely():
    head = ["response_id", "person_id", "name", "email", "answer", "answerlabel", "comment", "question_type", "sent"]
    head += ["responded", "created", "segment"]
    label = {True: "detractor"}
    rows = [
        [str(i), str(i + 300), "Jo Doe", f"jo{i}@example.com", str(score(i))]
        + [label.get(score(i) < 7, "passive" if score(i) < 9 else "promoter"), why(i), "csat" if i == 7 else "nps"]
        + ["1772600000", str(1_772_668_800 + 3600 * i), "1700000000", ("north", "south")[i % 2]]
        for i in range(N)
    ]
    return written([head, *rows])


def asknicely_json():
    rows = list(csv.DictReader(io.StringIO(asknicely().decode())))
    return json.dumps({"success": True, "totalresponses": str(N), "data": rows}).encode()
