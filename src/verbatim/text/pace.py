"""Who reads the spans: the encoder itself, or a student that it taught on these very comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from verbatim.errors import EncoderError
from verbatim.records import Agreement, Pace, Progress
from verbatim.text.encoder import Encoder, EncoderOptions
from verbatim.text.teaching import Teacher, teach


def choose_reader(
    encoder: Encoder, comments: Sequence[str], places_in: Callable[[Sequence[str]], NDArray[np.int64]],
    texts: Sequence[str], options: EncoderOptions, progress: Progress | None = None,
) -> tuple[Encoder, Pace]:  # fmt: skip
    """Return what reads the spans of these comments, and why.

    Parameters
    ----------
    encoder : Encoder
        One that cannot be imitated (`verbatim.text.teaching.Teacher`), such as the lexical one, reads everything.
    comments, places_in, texts
        As `verbatim.text.teaching.teach` takes them.
    options : EncoderOptions

    Raises
    ------
    EncoderError
        ``options.speed`` is "fast", and the student is too unlike its teacher.
    """
    if options.speed == "exact" or not isinstance(encoder, Teacher):
        return encoder, Pace()
    distinct = len(set(comments))
    if options.speed == "auto" and distinct < options.fast_from:
        return encoder, Pace()
    if distinct <= options.taught:
        return encoder, Pace(
            note=f'encoder.speed = "fast" changed nothing: {distinct:,} different comments are no more than the '
            f"encoder reads to teach a student (encoder.taught = {options.taught:,})."
        )
    student, agreement = teach(encoder, comments, places_in, texts, options.taught, progress)
    likeness = _told(agreement)
    if min(each.cosine for each in agreement.values()) >= options.min_agreement:
        return student, Pace("fast", agreement, _fast(distinct, options.taught, likeness))
    told = (
        f"A student taught on {options.taught:,} of {distinct:,} different comments is too unlike the encoder on texts "
        f"held out: {likeness}; at least {options.min_agreement} is needed"
    )
    if options.speed == "fast":
        raise EncoderError(
            f'encoder.speed = "fast": {told}. Raise encoder.taught, set encoder.speed = "exact", or lower '
            "encoder.min_agreement and judge the themes yourself."
        )
    return encoder, Pace("exact", agreement, f"{told}. The encoder itself read all comments.")


def _fast(distinct: int, taught: int, likeness: str) -> str:
    return (
        f"The encoder itself read {taught:,} of {distinct:,} different comments; a student that it taught on them read "
        f"all. On texts held out the student is like it: {likeness}."
    )


def _told(agreement: dict[str, Agreement]) -> str:
    return "; ".join(
        f"texts {name}: cosine {each.cosine:.2f}, {each.neighbours:.0%} of the ten nearest the same"
        for name, each in agreement.items()
    )
