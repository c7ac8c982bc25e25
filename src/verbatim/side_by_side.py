"""Work side by side: in processes, where there is much of it; libraries loaded beside arithmetic."""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread
from typing import Any, TypeVar

from verbatim.records import Progress

S = TypeVar("S")
T = TypeVar("T")

_MANY = 20_000  # texts below which starting processes takes longer than it saves
_AT_ONCE, _A_PROCESS = 500, 2_000


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
    shared = len(texts) >= many and cores() > 1
    size = _A_PROCESS if shared else _AT_ONCE
    portions = [texts[start : start + size] for start in range(0, len(texts), size)]
    done: list[T] = []
    for found in side_by_side(work, portions) if shared else map(work, portions):
        done += found
        if progress:
            progress(stage, len(done), len(texts))
    return done


def side_by_side(work: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
    """Work on items in processes, one for each core; yield the results in the order of the items.

    Where the system ends one of them, for want of memory as a rule, what is left is done in this process.

    Parameters
    ----------
    work : callable
        A function of a module, or a `functools.partial` of one with arguments that other processes can be sent.
    items : iterable
        Taken as they are needed, a few ahead.
    """
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    items, sent = iter(items), deque[S]()

    def noted() -> Iterator[Any]:
        for item in items:
            sent.append(item)
            yield delayed(work)(item)

    with warnings.catch_warnings(), parallel_config(backend="loky", idle_worker_timeout=30):
        warnings.filterwarnings("ignore", message="A worker stopped")  # it is replaced when it has grown much
        shared = Parallel(
            n_jobs=cores(), return_as="generator", batch_size=1, pre_dispatch=2 * cores(), max_nbytes=None
        )
        try:
            for result in shared(noted()):
                sent.popleft()
                yield result
        except TerminatedWorkerError:
            yield from map(work, sent)
            yield from map(work, items)


@contextmanager
def loading(*modules: str) -> Iterator[None]:
    """Import libraries of later stages in a thread, beside arithmetic that leaves the interpreter idle.

    Both are done at the end: imports of two threads at a time could meet. One that fails says so where it is used.

    Examples
    --------
    >>> with loading("colorsys"):
    ...     sum(range(1000))
    499500
    """

    def load() -> None:
        for module in modules:
            with suppress(Exception):
                import_module(module)

    thread = Thread(target=load)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def dismiss() -> None:
    """End the processes that wait for more work: each holds half a gigabyte."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)


def cores() -> int:
    """Count the processor's cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
