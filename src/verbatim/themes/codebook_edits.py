"""An edited codebook, read against the model it was exported from: the edits that lead from one to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from verbatim.errors import ConfigError, EditError
from verbatim.records import Theme
from verbatim.text.encoder import Encoder
from verbatim.themes.codebook import Codebook, CodebookTheme
from verbatim.themes.codebook_file import as_exported
from verbatim.themes.edits import renamed_together

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel


def edited_by(model: ThemeModel, codebook: Codebook, encoder: Encoder | None = None) -> ThemeModel:
    """Do what the codebook asks for: splits, merges, drops, additions, moves, names and definitions, in this order.

    Raises
    ------
    ConfigError
        An entry cannot be followed; the message names its line.
    """
    return _Import(model, codebook, encoder).done()


class _Import:
    """A codebook on its way into a model; ``of`` holds the theme id of each entry as edits make it."""

    def __init__(self, model: ThemeModel, codebook: Codebook, encoder: Encoder | None) -> None:
        self.before = {theme.theme_id: theme for theme in model.themes}
        self.model, self.codebook, self.encoder, self.why = model, codebook, encoder, codebook.source
        self.of: dict[int, str] = {}
        self.broader = {theme.parent_id for theme in model.themes if theme.parent_id}
        self.parents = {entry.parent.casefold() for entry in codebook.themes if entry.parent}

    def done(self) -> ThemeModel:
        self._check_ids()
        for step in (self._split, self._merge, self._drop, self._add, self._move, self._rename, self._describe):
            step()
        return self.model

    def _check_ids(self) -> None:
        source, entries = self.codebook.source, self.codebook.themes
        if not any(entry.ids for entry in entries):
            raise ConfigError(
                f"{source} has no ids, so it cannot be told which theme is which. Edit a file that `verbatim codebook "
                "export` wrote; to find other themes, name this one in themes.codebook and run again."
            )
        for entry in entries:
            for theme_id in entry.ids:
                if theme_id not in self.before:
                    gone = any(theme.theme_id == theme_id for theme in self.model.retired)
                    reason = "is retired; its id is not given again" if gone else "is no theme of this run"
                    raise ConfigError(f"{source}, line {entry.line}: {theme_id} {reason}. Remove the id.")
        uses = Counter(theme_id for entry in entries for theme_id in entry.ids)
        for entry in entries:
            twice = [theme_id for theme_id in entry.ids if uses[theme_id] > 1]
            if twice and len(entry.ids) > 1:
                raise ConfigError(
                    f"{source}, line {entry.line}: {twice[0]} stands in several entries and is to be merged in this "
                    "one. Either split it or merge it; import the one, then the other."
                )

    def _split(self) -> None:
        parts: dict[str, list[CodebookTheme]] = {}
        for entry in self.codebook.themes:
            if len(entry.ids) == 1:
                parts.setdefault(entry.ids[0], []).append(entry)
        for theme_id, entries in parts.items():
            if len(entries) == 1:
                continue
            for entry in entries:
                if not entry.examples:
                    raise self._told(entry, f"{theme_id} is to be split here; this part needs examples.")
            into = {entry.name: entry.examples for entry in entries}
            self._do(entries[0], lambda m, i=theme_id, p=into: m.split(i, p, why=self.why, encoder=self.encoder))  # type: ignore[misc]
            for entry, made in zip(entries, self.model.history[-1].made, strict=True):
                self.of[id(entry)] = made

    def _merge(self) -> None:
        for entry in self.codebook.themes:
            if len(entry.ids) > 1:
                self._do(entry, lambda m, ids=entry.ids: m.merge(ids, why=self.why))  # type: ignore[misc]
            if entry.ids:
                self.of.setdefault(id(entry), entry.ids[0])

    def _drop(self) -> None:
        kept = {theme_id for entry in self.codebook.themes for theme_id in entry.ids}
        gone = [i for i, theme in self.before.items() if i not in kept and theme.name.casefold() not in self.parents]
        if gone:
            self._do(self.codebook.themes[0], lambda m: m.drop(gone, why=f"not in {self.why}"))

    def _add(self) -> None:
        for entry in self.codebook.themes:
            if entry.ids or entry.name.casefold() in self.parents:
                continue
            if not entry.examples:
                raise self._told(entry, f'"{entry.name}" is new; a new theme needs examples of what customers say.')
            self._do(
                entry,
                lambda m, e=entry: m.add(  # type: ignore[misc]
                    e.name, e.examples, definition=e.definition, why=self.why, encoder=self.encoder
                ),
            )
            self.of[id(entry)] = self.model.history[-1].made[0]

    def _move(self) -> None:
        by_name = {entry.name.casefold(): entry for entry in self.codebook.themes}
        for entry in self.codebook.themes:
            theme = self._now(entry)
            if theme is None or theme.theme_id in self.broader:
                continue
            if entry.parent is None:
                under = None
            else:
                holder = by_name.get(entry.parent.casefold())
                under = self.of.get(id(holder), entry.parent) if holder else entry.parent
            now = next((each for each in self.model.themes if each.theme_id == theme.parent_id), None)
            if under is None and now is None:
                continue
            if now is None or under is None or under.casefold() not in (now.theme_id.casefold(), now.name.casefold()):
                self._do(entry, lambda m, i=theme.theme_id, u=under: m.move(i, u, why=self.why))  # type: ignore[misc]
                holder = by_name.get(entry.parent.casefold()) if entry.parent else None
                if holder and not holder.ids:
                    self.of.setdefault(id(holder), self.model.history[-1].under)

    def _rename(self) -> None:
        names = {}
        for entry in self.codebook.themes:
            theme = self._now(entry)
            if theme and theme.name != entry.name:
                names[theme.theme_id] = entry.name
        if names:
            self._do(self.codebook.themes[0], lambda m: renamed_together(m, names, self.why))

    def _describe(self) -> None:
        for entry in self.codebook.themes:
            theme = self._now(entry)
            same = [each for each in (theme, *(self.before[i] for i in entry.ids)) if each]
            known = {as_exported(each.definition) for each in same}
            if theme and entry.definition and entry.definition not in known:
                self._do(entry, lambda m, i=theme.theme_id, d=entry.definition: m.describe(i, d, why=self.why))  # type: ignore[misc]

    def _now(self, entry: CodebookTheme) -> Theme | None:
        """Return the theme an entry stands for as it is now; None where it went with its last part."""
        theme_id = self.of.get(id(entry))
        return next((theme for theme in self.model.themes if theme.theme_id == theme_id), None)

    def _do(self, entry: CodebookTheme, edit: Callable[[ThemeModel], ThemeModel]) -> None:
        try:
            self.model = edit(self.model)
        except EditError as error:
            raise self._told(entry, str(error)) from None

    def _told(self, entry: CodebookTheme, message: str) -> ConfigError:
        return ConfigError(f"{self.codebook.source}, line {entry.line}: {message}")
