"""Google Forms: a time stamp in the sheet's own format and local time, then the questions as headers."""

import re
from dataclasses import replace

from verbatim.survey.exports.tool import Parted, Tool, one_line
from verbatim.survey.wording import plain

STAMPS = frozenset(
    ("timestamp", "zeitstempel", "marca temporal", "carimbo de data hora", "horodateur", "informazioni cronologiche")
    + ("tijdstempel", "tidsstampel", "tidsstempel", "sygnatura czasowa")
)
SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}")
UNPADDED = re.compile(r"[1-9]/\d{1,2}/\d{4} .*|\d{1,2}/[1-9]/\d{4} .*")
OTHER_STAMPS = re.compile(r"(\d{4}/\d{2}/\d{2} \d{1,2}:\d{2}:\d{2} .*)|(\d{2}[.-]\d{2}[.-]\d{4} \d{1,2}:\d{2}:\d{2})")

GOOGLE_FORMS = Tool(
    "Google Forms",
    contacts=("Email Address", "Username", "E-Mail-Adresse", "Endereço de e-mail", "Dirección de correo electrónico"),
    aside={"Score": "points of a quiz"},
)


def part(lines: list[list[str]]) -> Parted | None:
    """Part a Google Forms file: by the name of its first column and the format of its stamps; None otherwise.

    Sheets writes "11/1/2019 8:51:12", without zeros in front, where the month comes first; with zeros it is either.
    """
    names = one_line(lines[0])
    stamps = [row[0].strip() for row in lines[1:101] if row]
    written = sum(bool(SLASHED.fullmatch(stamp) or OTHER_STAMPS.fullmatch(stamp)) for stamp in stamps)
    if len(names) < 2 or plain(names[0]) not in STAMPS or 2 * written <= len(stamps):
        return None
    month_first = any(UNPADDED.fullmatch(stamp) for stamp in stamps)
    quiz = any(re.fullmatch(r"\d+ / \d+", cell.strip()) for row in lines[1:101] for cell in row)
    aside = GOOGLE_FORMS.aside if quiz else {}
    tool = replace(GOOGLE_FORMS, month_first=month_first, roles={"date": (names[0],)}, aside=aside)
    return Parted(tool, names, names, lines[1:])
