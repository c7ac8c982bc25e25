"""Edits of a theme model: what was done, in what order, and how to do it again or undo it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.records import Theme

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel

Action = Literal["rename", "describe", "merge", "split", "move", "drop", "add", "refit", "refine"]
NOT_REPLAYED = ("refit", "refine")
"""What fits a model anew: such entries, and the edits before them, are in its past, not in its history."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit, with all that is needed to do it again.

    Attributes
    ----------
    action : str
        rename, describe, merge, split, move, drop or add; refit or refine in a model's past.
    theme_ids : tuple of str
        The themes it was applied to, in order: the first of a merge takes in the others.
    made : tuple of str
        Ids of the themes it made: the parts of a split, an added theme, a new broader one.
    names, definitions : tuple of str
        New names and definitions, of ``made`` where there are any, else of ``theme_ids``.
    keywords : tuple of tuple of str
        Of ``made``.
    under : str
        Id of the broader theme that themes are moved or added under; empty: none.
    points : int
        How many prototypes it added to the model.
    why, when : str
        The editor's reason; the day, ISO.
    shown : tuple of str
        Surveys whose drivers had been shown by then (`ThemeModel.shown`).
    """

    action: Action
    theme_ids: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    keywords: tuple[tuple[str, ...], ...] = ()
    under: str = ""
    points: int = 0
    why: str = ""
    when: str = ""
    shown: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the edit as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Edit:
        """Read an edit back; raises ValueError where it is none."""
        if entry["action"] not in Action.__args__:  # type: ignore[attr-defined]
            raise ValueError(f"there is no edit {entry['action']!r}")
        lists = {key: tuple(entry[key]) for key in ("theme_ids", "made", "names", "definitions", "shown")}
        return cls(**{**entry, **lists, "keywords": tuple(tuple(words) for words in entry["keywords"])})


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """What a model was before its first edit.

    Attributes
    ----------
    themes, retired : tuple of Theme
    theme_of : int array, shape (n_prototypes,)
        Rows of the prototypes that were there.
    members : object array of str, shape (n_members,)
        Theme ids of the members.
    """

    themes: tuple[Theme, ...]
    retired: tuple[Theme, ...]
    theme_of: NDArray[np.intp]
    members: NDArray[np.object_]


def origin_of(model: ThemeModel) -> Origin:
    """Return what the model was before its first edit."""
    if model.origin:
        return model.origin
    members = model.members["theme_id"].to_numpy(dtype=object)
    return Origin(model.themes, model.retired, model.prototypes.theme_of, members)


def fitted_anew(model: ThemeModel, action: Action, made: Sequence[str], gone: Sequence[str], why: str) -> ThemeModel:
    """Put the edits of a model, and that it was fitted anew, into its past: edits to come start from here."""
    done = Edit(action, tuple(gone), tuple(made), why=why, when=today(), shown=model.shown)
    return replace(model, history=(), origin=None, past=(*model.past, *model.history, done))


def today() -> str:
    """Return the day, ISO."""
    return datetime.now(UTC).date().isoformat()


def with_ids(members: pd.DataFrame, theme_ids: NDArray[np.object_]) -> pd.DataFrame:
    """Return the members of a model as those of other themes; "" where their theme was dropped."""
    return members.assign(theme_id=pd.Series(theme_ids, index=members.index, dtype="str"))


def replayed(model: ThemeModel, edits: Sequence[Edit]) -> ThemeModel:
    """Return the model as it is after these of its own edits, from the first on."""
    origin = origin_of(model)
    n, every = len(origin.theme_of), model.prototypes
    again = replace(
        model,
        themes=origin.themes,
        prototypes=replace(
            every, vectors=every.vectors[:n], theme_of=origin.theme_of, least=every.least[:n], within=every.within[:n]
        ),
        members=with_ids(model.members, origin.members),
        history=(),
        origin=None,
        retired=origin.retired,
    )
    for edit in edits:
        again = edited(again, edit, every.vectors[n : n + edit.points])
        n += edit.points
    return again


def edited(model: ThemeModel, edit: Edit, points: NDArray[np.float32]) -> ThemeModel:
    """Return the model after one edit, which is known to be possible; ``points`` (n, dim) are its new prototypes."""
    draft = _Draft(model, edit, points)
    getattr(draft, edit.action)()
    return draft.model()


class _Draft:
    """A model on the table, its prototypes and members by theme id ("": none) until they are rows again."""

    def __init__(self, model: ThemeModel, edit: Edit, points: NDArray[np.float32]) -> None:
        ids = np.array([*(theme.theme_id for theme in model.themes), ""], dtype=object)
        self.before, self.edit, self.points = model, edit, points
        self.themes = {theme.theme_id: theme for theme in model.themes}
        self.retired: list[Theme] = list(model.retired)
        self.prototypes = model.prototypes
        self.of = ids[model.prototypes.theme_of]
        self.members = model.members["theme_id"].to_numpy(dtype=object).copy()

    def rename(self) -> None:
        for theme_id, name in zip(self.edit.theme_ids, self.edit.names, strict=True):
            self._tell(theme_id, f"renamed from \u201c{self.themes[theme_id].name}\u201d", name=name)

    def describe(self) -> None:
        for theme_id, definition in zip(self.edit.theme_ids, self.edit.definitions, strict=True):
            self._tell(theme_id, "definition changed", definition=definition)

    def merge(self) -> None:
        first, *others = self.edit.theme_ids
        for other in others:
            theme = self.themes[other]
            self._retire(other, f"merged into {first} \u201c{self.themes[first].name}\u201d")
            whole = self.themes[first]
            self._tell(
                first,
                f"took in {other} \u201c{theme.name}\u201d",
                keywords=_in_turn(whole.keywords, theme.keywords),
                exemplars=_in_turn(whole.exemplars, theme.exemplars),
                n_spans=whole.n_spans + theme.n_spans,
            )
            self.of[self.of == other] = first
            self.members[self.members == other] = first
            self._children(other, first)
            self._changed([theme.parent_id] if theme.parent_id else [])
        for name in self.edit.names:
            self._tell(first, f"renamed from \u201c{self.themes[first].name}\u201d", name=name)
        self._changed([first])

    def split(self) -> None:
        (whole_id,) = self.edit.theme_ids
        whole, n = self.themes[whole_id], len(self.edit.made)
        divided = np.flatnonzero(self.of == whole_id)
        self._point(np.tile(np.array(self.edit.made, dtype=object), len(divided)), -1.0, np.repeat(divided, n))
        self.of[divided] = ""
        here = np.flatnonzero(self.members == whole_id)
        part = (self.before.vectors[here] @ self.points[:n].T).argmax(axis=1)
        self.members[here] = np.array(self.edit.made, dtype=object)[part]
        shares = np.bincount(part, minlength=n) / max(len(here), 1)
        parts = [
            replace(
                whole, theme_id=theme_id, name=name, definition=definition, keywords=keywords, exemplars=(),
                n_spans=round(whole.n_spans * share),
                lineage=(self._line(f"split from {whole_id} \u201c{whole.name}\u201d"),),
            )
            for theme_id, name, definition, keywords, share in zip(
                self.edit.made, self.edit.names, self.edit.definitions, self.edit.keywords, shares, strict=True
            )
        ]  # fmt: skip
        self._insert_after(whole_id, parts)
        self._retire(whole_id, f"split into {' and '.join(self.edit.made)}")
        self._changed(self.edit.made)

    def move(self) -> None:
        old = {self.themes[theme_id].parent_id for theme_id in self.edit.theme_ids} - {None}
        for theme_id, name in zip(self.edit.made, self.edit.names, strict=True):
            self.themes[theme_id] = Theme(
                theme_id, name, (), "Holds ", None, 1, "subject", "given", 0, (), (self._line("born"),)
            )
        under = self.themes.get(self.edit.under)
        for theme_id in self.edit.theme_ids:
            what = f"moved under {under.theme_id} \u201c{under.name}\u201d" if under else "moved to the top"
            self._tell(theme_id, what, parent_id=self.edit.under or None)
        self._changed([*filter(None, old), *filter(None, [self.edit.under])])

    def drop(self) -> None:
        for theme_id in self.edit.theme_ids:
            parent = self.themes[theme_id].parent_id
            self._retire(theme_id, "dropped")
            self.of[self.of == theme_id] = ""
            self.members[self.members == theme_id] = ""
            self._children(theme_id, None)
            self._changed([parent] if parent else [])

    def add(self) -> None:
        (theme_id,) = self.edit.made
        self._point(np.array([theme_id], dtype=object), self.before.clear_similarity, np.array([-1]))
        self.themes[theme_id] = Theme(
            theme_id, self.edit.names[0], self.edit.keywords[0], self.edit.definitions[0], self.edit.under or None, 1,
            "subject", "given", 0, (), (self._line("born: added by example phrases"),),
        )  # fmt: skip
        self._changed([theme_id, *filter(None, [self.edit.under])])

    def model(self) -> ThemeModel:
        """Return the model: broader themes last, those without parts retired, levels as they are ranked."""
        self._settle_broader()
        place = {theme_id: row for row, theme_id in enumerate(self.themes)}
        return replace(
            self.before,
            themes=tuple(self.themes.values()),
            prototypes=self.prototypes.with_themes(np.array([place.get(i, -1) for i in self.of], dtype=np.intp)),
            members=with_ids(self.before.members, self.members),
            history=(*self.before.history, self.edit),
            origin=origin_of(self.before),
            retired=tuple(self.retired),
        )

    def _settle_broader(self) -> None:
        parts: dict[str, list[Theme]] = {}
        for theme in self.themes.values():
            if theme.parent_id:
                parts.setdefault(theme.parent_id, []).append(theme)
        points = set(self.of)
        for theme_id in [i for i in self.themes if is_broader_id(i) and i not in parts and i not in points]:
            self._retire(theme_id, "retired: it holds no theme any more")
        for theme_id, held in parts.items():
            theme = self.themes[theme_id]
            listed = "Holds " + ", ".join(f"\u201c{part.name}\u201d" for part in held)
            self.themes[theme_id] = replace(
                theme,
                definition=listed if theme.definition.startswith("Holds ") else theme.definition,
                keywords=theme.keywords or _in_turn(*(part.keywords for part in held)),
                n_spans=sum(part.n_spans for part in held),
            )
        if self.edit.action not in ("rename", "describe"):
            for theme_id, theme in self.themes.items():
                leaf = theme_id not in parts and theme.kind == "subject"
                self.themes[theme_id] = replace(theme, level=2 if leaf and parts else 1)
        self.themes = dict(sorted(self.themes.items(), key=lambda item: item[0] in parts))

    def _line(self, what: str) -> str:
        return f"{self.edit.when}: {what}" + (f" ({self.edit.why})" if self.edit.why else "")

    def _tell(self, theme_id: str, what: str, **changes: Any) -> None:
        theme = self.themes[theme_id]
        self.themes[theme_id] = replace(theme, lineage=(*theme.lineage, self._line(what)), **changes)

    def _retire(self, theme_id: str, what: str) -> None:
        self._tell(theme_id, what)
        self.retired.append(replace(self.themes.pop(theme_id), confirm_next_wave=False))

    def _children(self, parent: str, new: str | None) -> None:
        for theme in [theme for theme in self.themes.values() if theme.parent_id == parent]:
            self.themes[theme.theme_id] = replace(theme, parent_id=new)

    def _changed(self, theme_ids: Iterable[str]) -> None:
        for theme_id in theme_ids:
            if self.edit.shown and theme_id in self.themes:
                self.themes[theme_id] = replace(self.themes[theme_id], confirm_next_wave=True)

    def _point(self, of: NDArray[np.object_], least: float, within: NDArray[np.intp]) -> None:
        self.of = np.concatenate([self.of, of])
        nowhere = np.full(len(of), -1)
        self.prototypes = self.prototypes.with_more(self.points, nowhere, least, within)

    def _insert_after(self, theme_id: str, parts: Sequence[Theme]) -> None:
        placed: dict[str, Theme] = {}
        for key, theme in self.themes.items():
            placed[key] = theme
            if key == theme_id:
                placed |= {part.theme_id: part for part in parts}
        self.themes = placed


def is_broader_id(theme_id: str) -> bool:
    """Tell ids of broader themes, ``P01``, from those of the others, ``T01``."""
    return theme_id.startswith("P")


def _in_turn(*lists: tuple[str, ...]) -> tuple[str, ...]:
    """Take from each list in turn, each entry once, ten at most."""
    longest = max((len(one) for one in lists), default=0)
    taken = dict.fromkeys(entry for rank in range(longest) for one in lists for entry in one[rank : rank + 1])
    return tuple(taken)[:10]
