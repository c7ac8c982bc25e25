"""Themes in open-ended NPS comments, attached to scores and segments, ranked by their effect on NPS."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verbatim.drivers.planning.power import power
    from verbatim.drivers.planning.what_if import what_if
    from verbatim.drivers.rank import rank_drivers
    from verbatim.drivers.tagging.correction import correct_for_tagging
    from verbatim.nps import Nps, net_promoter_score
    from verbatim.pipeline import analyze
    from verbatim.records import Analysis
    from verbatim.simulate import simulate_survey
    from verbatim.survey.read import read_survey
    from verbatim.themes.model import ThemeModel
    from verbatim.vectorizer import ThemeVectorizer
    from verbatim.waves.compare import compare
    from verbatim.waves.tracker import track

__version__ = "0.1.0"

_HOMES = {
    "Analysis": "verbatim.records",
    "Nps": "verbatim.nps",
    "ThemeModel": "verbatim.themes.model",
    "ThemeVectorizer": "verbatim.vectorizer",
    "analyze": "verbatim.pipeline",
    "compare": "verbatim.waves.compare",
    "correct_for_tagging": "verbatim.drivers.tagging.correction",
    "net_promoter_score": "verbatim.nps",
    "power": "verbatim.drivers.planning.power",
    "rank_drivers": "verbatim.drivers.rank",
    "read_survey": "verbatim.survey.read",
    "simulate_survey": "verbatim.simulate",
    "track": "verbatim.waves.tracker",
    "what_if": "verbatim.drivers.planning.what_if",
}
__all__ = [
    "Analysis",
    "Nps",
    "ThemeModel",
    "ThemeVectorizer",
    "analyze",
    "compare",
    "correct_for_tagging",
    "net_promoter_score",
    "power",
    "rank_drivers",
    "read_survey",
    "simulate_survey",
    "track",
    "what_if",
]


def __getattr__(name: str) -> Any:
    """Import a public name the first time it is used, so that ``import verbatim`` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'verbatim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
