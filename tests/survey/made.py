"""Small surveys with known columns, for the tests of reading."""

import numpy as np
import pandas as pd

WORDS = ("never came", "billing", "was wrong", "router", "fast", "friendly", "staff", "too high", "slow", "help", "app")


def column(kind: str, n: int = 60) -> list[str]:
    """Make ``n`` cells of a kind, the same every time."""
    rng = np.random.default_rng(sum(map(ord, kind)))
    score = np.resize([10, 9, 0, 8, 7, 3, 10, 9, 6, 1, 5, 10], n)
    made = {
        "nps": lambda: [str(s) for s in score],
        "nps2": lambda: [str(s) for s in rng.permutation(score)],
        "text": lambda: [" ".join(rng.choice(WORDS, 7)) + f" {i}" for i in range(n)],
        "text2": lambda: [" ".join(rng.choice(WORDS, 6)) + f" please {i}" for i in range(n)],
        "plan": lambda: rng.choice(["basic", "plus", "pro"], n).tolist(),
        "date": lambda: [f"2026-{i % 12 + 1:02d}-{i % 27 + 1:02d}" for i in range(n)],
        "unix": lambda: [str(1_700_000_000 + 86_400 * i) for i in range(n)],
        "bought": lambda: [f"{i % 27 + 1:02d}/{i % 12 + 1:02d}/2025" for i in range(n)],
        "category": lambda: ["Promoter" if s > 8 else "Passive" if s > 6 else "Detractor" for s in score],
        "low": lambda: ["yes" if s < 4 else "no" for s in score],
        "email": lambda: [f"person{i}@example.com" for i in range(n)],
        "person": lambda: [f"Jo Smith {i}" for i in range(n)],
        "phone": lambda: [f"+44 7911 {123000 + i}" for i in range(n)],
        "ip": lambda: [f"192.0.2.{i}" for i in range(n)],
        "id": lambda: [f"R_{i:04d}x" for i in range(n)],
        "person id": lambda: [f"C{i // 2}" for i in range(n)],
        "constant": lambda: ["Q1 wave"] * n,
        "number": lambda: [str(v) for v in rng.integers(1, 4000, n)],
        "weight": lambda: [f"{v:.3f}" for v in rng.uniform(0.6, 1.5, n)],
        "yes": lambda: rng.choice(["0", "1"], n).tolist(),
        "stars": lambda: [str(v) for v in rng.integers(1, 6, n)],
        "ten": lambda: [str(v) for v in np.resize([1, 1, 10, 8, 5, 1, 9], n)],
    }
    return made[kind]()


def survey(columns: dict[str, str], n: int = 60) -> pd.DataFrame:
    """Make a table: column name to kind of cells."""
    return pd.DataFrame({name: column(kind, n) for name, kind in columns.items()})
