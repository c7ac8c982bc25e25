"""How many labels the picks of `verbatim sample` save: random comments that give intervals as narrow, per one of ours.

    python -m benchmarks.hand_coding [--data DIR] [--seeds N] [--markdown]

A survey whose comments speak of known themes is tagged with known errors (precision and recall 0.8); a sample is coded
without error, and the widths of the 95 % intervals of every theme's precision, recall and F1 are averaged. An interval
that cannot be given counts as 1 wide. Beside the picks stand random samples, in the same run: the answer is the size at
which they are as narrow. With --data the mentions are those of a run on telco, else planted.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from verbatim.coding.draw import draw_comments
from verbatim.coding.quality import tagging_quality

PRECISION = RECALL = 0.8
PICKS = (100, 150, 300, 600)
GOAL = 0.40
SIZES = np.unique(np.geomspace(60, 4_000, 22).astype(int))
Sample = Callable[[int, int], tuple[pd.Index, np.ndarray]]


def planted(n: int = 2_500, themes: int = 24) -> pd.DataFrame:
    """Return true mentions of n comments: shares from 15 % down to 1 %, as surveys have them."""
    draw = np.random.default_rng(0)
    told = draw.random((n, themes)) < np.geomspace(0.15, 0.01, themes)
    return pd.DataFrame(
        told.astype(int), index=[f"c{k:05d}" for k in range(n)], columns=[f"T{k + 1:02d}" for k in range(themes)]
    )


def of_telco(data: Path) -> pd.DataFrame:
    """Return the mentions of a run on telco, taken as the truth."""
    import verbatim as vb
    from verbatim.commands.hand_coding import asked_themes
    from verbatim.themes.attach import mention_matrix

    analysis = vb.analyze(vb.read_survey(data / "telco" / "telco_nps.csv"))
    spoke = analysis.spans.table["response_id"].drop_duplicates()
    return mention_matrix(analysis.mentions, spoke, [theme.theme_id for theme in asked_themes(analysis)])


def tagged(truth: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return what a machine makes of the truth: a fifth overlooked, and a fifth of what it says invented."""
    draw, told = np.random.default_rng(seed), truth.to_numpy(dtype=bool)
    kept = told & (draw.random(told.shape) < RECALL)
    invented = kept.sum(axis=0) * (1 - PRECISION) / PRECISION / np.maximum((~told).sum(axis=0), 1)
    return (truth * 0) | kept | (~told & (draw.random(told.shape) < invented))


def width(machine: pd.DataFrame, truth: pd.DataFrame, ids: pd.Index, chance: np.ndarray) -> float:
    """Mean width of the intervals of precision, recall and F1 over all themes."""
    found = tagging_quality(machine.loc[ids], truth.loc[ids], chance, list(truth))
    wide = [found[f"{what}_high"] - found[f"{what}_low"] for what in ("precision", "recall", "f1")]
    return float(pd.concat(wide).fillna(1.0).mean())


def measured(truth: pd.DataFrame, seeds: int) -> list[tuple[int, float, float, float]]:
    """Rows of picks, their mean width, random labels as narrow, and the share of labels saved."""
    n, curve, ours = len(truth), dict[int, list[float]](), dict[int, list[float]]()
    category = pd.Series("all", index=truth.index)
    for seed in range(seeds):
        machine = tagged(truth, seed)
        order = np.random.default_rng(1_000 + seed).permutation(n)
        for size in SIZES[n >= SIZES]:
            curve.setdefault(int(size), []).append(
                width(machine, truth, truth.index[order[:size]], np.full(size, size / n))
            )
        for size in PICKS:
            drawn = draw_comments(machine, category, size, seed)
            ids, chance = pd.Index(drawn["response_id"]), drawn["probability"].to_numpy()
            ours.setdefault(size, []).append(width(machine, truth, ids, chance))
    sizes, widths = np.array(list(curve)), np.array([np.mean(one) for one in curve.values()])
    rows = []
    for size in PICKS:
        here = float(np.mean(ours[size]))
        alike = float(np.exp(np.interp(-here, -widths, np.log(sizes))))
        rows.append((size, here, alike, 1 - size / alike))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hand_coding", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with telco/")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    chosen = parser.parse_args()
    sets = [("planted, 24 themes", planted())] + ([("telco's themes", of_telco(chosen.data))] if chosen.data else [])
    headings = ("mentions", "picks", "mean width", "random labels as narrow", "saved", "goal", "")
    lines = [
        (
            name,
            f"{size}",
            f"{wide:.3f}",
            f"{alike:.0f}",
            f"{saved:.0%}",
            f">= {GOAL:.0%}",
            "reached" if saved >= GOAL else "MISSED",
        )
        for name, truth in sets
        for size, wide, alike, saved in measured(truth, chosen.seeds)
    ]
    if chosen.markdown:
        for cells in [headings, ("---",) * len(headings), *lines]:
            print("| " + " | ".join(cells) + " |")
        return
    table = Table(*headings, title="Labels saved by the picks of verbatim sample", title_justify="left")
    for cells in lines:
        table.add_row(*cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
