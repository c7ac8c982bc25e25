"""No figure of a group so small that its members could be told: one rule for every table, report and sheet."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from verbatim.records import Drivers

_GROUP = ["segment", "value"]
_CELL = [*_GROUP, "level", "theme_id"]


def without_small_groups(drivers: Drivers, minimum: int) -> Drivers:
    """Leave out segment values, and themes within them, of fewer than ``minimum`` responses.

    A theme in a segment value is contrasted only where as many of the other customers mention it. A note says how many
    values are left out.

    Parameters
    ----------
    drivers : Drivers
        As ranked.
    minimum : int
        ``report.minimum_group``; 1 leaves everything.
    """
    nps, segments, contrasts = drivers.segment_nps, drivers.segments, drivers.contrasts
    large = nps[nps["n"] >= minimum]
    within = pd.MultiIndex.from_frame(segments[_GROUP]).isin(pd.MultiIndex.from_frame(large[_GROUP]))
    shown = segments[within & (segments["n_responses"] >= minimum)]
    sizes = shown.set_index(_CELL)["n_responses"]
    overall = drivers.table.set_index(["level", "theme_id"])["n_responses"]
    cells = pd.MultiIndex.from_frame(contrasts[_CELL])
    others = overall.reindex(cells.droplevel(_GROUP)).to_numpy() - sizes.reindex(cells).to_numpy()
    hidden = len(nps) - len(large)
    note = (
        f"{hidden} segment value{'s' if hidden > 1 else ''} with fewer than {minimum} responses "
        f"{'have' if hidden > 1 else 'has'} no figures (report.minimum_group)."
    )
    return replace(
        drivers,
        segment_nps=large.reset_index(drop=True),
        segments=shown.reset_index(drop=True),
        contrasts=contrasts[others >= minimum].reset_index(drop=True),
        notes=(*drivers.notes, note) if hidden else drivers.notes,
    )
