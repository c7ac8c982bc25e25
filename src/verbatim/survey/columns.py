"""Recognition: which column is the score, which the comment, which a date, an id, a weight, a segment, and why."""

from dataclasses import dataclass

import pandas as pd

from verbatim.errors import SurveyError
from verbatim.records import RESERVED_COLUMNS, Column
from verbatim.scales import Outcome
from verbatim.survey import wording
from verbatim.survey.dates import read_dates
from verbatim.survey.desk import Desk, percent
from verbatim.survey.find_comment import find_comments
from verbatim.survey.find_score import find_score
from verbatim.survey.groups import DATED, determined_by_score, segment_values, why_no_segment
from verbatim.survey.options import SurveyOptions
from verbatim.survey.outcomes import OutcomeOptions, find_outcomes, name_outcomes
from verbatim.survey.profile import Profile, numbers
from verbatim.survey.scores import read_scores
from verbatim.survey.tables import RawTable
from verbatim.survey.ticks import is_tick, of_one_question, tick_labels

FEWEST_NAMES = 20  # fewer cells written like names may be anything

__all__ = ["Roles", "SurveyOptions", "recognise"]


@dataclass(frozen=True, slots=True, eq=False)
class Roles:
    """What each column is for.

    Attributes
    ----------
    score, date, response_id, respondent_id, weight : str or None
        The column of each part, None where the survey has none; there always is a score.
    comments : tuple of str
        Columns of open answers, in the order in which they are joined.
    segments : mapping of str to str
        Column of the input to column of ``responses``.
    columns : tuple of Column
        Every column of the input with its role and the reason.
    notes : tuple of str
        What a reader should know, in sentences.
    outcomes : tuple of Outcome
        Further scores.
    """

    score: str
    comments: tuple[str, ...]
    date: str | None
    response_id: str | None
    respondent_id: str | None
    weight: str | None
    segments: dict[str, str]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()


def recognise(table: RawTable, options: SurveyOptions, outcomes: OutcomeOptions | None = None) -> Roles:
    """Give every column a role: as the options say, otherwise from its name and contents.

    Raises
    ------
    ColumnNotFound
        An option names no column, or no column (or several alike) can be the score or the comment.
    SurveyError
        A column named in the options cannot have that role.
    """
    desk, beside = Desk(table, options), outcomes or OutcomeOptions()
    name_outcomes(desk, beside)
    score = find_score(desk)
    comments = find_comments(desk, score)
    date = find_date(desk)
    response_id, respondent_id = find_ids(desk)
    weight = find_weight(desk)
    _set_contacts_aside(desk)
    scored = read_scores(table.cells[score], options.scale).score
    further = find_outcomes(desk, beside, scored)
    segments = find_segments(desk, scored)
    columns = tuple(desk.given[name] for name in table.cells.columns)
    notes = tuple(desk.notes)
    return Roles(score, comments, date, response_id, respondent_id, weight, segments, columns, notes, further)


def find_date(desk: Desk) -> str | None:
    """Name the column that says when it was answered; None where no column does."""
    if named := desk.named("date"):
        return named[0]
    if "date" in desk.hints and _dated(desk, desk.profiles[desk.hints["date"]]) >= 0.5:
        return desk.give(desk.hints["date"], "date", "when it was answered, as the survey tool writes it")
    dated = [(_date_points(desk, column), column) for column in desk.free()]
    dated = [entry for entry in dated if entry[0] > 0]
    if not dated:
        return None
    _, column = max(dated, key=lambda entry: entry[0])
    says = "; name says when it was answered" if wording.ANSWERED.search(desk.name_of(column)) else ""
    return desk.give(
        column.name, "date", f"dates in {percent(_dated(desk, column) * column.filled / column.rows)}{says}"
    )


def _date_points(desk: Desk, column: Profile) -> float:
    name = desk.name_of(column)
    if not column.filled or wording.CONTACT.search(name) or _dated(desk, column) < 0.8:
        return 0
    return 1 + bool(wording.DATE.search(name)) + 2 * bool(wording.ANSWERED.search(name)) + column.filled / column.rows


def _dated(desk: Desk, column: Profile) -> float:
    """Share of dates; numbers are Unix time or Excel's days only where the name speaks of a date."""
    name, told = desk.name_of(column), desk.options.date_format
    if told and column.date_share < 0.8 and column.filled:
        by_format = read_dates(desk.table.cells[column.name], told).date.notna().sum() / column.filled
        return max(column.date_share, float(by_format))
    if column.number_share < 0.9 or not (wording.DATE.search(name) or wording.ANSWERED.search(name)):
        return column.date_share
    return float(read_dates(desk.table.cells[column.name]).date.notna().sum() / column.filled)


def find_ids(desk: Desk) -> tuple[str | None, str | None]:
    """Name the columns of response ids and of respondent ids, each None where there is none."""
    response: str | None = None
    person: str | None = None
    if desk.options.response_id:
        response = desk.resolve(desk.options.response_id, "response_id")
    if desk.options.respondent_id:
        person = desk.resolve(desk.options.respondent_id, "respondent_id")
    if response is None and "response_id" in desk.hints:
        response = desk.give(desk.hints["response_id"], "response_id", "the survey tool's id of the response")
    if person is None and "respondent_id" in desk.hints:
        person = desk.give(desk.hints["respondent_id"], "respondent_id", "the survey tool's id of the person")
    for column in desk.free():
        name = desk.name_of(column)
        if (
            person is None
            and wording.PERSON_ID.search(name)
            and column.variety > 0.2
            and not column.contact_share > 0.3
        ):
            person = desk.give(column.name, "respondent_id", "name says who answered")
        elif response is None and wording.RESPONSE_ID.search(name) and column.variety > 0.95:
            response = desk.give(column.name, "response_id", "name says id; different in nearly every row")
        elif wording.PERSON_ID.search(name) and column.contact_share > 0.3:
            why = "addresses as ids, kept out; survey.respondent_id with redact.hash_key tells persons by them"
            desk.give(column.name, "contact", why)
        elif wording.PERSON_ID.search(name) and column.variety > 0.2:
            desk.give(column.name, "contact", "another id of a person, kept out")
        elif wording.ANY_ID.search(name):
            desk.give(column.name, "ignored", "an id")
    return response, person


def find_weight(desk: Desk) -> str | None:
    """Name the column of survey weights; None where there is none."""
    if named := desk.named("weight"):
        return named[0]
    for column in desk.free():
        if wording.WEIGHT.search(desk.name_of(column)) and column.number_share > 0.99:
            values = numbers(desk.table.cells[column.name])
            if values.min() >= 0 and 0.2 <= values.mean() <= 5 and column.filled == column.rows:
                return desk.give(
                    column.name, "weight", f"name says weight; numbers around 1 (mean {values.mean():.2f})"
                )
    return None


def _set_contacts_aside(desk: Desk) -> None:
    for column in desk.free():
        called = wording.CONTACT.search(desk.name_of(column))
        if column.contact_share > 0.3:
            desk.give(column.name, "contact", "e-mail, postal or IP addresses or phone numbers, kept out")
        elif column.name_share >= 0.9 and column.variety >= 0.8 and column.filled >= FEWEST_NAMES:
            desk.give(column.name, "contact", "nearly all different and written like names of persons, kept out")
        elif column.filled and (personal := wording.PERSONAL.search(desk.name_of(column))):
            why = "kept out; name it in survey.segments if it groups customers"
            desk.give(column.name, "contact", f"name says {personal[0]}; {why}")
        elif called and column.filled and (column.variety > 0.1 or column.distinct > 30):
            desk.give(column.name, "contact", f"name says {called[0]}; kept out")


def find_segments(desk: Desk, score: pd.Series) -> dict[str, str]:
    """Name the segment columns, with the name each gets in ``responses``."""
    cells = desk.table.cells
    for name in desk.named("segment"):
        if desk.profiles[name].contact_share > 0.3:
            raise SurveyError(
                f'{desk.table.source}: survey.segments names "{name}", which holds addresses or phone numbers. '
                "Take it out of survey.segments."
            )
        values = segment_values(cells[name])
        if determined := determined_by_score(tick_labels(values), score):
            raise SurveyError(
                f'{desk.table.source}: survey.segments names "{name}", which is {determined}. Such a column would '
                "take the place of every cause of the score. Take it out of survey.segments."
            )
        if tick_labels(values).nunique() < 2:
            desk.given[name] = Column(name, "ignored", "named as a segment, but the same everywhere")
            desk.notes.append(f'"{name}" is named as a segment but has the same value everywhere; it is left out.')
    boxes = of_one_question(column.wording for column in desk.free())
    for column in desk.free():
        values = segment_values(cells[column.name])
        values = tick_labels(values) if is_tick(values, column.wording in boxes) else values
        if desk.options.segments is not None:
            desk.give(column.name, "ignored", "not named in survey.segments")
        elif why := why_no_segment(column, values, score, desk.options.segment_values):
            desk.give(column.name, "ignored", why)
            if why.startswith(DATED):
                desk.notes.append(f'"{column.name}" holds {why}; it is left out. Say how in survey.date_format.')
        else:
            desk.give(column.name, "segment", f"{values.nunique()} groups{_largest(values)}")
    taken = [name for name in cells.columns if desk.given[name].role == "segment"]
    return {name: f"{name} (segment)" if name in RESERVED_COLUMNS else name for name in taken}


def _largest(values: pd.Series) -> str:
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable").head(3)
    shown = ", ".join(str(value)[:25] for value in counts.index)
    return f": {shown}" + (", …" if values.nunique() > 3 else "")
