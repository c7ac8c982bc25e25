"""How good the themes are, beside stock BERTopic on the same comments in the same run.

    python -m benchmarks.themes --data DIR               every line, about fifteen minutes
    python -m benchmarks.themes --data DIR --quick       one stock fit, one resample pair, one subset a size
    python -m benchmarks.themes --data DIR --no-stock    our side alone

Stock is ``BERTopic()`` with its defaults on all-MiniLM-L6-v2 vectors of whole comments. It draws at random: its figures
are means of three fits (one with --quick) and move from run to run. Ours runs the package's own stages, every option at
its default for every set, and has no random number in it. What each line means: benchmarks/README.md.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.contenders import Fit, Found, fit_stock, fit_verbatim, stock_vectors
from benchmarks.judged import KEPT, precision
from benchmarks.measures import micro_f1, mutual_information, stability
from benchmarks.naming import name_quality, stock_name_quality
from benchmarks.sets import Texts, banking77, banking77_whole, mams, semeval14, telco
from verbatim.text.encoder import Encoder, EncoderOptions, load_encoder

MOST_THEMES = 60


@dataclass(frozen=True)
class Line:
    """One measured line: which set, what, stock, ours, the goal, and whether ours reaches it."""

    texts: str
    measure: str
    stock: str
    ours: str
    goal: str = ""
    reached: bool | None = None


@dataclass(frozen=True)
class Effort:
    """How often the random side is fitted, how many resample pairs and subsets are drawn, whether stock takes part."""

    stock: bool
    fits: int = 3
    pairs: int = 3
    draws: int = 3


class Contest:
    """Both sides on one set of texts; nothing is embedded or fitted before a line asks for it."""

    def __init__(self, texts: Texts, encoder: Encoder, effort: Effort) -> None:
        self.texts, self.encoder, self.effort = texts, encoder, effort

    def subset(self, size: int, seed: int) -> "Contest":
        """Return the contest on ``size`` random texts, with one stock fit and one resample pair."""
        rows = np.sort(np.random.default_rng(seed).permutation(len(self.texts.texts))[:size])
        smaller = Contest(self.texts.take(rows), self.encoder, Effort(self.effort.stock, 1, 1))
        if self.effort.stock:
            smaller.vectors = self.vectors[rows]
        return smaller

    @cached_property
    def ours(self) -> Found:
        """Our fit of every text."""
        return fit_verbatim(self.texts.texts, self.encoder)

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Vectors of whole comments, for stock."""
        return stock_vectors(self.texts.texts)

    @cached_property
    def stock(self) -> list[Fit]:
        """Stock's fits of every text, none when it takes no part."""
        fits = self.effort.fits if self.effort.stock else 0
        return [fit_stock(self.texts.texts, self.vectors) for _ in range(fits)]

    def mean(self, measure: Callable[[Fit], float]) -> tuple[float, float]:
        """Return a measure of stock's fits, their mean, and of ours."""
        return _mean([measure(fit) for fit in self.stock]), measure(self.ours.fit)

    def stability(self) -> tuple[float, float]:
        """Agreement of fits on resamples: stock's, ours."""
        texts, n, pairs = self.texts.texts, len(self.texts.texts), self.effort.pairs

        def ours(rows: NDArray[np.intp]) -> NDArray[np.intp]:
            return fit_verbatim([texts[row] for row in rows], self.encoder).fit.main

        def stock(rows: NDArray[np.intp]) -> NDArray[np.intp]:
            return fit_stock([texts[row] for row in rows], self.vectors[rows]).main

        return stability(n, stock, pairs) if self.effort.stock else np.nan, stability(n, ours, pairs)

    def shuffled_alike(self) -> tuple[float, float]:
        """Whether shuffled rows give every comment the same themes, byte for byte: stock's share, ours (0 or 1)."""
        order = np.random.default_rng(0).permutation(len(self.texts.texts))
        shuffled = self.texts.take(order).texts
        ours = _written(fit_verbatim(shuffled, self.encoder)) == _written(self.ours)
        if not self.effort.stock:
            return np.nan, float(ours)
        again = fit_stock(shuffled, self.vectors[order]).main
        return float(np.array_equal(_as_partition(again), _as_partition(self.stock[0].main[order]))), float(ours)


def _written(found: Found) -> bytes:
    """Bytes of the tables, sorted by what the customers wrote: response ids follow the rows and are left out."""
    columns = ["comment", "start", "end", "text", "theme_id", "similarity"]
    table = found.spans.table
    whole = table.groupby("response_id")["text"].transform("\n".join)
    lines = table.assign(comment=whole)[columns].sort_values(columns).to_csv(index=False)
    themes = [(theme.theme_id, theme.name, theme.keywords, theme.n_spans) for theme in found.themes.themes]
    return f"{lines}{themes}".encode()


def _as_partition(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number labels by first appearance, so that only who is together counts."""
    return pd.factorize(labels)[0]


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else np.nan


def _shown(value: float, form: str = ".2f") -> str:
    return "" if np.isnan(value) else format(value, form)


def _line(contest: Contest, measure: str, pair: tuple[float, float], goal: float, form: str = ".2f") -> Line:
    """Return a line whose goal is a number to reach or exceed."""
    stock, ours = pair
    shown = _shown(stock, form), _shown(ours, form)
    return Line(contest.texts.name, measure, *shown, f">= {goal:{form}}", ours >= goal)


def _size(contest: Contest, most: int | None = None) -> Iterator[Line]:
    name, (stock, ours) = contest.texts.name, contest.mean(lambda fit: fit.n_themes)
    goal, reached = (f"<= {most}", ours <= most) if most else ("", None)
    yield Line(name, "themes", _shown(stock, ".0f"), f"{ours:.0f}", goal, reached)
    stock, ours = contest.mean(lambda fit: fit.without)
    yield Line(name, "texts without a theme", _shown(stock), f"{ours:.2f}")
    stock, ours = contest.mean(lambda fit: fit.seconds)
    yield Line(name, "seconds to fit, vectors known", _shown(stock, ".1f"), f"{ours:.1f}")


def aspects(contest: Contest, goal: float) -> Iterator[Line]:
    """Sentences with several categories each: micro-F1."""
    truth = contest.texts.indicator()
    yield _line(contest, "micro-F1", contest.mean(lambda fit: micro_f1(fit.mentions, truth)), goal)
    yield from _size(contest, MOST_THEMES)


def questions(contest: Contest) -> Iterator[Line]:
    """Questions with one intent each: agreement, stability, and names for the true clusters."""
    truth = pd.factorize(pd.Series(contest.texts.single()))[0]
    yield _line(contest, "AMI", contest.mean(lambda fit: mutual_information(truth, fit.main)), 0.80)
    yield _line(contest, "stability (AMI)", contest.stability(), 0.93)
    yield from _size(contest)
    stock = stock_name_quality(contest.texts, contest.encoder) if contest.effort.stock else (np.nan, np.nan)
    ours = name_quality(contest.texts, contest.encoder)
    goals = ("cosine to the human name", 0.80), ("nearest human name right", 0.78)
    for (measure, goal), *pair in zip(goals, stock, ours, strict=True):
        yield _line(contest, f"names of the true clusters: {measure}", (pair[0], pair[1]), goal)


def many(contest: Contest) -> Iterator[Line]:
    """Thousands of questions: agreement, and the time of a fit beside stock's."""
    name, truth = contest.texts.name, pd.factorize(pd.Series(contest.texts.single()))[0]
    contest.effort = Effort(contest.effort.stock, 1, 1)
    agreement = contest.mean(lambda fit: mutual_information(truth, fit.main))
    if contest.effort.stock:
        yield Line(name, "AMI", _shown(agreement[0]), _shown(agreement[1]), "above stock", agreement[1] > agreement[0])
    else:
        yield Line(name, "AMI", "", _shown(agreement[1]))
    stock, ours = contest.mean(lambda fit: fit.seconds)
    reached = ours <= stock / 4 if contest.effort.stock else None
    yield Line(name, "seconds to fit, vectors known", _shown(stock, ".1f"), f"{ours:.1f}", "<= 1/4 of stock", reached)
    yield Line(name, "spans", "", str(len(contest.ours.spans.table)))
    cosine, right = name_quality(contest.texts, contest.encoder)
    yield Line(
        name, "names of the true clusters: cosine to the human name", "", f"{cosine:.2f}", ">= 0.80", cosine >= 0.8
    )
    yield Line(
        name, "names of the true clusters: nearest human name right", "", f"{right:.2f}", ">= 0.78", right >= 0.78
    )


def survey(contest: Contest) -> Iterator[Line]:
    """Comments as an NPS survey brings them: coverage, precision, stability, order of rows."""
    name, (stock, ours) = contest.texts.name, contest.mean(lambda fit: fit.without)
    yield Line(name, "comments without a theme", _shown(stock, ".3f"), f"{ours:.3f}", "<= 0.080", ours <= 0.08)
    if KEPT.exists():
        right, standing = precision(contest.ours, contest.texts.texts)
        measure = f"precision, {standing} judged assignments"
        yield Line(name, measure, "", _shown(right), ">= 0.85", right >= 0.85 if standing >= 50 else None)
    yield _line(contest, "stability (AMI)", contest.stability(), 0.88)
    yield _order(contest, name)
    yield from (line for line in _size(contest) if line.measure != "texts without a theme")


def _order(contest: Contest, name: str) -> Line:
    stock, ours = (("no", "yes")[int(value)] if value == value else "" for value in contest.shuffled_alike())
    return Line(name, "shuffled rows, same bytes", stock, ours, "yes", ours == "yes")


def small(whole: Contest, size: int) -> Iterator[Line]:
    """Return the table on random subsets of ``size`` texts, means over the draws."""
    contests = [whole.subset(size, seed) for seed in range(whole.effort.draws)]
    texts, name = whole.texts, f"{whole.texts.name}, {size}"

    def mean(measure: Callable[[Contest], tuple[float, float]]) -> tuple[float, float]:
        stock, ours = np.array([measure(contest) for contest in contests]).mean(axis=0)
        return float(stock), float(ours)

    numbers = [contest.ours.fit.n_themes for contest in contests]
    stock, _ = mean(lambda contest: contest.mean(lambda fit: fit.n_themes))
    few, many = min(numbers), max(numbers)
    goal, reached = ("5-15", few >= 5 and many <= 15) if size == 200 else ("", None)
    yield Line(name, "themes", _shown(stock, ".0f"), f"{few}-{many}" if few < many else f"{few}", goal, reached)
    stock, ours = mean(lambda contest: contest.mean(lambda fit: fit.without))
    yield Line(name, "texts without a theme", _shown(stock), f"{ours:.2f}")
    if texts.categories and texts.name == "banking77":
        stock, ours = mean(lambda contest: contest.mean(
            lambda fit: mutual_information(pd.factorize(pd.Series(contest.texts.single()))[0], fit.main)
        ))  # fmt: skip
        yield Line(name, "AMI", _shown(stock), f"{ours:.2f}")
    elif texts.categories:
        stock, ours = mean(lambda contest: contest.mean(lambda fit: micro_f1(fit.mentions, contest.texts.indicator())))
        yield Line(name, "micro-F1", _shown(stock), f"{ours:.2f}")
    if texts.name in ("telco", "banking77"):
        stock, ours = mean(Contest.stability)
        yield Line(name, "stability (AMI)", _shown(stock), f"{ours:.2f}")
    if texts.name == "telco":
        yield _order(contests[0], name)


def measured(data: Path, effort: Effort) -> Iterator[Line]:
    """Every line, in the order in which it is printed."""
    encoder = load_encoder(EncoderOptions())
    whole = {make.__name__: Contest(make(data), encoder, effort) for make in (mams, semeval14, banking77, telco)}
    yield from aspects(whole["mams"], 0.73)
    yield from aspects(whole["semeval14"], 0.74)
    yield from questions(whole["banking77"])
    yield from survey(whole["telco"])
    yield from many(Contest(banking77_whole(data), encoder, effort))
    for contest in whole.values():
        for size in (500, 200):
            yield from small(contest, size)


def rows(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """Cells of each line; on stderr, what is being measured."""
    for line in lines:
        print(f"{line.texts}: {line.measure}", file=sys.stderr, flush=True)
        verdict = "" if line.reached is None else ("reached" if line.reached else "MISSED")
        yield line.texts, line.measure, line.stock, line.ours, line.goal, verdict


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with telco/ and themes/")
    parser.add_argument("--quick", action="store_true", help="fewer fits, resamples and subsets")
    parser.add_argument("--stock", action=argparse.BooleanOptionalAction, default=True, help="fit BERTopic too")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    chosen = parser.parse_args()
    effort = Effort(chosen.stock, 1, 1, 1) if chosen.quick else Effort(chosen.stock)
    headings, lines = (
        ("set", "measure", "stock BERTopic()", "verbatim", "goal", ""),
        rows(measured(chosen.data, effort)),
    )
    if chosen.markdown:
        for cells in chain([headings, ("---",) * len(headings)], lines):
            print("| " + " | ".join(cells) + " |", flush=True)
        return
    table = Table(title="Themes, every option at its default", title_justify="left")
    for heading in headings:
        table.add_column(heading)
    for cells in lines:
        table.add_row(*cells)
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
