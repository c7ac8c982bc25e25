"""Several waves in a row: what each of them says of the NPS and the themes, and which moves beat the noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from verbatim.change.alerts import find_alerts
from verbatim.change.options import ChangeOptions
from verbatim.change.periods import Track, kish
from verbatim.change.standing import standing
from verbatim.change.trends import trend_table
from verbatim.drivers.tables import OTHER
from verbatim.nps import Z95
from verbatim.records import Analysis
from verbatim.waves.compare import Comparison, compare, wave_of
from verbatim.waves.recode import in_codebook_of

MOVES = ["share_change", "share_change_low", "share_change_high", "effect_change", "effect_change_low",
         "effect_change_high", "share_moved", "effect_moved"]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Tracker:
    """Several waves.

    Attributes
    ----------
    waves : DataFrame
        ``wave, source, n, nps, nps_low, nps_high, change, change_low, change_high``: each against the one before.
    table : DataFrame
        One row a wave and theme: ``wave, theme_id, name, n, share, effect`` with intervals, then the changes from the
        wave before and whether they beat the noise, all themes of the wave together.
    trends, alerts : DataFrames
        `verbatim.change.trends.TREND_COLUMNS`, `verbatim.change.alerts.ALERT_COLUMNS`, a wave a period.
    comparisons : tuple of Comparison
        Each wave with the one before it.
    notes : tuple of str
    """

    waves: pd.DataFrame
    table: pd.DataFrame
    trends: pd.DataFrame
    alerts: pd.DataFrame
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]


def track(
    runs: Sequence[Analysis | str | Path],
    *,
    labels: Sequence[str] | None = None,
    options: ChangeOptions | None = None,
) -> Tracker:
    """Follow NPS and themes through two or more waves, all by the codebook of the last.

    Parameters
    ----------
    runs : sequence of Analysis or run folders
        In order of time.
    labels : sequence of str, optional
        Names of the waves; by default those of the folders, or numbers.
    options : ChangeOptions, optional

    Raises
    ------
    RunFolderError
        A run cannot be read.
    ValueError
        There are fewer than two runs, or not as many labels as runs.
    """
    options = options or ChangeOptions()
    if len(runs) < 2 or (labels is not None and len(labels) != len(runs)):
        raise ValueError(f"A tracker needs two runs or more and a label for each; found {len(runs)} runs.")
    waves = [run if isinstance(run, Analysis) else Analysis.load(run) for run in runs]
    names = list(labels) if labels else _names(runs)
    coded = [in_codebook_of(wave, waves[-1], options.recode_up_to) for wave in waves]
    waves = [wave for wave, _ in coded]
    pairs = tuple(compare(one, other, options=options) for one, other in pairwise(waves))
    read = [wave_of(wave, wave.mentions, wave.themes.themes, name) for wave, name in zip(waves, names, strict=True)]
    stands = [standing(wave, options) for wave in read]
    stands = [table[table["theme_id"] != OTHER].reset_index(drop=True) for table in stands]
    followed = _track(waves, [kish(wave.coded.weight) for wave in read], names, stands)
    return Tracker(
        _waves(waves, names, pairs),
        _table(names, stands, pairs),
        trend_table(followed),
        find_alerts(followed, options),
        pairs,
        tuple(note for _, note in coded if note),
    )


def _names(runs: Sequence[Analysis | str | Path]) -> list[str]:
    return [f"wave {at + 1}" if isinstance(run, Analysis) else Path(run).name for at, run in enumerate(runs)]


def _waves(waves: Sequence[Analysis], names: Sequence[str], pairs: Sequence[Comparison]) -> pd.DataFrame:
    changes = [(np.nan, np.nan, np.nan), *(pair.change for pair in pairs)]
    rows = [
        (name, wave.survey.reading.source, nps.n, nps.score, nps.low, nps.high, *change)
        for name, wave, nps, change in zip(names, waves, (w.drivers.nps for w in waves), changes, strict=True)
    ]
    columns = ["wave", "source", "n", "nps", "nps_low", "nps_high", "change", "change_low", "change_high"]
    return pd.DataFrame(rows, columns=columns)


def _table(names: Sequence[str], stands: Sequence[pd.DataFrame], pairs: Sequence[Comparison]) -> pd.DataFrame:
    parts = [stands[0].assign(wave=names[0])]
    for name, table, pair in zip(names[1:], stands[1:], pairs, strict=True):
        moves = pair.themes.set_index("theme_id")[MOVES]
        parts.append(table.assign(wave=name).join(moves, on="theme_id"))
    whole = pd.concat(parts, ignore_index=True).reindex(columns=["wave", *stands[0].columns, *MOVES])
    marks = ["share_moved", "effect_moved"]
    whole[marks] = whole[marks].eq(True)
    return whole


def _track(
    waves: Sequence[Analysis], sizes: Sequence[float], names: Sequence[str], stands: Sequence[pd.DataFrame]
) -> Track:
    ids = sorted({theme for table in stands for theme in table["theme_id"]})
    named = {row["theme_id"]: row["name"] for table in stands for row in table.to_dict("records")}
    nps = [wave.drivers.nps for wave in waves]
    return Track(
        tuple(names),
        np.array(sizes),
        np.array([wave.drivers.kish_n for wave in waves]),
        np.array([one.score for one in nps]),
        np.array([(one.high - one.low) / (2 * Z95) for one in nps]),
        np.array([table.set_index("theme_id")["share"].reindex(ids).to_numpy(dtype=float) for table in stands]),
        tuple(ids),
        tuple(named[theme] for theme in ids),
    )
