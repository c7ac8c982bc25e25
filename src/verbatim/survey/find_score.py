"""Which column holds the answers to "how likely are you to recommend us, 0-10?"."""

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.survey import wording
from verbatim.survey.desk import Desk, found_columns, paste, percent
from verbatim.survey.profile import Profile

STARS = "Star ratings are not NPS scores (0-10) and are not read as such."


def find_score(desk: Desk) -> str:
    """Give the role to the column named in the options, otherwise to the one that looks most like the NPS question.

    Raises
    ------
    ColumnNotFound
        No column holds 0-10 scores, or several do and nothing tells them apart.
    SurveyError
        The column named in the options holds no scores, or stars.
    """
    if named := desk.named("score"):
        _check_named(desk, desk.profiles[named[0]])
        return named[0]
    ranked = sorted(((_points(desk, column), column) for column in desk.free()), key=lambda pair: -pair[0][0])
    best = [(column, why) for (points, why), column in ranked if points > 0 and points == ranked[0][0][0]]
    if len(best) != 1:
        raise ColumnNotFound(_several(desk, [c.name for c, _ in best]) if best else _none(desk))
    column, why = best[0]
    if _one_to_ten(column):
        desk.notes.append(
            f'"{column.name}" holds no 0 among {int(column.scores.sum()):,} scores: check that its scale begins at 0.'
        )
    return desk.give(column.name, "score", f"0-10 in {percent(column.scores.sum() / column.rows)}{why}")


def _points(desk: Desk, column: Profile) -> tuple[int, str]:
    """How much a column looks like the NPS question, 0 for not at all, and the sentence that says why."""
    name = desk.name_of(column)
    says = {
        "name says NPS": 6 * bool(wording.NPS.search(name)),
        "name asks about recommending": 6 * bool(wording.RECOMMEND.search(name)),
        "name says 0-10": 3 * bool(wording.ZERO_TO_TEN.search(name)),
        "name says score": 2 * bool(wording.SCORE.search(name)),
    }
    sure = max(says.values()) >= 6
    if not column.filled or column.score_share < (0.6 if sure else 0.9) or wording.ANY_ID.search(name):
        return 0, ""
    if _stars(column) or (not sure and (_one_to_ten(column) or (not any(says.values()) and _narrow(column)))):
        return 0, ""
    follow = 2 * _asks_why(desk, column)
    points = 1 + sum(says.values()) + follow
    words = [word for word, weight in says.items() if weight][:2] or ["the only such column"]
    return points, "; " + " and ".join(words) + ("; an open question follows it" if follow else "")


def _asks_why(desk: Desk, column: Profile) -> bool:
    """Whether the next column is an open question about the reason."""
    order = list(desk.profiles)
    place = order.index(column.name) + 1
    after = desk.profiles[order[place]] if place < len(order) else None
    return after is not None and after.is_text and after.variety > 0.3 and bool(wording.WHY.search(desk.name_of(after)))


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
    if _stars(column):
        raise SurveyError(
            f"{where} it runs {_range(column)}. {STARS} Recode the stars first, for example 5 to 10, 4 to 8, 1-3 to 3, "
            "and name the new column."
        )
    if _one_to_ten(column):
        desk.notes.append(f'"{column.name}" runs 1-10, never 0: promoters are 9-10, passives 7-8, detractors 1-6.')


def _several(desk: Desk, alike: list[str]) -> str:
    which = ", ".join(f'"{name}"' for name in alike)
    return f"{desk.table.source}: {len(alike)} columns could be the 0-10 score: {which}. {paste('score', alike[0])}"


def _none(desk: Desk) -> str:
    """Say what there is instead: a 1-10 scale, stars, or nothing of the kind."""
    source = desk.table.source
    rated = [column for column in desk.free() if column.score_share >= 0.9]
    rated.sort(key=lambda column: not wording.SCORE.search(desk.name_of(column)))
    if ten := [column for column in rated if _one_to_ten(column) and column.scores.loc[8:].sum()]:
        return (
            f'{source}: no column runs 0-10; "{ten[0].name}" runs 1-10. Promoters would be 9-10, passives 7-8, '
            f"detractors 1-6. If that is what you want: {paste('score', ten[0].name).replace('Name', 'name', 1)}"
        )
    if stars := [column for column in rated if _stars(column) and column.scores.loc[3:].sum()]:
        return (
            f'{source}: no column runs 0-10; "{stars[0].name}" runs {_range(stars[0])}. {STARS} Recode it first, for '
            "example 5 to 10, 4 to 8, 1-3 to 3, and name the new column in verbatim.toml:\n\n"
            '    [survey]\n    score = "..."\n'
        )
    found, line = found_columns(list(desk.profiles)), paste("score", "the column with the 0-10 answers")
    return f"{source}: no column holds 0-10 scores. {found} {line}"


def _range(column: Profile) -> str:
    given = column.scores[column.scores > 0].index
    return f"{given.min()}-{given.max()}"
