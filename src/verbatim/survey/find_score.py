"""Which column holds the answers to "how likely are you to recommend us, 0-10?"."""

from typing import NamedTuple

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.survey import wording
from verbatim.survey.desk import Desk, found_columns, option_line, paste, percent, toml_lines
from verbatim.survey.profile import Profile

STARS = "Star ratings are not NPS scores (0-10) and are not read as such."
CLEAR = 2
"""Points by which one column must lead; less is an ambiguity, and the user is asked."""
BY_THE_TOOL = 20


class Claim(NamedTuple):
    """How much a column looks like the NPS question, 0 for not at all, and the sentence that says why."""

    points: int
    why: str
    column: Profile


def find_score(desk: Desk) -> str:
    """Give the role to the column named in the options, otherwise to the one that looks most like the NPS question.

    What speaks for a column: the survey tool's own field, a wording about recommending or NPS, "0-10", an open
    question after it (asking why, more), coming first among the ratings, answers spread as NPS answers are. The best
    must lead by 2 points.

    Raises
    ------
    ColumnNotFound
        No column holds 0-10 scores, or several do and nothing tells them apart for certain.
    SurveyError
        The column named in the options holds no scores, or stars; or the tool's ratings are not 0-10 at all.
    """
    if named := desk.named("score"):
        _check_named(desk, desk.profiles[named[0]])
        return named[0]
    if desk.table.tool is not None and desk.table.tool.refusal:
        raise SurveyError(
            f"{desk.table.source}: {desk.table.tool.refusal} in verbatim.toml:\n\n"
            + toml_lines([option_line("score", "the column with the 0-10 answers")])
        )
    claims = sorted(_claims(desk), key=lambda claim: -claim.points)
    if not claims:
        raise ColumnNotFound(_none(desk))
    best = claims[0]
    if close := [claim for claim in claims[1:] if claim.points > best.points - CLEAR]:
        raise ColumnNotFound(_several(desk, [best, *close]))
    column = best.column
    if _one_to_ten(column) and desk.options.scale is None:
        desk.notes.append(
            f'"{column.name}" holds no 0 among {int(column.scores.sum()):,} scores: check that its scale begins at 0.'
        )
    beaten = f"; ahead of {len(claims) - 1} other 0-10 question{'s' * (len(claims) > 2)}" if len(claims) > 1 else ""
    scale = desk.options.scale or "0-10"
    return desk.give(column.name, "score", f"{scale} in {percent(column.scores.sum() / column.rows)}{best.why}{beaten}")


def _claims(desk: Desk) -> list[Claim]:
    """Every column that may be the NPS question, in the order of the file."""
    found: list[Claim] = []
    for column in desk.free():
        points, why = _points(desk, column, first=not found)
        if points:
            found.append(Claim(points, why, column))
    return found


def _points(desk: Desk, column: Profile, first: bool) -> tuple[int, str]:
    name = desk.name_of(column)
    by_the_tool = desk.hints.get("score") == column.name
    says = {
        "the survey tool's field for the score": BY_THE_TOOL * by_the_tool,
        "name says NPS": 6 * bool(wording.NPS.search(name)),
        "name asks about recommending": 6 * bool(wording.RECOMMEND.search(name)),
        "name says 0-10": 3 * bool(wording.ZERO_TO_TEN.search(name)),
        "name says score": 2 * bool(wording.SCORE.search(name)),
    }
    if not _may_be(desk, column, sure=max(says.values()) >= 6, told=any(says.values())):
        return 0, ""
    asks_why, is_followed = _followed(desk, column)
    points = 1 + sum(says.values()) + 2 * asks_why + (is_followed or asks_why) + first + _spread_like_nps(column)
    words = [word for word, weight in says.items() if weight][:2] or ["the only such column"]
    after = "; an open question follows it" if asks_why or is_followed else ""
    return points, "; " + " and ".join(words) + after


def _may_be(desk: Desk, column: Profile, sure: bool, told: bool) -> bool:
    """Whether the answers can be on the scale at all: 0-10, or the one that the options name."""
    if not column.filled or column.score_share < (0.6 if sure else 0.9) or wording.ANY_ID.search(desk.name_of(column)):
        return False
    if desk.options.scale == "1-5":
        return bool(column.scores.loc[6:].sum() == 0 and column.scores[0] == 0 and (told or column.scores[5] > 0))
    if desk.options.scale == "1-10":
        return bool(column.scores[0] == 0 and (told or not _narrow(column)))
    if _stars(column) and desk.options.scale is None:
        return False
    return sure or not (_one_to_ten(column) or (not told and _narrow(column)))


def _followed(desk: Desk, column: Profile) -> tuple[bool, bool]:
    """Whether the next column is an open question about the reason, and whether it is an open question at all."""
    order = list(desk.profiles)
    place = order.index(column.name) + 1
    after = desk.profiles[order[place]] if place < len(order) else None
    if after is None or not after.is_text or after.variety <= 0.3:
        return False, False
    return bool(wording.WHY.search(desk.name_of(after))), after.words >= 3


def _spread_like_nps(column: Profile) -> bool:
    """Whether all three categories are used, and at least eight of the eleven answers."""
    counts = column.scores
    parts = counts.loc[:6].sum(), counts.loc[7:8].sum(), counts.loc[9:].sum()
    return bool(min(parts) > 0 and (counts > 0).sum() >= 8)


def _stars(column: Profile) -> bool:
    """Whether a column runs 1-5, 1-7, 0-5 or 0-1 rather than 0-10: nothing from 8 up in 20 rows or more."""
    counts = column.scores
    return bool(counts.sum() >= 20 and counts.loc[8:].sum() == 0 and (counts[0] == 0 or counts.loc[6:].sum() == 0))


def _one_to_ten(column: Profile) -> bool:
    return bool(column.scores[0] == 0 and column.scores[1] >= 10)


def _narrow(column: Profile) -> bool:
    """Whether numbers within 0-10 might be anything: a count, a code."""
    used = column.scores > 0
    return bool(used.sum() < 6 or not used.loc[7:].any() or column.scores.loc[6:].sum() < 0.1 * column.scores.sum())


def _check_named(desk: Desk, column: Profile) -> None:
    where = f'{desk.table.source}: survey.score names "{column.name}", but'
    if column.score_share < 0.1:
        found = f"only {100 * column.score_share:.1f} %" if column.score_share else "none"
        raise SurveyError(f"{where} {found} of its cells are numbers from 0 to 10. Name the column with the scores.")
    if desk.options.scale is not None:
        return
    if _stars(column):
        raise SurveyError(f"{where} it runs {_range(column)}. {STARS} {_declare(column)}")
    if _one_to_ten(column):
        desk.notes.append(f'"{column.name}" runs 1-10, never 0: promoters are 9-10, passives 7-8, detractors 1-6.')


def _declare(column: Profile) -> str:
    """What to do about a scale that is not 0-10: declare it where it can be read, otherwise recode it."""
    named = option_line("score", column.name)
    if _range(column) in ("1-5", "2-5", "3-5", "1-4"):
        return (
            "If that scale is what you want, 5 is read as 10 (promoter), 4 as 8 (passive), 3-1 as 6-2 (detractors):\n\n"
            + toml_lines([named, option_line("scale", "1-5")])
        )
    return (
        "Recode them first, so that the best answers become 9-10 and the middling ones 7-8, and name the new column; "
        "if the scale is 0-10 and nobody gave more, say so:\n\n" + toml_lines([named, option_line("scale", "0-10")])
    )


def _several(desk: Desk, close: list[Claim]) -> str:
    """Ask which: every candidate with what speaks for it, and a line for each."""
    names = [claim.column.name for claim in close]
    which = ", ".join(f'"{name}"' for name in names[:12])
    reasons = "".join(
        f'\n  "{claim.column.name}": {percent(claim.column.scores.sum() / claim.column.rows)}'
        + (claim.why if claim.why != "; the only such column" else "; nothing in its name tells")
        for claim in close[:12]
    )
    return (
        f"{desk.table.source}: {len(close)} columns could be the 0-10 score: {which}. Nothing tells for certain which "
        f"is the NPS question:{reasons}\n{paste('score', *names[:12])}"
    )


def _none(desk: Desk) -> str:
    """Say what there is instead: a 1-10 scale, stars, or nothing of the kind."""
    source = desk.table.source
    rated = [column for column in desk.free() if column.score_share >= 0.9]
    rated.sort(key=lambda column: not wording.SCORE.search(desk.name_of(column)))
    if ten := [column for column in rated if _one_to_ten(column) and column.scores.loc[8:].sum()]:
        return (
            f'{source}: no column runs 0-10; "{ten[0].name}" runs 1-10. Promoters would be 9-10, passives 7-8, '
            "detractors 1-6. If that is what you want, write in verbatim.toml:\n\n"
            + toml_lines([option_line("score", ten[0].name), option_line("scale", "1-10")])
        )
    if stars := [column for column in rated if _stars(column) and column.scores.loc[3:].sum()]:
        return f'{source}: no column runs 0-10; "{stars[0].name}" runs {_range(stars[0])}. {STARS} {_declare(stars[0])}'
    found, line = found_columns(desk), paste("score", "the column with the 0-10 answers")
    return f"{source}: no column holds 0-10 scores. {found} {line}"


def _range(column: Profile) -> str:
    given = column.scores[column.scores > 0].index
    return f"{given.min()}-{given.max()}"
