"""Answers chosen in words on a ladder, such as "Very satisfied", and the numbers they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from verbatim.survey import wording

FEWEST_STEPS, MOST_WORDINGS = 3, 30
_LADDERS = """
very dissatisfied|extremely dissatisfied|completely dissatisfied ; dissatisfied|somewhat dissatisfied ;
neutral|neither satisfied nor dissatisfied|neither ; satisfied|somewhat satisfied ;
very satisfied|extremely satisfied|completely satisfied

very difficult|extremely difficult ; difficult|somewhat difficult ; neutral|neither easy nor difficult|neither ;
easy|somewhat easy ; very easy|extremely easy

strongly disagree ; disagree ; neutral|neither agree nor disagree|neither ; agree ; strongly agree

strongly disagree ; disagree ; somewhat disagree ; neutral|neither agree nor disagree|neither ; somewhat agree ;
agree ; strongly agree

very poor|terrible ; poor|bad ; average|fair|ok|okay ; good ; very good|excellent|great

sehr unzufrieden ; unzufrieden|eher unzufrieden ; neutral|teils teils|weder noch ; zufrieden|eher zufrieden ;
sehr zufrieden

sehr schwierig|sehr schwer ; schwierig|schwer|eher schwierig ; neutral|weder noch ; einfach|leicht|eher einfach ;
sehr einfach|sehr leicht

tres insatisfait|pas du tout satisfait|tres insatisfaite ; insatisfait|plutot insatisfait|peu satisfait ;
neutre|ni satisfait ni insatisfait ; satisfait|plutot satisfait|satisfaite ; tres satisfait|tres satisfaite

tres difficile ; difficile ; neutre|ni facile ni difficile ; facile ; tres facile

muy insatisfecho|muy insatisfecha ; insatisfecho|insatisfecha ; neutral|ni satisfecho ni insatisfecho ;
satisfecho|satisfecha ; muy satisfecho|muy satisfecha

muy dificil ; dificil ; neutral|ni facil ni dificil ; facil ; muy facil

muito insatisfeito|muito insatisfeita ; insatisfeito|insatisfeita ; neutro|nem satisfeito nem insatisfeito ;
satisfeito|satisfeita ; muito satisfeito|muito satisfeita

muito dificil ; dificil ; neutro|nem facil nem dificil ; facil ; muito facil
"""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A scale in words: the step (1 is the worst) of each wording, plain as `wording.plain` writes it."""

    steps: dict[str, int]

    @property
    def scale(self) -> str:
        """The scale in numbers, such as "1-5"."""
        return f"1-{max(self.steps.values())}"

    def read(self, cells: pd.Series) -> pd.Series:
        """Write the number of each worded answer in its place; other cells stay as they are."""
        numbers = {cell: str(self.steps.get(wording.plain(cell), cell)) for cell in cells.unique()}
        return cells.map(numbers).astype("str")


def ladder_of(cells: pd.Series) -> Ladder | None:
    """Return the ladder that all the answers stand on, if three of its steps occur.

    Answers may be written in several ways ("Neutral", "neither"), 30 at most.

    Examples
    --------
    >>> answers = pd.Series(["Very satisfied", "Satisfied", "", "neutral"])
    >>> ladder = ladder_of(answers)
    >>> ladder.scale, ladder.read(answers).tolist()
    ('1-5', ['5', '4', '', '3'])
    >>> ladder_of(pd.Series(["satisfied", "easy", "poor"])) is None
    True
    """
    cells = cells.drop_duplicates()
    if len(cells) > MOST_WORDINGS:
        return None
    found = {wording.plain(cell) for cell in cells} - {"", "n a"}
    for ladder in _ladders():
        if found <= set(ladder.steps) and len({ladder.steps[cell] for cell in found}) >= FEWEST_STEPS:
            return ladder
    return None


@cache
def _ladders() -> tuple[Ladder, ...]:
    return tuple(
        Ladder({cell.strip(): step for step, cells in enumerate(text.split(";"), 1) for cell in cells.split("|")})
        for text in _LADDERS.strip().split("\n\n")
    )
