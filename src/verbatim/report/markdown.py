"""The report as Markdown: short, to paste into a ticket or read in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from verbatim.nps import Nps
from verbatim.records import Theme
from verbatim.report import method, newcomers, theme_words, words
from verbatim.report.contents import Contents
from verbatim.report.formats import MINUS, UNKNOWN, clean, interval, percent, plain, signed, whole
from verbatim.report.play_rows import play_rows
from verbatim.report.rows import Driver

BRIDGED = 3  # pain points whose leave-out is explained
_TEXT = ("Noise", "Part of", "Parts", "Costs most within the group", "For", "Owner", "Deadline")  # columns flush left
_SYNTAX = re.compile(r"[\\`*_{}!|~]|\](?=[(\[:])|^(?:[#+=>-]|\d+(?=[.)]))")


def render_markdown(contents: Contents) -> str:
    """Write report.md. Text from the survey is escaped; minus signs are plain hyphens, to be found by searching."""
    return "\n\n".join(block for block in _blocks(contents) if block) + "\n"


def escape(text: object) -> str:
    r"""Foreign text on one line, in which nothing is Markdown, HTML, a link or a mention of somebody.

    Examples
    --------
    >>> print(escape("<b>*hi*</b> @all [a](b)"))
    &lt;b>\*hi\*&lt;/b> &#64;all [a\](b)
    """
    line = " ".join(clean(text).split()).replace("&", "&amp;").replace("<", "&lt;")
    line = _SYNTAX.sub(r"\\\g<0>", line)
    return line.replace("://", "&#58;//").replace("@", "&#64;")


def _say(sentence: str) -> str:
    return escape(sentence).replace(MINUS, "-")


def _blocks(contents: Contents) -> Iterator[str]:
    drivers, ledger = contents.analysis.drivers, contents.ledger
    yield f"# {words.headline(drivers.nps)}".replace(MINUS, "-")
    source = ", ".join(filter(None, [escape(contents.analysis.survey.reading.source), contents.dates]))
    yield f"{escape(contents.title)}. {source}. Brackets hold 95 % intervals."
    yield _list(_say(sentence) for sentence in words.summary(contents))
    yield "## Where we stand"
    yield _table(
        ("Category", "Responses", "Share"),
        [(words.PLURALS[part.category].capitalize(), whole(part.n), percent(part.share)) for part in contents.split],
    )
    yield _table(("Who answered", "Rows"), [(what, whole(n)) for what, n in method.ledger_rows(ledger)])
    yield "## What customers raise" if drivers.refusals else "## What costs us"
    yield from _refused(contents)
    none = "" if drivers.refusals else _say(f"No theme was found to take points from the {contents.measure}.")
    yield _drivers(contents.pains, parents=contents.parent_of) if contents.pains else none
    bridged = [theme_words.leave_out(d, contents.bridges.get(d.theme_id, ())) for d in contents.pains[:BRIDGED]]
    yield _list(f"{escape(d.name)}: {_say(said)}" for d, said in zip(contents.pains, bridged, strict=False) if said)
    yield _drivers(contents.coin_toss, "For scale, two themes made by coin toss, which cannot matter:")
    if not drivers.refusals:
        yield "## What works"
        yield _drivers(contents.gains, parents=contents.parent_of) if contents.gains else words.best(contents.gains)
    yield _say(theme_words.nameless((*contents.pains, *contents.gains)))
    if contents.divided:
        yield "## What divides customers"
        yield _list(_say(theme_words.divided(driver)) for driver in contents.divided)
    counted = [words.general_line(general, ledger.with_comment) for general in contents.general]
    counted += [words.unranked(driver) for driver in contents.unranked]
    yield "## Counted, not ranked" if counted else ""
    yield _list(_say(sentence) for sentence in counted)
    yield from _broader(contents)
    yield from _segments(contents)
    yield from _since(contents)
    yield from _periods(contents)
    yield from _newcomers(contents)
    yield from _quotes(contents)
    yield from _plays(contents)
    yield "## What these numbers say, and what they cannot"
    yield _list(
        f"**{title}.** {text}"
        for title, text in method.limits(drivers.n_scored, drivers.n_commenters, escape(contents.measure))
    )
    yield "## How it was made"
    made = [
        *drivers.notes,
        *method.tone(drivers.halo, contents.analysis.sentiment),
        method.masked(contents.analysis.survey.masked),
        *contents.analysis.survey.reading.notes,
    ]
    yield _list(_say(note) for note in [*made, *method.made_with(contents.analysis.manifest)])


def _refused(contents: Contents) -> Iterator[str]:
    """Why no effects are given, and what is given instead."""
    reasons = contents.analysis.drivers.refusals
    if not reasons:
        return
    yield "No effects are given:"
    yield _list(map(_say, reasons))
    if contents.category_shares:
        kinds = [kind for kind, _ in contents.category_shares[0].shares]
        rows = [
            (escape(row.name), *(UNKNOWN if share is None else percent(share) for _, share in row.shares))
            for row in contents.category_shares
        ]
        yield "Share of the commenters of each category who mention a theme:"
        yield _table(("Theme", *(words.PLURALS[kind].capitalize() for kind in kinds)), rows)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---" if name in _TEXT else "---:" for name in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines).replace(MINUS, "-")


def _drivers(drivers: Sequence[Driver], intro: str = "", parents: Mapping[str, Theme] | None = None) -> str:
    if not drivers:
        return ""
    head = ["Theme", "Rank", "Customers", "Share", "Effect", "95 % interval", "Leave-out", "Noise"]
    rows = [
        [_named(d), _rank(d), whole(d.n), percent(d.share), signed(d.effect),
         interval(d.low, d.high), signed(d.leave_out), theme_words.marks(d)]
        for d in drivers
    ]  # fmt: skip
    if parents:
        over = [escape(parents[d.theme_id].name) if d.theme_id in parents else UNKNOWN for d in drivers]
        head, rows = [*head, "Part of"], [[*row, name] for row, name in zip(rows, over, strict=True)]
    return f"{intro}\n\n{_table(head, rows)}".lstrip()


def _named(driver: Driver) -> str:
    return f"{escape(driver.name)} ({escape(driver.said_with)})" if driver.said_with else escape(driver.name)


def _rank(driver: Driver) -> str:
    return f"{driver.rank} ({theme_words.rank_range(driver)})" if driver.rank else UNKNOWN


def _broader(contents: Contents) -> Iterator[str]:
    if not contents.broader:
        return
    yield "## Broader themes"
    yield _say(words.broader(contents.broader))
    head = ("Broader theme", "Rank", "Customers", "Share", "Effect", "95 % interval", "Noise", "Parts")
    rows = [
        (escape(d.name), _rank(d), whole(d.n), percent(d.share), signed(d.effect), interval(d.low, d.high),
         theme_words.marks(d),
         "; ".join([*(f"{escape(part.name)} {theme_words.points(part)}" for part in b.parts), *map(escape, b.rare)]))
        for b in contents.broader for d in (b.driver,)
    ]  # fmt: skip
    yield _table(head, rows)


def _segments(contents: Contents) -> Iterator[str]:
    if contents.segments:
        yield "## For whom"
    for view in contents.segments:
        yield _say(words.spread(view) or words.no_spread(view))
        yield _list(map(_say, view.contrasts))
        rows = [
            (escape(v.value), whole(v.n), _score(v.nps),
             "; ".join(f"{escape(d.name)} {signed(d.effect)} {interval(d.low, d.high)}" for d in v.worst) or UNKNOWN)
            for v in view.groups
        ]  # fmt: skip
        yield _table((escape(view.name), "n", "NPS", "Costs most within the group"), rows)


def _score(nps: Nps | None) -> str:
    return f"{plain(nps.score, 0)} {interval(nps.low, nps.high, 0)}" if nps else UNKNOWN


def _periods(contents: Contents) -> Iterator[str]:
    if not contents.periods:
        return
    yield "## Over time"
    yield words.course(contents.periods, contents.periods_differ).replace(MINUS, "-")
    rows = [
        (p.label, whole(p.n) if p.nps else UNKNOWN, _score(p.nps))
        for p in contents.periods
    ]  # fmt: skip
    yield _table(("Period", "Scored", "NPS"), rows)
    yield _list(_say(f"{alert.name}: {alert.said}") for alert in contents.course.alerts)


def _since(contents: Contents) -> Iterator[str]:
    if since := contents.analysis.since:
        yield f"## What changed since {escape(since.source)}"
        yield _list(map(_say, (*since.sentences, *since.warnings)))
        rows = [
            (line.kind, signed(line.points), interval(line.low, line.high, sign=True)) for line in since.lines
        ]  # fmt: skip
        yield _table(("Line", "Points", "95 % interval"), rows)


def _newcomers(contents: Contents) -> Iterator[str]:
    if contents.newcomers:
        yield "## What may be new"
        yield newcomers.lead(contents.newcomers)
    for one in contents.newcomers:
        said = " ".join(newcomers.about(one, contents.options.minimum_group))
        yield f"**{escape(one.theme.name)}.** {_say(said)}"
        yield from (f"> {escape(quote.text)}\n>\n> {escape(words.attribution(quote))}" for quote in one.quotes)


def _plays(contents: Contents) -> Iterator[str]:
    plays, least = play_rows(contents), contents.options.minimum_group
    if not plays:
        return
    yield "## Who gets called"
    yield "Every respondent with a score has one play, the first that fits; `verbatim handoff` lists them for your CRM."
    rows = [
        (escape(play.play), escape(play.whom), f"under {least}" if play.n is None else whole(play.n),
         escape(play.owner or UNKNOWN), escape(play.deadline or UNKNOWN))
        for play in plays
    ]  # fmt: skip
    yield _table(("Play", "For", "Customers", "Owner", "Deadline"), rows)


def _quotes(contents: Contents) -> Iterator[str]:
    if any(contents.quotes.values()):
        yield "## In customers' words"
    for driver in (*contents.pains, *contents.gains):
        quotes = contents.quotes.get(driver.theme_id, ())
        if quotes:
            yield f"**{escape(driver.name)}** ({signed(driver.effect)})".replace(MINUS, "-")
        for quote in quotes:
            yield f"> {escape(quote.text)}\n>\n> {escape(words.attribution(quote))}"
