"""Work on texts, each by itself: in one go, or where they are many in processes side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from verbatim.records import Progress

T = TypeVar("T")

_MANY = 20_000  # texts below which starting processes takes longer than it saves
_AT_ONCE = 500


def each_by_itself(
    work: Callable[[Sequence[str]], Sequence[T]],
    texts: Sequence[str],
    stage: str = "",
    progress: Progress | None = None,
    many: int = _MANY,
) -> list[T]:
    """Return what the work makes of each text; the result does not depend on how they are shared out.

    Parameters
    ----------
    work : callable
        Makes a list of as many results from a list of texts, each from its text alone. A function of a module, or a
        `functools.partial` of one: other processes import it.
    texts : list of str
    stage : str
        Told to ``progress``.
    progress : Progress, optional
    many : int
        Texts from which processes are started, one for each core that this one may use.

    Examples
    --------
    >>> each_by_itself(lambda texts: [len(text) for text in texts], ["late", "van"])
    [4, 3]
    """
    portions = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    done: list[T] = []
    for found in _side_by_side(work, portions) if len(texts) >= many and cores() > 1 else map(work, portions):
        done += found
        if progress:
            progress(stage, len(done), len(texts))
    return done


def _side_by_side(
    work: Callable[[Sequence[str]], Sequence[T]], portions: Sequence[Sequence[str]]
) -> Iterator[Sequence[T]]:
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", idle_worker_timeout=20):
        shared = Parallel(n_jobs=cores(), batch_size=4, return_as="generator")
        yield from shared(delayed(work)(portion) for portion in portions)


def cores() -> int:
    """Count the processor's cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
