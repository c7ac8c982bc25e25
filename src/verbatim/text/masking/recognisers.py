"""Presidio's pattern recognisers, one by one and once a process: no model, no network, no text in its logs.

Source: presidio-analyzer (Microsoft); phone numbers: libphonenumber's metadata.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

# National numbers that presidio checks by their check digits and that look like nothing else.
NATIONAL = (
    "EsNifRecognizer", "EsNieRecognizer", "ItFiscalCodeRecognizer", "InAadhaarRecognizer",
    "FiPersonalIdentityCodeRecognizer", "SePersonnummerRecognizer", "SgFinRecognizer", "KrRrnRecognizer",
    "InPanRecognizer", "UsSsnRecognizer",
)  # fmt: skip


def found_by(recogniser: EntityRecognizer, text: str, least: float) -> list[tuple[int, int]]:
    """Bounds of what a recogniser is sure of, 0-1."""
    results = recogniser.analyze(text, recogniser.supported_entities, None)
    return [(result.start, result.end) for result in results if result.score >= least]


@lru_cache(maxsize=8)
def recogniser(name: str, regions: tuple[str, ...] = ()) -> EntityRecognizer:
    """Return the recogniser of a class name of presidio's; ``regions`` are for phone numbers."""
    from presidio_analyzer import predefined_recognizers as presidio

    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)  # it logs the texts that it fails on
    if name == "PhoneRecognizer":
        return presidio.PhoneRecognizer(supported_regions=regions)
    if name == "EmailRecognizer":

        class Email(presidio.EmailRecognizer):  # type: ignore[misc]
            """Presidio's own would download a list of suffixes to check the domain."""

            def validate_result(self, pattern_text: str) -> bool:
                return not pattern_text.rpartition(".")[2].isdigit()

        return Email()
    return getattr(presidio, name)()


@lru_cache(maxsize=1)
def national() -> Sequence[EntityRecognizer]:
    """Return the recognisers of national numbers."""
    from presidio_analyzer import predefined_recognizers as presidio

    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
    return [getattr(presidio, name)() for name in NATIONAL]
