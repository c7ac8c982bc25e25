"""A theme model on disk: safetensors, JSON and Parquet, data that can execute nothing.

Folders of strangers are read with care: plain files only, of bounded size, every shape and reference checked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.errors import ModelError
from verbatim.records import EncoderCard, Theme
from verbatim.text.lexical import LexicalEncoder
from verbatim.themes.guide import Guide
from verbatim.themes.history import NOT_REPLAYED, Edit, Origin
from verbatim.themes.prototypes import Prototypes
from verbatim.themes.units import View

if TYPE_CHECKING:
    from verbatim.themes.model import ThemeModel

MODEL_VERSION = 3
_MATRICES, _CARD, _MEMBERS, _READER = "model.safetensors", "model.json", "members.parquet", "encoder"
_MOST_BYTES = {_MATRICES: 1 << 30, _CARD: 1 << 26, _MEMBERS: 1 << 28}
_MOST_MEMBERS, _MOST_TEXT = 1_000_000, 1 << 30
_OF_PROTOTYPES = {"prototypes": "vectors", "of_theme": "theme_of", "at_least": "least", "within": "within"}

Matrices = dict[str, NDArray[Any]]


def save(model: ThemeModel, folder: Path) -> Path:
    """See `ThemeModel.save`."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    matrices = {name: getattr(model.prototypes, attribute) for name, attribute in _OF_PROTOTYPES.items()}
    matrices |= {"centre": model.centre, "vectors": model.vectors.astype(np.float16)}
    members = model.members[["text", "theme_id"]]
    if model.guide:
        matrices |= model.guide.matrices()
    if model.origin:
        matrices["origin_of_theme"] = model.origin.theme_of
        members = members.assign(origin_id=pd.Series(model.origin.members, index=members.index, dtype="str"))
    save_file({name: np.ascontiguousarray(matrix) for name, matrix in matrices.items()}, folder / _MATRICES)
    members.to_parquet(folder / _MEMBERS, index=False)
    if model.reader:
        model.reader.save(folder / _READER)
    (folder / _CARD).write_text(json.dumps(_card(model), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder


def _card(model: ThemeModel) -> dict[str, Any]:
    return {
        "model_version": MODEL_VERSION,
        "encoder": asdict(model.encoder),
        "language": model.language,
        "min_similarity": model.min_similarity,
        "clear_similarity": model.clear_similarity,
        "view": model.view,
        "own_encoder": model.reader is not None,
        "guided": model.guide is not None,
        "themes": [theme_to_json(theme) for theme in model.themes],
        "retired": [theme_to_json(theme) for theme in model.retired],
        "spent": list(model.spent),
        "shown": list(model.shown),
        "history": [edit.to_json() for edit in model.history],
        "past": [edit.to_json() for edit in model.past],
        "origin": _origin_to_json(model.origin),
    }


def _origin_to_json(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {name: [theme_to_json(theme) for theme in getattr(origin, name)] for name in ("themes", "retired")}


def load(folder: Path) -> ThemeModel:
    """See `ThemeModel.load`."""
    if (folder / "model" / _CARD).is_file():
        folder = folder / "model"
    if not (folder / _CARD).is_file():
        raise ModelError(f"{folder} holds no theme model: {_CARD} is missing. Name a run folder or a model folder.")
    try:
        return _read(folder)
    except ModelError:
        raise
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).split("\n")[0].rstrip(".")[:300]
        raise ModelError(
            f"{folder} cannot be read as a theme model: {reason}. A file is damaged or not of this kind; take "
            "another copy, or find the themes anew by leaving --model out."
        ) from None


def _read(folder: Path) -> ThemeModel:
    from safetensors.numpy import load_file

    from verbatim.themes.model import ThemeModel

    _check_files(folder)
    card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
    version = card.get("model_version")
    if version not in (2, MODEL_VERSION):
        raise ModelError(
            f"{folder / _CARD} has model_version {version!r}; this release reads 2 and {MODEL_VERSION}. "
            "Use the release of verbatim-nps that wrote it."
        )
    matrices: Matrices = load_file(folder / _MATRICES)
    if version == 2:
        card, matrices = _from_version_2(card, matrices)
    members = _members(folder / _MEMBERS, bool(card["origin"]))
    prototypes = Prototypes(
        matrices["prototypes"].astype(np.float32), matrices["of_theme"].astype(np.intp),
        matrices["at_least"].astype(np.float32), matrices["within"].astype(np.intp),
    )  # fmt: skip
    model = ThemeModel(
        _themes(card["themes"]), prototypes, matrices["centre"].astype(np.float32), float(card["min_similarity"]),
        float(card["clear_similarity"]), _view(card["view"]), str(card["language"]), EncoderCard(**card["encoder"]),
        members[["text", "theme_id"]], matrices["vectors"].astype(np.float32),
        LexicalEncoder.load(folder / _READER) if card["own_encoder"] else None,
        Guide.from_matrices(matrices, len(prototypes), int(card["encoder"]["dim"])) if card["guided"] else None,
        tuple(Edit.from_json(entry) for entry in card["history"]),
        _origin(card["origin"], matrices, members),
        _themes(card["retired"]), tuple(map(str, card["spent"])), tuple(map(str, card["shown"])),
        tuple(Edit.from_json(entry) for entry in card.get("past", ())),
    )  # fmt: skip
    _check(model, folder)
    return model


def _check_files(folder: Path) -> None:
    """Refuse what is no plain file, or larger than a model can be."""
    for file in (folder / _CARD, folder / _MATRICES, folder / _MEMBERS, *(folder / _READER).glob("*")):
        if file.is_symlink() or file.parent.is_symlink() or not file.is_file():
            raise ModelError(f"{file} is missing or no plain file; a theme model holds no links. Take another copy.")
        most = _MOST_BYTES.get(file.name, _MOST_BYTES[_MATRICES])
        if file.stat().st_size > most:
            raise ModelError(
                f"{file} has {file.stat().st_size:,} bytes; a theme model's has {most:,} at most. Take another copy."
            )


def _members(file: Path, with_origin: bool) -> pd.DataFrame:
    from pyarrow import parquet

    told = parquet.read_metadata(file)
    size = sum(told.row_group(k).total_byte_size for k in range(told.num_row_groups))
    if told.num_rows > _MOST_MEMBERS or size > _MOST_TEXT:
        raise ModelError(
            f"{file} unpacks to {told.num_rows:,} rows and {size:,} bytes; a theme model has {_MOST_MEMBERS:,} and "
            f"{_MOST_TEXT:,} at most. Take another copy."
        )
    columns = ["text", "theme_id", *(["origin_id"] if with_origin else [])]
    table = parquet.read_table(file, columns=columns).to_pandas(ignore_metadata=True)
    members: pd.DataFrame = table[columns].astype("str")
    return members


def _origin(told: Mapping[str, Any] | None, matrices: Matrices, members: pd.DataFrame) -> Origin | None:
    if told is None:
        return None
    of_members = members["origin_id"].to_numpy(dtype=object)
    return Origin(
        _themes(told["themes"]), _themes(told["retired"]), matrices["origin_of_theme"].astype(np.intp), of_members
    )


def _check(model: ThemeModel, folder: Path) -> None:
    """Check that the parts of a model fit each other."""
    dim, n, k = model.encoder.dim, len(model.themes), len(model.prototypes)
    every = model.prototypes
    shapes = (every.vectors.shape, every.theme_of.shape, every.least.shape, every.within.shape, model.centre.shape,
              model.vectors.shape)  # fmt: skip
    if shapes != ((k, dim), (k,), (k,), (k,), (dim,), (len(model.members), dim)):
        raise ModelError(
            f"{folder}: the matrices have shapes {shapes}, which do not fit {k} prototypes of {dim} numbers and "
            f"{len(model.members)} members. Take another copy."
        )
    if not all(np.isfinite(matrix).all() for matrix in (every.vectors, every.least, model.centre, model.vectors)):
        raise ModelError(f"{folder}: a matrix holds numbers that are not finite. Take another copy.")
    ids = {theme.theme_id for theme in model.themes}
    if len(ids) != n or not {theme.parent_id for theme in model.themes} <= {*ids, None}:
        raise ModelError(f"{folder / _CARD} has an id twice, or a parent that is none. Take another copy.")
    if not set(model.members["theme_id"]) <= {*ids, ""}:
        raise ModelError(f"{folder / _MEMBERS} names themes that {_CARD} does not. Take another copy.")
    bare = np.setdiff1d(model.leaves, every.theme_of)
    wrong = ((every.theme_of < -1) | (every.theme_of >= n)).any() or (every.within >= np.arange(k)).any()
    if wrong or len(bare) or (every.within < -1).any():
        raise ModelError(f"{folder}: prototypes and themes do not belong together. Take another copy.")
    if any(edit.action in NOT_REPLAYED for edit in model.history):
        raise ModelError(f"{folder / _CARD}: the history holds what no edit does. Take another copy.")
    added, origin = sum(edit.points for edit in model.history), model.origin
    if bool(model.history) != bool(origin) or (origin and len(origin.theme_of) + added != k):
        raise ModelError(f"{folder / _CARD}: the history does not lead to the model. Take another copy.")
    if origin and ((origin.theme_of < -1) | (origin.theme_of >= len(origin.themes))).any():
        raise ModelError(f"{folder / _CARD}: the history starts from themes that are not there. Take another copy.")


def _from_version_2(card: dict[str, Any], matrices: Matrices) -> tuple[dict[str, Any], Matrices]:
    """Bring a model of the releases without edits up to date: prototypes for centroids, tones for general themes."""
    themes = [dict(entry) for entry in card["themes"]]
    tones = {"General praise": "praise", "General dissatisfaction": "complaint"}
    for entry in themes:
        if entry["kind"] == "general":
            entry["tone"] = tones.get(entry["name"])
    if matrices["centroids"].shape[:1] != (len(themes),):
        raise ValueError(f"{len(matrices['centroids'])} centroids do not fit {len(themes)} themes")
    if card.get("guided"):
        points, of, least = (matrices[name] for name in ("prototypes", "theme_of", "least"))
    else:
        over = {entry["parent_id"] for entry in themes}
        of = np.array([row for row, entry in enumerate(themes) if entry["theme_id"] not in over], dtype=np.intp)
        points, least = matrices["centroids"][of], np.full(len(of), -1, np.float32)
    nothing: dict[str, Any] = {"retired": [], "spent": [], "shown": [], "history": [], "origin": None, "guided": False}
    found = {"prototypes": points, "of_theme": of, "at_least": least, "within": np.full(len(of), -1)}
    return nothing | card | {"themes": themes}, matrices | found


def _view(name: object) -> View:
    if name not in ("pieces", "answers"):
        raise ValueError(f'view is {name!r}; it can be "pieces" or "answers"')
    return name


def _themes(entries: list[Mapping[str, Any]]) -> tuple[Theme, ...]:
    return tuple(theme_from_json(entry) for entry in entries)


def theme_to_json(theme: Theme) -> dict[str, Any]:
    """Return a theme as JSON keeps it."""
    return asdict(theme)


def theme_from_json(entry: Mapping[str, Any]) -> Theme:
    """Read a theme back; raises TypeError or ValueError where it is none."""
    lists = {key: tuple(map(str, entry[key])) for key in ("keywords", "exemplars", "lineage")}
    theme = Theme(**{**entry, **lists})
    texts = (theme.theme_id, theme.name, theme.definition, theme.parent_id or "")
    if not all(isinstance(text, str) for text in texts) or theme.kind not in ("subject", "general"):
        raise ValueError(f"a theme is not as it should be: {str(entry)[:80]}")
    if theme.tone not in (None, "praise", "complaint") or theme.level not in (1, 2):
        raise ValueError(f"theme {theme.theme_id} has the tone {theme.tone!r} and the level {theme.level!r}")
    return replace(theme, n_spans=int(theme.n_spans), confirm_next_wave=bool(theme.confirm_next_wave))
