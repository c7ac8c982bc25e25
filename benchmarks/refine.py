"""What `verbatim refine` brings: micro-F1 on comments that nobody coded, before and after, and what it says of itself.

    python -m benchmarks.refine --data DIR [--markdown] [--draws N]

Themes are found without help and merged into the coders' categories from 600 sentences an analyst has read; then random
sentences are coded and the model refined. "Said" is the F1 on the coded sentences, judged without their own coding:
what a user would be told.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.guided import Contest, contest, micro_f1
from benchmarks.sets import mams, semeval14
from verbatim.records import Spans
from verbatim.text.encoder import EncoderOptions, load_encoder
from verbatim.text.tone import GeneralTone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.discover import apply_themes, find_themes
from verbatim.themes.guidance import Material
from verbatim.themes.model import ThemeModel
from verbatim.themes.refine import refined
from verbatim.themes.units import units_of

READ, SIZES = 600, (50, 100, 150, 300)


def said(spans: Spans, themes: list[str], n: int) -> np.ndarray:
    """Return which text has which theme."""
    table = spans.table[spans.table["theme_id"].isin(themes)]
    has = np.zeros((n, len(themes)), dtype=bool)
    has[table["response_id"].astype(int), table["theme_id"].map(themes.index)] = True
    return has


def merged(one: Contest) -> tuple[ThemeModel, list[str], list[int]]:
    """Found themes merged into the category that most of their sentences have: model, themes and categories."""
    truth = one.texts.indicator()
    spans, themes = find_themes(one.spans, one.embedding, one.encoder)
    model, n = themes.model, len(truth)
    ids = [model.themes[row].theme_id for row in model.leaves if model.themes[row].kind == "subject"]
    read = np.random.default_rng(99).permutation(n)[:READ]
    has, share = said(spans, ids, n)[read], truth[read].mean(axis=0)
    size = has.sum(axis=0)[:, None]
    residual = (has.T.astype(float) @ truth[read] - size * share) / np.sqrt(size * share * (1 - share) + 1e-9)
    category = residual.argmax(axis=1)
    kept = {k: [ids[i] for i in np.flatnonzero(category == k)] for k in range(len(one.names))}
    for parts in kept.values():
        model = model.merge(parts) if len(parts) > 1 else model
    return model, [parts[0] for parts in kept.values() if parts], [k for k, parts in kept.items() if parts]


def measured(one: Contest, draws: int) -> list[tuple[str, ...]]:
    """Cells of each line of one set."""
    model, themes, categories = merged(one)
    truth = one.texts.indicator()[:, categories]
    n = len(truth)
    tone = GeneralTone(one.encoder, vocabulary("en"))
    tones = tone.read(one.spans.table["text"].tolist(), one.embedding.own_words)
    material = Material(one.spans, one.embedding, units_of(model.view, one.spans, one.embedding, tones))
    before = said(apply_themes(one.spans, one.embedding, one.encoder, model)[0], themes, n)
    spoke = np.unique(one.comments(one.spans))
    lines = []
    for size in SIZES:
        figures = []
        for seed in range(draws):
            rows = np.sort(np.random.default_rng(seed).permutation(spoke)[:size])
            ids, rest = [f"{row:06d}" for row in rows], np.setdiff1d(np.arange(n), rows)
            told, tagged = (pd.DataFrame(m[rows].astype(int), ids, themes) for m in (truth, before))
            found = refined(model, material, tagged, told, np.full(size, size / n), "")
            after = said(apply_themes(one.spans, one.embedding, one.encoder, found.model)[0], themes, n)
            pairs = ((before, rest), (after, rest), (after, rows))
            figures.append([*(micro_f1(has[some], truth[some]) for has, some in pairs), len(found.learnt)])
        was, now, told_f1, learnt = np.mean(figures, axis=0)
        lines.append((one.texts.name, f"{size}", f"{was:.3f}", f"{now:.3f}", f"{told_f1:.3f}", f"{learnt:.1f}"))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refine", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with themes/")
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    chosen = parser.parse_args()
    encoder = load_encoder(EncoderOptions())
    headings = ("set", "coded", "before", "after", "said", "themes learnt")
    lines = [line for make in (mams, semeval14) for line in measured(contest(make(chosen.data), encoder), chosen.draws)]
    if chosen.markdown:
        for cells in [headings, ("---",) * len(headings), *lines]:
            print("| " + " | ".join(cells) + " |")
        return
    table = Table(*headings, title="Themes refined by coded comments, micro-F1 on the others", title_justify="left")
    for cells in lines:
        table.add_row(*cells)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
