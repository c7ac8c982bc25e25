"""All that a worker reads with, as files: safetensors and JSON, no code. Written on the driver, read on every worker.

reading.json         masking, splitting, themes and thresholds
reading.safetensors  points of the themes, their centre, the sentences of praise and complaint
student/ or lexical/ the encoder
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from verbatim.errors import ModelError
from verbatim.records import EncoderCard, Progress, Theme
from verbatim.spark.reader import BatchReader, SteadyRecogniser
from verbatim.text.encoder import Encoder, encode_alone
from verbatim.text.lexical import LexicalEncoder
from verbatim.text.masking.options import RedactOptions
from verbatim.text.split import SplitOptions
from verbatim.text.student import StudentEncoder
from verbatim.text.vocabulary import sentences_of_all_languages, vocabulary
from verbatim.themes.prototypes import Prototypes
from verbatim.themes.recogniser import Recogniser

READING_VERSION = 1
_TOLD, _ARRAYS = "reading.json", "reading.safetensors"


@runtime_checkable
class Tokenized(Encoder, Protocol):
    """An encoder whose tokenizer can be written down, as `verbatim.text.transformer.TransformerEncoder`."""

    def tokenizer(self) -> str:
        """Return the tokenizer as JSON."""
        ...


class Remembered:
    """Returns the vectors that another encoder gave a few texts; it reads no others."""

    def __init__(self, card: EncoderCard, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self.card = card
        self._place = {text: row for row, text in enumerate(texts)}
        self._vectors = vectors

    def encode(
        self, comments: Sequence[str], spans: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Vectors (n_spans, dim) of whole comments."""
        return self._vectors[[self._place[comments[comment]] for comment in spans[:, 0].tolist()]]


def save(
    folder: Path, redact: RedactOptions, split: SplitOptions, encoder: StudentEncoder | LexicalEncoder,
    teacher: Encoder, recogniser: Recogniser,
) -> Path:  # fmt: skip
    """Write what `load` reads. The key of the ids is left out; the words to mask are in it: remove it after use.

    Parameters
    ----------
    encoder : StudentEncoder or LexicalEncoder
        What reads spans on the workers.
    teacher : Encoder
        What reads sentences of praise and complaint: the student's teacher, the lexical encoder itself.

    Raises
    ------
    ModelError
        The themes are judged by what people coded, which workers cannot do.
    """
    from safetensors.numpy import save_file

    if recogniser.guided:
        raise ModelError(
            "Themes guided by a codebook or coded comments are judged with more than their points, which Spark's "
            "workers do not carry. Run them on one machine (--engine local), or leave themes.codebook and themes.coded."
        )
    folder.mkdir(parents=True, exist_ok=True)
    folder.with_name(f"{folder.name}.zip").unlink(missing_ok=True)
    if isinstance(encoder, LexicalEncoder):
        encoder.save(folder / "lexical")
    else:
        (folder / "student").mkdir(exist_ok=True)
        if not isinstance(teacher, Tokenized):
            raise ModelError(
                f'"{teacher.card.name}" has no tokenizer to send to the workers. Use the packaged encoder.'
            )
        encoder.save(folder / "student", teacher.tokenizer())
    sentences = _sentences(recogniser.language)
    points = recogniser.prototypes
    arrays = {
        "vectors": points.vectors, "theme_of": points.theme_of.astype(np.int64), "least": points.least,
        "within": points.within.astype(np.int64), "centre": recogniser.centre,
        "sentences": encode_alone(teacher, sentences),
    }  # fmt: skip
    save_file({name: np.ascontiguousarray(each) for name, each in arrays.items()}, folder / _ARRAYS)
    told = {
        "reading_version": READING_VERSION,
        "redact": redact.model_dump(mode="json", exclude={"hash_key", "words"}),
        "words": [word.get_secret_value() for word in redact.words],
        "split": split.model_dump(mode="json"),
        "card": asdict(recogniser.encoder),
        "min_similarity": recogniser.min_similarity,
        "clear_similarity": recogniser.clear_similarity,
        "view": recogniser.view,
        "language": recogniser.language,
        "themes": [_bare(theme) for theme in recogniser.themes],
    }
    (folder / _TOLD).write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def packed(folder: Path) -> Path:
    """Put what `save` wrote into one file beside the folder, because Spark carries files and no folders."""
    archive = folder.with_name(f"{folder.name}.zip")
    return archive if archive.exists() else Path(shutil.make_archive(str(folder), "zip", folder))


def load_packed(archive: Path) -> BatchReader:
    """Read what `packed` wrote; raises as `load`."""
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        shutil.unpack_archive(archive, folder, "zip")
        return load(Path(folder))


def load(folder: Path) -> BatchReader:
    """Read what `save` wrote. Raises ModelError where it is missing, damaged or of another version."""
    from safetensors.numpy import load_file

    try:
        told = json.loads((folder / _TOLD).read_text(encoding="utf-8"))
        arrays = load_file(folder / _ARRAYS)
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} cannot be read: {error}. Write it again on the driver.") from None
    if told.get("reading_version") != READING_VERSION:
        raise ModelError(f"{folder} was written by another release. Install the same verbatim-nps on all machines.")
    card = EncoderCard(**told["card"])
    recogniser = SteadyRecogniser(
        themes=tuple(Theme(**_filled(entry)) for entry in told["themes"]),
        prototypes=Prototypes(
            arrays["vectors"], arrays["theme_of"].astype(np.intp), arrays["least"], arrays["within"].astype(np.intp)
        ),
        centre=arrays["centre"],
        min_similarity=told["min_similarity"],
        clear_similarity=told["clear_similarity"],
        view=told["view"],
        language=told["language"],
        encoder=card,
    )
    lexical = (folder / "lexical").is_dir()
    encoder: Encoder = LexicalEncoder.load(folder / "lexical") if lexical else StudentEncoder.load(folder / "student")
    general = Remembered(card, _sentences(told["language"]), arrays["sentences"])
    redact = RedactOptions(**told["redact"], words=told["words"])
    return BatchReader(redact, SplitOptions(**told["split"]), encoder, general, recogniser)


def _sentences(language: str) -> list[str]:
    known = vocabulary(language)
    own = [*known.praise, *known.complaint]
    return list(dict.fromkeys([*own, *(text for texts in sentences_of_all_languages() for text in texts)]))


def _bare(theme: Theme) -> dict[str, Any]:
    """What recognising needs of a theme."""
    return {"theme_id": theme.theme_id, "name": theme.name, "kind": theme.kind, "tone": theme.tone,
            "parent_id": theme.parent_id, "level": theme.level, "source": theme.source}  # fmt: skip


def _filled(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "keywords": (), "definition": "", "n_spans": 0, "exemplars": (), "lineage": ()}
