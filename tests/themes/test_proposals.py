"""New themes are proposed where there is something new, and not where there is nothing."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim import run_folder
from verbatim.report.options import ReportOptions
from verbatim.report.quotes import choose_proposed
from verbatim.simulate import SimulationOptions, simulate_survey

SAID = (
    "there is nowhere to park", "the car park was full", "parking is a nightmare", "could not find a parking space",
    "parking costs too much", "no parking near the shop", "the parking machine was broken", "got a parking ticket",
)  # fmt: skip


def wave(seed, extra=0):
    """Draw a survey in which some speak of parking, and half of those score 2."""
    table = simulate_survey(SimulationOptions(n=700, seed=seed)).table
    comment = next(column for column in table if table[column].astype("str").str.len().max() > 60)
    dice = np.random.default_rng(seed)
    rows = dice.choice(len(table), extra, replace=False)
    said = [f"{SAID[k % len(SAID)]} {place}" for k, place in enumerate(dice.choice(["", "again", "today"], extra))]
    table.loc[table.index[rows[::2]], "nps_score"] = 2
    table.loc[table.index[rows], comment] = pd.Series(said, index=table.index[rows], dtype="str")
    return vb.read_survey(table)


def test_a_new_theme_is_proposed_and_can_be_added(small_analysis, encoder, tmp_path):
    model = small_analysis.themes.model
    later = vb.analyze(wave(5, extra=40), model=model, encoder=encoder)
    found = [theme for theme in later.themes.proposed if "park" in theme.name.lower()]
    assert found and found[0].n_comments >= 25 and found[0].n_expected < 5 and found[0].p_value < 0.01
    assert all(isinstance(quote, str) and "park" in quote for quote in found[0].quotes[:3])
    told = found[0]
    assert told.n_scored == told.n_comments and told.nps_low <= told.nps <= told.nps_high < 0
    assert told.effect_low < told.effect < 0
    assert told.growth_points == pytest.approx(told.effect * (1 - told.n_expected / told.n_comments))
    spoke = later.spans.table[later.spans.table["span_id"].isin(told.spans)]
    assert spoke["response_id"].nunique() == told.n_comments
    assert spoke["text"].str.contains("park|car", case=False).mean() > 0.9
    folder = run_folder.write(later, tmp_path / "run", lambda folder: None)
    comments = later.survey.responses.set_index("response_id")["comment"]
    quotes = choose_proposed(later, ReportOptions())[later.themes.proposed.index(told)]
    assert quotes and all(quote.text in comments[quote.response_id] for quote in quotes)
    loaded = vb.Analysis.load(folder).themes.proposed
    assert [asdict(theme) for theme in loaded] == [asdict(theme) for theme in later.themes.proposed]
    assert pd.read_csv(folder / "proposed_themes.csv")["n_comments"].tolist()[0] == later.themes.proposed[0].n_comments
    added = model.add("Parking", found[0].quotes, encoder=encoder)
    again = vb.analyze(wave(5, extra=40), model=added, encoder=encoder)
    assert not any("park" in theme.name.lower() for theme in again.themes.proposed)
    theme_id = added.history[-1].made[0]
    assert (again.mentions.table["theme_id"] == theme_id).sum() >= 20


def test_nothing_is_proposed_where_nothing_is_new(small_survey, small_analysis, encoder):
    for survey in (small_survey, wave(6)):
        assert not vb.analyze(survey, model=small_analysis.themes.model, encoder=encoder).themes.proposed
