"""Good inputs, from which fuzzing starts."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

from benchmarks.fuzz_targets import ENDINGS, MODEL_FILES, whole_model
from verbatim.config import template
from verbatim.simulate import SimulationOptions, simulate_survey

_CODEBOOK = b"""covers: part
themes:
- Price
- name: Late delivery
  definition: late, not on time, days after
  examples: [came a week late, still waiting]
  parent: Delivery
- {id: T03 + T07, name: Staff, kind: general, keywords: "staff, service"}
"""
_COMMENTS = (
    "Friendly staff, but the delivery was late. Would buy again",
    "1) price 2. app crashes at 10.30 a.m.; e.g. on my phone, and it's slow... why?!",
    "Mail me at a.b@example.org or www.example.org/x :-) (not <happy>)\nThird line",
    "Nicht gut, aber z. B. der Preis stimmt am 3. Mai und alles kam an.",
    "\u4e0d\u9519\u3002\u4f46\u662f\u592a\u8d35\uff01",
)


def _small() -> bytes:
    return simulate_survey(SimulationOptions(n=60, seed=5)).table.head(25).to_csv(index=False).encode()


def _tables() -> list[bytes]:
    table = simulate_survey(SimulationOptions(n=60, seed=5)).table.head(6)
    parquet, feather, excel = io.BytesIO(), io.BytesIO(), io.BytesIO()
    table.to_parquet(parquet, index=False)
    table.to_feather(feather)
    table.to_excel(excel, index=False, engine="xlsxwriter")
    lines = "\n".join(json.dumps(row, default=str) for row in table.to_dict("records"))
    contents = {
        ".csv": table.to_csv(index=False).encode(), ".tsv": table.to_csv(index=False, sep="\t").encode("utf-16"),
        ".json": f'{{"data": [{",".join(lines.splitlines())}]}}'.encode(), ".jsonl": lines.encode(),
        ".xlsx": excel.getvalue(), ".parquet": parquet.getvalue(), ".feather": feather.getvalue(),
    }  # fmt: skip
    return [bytes([ENDINGS.index(ending)]) + content for ending, content in contents.items()]


def _csv() -> list[bytes]:
    quoted = 'Score;"Why?";Date\n9;"Fast;\n""really"" fast";01/02/2026\n0;;3 March 2026\n11;=1+1;\n'
    return [_small(), quoted.encode("cp1252"), b"\xef\xbb\xbf" + _small().replace(b",", b"\t")]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "config": lambda: [
        template().encode(),
        *(part.encode() for part in template().split("\n\n")),
        b'[[plays]]\nname = "x"\n[actions]\n',
    ],
    "codebook": lambda: [_CODEBOOK, b"\0id,name,definition,examples\nT01,Price,what it costs,dear | cheap\n"],
    "split": lambda: [bytes([language]) + text.encode() for language, text in enumerate(_COMMENTS)],
    "manifest": lambda: [b'{"options": {}, "origin": {"survey": "a.csv"}, "input": {}, "packages": {}, "tables": {}}'],
    "table": _tables,
    "survey": _csv,
    "model": lambda: [bytes([k]) + whole_model()[name] for k, name in enumerate(MODEL_FILES)],
}
