"""How good themes are with people's help: a codebook of one line a theme, and a hundred comments coded by hand.

    python -m benchmarks.guided --data DIR [--markdown]

Scored as micro-F1 of the given themes against the categories of the same name; found themes predict nothing. Beside
ours, the obvious way: each span has the code whose line its own vector is nearest to. Every option at its default.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.sets import Texts, as_survey, mams, semeval14
from verbatim.records import Embedding, Spans
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.split import split_comments
from verbatim.themes.codebook import Codebook, CodebookTheme
from verbatim.themes.discover import find_themes
from verbatim.themes.guidance import CodedComments

CODED, SEEDS = 100, 5
LINES = {
    "MAMS": {
        "food": "dishes, drinks, ingredients, how they taste and how they are cooked",
        "staff": "waiters, waitresses, hosts and managers and how they treat people",
        "service": "how long it takes to be seated, served or brought the bill; orders, delivery and reservations",
        "place": "the restaurant as a location: neighborhood, room, tables, seats, bar, outdoor space",
        "ambience": "atmosphere, decor, music, noise, light and mood",
        "menu": "what is on the menu or wine list: selection, choice and variety of dishes",
        "price": "what it costs: prices, the bill, value for money, tips",
        "miscellaneous": "anything else: occasions, visits, friends, opinions of the restaurant as a whole",
    },
    "SemEval-14": {
        "food": "dishes, drinks, the menu, how they taste and how they are cooked",
        "service": "waiters and staff, how they treat people, how long it takes to be served",
        "ambience": "atmosphere, decor, music, noise, the room and its mood",
        "price": "what it costs: prices, the bill, value for money",
        "anecdotes/miscellaneous": "anything else: stories of a visit, recommendations, "
        "opinions of the restaurant as a whole",
    },
}
GOALS = {"MAMS": (0.68, 0.74), "SemEval-14": (0.75, 0.77)}


@dataclass(frozen=True)
class Contest:
    """One set, read and embedded."""

    texts: Texts
    spans: Spans
    embedding: Embedding
    encoder: Encoder

    @property
    def names(self) -> list[str]:
        """Return the categories, as `Texts.indicator` orders them."""
        return sorted(LINES[self.texts.name])

    def codebook(self, lines: bool = True) -> Codebook:
        """Return the categories as a codebook, with their lines or by name alone."""
        said = LINES[self.texts.name]
        given = tuple(CodebookTheme(name, said[name] if lines else "") for name in self.names)
        return Codebook(given, covers="everything")

    def coded(self, rows: NDArray[np.intp]) -> CodedComments:
        """Return these texts with their categories, as a coder would list them."""
        here = np.flatnonzero(np.isin(self.comments(self.spans), rows))
        some = self.embedding.take(here)
        codes = {f"{row:06d}": self.texts.categories[row] for row in rows}
        return CodedComments(Spans(self.spans.table.iloc[here].reset_index(drop=True)), some, codes)

    @staticmethod
    def comments(spans: Spans) -> NDArray[np.intp]:
        """Return which text each span stands in."""
        return spans.table["response_id"].astype(int).to_numpy(dtype=np.intp)

    def guided(self, codebook: Codebook | None, coded: CodedComments | None) -> NDArray[np.bool_]:
        """Return which text has which category by our given themes."""
        spans, themes = find_themes(self.spans, self.embedding, self.encoder, codebook=codebook, coded=coded)
        place = {t.theme_id: self.names.index(t.name) for t in themes.themes if t.source == "given"}
        said = spans.table[spans.table["theme_id"].isin(place)]
        has = np.zeros((len(self.texts.texts), len(self.names)), dtype=bool)
        has[said["response_id"].astype(int), said["theme_id"].map(place).astype(int)] = True
        return has

    def zero_shot(self) -> NDArray[np.bool_]:
        """Return which text has which category where each span has the code it is nearest to."""
        lines = [f"{name}: {LINES[self.texts.name][name]}" for name in self.names]
        nearest = (self.embedding.own_words @ encode_alone(self.encoder, lines).T).argmax(axis=1)
        has = np.zeros((len(self.texts.texts), len(self.names)), dtype=bool)
        has[self.comments(self.spans), nearest] = True
        return has


def micro_f1(has: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Micro-F1 of what was said against the truth, category by category of the same name.

    Examples
    --------
    >>> micro_f1(np.array([[True, True]]), np.array([[True, False]]))
    0.6666666666666666
    """
    return float(2 * (has & truth).sum() / max(has.sum() + truth.sum(), 1))


def contest(texts: Texts, encoder: Encoder) -> Contest:
    """Read and embed a set."""
    survey = as_survey(texts.texts)
    spans = split_comments(survey)
    return Contest(texts, spans, embed_spans(survey, spans, encoder=encoder), encoder)


def measured(one: Contest) -> Iterator[tuple[str, ...]]:
    """Cells of each line of one set."""
    name, truth = one.texts.name, one.texts.indicator()
    alone, hundred = GOALS[name]
    zero = micro_f1(one.zero_shot(), truth)
    yield _line(name, "codebook of one line a theme", zero, micro_f1(one.guided(one.codebook(), None), truth), alone)
    for lines, measure in ((True, "codebook and 100 coded comments"), (False, "100 coded comments, names alone")):
        figures = []
        for seed in range(SEEDS):
            rows = np.sort(np.random.default_rng(seed).permutation(len(truth))[:CODED])
            rest = np.setdiff1d(np.arange(len(truth)), rows)
            has = one.guided(one.codebook() if lines else None, one.coded(rows))
            figures.append(micro_f1(has[rest], truth[rest]))
        spread = f" ({min(figures):.2f}-{max(figures):.2f})"
        yield _line(name, measure, None, float(np.mean(figures)), hundred, spread)


def _line(name: str, measure: str, zero: float | None, ours: float, goal: float, spread: str = "") -> tuple[str, ...]:
    print(f"{name}: {measure}", file=sys.stderr, flush=True)
    verdict = "reached" if ours >= goal else "MISSED"
    return name, measure, "" if zero is None else f"{zero:.3f}", f"{ours:.3f}{spread}", f">= {goal:.2f}", verdict


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guided", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with themes/")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    chosen = parser.parse_args()
    encoder = load_encoder(EncoderOptions())
    headings = ("set", "measure: micro-F1", "nearest line", "verbatim", "goal", "")
    lines = chain.from_iterable(measured(contest(make(chosen.data), encoder)) for make in (mams, semeval14))
    if chosen.markdown:
        for cells in chain([headings, ("---",) * len(headings)], lines):
            print("| " + " | ".join(cells) + " |", flush=True)
        return
    table = Table(*headings, title="Themes with people's help, every option at its default", title_justify="left")
    for cells in lines:
        table.add_row(*cells)
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
