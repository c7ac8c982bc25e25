"""Accounts: the clustered interval against statsmodels and by hand, weights, the roll-up."""

from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from tests.survey.made import survey

import verbatim as vb
from verbatim import run_folder
from verbatim.analysis.accounts import ACCOUNT_COLUMNS, account_table, clustered_nps, with_clustered_nps
from verbatim.commands.check import check_survey
from verbatim.config import Config
from verbatim.errors import ConfigError, SurveyError
from verbatim.nps import points
from verbatim.records import JoinReport
from verbatim.survey.accounts import AccountOptions
from verbatim.survey.join import JoinOptions

TABLE = survey({"nps": "nps", "why": "text", "plan": "plan", "customer_id": "id"}, 120)
TABLE = TABLE.assign(
    company=[f"Acme {k % 17}" for k in range(120)], revenue=[f"{1000 * (k % 17 + 1):,}" for k in range(120)]
)


def drawn(seed, n=400, clusters=40):
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, clusters, n)
    mood = rng.normal(0, 2, clusters)
    score = np.clip(np.round(7.5 + mood[cluster] + rng.normal(0, 2, n)), 0, 10)
    return score, rng.uniform(0.3, 2, n), cluster


@pytest.mark.parametrize("seed", range(3))
def test_the_interval_is_the_cluster_robust_one_of_statsmodels(seed):
    import statsmodels.api as sm

    score, weight, cluster = drawn(seed)
    fit = sm.WLS(points(score), np.ones(len(score)), weights=weight)
    fit = fit.fit(cov_type="cluster", cov_kwds={"groups": cluster, "df_correction": True}, use_t=True)
    low, high = fit.conf_int()[0]
    np.testing.assert_allclose(clustered_nps(score, weight, cluster)[:3], (fit.params[0], low, high), rtol=1e-10)


def test_the_finite_list_by_hand():
    score, weight, cluster = drawn(5)
    n = len(np.unique(cluster))
    free, finite = clustered_nps(score, weight, cluster), clustered_nps(score, weight, cluster, listed=50)
    shrunk = np.sqrt((50 - n) / 50)
    assert finite.high - finite.low == pytest.approx(shrunk * (free.high - free.low), rel=1e-12)
    everyone = clustered_nps(score, weight, cluster, listed=n)
    assert (everyone.low, everyone.high) == (everyone.score, everyone.score)
    with pytest.raises(ConfigError, match=r"accounts.listed is 10, but 40 have answered"):
        clustered_nps(score, weight, cluster, listed=10)


def test_single_people_give_the_usual_standard_error():
    score, _, _ = drawn(6)
    nps = clustered_nps(score, np.ones(len(score)), np.arange(len(score)))
    se = points(score).std(ddof=1) / np.sqrt(len(score))
    assert (nps.high - nps.low) / 2 == pytest.approx(1.966 * se, rel=1e-3)


def test_the_interval_covers_when_accounts_speak_with_one_voice():
    rng = np.random.default_rng(1)
    held = clustered_held = 0
    for _ in range(300):
        voice = rng.choice([10, 8, 2], 60, p=[0.4, 0.3, 0.3])
        score, cluster = np.repeat(voice, 8), np.repeat(np.arange(60), 8)
        plain, clustered = vb.net_promoter_score(score), clustered_nps(score, np.ones(480), cluster)
        held += plain.low <= 10 <= plain.high
        clustered_held += clustered.low <= 10 <= clustered.high
    assert held < 220 and 270 <= clustered_held <= 298


def read(**options):
    return vb.read_survey(TABLE, accounts=AccountOptions(column="company", **options))


def test_one_account_one_vote():
    responses = read(weight="account").responses
    shares = responses.groupby("account")["weight"].sum()
    np.testing.assert_allclose(shares, shares.mean())
    assert responses["weight"].mean() == pytest.approx(1)


def test_votes_by_revenue():
    responses = read(weight="revenue").responses
    shares = responses.groupby("account")["weight"].sum()
    revenue = pd.Series({f"Acme {k}": 1000.0 * (k + 1) for k in range(17)}).sort_index()
    np.testing.assert_allclose(shares / shares.sum(), revenue / revenue.sum())


def test_the_account_column_is_nothing_else_and_said_so():
    survey_read = read()
    assert list(survey_read.responses.columns)[-1] == "account" and "company" not in survey_read.segments
    assert {c.name: c.role for c in survey_read.reading.columns}["company"] == "account"
    assert survey_read.responses["account"].nunique() == 17 and (survey_read.responses["weight"] == 1).all()
    assert any("17 accounts" in note for note in survey_read.reading.notes)


def test_a_response_without_account_stands_alone():
    table = TABLE.assign(company=["", "", *TABLE["company"][2:]])
    responses = vb.read_survey(table, accounts=AccountOptions(column="company")).responses
    assert responses["account"].nunique() == 19 and responses["account"].notna().all()


@pytest.mark.parametrize(
    ("change", "options", "kind", "said"),
    [
        ({}, {"column": None, "weight": "account"}, ConfigError, "needs accounts.column"),
        ({"revenue": [str(k) for k in range(120)]}, {"weight": "revenue"}, SurveyError, "differs within 17 accounts"),
        ({"revenue": "much"}, {"weight": "revenue"}, SurveyError, 'row 1: "revenue" is "much"'),
        ({}, {"column": "firm"}, SurveyError, "accounts.column"),
    ],
)
def test_wrong_options_are_explained(change, options, kind, said):
    with pytest.raises(kind, match=said):
        vb.read_survey(TABLE.assign(**change), accounts=AccountOptions(**{"column": "company", **options}))


def with_accounts(analysis):
    responses = analysis.survey.responses
    account = ("Acme " + (np.arange(len(responses)) // 9).astype("str").astype(object)).astype("str")
    return replace(analysis.survey, responses=responses.assign(account=account))


def test_the_roll_up_counts_by_hand(small_analysis):
    surveyed = with_accounts(small_analysis)
    table = account_table(surveyed, small_analysis.mentions, small_analysis.drivers)
    assert tuple(table.columns) == ACCOUNT_COLUMNS
    assert table["n"].sum() == surveyed.responses["score"].notna().sum()
    assert table["detractors"].is_monotonic_decreasing
    first = table.iloc[0]
    own = surveyed.responses[surveyed.responses["account"] == first["account"]]
    assert first["nps"] == pytest.approx(points(own["score"]).mean())
    effects = small_analysis.drivers.leaves().set_index("theme_id")["effect_per_mention"]
    spoken = small_analysis.mentions.table
    spoken = spoken[spoken["response_id"].isin(own["response_id"]) & spoken["theme_id"].isin(effects.index)]
    costs = (spoken["theme_id"].value_counts() * effects).dropna().sort_values()
    if costs.iloc[0] < 0:
        assert first["pain_theme_id"] == costs.index[0]


def test_the_drivers_say_what_interval_the_nps_has(small_analysis):
    drivers, surveyed = small_analysis.drivers, with_accounts(small_analysis)
    assert with_clustered_nps(drivers, small_analysis.survey, AccountOptions()) is drivers
    told = with_clustered_nps(drivers, surveyed, AccountOptions(column="account", listed=500))
    assert told.nps.score == pytest.approx(drivers.nps.score) and told.nps.low != drivers.nps.low
    assert "100 of 500 accounts answered, which leaves 80 % of its variance" in told.notes[-1]
    for row in told.segment_nps.itertuples():
        own = surveyed.responses[surveyed.responses[row.segment].eq(row.value) & surveyed.responses["score"].notna()]
        by_hand = clustered_nps(own["score"], own["weight"], own["account"])
        assert (row.nps, row.low, row.high) == pytest.approx(by_hand[:3])
    people = with_clustered_nps(drivers, small_analysis.survey, AccountOptions(listed=2000))
    assert "people answered" in people.notes[-1]


def test_the_account_may_come_from_the_joined_table(tmp_path):
    crm = pd.DataFrame({"customer_id": TABLE["customer_id"], "Firm": TABLE["company"], "size": np.arange(120) % 17 + 1})
    crm.to_csv(tmp_path / "crm.csv", index=False)
    joined = vb.read_survey(
        TABLE.drop(columns=["company", "revenue"]),
        join=JoinOptions(file=str(tmp_path / "crm.csv"), on="customer_id"),
        accounts=AccountOptions(column="Firm", weight="size"),
    )
    assert joined.responses["account"].nunique() == 17 and "Firm" not in joined.segments
    shares = joined.responses.groupby("account")["weight"].sum()
    assert shares["Acme 16"] / shares["Acme 0"] == pytest.approx(17)
    assert {c.name: c.role for c in joined.reading.columns}["Firm"] == "account"


def test_the_account_column_is_found_but_for_case():
    upper = vb.read_survey(TABLE, accounts=AccountOptions(column="COMPANY"))
    pd.testing.assert_frame_equal(upper.responses, read().responses)


def test_a_segment_called_account_is_a_segment():
    plain = vb.read_survey(TABLE.rename(columns={"plan": "account"}).drop(columns=["company", "revenue"]))
    assert plain.segments == ("account (segment)",) and "account" not in plain.responses
    both = vb.read_survey(TABLE.rename(columns={"plan": "account"}), accounts=AccountOptions(column="company"))
    assert "account (segment)" in both.segments and both.responses["account"].nunique() == 17


def test_check_shows_the_nps_of_the_run(tmp_path):
    TABLE.to_csv(tmp_path / "s.csv", index=False)
    options = AccountOptions(column="company", weight="revenue", listed=20)
    found = check_survey(tmp_path / "s.csv", Config(accounts=options))
    responses = read(weight="revenue").responses
    nps = clustered_nps(responses["score"], responses["weight"], responses["account"], listed=20)
    assert found["nps"] == pytest.approx(nps._asdict()) and "17 of 20 accounts answered" in found["notes"][-1]


def test_a_run_keeps_accounts_and_the_report_of_the_join(small_analysis, tmp_path):
    report = JoinReport("crm.csv", "CSV", "0", "id", "id", ("plan",), 9, 8, 1, 0, (3,), 0, 2)
    surveyed = with_accounts(small_analysis)
    surveyed = replace(surveyed, reading=replace(surveyed.reading, join=report))
    folder = run_folder.write(replace(small_analysis, survey=surveyed), tmp_path / "run", lambda into: None)
    loaded = vb.Analysis.load(folder)
    assert asdict(loaded.survey.reading.join) == asdict(report)
    pd.testing.assert_frame_equal(loaded.survey.responses, surveyed.responses)
    rolled = account_table(surveyed, small_analysis.mentions, small_analysis.drivers)
    pd.testing.assert_frame_equal(pd.read_csv(folder / "accounts.csv"), rolled, check_dtype=False)
