"""How well a student imitates the packaged encoder, and how quickly: both in the same run.

    python -m benchmarks.student --data DIR

banking77: the student is taught on some of the 10,003 questions set aside for training and reads the 3,080 others,
which it never saw; agreement (AMI) of k-means with 77 clusters, mean of five starts, with the 77 intents. telco: it is
taught on 1,000 of the comments; k-means of its vectors of the other comments' spans against the themes that the
teacher's own vectors give (`find_themes`), and those themes recognised from the student's vectors. Speeds are spans a
second of processor time, texts all different.
"""

import argparse
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.encoder import agreement as k_means
from benchmarks.measures import mutual_information
from benchmarks.sets import as_survey, banking77, banking77_whole, telco
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.text.split import split_comments
from verbatim.text.teaching import agreement, covering, places_among, teach
from verbatim.themes.discover import apply_themes, find_themes

TAUGHT = EncoderOptions().taught
TELCO_TAUGHT = 1_000


def rate(encoder: Encoder, texts: Sequence[str]) -> float:
    """Texts a second of processor time."""
    start = time.process_time()
    encode_alone(encoder, texts)
    return len(texts) / (time.process_time() - start)


def on_banking77(data: Path, teacher: Encoder, table: Table) -> None:
    whole, unseen = banking77_whole(data), banking77(data)
    learned = [text for text in whole.texts[: len(whole.texts) - len(unseen.texts)] if text not in set(unseen.texts)]
    places = np.array([(row, 0, len(text)) for row, text in enumerate(learned)], dtype=np.int64)
    start = time.process_time()
    student, _ = teach(teacher, learned, partial(places_among, learned, places), learned, TAUGHT)
    seconds = time.process_time() - start
    truth = pd.factorize(pd.Series(unseen.single()))[0]
    vectors = {name: encode_alone(each, unseen.texts) for name, each in (("teacher", teacher), ("student", student))}
    ours, theirs = k_means(vectors["student"], truth), k_means(vectors["teacher"], truth)
    alike = agreement(vectors["student"], vectors["teacher"])
    table.add_row(
        "banking77, unseen: AMI of k-means", f"{theirs:.3f}", f"{ours:.3f}", f"{ours / theirs:.1%}", ">= 97 %"
    )
    table.add_row("  cosine; ten nearest the same", "", f"{alike.cosine:.2f}; {alike.neighbours:.0%}", "", "")
    slow, quick = rate(load_encoder(EncoderOptions(cache="")), whole.texts[:300]), rate(student, whole.texts)
    table.add_row("  texts a second", f"{slow:,.0f}", f"{quick:,.0f}", f"{quick / slow:.0f} x", ">= 15,000")
    table.add_row(f"  seconds to teach, {2 * TAUGHT:,} texts", "", f"{seconds:.0f}", "", "")


def on_telco(data: Path, teacher: Encoder, table: Table) -> None:
    texts = telco(data).texts
    survey = as_survey(texts)
    spans = split_comments(survey)
    exact = embed_spans(survey, spans, EncoderOptions(speed="exact"), teacher)
    fast = embed_spans(
        survey, spans, EncoderOptions(speed="fast", taught=TELCO_TAUGHT, min_agreement=0), teacher
    )  # fmt: skip
    _, themes = find_themes(spans, exact, teacher)
    one, other = (apply_themes(spans, each, teacher, themes.model)[0].table for each in (exact, fast))
    labels, theirs = (_first_theme(each, spans.table) for each in (one, other))
    seen = set(covering(set(texts), TELCO_TAUGHT))
    unseen = np.array([texts[int(row)] not in seen for row in spans.table["response_id"]]) & (labels >= 0)
    k_teacher, k_student = (k_means(each.in_context[unseen], labels[unseen]) for each in (exact, fast))
    ratio = f"{k_student / k_teacher:.1%}"
    table.add_row("telco, unseen: AMI of k-means, themes", f"{k_teacher:.3f}", f"{k_student:.3f}", ratio, ">= 97 %")
    same = mutual_information(labels[unseen], theirs[unseen])
    table.add_row(
        "  themes recognised: AMI; the same", "", f"{same:.3f}; {(labels == theirs)[unseen].mean():.0%}", "", ""
    )
    for name, each in fast.pace.agreement.items():
        table.add_row(f"  held out, {name}: cosine; nearest", "", f"{each.cosine:.2f}; {each.neighbours:.0%}", "", "")


def _first_theme(table: pd.DataFrame, spans: pd.DataFrame) -> NDArray[np.intp]:
    """Row number of each span's likest theme, -1 for none."""
    first = table.drop_duplicates(["response_id", "start", "end"]).set_index(["response_id", "start", "end"])[
        "theme_id"
    ]
    found = first.loc[list(zip(spans["response_id"], spans["start"], spans["end"], strict=True))]
    return np.asarray(pd.factorize(found, sort=True)[0], dtype=np.intp)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.student", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with telco/ and themes/")
    parser.add_argument("--cache", default="", help="folder of a vector cache for the teacher; none by default")
    given = parser.parse_args()
    teacher = load_encoder(EncoderOptions(cache=given.cache))
    table = Table(title="Teacher and student, one run", title_justify="left")
    for heading in ("measure", "teacher", "student", "ratio", "goal"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    on_banking77(given.data, teacher, table)
    on_telco(given.data, teacher, table)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
