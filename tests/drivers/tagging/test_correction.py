"""Correction for tagging error: exact cases, references, planted truth, users' mistakes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.tagging.correction import TaggingCorrection, correct_for_tagging
from verbatim.drivers.tagging.surrogate import tune
from verbatim.errors import SurveyError

QUICK = DriverOptions(draws=200, min_segment=10**9)
BETA = [-2.0, -1.2, 0.0, 0.8, 0.0]
PAIRS = {
    "effect": "effect_corrected",
    "effect_low": "corrected_low",
    "effect_high": "corrected_high",
    "effect_per_mention": "per_mention_corrected",
    "share": "share_corrected",
}
pytestmark = pytest.mark.filterwarnings("error")


def plant(n: int, seed: int = 0, comment_rate: float = 0.6) -> SimpleNamespace:
    """A survey with people's coding of every comment (``truth``) and the machine's (``mentions``)."""
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 3, n)
    shared = rng.standard_normal((n, 1)) * 0.5
    said = shared + rng.standard_normal((n, len(BETA))) * 0.87 > 1.0 - 0.2 * (plan == 1)[:, None]
    score = np.clip(np.round(8.2 + said @ np.array(BETA) - 0.6 * (plan == 1) + rng.normal(0, 2.2, n)), 0, 10)
    commented = rng.random(n) < comment_rate
    recall = np.where(score <= 6, 0.85, np.where(score <= 8, 0.7, 0.5))[:, None]
    tagged = (said & (rng.random(said.shape) < recall)) | (~said & (rng.random(said.shape) < 0.035))
    index = pd.Index([f"r{row:05d}" for row in range(n)])
    names = [f"T{k}" for k in range(len(BETA))]
    return SimpleNamespace(
        mentions=pd.DataFrame((tagged & commented[:, None]).astype(int), index=index, columns=names),
        truth=pd.DataFrame((said & commented[:, None]).astype(int), index=index, columns=names),
        score=pd.Series(score, index=index),
        segments=pd.DataFrame({"plan": pd.Series(plan, index=index).astype("str")}),
        commented=pd.Series(commented, index=index),
        respondent=pd.Series(rng.integers(0, int(n * 0.8), n), index=index).astype("str"),
    )


def sample(world: SimpleNamespace, size: int, seed: int = 1) -> pd.Index:
    """Draw comments at random."""
    commenters = np.flatnonzero(world.commented)
    return world.mentions.index[np.random.default_rng(seed).choice(commenters, size, replace=False)]


def corrected(world: SimpleNamespace, rows: pd.Index, **changed: object) -> TaggingCorrection:
    given = {
        "mentions": world.mentions,
        "coded": world.truth.loc[rows],
        "probability": pd.Series(len(rows) / world.commented.sum(), index=rows),
        "score": world.score,
        "segments": world.segments,
        "commented": world.commented,
        "respondent": world.respondent,
    }
    return correct_for_tagging(**(given | changed))


def ranked(world: SimpleNamespace, mentions: pd.DataFrame) -> pd.DataFrame:
    table = vb.rank_drivers(
        mentions, world.score, world.segments, commented=world.commented, respondent=world.respondent, options=QUICK
    ).table
    return table.set_index("theme_id").sort_index()


@pytest.fixture(scope="module")
def world() -> SimpleNamespace:
    return plant(2500)


@pytest.mark.long
def test_with_everything_coded_it_is_the_ranking_of_peoples_coding(world: SimpleNamespace) -> None:
    found = corrected(world, world.mentions.index[world.commented]).table.set_index("theme_id").sort_index()
    truth = ranked(world, world.truth)
    for name, correction in PAIRS.items():
        assert found[correction].to_numpy() == pytest.approx(truth[name].to_numpy(), abs=1e-9), name


@pytest.mark.long
def test_a_machine_without_errors_needs_no_correction(world: SimpleNamespace) -> None:
    found = corrected(world, sample(world, 700), mentions=world.truth).table.set_index("theme_id").sort_index()
    naive = ranked(world, world.truth)
    assert found[["precision", "recall"]].to_numpy() == pytest.approx(1)
    for name, correction in PAIRS.items():
        assert found[correction].to_numpy() == pytest.approx(naive[name].to_numpy(), abs=1e-8), name


@pytest.mark.long
def test_columns_as_tagged_are_those_of_the_ranking(world: SimpleNamespace) -> None:
    table = corrected(world, sample(world, 700)).table
    naive = vb.rank_drivers(world.mentions, world.score, world.segments, commented=world.commented, options=QUICK).table
    assert table["theme_id"].tolist() == naive["theme_id"].tolist()
    for name in ("share", "effect_per_mention", "effect"):
        assert table[name].to_numpy() == pytest.approx(naive[name].to_numpy(), abs=1e-9), name
    assert (table["corrected_low"] < table["effect_corrected"]).all()
    assert (table["share_corrected"] * table["per_mention_corrected"]).to_numpy() == pytest.approx(
        table["effect_corrected"], abs=1e-12
    )


def test_agrees_with_statsmodels_and_the_formula() -> None:
    import statsmodels.api as sm

    world = plant(1200, comment_rate=1.0)
    rows = sample(world, 700)
    table = corrected(world, rows, segments=None, respondent=None).table.set_index("theme_id").sort_index()
    y = np.where(world.score >= 9, 100.0, np.where(world.score >= 7, 0.0, -100.0))
    place = world.mentions.index.get_indexer(rows)
    everywhere = sm.OLS(y, sm.add_constant(world.mentions.to_numpy(dtype=float))).fit()
    told = sm.OLS(y[place], sm.add_constant(world.truth.loc[rows].to_numpy(dtype=float))).fit(cov_type="HC3")
    guessed = sm.OLS(y[place], sm.add_constant(world.mentions.loc[rows].to_numpy(dtype=float))).fit()
    parts = []
    for fit in (told, guessed):
        stretched = fit.resid / (1 - fit.get_influence().hat_matrix_diag)
        parts.append(stretched[:, None] * fit.model.exog @ np.linalg.inv(fit.model.exog.T @ fit.model.exog))
    trust = (parts[0] * parts[1]).sum(axis=0) / (parts[1] ** 2).sum(axis=0)
    assert ((trust[1:] > 0.2) & (trust[1:] < 1)).all()
    expected = told.params + trust * (everywhere.params - guessed.params)
    assert table["per_mention_corrected"].to_numpy() == pytest.approx(expected[1:], abs=1e-8)
    width = (table["per_mention_high"] - table["per_mention_low"]) / (2 * 1.959963984540054)
    assert (width.to_numpy() < told.bse[1:]).all()  # the machine's tags of the other comments are worth something


@pytest.mark.long
def test_planted_truth_is_covered_where_the_tagged_effects_are_wrong() -> None:
    held, off, off_tagged = [], [], []
    everyone = plant(300_000, seed=99, comment_rate=1.0)
    truth = ranked(everyone, everyone.truth)["effect"]
    for seed in range(30):
        world = plant(2500, seed=seed)
        table = corrected(world, sample(world, 600), respondent=None).table.set_index("theme_id").sort_index()
        held.append((table["corrected_low"] <= truth) & (truth <= table["corrected_high"]))
        off.append(table["effect_corrected"] - truth)
        off_tagged.append(table["effect"] - truth)
    assert 0.90 <= np.mean(held) <= 0.99
    assert np.abs(np.mean(off, axis=0)).max() < 1
    assert np.abs(np.mean(off_tagged, axis=0)).max() > 2


@pytest.mark.long
def test_unequal_probabilities_do_not_bias() -> None:
    world = plant(5000)
    commenters = np.flatnonzero(world.commented)
    wanted = 1 + 3.0 * (world.score.to_numpy()[commenters] <= 6) + world.mentions.to_numpy()[commenters].sum(axis=1)
    chance = np.minimum(wanted * 1200 / wanted.sum(), 1.0)
    truth = ranked(world, world.truth)
    found = []
    for seed in range(30):
        drawn = np.random.default_rng(seed).random(len(commenters)) < chance
        rows = world.mentions.index[commenters[drawn]]
        table = corrected(world, rows, probability=pd.Series(chance[drawn], index=rows)).table
        found.append(table.set_index("theme_id").sort_index()[["share_corrected", "effect_corrected", "recall"]])
    values = np.array([table.to_numpy() for table in found])
    error = values.std(axis=0) / np.sqrt(len(values))
    for place, name in enumerate(("share", "effect")):
        assert (np.abs(values.mean(axis=0)[:, place] - truth[name]) < 4 * error[:, place]).all(), name
    recall = (world.mentions * world.truth).sum() / world.truth.sum()
    assert values.mean(axis=0)[:, 2] == pytest.approx(recall.to_numpy(), abs=0.02)


def test_few_labels_give_no_correction_but_say_how_many_are_needed(world: SimpleNamespace) -> None:
    found = corrected(world, sample(world, 150))
    assert found.table[list(PAIRS.values())].isna().all(axis=None)
    assert (found.table["labels_needed"] == 450).all()
    assert found.table["effect"].notna().all()
    assert "450 more are needed" in " ".join(found.notes)
    assert (corrected(world, sample(world, 600)).table["labels_needed"] == 0).all()


def test_unequal_labels_are_worth_less(world: SimpleNamespace) -> None:
    rows = sample(world, 650)
    chance = pd.Series(np.where(np.arange(650) % 2, 0.9, 0.3), index=rows)
    assert 650 / chance.mean() < world.commented.sum() * 1.2
    found = corrected(world, rows, probability=chance)
    worth = (1 / chance).sum() ** 2 / (1 / chance**2).sum()
    assert (found.table["labels_needed"] == 100).all()
    assert f"worth {worth:,.0f} equally likely ones" in found.notes[1]


def test_a_small_survey_is_coded_when_all_of_it_is() -> None:
    world = plant(300)
    some, everything = corrected(world, sample(world, 100)), corrected(world, sample(world, int(world.commented.sum())))
    assert set(some.table["labels_needed"].dropna()) <= {int(world.commented.sum()) - 100}
    assert everything.table.loc[everything.table["n_coded"] >= 15, "effect_corrected"].notna().all()


def test_a_rare_theme_needs_more_labels(world: SimpleNamespace) -> None:
    rows = sample(world, 650)
    truth = world.truth.copy()
    truth.loc[rows, "T2"] *= truth.loc[rows, "T2"].cumsum() <= 10
    table = corrected(world, rows, coded=truth.loc[rows]).table.set_index("theme_id")
    assert table.loc["T2", "labels_needed"] == 650 * 15 / 10 - 650
    assert np.isnan(table.loc["T2", "effect_corrected"])
    assert table.drop(index="T2")["effect_corrected"].notna().all()
    none = corrected(world, rows, coded=truth.loc[rows].assign(T2=0))
    assert pd.isna(none.table.set_index("theme_id").loc["T2", "labels_needed"])
    assert 'People find "T2" too seldom' in " ".join(none.notes)


def test_row_order_changes_nothing_at_all(world: SimpleNamespace) -> None:
    rows, turned = sample(world, 700), np.random.default_rng(5).permutation(len(world.score))
    shuffled = SimpleNamespace(**{name: values.iloc[turned] for name, values in vars(world).items()})
    one, other = corrected(world, rows), corrected(shuffled, rows[::-1])
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    assert one.notes == other.notes


def test_parents_general_praise_and_rare_themes(world: SimpleNamespace) -> None:
    rows = sample(world, 700)
    names = ["T0", "T1", "T2", "T3", "T4", "rare", "praise"]
    few = world.truth["T0"] * (world.truth["T0"].cumsum() <= 8)
    truth = world.truth.assign(rare=few, praise=1 * world.commented)
    mentions = world.mentions.assign(rare=few, praise=1 * world.commented)
    themes = pd.DataFrame({"level": 1, "parent_id": ["P"] * 2 + [None] * 5, "kind": "subject"}, index=names)
    themes.loc["P"] = [0, None, "subject"]
    themes.loc["praise", "kind"] = "general"
    coded = truth.loc[rows].drop(columns="praise")
    table = corrected(world, rows, mentions=mentions, coded=coded, themes=themes).table.set_index("theme_id")
    assert "praise" not in table.index
    assert table.loc["P", "level"] == 0
    assert table.loc["P", "n_coded"] == coded[["T0", "T1"]].max(axis=1).sum()
    by_hand = corrected(
        world, rows, mentions=mentions[["T0", "T1"]].max(axis=1).to_frame("P"),
        coded=coded[["T0", "T1"]].max(axis=1).to_frame("P"),
    ).table  # fmt: skip
    assert table.loc["P", "effect_corrected"] == pytest.approx(by_hand["effect_corrected"][0], abs=1e-9)


@pytest.mark.long
def test_people_who_answer_twice_count_once(world: SimpleNamespace) -> None:
    rows = sample(world, 700)
    once = corrected(world, rows, respondent=None).table
    twice = SimpleNamespace(
        **{name: pd.concat([values, values.set_axis(values.index + "b")]) for name, values in vars(world).items()}
    )
    both = rows.append(rows + "b")
    person = pd.Series(twice.mentions.index.str.slice(0, 6), index=twice.mentions.index)
    for respondent, ratio in ((person, 1.0), (None, np.sqrt(0.5))):
        table = corrected(twice, both, respondent=respondent).table
        width = (table["corrected_high"] - table["corrected_low"]) / (once["corrected_high"] - once["corrected_low"])
        assert width.to_numpy() == pytest.approx(np.full(len(width), ratio), rel=0.03)


def test_unscored_coded_comments_are_left_out(world: SimpleNamespace) -> None:
    rows = sample(world, 700)
    unscored = world.score.astype("Int64").where(~world.score.index.isin(rows[:50]))
    found = corrected(world, rows, score=unscored)
    assert found.n_coded == 650
    assert "50 more coded comments have no score" in " ".join(found.notes)
    assert found.n_commenters == world.commented.sum() - 50


def test_trust_is_never_negative_and_never_above_one() -> None:
    told = np.array([[1.0, 2.0], [-1.0, -2.0]])
    assert tune(told, -told, np.ones(2)).tolist() == [0, 0]
    assert tune(2 * told, told, np.ones(2)).tolist() == [1, 1]
    assert tune(told, 0 * told, np.ones(2)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda g: {"coded": g["coded"].drop(columns="T1")}, "coded has no column 'T1'.*with 0 where"),
        (lambda g: {"coded": g["coded"].astype(float).mask(g["coded"] == 0)}, "is blank .*allowed are 1, 0"),
        (lambda g: {"coded": g["coded"].assign(T9=0)}, "column 'T9' that mentions lacks"),
        (lambda g: {"coded": g["coded"].rename(lambda row: "x" + row)}, "not among the rows of mentions"),
        (lambda g: {"coded": pd.concat([g["coded"], g["coded"]])}, "share the label"),
        (lambda g: {"probability": g["probability"] * 0}, "is 0.0.*above 0 and up to 1"),
        (lambda g: {"probability": g["probability"] * 100}, "above 0 and up to 1"),
        (lambda g: {"probability": g["probability"].iloc[1:]}, "is nan"),
        (lambda g: {"probability": [0.5]}, "probability has 1 values, coded has 700 rows"),
        (lambda g: {"probability": g["probability"] * 0 + 1}, "stand for 700 comments.*there are 1,"),
        (lambda g: {"coded": g["silent"]}, "has no comment"),
        (lambda g: {"respondent": ["a"]}, "respondent has shape"),
    ],
)
def test_mistakes_are_named(world: SimpleNamespace, change: object, message: str) -> None:
    rows = sample(world, 700)
    silent = world.truth[~world.commented].iloc[:700]
    probability = pd.Series(700 / world.commented.sum(), index=rows)
    changed = change({"coded": world.truth.loc[rows], "probability": probability, "silent": silent})  # type: ignore[operator]
    if "coded" in changed and "probability" not in changed:
        changed["probability"] = np.full(len(changed["coded"]), 700 / world.commented.sum())
    with pytest.raises(SurveyError, match=message):
        corrected(world, rows, **changed)


def test_nothing_to_correct() -> None:
    world = plant(100)
    with pytest.raises(SurveyError, match="None of the coded comments has a score"):
        corrected(world, sample(world, 20), score=world.score.astype("Int64").where(~world.commented))
    with pytest.raises(SurveyError, match="coded has no rows"):
        corrected(world, world.mentions.index[:0], probability=[])
