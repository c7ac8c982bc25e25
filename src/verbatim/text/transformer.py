"""A sentence-transformers model that pools each span from the token vectors of its comment."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from verbatim.records import EncoderCard, Progress
from verbatim.side_by_side import cores
from verbatim.text.vector_cache import VectorCache

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Texts are padded to a multiple of this many tokens, and every batch of one width has the same rows, about this many
# tokens in all: with equal shapes the arithmetic of a row depends on nothing but the row, so cold, warm and half-warm
# caches give the same bytes.
TOKEN_STEP, BATCH_TOKENS, MOST_ROWS = 4, 256, 32
BATCHES_KEPT_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Passage:
    """A stretch of one comment that fits the model, and the spans in it, offsets relative to it."""

    text: str
    spans: tuple[tuple[int, int], ...]


class TransformerEncoder:
    """A sentence-transformers model that pools each span from its comment's own token vectors.

    A span's vector is the mean of the token vectors that lie in it, scaled to unit length. Comments longer than the
    model reads are cut between spans; a span longer than that is read as far as the model goes.
    """

    def __init__(self, model: SentenceTransformer, card: EncoderCard, cache: VectorCache) -> None:
        self.card = card
        self._model = model
        self._cache = cache

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return unit vectors (n_spans, dim); ``spans`` (n_spans, 3) holds comment index, start, end, sorted."""
        passages = self._passages(comments, spans)
        if not passages:
            return np.zeros((0, self.card.dim), np.float32)
        keys = [self._cache.key(passage.text, passage.spans) for passage in passages]
        known = self._cache.read(set(keys))
        missing = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in known}
        if missing:
            known |= self._compute(missing, progress)
        return np.concatenate([known[key] for key in keys])

    def tokenizer(self) -> str:
        """Return the model's tokenizer as JSON, with which words can be spelt without the model."""
        return self._model.tokenizer.backend_tokenizer.to_str()  # type: ignore[no-any-return]

    def token_table(self) -> NDArray[np.float32]:
        """Return the vectors of the model's tokens before it has read any text, (n_tokens, width)."""
        table: NDArray[np.float32] = self._model[0].auto_model.get_input_embeddings().weight.detach().float().numpy()
        return table

    def forget(self, comments: Sequence[str], spans: NDArray[np.int64]) -> int:
        """Remove from the cache what `encode` keeps there for the same input; how many passages there were."""
        return self._cache.forget({self._cache.key(each.text, each.spans) for each in self._passages(comments, spans)})

    def _passages(self, comments: Sequence[str], spans: NDArray[np.int64]) -> list[_Passage]:
        room = int(self._model.max_seq_length or 256) - 2
        grouped: dict[int, list[tuple[int, int]]] = {}
        for comment, start, end in spans.tolist():
            grouped.setdefault(comment, []).append((start, end))
        passages = []
        for comment, places in grouped.items():
            for group in self._windows(comments[comment], places, room):
                first, last = group[0][0], max(end for _, end in group)
                passages.append(
                    _Passage(comments[comment][first:last], tuple((a - first, b - first) for a, b in group))
                )
        return passages

    def _windows(self, text: str, places: list[tuple[int, int]], room: int) -> list[list[tuple[int, int]]]:
        """Group spans, sorted, so that each group fits the model; short comments stay whole. Spans may overlap."""
        if max(end for _, end in places) - places[0][0] <= room:  # a token is a character at least
            return [places]
        offsets = self._tokenize([text], truncation=False)["offset_mapping"][0]
        starts = np.array([a for a, b in offsets if b > a])
        groups = [[places[0]]]
        for place in places[1:]:
            first = groups[-1][0][0]
            if np.searchsorted(starts, place[1]) - np.searchsorted(starts, first) <= room:
                groups[-1].append(place)
            else:
                groups.append([place])
        return groups

    def _tokenize(self, texts: Sequence[str], *, truncation: bool) -> Any:
        limit = int(self._model.max_seq_length or 256)
        return self._model.tokenizer(
            list(texts), return_offsets_mapping=True, truncation=truncation, max_length=limit, verbose=False
        )

    def _compute(self, missing: dict[bytes, _Passage], progress: Progress | None) -> dict[bytes, NDArray[np.float32]]:
        asked: dict[str, list[bytes]] = {}  # a text is read once, whatever spans are asked of it
        for key, passage in missing.items():
            asked.setdefault(passage.text, []).append(key)
        texts = sorted(asked, key=lambda text: (len(text), text))
        tokens = self._tokenize(texts, truncation=True)
        lengths = np.array([len(ids) for ids in tokens["input_ids"]])
        padded = -(-lengths // TOKEN_STEP) * TOKEN_STEP
        batches = [
            rows[start : start + _rows_of(width)]
            for width in np.unique(padded).tolist()
            for rows in [np.flatnonzero(padded == width)]
            for start in range(0, len(rows), _rows_of(width))
        ]

        def read(batch: NDArray[np.intp]) -> dict[bytes, NDArray[np.float32]]:
            vectors = self._token_vectors([tokens["input_ids"][row] for row in batch], int(padded[batch[0]]))
            return {
                key: _pool(vectors[i], tokens["offset_mapping"][row], missing[key].spans)
                for i, row in enumerate(batch)
                for key in asked[texts[row]]
            }

        found: dict[bytes, NDArray[np.float32]] = {}
        with ThreadPoolExecutor(cores(), initializer=_one_thread_each) as workers:
            for start in range(0, len(batches), BATCHES_KEPT_AT_ONCE):
                kept: dict[bytes, NDArray[np.float32]] = {}
                for vectors in workers.map(read, batches[start : start + BATCHES_KEPT_AT_ONCE]):
                    kept |= vectors
                    if progress:
                        progress("embed", len(found) + len(kept), len(missing))
                self._cache.write(kept)
                found |= kept
        return found

    def _token_vectors(self, ids: Sequence[Sequence[int]], width: int) -> NDArray[np.float32]:
        """Last-layer token vectors (rows, width, dim); unused rows hold one padding token."""
        import torch

        rows = _rows_of(width)

        padding = self._model.tokenizer.pad_token_id or 0
        input_ids = torch.full((rows, width), padding, dtype=torch.long)
        attention = torch.zeros((rows, width), dtype=torch.long)
        attention[len(ids) :, 0] = 1
        for row, row_ids in enumerate(ids):
            input_ids[row, : len(row_ids)] = torch.tensor(row_ids)
            attention[row, : len(row_ids)] = 1
        with torch.inference_mode():
            features = self._model[0]({"input_ids": input_ids, "attention_mask": attention})
        vectors: NDArray[np.float32] = features["token_embeddings"].float().numpy()
        return vectors


def _rows_of(width: int) -> int:
    return min(MOST_ROWS, max(1, BATCH_TOKENS // width))


def _one_thread_each() -> None:
    """Batches run side by side, one thread each: none waits for another, and the bytes are the same on any machine."""
    import torch

    torch.set_num_threads(1)


def _pool(
    vectors: NDArray[np.float32], offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]
) -> NDArray[np.float32]:
    """Mean token vector of each span, unit length; special tokens count only where a span has no token of its own."""
    starts, ends = np.array(offsets).T
    rows = vectors[: len(offsets)]
    pooled = np.empty((len(spans), vectors.shape[1]), np.float32)
    for i, (start, end) in enumerate(spans):
        inside = (starts < end) & (ends > start) & (ends > starts)
        mean = rows[inside].mean(axis=0) if inside.any() else rows.mean(axis=0)
        pooled[i] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return pooled
