"""Planted themes beside the themes that were found: what `verbatim demo` prints."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

MATCHES_FROM = 0.4
COLUMNS = (
    "planted_rank", "planted_name", "true_effect",
    "found_rank", "theme_id", "found_name", "effect", "effect_low", "effect_high",
    "match", "n_found", "effect_together", "theme_ids",
)  # fmt: skip


def found_beside_planted(
    truth: pd.DataFrame, drivers: pd.DataFrame, theme_texts: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """Set each planted theme beside the found theme that speaks of it.

    The match uses words alone, never who mentions what. A text *speaks of* a planted theme when it holds one of
    that theme's ``words``, whole and in any case. The **match** of a found theme with a planted one is the share of
    the found theme's texts that speak of it. A found theme belongs to the planted theme it matches best, if the match
    is at least 0.4, and to no other; on a tie, to the more harmful one. Several found themes may belong to one
    planted theme (its complaints and its praise, for instance): the one shown has the best match, and among matches
    within a tenth of the best, the largest effect in either direction. A planted theme that no found theme belongs
    to keeps empty cells.

    Parameters
    ----------
    truth : DataFrame
        ``SimulatedSurvey.truth``: ``rank, name, words, true_effect``.
    drivers : DataFrame
        ``Drivers.table``: ``rank, theme_id, name, effect, effect_low, effect_high``, effects in NPS points (-200..200).
    theme_texts : mapping of theme_id to texts
        Keywords and exemplar spans of each found theme; a theme without texts matches nothing.

    Returns
    -------
    DataFrame
        One row a planted theme, the most harmful first: ``planted_rank, planted_name, true_effect, found_rank,
        theme_id, found_name, effect, effect_low, effect_high, match`` (0-1), ``n_found`` (found themes that belong to
        it), ``effect_together``, the sum of their effects (effects of one regression add up, their intervals do not),
        and ``theme_ids`` of those that are ranked, joined by "+".

    Examples
    --------
    >>> truth = pd.DataFrame({"rank": [1], "name": ["Late deliveries"], "words": ["late, on time"],
    ...                       "true_effect": [-8.0]})
    >>> drivers = pd.DataFrame({"rank": [2], "theme_id": ["T01"], "name": ["Late van"], "effect": [-7.1],
    ...                         "effect_low": [-9.0], "effect_high": [-5.2]})
    >>> table = found_beside_planted(truth, drivers, {"T01": ["an hour late", "Never on time", "the van"]})
    >>> table[["planted_name", "found_name", "effect", "n_found"]].values.tolist()
    [['Late deliveries', 'Late van', -7.1, 1]]
    """
    planted = truth.sort_values("rank", ignore_index=True)
    owners = _owners(planted["words"].tolist(), drivers, theme_texts)
    found = drivers.join(owners.set_index(drivers.index))
    rows = [_row(theme, found[found["owner"] == position]) for position, theme in planted.iterrows()]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"found_rank": "Int64"})


def _owners(words: list[str], drivers: pd.DataFrame, theme_texts: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Name, for each found theme, the position of the planted theme it belongs to (-1: none) and their match."""
    patterns = [_any_of(expressions.split(", ")) for expressions in words]
    rows = []
    for theme_id in drivers["theme_id"]:
        texts = list(theme_texts.get(theme_id, ()))
        shares = [
            float(np.mean([bool(pattern.search(text)) for text in texts])) if texts else 0.0 for pattern in patterns
        ]
        best = int(np.argmax(shares))
        rows.append((best if shares[best] >= MATCHES_FROM else -1, shares[best]))
    return pd.DataFrame(rows, columns=["owner", "match"])


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, expressions))})\b", re.IGNORECASE)


def _row(theme: pd.Series, found: pd.DataFrame) -> dict[str, object]:
    planted: dict[str, object] = {
        "planted_rank": theme["rank"],
        "planted_name": theme["name"],
        "true_effect": theme["true_effect"],
    }
    if found.empty:
        return planted | {"n_found": 0}
    close = found[found["match"] >= found["match"].max() - 0.1]
    shown = close.loc[close["effect"].abs().idxmax()]
    measures: dict[str, object] = shown[["theme_id", "effect", "effect_low", "effect_high", "match"]].to_dict()
    ranked = found.loc[found["rank"].notna(), "theme_id"]
    together = {"n_found": len(found), "effect_together": found["effect"].sum(), "theme_ids": "+".join(ranked)}
    return planted | {"found_rank": shown["rank"], "found_name": shown["name"]} | measures | together
