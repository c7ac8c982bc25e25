"""The rows of a hand-off file: whom to call first, and the columns of findings beside who it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from verbatim.people.cells import day_only, dialled, inert, one_line, without_emoji
from verbatim.people.destinations.rules import Rules
from verbatim.people.options import HandoffOptions
from verbatim.people.plays import Play

FILLED = ("category", "wave", "pain_point", "praise")  # what the text of a play may hold
CALL_FIRST = {"detractor": 0, "passive": 1, "promoter": 2}


def in_call_order(rows: pd.DataFrame, options: HandoffOptions) -> pd.DataFrame:
    """Sort contacts: category, tier, value (its band where bands are given), effect of the pain point, value, key.

    Adds ``band``, the number of bounds that the value reaches.
    """
    value = rows["value"].astype(float)
    band = pd.Series(np.searchsorted(options.value_bands, value, side="right"), index=rows.index)
    tiers = {tier.casefold(): place for place, tier in enumerate(options.tiers)}
    keys = pd.DataFrame(
        {
            "category": rows["category"].map(CALL_FIRST),
            "tier": rows["tier"].str.casefold().map(tiers).fillna(len(tiers)),
            "unknown": value.isna(),
            "worth": -(band.where(value.notna()) if options.value_bands else value),
            "effect": rows["pain_effect"].astype(float).fillna(0),
            "value": -value,
            "key": rows["key"],
        }
    )
    return rows.assign(band=band).loc[keys.sort_values(list(keys.columns)).index]


def identity(rows: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Who it is, under the headers of the destination; a whole name is put together where only its parts are known."""
    whole = (rows["first_name"] + " " + rows["last_name"]).str.strip()
    known = rows.assign(name=rows["name"].where(rows["name"].ne(""), whole))
    return known[list(rules.headers)].rename(columns=dict(rules.headers))


def findings(
    rows: pd.DataFrame, plays: Sequence[Play], rules: Rules, options: HandoffOptions, today: date
) -> pd.DataFrame:
    """Columns ``nps_...``: what the run says of the contact and what is to be done, all as text."""
    waves = _waves(rows["date"], options.wave)
    facts = pd.DataFrame(
        {
            "category": rows["category"],
            "score": rows["score"].astype("str"),
            "date": rows["date"].dt.strftime("%Y-%m-%d"),
            "wave": waves,
            "pain_point": rows["pain_point"],
            "praise": rows["praise"],
        }
    ).fillna("")
    said = [dict(zip(FILLED, cells, strict=True)) for cells in facts[list(FILLED)].itertuples(index=False, name=None)]
    days = [play.due(today) for play in plays]
    table = facts.assign(
        themes=[_joined(names, rules.separator) for names in rows["themes"]],
        play=[play.name for play in plays],
        play_text=[play.words(words) for play, words in zip(plays, said, strict=True)],
        play_owner=[play.owner for play in plays],
        play_deadline=[day.isoformat() if day else "" for day in days],
    )
    if options.tier:
        table["tier"] = rows["tier"]
    if options.value_bands:
        table["value_band"] = _bands(rows, options.value_bands)
    return table.add_prefix("nps_")


def _joined(names: object, separator: str) -> str:
    """Several values in one cell; a name that holds the separator itself gets a slash there."""
    return separator.join(name.replace(separator.strip(), "/") for name in names) if isinstance(names, tuple) else ""


def _waves(dates: pd.Series, wave: str | None) -> list[str | None]:
    if wave is not None:
        return [wave] * len(dates)
    return [None if pd.isna(day) else f"{day.year}-Q{day.quarter}" for day in dates]


def _bands(rows: pd.DataFrame, bounds: Sequence[float]) -> pd.Series:
    """Name the band of each value: "under 500", "500 to under 2,000", "2,000 and more"; empty where unknown."""
    low, high = [f"{bound:,g}" for bound in bounds], [f"{bound:,g}" for bound in bounds[1:]]
    names = [f"under {low[0]}", *(f"{a} to under {b}" for a, b in zip(low, high, strict=False)), f"{low[-1]} and more"]
    known = zip(rows["band"], rows["value"].notna(), strict=True)
    return pd.Series([names[band] if is_known else "" for band, is_known in known], index=rows.index, dtype="str")


def cleaned(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Put every cell on one line, inert, and without emoji where the import does not survive them.

    What tells contacts apart is left as found: changed, it would be somebody else. The lint refuses it where it is not
    clean.
    """
    who = {rules.headers[field] for field in rules.unique}
    phone = rules.headers.get("phone")

    def clean(header: str, cell: str) -> str:
        line = one_line(cell)
        line = line if rules.emoji else without_emoji(line)
        line = day_only(line) if rules.iso_dates else line
        return dialled(line) if header == phone else inert(line)

    return pd.DataFrame(
        {
            inert(header): table[header] if header in who else [clean(header, cell) for cell in table[header]]
            for header in table.columns
        },
        index=table.index,
    ).astype("str")
