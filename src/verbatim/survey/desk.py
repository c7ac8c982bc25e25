"""The columns on the table while roles are given out: which have one, what the others hold."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.records import Column, Role
from verbatim.survey import wording
from verbatim.survey.exports.tool import Tool
from verbatim.survey.options import SurveyOptions
from verbatim.survey.profile import Profile, profile
from verbatim.survey.tables import RawTable

NAMED = "named in the options"
BY_NAME: tuple[Role, ...] = ("score", "date", "respondent_id", "response_id", "weight")

SHOWN = 30  # columns named in an error message


@dataclass(slots=True)
class Desk:
    """The columns on the table: those with a role already, the profiles of those without, the survey tool's hints."""

    table: RawTable
    options: SurveyOptions
    given: dict[str, Column] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    hints: dict[Role, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sound = self.table.faults.eq("")
        cells = self.table.cells[sound] if sound.any() else self.table.cells
        self.profiles = {name: profile(cells[name], self.table.questions[name]) for name in cells.columns}
        for name in self.options.ignore:
            self.give(self.resolve(name, "ignore"), "ignored", NAMED)
        for option in BY_NAME:
            if name := getattr(self.options, option):
                self.give(self.resolve(name, option), option, NAMED)
        for name in self.options.comments():
            self.give(self.resolve(name, "comment"), "comment", NAMED)
        for name in self.options.segments or ():
            self.give(self.resolve(name, "segments"), "segment", NAMED)
        if self.table.tool is not None:
            self._give_as_known(self.table.tool)

    def _give_as_known(self, tool: Tool) -> None:
        """Take up what is known about the tool's exports; names in the options have come first."""
        names = [name for name in self.profiles if name not in self.given]
        for role in ("score", "comment", "date", "response_id", "respondent_id"):
            hint = None if self.named(role) else tool.hint(role, names)
            if hint is not None and self.profiles[hint].filled:
                self.hints[role] = hint
        for name in names:
            known = tool.role_of(name)
            if known is not None and name not in self.hints.values():
                self.give(name, *known)

    def give(self, name: str, role: Role, reason: str) -> str:
        """Give a column its role. Raises SurveyError where it has another one by name."""
        before = self.given.get(name)
        if before is not None and before.role != role and {before.role, role} != {"response_id", "respondent_id"}:
            raise SurveyError(f'{self.table.source}: "{name}" is named both as {before.role} and as {role}. Keep one.')
        self.given[name] = Column(name, role, reason)
        return name

    def named(self, role: Role) -> list[str]:
        """Columns that have the role."""
        return [name for name, column in self.given.items() if column.role == role]

    def free(self) -> list[Profile]:
        """Profiles of the columns that have no role yet."""
        return [found for name, found in self.profiles.items() if name not in self.given]

    def name_of(self, column: Profile) -> str:
        """Return the column's wording, plain."""
        return wording.plain(column.wording)

    def resolve(self, name: str, option: str) -> str:
        """Find a column by the name a user wrote: exactly, or but for case, accents and punctuation."""
        names = list(self.table.cells.columns)
        if name in names:
            return name
        by_sound = {wording.plain(self.table.questions[n]): n for n in names} | {wording.plain(n): n for n in names}
        if found := by_sound.get(wording.plain(name)):
            return found
        close = difflib.get_close_matches(wording.plain(name), list(by_sound), n=1)
        guess = f' Did you mean "{by_sound[close[0]]}"?' if close else ""
        raise ColumnNotFound(
            f'{self.table.source}: survey.{option} is "{name}", but there is no such column.{guess} '
            f"{found_columns(self)}"
        )


def found_columns(desk: Desk) -> str:
    """List the columns for an error message, without those a survey tool writes for itself."""
    asked = {"contact", "ignored"} if desk.table.tool else set()
    names = [name for name in desk.profiles if name not in desk.given or desk.given[name].role not in asked]
    return listed_columns([f'"{name}"{_question(desk, name)}' for name in names])


def listed_columns(shown: Sequence[str]) -> str:
    """Write a list of columns for an error message, the first thirty by name."""
    first = ", ".join(shown[:SHOWN])
    return f"Columns found: {first}" + (f" and {len(shown) - SHOWN} more." if len(shown) > SHOWN else ".")


def _question(desk: Desk, name: str) -> str:
    wording_of_it = desk.table.questions[name]
    return "" if wording_of_it == name else f" ({wording_of_it[:60]})"


def paste(option: str, name: str, *others: str) -> str:
    """Lines of verbatim.toml that name a column; where there are others, theirs stand commented out."""
    lines = [option_line(option, each) for each in (name, *others)]
    which = "Name it" if not others else "Keep one of these lines"
    return f"{which} in verbatim.toml:\n\n" + toml_lines([lines[0], *(f"# {line}" for line in lines[1:])])


def option_line(option: str, value: object) -> str:
    """Write an option and its value as a line of verbatim.toml."""
    return f"{option} = {json.dumps(value, ensure_ascii=False)}"


def toml_lines(lines: Sequence[str]) -> str:
    """Lines of the [survey] part of verbatim.toml, ready to paste."""
    return "".join(f"    {line}\n" for line in ("[survey]", *lines))


def percent(share: float) -> str:
    """Write a share of the rows: never "100.0 %" for less than all."""
    return "all rows" if share == 1 else f"{100 * min(share, 0.999):.1f} % of rows"
