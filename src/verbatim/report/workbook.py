"""The report as a workbook: every table with typed cells, nothing that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from verbatim.report import method, words
from verbatim.report.contents import Contents
from verbatim.report.formats import clean
from verbatim.report.play_rows import play_rows
from verbatim.report.quotes import large_groups
from verbatim.report.workbook_charts import add_chart
from verbatim.report.workbook_time import over_time_tables

LONGEST_CELL = 32_767  # characters, Excel's own limit
CODED_CELLS = 500_000  # of the coded responses: more make a workbook of tens of megabytes, slow to write and to open
NARROWEST, WIDEST = 9, 60
PERCENTS = ("share", "p_top3", "share_others", "relative_weight", "robustness_value", "benchmark_strength")
POINTS = (
    "nps", "low", "high", "nps_mentioners", "leave_out", "effect_per_mention", "effect", "effect_low", "effect_high",
    "promoters_lost", "detractors_made", "effect_negative", "effect_positive", "effect_negative_if_mood",
    "effect_positive_if_mood", "effect_ordinal", "pooled_per_mention", "pooled_effect", "pooled_low", "pooled_high",
    "effect_others", "difference", "difference_low", "difference_high", "reach_part", "severity_part",
    "pooled_effect_others", "points", "nps_low", "nps_high", "growth_points",
)  # fmt: skip


def write_workbook(contents: Contents, path: Path) -> None:
    """Write report.xlsx: the sheets of `tables`.

    Where there are broader themes, "Broader themes" and "Broader by segment" stand beside the rankings of their parts;
    where effects are refused, "Shares by category" holds what is given instead.

    Numbers keep their full precision and show one decimal; nulls are empty cells; text that looks like a formula or
    an address stays text.
    """
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": clean(contents.title), "comments": words.headline(contents.analysis.drivers.nps)})
        formats = _formats(book)
        for name, table in tables(contents).items():
            sheet = book.add_worksheet(name)
            _write_sheet(sheet, table, formats)
            add_chart(book, sheet, table, contents.options.palette)


def tables(contents: Contents) -> dict[str, pd.DataFrame]:
    """Every sheet as a table, in their order."""
    drivers, minimum = contents.analysis.drivers, contents.options.minimum_group
    scores = drivers.segment_nps[drivers.segment_nps["n"] >= minimum]
    large = pd.MultiIndex.from_frame(scores[["segment", "value"]])
    own = drivers.segments[drivers.segments["n_responses"] >= minimum]
    own = own[pd.MultiIndex.from_frame(own[["segment", "value"]]).isin(large)]
    found = pd.concat([drivers.leaves().query("n_responses >= @minimum"), drivers.coin_toss])
    within = own[own["level"] == drivers.leaf_level]
    ranked = {"Drivers": _with_parents(contents, found), "Segments": _with_parents(contents, within)}
    if contents.broader:
        over = {broader.driver.theme_id for broader in contents.broader}
        ranked |= {"Broader themes": _broader(contents), "Broader by segment": own[own["theme_id"].isin(over)]}
    told = pd.MultiIndex.from_frame(own[["segment", "value", "theme_id"]])
    contrasts = drivers.contrasts
    contrasts = contrasts[pd.MultiIndex.from_frame(contrasts[["segment", "value", "theme_id"]]).isin(told)]
    ranked |= {"Contrasts": contrasts, "Bridges": _bridges(contents)}
    if contents.category_shares:
        ranked["Shares by category"] = _category_shares(contents)
    return {
        "Summary": _summary(contents),
        **ranked,
        "Segment NPS": scores,
        **over_time_tables(contents),
        "Themes": _themes(contents),
        **({"Plays": pd.DataFrame(plays).astype({"n": "Int64"})} if (plays := play_rows(contents)) else {}),
        "Quotes": _quotes(contents),
        "Responses coded": _coded(contents),
    }


def _with_parents(contents: Contents, table: pd.DataFrame) -> pd.DataFrame:
    """Put the name of the broader theme beside each theme, where there are broader themes."""
    if not contents.parent_of:
        return table
    names = {theme_id: parent.name for theme_id, parent in contents.parent_of.items()}
    broader = table["theme_id"].map(names).astype("str")
    return pd.concat([table, broader.rename("broader_theme")], axis=1)


def _broader(contents: Contents) -> pd.DataFrame:
    """Rows of the broader themes in the order of the page, and the names of their parts."""
    parts = {b.driver.theme_id: "; ".join([*(d.name for d in b.parts), *b.rare]) for b in contents.broader}
    rows = contents.analysis.drivers.table.set_index("theme_id", drop=False).loc[list(parts)]
    return rows.assign(parts=list(parts.values())).reset_index(drop=True)


def _bridges(contents: Contents) -> pd.DataFrame:
    """Every line of every bridge, themes by name."""
    drivers = contents.analysis.drivers
    names = dict(zip(drivers.table["theme_id"], drivers.table["name"], strict=True))
    large = set(drivers.table.loc[drivers.table["n_responses"] >= contents.options.minimum_group, "theme_id"])
    rows = [
        (theme_id, names[theme_id], line.source, line.kind, line.points)
        for theme_id, lines in contents.bridges.items() if theme_id in large for line in lines
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["theme_id", "name", "belongs_to", "kind", "points"])


def _category_shares(contents: Contents) -> pd.DataFrame:
    rows = [(row.name, kind, share) for row in contents.category_shares for kind, share in row.shares]
    return pd.DataFrame(rows, columns=["name", "category", "share"])


def _summary(contents: Contents) -> pd.DataFrame:
    drivers = contents.analysis.drivers
    rows: list[tuple[str, object, str]] = [
        ("Title", contents.title, ""),
        ("Headline", words.headline(drivers.nps), ""),
        ("NPS", drivers.nps.score, "points"),
        ("NPS, low end of the 95 % interval", drivers.nps.low, "points"),
        ("NPS, high end of the 95 % interval", drivers.nps.high, "points"),
    ]
    rows += [("Finding", sentence, "") for sentence in words.summary(contents)]
    rows += [("Refused", reason, "") for reason in drivers.refusals]
    rows += [(words.PLURALS[part.category].capitalize(), part.n, "responses") for part in contents.split]
    rows += [(what, n, "rows") for what, n in method.ledger_rows(contents.ledger)]
    rows += [(general.name, general.n, "comments without a subject, not ranked") for general in contents.general]
    rows += [("Base of the regression", drivers.base, "points")]
    rows += [(f"{contents.measure} of the commenters, weighted for silence", drivers.nps_commenters, "points")]
    rows += [("Effective number of commenters (Kish)", drivers.kish_n, "")]
    rows += [
        ("What to know", f"{title}. {text}", "")
        for title, text in method.limits(drivers.n_scored, drivers.n_commenters, contents.measure)
    ]
    rows += [("Note", note, "") for note in (*drivers.notes, *contents.analysis.survey.reading.notes)]
    rows += [("Masking", method.masked(contents.analysis.survey.masked), "")]
    rows += [("Made with", sentence, "") for sentence in method.made_with(contents.analysis.manifest)]
    rows += [(f"Column or word: {term}", meaning, "") for term, meaning in method.GLOSSARY]
    return pd.DataFrame(rows, columns=["item", "value", "unit"])


def _themes(contents: Contents) -> pd.DataFrame:
    """Every theme; of one that too few mention only what names it."""
    quotable, large = (
        contents.options.quotes,
        _large_themes(contents),
    )  # the definition of a found theme quotes comments
    rows = [
        (
            t.theme_id,
            t.name,
            ", ".join(t.keywords),
            t.definition if t.source == "given" or (quotable and t.theme_id in large) else "",
            t.parent_id,
            t.level,
            t.kind,
            t.source,
            t.n_spans if t.theme_id in large else None,
        )
        for t in contents.analysis.themes.themes
    ]
    names = ["theme_id", "name", "keywords", "definition", "parent_id", "level", "kind", "source", "n_spans"]
    return pd.DataFrame(rows, columns=names)


def _large_themes(contents: Contents) -> set[str]:
    """Themes that at least the minimum group mentions."""
    sizes = contents.analysis.mentions.table.groupby("theme_id").size()
    return set(sizes.index[sizes >= contents.options.minimum_group])


def _quotes(contents: Contents) -> pd.DataFrame:
    names = {theme.theme_id: theme.name for theme in contents.analysis.themes.themes}
    rows = [
        (quote.theme_id, names[quote.theme_id], quote.text, quote.text[quote.mark_start : quote.mark_end], quote.score,
         "; ".join(f"{name}: {value}" for name, value in quote.segments), quote.response_id)
        for quotes in contents.quotes.values() for quote in quotes
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["theme_id", "theme", "quote", "span", "score", "segments", "response_id"])


def _coded(contents: Contents) -> pd.DataFrame:
    """One row a response, one 0/1 column a theme; respondents' identifiers and small groups' names stay out.

    A theme that fewer mention than the minimum group has no column. Where ``coded_rows`` cuts the table, its last row
    says so.
    """
    survey, options = contents.analysis.survey, contents.options
    shown = ["response_id", "score", "category", "date", *survey.segments, *(["comment"] if options.quotes else [])]
    people = large_groups(survey.responses, survey.segments, options.minimum_group)
    mentions, large = contents.analysis.mentions.table, _large_themes(contents)
    most = CODED_CELLS // (len(shown) + len(large)) if options.coded_rows is None else options.coded_rows
    responses, n = people[shown].head(most), len(people)
    broader = {parent.theme_id for parent in contents.parent_of.values()}
    coded = {
        theme.theme_id: f"{theme.theme_id} {theme.name}{' (broader)' if theme.theme_id in broader else ''}"
        for theme in contents.analysis.themes.themes
        if theme.theme_id in large
    }
    row = pd.Index(responses["response_id"]).get_indexer(pd.Index(mentions["response_id"]))
    column = pd.Index(list(coded)).get_indexer(pd.Index(mentions["theme_id"]))
    here = (row >= 0) & (column >= 0)
    cells = np.zeros((len(responses), len(coded)), np.int8)
    cells[row[here], column[here]] = 1
    table = pd.concat([responses, pd.DataFrame(cells, responses.index, list(coded.values()))], axis=1)
    if n == len(responses):
        return table
    return pd.concat([table, pd.DataFrame({"response_id": [words.cut_short(len(responses), n)]})], ignore_index=True)


def _formats(book: Any) -> dict[str, Any]:
    top = {"valign": "top"}
    return {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}),
        "text": book.add_format({**top, "text_wrap": True}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"}),
        "percent": book.add_format({**top, "num_format": "0.0%"}),
        "points": book.add_format({**top, "num_format": "+0.0;\u22120.0;0.0"}),
        "number": book.add_format({**top, "num_format": "#,##0.##"}),
        "whole": book.add_format({**top, "num_format": "#,##0"}),
    }


def _write_sheet(sheet: Any, table: pd.DataFrame, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_default_row(15)
    for position, name in enumerate(table.columns):
        cells = table[name].tolist()
        sheet.write_string(0, position, clean(name)[:LONGEST_CELL], formats["head"])
        sheet.set_column(position, position, _column_width(name, cells))
        if pd.api.types.is_numeric_dtype(table[name].dtype) and not pd.api.types.is_bool_dtype(table[name].dtype):
            _write_numbers(sheet, position, table[name], formats)
        else:
            for row, cell in enumerate(cells, start=1):
                _write_cell(sheet, row, position, cell, str(name), formats)
    if len(table.columns):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _column_width(name: object, cells: Sequence[object]) -> float:
    longest = max((len(str(cell)) for cell in cells[:200] if isinstance(cell, str)), default=0)
    return min(max(longest + 2, min(len(str(name)) + 4, 22), NARROWEST), WIDEST)


def _write_numbers(sheet: Any, position: int, column: pd.Series, formats: dict[str, Any]) -> None:
    """Write a column of numbers without asking of each what it is: coded responses are a million cells."""
    name, values = str(column.name), column.to_numpy(dtype=float, na_value=np.nan)
    broken, whole = formats[_number_format(name, 0.5)], formats[_number_format(name, 1.0)]
    for row, value in enumerate(values.tolist(), start=1):
        if isfinite(value):
            sheet.write_number(row, position, value, whole if value.is_integer() else broken)


def _write_cell(sheet: Any, row: int, position: int, cell: object, name: str, formats: dict[str, Any]) -> None:
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, position, clean(cell)[:LONGEST_CELL], formats["text"])
    elif isinstance(cell, bool | np.bool_):
        sheet.write_boolean(row, position, bool(cell), formats["text"])
    elif isinstance(cell, pd.Timestamp):
        sheet.write_datetime(row, position, cell.to_pydatetime().replace(tzinfo=None), formats["date"])
    elif isinstance(cell, int | float | np.number) and np.isfinite(cell):
        sheet.write_number(row, position, float(cell), formats[_number_format(name, float(cell))])


def _number_format(name: str, value: float) -> str:
    if name in PERCENTS:
        return "percent"
    if name in POINTS:
        return "points"
    return "whole" if value.is_integer() else "number"
