"""An encoder for any language: words and parts of words, and which of them go together in the survey's own comments."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from verbatim.errors import EncoderError
from verbatim.records import EncoderCard, Progress
from verbatim.text.vocabulary import Vocabulary, vocabulary, words
from verbatim.vectors import unit

LEXICAL_VERSION = 1
LEXICAL = "lexical"
# Dimensions grow with the root of the texts: with 100 of them a tenth of 200 comments were left without a theme, with
# 30 a fortieth, at the same AUC of the scores (Portuguese survey, three draws).
_FEWEST_DIMS, _MOST_DIMS, _DIMS_GROWTH = 20, 100, 1.5
_CONTEXT = 0.3  # what a span takes over from its comment
_MOST_FEATURES = 15_000  # words and pairs of words; the same number of parts of words
_TEXTS_LEARNED_FROM = 20_000
_RARE_FROM = 100  # of fewer texts every feature is kept, of more those seen twice
_BLOCK = 10_000
_MATRICES, _CARD = "lexical.safetensors", "lexical.json"
# Chinese, Japanese, Thai, Korean: a character says as much as a part of a word elsewhere.
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, eq=False)
class _Features:
    """The features of one kind that were kept, their columns, and their weights, (n_features,)."""

    column: dict[str, int]
    weight: NDArray[np.float32]


class LexicalEncoder:
    """Reads spans by their words, pairs of words and parts of words. It knows no other text than the survey's.

    Words (stems without function words) and parts of words (3 to 5 letters with the blanks around; 1 to 3 characters
    in scripts without blanks) are weighted by TF-IDF, each kind scaled to unit length, and brought to at most 100
    dimensions by a truncated singular value decomposition of the texts learned from: words that are used with the
    same words come close. A span takes over 0.3 of its comment's vector. A text without any known feature has the zero
    vector.

    Learning depends on the set of distinct texts alone, not on their order or number.

    Source
    ------
    Deerwester et al. (1990), "Indexing by Latent Semantic Analysis". Measured beside the packaged encoder by
    ``python -m benchmarks.languages``.

    Examples
    --------
    >>> encoder = LexicalEncoder.fit(["o limite é baixo", "limite muito baixo", "entrega rápida", "a entrega"], "pt")
    >>> places = np.array([[0, 0, 6], [1, 0, 5], [2, 0, 7]])
    >>> limit, low, delivery = encoder.encode(["limite", "baixo", "entrega"], places)
    >>> bool(limit @ low > 0.5 > limit @ delivery)
    True
    """

    def __init__(
        self, language: str, kept_words: _Features, kept_parts: _Features, projection: NDArray[np.float16]
    ) -> None:
        self.language = language
        self._vocabulary = vocabulary(language)
        self._words, self._parts, self._kept = kept_words, kept_parts, projection
        self._projection = projection.astype(np.float32)
        self.card = EncoderCard(f"{LEXICAL}-{language}", self._sha256(), projection.shape[1])

    @classmethod
    def fit(cls, texts: Sequence[str], language: str) -> LexicalEncoder:
        """Learn from texts: the survey's spans and whole comments.

        Parameters
        ----------
        texts : list of str
            Of more than 20,000 distinct ones, those with the smallest hashes.
        language : str
            Two letters, for stems and function words; any other string does without.
        """
        learned = sorted(set(texts), key=lambda text: (_digest(text), text))[:_TEXTS_LEARNED_FROM]
        known = vocabulary(language)
        said, spelt = [_said(text, known) for text in learned], [_spelt(text) for text in learned]
        kept_words, kept_parts = _kept(said), _kept(spelt)
        table = hstack([_weighted(said, kept_words), _weighted(spelt, kept_parts)], format="csr")
        return cls(language, kept_words, kept_parts, _directions(table).astype(np.float16))

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return unit vectors (n_spans, dim); ``spans`` (n_spans, 3) holds comment index, start, end, sorted."""
        whole = [comments[comment] for comment in spans[:, 0].tolist()]
        texts = [text[start:end] for text, (start, end) in zip(whole, spans[:, 1:].tolist(), strict=True)]
        distinct = sorted({*texts, *whole})
        place = {text: row for row, text in enumerate(distinct)}
        vectors = np.zeros((len(distinct), self.card.dim), np.float32)
        for start in range(0, len(distinct), _BLOCK):
            vectors[start : start + _BLOCK] = self._read(distinct[start : start + _BLOCK])
            if progress:
                progress("embed", min(start + _BLOCK, len(distinct)), len(distinct))
        own, around = ([place[text] for text in each] for each in (texts, whole))
        return unit((1 - _CONTEXT) * vectors[own] + _CONTEXT * vectors[around])

    def _read(self, texts: Sequence[str]) -> NDArray[np.float32]:
        said = _weighted([_said(text, self._vocabulary) for text in texts], self._words)
        spelt = _weighted([_spelt(text) for text in texts], self._parts)
        return unit(hstack([said, spelt], format="csr") @ self._projection)

    def save(self, folder: str | Path) -> Path:
        """Write what was learned into ``folder`` as safetensors and JSON."""
        from safetensors.numpy import save_file

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        save_file(
            {"words": self._words.weight, "parts": self._parts.weight, "projection": np.ascontiguousarray(self._kept)},
            folder / _MATRICES,
        )
        card = {
            "lexical_version": LEXICAL_VERSION,
            "language": self.language,
            "sha256": self.card.sha256,
            "words": list(self._words.column),
            "parts": list(self._parts.column),
        }
        (folder / _CARD).write_text(json.dumps(card, ensure_ascii=False) + "\n", encoding="utf-8")
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> LexicalEncoder:
        """Read a folder that `save` wrote.

        Raises
        ------
        EncoderError
            A file is missing, damaged or altered, or another version wrote it.
        """
        folder = Path(folder)
        try:
            return cls._loaded(folder)
        except EncoderError:
            raise
        except Exception as error:
            reason = str(error).strip().split("\n")[0].rstrip(".")
            raise EncoderError(
                f"{folder} cannot be read as a lexical encoder: {reason}. A file is missing or damaged; take another "
                "copy, or find the themes anew by leaving --model out."
            ) from None

    @classmethod
    def _loaded(cls, folder: Path) -> LexicalEncoder:
        from safetensors.numpy import load_file

        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        if card.get("lexical_version") != LEXICAL_VERSION:
            raise EncoderError(
                f"{folder / _CARD} has lexical_version {card.get('lexical_version')!r}; this release reads "
                f"{LEXICAL_VERSION}. Use the release of verbatim-nps that wrote it."
            )
        arrays = load_file(folder / _MATRICES)
        kept = [_Features({name: i for i, name in enumerate(card[kind])}, arrays[kind]) for kind in ("words", "parts")]
        if [len(each.column) for each in kept] != [len(each.weight) for each in kept] or len(arrays["projection"]) != (
            sum(len(each.column) for each in kept)
        ):
            raise EncoderError(f"{folder}: the matrices do not fit the features. Take another copy.")
        encoder = cls(str(card["language"]), kept[0], kept[1], arrays["projection"])
        if encoder.card.sha256 != card["sha256"]:
            raise EncoderError(f"{folder}: the encoder is not the one that was saved. Take another copy.")
        return encoder

    def _sha256(self) -> str:
        digest = hashlib.sha256(f"{LEXICAL_VERSION} {self.language} {_CONTEXT}".encode())
        for kept in (self._words, self._parts):
            digest.update("\0".join(kept.column).encode("utf-8", "surrogatepass"))
            digest.update(kept.weight.astype("<f4").tobytes())
        digest.update(self._kept.astype("<f2").tobytes())
        return digest.hexdigest()


def _said(text: str, known: Vocabulary) -> Counter[str]:
    """Stems of a text's words without function words and placeholders, and pairs of neighbours."""
    stems = [known.stem(word) for word in words(text) if word not in known.function_words and word[0] != "<"]
    return Counter([*stems, *(f"{one} {other}" for one, other in pairwise(stems))])


def _spelt(text: str) -> Counter[str]:
    """Parts of all words of a text: function words too, for "not" and "never" tell the tone."""
    return Counter(part for word in words(text) if word[0] != "<" for part in _parts(word))


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    """Every part of 3-5 letters with the blanks around the word; of 1-3 characters in scripts without blanks."""
    dense = _DENSE.search(word) is not None
    spelling, lengths = (word, range(1, 4)) if dense else (f" {word} ", range(3, 6))
    return tuple(spelling[i : i + n] for n in lengths for i in range(len(spelling) - n + 1))


def _kept(counted: Sequence[Counter[str]]) -> _Features:
    """Return the commonest features, in alphabetical order, with their smoothed inverse document frequency."""
    texts = Counter(feature for each in counted for feature in each)
    fewest = 2 if len(counted) >= _RARE_FROM else 1
    common = sorted((-n, feature) for feature, n in texts.items() if n >= fewest)[:_MOST_FEATURES]
    names = sorted(feature for _, feature in common)
    seen = np.array([texts[name] for name in names], dtype=np.float64)
    weight = np.log((1 + len(counted)) / (1 + seen)) + 1
    return _Features({name: column for column, name in enumerate(names)}, weight.astype(np.float32))


def _weighted(counted: Sequence[Counter[str]], kept: _Features) -> csr_matrix:
    """TF-IDF rows of unit length, (n_texts, n_features); a feature seen n times counts ``1 + log n``."""
    ends, columns, values = [0], list[int](), list[int]()
    for each in counted:
        held = sorted((kept.column[name], n) for name, n in each.items() if name in kept.column)
        columns.extend(column for column, _ in held)
        values.extend(n for _, n in held)
        ends.append(len(columns))
    place = np.array(columns, dtype=np.int64)
    value = (1 + np.log(np.array(values, dtype=np.float64))).astype(np.float32) * kept.weight[place]
    table = csr_matrix((value, place, np.array(ends)), (len(counted), len(kept.weight)))
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table.data /= np.repeat(np.maximum(length, 1e-12), np.diff(table.indptr)).astype(np.float32)
    return table


def _directions(table: csr_matrix) -> NDArray[np.float64]:
    """Right singular vectors (n_features, dim), the strongest first; the largest entry of each is positive."""
    smaller = min(table.shape)
    dim = min(max(_FEWEST_DIMS, round(_DIMS_GROWTH * table.shape[0] ** 0.5)), _MOST_DIMS, smaller)
    if smaller < 2:
        return np.full((table.shape[1], 1), max(1, table.shape[1]) ** -0.5)
    if smaller <= 2 * _MOST_DIMS:
        strength, rows = np.linalg.svd(table.toarray().astype(np.float64), full_matrices=False)[1:]
    else:
        from scipy.sparse.linalg import svds

        start = np.full(smaller, smaller**-0.5)
        _, strength, rows = svds(
            table.astype(np.float64), k=dim, v0=start, solver="arpack", return_singular_vectors="vh"
        )
    order = np.argsort(-strength, kind="stable")[:dim]
    found: NDArray[np.float64] = rows[order].T
    largest = found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])]
    signed: NDArray[np.float64] = found * np.where(largest < 0, -1.0, 1.0)
    return signed


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
