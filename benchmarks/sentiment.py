"""How well sentiment learned from a survey's scores agrees with what people say of the same words.

    python -m benchmarks.sentiment --data DIR

Two tables. *Sentences*: labelled sentences join the telco survey as responses without a score, so the package's own
`score_sentiment` reads them with models that learned from telco's scores alone: no label and no sentence of theirs is
ever learned from, though the lexicon teaches the vectors on their words too, as it would on any survey's. VADER, a
lexicon, stands beside it. *Aspects*: reviews with ratings of single aspects; the overall rating is the score, a
codebook of the aspect names guides the themes, and the sentiment of an aspect's mention is set beside the customer's
own rating of it, which nothing else has seen.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import verbatim as vb
from benchmarks.aspects import MEAN_GOAL, agreements
from benchmarks.sets import semeval14_polarity
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import EncoderOptions, load_encoder
from verbatim.text.sentiment import SentimentOptions, score_sentiment
from verbatim.text.split import split_comments

GOALS = {"amazon": 0.965, "yelp": 0.96, "SemEval-14": 0.92}


def sentences(data: Path) -> Iterator[tuple[str, list[str], NDArray[np.bool_]]]:
    """Name, sentences and whether each speaks well, of the labelled sets."""
    for name, file in (("amazon", "amazon_cells_labelled.txt"), ("yelp", "yelp_labelled.txt")):
        lines = (data / "sentiment" / file).read_text(encoding="utf-8").split("\n")
        pairs = [line.rsplit("\t", 1) for line in lines if "\t" in line]
        yield name, [text.strip() for text, _ in pairs], np.array([label.strip() == "1" for _, label in pairs])
    yield "SemEval-14", *semeval14_polarity(data)


def learned(data: Path, texts: list[str]) -> pd.DataFrame:
    """Sentiment of texts, learned from telco's scores, one row a text.

    ``spans``, ``spans, no lexicon``: mean over the text's spans by their length. ``whole``, ``whole, no lexicon``: the
    package's reading of the whole comment.
    """
    table = pd.read_csv(data / "telco" / "telco_nps.csv", encoding="utf-8", encoding_errors="replace", dtype=str)
    known = pd.DataFrame({"id": [f"t{row}" for row in range(len(table))], "score": table["NPS_SCORE"]})
    known["comment"] = table["text"]
    asked = pd.DataFrame({"id": [f"s{row:06d}" for row in range(len(texts))], "score": None, "comment": texts})
    both = pd.concat([known, asked.astype({"score": "str"})], ignore_index=True)
    survey = vb.read_survey(both, response_id="id", score="score", comment="comment", segments=[])
    encoder, spans = load_encoder(EncoderOptions()), split_comments(survey)
    embedding = embed_spans(survey, spans, encoder=encoder)
    found = {}
    for lexicon in (True, False):
        read, reading = score_sentiment(survey, spans, embedding, encoder, "en", SentimentOptions(lexicon=lexicon))
        assert reading.learned, reading.notes
        told, ids = read.table, read.table["response_id"]
        weight, without = told["text"].str.len(), "" if lexicon else ", no lexicon"
        found[f"spans{without}"] = (told["sentiment"] * weight).groupby(ids).sum() / weight.groupby(ids).sum()
        found[f"whole{without}"] = reading.comments.set_index("response_id")["sentiment"]
    return pd.DataFrame(found).reindex(asked["id"]).fillna(0.0)


def lexicon_alone(texts: list[str]) -> NDArray[np.float64]:
    """VADER's compound score (n_texts,)."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

    judge = SentimentIntensityAnalyzer()
    return np.array([judge.polarity_scores(text)["compound"] for text in texts])


def area(score: NDArray[np.float64], speaks_well: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: the chance that a sentence that speaks well is scored above one that does not."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(speaks_well, score))


def of_sentences(data: Path) -> Table:
    """Return the first table."""
    columns = ("spans, no lexicon", "whole, no lexicon", "spans", "whole")
    table = Table(title="Labelled sentences: area under the ROC curve", title_justify="left")
    for heading in ("set", "sentences", "VADER alone", *columns, "goal", "by the whole"):
        table.add_column(heading)
    for name, texts, truth in sentences(data):
        ours = learned(data, texts)
        areas = [area(ours[column].to_numpy(), truth) for column in columns]
        reached = "reached" if areas[-1] >= GOALS[name] else "MISSED"
        figures = [f"{each:.3f}" for each in (area(lexicon_alone(texts), truth), *areas)]
        table.add_row(name, f"{len(texts):,}", *figures, f">= {GOALS[name]:.3f}", reached)
    return table


def of_aspects(data: Path) -> Table:
    """Return the second table."""
    table = Table(
        title="Aspects: Pearson r of a mention's sentiment with the customer's own rating", title_justify="left"
    )
    for heading in ("set", "aspect", "rated mentions", "VADER", "verbatim", "overall rating itself"):
        table.add_column(heading)
    found = agreements(data)
    for row in found.itertuples(index=False):
        table.add_row(row.set, row.aspect, f"{row.n:,}", f"{row.vader:.2f}", f"{row.ours:.2f}", f"{row.overall:.2f}")
    means = found[["vader", "ours", "overall"]].mean()
    reached = "reached" if means["ours"] >= MEAN_GOAL else "MISSED"
    table.add_row("mean", f"goal >= {MEAN_GOAL:.2f}: {reached}", "", *(f"{mean:.3f}" for mean in means))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentiment", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with telco/, sentiment/, themes/ and reviews/")
    data = parser.parse_args().data
    console = Console(width=130)
    console.print(of_sentences(data))
    console.print(of_aspects(data))


if __name__ == "__main__":
    main()
