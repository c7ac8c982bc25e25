"""SurveyMonkey: a row of questions, each over several columns, and a row of their parts below it."""

import html

from verbatim.survey.exports.tool import Drop, Parted, Tool, key, one_line

PLAIN_PARTS = frozenset(("response", "open ended response", "open ended", ""))
"""Parts that add nothing to the question, in the words of SurveyMonkey's own English exports."""

SURVEYMONKEY = Tool(
    "SurveyMonkey",
    needs=("Respondent ID", "Collector ID"),
    roles={"date": ("End Date", "Start Date"), "response_id": ("Respondent ID",)},
    aside={
        "Collector ID": "how the survey was sent",
        "Start Date": "when the answer was begun",
        "End Date": "when the answer was ended",
    },
    contacts=("IP Address", "Email Address", "First Name", "Last Name"),
    drops=(Drop("Response Status", "partial|disqualified", "not finished", unfinished=True),),
    month_first=True,
)


def part(lines: list[list[str]]) -> Parted | None:
    """Part a SurveyMonkey file; None where the first row is not SurveyMonkey's."""
    first = one_line([html.unescape(cell) for cell in lines[0]])
    if not SURVEYMONKEY.wrote(set(map(key, first))):
        return None
    if len(lines) < 2 or not _is_second_header(first, lines[1]):
        return Parted(SURVEYMONKEY, first, first, lines[1:])
    parts = one_line([html.unescape(cell) for cell in lines[1]])
    width = max(len(first), len(parts))
    questions, question = [], ""
    for k in range(width):
        question = (first[k] if k < len(first) else "") or question
        questions.append(question)
    names = [_named(question, parts[k] if k < len(parts) else "") for k, question in enumerate(questions)]
    return Parted(SURVEYMONKEY, names, names, lines[2:])


def _is_second_header(first: list[str], second: list[str]) -> bool:
    """Below the columns SurveyMonkey writes itself, the second header row is blank: data has ids there."""
    own = [k for k, name in enumerate(first) if key(name) in ("respondent id", "collector id")]
    return all(k >= len(second) or not second[k].strip() for k in own)


def _named(question: str, part_of_it: str) -> str:
    return question if key(part_of_it) in PLAIN_PARTS else f"{question} - {part_of_it}"
