"""Languages the packaged encoder does not read: it beside the lexical encoder, on Portuguese and on a cipher."""

from __future__ import annotations

import argparse
import string
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import verbatim as vb
from benchmarks.contenders import Found, fit_verbatim
from benchmarks.measures import mutual_information, stability
from benchmarks.sets import as_survey, banking77
from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM
from verbatim.text.encoder import DEFAULT_MODEL, Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.lexical import LEXICAL, LexicalEncoder
from verbatim.text.redact import redact
from verbatim.text.split import SplitOptions, resolve_language, split_comments
from verbatim.text.vocabulary import words

# Every letter stands for another: a language of which no model has read a word, with people's labels all the same.
_CIPHER = str.maketrans(string.ascii_letters, "qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZXCVBNM")
_SMALL = 200

Contender = Callable[[Sequence[str]], Encoder]


@dataclass(frozen=True, slots=True, eq=False)
class Comments:
    """Comments of a survey in another language than English, and their scores."""

    texts: tuple[str, ...]
    score: NDArray[np.float64]


def portuguese(data: Path) -> Comments:
    """Comments of the Brazilian survey, read and redacted as a run would."""
    responses = redact(vb.read_survey(data / "ptbr" / "ptbr_nps.csv")).responses.dropna(subset=["comment", "score"])
    return Comments(tuple(responses["comment"]), responses["score"].to_numpy(dtype=float))


def learned(texts: Sequence[str]) -> Encoder:
    """Return the lexical encoder as a run learns it: from the spans and the whole comments of these texts."""
    survey = as_survey(texts)
    spans = split_comments(survey).table["text"].tolist()
    return LexicalEncoder.fit([*spans, *texts], resolve_language(survey, SplitOptions()))


def tells_scores(comments: Comments, encoder: Encoder) -> float:
    """AUC of telling promoters from detractors by the vectors of whole comments, out of five folds, each text once."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    spelling = pd.Series([" ".join(words(text)) for text in comments.texts])
    telling = (comments.score >= PROMOTER_FROM) | (comments.score < PASSIVE_FROM)
    rows = np.flatnonzero(~spelling.duplicated().to_numpy() & telling)
    vectors, promoter = encode_alone(encoder, [comments.texts[i] for i in rows]), comments.score[rows] >= PROMOTER_FROM
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=500)
    read = cross_val_predict(model, vectors.astype(np.float64), promoter, cv=folds, method="decision_function")
    return float(roc_auc_score(promoter, read))


def coherence(found: Found, texts: Sequence[str]) -> float:
    """Mean over themes of the mean NPMI of the pairs of their ten keywords, co-occurrence within a comment.

    Source: Bouma (2009), "Normalized (Pointwise) Mutual Information in Collocation Extraction".
    """
    holds: dict[str, set[int]] = {}
    for row, text in enumerate(texts):
        for word in words(text):
            holds.setdefault(word, set()).add(row)
    scores = []
    for theme in found.themes.themes:
        known = [holds[word] for word in theme.keywords if word in holds]
        if theme.kind == "subject" and len(known) > 1:
            scores.append(float(np.mean([_npmi(one, other, len(texts)) for one, other in combinations(known, 2)])))
    return float(np.mean(scores))


def _npmi(one: set[int], other: set[int], n: int) -> float:
    both = len(one & other)
    if both in (0, n):
        return float(both == n) * 2 - 1
    return float(np.log(both * n / (len(one) * len(other))) / -np.log(both / n))


def compared(comments: Comments, make: Contender, pairs: int) -> Iterator[tuple[str, str, float]]:
    """Every measure of one contender: set, measure, value."""
    texts = list(comments.texts)
    encoder = make(texts)
    found = fit_verbatim(texts, encoder)
    yield "ptbr", "AUC, promoter or detractor from the vectors", tells_scores(comments, encoder)
    yield "ptbr", "stability (AMI)", stability(len(texts), lambda rows: _main(texts, rows, make), pairs)
    yield "ptbr", "coherence of the keywords (NPMI)", coherence(found, texts)
    yield "ptbr", "comments without a theme", found.fit.without
    yield "ptbr", "themes", found.fit.n_themes
    rows = np.sort(np.random.default_rng(0).choice(len(texts), _SMALL, replace=False))
    few = Comments(tuple(texts[row] for row in rows), comments.score[rows])
    encoder = make(few.texts)
    small = fit_verbatim(few.texts, encoder)
    yield f"ptbr, {_SMALL}", "AUC, promoter or detractor from the vectors", tells_scores(few, encoder)
    yield f"ptbr, {_SMALL}", "comments without a theme", small.fit.without
    yield f"ptbr, {_SMALL}", "themes", small.fit.n_themes


def _main(texts: Sequence[str], rows: NDArray[np.intp], make: Contender) -> NDArray[np.intp]:
    taken = [texts[row] for row in rows]
    return fit_verbatim(taken, make(taken)).fit.main


def in_cipher(data: Path, make: Contender) -> tuple[str, str, float]:
    """AMI with the true intents of questions that are in a language no model has read."""
    known = banking77(data)
    texts, truth = [text.translate(_CIPHER) for text in known.texts], pd.factorize(pd.Series(known.single()))[0]
    return "banking77 in cipher", "AMI", mutual_information(truth, fit_verbatim(texts, make(texts)).fit.main)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with ptbr/ and themes/")
    parser.add_argument("--pairs", type=int, default=3, help="pairs of resamples for stability")
    parser.add_argument("--names", action="store_true", help="print the names of the themes of both, to be read")
    chosen = parser.parse_args()
    packaged = load_encoder(EncoderOptions(model=DEFAULT_MODEL))
    contenders: dict[str, Contender] = {DEFAULT_MODEL: lambda texts: packaged, LEXICAL: learned}
    comments = portuguese(chosen.data)
    columns = []
    for name, make in contenders.items():
        print(f"{name}: {len(comments.texts):,} comments", file=sys.stderr, flush=True)
        columns.append([*compared(comments, make, chosen.pairs), in_cipher(chosen.data, make)])
    table = Table("set", "measure", *contenders, title="Languages, every option at its default", title_justify="left")
    for lines in zip(*columns, strict=True):
        table.add_row(
            *lines[0][:2], *(f"{value:.0f}" if what == "themes" else f"{value:.3f}" for _, what, value in lines)
        )
    console = Console(width=130)
    console.print(table)
    if chosen.names:
        for name, make in contenders.items():
            themes = fit_verbatim(list(comments.texts), make(comments.texts)).themes.themes
            console.print(f"\n{name}: " + "; ".join(f"{theme.name} ({theme.n_spans})" for theme in themes))


if __name__ == "__main__":
    main()
