"""Every regular expression of the package on long inputs made to slow it down: ``python -m benchmarks.regexes``.

An expression takes linear time where four times the text takes about four times as long. The inputs are repetitions of
its own letters, classes and literals, alone and in pairs, which is where nested and neighbouring repeats run into each
other.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import itertools
import json
import pkgutil
import re
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import verbatim

_SOURCE = Path(verbatim.__file__).parent
_USES = ("sub", "match", "search", "fullmatch", "findall", "split", "finditer")
_IN_TABLES = ("contains", "replace", "extract", "count", "match", "fullmatch", "split")
_BOUNDED = {
    "verbatim.text.sentences._BEFORE_DOT": "looks at the 15 characters before a full stop",
    "verbatim.text.languages._NO_LANGUAGE": "looks at the first 1,600 characters of a comment",
}
_ALPHABET = (
    "a", "A", "1", " ", "\n", ".", ",", "-", "'", '"', "(", "@", "/", ":", "<", "a ", "a.", "a,", "1.", "1 ", "a1",
    ", ", "a@", "1-",
)  # fmt: skip
_MOST_ATTACKS = 60
_LONG, _WORST = 100_000, 4  # from so many characters on, so many pieces are tried at full length

Pattern = re.Pattern[str] | re.Pattern[bytes]


class Used(NamedTuple):
    """An expression, where it stands, and whether it is only ever tried at the beginning of a text."""

    place: str
    pattern: Pattern
    anchored: bool


def patterns() -> list[Used]:
    """Return every expression once: of variables, of what is made at first use, and of calls."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in sorted(_SOURCE.rglob("*.py")))
    found: dict[str | bytes, Used] = {}
    for module in pkgutil.walk_packages([str(_SOURCE)], "verbatim."):
        for name, value in _variables(module.name).items():
            for each in _within(value):
                found.setdefault(each.pattern, Used(f"{module.name}.{name}", each, _anchored(name, code)))
    for used in (*_made_at_first_use(), *_in_calls()):
        found.setdefault(used.pattern.pattern, used)
    return [used for used in found.values() if used.place not in _BOUNDED]


def _variables(module: str) -> dict[str, Any]:
    """Variables of a module; none where it belongs to an extra that is not installed."""
    try:
        return dict(vars(importlib.import_module(module)))
    except ModuleNotFoundError:
        return {}


def _anchored(name: str, code: str) -> bool:
    direct = re.findall(rf"\b{name}\.(\w+)\(", code)
    in_tables = re.findall(rf"\.str\.(\w+)\(\s*{name}\b", code)
    elsewhere = len(re.findall(rf"\b{name}\b(?! = |: )", code)) - len(direct) - len(in_tables)
    imported = len(re.findall(rf"^.*import.*\b{name}\b|^    {name},$", code, re.M))
    return bool(direct or in_tables) and {*direct, *in_tables} <= {"match", "fullmatch"} and elsewhere <= imported


def _within(value: object) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _within(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _within(each)


def _made_at_first_use() -> Iterator[Used]:
    from verbatim.text import clauses, edges

    for language in ("en", "de", "es", "fr", "pt", "nl", "it", "xx"):
        for make in (clauses._turns, clauses._additions, edges._joins):
            if (made := make(language)) is not None:
                yield Used(f"{make.__module__}.{make.__name__}({language})", made, False)


def _in_calls() -> Iterator[Used]:
    """Expressions written where they are used, or given by name, in calls of re and of the text methods of tables."""
    for file in sorted(_SOURCE.rglob("*.py")):
        parts = file.relative_to(_SOURCE.parent).with_suffix("").parts
        known = _variables(".".join(parts))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                of, verb = node.func.value, node.func.attr
                is_re = isinstance(of, ast.Name) and of.id == "re" and verb in _USES
                in_table = isinstance(of, ast.Attribute) and of.attr == "str" and verb in _IN_TABLES
                if (is_re or (in_table and _is_regex(node))) and (made := _expression(node.args[0], known)):
                    yield Used(f"{'.'.join(parts)}, line {node.lineno}", made, verb in ("match", "fullmatch"))


def _is_regex(call: ast.Call) -> bool:
    said = [getattr(word.value, "value", True) for word in call.keywords if word.arg == "regex"]
    return bool(said[0]) if said else getattr(call.func, "attr", "") not in ("replace", "split")


def _expression(written: ast.expr, known: dict[str, Any]) -> Pattern | None:
    """What is given to a call, where it can be told from the module alone."""
    try:
        value = eval(compile(ast.Expression(written), "pattern", "eval"), dict(known))
    except NameError:
        return None
    return re.compile(value) if isinstance(value, str | bytes) else None


def attacks(pattern: Pattern) -> list[str]:
    """Pieces whose repetition may slow the expression down: its own literals, and letters of all kinds, in pairs."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    literal = re.sub(r"\\[a-zA-Z]|\(\?[:=!<P][^)>]*|[\\^$*+?{}()|\[\]]", "\0", text)
    own = [piece for piece in dict.fromkeys(literal.split("\0")) if 0 < len(piece) < 30][:12]
    pairs = ["".join(pair) for pair in itertools.product(own[:5], ("a", " ", "1", "."))]
    return list(dict.fromkeys((*_ALPHABET, *own, *pairs)))[:_MOST_ATTACKS]


def seconds(used: Used, piece: str, length: int) -> float:
    """How long it takes to go through a text of so many characters, and through one that almost matches."""
    whole = (piece * (length // len(piece) + 1))[:length]
    worst = 0.0
    for text in (whole, whole + "\n\x00!"):
        subject: Any = text if isinstance(used.pattern.pattern, str) else text.encode("utf-8")
        began = time.process_time()
        if used.anchored:
            used.pattern.fullmatch(subject)
        else:
            deque(used.pattern.finditer(subject), maxlen=0)
        worst = max(worst, time.process_time() - began)
    return worst


def slow(used: Used, length: int, limit: float) -> tuple[str, float] | None:
    """Return the piece that takes longer than ``limit`` seconds at ``length``, and its time; None where there is none.

    Of long texts only those of the pieces that took longest at a fiftieth are made. The text grows fourfold from a
    sixteenth: what is slow already is not tried at full length.
    """
    pieces = attacks(used.pattern)
    if length >= _LONG:
        pieces = sorted(pieces, key=lambda piece: -seconds(used, piece, length // 50))[:_WORST]
    for piece in pieces:
        for part in (16, 4, 1):
            most = limit / part + 0.01
            if all((taken := seconds(used, piece, length // part)) > most for _ in range(3)):
                return piece, taken * part
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Try every expression and print those that are slow; exit 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--length", type=int, default=1_000_000, help="characters of a text")
    parser.add_argument("--limit", type=float, default=5, help="seconds for a text of that length")
    asked = parser.parse_args(arguments)
    every = patterns()
    bad = 0
    for used in every:
        if told := slow(used, asked.length, asked.limit):
            print(json.dumps({"pattern": used.place, "piece": told[0], "seconds": round(told[1], 1)}), flush=True)
            bad += 1
    print(f"{len(every)} expressions, {asked.length:,} characters: {bad} take over {asked.limit:g} s")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
