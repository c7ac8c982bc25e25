"""Results as a notebook shows them: the sentence, then the table. Every text is escaped."""

from __future__ import annotations

from functools import singledispatch
from html import escape

import pandas as pd

from verbatim.drivers.planning.what_if import WhatIf
from verbatim.nps import Nps
from verbatim.records import Analysis, Drivers
from verbatim.themes.model import ThemeModel
from verbatim.waves.compare import Comparison

_ROWS = 12
_EFFECTS = {"effect": "{:+.1f}", "effect_low": "{:+.1f}", "effect_high": "{:+.1f}", "share": "{:.1%}", "rank": "{:.0f}"}


def html_of(result: object) -> str:
    """Return a result as HTML: its sentences as paragraphs, its table with at most twelve rows.

    Examples
    --------
    >>> page(["1 < 2"], pd.DataFrame({"name": ["<b>"]}), {})  # doctest: +ELLIPSIS
    '<p>1 &lt; 2</p>...<td>&lt;b&gt;</td>...'
    """
    sentences, table, forms = _content(result)
    return page(sentences, table, forms)


def page(sentences: list[str], table: pd.DataFrame, forms: dict[str, str]) -> str:
    """Escape and join; numbers of the columns named in ``forms`` are written so, nulls left blank."""
    shown = table.head(_ROWS)
    cells = pd.DataFrame({name: [cell(value, forms.get(str(name), "{}")) for value in shown[name]] for name in shown})
    paragraphs = [f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence]
    rest = [f"<p>{len(table) - len(shown)} more rows.</p>"] if len(table) > len(shown) else []
    return "\n".join([*paragraphs, cells.to_html(index=False, border=0, escape=True), *rest])


def cell(value: object, form: str) -> str:
    """Write a value in a form such as "{:.1f}"; null is empty.

    Examples
    --------
    >>> cell(1.25, "{:+.1f}"), cell(None, "{:.0f}")
    ('+1.2', '')
    """
    return "" if pd.isna(value) else form.format(value)  # type: ignore[call-overload]


def _read_nps(nps: Nps) -> str:
    return f"NPS {nps.score:+.1f} [{nps.low:+.1f}, {nps.high:+.1f}] from {nps.n:,} scored responses."


@singledispatch
def _content(result: object) -> tuple[list[str], pd.DataFrame, dict[str, str]]:
    raise TypeError(f"{type(result).__name__} has no form for notebooks.")


@_content.register
def _(result: Drivers) -> tuple[list[str], pd.DataFrame, dict[str, str]]:
    ranked = result.leaves().sort_values("rank", na_position="last")
    columns = ["rank", "theme_id", "name", "n_responses", "share", "effect", "effect_low", "effect_high", "above_noise"]
    marked = int(ranked["above_noise"].eq(True).sum())
    said = (
        f"{marked} of {int(ranked['rank'].notna().sum())} ranked themes are beyond chance, all tested together. "
        "Effects in NPS points with 95 % intervals; rank 1 is the most harmful."
    )
    return [_read_nps(result.nps), *(result.refusals or (said,))], ranked[columns], _EFFECTS


@_content.register
def _(result: Analysis) -> tuple[list[str], pd.DataFrame, dict[str, str]]:
    sentences, table, forms = _content(result.drivers)
    read = (
        f"{result.survey.reading.source}: {len(result.survey.responses):,} responses, "
        f"{result.spans.table['response_id'].nunique():,} with words, {len(result.themes.themes)} themes."
    )
    return [read, *sentences], table, forms


@_content.register
def _(result: ThemeModel) -> tuple[list[str], pd.DataFrame, dict[str, str]]:
    rows = [
        (theme.theme_id, theme.name, theme.parent_id, theme.n_spans, ", ".join(theme.keywords))
        for theme in result.themes
    ]
    table = pd.DataFrame(rows, columns=["theme_id", "name", "parent_id", "n_spans", "keywords"])
    edited = f"{len(result.history)} edits, {len(result.retired)} retired"
    return [f"{len(rows)} themes, {edited}; encoder {result.encoder.name}."], table, {}


@_content.register
def _(result: WhatIf) -> tuple[list[str], pd.DataFrame, dict[str, str]]:
    points = {"points": "{:+.1f}", "low": "{:+.1f}", "high": "{:+.1f}"}
    shares = {"change": "{:+.0%}", "share_before": "{:.1%}", "share_after": "{:.1%}"}
    return [result.sentence, *result.warnings], result.table, points | shares


@_content.register
def _(result: Comparison) -> tuple[list[str], pd.DataFrame, dict[str, str]]:
    points = {"points": "{:+.1f}", "low": "{:+.1f}", "high": "{:+.1f}"}
    return list(result.sentences), result.summary, points
