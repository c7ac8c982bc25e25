"""Segments whose values have an order, such as the stages of a journey."""

from __future__ import annotations

import pandas as pd

from verbatim.errors import ConfigError
from verbatim.survey import wording
from verbatim.survey.binning import GroupOptions

SHOWN = 12


def read_orders(
    source: str, segments: pd.DataFrame, options: GroupOptions
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Values of each ordered segment, as declared, those not declared last; and a note on what does not fit.

    Raises
    ------
    ConfigError
        ``segments.order`` names no segment, or none of its values.
    """
    orders: dict[str, tuple[str, ...]] = {}
    notes = []
    by_sound = {wording.plain(str(name)): str(name) for name in segments}
    for written, declared in options.order.items():
        name = by_sound.get(wording.plain(written))
        if name is None:
            raise ConfigError(
                f'{source}: segments.order names "{written}", which is no segment here. Segments: '
                f"{', '.join(by_sound.values()) or 'none'}. If it is a column, name it in survey.segments."
            )
        found = {value.casefold(): value for value in sorted(segments[name].dropna().unique())}
        known = list(dict.fromkeys(found[v.strip().casefold()] for v in declared if v.strip().casefold() in found))
        if not known:
            raise ConfigError(
                f'{source}: segments.order knows none of the values of "{name}": '
                f"{', '.join(list(found.values())[:SHOWN])}."
            )
        late = [value for value in found.values() if value not in known]
        absent = [value for value in declared if value.strip().casefold() not in found]
        if late:
            notes.append(f'"{name}": not in segments.order and put last: {", ".join(late[:SHOWN])}.')
        if absent:
            notes.append(f'"{name}": in segments.order, but nobody has it: {", ".join(absent[:SHOWN])}.')
        orders[name] = (*known, *late)
    return orders, notes
