"""How many of N random changes of one published cell `verbatim verify` catches, and whether it names the cell.

    python -m benchmarks.verify --run RUN --changes 100

Each time one cell of one published file of a copy of the run is changed to another plausible value and written back as
the run's own writers would. File hashes are no part of a run folder, so there is nothing to recompute: all that verify
trusts is the base tables. Those are left alone, so that what they give is computed once, as `verbatim verify` does, and
compared with every changed copy. Changes go to every published file alike, reports too; the run itself must verify.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd

from verbatim.errors import VerificationError
from verbatim.verify.run import compare, expect

CSV = ("drivers.csv", "segments.csv", "segment_nps.csv", "contrasts.csv", "category_shares.csv", "coin_toss.csv",
       "bridges.csv", "coded.csv", "comment_sentiment.csv", "sentiment_calibration.csv", "estimated.csv",
       "estimate_quality.csv")  # fmt: skip
PARQUET = ("drivers.parquet", "covariance.parquet", "mentions.parquet")
TEXT = ("report.md", "report.html", "brief.md", "brief.json")
BOOK = "report.xlsx"
NUMBER = re.compile(r"(?<![\w#&;.-])\d+\.\d+(?![\w%])")


def change(folder: Path, rng: random.Random) -> tuple[str, str]:
    """Change one cell of a run; return the file and what was changed."""
    names = [name for name in (*CSV, *PARQUET, *TEXT, BOOK) if _cells(folder / name)]
    file = folder / rng.choice(names)
    if file.suffix == ".csv":
        table = pd.read_csv(file, dtype="str", keep_default_na=False)
        row, column = rng.randrange(len(table)), rng.randrange(len(table.columns))
        table.iloc[row, column] = _other(table.iloc[row, column], rng)
        table.to_csv(file, index=False)
        return file.name, f"row {row + 1} {table.columns[column]}"
    if file.suffix == ".parquet":
        table = pd.read_parquet(file)
        numbers = [name for name in table if pd.api.types.is_float_dtype(table[name]) and table[name].notna().any()]
        column = rng.choice(numbers)
        row = rng.choice(table.index[table[column].notna()].tolist())
        table.loc[row, column] = float(_other(repr(float(table.loc[row, column])), rng))
        table.to_parquet(file, index=False)
        return file.name, f"row {row + 1} {column}"
    if file.suffix == ".xlsx":
        return file.name, _change_book(file, rng)
    text = file.read_text(encoding="utf-8")
    found = rng.choice(list(NUMBER.finditer(text)))
    file.write_text(text[: found.start()] + _other(found.group(), rng) + text[found.end() :], encoding="utf-8")
    return file.name, f"character {found.start()}"


def _cells(file: Path) -> bool:
    return file.is_file() and (file.suffix != ".csv" or len(pd.read_csv(file, dtype="str")) > 0)


def _change_book(file: Path, rng: random.Random) -> str:
    book = openpyxl.load_workbook(file)
    sheet = book[rng.choice([name for name in book.sheetnames if book[name].max_row > 1])]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, int | float)]
    cell = rng.choice(cells or [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value])
    cell.value = _other(str(cell.value), rng) if isinstance(cell.value, str) else cell.value + 1
    book.save(file)
    return f"{sheet.title}!{cell.coordinate}"


def _other(cell: str, rng: random.Random) -> str:
    """Another value of the same kind: a number moved by up to a tenth, a mark turned, a text changed by a letter."""
    if cell in ("True", "False"):
        return str(cell != "True")
    try:
        number = float(cell)
    except ValueError:
        return f"{cell}x" if cell else "1.5"
    if number.is_integer() and "." not in cell:
        return str(int(number) + rng.choice((-1, 1)))
    digits = len(cell.partition(".")[2])
    step = max(abs(number) * rng.uniform(0.01, 0.1), 10.0 ** -min(digits, 6))
    return f"{number + rng.choice((-1, 1)) * step:.{digits}f}"


def main() -> None:
    """Change, verify, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="a run folder; it is copied, never changed")
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, caught, named, where = random.Random(given.seed), 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory() as reports:
        start = time.perf_counter()
        expected = expect(given.run, Path(reports))
        compare(given.run, expected)
        print(f"untouched run verified in {time.perf_counter() - start:.1f} s", flush=True)
        for done in range(1, given.changes + 1):
            with tempfile.TemporaryDirectory() as place:
                copy = Path(shutil.copytree(given.run, Path(place) / "run"))
                file, what = change(copy, rng)
                where[file] += 1
                try:
                    compare(copy, expected)
                except VerificationError as error:
                    caught += 1
                    named += f"{file}: " in str(error)
                else:
                    print(f"MISSED {file}, {what}", flush=True)
            if done % 10 == 0:
                print(f"{caught} of {done} caught, {named} named by their file", flush=True)
    print(json.dumps({"changes": given.changes, "caught": caught, "file_named": named, "files": dict(where)}, indent=1))


if __name__ == "__main__":
    main()
