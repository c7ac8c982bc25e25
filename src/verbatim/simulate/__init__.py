"""Simulated surveys whose drivers are known: what `verbatim demo` analyses and `verbatim simulate` writes."""

from verbatim.simulate.coded import CodedSurvey
from verbatim.simulate.population import Companion, Customers, Interaction, PlantedTheme, Population
from verbatim.simulate.recovery import found_beside_planted
from verbatim.simulate.supermarket import SimulationOptions
from verbatim.simulate.survey import SimulatedSurvey, SimulatedWaves, simulate_survey, simulate_waves
from verbatim.simulate.waves import MixChange, SeverityChange, ShareChange, TwoWaves
from verbatim.simulate.worlds import WorldName, checked_world, many_themes, world

__all__ = [
    "CodedSurvey",
    "Companion",
    "Customers",
    "Interaction",
    "MixChange",
    "PlantedTheme",
    "Population",
    "SeverityChange",
    "ShareChange",
    "SimulatedSurvey",
    "SimulatedWaves",
    "SimulationOptions",
    "TwoWaves",
    "WorldName",
    "checked_world",
    "found_beside_planted",
    "many_themes",
    "simulate_survey",
    "simulate_waves",
    "world",
]
