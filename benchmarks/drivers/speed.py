"""How long a million responses take, and how much memory: a process of its own, so that nothing else is counted."""

import json
import subprocess
import sys

from benchmarks.drivers.line import Line

RESPONSES, THEMES, DRAWS = 1_000_000, 50, 1_000
SECONDS, GIB = 20.0, 4.0

MEASURED = """
import json, resource, sys, time
import numpy as np, pandas as pd
import verbatim as vb
from verbatim.drivers.rank import DriverOptions
n, k, draws, n_segments = map(int, sys.argv[1:])
rng = np.random.default_rng(0)
mentions = rng.random((n, k), dtype=np.float32) < np.geomspace(0.01, 0.2, k, dtype=np.float32)
latent = 7.5 - mentions @ np.linspace(0, 1.5, k, dtype=np.float32) + 2.5 * rng.standard_normal(n, dtype=np.float32)
score = pd.Series(np.clip(np.round(latent), 0, 10).astype(np.int8))
segments = pd.DataFrame({"plan": rng.choice(["Basic", "Family", "Business"], n), "region": rng.choice(list("NESW"), n)})
segments = segments[segments.columns[:n_segments]] if n_segments else None
commented = rng.random(n) < 0.6
mentions &= commented[:, None]
table = pd.DataFrame(mentions, columns=[f"T{i:02d}" for i in range(k)])
del mentions, latent
vb.rank_drivers(table.head(2000), score.head(2000), options=DriverOptions(draws=200))
start, work = time.perf_counter(), time.process_time()
drivers = vb.rank_drivers(table, score, segments, commented=commented, options=DriverOptions(draws=draws))
print(json.dumps({
    "wall": time.perf_counter() - start,
    "work": time.process_time() - work,
    "gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    "found": int(drivers.table["above_noise"].fillna(False).sum()),
}))
"""


def large_survey(count: int) -> list[Line]:
    """Rank one large survey with every check and interval, alone and within segments; ``count`` does not matter."""
    return [
        ranked(0, "one ranking: seconds, peak memory"),
        ranked(2, "and the rankings and contrasts of two segments, seven values: seconds, peak memory"),
    ]


def ranked(n_segments: int, what: str) -> Line:
    """Rank a million simulated responses, within segments too where there are any."""
    sizes = map(str, (RESPONSES, THEMES, DRAWS, n_segments))
    done = subprocess.run([sys.executable, "-c", MEASURED, *sizes], check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    return Line(
        f"{RESPONSES:,} responses x {THEMES} themes x {DRAWS:,} draws, {what}",
        "none",
        f"{found['wall']:.0f} s ({found['work']:.0f} s of processor time), {found['gib']:.1f} GiB",
        f"<= {SECONDS:.0f} s, <= {GIB:.0f} GiB",
        found["wall"] <= SECONDS and found["gib"] <= GIB,
    )
