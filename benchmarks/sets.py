"""The sets the benchmarks read from ``--data DIR``, and the plain survey that any list of texts makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import verbatim as vb
from verbatim.records import Survey
from verbatim.text.redact import redact

# A comment of these words alone says nothing. A fixed rule, the same for everyone who is measured.
_SAYS_NOTHING = frozenset(
    {"a", "applicable", "comment", "comments", "n", "na", "nil", "no", "none", "not", "nothing", "null", "stop"}
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts and, where people labelled them, the set of categories of each."""

    name: str
    texts: tuple[str, ...]
    categories: tuple[frozenset[str], ...] = ()

    def take(self, rows: NDArray[np.intp]) -> Texts:
        """Return the set reduced to these rows, in this order."""
        kept = [self.categories[row] for row in rows] if self.categories else []
        return Texts(self.name, tuple(self.texts[row] for row in rows), tuple(kept))

    def single(self) -> list[str]:
        """Return the one category of each text."""
        return [next(iter(found)) for found in self.categories]

    def indicator(self) -> NDArray[np.bool_]:
        """0/1 table (n_texts, n_categories), categories in alphabetical order."""
        names = sorted(frozenset().union(*self.categories))
        return np.array([[name in found for name in names] for found in self.categories])


def says_nothing(text: str) -> bool:
    """Tell whether a comment has no word, or none but "stop", "none", "nothing", "n/a" and their like.

    Examples
    --------
    >>> [says_nothing(text) for text in ("10", "N/A", "no comment", "Nothing works")]
    [True, True, True, False]
    """
    return all(word.lower() in _SAYS_NOTHING for word in _WORD.findall(text))


def telco(data: Path) -> Texts:
    """Comments with words of the telco survey, read and redacted as a run would."""
    survey = redact(vb.read_survey(data / "telco" / "telco_nps.csv"))
    comments = survey.responses["comment"].dropna()
    return Texts("telco", tuple(text for text in comments if not says_nothing(text)))


def banking77(data: Path) -> Texts:
    """Customer questions of one intent each, 77 intents."""
    table = pd.read_csv(data / "themes" / "banking77_test.csv")
    return Texts("banking77", tuple(table["text"]), tuple(frozenset({name}) for name in table["category"]))


def banking77_whole(data: Path) -> Texts:
    """All 13,083 questions, those that were set aside for training too."""
    tables = [pd.read_csv(data / "themes" / f"banking77_{part}.csv") for part in ("train", "test")]
    table = pd.concat(tables, ignore_index=True)
    return Texts("banking77, all", tuple(table["text"]), tuple(frozenset({name}) for name in table["category"]))


def mams(data: Path) -> Texts:
    """Restaurant sentences of two categories or more."""
    return _aspects("MAMS", data / "themes" / "mams_acsa_train.xml")


def semeval14(data: Path) -> Texts:
    """Restaurant sentences of one category or more."""
    return _aspects("SemEval-14", data / "themes" / "semeval14_restaurants_train.xml")


def semeval14_polarity(data: Path) -> tuple[list[str], NDArray[np.bool_]]:
    """Sentences of one polarity, positive or negative, and whether it is positive."""
    texts, positive = [], []
    for sentence in ElementTree.parse(data / "themes" / "semeval14_restaurants_train.xml").getroot():
        found = {tag.get("polarity") for tag in sentence.iter("aspectCategory")}
        if found in ({"positive"}, {"negative"}):
            texts.append((sentence.findtext("text") or "").strip())
            positive.append(found == {"positive"})
    return texts, np.array(positive)


def _aspects(name: str, file: Path) -> Texts:
    sentences = list(ElementTree.parse(file).getroot())
    found = [frozenset(str(tag.get("category")) for tag in one.iter("aspectCategory")) for one in sentences]
    return Texts(name, tuple((one.findtext("text") or "").strip() for one in sentences), tuple(found))


def as_survey(texts: Sequence[str]) -> Survey:
    """Make a survey of texts; response ids keep their order, and the scores, which themes never see, mean nothing."""
    rows = range(len(texts))
    ids, scores = [f"{row:06d}" for row in rows], [row % 11 for row in rows]
    table = pd.DataFrame({"id": ids, "score": scores, "comment": list(texts)})
    return vb.read_survey(table, response_id="id", score="score", comment="comment", segments=[])
