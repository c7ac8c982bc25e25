"""The two-minute trust check: a few comments a theme, yes or no, and the precision with its interval as it grows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import pandas as pd
from rich.console import Console
from rich.text import Text

from verbatim.coding.quality import wilson
from verbatim.records import Analysis

ANSWERS = {"y": True, "yes": True, "1": True, "n": False, "no": False, "0": False}


def trust_questions(analysis: Analysis, themes: int = 3, each: int = 20, seed: int = 1) -> pd.DataFrame:
    """Draw comments that the machine says speak of the top themes, each equally likely.

    Parameters
    ----------
    analysis : Analysis
    themes : int
        How many, the most harmful first; where there is no ranking, those that are mentioned most.
    each : int
        Comments a theme; all where there are not more.
    seed : int

    Returns
    -------
    DataFrame
        ``theme_id, name, response_id, comment``, theme by theme.
    """
    names = {theme.theme_id: theme.name for theme in analysis.themes.themes if theme.kind == "subject"}
    comment = analysis.survey.responses.set_index("response_id")["comment"]
    mentions = analysis.mentions.table
    rows = []
    for theme in _top(analysis, themes):
        told = mentions.loc[mentions["theme_id"] == theme, "response_id"]
        drawn = sorted(told, key=lambda one: hashlib.sha256(f"{seed} {theme} {one}".encode()).digest())[:each]
        rows += [(theme, names[theme], one, str(comment[one])) for one in drawn]
    return pd.DataFrame(rows, columns=["theme_id", "name", "response_id", "comment"])


def _top(analysis: Analysis, n: int) -> list[str]:
    leaves = analysis.drivers.leaves()
    leaves = leaves[leaves["theme_id"].isin([theme.theme_id for theme in analysis.themes.themes])]
    order = leaves.sort_values(["rank", "n_responses"], ascending=[True, False], na_position="last")
    return [str(theme) for theme in order["theme_id"].head(n)]


def trust_precision(questions: pd.DataFrame, answers: Mapping[int, bool]) -> pd.DataFrame:
    """Precision of each theme from yes and no: of the comments the machine tagged, how many speak of the theme.

    Parameters
    ----------
    questions : DataFrame
        From `trust_questions`.
    answers : mapping of int to bool
        By the row of the question; those not answered are left out.

    Returns
    -------
    DataFrame
        ``theme_id, name, n, yes, precision, low, high``: Wilson's 95 % interval.
    """
    told = questions.assign(answer=pd.Series(dict(answers), dtype="boolean").reindex(questions.index))
    rows = []
    for (theme, name), part in told.groupby(["theme_id", "name"], sort=False):
        n, yes = int(part["answer"].notna().sum()), int(part["answer"].sum())
        rows.append((theme, name, n, yes, *wilson(yes, n)))
    return pd.DataFrame(rows, columns=["theme_id", "name", "n", "yes", "precision", "low", "high"])


def ask(analysis: Analysis, questions: pd.DataFrame, read: Callable[[str], str] = input) -> pd.DataFrame:
    """Ask every question in the terminal: y, n, s to skip, q to stop. Returns `trust_precision` of the answers."""
    console, answers = Console(width=100, highlight=False), dict[int, bool]()
    for at, row in enumerate(questions.itertuples(index=False)):
        console.print()
        console.print(_marked(analysis, str(row.response_id), str(row.theme_id), str(row.comment)))
        answer = _answer(read, f'{at + 1}/{len(questions)}  Does it speak of "{_plain(str(row.name))}"? [y/n/s/q] ')
        if answer == "q":
            break
        if answer in ANSWERS:
            answers[at] = ANSWERS[answer]
        here = trust_precision(questions[questions["theme_id"] == row.theme_id], answers).iloc[0]
        if here.n:
            console.print(
                f"     {here.yes} of {here.n} yes: precision {here.precision:.0%} [{here.low:.0%}, {here.high:.0%}]",
                markup=False,
            )
    return trust_precision(questions, answers)


def _answer(read: Callable[[str], str], question: str) -> str:
    while True:
        try:
            answer = read(question).strip().casefold()
        except EOFError:
            return "q"
        if answer in (*ANSWERS, "s", "q"):
            return answer


def _marked(analysis: Analysis, response: str, theme: str, comment: str) -> Text:
    """Return the comment with the words that were taken to speak of the theme in bold."""
    text = Text(_plain(comment))
    spans = analysis.spans.table
    mine = spans[(spans["response_id"] == response) & (spans["theme_id"] == theme)]
    for start, end in zip(mine["start"], mine["end"], strict=True):
        text.stylize("bold", int(start), int(end))
    return text


def _plain(text: str) -> str:
    """Text that cannot steer a terminal, letter for letter."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
