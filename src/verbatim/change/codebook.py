"""What another codebook does to the themes of one wave, whose NPS stays what it is."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

import pandas as pd

from verbatim.change.ledger import CODEBOOK, LINE_COLUMNS, REST, account_for_change
from verbatim.change.options import ChangeOptions
from verbatim.change.wave import Wave
from verbatim.nps import Z95

NO_THEME = "not in any theme"


def codebook_lines(
    before: Wave, after: Wave, alike: Set[str], named: tuple[str, str], options: ChangeOptions | None = None
) -> pd.DataFrame:
    """Lines (`LINE_COLUMNS`) of one wave coded by two codebooks; they sum to zero.

    Each theme's line is its effect by the second codebook less that by the first; the last line is what went into or
    out of all themes together. Responses are tied to themselves, so that the intervals are those of a difference.

    Parameters
    ----------
    before, after : Wave
        The same responses, read with the same label.
    alike : set of str
        Theme ids that mean the same in both codebooks; others get the prefix of their codebook.
    named : (str, str)
        Prefixes of the two codebooks.
    """
    moved = account_for_change(_apart(before, alike, named[0]), _apart(after, alike, named[1]), options)
    rows = moved.themes[["theme_id", "name", "effect_change", "effect_change_low", "effect_change_high"]]
    rows = rows.set_axis(["theme_id", "name", "points", "low", "high"], axis=1)
    left, half = -float(rows["points"].sum()), Z95 * max(float(moved.effect_covariance.sum()), 0.0) ** 0.5
    rest = pd.DataFrame([{"name": NO_THEME, "points": left, "low": left - half, "high": left + half}])
    return _typed(pd.concat([rows, rest], ignore_index=True).assign(kind=CODEBOOK))


def no_codebook_line() -> pd.DataFrame:
    """Return the one line, 0, of waves that were coded alike."""
    return _typed(pd.DataFrame([{"kind": CODEBOOK, "points": 0.0, "low": 0.0, "high": 0.0}]))


def with_codebook(lines: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Put the codebook's lines before the unexplained one."""
    rest = lines["kind"] == REST
    return pd.concat([lines[~rest], codebook, lines[rest]], ignore_index=True)


def _apart(wave: Wave, alike: Set[str], whose: str) -> Wave:
    """Give themes that are not the same in both codebooks an id of their own."""
    index = [theme if theme in alike else f"{whose}:{theme}" for theme in wave.coded.themes.index]
    return Wave(replace(wave.coded, themes=wave.coded.themes.set_axis(index)), wave.person)


def _typed(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.reindex(columns=list(LINE_COLUMNS)).astype(dict.fromkeys(LINE_COLUMNS[:5], "str"))
