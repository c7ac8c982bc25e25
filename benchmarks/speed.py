"""Seconds from a file to a report, beside the same comments embedded and fitted by stock BERTopic.

    python -m benchmarks.speed --data DIR
    python -m benchmarks.speed --curve

`verbatim run` reads telco twice, in processes of its own: cold, with an empty vector cache, and warm, with the cache
that the first left. The stock side embeds whole comments and fits ``BERTopic()``, and stops there: it has no drivers
and no report. Machines are shared and noisy: compare within one run, as ratios.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.curve import SIZES, as_markdown
from benchmarks.sets import telco

STOCK = """
import sys, time, json
from pathlib import Path
from benchmarks.contenders import fit_stock, stock_vectors
texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
start = time.perf_counter()
vectors = stock_vectors(texts)
embedded = time.perf_counter()
fit_stock(texts, vectors)
print(json.dumps({"embed": embedded - start, "fit": time.perf_counter() - embedded}))
"""


def seconds(command: list[str]) -> tuple[float, str]:
    """Wall time and output of a process of its own."""
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout


def run_telco(data: Path, folder: Path, name: str) -> tuple[float, dict[str, float]]:
    """Seconds of ``verbatim run`` on telco as a whole, and of its stages; vectors are cached inside ``folder``."""
    config = folder / "verbatim.toml"
    config.write_text(f'[encoder]\ncache = "{(folder / "cache").as_posix()}"\n', encoding="utf-8")
    survey, out = str(data / "telco" / "telco_nps.csv"), folder / name
    command = [sys.executable, "-c", "from verbatim.cli import main; main()"]
    took, _ = seconds([*command, "run", survey, "--out", str(out), "--config", str(config), "--json"])
    stages: dict[str, float] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["timings_s"]
    return took, stages


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with telco/telco_nps.csv")
    parser.add_argument("--curve", action="store_true", help="the cost by the number of comments (`benchmarks.curve`)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="comments, for --curve")
    given = parser.parse_args()
    if given.curve:
        print(as_markdown(given.sizes))
        return
    if given.data is None:
        parser.error("--data DIR is needed, or --curve")
    data = given.data
    help_seconds = min(seconds([sys.executable, "-c", "from verbatim.cli import main; main()", "--help"])[0]
                       for _ in range(5))  # fmt: skip
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        cold, cold_stages = run_telco(data, folder, "cold")
        warm, warm_stages = run_telco(data, folder, "warm")
        texts = folder / "texts.json"
        texts.write_text(json.dumps(telco(data).texts), encoding="utf-8")
        stock_whole, printed = seconds([sys.executable, "-c", STOCK, str(texts)])
    stock = json.loads(printed.splitlines()[-1])
    table = Table(title="Seconds, telco (2,385 responses)", title_justify="left")
    for heading in ("stage", "stock BERTopic()", "verbatim, cold", "verbatim, warm", "goal"):
        table.add_column(heading, justify="left" if heading == "stage" else "right")
    beside = {"embed": f"{stock['embed']:.1f}", "themes": f"{stock['fit']:.1f}"}
    for stage in cold_stages:
        table.add_row(stage, beside.get(stage, ""), f"{cold_stages[stage]:.1f}", f"{warm_stages[stage]:.1f}", "")
    rest = (f"{whole - sum(stages.values()):.1f}" for whole, stages in ((cold, cold_stages), (warm, warm_stages)))
    table.add_row("start, read, report", "", *rest, "")
    table.add_row("whole process", f"{stock_whole:.1f}", f"{cold:.1f}", f"{warm:.1f}", "<= 30 cold")
    table.add_row("verbatim --help", "", f"{help_seconds:.2f}", "", "<= 0.4")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
