"""The evidence in at most 3,000 words, every number and quote with where it comes from: brief.md and brief.json."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verbatim.report import method, theme_words, words
from verbatim.report.contents import Contents
from verbatim.report.formats import MINUS, clean, count, label
from verbatim.report.markdown import escape
from verbatim.report.rows import Driver

MOST_WORDS = 3000
ABOUT, QUOTED_THEMES = 5, 5  # pain points told in full; themes of either sign with a quote
MEASURES = {"n": "n_responses", "low": "effect_low", "high": "effect_high"}  # names in drivers.csv
TOLD = ("effect", "low", "high", "n", "share", "leave_out", "rank", "rank_low", "rank_high", "p_top3", "above_noise")


@dataclass(frozen=True, slots=True)
class Item:
    """One statement of the brief.

    Attributes
    ----------
    text : str
        One or a few sentences, or a quote.
    sources : tuple of str
        Where its figures stand in the run folder, "file#row/column" or "file#key".
    numbers : tuple of (str, float)
        Reference and unrounded value of every figure a machine may want.
    quote : tuple of (str, int) or None
        For a quote: its response and the character of the masked comment it starts at.
    about : str
        What a quote is about and how its author scored.
    """

    text: str
    sources: tuple[str, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    quote: tuple[str, int] | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its statements; ``spare`` is the order in which sections give way when words run out."""

    title: str
    items: tuple[Item, ...]
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """The brief: title, sections, and how many statements were left out for length."""

    title: str
    sections: tuple[Section, ...] = field(default=())
    left_out: int = 0


def write_brief(contents: Contents, folder: Path) -> list[Path]:
    """Write brief.md and brief.json: masked, for a ticket, a slide or an assistant."""
    brief = gather_brief(contents)
    paths = [folder / "brief.md", folder / "brief.json"]
    for path, text in zip(paths, (render(brief), as_json(brief)), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths


def gather_brief(contents: Contents, most: int = MOST_WORDS) -> Brief:
    """Gather the brief; statements that can be spared are dropped, the last of the sparest section first."""
    sections = [section for section in _sections(contents) if section.items]
    brief = Brief(label(contents.title), tuple(sections))
    while n_words(render(brief)) > most and any(section.spare for section in brief.sections):
        place = max(range(len(sections)), key=lambda i: (sections[i].spare, len(sections[i].items)))
        shorter = sections[place].items[:-1]
        last = sections[place]
        sections[place] = Section(last.title, shorter, last.spare if shorter else 0)
        brief = Brief(brief.title, tuple(s for s in sections if s.items), brief.left_out + 1)
    return brief


def n_words(text: str) -> int:
    """Words between blanks: references count too.

    Examples
    --------
    >>> n_words("Late vans cost -6.1 points.")
    5
    """
    return len(text.split())


def render(brief: Brief) -> str:
    """Write the brief as Markdown; text from the survey is escaped."""
    blocks = [f"# {escape(brief.title)}"]
    for section in brief.sections:
        blocks += [f"## {section.title}", "\n".join(map(_line, section.items))]
    if brief.left_out:
        blocks.append(f"{count(brief.left_out, 'statement')} left out for length: report.html has all.")
    return "\n\n".join(blocks).replace(MINUS, "-") + "\n"


def _line(item: Item) -> str:
    sources = f" [{', '.join(escape(source) for source in item.sources)}]" if item.sources else ""
    said = f"{escape(item.about)}: \u201c{escape(item.text)}\u201d" if item.quote else escape(item.text)
    return f"- {said}{sources}"


def as_json(brief: Brief) -> str:
    """Write the brief as JSON: every number beside the place in the run folder that holds it."""
    content = {
        "title": brief.title,
        "sections": [
            {"title": section.title, "statements": [_statement(item) for item in section.items]}
            for section in brief.sections
        ],
        "statements_left_out": brief.left_out,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _statement(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {"text": clean(item.text), "references": list(item.sources)}
    if item.about:
        told["about"] = item.about
    if item.numbers:
        told["numbers"] = [{"reference": where, "value": value} for where, value in item.numbers]
    if item.quote:
        told["quote"] = {"response_id": item.quote[0], "start": item.quote[1], "text": item.text}
    return told


def _sections(contents: Contents) -> Iterator[Section]:
    drivers = contents.analysis.drivers
    yield Section("Headline", tuple(_headline(contents)))
    yield Section(
        "Why no effects are given", tuple(Item(why, ("manifest.json#drivers.refusals",)) for why in drivers.refusals)
    )
    yield Section("Shares within score categories", tuple(_shares(contents)), spare=2)
    yield Section("What costs us", tuple(_drivers(contents, contents.pains)), spare=1)
    yield Section("What works", tuple(_drivers(contents, contents.gains)), spare=2)
    yield Section(
        "What divides customers", tuple(_item(d, [theme_words.divided(d)]) for d in contents.divided), spare=3
    )
    yield Section("For whom", tuple(_groups(contents)), spare=3)
    yield Section("In customers' words", tuple(_quotes(contents)), spare=4)
    limits = [f"{title}. {text}" for title, text in method.limits(drivers.n_scored, drivers.n_commenters)]
    yield Section("What these numbers cannot say", tuple(Item(limit, ("manifest.json#drivers",)) for limit in limits))
    notes = [*drivers.notes, method.masked(contents.analysis.survey.masked)]
    yield Section("Notes of the analysis", tuple(Item(note, ("manifest.json",)) for note in notes), spare=5)


def _headline(contents: Contents) -> Iterator[Item]:
    nps = contents.analysis.drivers.nps
    numbers = [(f"manifest.json#nps.{name}", float(getattr(nps, name))) for name in ("score", "low", "high", "n")]
    yield Item(words.headline(nps), ("manifest.json#nps",), tuple(numbers))
    yield from (Item(sentence, (file,)) for sentence, file in words.findings(contents))


def _drivers(contents: Contents, drivers: Sequence[Driver]) -> Iterator[Item]:
    for place, driver in enumerate(drivers):
        opening = words.costs(driver) if driver.effect < 0 else words.brings(driver)
        said = [f"{opening}, which {theme_words.noise_mark(driver)}."]
        if place < ABOUT:
            said += [theme_words.reach(driver), theme_words.outcome(driver), theme_words.standing(driver)]
            said.append(theme_words.leave_out(driver, contents.bridges.get(driver.theme_id, ())))
            said.append(theme_words.what_if(driver))
        yield _item(driver, said, ("bridges.csv",) if place < ABOUT else ())


def _item(driver: Driver, said: Iterable[str], more: tuple[str, ...] = ()) -> Item:
    place = f"drivers.csv#{driver.theme_id}"
    values = [(f"{place}/{MEASURES.get(name, name)}", getattr(driver, name)) for name in TOLD]
    known = [(where, _plain(value)) for where, value in values if value is not None and math.isfinite(value)]
    sources = (place, *(f"{file}#{driver.theme_id}" for file in more))
    return Item(" ".join(filter(None, said)), sources, tuple(known))


def _plain(value: float) -> float:
    return value if isinstance(value, bool | int) else float(value)


def _shares(contents: Contents) -> Iterator[Item]:
    for row in contents.category_shares:
        place = f"category_shares.csv#{row.theme_id}"
        numbers = [(f"{place}/{kind}/share", share) for kind, share in row.shares if share is not None]
        yield Item(words.mentioned_by(row), (place,), tuple(numbers))


def _groups(contents: Contents) -> Iterator[Item]:
    for view in contents.segments:
        numbers = [
            (f"segment_nps.csv#{label(view.name)}={label(group.value)}/{name}", float(getattr(group.nps, key)))
            for group in view.groups if group.nps
            for name, key in (("nps", "score"), ("low", "low"), ("high", "high"), ("n", "n"))
        ]  # fmt: skip
        yield Item(words.spread(view) or words.no_spread(view), ("segment_nps.csv",), tuple(numbers))
        yield from (Item(said, ("contrasts.csv",)) for said in view.contrasts)


def _quotes(contents: Contents) -> Iterator[Item]:
    ranked = (*contents.pains[:QUOTED_THEMES], *contents.gains[:QUOTED_THEMES])
    for theme in ranked or contents.category_shares[:QUOTED_THEMES]:
        for quote in contents.quotes.get(theme.theme_id, ())[:1]:
            where = f"responses.parquet#{quote.response_id}/comment"
            sources, place = (where, f"themes.json#{theme.theme_id}"), (quote.response_id, quote.start)
            yield Item(quote.text, sources, quote=place, about=f"{label(theme.name)}. {words.attribution(quote)}")
