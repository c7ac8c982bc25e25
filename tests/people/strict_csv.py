"""Reads a hand-off file as strictly as an import could; knows nothing of the code that wrote it."""

import csv
import io
import re
from email.headerregistry import Address

RUNS = tuple("=+-@\t\r＝＋－＠")
DIALLED = re.compile(r"\+[0-9]{7,15}")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def read(file):
    """Return header and rows as mappings, and the faults that every import minds."""
    text = file.read_bytes().decode("utf-8", errors="strict").removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header, rows = lines[0], lines[1:]
    faults = [f"header {name!r}" for name in header if not name.strip() or header.count(name) > 1]
    faults += [f"row {k}: {len(row)} cells" for k, row in enumerate(rows, 1) if len(row) != len(header)]
    faults += [] if rows else ["no rows"]
    told = [dict(zip(header, row, strict=False)) for row in rows]
    for k, row in enumerate([dict(zip(header, header, strict=True)), *told]):
        for name, cell in row.items():
            if CONTROL.search(cell):
                faults.append(f"row {k}, {name}: control character in {cell!r}")
            if cell.startswith(RUNS) and not ("phone" in name.lower() and DIALLED.fullmatch(cell)):
                faults.append(f"row {k}, {name}: {cell!r} would be run")
    return header, told, faults


def is_address(text):
    """Judge by the standard library's own parser of addresses."""
    try:
        address = Address(addr_spec=text)
    except Exception:
        return False
    labels = address.domain.split(".")
    return text.isascii() and len(labels) > 1 and all(re.fullmatch(r"(?!-)[A-Za-z0-9-]+(?<!-)", one) for one in labels)
