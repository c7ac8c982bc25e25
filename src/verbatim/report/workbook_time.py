"""Sheets of the workbook that speak of time."""

from __future__ import annotations

import pandas as pd

from verbatim.report.contents import Contents


def over_time_tables(contents: Contents) -> dict[str, pd.DataFrame]:
    """Trends and alerts, what changed since an earlier wave, and what may be new, where there is any."""
    course, since = contents.analysis.over_time, contents.analysis.since
    found: dict[str, pd.DataFrame] = {}
    if course is not None:
        large = course.trends["theme_id"].isna() | course.trends["theme_id"].isin([*contents.course.themes])
        found["Trends"] = course.trends[large & (course.trends["n"] >= contents.options.minimum_group)]
    if contents.course.alerts:
        found["Alerts"] = pd.DataFrame(contents.course.alerts)
    if since is not None:
        found["What changed"] = pd.DataFrame(since.lines)
    if contents.newcomers:
        new = pd.DataFrame([one.theme for one in contents.newcomers]).drop(columns=["spans", "quotes"])
        found["May be new"] = new.assign(keywords=[", ".join(words) for words in new["keywords"]])
    return found
