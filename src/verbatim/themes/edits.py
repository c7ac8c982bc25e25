"""The edits of a theme model, each checked against the model before anything is done."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from verbatim.errors import EditError, ModelError
from verbatim.records import Theme
from verbatim.text.encoder import DEFAULT_MODEL, Encoder, EncoderOptions, encode_alone, load_encoder
from verbatim.themes.codebook import LONGEST, CodebookTheme
from verbatim.themes.history import NOT_REPLAYED, Edit, edited, is_broader_id, replayed, today
from verbatim.themes.splitting import distinctive, parts_by_phrases, parts_found
from verbatim.vectors import group_means, unit

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel

_MOST_PARTS = 12
_NAMES_ONLY = ("rename", "describe")


def rename(model: ThemeModel, theme: str, name: str, why: str) -> ThemeModel:
    """See `ThemeModel.rename`."""
    found = find(model, theme)
    return _do(model, Edit("rename", (found.theme_id,), names=(_name(model, name, but=found),), why=why))


def renamed_together(model: ThemeModel, names: Mapping[str, str], why: str) -> ThemeModel:
    """Give several themes, by id, other names in one edit, so that two can exchange theirs.

    Raises
    ------
    EditError
        See `ThemeModel.rename`.
    """
    found = [find(model, theme_id) for theme_id in names]
    told = tuple(_name(model, name, but=found) for name in names.values())
    _differ(told)
    return _do(model, Edit("rename", tuple(theme.theme_id for theme in found), names=told, why=why))


def describe(model: ThemeModel, theme: str, definition: str, why: str) -> ThemeModel:
    """See `ThemeModel.describe`."""
    definition = _text("definition", definition)
    return _do(model, Edit("describe", (find(model, theme).theme_id,), definitions=(definition,), why=why))


def merge(model: ThemeModel, themes: Sequence[str], name: str, why: str) -> ThemeModel:
    """See `ThemeModel.merge`."""
    found = _several(model, themes)
    if len(found) < 2:
        raise EditError(f"A merge needs two themes at least; {list(themes)} names {len(found)}.")
    if any(theme.kind == "general" for theme in found):
        raise EditError("General praise and dissatisfaction are told apart by their tone and cannot be merged.")
    if len({_is_broader(model, theme) for theme in found}) == 2:
        raise EditError("A broader theme cannot be merged with one that is none. Move the theme under it instead.")
    names = (_name(model, name, but=found),) if name and name != found[0].name else ()
    return _do(model, Edit("merge", tuple(theme.theme_id for theme in found), names=names, why=why))


def split(
    model: ThemeModel, theme: str, into: int | Mapping[str, Sequence[str]], why: str, encoder: Encoder | None
) -> ThemeModel:
    """See `ThemeModel.split`."""
    whole = find(model, theme)
    if _is_broader(model, whole) or whole.kind == "general":
        raise EditError(f'"{whole.name}" is {"general" if whole.kind == "general" else "broader"} and cannot be split.')
    n = into if isinstance(into, int) else len(into)
    if not 2 <= n <= _MOST_PARTS:
        raise EditError(f'"{whole.name}" can be split into 2 to {_MOST_PARTS} parts, not {n}.')
    here = np.flatnonzero(model.members["theme_id"] == whole.theme_id)
    if isinstance(into, int):
        points = parts_found(model.vectors[here], n, whole.name)
        names: tuple[str, ...] = ()
    else:
        names = tuple(_name(model, name, but=whole) for name in into)
        _differ(names)
        points = parts_by_phrases(
            model.vectors[here], [_phrases(name, into[name]) for name in into], encoder_of(model, encoder), model.centre
        )
    part = (model.vectors[here] @ points.T).argmax(axis=1)
    texts = model.members["text"].to_numpy(dtype=object)[here]
    keywords = distinctive([texts[part == k].tolist() for k in range(n)], model.language)
    told = [", ".join(words[:4]) or "no words of its own" for words in keywords]
    return _do(
        model,
        Edit(
            "split", (whole.theme_id,), new_ids(model, "T", n), names or _part_names(model, whole, keywords),
            tuple(f"Part of \u201c{whole.name[:80]}\u201d: {words}"[: LONGEST["definition"]] for words in told),
            keywords, points=n * int((model.prototypes.theme_of == _row(model, whole)).sum()), why=why,
        ),
        points,
    )  # fmt: skip


def move(model: ThemeModel, themes: Sequence[str], under: str | None, why: str) -> ThemeModel:
    """See `ThemeModel.move`."""
    found = _several(model, themes)
    for theme in found:
        if _is_broader(model, theme) or theme.kind == "general":
            kind = "general" if theme.kind == "general" else "broader itself"
            raise EditError(f'"{theme.name}" is {kind}: there are two levels, and it stands at the top.')
    ids = tuple(theme.theme_id for theme in found)
    if not under:
        return _do(model, Edit("move", ids, why=why))
    parent = _parent(model, under)
    if parent:
        return _do(model, Edit("move", ids, under=parent.theme_id, why=why))
    made = new_ids(model, "P", 1)
    return _do(model, Edit("move", ids, made, (_name(model, under),), under=made[0], why=why))


def drop(model: ThemeModel, themes: Sequence[str], why: str) -> ThemeModel:
    """See `ThemeModel.drop`."""
    found = tuple(theme.theme_id for theme in _several(model, themes))
    if len(found) == len(model.themes):
        raise EditError("A model needs one theme at least; these are all it has.")
    return _do(model, Edit("drop", found, why=why))


def add(
    model: ThemeModel, name: str, examples: Sequence[str], definition: str, under: str | None, why: str,
    encoder: Encoder | None,
) -> ThemeModel:  # fmt: skip
    """See `ThemeModel.add`."""
    name, definition = _name(model, name), _text("definition", definition)
    parent = _parent(model, under) if under else None
    if under and not parent:
        raise EditError(f'There is no broader theme "{under}". Add the theme without it and move it there.')
    texts = CodebookTheme(name, definition, _phrases(name, examples)).texts
    vectors = encode_alone(encoder_of(model, encoder), texts)
    point = unit(group_means(vectors, np.zeros(len(texts), np.intp), 1) - model.centre)
    return _do(
        model,
        Edit(
            "add", (), new_ids(model, "T", 1), (name,), (definition or f"Like \u201c{texts[-1]}\u201d",),
            distinctive([list(texts)], model.language), parent.theme_id if parent else "", 1, why,
        ),
        point,
    )  # fmt: skip


def undo(model: ThemeModel, n: int) -> ThemeModel:
    """See `ThemeModel.undo`."""
    if not 0 <= n <= len(model.history):
        since = f" since its last {model.past[-1].action}" if model.past else ""
        raise EditError(f"{n} edits cannot be undone: the model has had {len(model.history)}{since}.")
    kept, undone = model.history[: len(model.history) - n], model.history[len(model.history) - n :]
    spent = {*model.spent, *(made for edit in undone for made in edit.made)}
    return replace(replayed(model, kept), spent=tuple(sorted(spent)))


def to_confirm(model: ThemeModel, survey: str) -> frozenset[str]:
    """Ids of the themes whose comments changed in edits made after the drivers of this survey were shown."""
    touched = {
        theme_id
        for edit in model.past
        if survey in edit.shown and edit.action not in (*_NAMES_ONLY, *NOT_REPLAYED)
        for theme_id in (*edit.theme_ids, *edit.made, edit.under)
    }
    early = touched & {theme.theme_id for theme in model.themes}
    seen = [replace(edit, shown=tuple(one for one in edit.shown if one == survey)) for edit in model.history]
    if not any(edit.shown for edit in seen):
        return frozenset(early)
    return frozenset(early | {theme.theme_id for theme in replayed(model, seen).themes if theme.confirm_next_wave})


def find(model: ThemeModel, theme: str) -> Theme:
    """Return the theme of this id or name.

    Raises
    ------
    EditError
        There is none; the message names the nearest, or says what became of it.
    """
    named = {each.theme_id.casefold(): each for each in model.themes}
    named = {each.name.casefold(): each for each in model.themes} | named
    if theme.casefold() in named:
        return named[theme.casefold()]
    gone = next((each for each in model.retired if each.theme_id == theme), None)
    if gone:
        raise EditError(f"{theme} is no theme any more. {gone.lineage[-1]}.")
    near = difflib.get_close_matches(theme.casefold(), named, n=1)
    hint = f'Did you mean {named[near[0]].theme_id} "{named[near[0]].name}"?' if near else _listed(model)
    raise EditError(f'There is no theme "{theme}". {hint}')


def encoder_of(model: ThemeModel, encoder: Encoder | None = None) -> Encoder:
    """Return what reads phrases for this model: the encoder given, its own, or the one it names.

    Raises
    ------
    ModelError
        It is not the encoder the model was made with.
    EncoderError
        It cannot be loaded.
    """
    named = model.encoder.name
    if encoder is None and model.reader is None and named != DEFAULT_MODEL:  # a stranger's model loads nothing by name
        raise EditError(f'Phrases are read by the encoder the model was made with, "{named}". Give it: encoder=...')
    reads = encoder or model.reader or load_encoder(EncoderOptions(model=named))
    if reads.card.sha256 != model.encoder.sha256:
        raise ModelError(
            f'The theme model was made with the encoder "{model.encoder.name}"; "{reads.card.name}" is another. '
            "Give the encoder it was made with."
        )
    return reads


def _do(model: ThemeModel, edit: Edit, points: np.ndarray | None = None) -> ThemeModel:
    """Do an edit, dated today; ``points`` are repeated until they are as many as it asks for."""
    edit = replace(edit, when=today(), shown=model.shown)
    none = np.zeros((0, len(model.centre)), np.float32)
    again = 1 if points is None else edit.points // len(points)
    return edited(model, edit, none if points is None else np.tile(points, (again, 1)))


def _several(model: ThemeModel, themes: Sequence[str]) -> list[Theme]:
    if isinstance(themes, str) or not themes:
        raise EditError('Name themes in a list, such as ["T03", "T07"].')
    found = {theme.theme_id: theme for theme in (find(model, name) for name in themes)}
    return list(found.values())


def _row(model: ThemeModel, theme: Theme) -> int:
    return next(row for row, each in enumerate(model.themes) if each.theme_id == theme.theme_id)


def _is_broader(model: ThemeModel, theme: Theme) -> bool:
    return any(each.parent_id == theme.theme_id for each in model.themes)


def _parent(model: ThemeModel, under: str) -> Theme | None:
    """Return the broader theme of this id or name; None where nothing is called so."""
    found = next((t for t in model.themes if under.casefold() in (t.theme_id.casefold(), t.name.casefold())), None)
    if found and not _is_broader(model, found):
        raise EditError(f'"{found.name}" is no broader theme: comments speak of it. Name another, or a new one.')
    if found is None and is_broader_id(under) and under[1:].isdigit():
        find(model, under)
    return found


def new_ids(model: ThemeModel, prefix: str, n: int) -> tuple[str, ...]:
    """Return ids that no theme has or had, ``T07`` or ``P03``."""
    known = (*(theme.theme_id for theme in (*model.themes, *model.retired)), *model.spent)
    last = max((int(i[1:]) for i in known if i.startswith(prefix) and i[1:].isdigit()), default=0)
    return tuple(f"{prefix}{number:02d}" for number in range(last + 1, last + 1 + n))


def _name(model: ThemeModel, name: str, but: Theme | Sequence[Theme] = ()) -> str:
    """Return the name, its blanks set right; ``but`` are themes that may have it already."""
    name = _text("name", name)
    if not name:
        raise EditError("A theme needs a name; this one is empty.")
    allowed = {theme.theme_id for theme in ([but] if isinstance(but, Theme) else but)}
    taken = next((t for t in model.themes if t.name.casefold() == name.casefold() and t.theme_id not in allowed), None)
    if taken:
        raise EditError(f'"{name}" is the name of {taken.theme_id} already. Choose another, or merge the two.')
    return name


def _text(what: str, text: str) -> str:
    text = " ".join(str(text).split())
    if len(text) > LONGEST[what]:
        raise EditError(f"The {what} has {len(text)} characters; at most {LONGEST[what]}. Shorten it.")
    return text


def _phrases(name: str, phrases: Sequence[str]) -> tuple[str, ...]:
    kept = () if isinstance(phrases, str) else tuple(filter(None, (_text("examples", phrase) for phrase in phrases)))
    if not kept:
        raise EditError(f'"{name}" has no example phrases. Give a list of what customers say, such as ["came late"].')
    return kept


def _differ(names: Sequence[str]) -> None:
    if len({name.casefold() for name in names}) < len(names):
        raise EditError(f"Names must differ; given: {', '.join(names)}.")


def _part_names(model: ThemeModel, whole: Theme, keywords: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Name the parts after the whole and the words that are theirs, each name once."""
    taken = {theme.name.casefold() for theme in model.themes}
    names: list[str] = []
    for k, words in enumerate(keywords, 1):
        told = ", ".join(words[:2]) or f"part {k}"
        name = f"{whole.name[: LONGEST['name'] - len(told) - 8]}: {told}"
        names.append(name if name.casefold() not in taken else f"{name} ({k})")
        taken.add(names[-1].casefold())
    return tuple(names)


def _listed(model: ThemeModel) -> str:
    some = ", ".join(f'{theme.theme_id} "{theme.name}"' for theme in model.themes[:5])
    return f"There are {some}{' and others' if len(model.themes) > 5 else ''}."
