"""Which columns hold further scores (CSAT, CES, a second 0-10 question), and what their answers are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import ConfigError, SurveyError
from verbatim.records import RESERVED_COLUMNS, Column
from verbatim.scales import BOXES, Outcome, box
from verbatim.survey import wording
from verbatim.survey.desk import NAMED, Desk
from verbatim.survey.groups import determined_by_score, segment_values
from verbatim.survey.join import column_of
from verbatim.survey.profile import Profile
from verbatim.survey.scores import read_scores
from verbatim.survey.tables import RawTable
from verbatim.survey.worded import Ladder, ladder_of

T = TypeVar("T")

FEWEST_ANSWERS, FEWEST_DIFFERENT, SCORES = 20, 3, 0.9


class OutcomeOptions(BaseModel):
    """Scores beside the NPS: CSAT, CES, a second 0-10 question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] | None = Field(
        default=None, description="Further scores; [] for none. Without it they are recognised by their wording."
    )
    scales: dict[str, Literal["0-10", "1-10", "1-7", "1-5"]] = Field(
        default={}, description='Scales that the answers do not show, such as { CES = "1-7" }.'
    )
    top: dict[str, tuple[int, ...]] = Field(
        default={},
        description="Answers that count as good, such as { CSAT = [5] }; by default 9-10 of 0-10, 5-7 of 1-7, "
        "4-5 of 1-5.",
    )
    bottom: dict[str, tuple[int, ...]] = Field(
        default={},
        description="Answers that count as bad, such as { CSAT = [1, 2, 3] }; by default 0-6 of 0-10, 1-3 of 1-7, "
        "1-2 of 1-5.",
    )


def name_outcomes(desk: Desk, options: OutcomeOptions) -> None:
    """Give the role to the columns named in the options, before anything is recognised."""
    for written in options.columns or ():
        name = column_of(desk.table, written, "outcomes.columns")
        before = desk.given.get(name)
        if before is not None and before.reason != NAMED:  # what the survey tool says of its column gives way
            del desk.given[name]
        desk.give(name, "outcome", NAMED)


def find_outcomes(desk: Desk, options: OutcomeOptions, score: pd.Series) -> tuple[Outcome, ...]:
    """Recognise further scores by their wording and answers, and settle scale and boxes of all.

    Raises
    ------
    ConfigError
        An option names a column that is no further score, or boxes that cannot be.
    SurveyError
        A named column holds no answers of a known scale.
    """
    if options.columns is None:
        for column in desk.free():
            if _speaks_of_a_score(desk, column) and not determined_by_score(
                segment_values(desk.table.cells[column.name]), score
            ):
                desk.give(column.name, "outcome", "another score, by its wording")
    declared = [_declared(desk, given) for given in (options.scales, options.top, options.bottom)]
    return tuple(_outcomes(desk, *declared))


def _speaks_of_a_score(desk: Desk, column: Profile) -> bool:
    """Whether name and contents are those of a rating on a scale that is known."""
    name = desk.name_of(column)
    worded = (wording.OUTCOME, wording.RATING, wording.RECOMMEND, wording.ZERO_TO_TEN)
    if not any(pattern.search(name) for pattern in worded):
        return False
    if _ladder(desk.table, column.name) is not None:
        return column.filled >= FEWEST_ANSWERS
    return (
        column.score_share >= SCORES
        and int(column.scores.sum()) >= FEWEST_ANSWERS
        and int((column.scores > 0).sum()) >= FEWEST_DIFFERENT
        and _scale(desk, column) is not None
    )


def _ladder(table: RawTable, name: str) -> Ladder | None:
    """Return the ladder that a column's answers stand on; None where they are no words of one."""
    return ladder_of(table.cells.loc[table.faults.eq(""), name])


def _scale(desk: Desk, column: Profile) -> str | None:
    """Scale that the answers show; None where they show none, such as 0-5."""
    if ladder := _ladder(desk.table, column.name):
        return ladder.scale
    used = column.scores[column.scores > 0].index
    if not len(used):
        return None
    if used.max() > 7 or wording.ZERO_TO_TEN.search(desk.name_of(column)):
        return "0-10"
    if used.min() == 0:
        return None
    return "1-5" if used.max() <= 5 else "1-7"


def _declared(desk: Desk, given: dict[str, T]) -> dict[str, T]:
    """Options by column name. Raises ConfigError where a name is no further score."""
    found = {column_of(desk.table, written, "outcomes"): value for written, value in given.items()}
    for name in found:
        if name not in desk.named("outcome"):
            raise ConfigError(
                f'{desk.table.source}: outcomes declares "{name}", which is read as '
                f"{desk.given[name].role if name in desk.given else 'no score'}. Name it in outcomes.columns as well."
            )
    return found


def _outcomes(
    desk: Desk, scales: dict[str, str], tops: dict[str, tuple[int, ...]], bottoms: dict[str, tuple[int, ...]]
) -> Iterator[Outcome]:
    for name in [name for name in desk.profiles if name in desk.named("outcome")]:
        scale = scales.get(name) or _scale(desk, desk.profiles[name])
        if scale is None:
            raise SurveyError(
                f'{desk.table.source}: the answers of "{name}" show no scale that is known (0-10, 1-10, 1-7, 1-5). '
                f'Declare it in verbatim.toml:\n\n    [outcomes]\n    scales = {{ "{name}" = "0-10" }}\n'
            )
        usual = BOXES[scale]
        top, bottom = (tuple(sorted(given.get(name, box))) for given, box in zip((tops, bottoms), usual, strict=True))
        _check_boxes(name, scale, top, bottom)
        desk.given[name] = Column(
            name,
            "outcome",
            f"{desk.given[name].reason}; {scale}{' in words' if _ladder(desk.table, name) else ''}, "
            f"top box {box(top)}, bottom box {box(bottom)}",
        )
        yield Outcome(f"{name} (score)" if name in RESERVED_COLUMNS else name, name, scale, top, bottom)


def _check_boxes(name: str, scale: str, top: tuple[int, ...], bottom: tuple[int, ...]) -> None:
    low, high = map(int, scale.split("-"))
    if not top or not bottom or set(top) & set(bottom) or not all(low <= one <= high for one in (*top, *bottom)):
        raise ConfigError(
            f'outcomes: the boxes of "{name}" are {box(top) or "empty"} and {box(bottom) or "empty"}; both need '
            f"answers of {scale}, and none may be in both."
        )


def read_outcomes(table: RawTable, outcomes: tuple[Outcome, ...], kept: pd.Series) -> tuple[pd.DataFrame, list[str]]:
    """Answers of the responses (Int8, null where there is none), a column an outcome; and what was left out."""
    answers, notes = {}, []
    for outcome in outcomes:
        low, high = map(int, outcome.scale.split("-"))
        cells = table.cells.loc[kept, outcome.column]
        ladder = _ladder(table, outcome.column)
        read = read_scores(ladder.read(cells) if ladder else cells)
        on_scale = read.score.between(low, high).fillna(False)
        answers[outcome.name] = read.score.where(on_scale)
        if off := int((read.fault.ne("") | (read.score.notna() & ~on_scale)).sum()):
            notes.append(
                f'"{outcome.column}": {off:,} answers are not on its scale of {outcome.scale} and are left out.'
            )
    return pd.DataFrame(answers, index=table.cells.index[kept]), notes
