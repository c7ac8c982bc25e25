"""What moved the NPS between two waves: lines that sum to the change exactly, each with its interval.

With N the NPS, p the groups' shares, g their coefficients, m the themes' shares and b their coefficients, means of both
waves under a bar and changes under a D:

    DN = sum Dp g_bar + sum p_bar Dg + sum Dm b_bar + sum m_bar Db + D(comment weighting) + unexplained
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.change.estimate import Estimate, Layout, estimate
from verbatim.change.options import ChangeOptions
from verbatim.change.wave import Frame, Wave, frame_of
from verbatim.drivers.moments import Array
from verbatim.drivers.uncertainty import covariance
from verbatim.nps import Z95

MIX, MENTIONS, SEVERITY, LEVEL, COMMENTS, CODEBOOK, REST = KINDS = (
    "segment mix", "theme mentions", "theme severity", "segment level", "comment weighting", "codebook change",
    "unexplained",
)  # fmt: skip
LINE_COLUMNS = ("kind", "segment", "value", "theme_id", "name", "points", "low", "high")
STEP = 1e-5
"""Step of the central differences; the lines are products of few figures, so that the differences are exact but for
rounding (1e-9 of the standard errors)."""


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The account of a change.

    Attributes
    ----------
    change : (float, float, float)
        Change in NPS and its 95 % interval.
    lines : DataFrame
        `LINE_COLUMNS`; ``points`` sums to the change within 1e-9.
    summary : DataFrame
        ``kind, points, low, high``: the lines added up by kind.
    themes : DataFrame
        ``theme_id, name, share_before, share_after, share_change`` and its interval, ``effect_before, effect_after,
        effect_change`` and its interval, ``mentions, severity`` (the two lines, whose sum is ``effect_change``),
        ``n_before, n_after, status``.
    share_covariance, effect_covariance : float arrays, shape (k, k)
        Of the changes of the themes' shares, and of their effects in squared points.
    frame : Frame
    """

    change: tuple[float, float, float]
    lines: pd.DataFrame
    summary: pd.DataFrame
    themes: pd.DataFrame
    share_covariance: Array
    effect_covariance: Array
    frame: Frame


def account_for_change(first: Wave, second: Wave, options: ChangeOptions | None = None) -> Ledger:
    """Account for the change in NPS from the first wave to the second, both coded by one codebook.

    Groups are coded so that their coefficients sum to zero over the mean of both waves' shares; mix and mentions are
    valued at the mean of both waves' coefficients, levels and severities at the mean of both waves' shares. Hence the
    way back has every line with the sign turned, and no group is left out. A theme or group that one wave lacks takes
    the other wave's coefficient: all of its change is mentions or mix.

    Parameters
    ----------
    first, second : Wave
        From `verbatim.change.wave.read_wave`; theme ids mean the same in both.
    options : ChangeOptions, optional

    Source
    ------
    Two-wave decomposition at mean coefficients: Reimers (1983), Review of Economics and Statistics 65(4). Shares are
    random, not given: Jann (2008), Stata Journal 8(4), section 3.3. Invariance to the omitted group: Yun (2005),
    Economic Inquiry 43(4); weighted coding: te Grotenhuis et al. (2017), International Journal of Public Health 62.

    Examples
    --------
    A theme that costs 50 points a mention is spoken of by half instead of a quarter:

    >>> from verbatim.change.wave import read_wave
    >>> happy, torn = [10] * 60, [10, 8] * 10
    >>> before = read_wave(pd.DataFrame({"T01": [0] * 60 + [1] * 20}), happy + torn, label="1")
    >>> after = read_wave(pd.DataFrame({"T01": [0] * 40 + [1] * 40}), [10] * 40 + [10, 8] * 20, label="2")
    >>> account_for_change(before, after).summary[["kind", "points"]].round(6).to_dict("list")["points"][1]
    -12.5
    """
    options = options or ChangeOptions()
    frame = frame_of(first, second, options)
    both = (estimate(first, frame, 0, options), estimate(second, frame, 1, options))
    values = _figures(both, both[0].value, both[1].value)
    slopes = _slopes(both)
    spread = chain(*(_through(one, slope, 0 if at == 0 else len(first.person)) for at, (one, slope) in
                     enumerate(zip(both, slopes, strict=True))))  # fmt: skip
    person = pd.factorize(np.concatenate([first.person, second.person]))[0]
    cov = covariance(spread, person, len(values))
    return _ledger(frame, both, values, cov)


def _through(one: Estimate, slope: Array, start: int) -> Iterator[tuple[slice, Array]]:
    """Influence on the figures of a change, for responses that stand at ``start`` among those of both waves."""
    for rows, part in one.influence():
        yield slice(rows.start + start, rows.start + start + len(part)), part @ slope.T


def _slopes(both: tuple[Estimate, Estimate]) -> tuple[Array, Array]:
    """Derivatives of the figures of the change by the figures of each wave, by central differences."""
    found = []
    for which in (0, 1):
        columns = []
        for at in range(both[which].layout.size):
            ends = []
            for sign in (1, -1):
                values = [both[0].value, both[1].value]
                values[which] = values[which].copy()
                values[which][at] += sign * STEP
                ends.append(_figures(both, *values))
            columns.append((ends[0] - ends[1]) / (2 * STEP))
        found.append(np.column_stack(columns))
    return found[0], found[1]


def _figures(both: tuple[Estimate, Estimate], before: Array, after: Array) -> Array:
    """Change, lines (mix, level, mentions, severity, comments, rest), then changes of the themes' shares."""
    layout = both[0].layout
    share = [value[layout.part("shares")] for value in (before, after)]
    mean_share = (share[0] + share[1]) / 2
    level = _levels(both, before, after, mean_share)
    said = [value[layout.part("mentions")] for value in (before, after)]
    severity = _borrowed(
        before[layout.part("severity")], after[layout.part("severity")], both[0].free_themes, both[1].free_themes
    )
    left = [
        value[0] - value[1] + (value[layout.part("commenters")] - value[layout.part("shares")]) @ g
        for value, g in zip((before, after), level, strict=True)
    ]
    change = after[0] - before[0]
    mix, levels = (share[1] - share[0]) * (level[0] + level[1]) / 2, mean_share * (level[1] - level[0])
    mentions = (said[1] - said[0]) * (severity[0] + severity[1]) / 2
    severities = (said[0] + said[1]) / 2 * (severity[1] - severity[0])
    comments = left[1] - left[0]
    rest = change - (mix.sum() + levels.sum() + mentions.sum() + severities.sum() + comments)
    return np.concatenate([[change], mix, levels, mentions, severities, [comments, rest], said[1] - said[0]])


def _levels(both: tuple[Estimate, Estimate], before: Array, after: Array, mean_share: Array) -> tuple[Array, Array]:
    """Coefficients of the groups in both waves, each segment's summing to zero over the mean shares."""
    layout = both[0].layout
    level = [before[layout.part("levels")].copy(), after[layout.part("levels")].copy()]
    free = (both[0].free_groups, both[1].free_groups)
    for here in both[0].segments:
        common = here & free[0] & free[1]
        if common.sum() < 1 or mean_share[common].sum() <= 0:
            level[0][here] = level[1][here] = 0
            continue
        for one in level:
            one[here] -= mean_share[common] @ one[common] / mean_share[common].sum()
        level[0][here], level[1][here] = _borrowed(level[0][here], level[1][here], free[0][here], free[1][here])
        for one in level:
            one[here] -= mean_share[here] @ one[here] / mean_share[here].sum()
    return level[0], level[1]


def _borrowed(
    before: Array, after: Array, has_before: NDArray[np.bool_], has_after: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Coefficients of both waves, the other wave's where one has none, 0 where neither has."""
    neither = ~has_before & ~has_after
    filled = np.where(has_before, before, np.where(neither, 0.0, after))
    return filled, np.where(has_after, after, np.where(neither, 0.0, before))


def _ledger(frame: Frame, both: tuple[Estimate, Estimate], values: Array, cov: Array) -> Ledger:
    layout = both[0].layout
    n_lines = 2 * layout.v + 2 * layout.k + 2
    inside = slice(1, 1 + n_lines)
    lines = _line_names(frame)
    se = np.sqrt(np.maximum(np.diag(cov), 0.0))
    lines["points"] = values[inside]
    lines["low"], lines["high"] = values[inside] - Z95 * se[inside], values[inside] + Z95 * se[inside]
    change = (float(values[0]), float(values[0] - Z95 * se[0]), float(values[0] + Z95 * se[0]))
    sums = np.array([(lines["kind"] == kind).to_numpy() for kind in KINDS], dtype=float)
    total, spread = (
        sums @ values[inside],
        np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", sums, cov[inside, inside], sums), 0.0)),
    )
    summary = pd.DataFrame({"kind": KINDS, "points": total, "low": total - Z95 * spread, "high": total + Z95 * spread})
    said = np.arange(1 + 2 * layout.v, 1 + 2 * layout.v + layout.k)
    pick = np.zeros((layout.k, len(values)))
    pick[np.arange(layout.k), said] = pick[np.arange(layout.k), said + layout.k] = 1
    effect_cov = pick @ cov @ pick.T
    shares = slice(1 + n_lines, None)
    themes = _theme_table(frame, both, values, layout, effect_cov, cov[shares, shares])
    return Ledger(change, lines[list(LINE_COLUMNS)], summary, themes, cov[shares, shares], effect_cov, frame)


def _line_names(frame: Frame) -> pd.DataFrame:
    """One row a line, in the order of the figures, without its points."""
    groups, themes = frame.groups, frame.themes.reset_index()
    parts = [
        *(groups.assign(kind=kind) for kind in (MIX, LEVEL)),
        *(themes.assign(kind=kind) for kind in (MENTIONS, SEVERITY)),
        pd.DataFrame({"kind": [COMMENTS, REST]}),
    ]
    named = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return named.reindex(columns=list(LINE_COLUMNS[:5])).astype("str")


def _theme_table(
    frame: Frame, both: tuple[Estimate, Estimate], values: Array, layout: Layout, effect_cov: Array, share_cov: Array
) -> pd.DataFrame:
    at = 1 + 2 * layout.v
    mentions, severity = values[at : at + layout.k], values[at + layout.k : at + 2 * layout.k]
    said = [one.value[layout.part("mentions")] for one in both]
    per_mention = _borrowed(
        both[0].value[layout.part("severity")], both[1].value[layout.part("severity")],
        both[0].free_themes, both[1].free_themes,
    )  # fmt: skip
    half_share, half_effect = (Z95 * np.sqrt(np.maximum(np.diag(c), 0.0)) for c in (share_cov, effect_cov))
    moved, gained = said[1] - said[0], mentions + severity
    counts = [some.sum(axis=0) for some in frame.mentions]
    return pd.DataFrame(
        {
            "theme_id": frame.themes.index, "name": frame.themes["name"].to_numpy(),
            "n_before": counts[0], "n_after": counts[1], "share_before": said[0], "share_after": said[1],
            "share_change": moved, "share_change_low": moved - half_share, "share_change_high": moved + half_share,
            "effect_before": said[0] * per_mention[0], "effect_after": said[1] * per_mention[1],
            "effect_change": gained, "effect_change_low": gained - half_effect,
            "effect_change_high": gained + half_effect, "mentions": mentions, "severity": severity,
            "status": np.select([counts[0] == 0, counts[1] == 0], ["new", "gone"], "in both"),
        }
    )  # fmt: skip
