"""How well sentiment learned from a survey's scores orders sentences that people labelled.

    python -m benchmarks.sentiment --data DIR

The labelled sentences join the telco survey as responses without a score, so the package's own `score_sentiment` reads
them with models that learned from telco's scores alone: no label and no sentence of theirs is ever learned from.
VADER, a lexicon, stands beside it where vaderSentiment is installed, and the plain mean of the two ranks.
"""

import argparse
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import verbatim as vb
from benchmarks.sets import semeval14_polarity
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import EncoderOptions, load_encoder
from verbatim.text.sentiment import score_sentiment
from verbatim.text.split import split_comments

GOALS = {"amazon": 0.965, "yelp": 0.96, "SemEval-14": 0.92}


def sentences(data: Path) -> Iterator[tuple[str, list[str], NDArray[np.bool_]]]:
    """Name, sentences and whether each speaks well, of the labelled sets."""
    for name, file in (("amazon", "amazon_cells_labelled.txt"), ("yelp", "yelp_labelled.txt")):
        lines = (data / "sentiment" / file).read_text(encoding="utf-8").split("\n")
        pairs = [line.rsplit("\t", 1) for line in lines if "\t" in line]
        yield name, [text.strip() for text, _ in pairs], np.array([label.strip() == "1" for _, label in pairs])
    yield "SemEval-14", *semeval14_polarity(data)


def learned(data: Path, texts: list[str]) -> NDArray[np.float64]:
    """Sentiment (n_texts,) of texts, learned from telco's scores: mean over a text's spans by their length."""
    table = pd.read_csv(data / "telco" / "telco_nps.csv", encoding="utf-8", encoding_errors="replace", dtype=str)
    known = pd.DataFrame({"id": [f"t{row}" for row in range(len(table))], "score": table["NPS_SCORE"]})
    known["comment"] = table["text"]
    asked = pd.DataFrame({"id": [f"s{row:06d}" for row in range(len(texts))], "score": None, "comment": texts})
    whole = pd.concat([known, asked.astype({"score": "str"})], ignore_index=True)
    survey = vb.read_survey(whole, response_id="id", score="score", comment="comment", segments=[])
    encoder, spans = load_encoder(EncoderOptions()), split_comments(survey)
    scored, fallback = score_sentiment(survey, spans, embed_spans(survey, spans, encoder=encoder), encoder)
    assert fallback is None, fallback
    weight = scored.table["text"].str.len()
    sums = (scored.table["sentiment"] * weight).groupby(scored.table["response_id"]).sum()
    means = sums / weight.groupby(scored.table["response_id"]).sum()
    return means.reindex(asked["id"]).fillna(0.0).to_numpy()


def lexicon(texts: list[str]) -> NDArray[np.float64] | None:
    """VADER's compound score (n_texts,), None where it is not installed."""
    if find_spec("vaderSentiment") is None:
        return None
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

    judge = SentimentIntensityAnalyzer()
    return np.array([judge.polarity_scores(text)["compound"] for text in texts])


def area(score: NDArray[np.float64], speaks_well: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: the chance that a sentence that speaks well is scored above one that does not."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(speaks_well, score))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentiment", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with telco/, sentiment/ and themes/")
    data = parser.parse_args().data
    table = Table(title="Sentiment: area under the ROC curve", title_justify="left")
    for heading in ("set", "sentences", "lexicon (VADER)", "verbatim", "mean of both", "goal", ""):
        table.add_column(heading)
    for name, texts, truth in sentences(data):
        ours, theirs = learned(data, texts), lexicon(texts)
        beside = "", ""
        if theirs is not None:
            both = pd.Series(ours).rank() + pd.Series(theirs).rank()
            beside = f"{area(theirs, truth):.3f}", f"{area(np.asarray(both, dtype=np.float64), truth):.3f}"
        reached = "reached" if area(ours, truth) >= GOALS[name] else "MISSED"
        size, goal = f"{len(texts):,}", f">= {GOALS[name]:.3f}"
        table.add_row(name, size, beside[0], f"{area(ours, truth):.3f}", beside[1], goal, reached)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
