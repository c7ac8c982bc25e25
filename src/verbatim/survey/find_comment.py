"""Which columns hold the answers to "why?"."""

from verbatim.errors import ColumnNotFound
from verbatim.survey import wording
from verbatim.survey.desk import Desk, found_columns, paste
from verbatim.survey.profile import Profile


def find_comments(desk: Desk, score: str) -> tuple[str, ...]:
    """Give the role to the columns named in the options, otherwise to the likeliest one and others named alike.

    Raises ColumnNotFound where no column holds open answers.
    """
    if desk.options.comment is not None:
        return tuple(dict.fromkeys(desk.resolve(name, "comment") for name in desk.options.comments()))
    ranked = [(*_comment_points(desk, column, score), column) for column in desk.free()]
    ranked = [(points, why, column) for points, why, column in ranked if points > 0]
    if not ranked:
        raise ColumnNotFound(
            f"{desk.table.source}: no column holds open answers. {found_columns(desk)} "
            f"{paste('comment', 'the column with the open answers')}"
        )
    ranked.sort(key=lambda entry: (-entry[0], -entry[2].words))
    first = ranked[0][2]
    chosen = [first.name]
    desk.give(first.name, "comment", f"text, {first.words:.0f} words on average{ranked[0][1]}")
    for _, why, column in ranked[1:]:
        if (
            wording.COMMENT.search(desk.name_of(column))
            and column.words >= 2
            and not _copies(desk, chosen, column.name)
        ):
            chosen.append(desk.give(column.name, "comment", f"text, {column.words:.0f} words on average{why}"))
    for column in desk.free():
        if _asked_of_others(desk, column, chosen):
            why = "open answers where the other open questions have none"
            chosen.append(desk.give(column.name, "comment", f"text, {column.words:.0f} words on average; {why}"))
    return tuple(name for name in desk.profiles if name in chosen)


def _comment_points(desk: Desk, column: Profile, score: str) -> tuple[float, str]:
    name, order = desk.name_of(column), list(desk.profiles)
    if desk.hints.get("comment") == column.name:
        return 20, "; the survey tool's field for the comment"
    called = wording.COMMENT.search(name)
    texty = wording.TEXT.search(name)
    follows = order.index(column.name) == order.index(score) + 1
    open_text = (column.words >= 3 and column.variety > 0.3) or (column.words >= 1.5 and column.variety > 0.6)
    if not column.is_text or wording.CONTACT.search(name) or not (open_text or (called and column.variety > 0.1)):
        return 0, ""
    why = f"; name says {(called or texty)[0]}" if called or texty else ""  # type: ignore[index]
    points = 4 * bool(called) + 2 * bool(texty) + 2 * follows + min(column.words / 5, 2) + column.variety
    return points, why + ("; next to the score" if follows else "")


def _asked_of_others(desk: Desk, column: Profile, chosen: list[str]) -> bool:
    """Whether a column holds open answers of those who were not asked what is read already: a routed question."""
    if not column.is_text or column.words < 2.5 or column.variety < 0.6 or column.filled < 10:
        return False
    if wording.CONTACT.search(desk.name_of(column)) or wording.ANY_ID.search(desk.name_of(column)):
        return False
    cells = desk.table.cells
    filled = cells[column.name].str.strip().ne("")
    spoke = (cells.loc[filled, chosen].apply(lambda answers: answers.str.strip()) != "").any(axis=1)
    return bool(spoke.mean() <= 0.02 and filled.sum() < 0.95 * len(cells))


def _copies(desk: Desk, chosen: list[str], name: str) -> bool:
    """Whether a column mostly repeats text that is read already."""
    cells = desk.table.cells
    other = cells[name].str.strip()
    filled = other.ne("")
    for before in chosen:
        pairs = zip(other[filled], cells.loc[filled, before].str.strip(), strict=True)
        if sum(b != "" and (a in b or b in a) for a, b in pairs) > 0.2 * filled.sum():
            return True
    return False
