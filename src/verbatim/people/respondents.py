"""What a run says of each respondent: category, main pain point, main praise, by their latest scored response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from verbatim.records import Analysis, Theme

PLAIN_TONE = 0.1  # a mention nearer to 0 than this is neither praise nor complaint, as in `n_negative` of the drivers
_FOUND = ("pain_id", "pain_point", "pain_effect", "praise_id", "praise")


@dataclass(frozen=True, slots=True, eq=False)
class Respondents:
    """One row a respondent.

    Attributes
    ----------
    table : DataFrame
        Indexed by ``respondent_id``: ``response_id, score, category, date, comment`` (masked) of the latest scored
        response, then ``pain_id, pain_point, pain_effect, praise_id, praise``, and ``themes``, a tuple of
        the names of the subjects spoken of; null where there is none, as the category is without a score.
    themes : tuple of Theme
        The themes of the run.
    segments : DataFrame
        The segment columns, row for row with ``table``.
    """

    table: pd.DataFrame
    themes: tuple[Theme, ...]
    segments: pd.DataFrame

    def themes_called(self, wanted: str) -> set[str]:
        """Ids of the themes with this id or name, and of the parts of a broader theme."""
        said = wanted.strip().casefold()
        own = {theme.theme_id for theme in self.themes if said in (theme.theme_id.casefold(), theme.name.casefold())}
        return own | {theme.theme_id for theme in self.themes if theme.parent_id in own}

    def segment(self, name: str) -> pd.Series:
        """Values of a segment, null everywhere where there is no such segment."""
        if name in self.segments:
            return self.segments[name]
        return pd.Series(None, index=self.segments.index, dtype="str")


def respondents(analysis: Analysis) -> Respondents:
    """Gather what the run says of each respondent.

    The main pain point is the theme of the response with the most harmful effect among those that lower the NPS and
    are not praised in it; the main praise the one with the best effect among those that raise it and are not
    complained of. General praise and complaint are neither.
    """
    survey, themes = analysis.survey, analysis.themes.themes
    responses = survey.responses
    ordered = responses.assign(scored=responses["score"].notna()).sort_values(
        ["scored", "date", "response_id"], na_position="first", kind="stable"
    )
    latest = ordered.drop_duplicates("respondent_id", keep="last").set_index("respondent_id").sort_index()
    said = _subjects(analysis, themes)
    found = _main(said).reindex(latest["response_id"]).set_axis(latest.index)
    names = said.sort_values(["response_id", "theme_id"]).groupby("response_id")["name"].agg(tuple)
    kept = latest[["response_id", "score", "category", "date", "comment"]]
    table = pd.concat([kept, found], axis=1).assign(themes=latest["response_id"].map(names))
    return Respondents(table, themes, latest[list(survey.segments)])


def _subjects(analysis: Analysis, themes: Sequence[Theme]) -> pd.DataFrame:
    """Mentions of subjects at the level of the found themes, with names and effects."""
    broader = {theme.parent_id for theme in themes}
    subjects = {
        theme.theme_id: theme.name for theme in themes if theme.kind == "subject" and theme.theme_id not in broader
    }
    mentions = analysis.mentions.table
    mentions = mentions[mentions["theme_id"].isin(list(subjects))]
    effects = analysis.drivers.leaves().set_index("theme_id")["effect"].astype(float)
    return mentions.assign(
        name=mentions["theme_id"].map(subjects).astype("str"), effect=mentions["theme_id"].map(effects).astype(float)
    )


def _main(said: pd.DataFrame) -> pd.DataFrame:
    pains = said[said["effect"].lt(0) & said["sentiment"].le(PLAIN_TONE)]
    gains = said[said["effect"].gt(0) & said["sentiment"].ge(-PLAIN_TONE)]
    worst = pains.sort_values(["effect", "theme_id"]).drop_duplicates("response_id").set_index("response_id")
    best = gains.sort_values(["effect", "theme_id"], ascending=[False, True]).drop_duplicates("response_id")
    best = best.set_index("response_id")
    worst = worst.rename(columns={"theme_id": "pain_id", "name": "pain_point", "effect": "pain_effect"})
    best = best.rename(columns={"theme_id": "praise_id", "name": "praise"})
    joined = worst[["pain_id", "pain_point", "pain_effect"]].join(best[["praise_id", "praise"]], how="outer")
    return joined[list(_FOUND)]
