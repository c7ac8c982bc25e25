"""Whose export is this? By its header rows first, then by the names of its columns."""

from verbatim.survey.exports import google_forms, qualtrics, surveymonkey
from verbatim.survey.exports.asknicely import ASKNICELY
from verbatim.survey.exports.delighted import DELIGHTED
from verbatim.survey.exports.getfeedback import GETFEEDBACK
from verbatim.survey.exports.hubspot import HUBSPOT
from verbatim.survey.exports.qualtrics import QUALTRICS
from verbatim.survey.exports.tool import Parted, key, one_line
from verbatim.survey.exports.typeform import TYPEFORM
from verbatim.survey.exports.wootric import WOOTRIC
from verbatim.survey.exports.zendesk import ZENDESK, ZENDESK_TICKETS

BY_HEADER_ROWS = (qualtrics.part, surveymonkey.part, google_forms.part)
BY_NAMES = (TYPEFORM, DELIGHTED, WOOTRIC, HUBSPOT, GETFEEDBACK, ASKNICELY, ZENDESK, ZENDESK_TICKETS, QUALTRICS)


def part_lines(lines: list[list[str]]) -> Parted:
    """Part a file into names, wordings and rows; an unknown file has one row of names.

    Parameters
    ----------
    lines : list of list of str
        The filled rows, header rows included; at least one.

    Examples
    --------
    >>> part_lines([["score", "why"], ["9", "fast"]]).names
    ['score', 'why']
    """
    found = next(filter(None, (part(lines) for part in BY_HEADER_ROWS)), None)
    if found is None:
        names = one_line(lines[0])
        keys = set(map(key, names))
        tool = next((tool for tool in BY_NAMES if tool.wrote(keys)), None)
        found = Parted(tool, names, names, lines[1:])
    return found._replace(names=_trimmed(found))


def _trimmed(parted: Parted) -> list[str]:
    """Take off nameless columns at the end that hold nothing, as comma-ended rows make them."""
    names = list(parted.names)
    while len(names) > 1 and not names[-1] and not _holds_anything(parted.rows, len(names) - 1):
        names.pop()
    return names


def _holds_anything(rows: list[list[str]], place: int) -> bool:
    return any(len(row) > place and row[place].strip() for row in rows)
