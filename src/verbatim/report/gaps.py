"""What a survey cannot tell, and why: gathered in one place, so that no reader has to infer it from what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verbatim.report.contents import Contents, SegmentView
from verbatim.report.formats import count, label, listed, named, whole
from verbatim.report.rows import Driver
from verbatim.report.theme_words import named_and_counted

RARE_NAMED = 6


@dataclass(frozen=True, slots=True)
class Gap:
    """A question the survey leaves open, why, and what would close it ("" where nothing in a survey would)."""

    question: str
    why: str
    remedy: str = ""


def gaps(contents: Contents) -> list[Gap]:
    """Name what cannot be told, what is particular to this survey first.

    Parameters
    ----------
    contents : Contents
        What the reports show.
    """
    found = [*_refused(contents), *_order(contents), *_noise(contents), *_rare(contents), *_groups(contents)]
    return [*found, *_course(contents), *_silent(contents), *_unread(contents), *_always()]


def _refused(contents: Contents) -> Iterator[Gap]:
    refusals = contents.analysis.drivers.refusals
    if refusals:
        yield Gap("What any theme costs", " ".join(label(reason) for reason in refusals), "Ask everyone one question.")


def _order(contents: Contents) -> Iterator[Gap]:
    first = [d for d in contents.pains if d.rank_low == 1]
    if len(first) > 1:
        names = _names(first)
        yield Gap(
            "Which theme costs most",
            f"{names} are tied: the data allow any of them the first rank.",
            "More responses; verbatim power --run says how many.",
        )


def _noise(contents: Contents) -> Iterator[Gap]:
    unsure = [d for d in contents.pains if not d.above_noise]
    if unsure:
        whether = "Whether it costs" if len(contents.pains) == 1 else f"Whether {len(unsure)} of the pain points cost"
        yield Gap(
            f"{whether} anything at all",
            f"{_names(unsure)} could be chance in a test over all ranked themes together.",
            "More comments, or a question that asks about them.",
        )


def _names(drivers: list[Driver]) -> str:
    said = named_and_counted([named(d.name) for d in drivers])
    return said[0].upper() + said[1:]


def _rare(contents: Contents) -> Iterator[Gap]:
    drivers, themes = contents.analysis.drivers, contents.analysis.themes.themes
    broader = {theme.parent_id for theme in themes}
    ranked = set(drivers.table.loc[drivers.table["rank"].notna(), "theme_id"])
    rare = [t.name for t in themes if t.kind == "subject" and t.theme_id not in ranked | broader]
    if rare and not drivers.refusals:
        more = [count(len(rare) - RARE_NAMED, "other")] if len(rare) > RARE_NAMED else []
        yield Gap(
            f"What {count(len(rare), 'rare theme')} cost{'s' if len(rare) == 1 else ''}",
            f"Too few customers raise {listed([*(named(name) for name in rare[:RARE_NAMED]), *more])} for figures of "
            "their own; they are counted together.",
            "More responses, or merging like themes in the codebook.",
        )


def _groups(contents: Contents) -> Iterator[Gap]:
    minimum = contents.options.minimum_group
    if not contents.segments:
        yield Gap(
            "Which customers it hits harder",
            "The survey has no column that groups customers.",
            "Add one, such as plan.",
        )
    for view in contents.segments:
        if view.hidden:
            yield Gap(
                f"How {count(view.hidden, 'group')} of {label(view.name)} score{'s' if view.hidden == 1 else ''}",
                f"Fewer than {minimum} responses each: to show them would single people out.",
            )
        yield from _unranked_groups(view)
        if not view.differ and len([v for v in view.groups if v.nps]) > 1:
            yield Gap(
                f"Whether the groups of {label(view.name)} differ in NPS",
                "Their intervals allow no difference beyond chance.",
                "More responses.",
            )


def _unranked_groups(view: SegmentView) -> Iterator[Gap]:
    few = [group for group in view.groups if not group.effects]
    if few and len(few) < len(view.groups):
        names = listed([f"{label(group.value)} (n = {whole(group.n)})" for group in few])
        yield Gap(
            f"What costs most for {names}",
            "Too few comments for a ranking of their own; their scores and comments count in the whole.",
            "More responses from them.",
        )


def _course(contents: Contents) -> Iterator[Gap]:
    if not contents.periods:
        yield Gap("Whether it is getting better", "The responses hold no dates over two periods.", "Export the date.")
    elif not contents.periods_differ:
        yield Gap("Whether it is getting better", "The periods differ no more than chance would make them.")
    if not contents.analysis.drivers.refusals:
        yield Gap(
            "Whether a theme grew or shrank",
            "This report reads one wave.",
            "Run the next wave with this run as its model and compare the two.",
        )


def _silent(contents: Contents) -> Iterator[Gap]:
    drivers = contents.analysis.drivers
    silent = drivers.n_scored - drivers.n_commenters
    if silent > 0:
        yield Gap(
            f"What {count(silent, 'silent customer')} had in mind",
            f"{whole(silent)} of {count(drivers.n_scored, 'scored response')} came without words on any subject. They "
            "are taken to resemble commenters of the same score category and segment.",
        )
    yield Gap("What those who never answered think", "They are in no figure of this report.", "Compare who answers.")


def _unread(contents: Contents) -> Iterator[Gap]:
    ledger = contents.ledger
    without = ledger.with_comment - ledger.with_theme
    if without > 0:
        yield Gap(
            f"What {count(without, 'comment')} would add",
            f"No theme was found in {whole(without)} of {count(ledger.with_comment, 'comment')}: too short, or about "
            "something too few others raise.",
        )
    yield Gap(
        "How often a comment was put under the wrong theme",
        "No comments of this run were coded by hand to compare with.",
        "Code a random sample by hand: from about 600 comments on, effects can be corrected.",
    )


def _always() -> Iterator[Gap]:
    yield Gap(
        "What fixing a theme would bring",
        "Effects are associations: they say how mentions and scores go together, not what a change would cause.",
        "A trial: fix it for some customers and compare.",
    )
    yield Gap(
        "How many customers met a problem",
        "A comment shows what was on a customer's mind. Others may have met the same and written of something else.",
        "Count it where it happens: tickets, visits, invoices.",
    )
