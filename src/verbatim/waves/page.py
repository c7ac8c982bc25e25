"""compare.html: one page, no script, no request, every foreign text escaped, in the report's own style."""

from __future__ import annotations

from importlib.resources import files

from verbatim.change import words
from verbatim.report import formats, newcomers
from verbatim.report.page import content_policy, page_asset
from verbatim.report.waterfall import waterfall
from verbatim.report.words import attribution
from verbatim.waves.chart import waterfall_bars
from verbatim.waves.compare import Comparison
from verbatim.waves.outcomes import Outcomes
from verbatim.waves.tracker import Tracker

SHOWN = 12


def render_comparison(comparison: Comparison, outcomes: Outcomes | None = None, tracker: Tracker | None = None) -> str:
    """Write compare.html.

    Its Content-Security-Policy allows the one style sheet inside, by hash, and nothing else.
    """
    import jinja2
    from markupsafe import Markup

    style = page_asset("style.css")
    env = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    env.filters.update(name=formats.label, minus=formats.with_minus)
    source = files("verbatim.waves").joinpath("compare.html").read_text(encoding="utf-8")
    themes = comparison.themes
    themes = themes.reindex(themes["effect_change"].abs().sort_values(ascending=False, kind="stable").index)
    page = env.from_string(source).render(
        c=comparison,
        style=Markup(style),
        policy=content_policy(style),
        chart=waterfall(waterfall_bars(comparison)),
        svg=Markup,
        formats=formats,
        explain=words.explain,
        summary=list(comparison.summary.itertuples()),
        themes=list(themes.itertuples()),
        shown=SHOWN,
        columns=list(comparison.who.columns.itertuples()),
        comments=list(comparison.who.comments.itertuples()),
        rates=list(comparison.who.rates.itertuples()),
        outcomes=outcomes,
        new=newcomers,
        attribution=attribution,
        waves=list(tracker.waves.itertuples()) if tracker else [],
        rows=_rows(tracker) if tracker else [],
        alerts=list(tracker.alerts["sentence"]) if tracker else [],
    )
    return formats.clean(page)


def _rows(tracker: Tracker) -> list[tuple[str, list[dict[str, object] | None]]]:
    """Each theme with its cell in every wave; the commonest of the last wave first."""
    last = tracker.table.drop_duplicates("theme_id", keep="last").sort_values("share", ascending=False)
    cells = {(row["wave"], row["theme_id"]): row for row in tracker.table.to_dict("records")}
    waves = tracker.waves["wave"].tolist()
    return [
        (row["name"], [cells.get((wave, row["theme_id"])) for wave in waves])  # type: ignore[misc]
        for row in last.to_dict("records")
    ]
