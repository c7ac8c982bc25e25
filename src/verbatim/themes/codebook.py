"""A codebook: the themes people want found, in a YAML file; and comments that people have coded already."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from verbatim.errors import ConfigError

if TYPE_CHECKING:
    from yaml.events import Event
    from yaml.nodes import Node

KEYS = ("id", "name", "definition", "parent", "kind", "keywords", "examples")
_MOST_BYTES, MOST_THEMES, _MOST_EXAMPLES, _DEEPEST = 1_000_000, 200, 50, 5
LONGEST = {"id": 200, "name": 80, "definition": 500, "parent": 80, "kind": 20, "keywords": 300, "examples": 300}
_MOST_CODED = 200_000
_IDS = re.compile(r"[\s+,;|]+")
_SEVERAL = re.compile(r"[;|]")
_POINTS = re.compile(r"[,;:.\n]+")


@dataclass(frozen=True, slots=True)
class CodebookTheme:
    """One theme as people wrote it; ``parent`` names the broader theme it belongs under, if any.

    ``ids`` and ``kind`` stand in codebooks exported from a run: the themes of its model that the entry is about,
    several where they are to be merged, and whether it is praise or complaint without a subject. ``line`` is its place.
    """

    name: str
    definition: str = ""
    examples: tuple[str, ...] = ()
    parent: str | None = None
    ids: tuple[str, ...] = ()
    kind: Literal["subject", "general"] = "subject"
    line: int = field(default=0, compare=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the theme is recognised by: its name, what its definition lists, its examples.

        Examples
        --------
        >>> CodebookTheme("staff", "waiters, hosts and how they treat people").texts
        ('staff', 'waiters', 'hosts and how they treat people')
        """
        points = (point.strip() for point in _POINTS.split(self.definition))
        return tuple(dict.fromkeys((self.name, *filter(None, points), *self.examples)))


@dataclass(frozen=True, slots=True)
class Codebook:
    """Themes given by people, in their order; names differ, whatever their case.

    ``covers`` says whether the list is meant to hold everything customers speak of, "everything", or "part" of it: then
    only what is distinctly of a given theme goes to it, and discovery finds the rest.
    """

    themes: tuple[CodebookTheme, ...]
    source: str = "codebook"
    covers: Literal["part", "everything"] = "part"

    def with_codes(self, codes: Iterator[str] | tuple[str, ...]) -> Codebook:
        """Return the codebook with a theme for every code it does not name.

        Examples
        --------
        >>> Codebook((CodebookTheme("Price"),)).with_codes(("price", "Staff")).names
        ('Price', 'Staff')
        """
        known = {name.casefold() for name in self.names}
        new = {code.casefold(): CodebookTheme(code) for code in reversed(tuple(codes)) if code.casefold() not in known}
        return Codebook((*self.themes, *reversed(new.values())), self.source, self.covers)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the themes."""
        return tuple(theme.name for theme in self.themes)

    @property
    def leaves(self) -> tuple[CodebookTheme, ...]:
        """Subjects that are nobody's parent: what comments are coded with."""
        parents = {theme.parent.casefold() for theme in self.themes if theme.parent}
        return tuple(theme for theme in self.themes if theme.name.casefold() not in parents and theme.kind == "subject")


def read_codebook(file: str | Path) -> Codebook:
    """Read a codebook: a YAML list of themes, or a mapping whose key ``themes`` holds it.

    Each theme is a name alone, or ``name`` with ``definition``, ``examples`` (a list) and ``parent``. In a codebook
    exported from a run stand ``id``, ``kind`` and ``keywords`` too; the keywords are for the reader alone. Everything
    is taken as text; nothing in the file is ever executed, and anchors are refused.

    Raises
    ------
    ConfigError
        The file is missing, too large or no YAML, or an entry is not as described; the message names the line.
    """
    import yaml

    path = Path(file)
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError:
        raise ConfigError(
            f"{path} cannot be read. Name an existing codebook in themes.codebook, or leave it empty."
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text. A codebook is a YAML file; save it as UTF-8.") from None
    if len(data) > _MOST_BYTES:
        raise ConfigError(f"{path} has {len(data):,} bytes; a codebook has at most {_MOST_BYTES:,}. Shorten it.")
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads a megabyte in a second, not in 30
        _refuse_strange(yaml.parse(text, loader), path)
        root = yaml.compose(text, loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path}{where} is not valid YAML: {reason}. A codebook is a list of themes.") from None
    return codebook_of(root, path.name)


def _refuse_strange(events: Iterator[Event], path: Path) -> None:
    """Refuse anchors, and what is nested deeper than a codebook can be before the rest of it is looked at."""
    from yaml import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent):
            raise ConfigError(f"{path} refers to another place in the file (* and &). Write each entry out.")
        if depth > _DEEPEST:
            raise ConfigError(
                f"{path}, line {event.start_mark.line + 1} is nested too deeply. A codebook is a list of themes."
            )


def codebook_of(root: Node | None, source: str) -> Codebook:
    """Check the nodes of a codebook and take it from them; see `read_codebook`."""
    from yaml.nodes import MappingNode, SequenceNode

    covers: Literal["part", "everything"] = "part"
    if isinstance(root, MappingNode):
        pairs = _pairs(root, source, ("themes", "covers"), "a codebook")
        root = pairs.get("themes")
        covers = _covers(pairs.get("covers"), source)
    if not isinstance(root, SequenceNode) or not root.value:
        raise ConfigError(f'{source} lists no theme. Write a list: "- name: Delivery time", one entry a theme.')
    if len(root.value) > MOST_THEMES:
        raise ConfigError(f"{source} lists {len(root.value)} themes; a codebook has at most {MOST_THEMES}.")
    themes = [(_theme(node, source), node.start_mark.line + 1) for node in root.value]
    lines: dict[str, int] = {}
    for theme, line in themes:
        earlier = lines.get(theme.name.casefold())
        lines[theme.name.casefold()] = line
        if earlier is not None:
            raise ConfigError(
                f'{source}, line {line}: "{theme.name}" is a theme already, line {earlier}. Names must differ; '
                "rename one or merge the two."
            )
    parents = {theme.parent.casefold() for theme, _ in themes if theme.parent}
    for theme, line in themes:
        if theme.parent and (theme.name.casefold() in parents or theme.parent.casefold() == theme.name.casefold()):
            raise ConfigError(
                f'{source}, line {line}: "{theme.name}" has the parent "{theme.parent}" and is a parent itself. '
                "There are two levels: a broader theme and its parts. Remove one parent."
            )
    return Codebook(tuple(theme for theme, _ in themes), source, covers)


def _covers(node: Node | None, source: str) -> Literal["part", "everything"]:
    if node is None or node.value == "part":
        return "part"
    if node.value == "everything":
        return "everything"
    raise ConfigError(
        f'{source}, line {node.start_mark.line + 1}: covers says whether the themes are "part" of what customers speak '
        'of or "everything". Write one of the two.'
    )


def _theme(node: Node, source: str) -> CodebookTheme:
    from yaml.nodes import MappingNode, ScalarNode

    line = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        return CodebookTheme(_text(node, source, "name", required=True), line=line)
    if not isinstance(node, MappingNode):
        raise ConfigError(f"{source}, line {line}: a theme is a name, or keys such as name and definition.")
    pairs = _pairs(node, source, KEYS, "a theme")
    if "name" not in pairs:
        raise ConfigError(f"{source}, line {line}: the theme has no name. Add a line such as name: Delivery time.")
    name = _text(pairs["name"], source, "name", required=True)
    texts = {key: _text(pairs[key], source, key) if key in pairs else "" for key in ("definition", "parent", "kind")}
    several = ("id", "keywords", "examples")
    lists = {key: tuple(_list(pairs[key], source, key)) if key in pairs else () for key in several}
    if texts["kind"] not in ("", "subject", "general"):
        raise ConfigError(
            f'{source}, line {pairs["kind"].start_mark.line + 1}: kind is "{texts["kind"]}"; it is "subject" or, of '
            'praise and complaint without one, "general". Leave it as it was exported, or out.'
        )
    ids = tuple(one for text in lists["id"] for one in _IDS.split(text) if one)
    return CodebookTheme(
        name, texts["definition"], lists["examples"], texts["parent"] or None, ids,
        "general" if texts["kind"] == "general" else "subject", line,
    )  # fmt: skip


def _list(node: Node, source: str, key: str) -> Iterator[str]:
    from yaml.nodes import ScalarNode, SequenceNode

    if isinstance(node, ScalarNode):
        yield from filter(None, [_text(node, source, key)])
        return
    line = node.start_mark.line + 1
    if not isinstance(node, SequenceNode) or len(node.value) > _MOST_EXAMPLES:
        raise ConfigError(f"{source}, line {line}: {key} is a list of at most {_MOST_EXAMPLES} phrases.")
    for entry in node.value:
        yield _text(entry, source, key, required=True)


def _pairs(node: Node, source: str, allowed: tuple[str, ...], what: str) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value in node.value:
        line, name = key.start_mark.line + 1, str(key.value)
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
            hint = f'Did you mean "{near[0]}"?' if near else f"Allowed here: {', '.join(allowed)}."
            raise ConfigError(f'{source}, line {line}: "{name}" is no key of {what}. {hint}')
        if name in found:
            raise ConfigError(f'{source}, line {line}: "{name}" stands there twice. Keep one.')
        found[name] = value
    return found


def _text(node: Node, source: str, key: str, required: bool = False) -> str:
    from yaml.nodes import ScalarNode

    line = node.start_mark.line + 1
    if not isinstance(node, ScalarNode):
        raise ConfigError(f"{source}, line {line}: {key} holds a list or keys; it is one text. Write it on one line.")
    text = "" if node.tag.endswith(":null") else " ".join(str(node.value).split())
    if required and not text:
        raise ConfigError(f"{source}, line {line}: {key} is empty. Write a text, or remove the entry.")
    if len(text) > LONGEST[key]:
        raise ConfigError(
            f"{source}, line {line}: {key} has {len(text)} characters; at most {LONGEST[key]}. Shorten it."
        )
    return text


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Comments that people coded.

    Attributes
    ----------
    comments : tuple of str
        Each once.
    codes : tuple of frozenset of str
        The codes of each, empty where the coder found none.
    source : str
    """

    comments: tuple[str, ...]
    codes: tuple[frozenset[str], ...]
    source: str = "coded comments"

    @property
    def names(self) -> tuple[str, ...]:
        """Codes in alphabetical order."""
        return tuple(sorted(frozenset().union(*self.codes)))


def read_coded(table: pd.DataFrame, source: str = "coded comments") -> Coded:
    """Take comments that people have coded from a table with the columns ``comment`` and ``theme``.

    Several themes of a comment stand in several rows, or in one cell with ";" or "|" between them. An empty theme says
    that the coder found none. Codes that differ in case alone are one code. Other columns are not read.

    Raises
    ------
    ConfigError
        A column is missing, no comment has a code, or there are more than 200 codes.

    Examples
    --------
    >>> coded = read_coded(pd.DataFrame({"comment": ["Late", "Late", "Fine"], "theme": ["delivery", "Price", None]}))
    >>> [sorted(codes) for codes in coded.codes]
    [['Price', 'delivery'], []]
    """
    columns = {name: _column(table, name, source) for name in ("comment", "theme")}
    if len(table) > _MOST_CODED:
        raise ConfigError(
            f"{source} has {len(table):,} rows; at most {_MOST_CODED:,} coded rows are read. Take a sample."
        )
    found: dict[str, set[str]] = {}
    written: dict[str, str] = {}
    for comment, cell in zip(*(table[columns[name]].astype("str").fillna("") for name in columns), strict=True):
        if not comment.strip():
            continue
        held = found.setdefault(comment.strip(), set())
        for code in (" ".join(part.split()) for part in _SEVERAL.split(cell)):
            if code:
                held.add(written.setdefault(code.casefold(), code))
    if not written:
        raise ConfigError(f'{source} codes no comment. Each row has a comment and, in the column "theme", its code.')
    if len(written) > MOST_THEMES:
        raise ConfigError(
            f'{source} has {len(written):,} different codes in "theme"; at most {MOST_THEMES}. Put ";" or "|" between '
            "the codes of a comment, and the comment itself into another column."
        )
    longest = max(written.values(), key=len)
    if len(longest) > LONGEST["name"]:
        raise ConfigError(
            f'{source}: the code "{longest[:40]}..." has {len(longest)} characters; at most 80. Shorten it.'
        )
    return Coded(tuple(found), tuple(frozenset(held) for held in found.values()), source)


def _column(table: pd.DataFrame, name: str, source: str) -> str:
    names = {str(column).strip().casefold(): str(column) for column in table.columns}
    if name in names:
        return names[name]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f'Rename "{names[near[0]]}".' if near else f"Found: {', '.join(map(str, table.columns))[:200]}."
    raise ConfigError(f'{source} has no column "{name}"; coded comments have the columns comment and theme. {hint}')
