"""Accounts in the analysis: the interval of the NPS when answers cluster, and the roll-up table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from verbatim.errors import ConfigError
from verbatim.nps import Nps, net_promoter_score, points
from verbatim.records import Drivers, Mentions, Survey
from verbatim.survey.accounts import AccountOptions

ACCOUNT_COLUMNS = ("account", "n", "weight", "nps", "detractors", "pain_theme_id", "pain_point", "n_pain")
FEWEST = 2


def clustered_nps(scores: ArrayLike, weights: ArrayLike, cluster: ArrayLike, listed: int | None = None) -> Nps:
    """Net Promoter Score with a 95 % interval that lets the answers of a cluster go together.

    The influence of a response on the weighted mean of the points is ``w (y - NPS) / sum w``; influences are summed by
    cluster, and the variance is ``G / (G - 1)`` times the sum of their squares, over G clusters; the interval uses
    Student's t with G - 1 degrees of freedom. Where the list of clusters is known, the variance is multiplied by
    ``1 - G / listed``.

    Parameters
    ----------
    scores : array-like, shape (n,)
        0-10, none missing.
    weights : array-like, shape (n,)
        Not negative; a cluster without weight is none.
    cluster : array-like, shape (n,)
        Account or person of each response.
    listed : int, optional
        Clusters in the whole list of customers, each taken as fully known once it has answered.

    Raises
    ------
    ConfigError
        More clusters answered than are listed.

    Source
    ------
    Cluster-robust variance: Cameron and Miller (2015), Journal of Human Resources 50(2), section II, here of a mean.
    Finite-population correction: Cochran (1977), "Sampling Techniques", 3rd ed., section 2.6; clusters as the
    units: chapter 9A.

    Examples
    --------
    Two accounts that each speak with one voice, out of two and out of twenty:

    >>> both = [10, 10, 0, 0], [1, 1, 1, 1], ["a", "a", "b", "b"]
    >>> clustered_nps(*both, listed=2)[:3]
    (0.0, 0.0, 0.0)
    >>> clustered_nps(*both, listed=20)[:3]
    (0.0, -100.0, 100.0)
    """
    from scipy.stats import t

    gained, w = points(scores), np.asarray(weights, dtype=float)
    codes = pd.factorize(pd.Series(cluster)[w > 0])[0]
    gained, w = gained[w > 0], w[w > 0]
    score = float(np.sum(w * gained) / np.sum(w))
    total = np.bincount(codes, weights=w * (gained - score)) / np.sum(w)
    n_clusters = len(total)
    if listed is not None and n_clusters > listed:
        raise ConfigError(
            f"accounts.listed is {listed:,}, but {n_clusters:,} have answered. Give the size of the whole list."
        )
    part = 1.0 if listed is None else 1 - n_clusters / listed
    se = np.sqrt(part * n_clusters / (n_clusters - 1) * np.sum(total**2))
    half = float(t.ppf(0.975, n_clusters - 1) * se)
    return Nps(score, max(-100.0, score - half), min(100.0, score + half), len(np.asarray(scores)))


def with_clustered_nps(drivers: Drivers, survey: Survey, options: AccountOptions) -> Drivers:
    """Give the NPS, overall and by segment, the interval that accounts or a known list ask for, and say so.

    The finite list corrects the overall NPS alone: how many customers a segment has is not known.
    """
    found = clustered(survey, options)
    if found is None:
        return drivers
    groups = _clustered_groups(drivers.segment_nps, survey) if "account" in survey.responses else drivers.segment_nps
    return replace(drivers, nps=found[0], segment_nps=groups, notes=(*drivers.notes, found[1]))


def _clustered_groups(segment_nps: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    scored = survey.responses[survey.responses["score"].notna() & survey.responses["weight"].gt(0)]
    keys = segment_nps[["segment", "value"]].itertuples(index=False)
    found = [group_nps(scored[scored[segment].eq(value)]) for segment, value in keys]
    return segment_nps.assign(low=[nps.low for nps in found], high=[nps.high for nps in found])


def group_nps(scored: pd.DataFrame) -> Nps:
    """NPS of some responses, all scored and some with weight, clustered by account where they have accounts.

    One account alone tells nothing of others: its interval is -100 to 100.
    """
    if "account" not in scored:
        return net_promoter_score(scored["score"], scored["weight"])
    if scored["account"].nunique() < FEWEST:
        return net_promoter_score(scored["score"], scored["weight"])._replace(low=-100.0, high=100.0)
    return clustered_nps(scored["score"], scored["weight"], scored["account"])


def clustered(survey: Survey, options: AccountOptions) -> tuple[Nps, str] | None:
    """NPS of a survey by `clustered_nps`, and the sentence that says so.

    None where no account column and no list is given, or where fewer than two accounts answered.
    """
    scored = survey.responses[survey.responses["score"].notna() & survey.responses["weight"].gt(0)]
    by_account = "account" in survey.responses
    cluster = scored["account" if by_account else "respondent_id"]
    if (not by_account and options.listed is None) or cluster.nunique() < FEWEST:
        return None
    nps = clustered_nps(scored["score"], scored["weight"], cluster, options.listed)
    return nps, _said(cluster.nunique(), by_account, options.listed)


def _said(n: int, by_account: bool, listed: int | None) -> str:
    what = "accounts" if by_account else "people"
    said = f"The interval of the NPS is clustered by {n:,} {what}"
    if listed is None:
        return f"{said}."
    return (
        f"{said} and corrected for the finite list (Cochran 1977): {n:,} of {listed:,} {what} answered, which leaves "
        f"{100 * (1 - n / listed):.0f} % of its variance. The intervals of the drivers are not corrected."
    )


def account_table(survey: Survey, mentions: Mentions, drivers: Drivers) -> pd.DataFrame:
    """Roll responses up to accounts, those with most detractors first.

    Returns
    -------
    DataFrame
        ``ACCOUNT_COLUMNS``. ``n`` counts scored responses, ``nps`` weighs them; the pain point is the ranked theme
        whose mentions by the account cost most: mentions times NPS points a mention, null where it names none that
        costs.
    """
    scored = survey.responses[survey.responses["score"].notna()].copy()
    scored["points"] = points(scored["score"]) * scored["weight"]
    rolled = scored.groupby("account").agg(
        n=("score", "size"),
        weight=("weight", "sum"),
        points=("points", "sum"),
        detractors=("category", lambda named: int(named.eq("detractor").sum())),
    )
    rolled["nps"] = rolled["points"] / rolled["weight"].where(rolled["weight"] > 0)
    table = rolled.join(_pain_points(survey, mentions, drivers)).reset_index()
    table["n_pain"] = table["n_pain"].fillna(0).astype("int64")
    table = table.sort_values(["detractors", "nps", "account"], ascending=[False, True, True], ignore_index=True)
    return table[list(ACCOUNT_COLUMNS)]


def _pain_points(survey: Survey, mentions: Mentions, drivers: Drivers) -> pd.DataFrame:
    """Costliest theme of each account, by ``account``: ``pain_theme_id, pain_point, n_pain``."""
    leaves = drivers.leaves()
    costly = leaves[leaves["rank"].notna() & leaves["effect_per_mention"].lt(0)]
    spoken = mentions.table[["response_id", "theme_id"]].merge(survey.responses[["response_id", "account"]])
    counts = spoken.groupby(["account", "theme_id"]).size().rename("n_pain").reset_index()
    counts = counts.merge(costly[["theme_id", "name", "effect_per_mention"]])
    counts["cost"] = counts["n_pain"] * counts["effect_per_mention"].astype(float)
    worst = counts.sort_values(["cost", "theme_id"]).drop_duplicates("account").set_index("account")
    return worst.rename(columns={"theme_id": "pain_theme_id", "name": "pain_point"})[
        ["pain_theme_id", "pain_point", "n_pain"]
    ]
