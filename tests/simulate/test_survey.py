import re

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from verbatim.nps import category, net_promoter_score
from verbatim.simulate import SimulatedSurvey, SimulationOptions, found_beside_planted, simulate_survey
from verbatim.simulate.comments import write_comment
from verbatim.simulate.phrases import Dice, phrase_book, say
from verbatim.simulate.supermarket import BASE, CUTS, PLANTED, SATISFACTION, SEGMENTS, draw_world, supermarket

RATES = {"promoter": 0.45, "passive": 0.35, "detractor": 0.65}


@pytest.fixture(scope="module")
def simulated() -> SimulatedSurvey:
    return simulate_survey()


@pytest.fixture(scope="module")
def clean() -> SimulatedSurvey:
    return simulate_survey(SimulationOptions(n=2_000, seed=3, typo_rate=0))


def holds_words_of(theme: pd.Series, comments: pd.Series) -> pd.Series:
    expressions = "|".join(re.escape(words) for words in theme["words"].split(", "))
    return comments.str.replace("’", "'").str.contains(rf"\b(?:{expressions})\b", case=False, regex=True)


def test_the_table_looks_like_an_export(simulated):
    table = simulated.table
    assert table["response_id"].is_unique and len(table) == 3_000
    assert table["nps_score"].between(0, 10).all() and table["nps_score"].nunique() == 11
    assert table["date"].is_monotonic_increasing
    assert (table["date"].max() - table["date"].min()).days > 350
    for segment, values in SEGMENTS.items():
        assert set(table[segment]) == set(values)
    assert simulated.mentions.index.equals(pd.Index(table["response_id"]))
    assert -20 < net_promoter_score(table["nps_score"]).score < 40


def test_the_same_seed_gives_the_same_bytes(simulated):
    again = simulate_survey()
    assert again.table.to_csv() == simulated.table.to_csv()
    assert again.truth.to_csv() == simulated.truth.to_csv()
    assert again.mentions.to_csv() == simulated.mentions.to_csv()
    assert simulate_survey(SimulationOptions(seed=8)).table.to_csv() != simulated.table.to_csv()


def test_who_comments_depends_on_the_score(simulated):
    commented = simulated.table["comment"].notna()
    assert commented.mean() < 0.6
    for name, rate in commented.groupby(category(simulated.table["nps_score"])).mean().items():
        assert rate == pytest.approx(RATES[name], abs=0.05)


def test_comment_rates_are_options():
    silent = SimulationOptions(
        n=300, comment_rate_promoter=0, comment_rate_passive=0, comment_rate_detractor=1, typo_rate=0
    )
    table = simulate_survey(silent).table
    assert (table["comment"].notna() == (table["nps_score"] <= 6)).all()


@pytest.mark.parametrize("n", [3_000, 20_000])
def test_nine_comments_in_ten_are_distinct(n):
    comments = simulate_survey(SimulationOptions(n=n)).table["comment"].dropna()
    assert comments.nunique() / len(comments) >= 0.9


def test_some_answers_say_nothing_and_some_are_repeated(simulated):
    comments = simulated.table["comment"].dropna()
    assert 0.01 < comments.isin(phrase_book().content_free).mean() < 0.1
    assert comments.duplicated().any()
    assert comments.str.contains("@example.", regex=False).any()
    assert comments.str.contains(r"7946 ?0\d{3}|496 ?0\d{3}", regex=True).any()


def test_truth_is_ordered_from_the_most_harmful(simulated):
    truth = simulated.truth
    assert truth["rank"].tolist() == list(range(1, 13))
    assert truth["true_effect"].is_monotonic_increasing
    assert (truth["true_effect"] < 0).sum() == 7
    assert -10 < truth["true_effect"].iloc[0] < -6
    assert truth["true_effect"].head(5).diff().dropna().min() > 0.7
    assert truth["share"].between(0.04, 0.2).all()
    assert truth.set_index("theme")["n_mentions"].to_dict() == simulated.mentions.sum().to_dict()


@pytest.mark.parametrize("theme", ["late_delivery", "friendly_drivers"])
def test_the_true_effect_is_the_counterfactual_counted_person_by_person(theme):
    options = SimulationOptions(n=400, seed=5)
    customers = draw_world(supermarket(options), options.n, np.random.default_rng(options.seed)).customers
    simulated = simulate_survey(options)
    keys, betas = [planted.key for planted in PLANTED], [planted.beta for planted in PLANTED]
    gained_with = gained_without = 0
    for row in range(options.n):
        satisfaction = sum(betas[k] for k in np.flatnonzero(customers.mentions[row])) + customers.untouched[row]
        switched_off = satisfaction - betas[keys.index(theme)] * simulated.mentions[theme].iloc[row]
        score, without = (sum(latent >= cut for cut in CUTS) for latent in (satisfaction, switched_off))
        assert score == simulated.table["nps_score"].iloc[row]
        gained_with += int(score >= 9) - int(score <= 6)
        gained_without += int(without >= 9) - int(without <= 6)
    truth = simulated.truth.set_index("theme")["true_effect"]
    assert truth[theme] == pytest.approx(100 * (gained_with - gained_without) / options.n)


def test_nothing_matters_in_a_null_world():
    null = simulate_survey(SimulationOptions(n=500, null=True))
    assert (null.truth[["beta", "true_effect"]] == 0).all(axis=None)
    assert null.table["comment"].notna().any()


def test_fewer_themes_are_the_first_of_the_twelve():
    few = simulate_survey(SimulationOptions(n=300, n_themes=4))
    assert few.mentions.columns.tolist() == [theme.key for theme in PLANTED[:4]]
    with pytest.raises(ValidationError, match="n_themes"):
        SimulationOptions(n_themes=13)


def test_themes_go_together_and_differ_by_segment():
    large = simulate_survey(SimulationOptions(n=40_000, comment_rate_promoter=0, comment_rate_passive=0))
    mentions, region = large.mentions, large.table["region"].to_numpy()
    assert mentions["late_delivery"].corr(mentions["missing_items"]) > 0.05
    late = mentions["late_delivery"].groupby(region).mean()
    assert late["London"] > 1.3 * late["Midlands"]


def test_comments_speak_of_their_themes_and_of_no_other(clean):
    comments = clean.table.dropna(subset="comment").set_index("response_id")["comment"]
    mentions = clean.mentions.loc[comments.index].astype(bool)
    for _, theme in clean.truth.iterrows():
        spoken, said = mentions[theme["theme"]], holds_words_of(theme, comments)
        assert spoken.any()
        assert said[spoken].mean() > 0.9, theme["theme"]
        assert said[~spoken].mean() < 0.05, theme["theme"]


def test_tone_is_the_themes_or_under_full_halo_the_moods():
    for halo in (0.0, 1.0):
        told = simulate_survey(SimulationOptions(n=2_000, n_themes=1, halo=halo, typo_rate=0))
        comments = told.table[told.mentions["late_delivery"].astype(bool).to_numpy()].dropna(subset="comment")
        praised = comments["comment"].str.contains("always on time|never late|bang on time", case=False)
        assert praised[comments["nps_score"] >= 9].any() == (halo == 1.0)
        assert not praised[comments["nps_score"] <= 6].any()


def test_every_theme_has_25_phrasings_of_each_tone_in_its_own_words():
    book, dice = phrase_book(), Dice(np.random.default_rng(0))
    for point, phrases in book.themes.items():
        assert len(phrases) >= 25 and len(set(phrases)) == len(phrases), point
        own = re.compile(rf"\b(?:{'|'.join(map(re.escape, book.words[point.theme]))})\b", re.IGNORECASE)
        hits = [bool(own.search(say(phrase, dice))) for phrase in phrases for _ in range(10)]
        assert np.mean(hits) > 0.9, point


def test_every_slot_is_filled_and_typos_only_touch_words():
    dice = Dice(np.random.default_rng(1))
    book = phrase_book()
    for phrases in (*book.themes.values(), *book.general.values(), *book.tails.values(), book.context, book.contact):
        for phrase in phrases:
            assert not set("{}|") & set(say(phrase, dice))
    assert write_comment("promoter", [], 1.0, dice)


def test_the_intended_world_is_documented_by_its_constants():
    options = SimulationOptions(n=50_000, comment_rate_promoter=0, comment_rate_passive=0, comment_rate_detractor=0)
    world = draw_world(supermarket(options), options.n, np.random.default_rng(1)).customers
    midlands = world.untouched[(world.segments["region"] == "Midlands") & (world.segments["plan"] == "Midweek pass")]
    assert midlands.std() == pytest.approx(1, abs=0.03)
    assert midlands.mean() == pytest.approx(BASE - 0.3 * 0.1 + 0.5 * SATISFACTION["Regular"], abs=0.05)
    assert world.mentions.mean(axis=0) == pytest.approx([theme.share for theme in PLANTED], abs=0.01)


def drivers_of(*rows: tuple[int, str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["rank", "theme_id", "name", "effect"])
    return table.assign(effect_low=table["effect"] - 1, effect_high=table["effect"] + 1)


def test_a_found_theme_belongs_to_the_planted_theme_of_its_words(simulated):
    drivers = drivers_of((1, "T1", "Late vans", -6.0), (2, "T2", "Other", -3.0), (3, "T3", "Punctual", 1.0))
    texts = {
        "T1": ["two hours late", "LATE again", "where is my van"],
        "T2": ["the lights were off"],
        "T3": ["always on time", "never late", "very punctual"],
    }
    table = found_beside_planted(simulated.truth, drivers, texts).set_index("planted_name")
    late = table.loc["Late deliveries"]
    assert (late["n_found"], late["theme_id"], late["effect_together"]) == (2, "T3", -5.0)
    assert late["theme_ids"] == "T1+T3"
    others = table.drop(index="Late deliveries")
    assert (others["n_found"] == 0).all() and others["found_rank"].isna().all()
    assert table["planted_rank"].tolist() == list(range(1, 13))


def test_equal_matches_show_the_larger_effect(simulated):
    drivers = drivers_of((1, "T1", "Late vans", -6.0), (2, "T2", "On time", 1.0))
    table = found_beside_planted(simulated.truth, drivers, {"T1": ["so late"], "T2": ["on time"]})
    assert table["found_name"].iloc[0] == "Late vans"
    assert table["effect_low"].iloc[0] == -7.0


def test_no_found_theme_at_all(simulated):
    table = found_beside_planted(simulated.truth, drivers_of(), {})
    assert len(table) == 12 and (table["n_found"] == 0).all()
