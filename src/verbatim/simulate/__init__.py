"""Simulated surveys whose drivers are known: what `verbatim demo` analyses and `verbatim simulate` writes."""

from verbatim.simulate.recovery import found_beside_planted
from verbatim.simulate.survey import SimulatedSurvey, simulate_survey
from verbatim.simulate.world import SimulationOptions

__all__ = ["SimulatedSurvey", "SimulationOptions", "found_beside_planted", "simulate_survey"]
