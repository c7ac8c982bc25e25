"""compare.md: the comparison as text to paste."""

from __future__ import annotations

import pandas as pd

from verbatim.report.formats import interval, label, percent, signed
from verbatim.report.newcomers import about
from verbatim.waves.compare import Comparison
from verbatim.waves.outcomes import Outcomes


def render_markdown(comparison: Comparison, outcomes: Outcomes | None = None) -> str:
    """Write the comparison in Markdown: sentences, the lines by kind, the themes, who answered, notes."""
    c = comparison
    parts = [
        "# What moved the NPS",
        c.sentences[0],
        *(f"**{_text(warning)}**" for warning in c.who.warnings),
        "\n".join(f"- {_text(sentence)}" for sentence in c.sentences[1:]),
        "## The account",
        _table(
            ["line", "points", "95 % interval"],
            [
                (r["kind"], signed(r["points"]), interval(r["low"], r["high"], sign=True))
                for r in c.summary.to_dict("records")
            ],
        ),
        "## Theme by theme",
        _table(["theme", "share", "then", "effect", "then", "change of effect", "moved"], _themes(c.themes)),
        *(["## Who was asked", "\n".join(f"- {_text(s)}" for s in c.who.sentences)] if c.who.sentences else []),
        *(["## What may be new", "\n".join(f"- {_text(one.theme.name)}: {_text(' '.join(about(one)))}"
                                          for one in c.newcomers)] if c.newcomers else []),
        *(["## Goals and actions", "\n".join(f"- {_text(s)}" for s in outcomes.sentences())]
          if outcomes and outcomes.sentences() else []),
        "## What to know",
        "\n".join(f"- {_text(note)}" for note in c.notes),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _themes(themes: pd.DataFrame) -> list[tuple[str, ...]]:
    order = themes["effect_change"].abs().sort_values(ascending=False, kind="stable").index
    return [
        (
            _text(t["name"]) + ("" if t["status"] == "in both" else f" ({t['status']})"),
            percent(t["share_before"]), percent(t["share_after"]),
            signed(t["effect_before"]), signed(t["effect_after"]),
            f"{signed(t['effect_change'])} {interval(t['effect_change_low'], t['effect_change_high'], sign=True)}",
            "yes" if t["share_moved"] or t["effect_moved"] else "",
        )
        for t in themes.loc[order].to_dict("records")
    ]  # fmt: skip


def _table(heads: list[str], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(cells) + " |" for cells in rows)])


def _text(text: object) -> str:
    """Foreign text in one line that Markdown shows as it is."""
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]<>#|" and letter not in "[]" else letter for letter in label(text)
    )
