"""The coded population: what is drawn is what was asked for, and truths are counterfactuals counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

import verbatim as vb
from verbatim.errors import ConfigError
from verbatim.nps import points
from verbatim.simulate import Companion, Interaction, PlantedTheme, Population, many_themes, world


@pytest.fixture(scope="module")
def population() -> Population:
    return many_themes(6)


def test_the_same_seed_gives_the_same_survey(population):
    one, other, third = (population.draw(300, seed) for seed in (1, 1, 2))
    assert (one.score == other.score).all() and (one.coded == other.coded).all()
    assert one.segments.equals(other.segments)
    assert (one.score != third.score).any()


def test_shares_segments_and_correlation(population):
    survey = population.draw(60_000, 1)
    shares = [theme.share for theme in population.themes]
    assert survey.mentions.mean(axis=0) == pytest.approx(shares, abs=0.008)
    plan = survey.segments["plan"]
    assert plan.value_counts(normalize=True).to_numpy() == pytest.approx([1 / 3] * 3, abs=0.01)
    by_plan = survey.mention_table["T05"].groupby(plan, observed=True).mean()
    assert by_plan["B"] > by_plan["A"] + 0.03
    assert np.corrcoef(survey.mentions[:, 5], survey.mentions[:, 4])[0, 1] > 0.03


def test_the_truth_is_the_same_customers_asked_again(population):
    customers = world(population, "interactions").draw(500, 3).customers
    for k in range(6):
        off = np.zeros_like(customers.mentions)
        off[:, k] = True
        apart = points(customers.scores()).mean() - points(customers.scores(off)).mean()
        assert customers.true_effects()[k] == pytest.approx(apart, abs=1e-9)


def test_the_truth_of_a_population_is_that_of_a_large_survey(population):
    large = population.draw(150_000, 9).customers
    assert population.true_effects(150_000) == pytest.approx(large.true_effects(), abs=0.25)
    assert population.true_nps(150_000) == pytest.approx(large.nps(), abs=1)
    assert population.true_bad_effects(150_000)[-1] == pytest.approx(min(0, population.true_effects(150_000)[-1]))


def test_by_hand():
    # nobody varies: satisfaction is 10, less 4 for waiting, so every mention makes a 6 of a 10
    sure = Population((PlantedTheme("waiting", 0.25, -4.0),), base=10.0, noise=0.0)
    survey = sure.draw(1000, 1)
    assert set(survey.score[survey.mentions[:, 0]]) == {6} and set(survey.score[~survey.mentions[:, 0]]) == {10}
    assert survey.customers.true_effects()[0] == pytest.approx(-200 * survey.mentions.mean())


def test_interactions_count_where_both_are_mentioned():
    themes = (PlantedTheme("A", 0.5, -1.0), PlantedTheme("B", 0.5, -1.0))
    customers = Population(themes, base=10.0, noise=0.0, interactions=(Interaction("A", "B", -3.0),)).draw(400, 1)
    assert set(customers.score[customers.mentions.all(axis=1)]) == {5}
    assert set(customers.score[customers.mentions.sum(axis=1) == 1]) == {9}


def test_a_theme_may_be_felt_by_one_segment_alone():
    theme = PlantedTheme("A", 0.5, -4.0, felt_by="x")
    survey = Population((theme,), {"plan": {"x": 0.5, "y": 0.5}}, base=10.0, noise=0.0).draw(400, 1)
    felt = survey.mentions[:, 0] & (survey.segments["plan"] == "x").to_numpy()
    assert (survey.score == np.where(felt, 6, 10)).all()


def test_a_companion_comes_up_with_its_leader():
    themes = (PlantedTheme("A", 0.2, -1.0), PlantedTheme("B", 0.1, 0.0))
    pair = Companion("A", "B", 0.5)
    mentions = Population(themes, companions=(pair,)).draw(40_000, 1).mentions
    assert mentions[mentions[:, 0], 1].mean() == pytest.approx(0.55, abs=0.02)
    assert mentions[~mentions[:, 0], 1].mean() == pytest.approx(0.10, abs=0.01)


def test_silence_tagging_and_tone(population):
    told = replace(population, comment_rates=(0.65, 0.35, 0.45), recall=(0.9, 0.7, 0.5), precision=0.8)
    survey = told.draw(60_000, 1)
    for rate, inside in zip((0.65, 0.35, 0.45), ((0, 6), (7, 8), (9, 10)), strict=True):
        who = (survey.score >= inside[0]) & (survey.score <= inside[1])
        assert survey.commented[who].mean() == pytest.approx(rate, abs=0.02)
    assert not survey.coded[~survey.commented].any()
    spoken = survey.mentions & survey.commented[:, None]
    assert spoken[survey.coded].mean() == pytest.approx(0.8, abs=0.01)
    unhappy, happy = survey.score <= 6, survey.score >= 9
    assert survey.coded[unhappy][spoken[unhappy]].mean() == pytest.approx(0.9, abs=0.02)
    assert survey.coded[happy][spoken[happy]].mean() == pytest.approx(0.5, abs=0.02)
    assert (np.isfinite(survey.tone) == survey.coded).all()


@pytest.mark.parametrize(("halo", "agree"), [(0.0, 1.0), (1.0, None)])
def test_the_tone_is_the_experience_or_the_mood(halo, agree):
    survey = replace(world(many_themes(20), "halo"), halo=halo).draw(3_000, 1)
    spoken, good = survey.mentions, survey.tone > 0
    if agree == 1.0:
        assert (good[spoken] == survey.customers.good[spoken]).all()
    else:
        promoters, detractors = survey.score >= 9, survey.score <= 6
        assert good[promoters][spoken[promoters]].all() and not good[detractors][spoken[detractors]].any()


def test_worlds_do_what_they_say(population):
    names = ("plain", "null", "interactions", "omitted", "thresholds", "strong", "halo", "tagging")
    made = {name: world(many_themes(20), name) for name in names}
    assert (made["null"].true_effects(5_000) == 0).all()
    assert made["strong"].true_effects(50_000).min() < 1.4 * made["plain"].true_effects(50_000).min()
    piled = made["thresholds"].draw(20_000, 1).score
    assert np.isin(piled, [10, 8, 5, 0]).mean() > 0.8
    assert made["tagging"].precision == 0.8
    assert len(made["interactions"].interactions) == 2
    assert sum(theme.felt_by is not None for theme in made["interactions"].themes) == 1
    with pytest.raises(ConfigError, match="plain, null, interactions"):
        world(population, "sunny")


def test_an_omitted_cause_blames_themes_for_what_it_does():
    blamed = world(replace(many_themes(20), strength=0.0), "omitted")
    survey = blamed.draw(30_000, 1)
    drivers = vb.rank_drivers(survey.mention_table, survey.score, survey.segments)
    effect = drivers.table.set_index("theme_id")["effect"]
    assert effect["T18"] < -1 and abs(effect["T19"]) < 1
    assert (blamed.true_effects(5_000) == 0).all()
