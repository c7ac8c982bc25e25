"""How texts speak by the words that dictionaries of opinion list: the one place that knows which languages have one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verbatim.side_by_side import each_by_itself

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

# Praise of what is wished for, supposed or used as a yardstick says nothing good of what was had.
_UNREAL = re.compile(
    r"\b(?:could|should|would (?:have|be|been|like|prefer)|expect(?:ed|ing)?|hop(?:ed|ing)|wish(?:ed)?|used to|supposed"
    r"|if|than|instead|elsewhere|at best|not as)\b|n't as\b",
    re.IGNORECASE,
)
_YET_REAL = re.compile(
    r"\b(?:than (?:i |we )?(?:expected|ever|hoped)|nothing|can't|cannot|couldn't)\b", re.IGNORECASE
)  # "better than expected", "couldn't be better"
_APOSTROPHE = re.compile("(?<=[A-Za-z])[\u2019\ufffd](?=[a-z])")  # curly, or lost in the export


def has_lexicon(language: str) -> bool:
    """Tell whether a language has dictionaries of opinion here; English alone does."""
    return language == "en"


def read_lexicon(texts: Sequence[str], language: str = "en") -> NDArray[np.float64] | None:
    """Tone (n_texts,), -1..1, by dictionaries of opinion; 0 where no word is listed, None for a language without one.

    The mean of two: VADER, which knows negation, emphasis and "but", and the adjectives of the pattern library that
    TextBlob bundles. Praise in a text that wishes, supposes or compares is blocked.

    Source
    ------
    Hutto & Gilbert (2014), "VADER"; De Smedt & Daelemans (2012), "Pattern for Python"; blocking: Taboada et al. (2011),
    "Lexicon-Based Methods for Sentiment Analysis", section 2.4.

    Examples
    --------
    >>> tones = read_lexicon(["Great service", "The service could be great", "Terrible service", "It came on Monday"])
    >>> [float(np.sign(tone)) for tone in tones]
    [1.0, 0.0, -1.0, 0.0]
    """
    if not has_lexicon(language):
        return None
    distinct = list(dict.fromkeys(texts))
    tone = dict(zip(distinct, each_by_itself(_tones, distinct), strict=True))
    return np.array([tone[text] for text in texts], dtype=np.float64)


def _tones(texts: Sequence[str]) -> list[float]:
    from textblob.en import sentiment

    tones = []
    for text in texts:
        said = _APOSTROPHE.sub("'", text)
        tone = (_vader().polarity_scores(said)["compound"] + sentiment(said)[0]) / 2
        tones.append(0.0 if tone > 0 and _is_unreal(said) else float(tone))
    return tones


def _is_unreal(text: str) -> bool:
    return _UNREAL.search(text) is not None and _YET_REAL.search(text) is None


@lru_cache(maxsize=1)
def _vader() -> SentimentIntensityAnalyzer:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
