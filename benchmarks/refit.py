"""Whether themes keep their ids when a model is fitted again, and whether new ones are proposed by chance.

    python -m benchmarks.refit --data DIR

Telco. A model is found in 90 % of the comments and fitted again to all of them; of the old comments, the share that
still speak of every theme (by id) they spoke of. And proposals where there is nothing new: the comments are halved at
random, and a model of one half is applied to the other.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import verbatim as vb
from verbatim.records import Spans, Survey
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import EncoderOptions, load_encoder
from verbatim.text.redact import redact
from verbatim.text.split import split_comments
from verbatim.themes.discover import apply_themes, find_themes

ADDED, GOAL = 0.10, 0.95


def ids_of(spans: Spans) -> pd.Series:
    """Theme ids of each comment that has any."""
    found = spans.table.dropna(subset=["theme_id"])
    return found.groupby("response_id")["theme_id"].agg(frozenset)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=3)
    given = parser.parse_args()
    encoder = load_encoder(EncoderOptions())
    table = pd.read_csv(given.data / "telco" / "telco_nps.csv", dtype="str")

    def read(frame: pd.DataFrame) -> Survey:
        return redact(vb.read_survey(frame))

    for seed in range(given.draws):
        drawn = np.random.default_rng(seed).random(len(table))
        old, whole = read(table[drawn >= ADDED]), read(table)
        spans = split_comments(old)
        vectors = embed_spans(old, spans, encoder=encoder)
        before, themes = find_themes(spans, vectors, encoder)
        model = themes.model.refit(whole, encoder=encoder)
        after, _ = apply_themes(spans, vectors, encoder, model)
        then, now = ids_of(before), ids_of(after)
        now = now.reindex(then.index)
        kept = float(np.mean([isinstance(n, frozenset) and t <= n for t, n in zip(then, now, strict=True)]))
        pairs = sum(len(t) for t in then)
        held = sum(len(t & n) for t, n in zip(then, now, strict=True) if isinstance(n, frozenset)) / pairs
        ids = {theme.theme_id for theme in model.themes}
        stay = sum(theme.theme_id in ids for theme in themes.themes)
        mark = "" if kept >= GOAL else "  MISSED"
        print(
            f"seed {seed}: {kept:.1%} of {len(then):,} old comments keep every theme id, {held:.1%} of mentions; "
            f"{stay} of {len(themes.themes)} themes stay, {len(model.themes) - stay} born, "
            f"{len(model.retired)} retired{mark}"
        )
        half = np.random.default_rng(seed).random(len(table)) < 0.5
        one, two = read(table[half]), read(table[~half])
        spans = split_comments(one)
        _, themes = find_themes(spans, embed_spans(one, spans, encoder=encoder), encoder)
        spans = split_comments(two)
        _, found = apply_themes(spans, embed_spans(two, spans, encoder=encoder), encoder, themes.model)
        print(
            f"        proposed where nothing is new: {len(found.proposed)}",
            *(p.name for p in found.proposed),
            sep=" | ",
        )


if __name__ == "__main__":
    main()
