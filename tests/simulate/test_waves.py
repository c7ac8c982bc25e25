"""Two waves: contributions sum to the change, turn their sign on the way back, and are those of the changes."""

import numpy as np
import pytest

from verbatim.errors import ConfigError
from verbatim.simulate import (
    MixChange,
    PlantedTheme,
    Population,
    SeverityChange,
    ShareChange,
    SimulationOptions,
    TwoWaves,
    many_themes,
    simulate_survey,
    simulate_waves,
)

MIX = MixChange("plan", {"A": 0.2, "B": 0.6, "C": 0.2})
WAVES = TwoWaves(many_themes(6), (ShareChange("T05", 0.4), SeverityChange("T04", -4.0), MIX))


def test_contributions_sum_to_the_change():
    parts = WAVES.true_contributions(20_000)
    assert parts.sum() == pytest.approx(WAVES.true_change(20_000), abs=1e-9)
    assert parts[2] < -2  # customers of plan B score lower


def test_the_way_back_has_the_sign_turned():
    themes = {theme.key: theme for theme in WAVES.before.themes}
    old = (ShareChange("T05", themes["T05"].share), SeverityChange("T04", themes["T04"].beta))
    back = TwoWaves(WAVES.after, (*old, MixChange("plan", WAVES.before.segments["plan"])))
    assert back.true_contributions(20_000) == pytest.approx(-WAVES.true_contributions(20_000), abs=1e-9)


def test_by_hand():
    # every mention makes a 6 of a 10: from 10 to 30 % of customers is 40 points
    waves = TwoWaves(Population((PlantedTheme("A", 0.1, -4.0),), base=10.0, noise=0.0), (ShareChange("A", 0.3),))
    assert waves.true_contributions(200_000)[0] == pytest.approx(-40, abs=0.5)


def test_changes_of_what_is_not_there_are_refused():
    with pytest.raises(ConfigError, match="T05"):
        TwoWaves(many_themes(6), (ShareChange("T99", 0.1),)).true_change(100)
    with pytest.raises(ConfigError, match="plan, region"):
        TwoWaves(many_themes(6), (MixChange("country", {"X": 1.0}),)).true_change(100)
    with pytest.raises(ConfigError, match="sum to 1"):
        TwoWaves(many_themes(6), (MixChange("plan", {"A": 0.5, "B": 0.2, "C": 0.2}),)).true_change(100)


def test_two_waves_with_words():
    options = SimulationOptions(n=400, seed=5)
    waves = simulate_waves(options, population=20_000)
    assert waves.first.table.equals(simulate_survey(options).table)
    assert not set(waves.first.table["response_id"]) & set(waves.second.table["response_id"])
    assert waves.second.table["date"].min() > waves.first.table["date"].max()
    assert (waves.second.table["region"] == "London").mean() > 0.3
    told = waves.changes
    assert told["change"].tolist() == ["share", "severity", "mix", "all"]
    assert told["true_contribution"].iloc[:3].sum() == pytest.approx(told["true_contribution"].iloc[3])
    assert np.sign(told["true_contribution"].iloc[:3]).tolist() == [1, -1, -1]


def test_few_themes_have_only_their_own_changes():
    waves = simulate_waves(SimulationOptions(n=60, n_themes=2), population=2_000)
    assert waves.changes["of"].tolist() == ["late_delivery", "region", "NPS"]
