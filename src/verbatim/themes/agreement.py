"""People's coding and ours side by side, code by code."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Themes
from verbatim.themes.guidance import Guidance, Material
from verbatim.themes.judged import judged_coded
from verbatim.themes.recognise import assign

AGREEMENT_COLUMNS = (
    "theme_id", "name", "n_people", "n_found", "both", "precision", "recall", "kappa", "found_theme_id", "found_name",
    "found_kappa",
)  # fmt: skip


def kappa(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Cohen's kappa of two 0/1 codings of the same comments; null where neither varies.

    Source
    ------
    Cohen 1960, doi:10.1177/001316446002000104.

    Examples
    --------
    >>> kappa(np.array([True, True, False, False]), np.array([True, False, False, False]))
    0.5
    """
    p, q = float(one.mean()), float(other.mean())
    chance = p * q + (1 - p) * (1 - q)
    return float("nan") if chance >= 1 else round((float((one == other).mean()) - chance) / (1 - chance), 4)


def agreement(themes: Themes, guidance: Guidance) -> pd.DataFrame:
    """Compare people's codes with ours on the coded comments.

    Where the judgement was learnt from these comments (20 coded ones or more), each is judged without its own coding:
    the figures are what new comments would have, not what the model has learnt by heart.

    Returns
    -------
    DataFrame
        ``AGREEMENT_COLUMNS``, one row a code: comments with it by people, by us and by both; precision, recall and
        Cohen's kappa of ours; and the theme we found, not given by people, whose comments agree best with the code.
    """
    if guidance.coded is None or not len(guidance.coded.spans.table):
        return pd.DataFrame(columns=list(AGREEMENT_COLUMNS))
    model, coded = themes.model, guidance.coded
    ours = judged_coded(model, coded)
    truth = guidance.truth([theme.name for theme in model.themes[: ours.shape[1]]])
    found = _found(themes, coded, len(truth))
    rows = []
    for row, theme in enumerate(model.themes[: ours.shape[1]]):
        if theme.source != "given" or not truth[:, row].any():
            continue
        people, us = truth[:, row], ours[:, row]
        both = int((people & us).sum())
        rivals = {name: kappa(people, column) for name, column in found.items()}
        best = max(rivals, key=lambda name: (np.nan_to_num(rivals[name], nan=-1), name), default=None)
        rows.append((
            theme.theme_id, theme.name, int(people.sum()), int(us.sum()), both,
            round(both / us.sum(), 4) if us.any() else np.nan, round(both / people.sum(), 4), kappa(people, us),
            best, themes.by_id()[best].name if best else None, rivals[best] if best else np.nan,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS)).sort_values(
        ["n_people", "name"], ascending=[False, True], ignore_index=True
    )


def _found(themes: Themes, coded: Material, n: int) -> dict[str, NDArray[np.bool_]]:
    """Which coded comment has which theme that people did not give."""
    rows, _ = assign(themes.model, coded.units)
    held = {}
    for row, theme in enumerate(themes.model.themes):
        if theme.source == "found" and (rows == row).any():
            held[theme.theme_id] = np.bincount(coded.units.comment[rows == row], minlength=n) > 0
    return held
