"""Where a theme costs or adds more among some customers than among the others, and why.

In: the effects of the themes of one level in every ranked value of a segment. Out: one row a value and theme, marked
where the difference beats the noise. Differences are tested on the raw estimates; sentences use the pooled ones.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.drivers.moments import Array
from verbatim.drivers.segments.contrast_sentences import contrast_sentence
from verbatim.drivers.uncertainty import above_noise
from verbatim.nps import Z95
from verbatim.records import CONTRAST_COLUMNS

TYPES = (
    dict.fromkeys(CONTRAST_COLUMNS, "float64")
    | dict.fromkeys(("segment", "value", "theme_id", "name", "reason", "sentence"), "str")
    | {"level": "int64", "above_noise": "bool"}
)
BOTH = 1 / 3
"""A part smaller than this much of the whole difference is not worth a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effects of k themes in v values of a segment; arrays are (v, k), null where a theme is too rare to be ranked.

    Attributes
    ----------
    segment : str
    level : int
    values : tuple of str
    themes : tuple of (theme_id, name)
        The k themes that are ranked in at least one value.
    size : float array, shape (v,)
        Survey weight of all scored responses.
    share : float array
        Share of the commenters who mention the theme; never null.
    share_variance : float array
        Sampling variance of the share; never null.
    effect, variance : float arrays
        NPS points of the value's own NPS, and their sampling variance.
    drawn : float array, shape (n_draws, v, k)
        Deviations of the effects from the truth, 0 where there is no effect.
    share_drawn : float array, shape (n_draws, v, k)
        Deviations of the shares, drawn together with those of the effects.
    """

    segment: str
    level: int
    values: tuple[str, ...]
    themes: tuple[tuple[str, str], ...]
    size: Array
    share: Array
    share_variance: Array
    effect: Array
    variance: Array
    drawn: Array
    share_drawn: Array

    @property
    def per_mention(self) -> Array:
        """Effect per mention; null where there is none."""
        return self.effect / np.where(self.share > 0, self.share, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """The other values together, seen from each value; arrays (v, k).

    ``rows[v, u, k]`` and ``share_rows[v, u, k]`` are what a point more of the effect, and of the share, in value u
    adds to the difference of value v to the others.
    """

    share: Array
    per_mention: Array
    rows: Array
    share_rows: Array

    @property
    def effect(self) -> Array:
        """NPS points of the NPS of the others."""
        return self.share * self.per_mention


def gather_others(effects: Effects) -> Others:
    """Put the other values together as their responses are in the survey.

    The effect among the others is the response-weighted mean of their effects, which is how effects add up to an NPS.
    Where some of the others have no effect of a theme because too few of them mention it, their mentions count with
    the mean per mention of the rest; where none has, with that of the value itself, so that only reach can differ.

    Returns
    -------
    Others
        ``share * per_mention`` is the effect among the others, exactly.
    """
    v = len(effects.values)
    itself = np.eye(v)[:, :, None]
    ranked = np.isfinite(effects.effect)
    part = (1 - itself) * effects.size[None, :, None]
    part = part / part.sum(axis=1, keepdims=True)
    share = (part * effects.share).sum(axis=1)
    known = part * ranked
    alone = ~known.any(axis=1)
    # The values whose effects say what a mention among the others does: the ranked others, else the value itself.
    telling = np.where(alone[:, None, :], itself * ranked, known)
    said = (telling * effects.share).sum(axis=1)
    per_mention = (telling * np.nan_to_num(effects.effect)).sum(axis=1) / said
    scale = (share / said)[:, None, :]
    return Others(
        share=share,
        per_mention=per_mention,
        rows=itself * ranked - scale * telling,
        share_rows=per_mention[:, None, :] * (scale * telling - part),
    )


def contrast_values(effects: Effects, pooled: Array) -> pd.DataFrame:
    """Set the effect of every theme in every value against its effect among the other values.

    difference = reach part + severity part, exactly, where the reach part is the gap in shares x the mean per mention
    of both, and the severity part the gap per mention x the mean share. The larger part names the reason; "both" when
    the other has the same sign and is more than a third of the whole. Marks are step-down over all values and themes
    together: the chance that any difference is marked that is not there is 5 %. Values are taken as independent
    samples and their sizes as given.

    Parameters
    ----------
    effects : Effects
    pooled : float array, shape (v, k)
        Pooled effects, null where there is none.

    Returns
    -------
    DataFrame
        `CONTRAST_COLUMNS`; in every value the differences that cost most come first. No rows where a single value is
        ranked. ``sentence`` is null where the difference is not above the noise.

    Source
    ------
    Two-fold decomposition with symmetric weights: Kitagawa (1955), JASA 50(272), pages 1174-1179. Marks: Romano and
    Wolf (2005), JASA 100, algorithm 4.1.
    """
    if len(effects.values) < 2 or not effects.themes:
        return empty_contrasts()
    others = gather_others(effects)
    per_mention = effects.per_mention
    difference = effects.effect - others.effect
    reach = (effects.share - others.share) * (per_mention + others.per_mention) / 2
    severity = (per_mention - others.per_mention) * (effects.share + others.share) / 2
    se = _standard_errors(effects, others)
    half = Z95 * se
    ranked = np.isfinite(effects.effect)
    columns = {
        "share": effects.share,
        "share_others": others.share,
        "effect": effects.effect,
        "effect_others": others.effect,
        "difference": difference,
        "difference_low": difference - half,
        "difference_high": difference + half,
        "reach_part": reach,
        "severity_part": severity,
        "pooled_effect": pooled,
        "pooled_effect_others": _pooled_others(effects, others, pooled),
    }
    place, theme = np.nonzero(ranked)
    table = pd.DataFrame({name: column[ranked] for name, column in columns.items()})
    table["value"] = np.array(effects.values)[place]
    table["theme_id"] = [effects.themes[at][0] for at in theme]
    table["name"] = [effects.themes[at][1] for at in theme]
    table["reason"] = [_reason(*parts) for parts in zip(reach[ranked], severity[ranked], strict=True)]
    table["above_noise"] = _marks(effects, others, difference, se, ranked)
    return _finished(table.assign(segment=effects.segment, level=effects.level))


def empty_contrasts() -> pd.DataFrame:
    """Contrasts of a survey without segments.

    Examples
    --------
    >>> len(empty_contrasts())
    0
    """
    return pd.DataFrame({name: pd.Series(dtype=TYPES[name]) for name in CONTRAST_COLUMNS})


def _standard_errors(effects: Effects, others: Others) -> Array:
    """Of the differences, by the delta method; a share and its effect go together: effect = share x per mention."""
    together = np.nan_to_num(effects.per_mention) * effects.share_variance
    variance = np.einsum("vuk,uk->vk", others.rows**2, np.nan_to_num(effects.variance))
    variance += np.einsum("vuk,uk->vk", others.share_rows**2, effects.share_variance)
    variance += np.einsum("vuk,uk->vk", 2 * others.rows * others.share_rows, together)
    se: Array = np.sqrt(np.maximum(variance, 0.0))
    return se


def _pooled_others(effects: Effects, others: Others, pooled: Array) -> Array:
    """Pooled effect among the others, put together as the raw one; null where no other value has one."""
    apart = others.rows * (1 - np.eye(len(effects.values)))[:, :, None]
    total = -np.einsum("vuk,uk->vk", apart, np.nan_to_num(pooled))
    return np.where((apart != 0).any(axis=1), total, np.nan)


def _reason(reach: float, severity: float) -> str:
    """Name the larger part, or both.

    Examples
    --------
    >>> _reason(-5.0, -1.0), _reason(-1.0, -5.0), _reason(-3.0, -3.0), _reason(4.0, -3.0)
    ('reach', 'severity', 'both', 'reach')
    """
    smaller, whole = min(abs(reach), abs(severity)), abs(reach + severity)
    if reach * severity > 0 and smaller > BOTH * whole:
        return "both"
    return "reach" if abs(reach) >= abs(severity) else "severity"


def _marks(
    effects: Effects, others: Others, difference: Array, se: Array, ranked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Step-down over all differences of the segment and level together."""
    chance = np.empty((len(effects.drawn), int(ranked.sum())))
    at = np.cumsum(ranked.sum(axis=1))
    for value, block in enumerate(np.split(chance, at[:-1], axis=1)):
        moved = np.einsum("uk,nuk->nk", others.rows[value], effects.drawn)
        moved += np.einsum("uk,nuk->nk", others.share_rows[value], effects.share_drawn)
        block[:] = moved[:, ranked[value]]
    return above_noise(difference[ranked], se[ranked], chance)


def _finished(table: pd.DataFrame) -> pd.DataFrame:
    """Rows in order, sentences where a difference beats the noise, columns with their types."""
    ordered = table.sort_values(["value", "difference", "theme_id"])
    rows = [{str(name): cell for name, cell in row.items()} for row in ordered.to_dict("records")]
    said = pd.Series([contrast_sentence(row) if row["above_noise"] else None for row in rows])
    return pd.DataFrame(rows).assign(sentence=said)[list(CONTRAST_COLUMNS)].astype(TYPES)
