"""Precision of telco's themes, from assignments that a person read and judged.

    python -m benchmarks.judged --data DIR --out FILE     100 random assignments to read, as CSV
    python -m benchmarks.judged --data DIR --keep FILE    keep the verdicts: opaque ids and theme names, no text

Fill the column ``verdict`` of FILE with right or wrong between the two. The customers' words stay in FILE; what is kept
in ``judged_telco.csv`` can be scored by anyone who has the data, as long as themes keep their names.
"""

import argparse
import hashlib
from pathlib import Path

import pandas as pd

from benchmarks.contenders import Found, fit_verbatim
from benchmarks.sets import telco
from verbatim.text.encoder import EncoderOptions, load_encoder

KEPT = Path(__file__).with_name("judged_telco.csv")
ASSIGNMENTS = 100


def assignments(found: Found, texts: tuple[str, ...]) -> pd.DataFrame:
    """Every span and theme: ``id`` (hash of place, theme and comment), ``span``, ``comment``, ``theme``; by id."""
    table = found.spans.table[found.spans.table["theme_id"].notna()]
    names = {theme.theme_id: theme.name for theme in found.themes.themes}
    comments = [texts[int(response)] for response in table["response_id"]]
    places = zip(comments, table["start"], table["theme_id"].map(names), strict=True)
    ids = [_opaque(f"{start}\0{theme}\0{text}") for text, start, theme in places]
    columns = {"id": ids, "span": table["text"], "comment": comments, "theme": table["theme_id"].map(names)}
    return pd.DataFrame(columns).drop_duplicates("id").sort_values("id", ignore_index=True)


def _opaque(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()[:16]


def precision(found: Found, texts: tuple[str, ...], file: Path = KEPT) -> tuple[float, int]:
    """Share of the judged assignments that were right, and how many of them still stand.

    Only assignments that this fit repeats, the same span under the same theme name, count.
    """
    judged = pd.read_csv(file)
    standing = judged.merge(assignments(found, texts), on=["id", "theme"])
    return float((standing["verdict"] == "right").mean()), len(standing)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judged", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with telco/telco_nps.csv")
    does = parser.add_mutually_exclusive_group(required=True)
    does.add_argument("--out", type=Path, metavar="FILE", help="write assignments to judge")
    does.add_argument("--keep", type=Path, metavar="FILE", help="keep the verdicts of a judged file")
    chosen = parser.parse_args()
    if chosen.keep:
        pd.read_csv(chosen.keep)[["id", "theme", "verdict"]].to_csv(KEPT, index=False)
        return
    texts = telco(chosen.data).texts
    every = assignments(fit_verbatim(texts, load_encoder(EncoderOptions())), texts)
    every.head(ASSIGNMENTS).assign(verdict="").to_csv(chosen.out, index=False)  # by hash: random, yet repeatable


if __name__ == "__main__":
    main()
