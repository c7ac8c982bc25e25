"""The table of speed and size in one run: the stock side and ours on the same texts, each in a process of its own.

    python -m benchmarks.speed --data DIR
    python -m benchmarks.speed --curve [--sizes 1000 10000 100000 1000000]

telco: `verbatim run` from file to reports, cold with an empty vector cache and warm with the one that the first left;
beside it stock BERTopic on the same comments, which has no drivers and no report. banking77: its 13,083 questions, the
largest labelled set at hand, as a survey with scores that mean nothing; themes are scored on both sides against the 77
intents (AMI, those without a theme as one cluster; ours by the theme with the most letters of a question). Machines are
shared and noisy: compare within one run, as ratios. ``--curve``: the cost by the number of comments.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.curve import SIZES, as_markdown
from benchmarks.drivers.speed import ranked
from benchmarks.measures import mutual_information
from benchmarks.sets import banking77_whole, telco
from benchmarks.student import on_banking77
from verbatim.text.encoder import EncoderOptions, load_encoder

VERBATIM = [sys.executable, "-c", "from verbatim.cli import main; main()"]
STOCK = """
import sys, time, json
from pathlib import Path
from benchmarks.contenders import fit_stock, stock_vectors
texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
start = time.perf_counter()
vectors = stock_vectors(texts)
embedded = time.perf_counter()
fit = fit_stock(texts, vectors)
took = {"embed": embedded - start, "fit": time.perf_counter() - embedded}
print(json.dumps({"took": took, "main": fit.main.tolist()}))
"""


class Ran(NamedTuple):
    """Seconds of a whole process, of its stages, and the theme of each text, -1 for none."""

    seconds: float
    stages: dict[str, float]
    themes: np.ndarray


def seconds(command: list[str]) -> tuple[float, str]:
    """Wall time and output of a process of its own."""
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout


def stock(texts: tuple[str, ...], folder: Path) -> Ran:
    """Embed whole comments and fit ``BERTopic()``, every option at its default."""
    file = folder / "texts.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    took, printed = seconds([sys.executable, "-c", STOCK, str(file)])
    found = json.loads(printed.splitlines()[-1])
    return Ran(took, found["took"], np.array(found["main"]))


def ours(survey: Path, folder: Path, name: str) -> Ran:
    """`verbatim run`, every option at its default; vectors are cached inside ``folder``."""
    config, out = folder / "verbatim.toml", folder / name
    config.write_text(f'[encoder]\ncache = "{(folder / "cache").as_posix()}"\n', encoding="utf-8")
    took, _ = seconds([*VERBATIM, "run", str(survey), "--out", str(out), "--config", str(config), "--json"])
    stages: dict[str, float] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["timings_s"]
    spans = pd.read_parquet(out / "spans.parquet")
    spans["letters"] = spans["text"].str.len()
    themes = pd.factorize(spans["theme_id"], sort=True)[0]
    most = spans.assign(theme=themes).sort_values("letters", kind="stable").groupby("response_id")["theme"].last()
    ids = pd.read_parquet(out / "responses.parquet")["response_id"]
    return Ran(took, stages, most.reindex(ids, fill_value=-1).to_numpy())


def on_telco(data: Path, table: Table) -> Table:
    """Add telco's line; return its stages."""
    survey = data / "telco" / "telco_nps.csv"
    with tempfile.TemporaryDirectory() as made:
        cold, warm = (ours(survey, Path(made), name) for name in ("cold", "warm"))
        theirs = stock(telco(data).texts, Path(made))
    took = sum(theirs.stages.values())
    table.add_row(
        "telco, 2,385 responses: cold start to reports (stock: embedding and fit alone), s", f"{took:.1f}",
        f"{cold.seconds:.1f}", f"{cold.seconds / took:.2f}", "<= 30 s",
    )  # fmt: skip
    stages = Table(title="telco, seconds of each stage", title_justify="left")
    for heading in ("stage", "stock BERTopic()", "verbatim, cold", "verbatim, warm"):
        stages.add_column(heading, justify="left" if heading == "stage" else "right")
    beside = {"embed": f"{theirs.stages['embed']:.1f}", "themes": f"{theirs.stages['fit']:.1f}"}
    for stage in cold.stages:
        stages.add_row(stage, beside.get(stage, ""), f"{cold.stages[stage]:.1f}", f"{warm.stages[stage]:.1f}")
    rest = (f"{each.seconds - sum(each.stages.values()):.1f}" for each in (cold, warm))
    stages.add_row("start, read, report", "", *rest)
    stages.add_row("whole process", f"{theirs.seconds:.1f}", f"{cold.seconds:.1f}", f"{warm.seconds:.1f}")
    return stages


def on_labelled(data: Path, table: Table) -> None:
    """Add the fit's line, and that of the whole run, themes scored on both sides."""
    texts = banking77_whole(data)
    truth = pd.factorize(pd.Series(texts.single()))[0]
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "survey.csv"
        rows = pd.DataFrame({"id": range(len(texts.texts)), "score": np.arange(len(texts.texts)) % 11})
        rows.assign(id=rows["id"].map("{:06d}".format), comment=texts.texts).to_csv(file, index=False)
        mine, theirs = ours(file, Path(made), "run"), stock(texts.texts, Path(made))
    quality = [f"AMI {mutual_information(truth, each.themes):.2f}, {(each.themes < 0).mean():.0%} without"
               for each in (theirs, mine)]  # fmt: skip
    fit = theirs.stages["fit"], mine.stages["themes"]
    table.add_row(
        f"banking77, {len(truth):,} texts: theme fit, vectors known, s", f"{fit[0]:.1f}", f"{fit[1]:.1f}",
        f"{fit[1] / fit[0]:.2f}", "<= 0.25, better AMI",
    )  # fmt: skip
    whole = sum(theirs.stages.values()), mine.seconds
    table.add_row(
        "  whole run with reports (stock: embedding and fit alone), s", f"{whole[0]:.1f}", f"{whole[1]:.1f}",
        f"{whole[1] / whole[0]:.2f}", "<= 0.6",
    )  # fmt: skip
    table.add_row("  themes", *quality, "", "")


def main() -> None:
    """Print the table, or the cost curve."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with telco/ and themes/")
    parser.add_argument("--curve", action="store_true", help="the cost by the number of comments (`benchmarks.curve`)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="comments, for --curve")
    given = parser.parse_args()
    if given.curve:
        print(as_markdown(given.sizes))
        return
    if given.data is None:
        parser.error("--data DIR is needed, or --curve")
    table = Table(title="Speed and size, one run", title_justify="left")
    for heading in ("job", "stock, teacher", "verbatim", "ratio", "goal"):
        table.add_column(heading, justify="left" if heading == "job" else "right")
    quickest = min(seconds([*VERBATIM, "--help"])[0] for _ in range(5))
    table.add_row("verbatim --help, s, the quickest of five", "", f"{quickest:.2f}", "", "<= 0.4")
    stages = on_telco(given.data, table)
    on_labelled(given.data, table)
    on_banking77(given.data, load_encoder(EncoderOptions(cache="")), table)
    line = ranked(0, "s, peak memory")
    table.add_row(line.measure, "", line.ours, "", line.goal)
    for each in (table, stages):
        Console(width=150).print(each)


if __name__ == "__main__":
    main()
