"""How good and how quick the packaged encoder is: what the model card states.

    python -m benchmarks.encoder --data DIR

Quality: agreement (AMI) of k-means with 77 clusters, mean of five starts, with the 77 intents of banking77. Speed:
telco's comments with their spans, and banking77's questions alone, with no cache. Sameness: the same spans read again
in another order and beside other comments, byte for byte.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.measures import mutual_information
from benchmarks.sets import as_survey, banking77, telco
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.split import split_comments

SOME = 1000


def agreement(vectors: NDArray[np.float32], truth: NDArray[np.intp]) -> float:
    """AMI of k-means with the true number of clusters, mean of five starts."""
    from sklearn.cluster import KMeans

    k = len(np.unique(truth))
    found = [KMeans(k, n_init=1, random_state=seed).fit(vectors).labels_ for seed in range(5)]
    return float(np.mean([mutual_information(truth, labels) for labels in found]))


def pooled(encoder: Encoder, comments: tuple[str, ...]) -> tuple[int, float]:
    """Spans of comments, and the seconds to read the comments and pool the spans."""
    table = split_comments(as_survey(comments)).table
    places = np.column_stack([table["response_id"].astype(int), table["start"], table["end"]]).astype(np.int64)
    start = time.perf_counter()
    encoder.encode(comments, places)
    return len(table), time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoder", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with telco/ and themes/")
    data = parser.parse_args().data
    encoder = load_encoder(EncoderOptions(cache=""))
    questions, comments = banking77(data), telco(data).texts[:SOME]
    start = time.perf_counter()
    vectors = encode_alone(encoder, questions.texts)
    alone = len(questions.texts) / (time.perf_counter() - start)
    n_spans, seconds = pooled(encoder, comments)
    again = encode_alone(encoder, questions.texts[:100][::-1])[::-1]
    table = Table(title=f"{encoder.card.name}, {encoder.card.dim} dimensions", title_justify="left")
    table.add_column("measure")
    table.add_column("value", justify="right")
    truth = pd.factorize(pd.Series(questions.single()))[0]
    table.add_row("banking77: AMI of k-means, 77 clusters", f"{agreement(vectors, truth):.3f}")
    table.add_row("banking77: questions a second, alone", f"{alone:,.0f}")
    table.add_row(f"telco: comments a second, {n_spans / SOME:.1f} spans each, in context", f"{SOME / seconds:,.0f}")
    table.add_row("reversed, in other company: same bytes", "yes" if np.array_equal(again, vectors[:100]) else "no")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
