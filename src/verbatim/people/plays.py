"""Plays: who does what about which customers. Rules are tried in order; the first that fits a customer is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from string import Formatter
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from verbatim.people.respondents import Respondents, respondents
from verbatim.records import Analysis

PLAY_COLUMNS = ("play", "category", "theme", "segment", "value", "owner", "within_days", "deadline", "n")
UNNAMED = {"pain_point": "what lies behind the score", "praise": "their answer", "wave": "the survey", "category": ""}
UNCLEAR = "Unclear: "  # before the words of a theme that no name fits


class Play(BaseModel):
    """One ``[[plays]]`` table: whom it is for, and what is to be done. What is left out fits everybody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="What the play is called.")
    category: Literal["detractor", "passive", "promoter"] | None = Field(
        default=None, description="Only for this category: detractor, passive or promoter."
    )
    theme: str | None = Field(
        default=None, description="Only where this theme, by id or name, is the main pain point or praise."
    )
    segment: str | None = Field(default=None, description="Only for customers with a value in this segment column.")
    value: str | None = Field(default=None, description="With segment: only for customers with this value there.")
    text: str = Field(
        default="", description="What to do; {pain_point}, {praise}, {category} and {wave} are filled in."
    )
    owner: str = Field(default="", description="Who sees to it: a person, a team or a queue.")
    within_days: int | None = Field(default=None, ge=0, description="Deadline in days after the hand-off.")
    deadline: date | None = Field(default=None, description="Deadline as a date, such as 2026-12-31.")

    @model_validator(mode="after")
    def _sound(self) -> Play:
        if self.value is not None and self.segment is None:
            raise ValueError("value needs segment, the column it is a value of")
        if self.within_days is not None and self.deadline is not None:
            raise ValueError("give within_days or deadline, not both")
        for _, name, form, conversion in Formatter().parse(self.text):
            if name is not None and (name not in UNNAMED or form or conversion):
                raise ValueError(f"text may hold {{{'}, {'.join(UNNAMED)}}}, not {{{name}}}; double other braces")
        return self

    def words(self, said: Mapping[str, str]) -> str:
        """Fill in the text.

        Examples
        --------
        >>> said = {"category": "detractor", "wave": "", "pain_point": "Late vans", "praise": ""}
        >>> Play(name="Recover", text="Call about {pain_point}.").words(said)
        'Call about Late vans.'
        """
        return self.text.format_map(
            {name: said[name].removeprefix(UNCLEAR) or other for name, other in UNNAMED.items()}
        )

    def due(self, today: date) -> date | None:
        """Return the day by which it is to be done, None where none is set."""
        return self.deadline if self.within_days is None else today + timedelta(days=self.within_days)


DEFAULT_PLAYS = (
    Play(
        name="Recover",
        category="detractor",
        text="Call about {pain_point}: listen, say what will be done and by when, and call again when it is done.",
        within_days=2,
    ),
    Play(name="Convert", category="passive", text="Ask what would have made it a 9 or 10, starting from {pain_point}."),
    Play(name="Refer", category="promoter", text="Thank them for {praise}; ask for a review or a referral."),
)


def every_play(plays: Sequence[Play]) -> tuple[Play, ...]:
    """Return the plays given, then the default ones, for those whom no other play fits."""
    return tuple(dict.fromkeys([*plays, *DEFAULT_PLAYS]))


def choose_plays(people: Respondents, plays: Sequence[Play]) -> pd.Series:
    """Position in `every_play` of each respondent's play; -1 for those without a score.

    The rules are tried in their order, so put the special before the general.
    """
    chosen = pd.Series(-1, index=people.table.index, dtype="int64")
    for position, play in enumerate(every_play(plays)):
        chosen = chosen.mask(chosen.eq(-1) & _fits(play, people), position)
    return chosen


def _fits(play: Play, people: Respondents) -> pd.Series:
    table = people.table
    fits = table["category"].notna()
    if play.category is not None:
        fits &= table["category"].eq(play.category)
    if play.theme is not None:
        wanted = people.themes_called(play.theme)
        fits &= table["pain_id"].isin(wanted) | table["praise_id"].isin(wanted)
    if play.segment is not None:
        values = people.segment(play.segment)
        fits &= values.notna() if play.value is None else values.str.casefold().eq(play.value.casefold())
    return fits.fillna(False).astype(bool)


def count_plays(analysis: Analysis, plays: Sequence[Play]) -> pd.DataFrame:
    """One row a play: whom it is for, who sees to it, and ``n``, the respondents whose play it is.

    ``PLAY_COLUMNS``; in the order in which they are tried.
    """
    counts = choose_plays(respondents(analysis), plays).value_counts()
    rows = [
        (play.name, play.category, play.theme, play.segment, play.value, play.owner or None, play.within_days,
         play.deadline.isoformat() if play.deadline else None, int(counts.get(k, 0)))
        for k, play in enumerate(every_play(plays))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(PLAY_COLUMNS)).astype({"within_days": "Int64"})


def unknown_to(people: Respondents, plays: Sequence[Play]) -> list[str]:
    """Say which plays name a theme or a segment that the run does not have."""
    notes = []
    for play in plays:
        if play.theme is not None and not people.themes_called(play.theme):
            notes.append(f'The play "{play.name}" is for the theme "{play.theme}", which this run does not have.')
        if play.segment is not None and people.segment(play.segment).isna().all():
            notes.append(f'The play "{play.name}" is for the segment "{play.segment}", which this run does not have.')
    return notes
