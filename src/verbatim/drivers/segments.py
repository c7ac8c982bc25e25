"""The same ranking within every value of every segment, and the NPS of each value."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers import uncertainty
from verbatim.drivers.commenters import weigh_commenters
from verbatim.drivers.level import Level, rank_level, typed
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.tables import BLANK, Coded
from verbatim.nps import net_promoter_score
from verbatim.records import SEGMENT_COLUMNS

NPS_COLUMNS = ("segment", "value", "n", "nps", "low", "high")


@dataclass(frozen=True, slots=True, eq=False)
class SegmentDrivers:
    """Rankings by segment value (`SEGMENT_COLUMNS`), the NPS of every value (`NPS_COLUMNS`), and what was left out."""

    table: pd.DataFrame
    nps: pd.DataFrame
    notes: tuple[str, ...]


def rank_segments(coded: Coded, levels: tuple[int, ...], options: DriverOptions) -> SegmentDrivers:
    """Rank the themes within each segment value that has enough scored responses.

    The other segments stay in the regression as covariates, the silence weights are those of the value, and a theme
    needs ``min_mentions`` commenters there. The noise marks of a level keep their 5 % over all values of a segment
    together, since that is what a reader compares.
    """
    small: list[str] = []
    tables = [_empty()]
    for segment in coded.segments:
        found: dict[str, list[Level]] = {}
        for value, inside in _values(coded, str(segment)).items():
            if inside.sum() < options.min_segment or not coded.commented[inside].any():
                small.append(f"{segment} = {value} ({inside.sum()})")
                continue
            people = weigh_commenters(coded.where(inside, without=str(segment)), options)
            found[value] = [rank_level(people, level, options) for level in levels]
        tables += [_joined(str(segment), found, place, options) for place in range(len(levels)) if found]
    filled = [table for table in tables if len(table)] or tables[:1]
    table = pd.concat(filled, ignore_index=True).sort_values(["segment", "value", "level"], kind="stable")
    return SegmentDrivers(
        table[list(SEGMENT_COLUMNS)].reset_index(drop=True), _nps_by_value(coded), _notes(small, options)
    )


def _values(coded: Coded, segment: str) -> dict[str, NDArray[np.bool_]]:
    """Which responses each value of a segment holds; blanks are no value."""
    column = coded.segments[segment]
    return {value: (column == value).to_numpy(dtype=bool) for value in sorted(set(column) - {BLANK})}


def _joined(segment: str, found: dict[str, list[Level]], place: int, options: DriverOptions) -> pd.DataFrame:
    """Rows of all values of a segment at one level, their noise marks taken together."""
    rng = np.random.default_rng([options.seed, place])
    blocks = {value: levels[place] for value, levels in found.items()}
    ranked = [block.table.iloc[: len(block.cov)] for block in blocks.values()]
    effect = np.concatenate([table["effect"].to_numpy(dtype=float) for table in ranked])
    se = np.concatenate([np.sqrt(np.diag(block.cov)) for block in blocks.values()])
    drawn = [uncertainty.draw(block.cov, options.draws, rng) for block in blocks.values()]
    marks = uncertainty.above_noise(effect, se, np.concatenate(drawn, axis=1))
    rows = pd.concat([block.table.assign(segment=segment, value=value) for value, block in blocks.items()])
    above = np.zeros(len(rows), dtype=bool)
    above[rows["rank"].notna().to_numpy()] = marks
    return rows.assign(above_noise=above)


def _empty() -> pd.DataFrame:
    return typed({}).assign(segment=pd.Series(dtype="str"), value=pd.Series(dtype="str"))


def _nps_by_value(coded: Coded) -> pd.DataFrame:
    rows = []
    for segment in coded.segments:
        for value, inside in _values(coded, str(segment)).items():
            nps = net_promoter_score(coded.score[inside], coded.weight[inside])
            rows.append((segment, value, nps.n, nps.score, nps.low, nps.high))
    types = {"segment": "str", "value": "str", "n": "int64", "nps": "float64", "low": "float64", "high": "float64"}
    return pd.DataFrame(rows, columns=list(NPS_COLUMNS)).astype(types)


def _notes(small: list[str], options: DriverOptions) -> tuple[str, ...]:
    if not small:
        return ()
    return (
        f"{len(small)} segment values have under {options.min_segment} scored responses (or no comment) and no ranking "
        f"of their own: {', '.join(small[:10])}{', ...' if len(small) > 10 else ''}.",
    )
