"""The theme model: what is needed to recognise the themes again, kept in files that are data, never code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from verbatim.errors import ModelError
from verbatim.records import EncoderCard, Theme
from verbatim.text.lexical import LexicalEncoder
from verbatim.themes.guide import MATRICES, Guide
from verbatim.themes.units import View
from verbatim.vectors import unit

if TYPE_CHECKING:
    from bertopic import BERTopic

MODEL_VERSION = 2
_MATRICES, _CARD, _MEMBERS, _READER = "model.safetensors", "model.json", "members.parquet", "encoder"
_BLOCK = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModel:
    """Themes, their centroids and the spans they were found in.

    Attributes
    ----------
    themes : tuple of Theme
    centroids : float32 array, shape (n_themes, dim)
        Unit vectors in the centred space, row for row with ``themes``.
    centre : float32 array, shape (dim,)
        Mean span vector of the survey the themes were found in; taken off before comparing.
    min_similarity, clear_similarity : float
        What is less similar (cosine) to its nearest theme has none; what is less similar than clear has one only where
        nothing in its comment is clearer.
    view : "pieces" or "answers"
        Whether pieces of spans were clustered or whole answers (`verbatim.themes.units`).
    language : str
        Language of the stop words, two letters.
    encoder : EncoderCard
        Only vectors of this encoder can be compared.
    members : DataFrame
        ``text, theme_id`` of the units that made the themes, sorted.
    vectors : float32 array, shape (n_members, dim)
    reader : LexicalEncoder, optional
        The encoder itself, where it was learned from the survey.
    guide : Guide, optional
        How themes that people gave are recognised.
    """

    themes: tuple[Theme, ...]
    centroids: NDArray[np.float32]
    centre: NDArray[np.float32]
    min_similarity: float
    clear_similarity: float
    view: View
    language: str
    encoder: EncoderCard
    members: pd.DataFrame
    vectors: NDArray[np.float32]
    reader: LexicalEncoder | None = None
    guide: Guide | None = None

    @property
    def leaves(self) -> NDArray[np.intp]:
        """Rows in ``themes`` of those that are no broader theme."""
        broader = {theme.parent_id for theme in self.themes}
        return np.array([row for row, theme in enumerate(self.themes) if theme.theme_id not in broader], dtype=np.intp)

    def nearest(self, vectors: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Nearest theme of each unit: its row in ``themes`` (-1: none is near enough) and the cosine, 4 decimals.

        Broader themes are nobody's nearest: what belongs to one belongs to one of its parts.

        Parameters
        ----------
        vectors : float32 array, shape (n_units, dim)
            From the encoder in ``encoder``, of units of the model's view.
        """
        row = np.full(len(vectors), -1, dtype=np.intp)
        similarity = np.zeros(len(vectors))
        leaves = self.leaves
        if self.guide:
            near, similarity = self.guide.nearest(unit(vectors - self.centre))
            return np.where(similarity >= self.min_similarity, self.guide.theme_of[near], -1), similarity
        if not len(leaves):
            return row, similarity
        for start in range(0, len(vectors), _BLOCK):
            cosines = unit(vectors[start : start + _BLOCK] - self.centre) @ self.centroids[leaves].T
            best = cosines.argmax(axis=1)
            row[start : start + _BLOCK] = leaves[best]
            similarity[start : start + _BLOCK] = np.round(cosines[np.arange(len(best)), best].astype(np.float64), 4)
        return np.where(similarity >= self.min_similarity, row, -1), similarity

    def similarity(self, vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Cosine (n_spans,), 4 decimals, of each span to the theme in the row of ``themes`` given for it."""
        if self.guide:
            return self.guide.similarity(unit(vectors - self.centre), rows)
        cosines: NDArray[np.float64] = np.einsum(
            "ij,ij->i", unit(vectors - self.centre), self.centroids[rows], dtype=np.float64
        )
        return np.round(cosines, 4)

    def to_bertopic(self) -> BERTopic:
        """Return a BERTopic object that holds these themes, for its own plots and tools.

        BERTopic numbers topics by size; ``custom_labels_`` carries the theme's id and name. Its ``transform`` takes
        vectors as the model compares them: ``transform(texts, vectors - model.centre)``.
        """
        from verbatim.themes.topics import fit_bertopic

        rows = {theme.theme_id: row for row, theme in enumerate(self.themes)}
        labels = np.array([rows[theme_id] for theme_id in self.members["theme_id"]], dtype=np.intp)
        topics = fit_bertopic(self.members["text"].tolist(), self.vectors, labels, self.language)
        names = {topics.number_of[row]: f"{theme.theme_id} {theme.name}" for row, theme in enumerate(self.themes)
                 if row in topics.number_of}  # fmt: skip
        topics.bertopic.set_topic_labels(names)
        return topics.bertopic

    def save(self, folder: str | Path) -> Path:
        """Write the model into ``folder`` as safetensors, JSON and Parquet."""
        from safetensors.numpy import save_file

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        matrices = {"centroids": self.centroids, "centre": self.centre, "vectors": self.vectors.astype(np.float16)}
        if self.guide:
            matrices |= {name: getattr(self.guide, name) for name in MATRICES}
        save_file({name: np.ascontiguousarray(matrix) for name, matrix in matrices.items()}, folder / _MATRICES)
        self.members.to_parquet(folder / _MEMBERS, index=False)
        if self.reader:
            self.reader.save(folder / _READER)
        card = {
            "model_version": MODEL_VERSION,
            "encoder": asdict(self.encoder),
            "language": self.language,
            "min_similarity": self.min_similarity,
            "clear_similarity": self.clear_similarity,
            "view": self.view,
            "own_encoder": self.reader is not None,
            "guided": self.guide is not None,
            "themes": [theme_to_json(theme) for theme in self.themes],
        }
        (folder / _CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> ThemeModel:
        """Read a model folder, or the ``model`` folder inside a run folder.

        Raises
        ------
        ModelError
            A file is missing or damaged, or the folder was written by a newer version.
        """
        folder = Path(folder)
        if (folder / "model" / _CARD).is_file():
            folder = folder / "model"
        if not (folder / _CARD).is_file():
            raise ModelError(f"{folder} holds no theme model: {_CARD} is missing. Name a run folder or a model folder.")
        try:
            return cls._read(folder)
        except ModelError:
            raise
        except Exception as error:
            reason = str(error).strip().split("\n")[0].rstrip(".")
            raise ModelError(
                f"{folder} cannot be read as a theme model: {reason}. A file is damaged or not of this kind; take "
                "another copy, or find the themes anew by leaving --model out."
            ) from None

    @classmethod
    def _read(cls, folder: Path) -> ThemeModel:
        from safetensors.numpy import load_file

        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        if card.get("model_version") != MODEL_VERSION:
            raise ModelError(
                f"{folder / _CARD} has model_version {card.get('model_version')!r}; this release reads "
                f"{MODEL_VERSION}. Use the release of verbatim-nps that wrote it."
            )
        matrices = load_file(folder / _MATRICES)
        themes = tuple(theme_from_json(entry) for entry in card["themes"])
        members = pd.read_parquet(folder / _MEMBERS)
        dim = int(card["encoder"]["dim"])
        vectors = matrices["vectors"].astype(np.float32)
        shapes = (matrices["centroids"].shape, matrices["centre"].shape, vectors.shape)
        if shapes != ((len(themes), dim), (dim,), (len(members), dim)):
            raise ModelError(
                f"{folder}: the matrices have shapes {shapes}, which do not fit {len(themes)} themes and "
                f"{len(members)} members. Take another copy."
            )
        centroids, centre = matrices["centroids"].astype(np.float32), matrices["centre"].astype(np.float32)
        if not all(np.isfinite(matrix).all() for matrix in (centroids, centre, vectors)):
            raise ModelError(f"{folder}: a matrix holds numbers that are not finite. Take another copy.")
        if not set(members["theme_id"]) <= {theme.theme_id for theme in themes}:
            raise ModelError(f"{folder / _MEMBERS} names themes that {_CARD} does not. Take another copy.")
        return cls(
            themes, centroids, centre, float(card["min_similarity"]), float(card["clear_similarity"]),
            _view(card["view"]), str(card["language"]),
            EncoderCard(**card["encoder"]), members[["text", "theme_id"]], vectors,
            LexicalEncoder.load(folder / _READER) if card["own_encoder"] else None,
            Guide.from_matrices(matrices, len(themes), dim) if card.get("guided") else None,
        )  # fmt: skip


def _view(name: object) -> View:
    if name not in ("pieces", "answers"):
        raise ValueError(f'view is {name!r}; it can be "pieces" or "answers"')
    return name


def theme_to_json(theme: Theme) -> dict[str, Any]:
    """Return a theme as JSON keeps it."""
    return asdict(theme)


def theme_from_json(entry: Mapping[str, Any]) -> Theme:
    """Read a theme back."""
    lists = {key: tuple(entry[key]) for key in ("keywords", "exemplars", "lineage")}
    return Theme(**{**entry, **lists})
